#ifndef TOCSIN_TOOLS_CONSOLE_H
#define TOCSIN_TOOLS_CONSOLE_H

/* What a program says to people, or to what reads its log, on standard error. */

#include <stddef.h>

typedef enum console_style {
    CONSOLE_PLAIN, /* "program: message" */
    CONSOLE_TIMED, /* with the time in front */
    CONSOLE_JSON   /* an object a line: time, level, program, message, and the fields of the event */
} console_style;

/* Before the first message and before there are threads; the name is borrowed. Else "tocsin", plain. */
void console_set_program(const char *name, console_style style);

const char *console_get_program(void);

/* "tocsin: " and the message and a newline; what could move a terminal is made visible. */
__attribute__((format(printf, 1, 2))) void console_error(const char *format, ...);

/* The same with a level (error, warning, info) and, for CONSOLE_JSON, members of a JSON object; fields may be NULL. */
__attribute__((format(printf, 3, 4))) void console_event(const char *level, const char *fields, const char *format,
                                                         ...);

/* The same without "tocsin: ": file:line: reason, and the summary. */
__attribute__((format(printf, 1, 2))) void console_line(const char *format, ...);

/* Shows a line that the next one replaces, cut to the terminal; nothing when standard error is none. */
__attribute__((format(printf, 1, 2))) void console_progress(const char *format, ...);

/* Wipes that line. */
void console_progress_end(void);

#endif
