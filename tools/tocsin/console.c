/*
 * Standard error. Messages quote file names and pieces of documents, so each goes through utf8_append_visible as a
 * whole. The progress line is wiped before anything else is said.
 */
#include "tocsin/console.h"

#include <pthread.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "feed/utf8_text.h"

static int progress_shown;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* of standard error and of progress_shown */

__attribute__((format(printf, 2, 0))) static void say(const char *start, const char *format, va_list arguments,
                                                      const char *end, int progress) {
    tocsin_buffer text, line;
    tocsin_buffer_init(&text, NULL);
    tocsin_buffer_init(&line, NULL);
    text_vprintf(&text, format, arguments);
    pthread_mutex_lock(&lock);
    text_puts(&line, progress_shown ? "\r\033[K" : "");
    text_puts(&line, start);
    utf8_append_visible(&line, text.data, text.length, 0);
    text_puts(&line, end);
    progress_shown = progress;
    if (write(STDERR_FILENO, line.data, line.length) < 0) progress_shown = 0; /* nowhere left to say so */
    pthread_mutex_unlock(&lock);
    tocsin_buffer_release(&line);
    tocsin_buffer_release(&text);
}

/* Without an end of line, which the next message wipes when it is a line of progress. */
__attribute__((format(printf, 2, 3))) static void say_line(int progress, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments, "", progress);
    va_end(arguments);
}

void console_error(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("tocsin: ", format, arguments, "\n", 0);
    va_end(arguments);
}

void console_line(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("", format, arguments, "\n", 0);
    va_end(arguments);
}

/* Columns of the terminal, less the last one, where some terminals break the line. */
static size_t columns(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 2) return 79;
    return (size_t)size.ws_col - 1;
}

/* Bytes of text that fit in so many columns; from U+1100 on characters are taken for wide. */
static size_t fitting(const char *text, size_t length, size_t most) {
    size_t at = 0, next, used = 0;
    for (; at < length; at = next) {
        uint32_t c = utf8_decode(text, length, at, &next);
        used += c >= 0x1100 && c != UTF8_MALFORMED ? 2 : 1;
        if (used > most) break;
    }
    return at;
}

void console_progress(const char *format, ...) {
    tocsin_buffer line;
    va_list arguments;
    if (!isatty(STDERR_FILENO)) return;
    tocsin_buffer_init(&line, NULL);
    va_start(arguments, format);
    text_vprintf(&line, format, arguments);
    va_end(arguments);
    say_line(1, "%.*s", (int)fitting(line.data, line.length, columns()), line.data);
    tocsin_buffer_release(&line);
}

void console_progress_end(void) {
    pthread_mutex_lock(&lock);
    const int shown = progress_shown;
    pthread_mutex_unlock(&lock);
    if (shown) say_line(0, "%s", "");
}

double console_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
