/*
 * Standard error. Messages quote file names and pieces of documents, so each goes through utf8_append_visible as a
 * whole. The progress line is wiped before anything else is said.
 */
#include "tocsin/console.h"

#include <stdarg.h>
#include <time.h>
#include <unistd.h>

#include "feed/utf8_text.h"

static int progress_shown;

__attribute__((format(printf, 2, 0))) static void say(const char *start, const char *format, va_list arguments,
                                                      const char *end) {
    tocsin_buffer text, line;
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&line, NULL);
    text_vprintf(&text, format, arguments);
    text_puts(&line, progress_shown ? "\r\033[K" : "");
    text_puts(&line, start);
    utf8_append_visible(&line, text.data, text.length, 0);
    text_puts(&line, end);
    progress_shown = 0;
    if (write(STDERR_FILENO, line.data, line.length) < 0) progress_shown = 0; /* nowhere left to say so */
    tocsin_buffer_release(&line);
    tocsin_buffer_release(&text);
}

void console_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("tocsin: ", format, arguments, "\n");
    va_end(arguments);
}

void console_line(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments, "\n");
    va_end(arguments);
}

void console_progress(const char *format, ...) {
    va_list arguments;
    if (!isatty(STDERR_FILENO)) return;
    va_start(arguments, format);
    say("", format, arguments, "");
    va_end(arguments);
    progress_shown = 1;
}

void console_progress_end(void) {
    if (progress_shown) console_progress("%s", "");
    progress_shown = 0;
}

double console_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
