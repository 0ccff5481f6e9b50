#ifndef TOCSIN_BASE_BUFFER_H
#define TOCSIN_BASE_BUFFER_H

/* Writing text into a tocsin_buffer: reserve, format, JSON strings. */

#include <stdarg.h>
#include <stddef.h>

#include <tocsin/bytes.h>

/* Room for `more` bytes after length and the final NUL. */
tocsin_status tocsin__buffer_reserve(tocsin_buffer *buffer, size_t more);

tocsin_status tocsin__buffer_puts(tocsin_buffer *buffer, const char *text);

__attribute__((format(printf, 2, 3))) tocsin_status tocsin__buffer_printf(tocsin_buffer *buffer, const char *format,
                                                                          ...);

/* A JSON string with its quotes: control characters escaped, each malformed part of UTF-8 written as U+FFFD. */
tocsin_status tocsin__buffer_json_string(tocsin_buffer *buffer, const char *data, size_t length);

#endif
