#ifndef TOCSIN_TOOLS_JSON_MEMBERS_H
#define TOCSIN_TOOLS_JSON_MEMBERS_H

/*
 * Writes JSON member by member. Each function first writes a comma if one is needed, that is, unless an object or an
 * array has just been opened.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* A key, or an element of an array: what follows is its value. */
void json_put_key(tocsin_buffer *out, const char *key);
void json_put_element(tocsin_buffer *out);

void json_put_text(tocsin_buffer *out, const char *key, const char *text);
void json_put_bytes(tocsin_buffer *out, const char *key, tocsin_bytes text);
void json_put_number(tocsin_buffer *out, const char *key, int64_t number);
void json_put_flag(tocsin_buffer *out, const char *key, int flag);

/* Milliseconds since 1970; null when it is TOCSIN_TIME_UNKNOWN. */
void json_put_time(tocsin_buffer *out, const char *key, int64_t time);

#endif
