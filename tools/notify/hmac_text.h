#ifndef TOCSIN_TOOLS_HMAC_TEXT_H
#define TOCSIN_TOOLS_HMAC_TEXT_H

/* HMAC-SHA256 as base64 text, the signature of the robots of DingTalk and Feishu; and base64 by itself. */

#include <stddef.h>

#include <tocsin/bytes.h>

void hmac_text_append(tocsin_buffer *out, const char *key, size_t key_length, const char *data, size_t length);
void base64_text_append(tocsin_buffer *out, const char *data, size_t length);

#endif
