#ifndef TOCSIN_BASE_FAIL_H
#define TOCSIN_BASE_FAIL_H

/* Filling in the caller's tocsin_error: both return the status, so that a function can end with them. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/error.h>

__attribute__((format(printf, 3, 4))) tocsin_status tocsin__fail(tocsin_error *error, tocsin_status status,
                                                                 const char *format, ...);

__attribute__((format(printf, 6, 7))) tocsin_status tocsin__fail_at(tocsin_error *error, tocsin_status status,
                                                                    const char *file, uint32_t line, uint32_t column,
                                                                    const char *format, ...);

/* Copies text into `out`; text that is too long is cut between two characters. */
void tocsin__copy_cut(char *out, size_t size, const char *text, size_t length);

#endif
