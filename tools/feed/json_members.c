/* The last byte of the output shows whether a comma is needed, so no caller keeps count. */
#include "feed/json_members.h"

#include <inttypes.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/utf8_text.h"

void json_put_element(tocsin_buffer *out) {
    const char last = out->length ? out->data[out->length - 1] : '[';
    if (last != '{' && last != '[') text_puts(out, ",");
}

void json_put_key(tocsin_buffer *out, const char *key) {
    json_put_element(out);
    text_printf(out, "\"%s\":", key);
}

void json_put_bytes(tocsin_buffer *out, const char *key, tocsin_bytes text) {
    json_put_key(out, key);
    utf8_append_json(out, text.data ? text.data : "", text.length);
}

void json_put_text(tocsin_buffer *out, const char *key, const char *text) {
    json_put_bytes(out, key, (tocsin_bytes){text, text ? strlen(text) : 0});
}

void json_put_number(tocsin_buffer *out, const char *key, int64_t number) {
    json_put_key(out, key);
    text_printf(out, "%" PRId64, number);
}

void json_put_flag(tocsin_buffer *out, const char *key, int flag) {
    json_put_key(out, key);
    text_puts(out, flag ? "true" : "false");
}

void json_put_time(tocsin_buffer *out, const char *key, int64_t time) {
    json_put_key(out, key);
    if (time == TOCSIN_TIME_UNKNOWN) {
        text_puts(out, "null");
    } else {
        text_printf(out, "%" PRId64, time);
    }
}
