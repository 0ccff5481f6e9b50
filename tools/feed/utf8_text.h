#ifndef TOCSIN_TOOLS_UTF8_TEXT_H
#define TOCSIN_TOOLS_UTF8_TEXT_H

/* UTF-8 for the command line: one code point at a time, and text made safe to print or to put into JSON. */

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#define UTF8_MALFORMED UINT32_MAX

/* The code point at `at` < length, or UTF8_MALFORMED for a maximal malformed part; *next is where it ends. */
uint32_t utf8_decode(const char *text, size_t length, size_t at, size_t *next);

/* The offset of the first malformed part, or length. */
size_t utf8_valid_prefix(const char *text, size_t length);

/* The largest character boundary that is not after `most`. */
size_t utf8_cut(const char *text, size_t length, size_t most);

/*
 * Appends text so that a terminal shows it and does not execute it: control characters become their pictures (U+2400…),
 * other invisible characters that reorder or hide text become <U+202E>, malformed parts U+FFFD. Newline and tab stay if
 * the caller asks for it.
 */
void utf8_append_visible(tocsin_buffer *out, const char *text, size_t length, int keep_lines);

/* Appends a JSON string with its quotes; malformed parts become U+FFFD. */
void utf8_append_json(tocsin_buffer *out, const char *text, size_t length);

/* Like tocsin_buffer_append and printf, but they end the program if there is no memory. */
void text_append(tocsin_buffer *out, const char *data, size_t length);
void text_puts(tocsin_buffer *out, const char *text);
__attribute__((format(printf, 2, 3))) void text_printf(tocsin_buffer *out, const char *format, ...);
__attribute__((format(printf, 2, 0))) void text_vprintf(tocsin_buffer *out, const char *format, va_list arguments);

#endif
