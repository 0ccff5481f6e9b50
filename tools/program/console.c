/*
 * Standard error. Messages quote file names and pieces of documents, so each goes through utf8_append_visible as a
 * whole; in JSON it is a string like any other. The progress line is cleared before any other output.
 */
#include "program/console.h"

#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "feed/time_parse.h"
#include "feed/tool_clock.h"
#include "feed/utf8_text.h"
#include "program/message.h"

static int progress_shown;
static const char *program = "tocsin";
static console_style style = CONSOLE_PLAIN;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER; /* protects standard error and progress_shown */

void console_set_program(const char *name, console_style how) {
    program = name;
    style = how;
}

const char *console_get_program(void) { return program; }

static void append_time(tocsin_buffer *out) { time_append_utc(out, tool_now()); }

static void append_record(tocsin_buffer *out, const char *level, const tocsin_buffer *message, const char *fields) {
    text_puts(out, "{\"time\":\"");
    append_time(out);
    text_printf(out, "\",\"level\":\"%s\",\"program\":\"%s\",\"message\":", level, program);
    utf8_append_json(out, message->data, message->length);
    if (fields && *fields) text_printf(out, ",%s", fields);
    text_puts(out, "}\n");
}

static void put(const tocsin_buffer *line, int progress) {
    progress_shown = progress;
    if (write(STDERR_FILENO, line->data, line->length) < 0) progress_shown = 0; /* nowhere left to say so */
}

/* level is NULL for a line that is no log record. */
static void say(const char *level, const tocsin_buffer *text, const char *fields, const char *end, int progress) {
    tocsin_buffer line;
    tocsin_buffer_init(&line, NULL);
    pthread_mutex_lock(&lock);
    if (progress_shown) text_puts(&line, "\r\033[K");
    if (style == CONSOLE_JSON) {
        append_record(&line, level ? level : "info", text, fields);
    } else {
        if (style == CONSOLE_TIMED && level) {
            append_time(&line);
            text_puts(&line, " ");
        }
        if (level) text_printf(&line, "%s: ", program);
        utf8_append_visible(&line, text->data, text->length, 0);
        text_puts(&line, end);
    }
    put(&line, progress);
    pthread_mutex_unlock(&lock);
    tocsin_buffer_release(&line);
}

/* Formats the message with the caller's arguments; a log for programs is always in English. */
#define MESSAGE(text, format)                                                                                          \
    tocsin_buffer text;                                                                                                \
    va_list arguments;                                                                                                 \
    tocsin_buffer_init(&text, NULL);                                                                                   \
    va_start(arguments, format);                                                                                       \
    text_vprintf(&text, style == CONSOLE_JSON ? format : message(format), arguments);                                  \
    va_end(arguments)

void console_error(const char *format, ...) {
    MESSAGE(text, format);
    say("error", &text, NULL, "\n", 0);
    tocsin_buffer_release(&text);
}

void console_event(const char *level, const char *fields, const char *format, ...) {
    MESSAGE(text, format);
    say(level, &text, fields, "\n", 0);
    tocsin_buffer_release(&text);
}

void console_line(const char *format, ...) {
    MESSAGE(text, format);
    say(NULL, &text, NULL, "\n", 0);
    tocsin_buffer_release(&text);
}

/* Columns of the terminal minus the last one, where some terminals break the line. */
static size_t columns(void) {
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || size.ws_col < 2) return 79;
    return (size_t)size.ws_col - 1;
}

/* Bytes of text that fit into this many columns; characters from U+1100 on count as wide. */
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
    if (!isatty(STDERR_FILENO)) return;
    MESSAGE(text, format);
    text.length = fitting(text.data, text.length, columns());
    say(NULL, &text, NULL, "", 1);
    tocsin_buffer_release(&text);
}

void console_progress_end(void) {
    const tocsin_buffer nothing = {0};
    pthread_mutex_lock(&lock);
    const int shown = progress_shown;
    pthread_mutex_unlock(&lock);
    if (shown) say(NULL, &nothing, NULL, "", 0);
}
