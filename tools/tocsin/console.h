#ifndef TOCSIN_TOOLS_CONSOLE_H
#define TOCSIN_TOOLS_CONSOLE_H

/* What the command line says to people, on standard error. */

#include <stddef.h>

/* "tocsin: " and the message and a newline; what could move a terminal is made visible. */
__attribute__((format(printf, 1, 2))) void console_error(const char *format, ...);

/* The same without "tocsin: ": file:line: reason, and the summary. */
__attribute__((format(printf, 1, 2))) void console_line(const char *format, ...);

/* Shows a line that the next one replaces, cut to the terminal; nothing when standard error is none. */
__attribute__((format(printf, 1, 2))) void console_progress(const char *format, ...);

/* Wipes that line. */
void console_progress_end(void);

/* Seconds of a clock that only goes forward. */
double console_seconds(void);

#endif
