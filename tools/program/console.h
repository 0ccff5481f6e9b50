#ifndef TOCSIN_TOOLS_CONSOLE_H
#define TOCSIN_TOOLS_CONSOLE_H

/* Messages of a program on standard error, for people or for a log. */

#include <stddef.h>

typedef enum console_style {
    CONSOLE_PLAIN, /* "program: message" */
    CONSOLE_TIMED, /* with the time before each message */
    CONSOLE_JSON   /* one object a line: time, level, program, message, and the fields of the event */
} console_style;

/*
 * Call it before the first message and before there are threads; the name is borrowed. The default is "tocsin", plain.
 */
void console_set_program(const char *name, console_style style);

const char *console_get_program(void);

/* Prints "tocsin: ", the message and a newline; characters that could control a terminal are made visible. */
__attribute__((format(printf, 1, 2))) void console_error(const char *format, ...);

/* The same with a level (error, warning, info) and, for CONSOLE_JSON, members of a JSON object; fields may be NULL. */
__attribute__((format(printf, 3, 4))) void console_event(const char *level, const char *fields, const char *format,
                                                         ...);

/* The same without "tocsin: ", for file:line: reason, and for summaries. */
__attribute__((format(printf, 1, 2))) void console_line(const char *format, ...);

/*
 * Shows a line that the next one replaces, cut to the width of the terminal; nothing if standard error is no terminal.
 */
__attribute__((format(printf, 1, 2))) void console_progress(const char *format, ...);

/* Wipes that line. */
void console_progress_end(void);

#endif
