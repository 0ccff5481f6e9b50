/* Errors are written into a struct of fixed size, because reporting "no memory" must not need memory. */
#include "base/fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

static size_t cut_at_character(const char *text, size_t length, size_t limit) {
    if (length <= limit) return length;
    size_t at = 0, next = 0;
    while (at < limit) {
        (void)tocsin__utf8_next(text, length, at, &next);
        if (next > limit) break;
        at = next;
    }
    return at;
}

void tocsin__copy_cut(char *out, size_t size, const char *text, size_t length) {
    length = cut_at_character(text, length, size - 1);
    if (length) memmove(out, text, length);
    out[length] = '\0';
}

static tocsin_status fill(tocsin_error *error, tocsin_status status, const char *file, uint32_t line, uint32_t column,
                          const char *format, va_list arguments) {
    char message[TOCSIN_ERROR_MESSAGE_SIZE * 2];
    memset(error, 0, sizeof *error);
    error->status = status;
    error->line = line;
    error->column = column;
    tocsin__copy_cut(error->file, sizeof error->file, file, file ? strlen(file) : 0);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    tocsin__copy_cut(error->message, sizeof error->message, message, strlen(message));
    return status;
}

tocsin_status tocsin__fail(tocsin_error *error, tocsin_status status, const char *format, ...) {
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    (void)fill(error, status, NULL, 0, 0, format, arguments);
    va_end(arguments);
    return status;
}

tocsin_status tocsin__fail_at(tocsin_error *error, tocsin_status status, const char *file, uint32_t line,
                              uint32_t column, const char *format, ...) {
    if (!error) return status;
    va_list arguments;
    va_start(arguments, format);
    (void)fill(error, status, file, line, column, format, arguments);
    va_end(arguments);
    return status;
}
