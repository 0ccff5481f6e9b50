/*
 * Uses libcrypto of OpenSSL: notify is built with libcurl for OpenSSL, which needs it anyway, so there is no second
 * cryptographic library.
 */
#include "notify/hmac_text.h"

#include <limits.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

void base64_text_append(tocsin_buffer *out, const char *data, size_t length) {
    unsigned char block[65];
    for (size_t at = 0; at < length; at += 48) {
        const size_t part = length - at < 48 ? length - at : 48;
        const int written = EVP_EncodeBlock(block, (const unsigned char *)data + at, (int)part);
        text_append(out, (const char *)block, (size_t)written);
    }
}

void hmac_text_append(tocsin_buffer *out, const char *key, size_t key_length, const char *data, size_t length) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned digest_length = 0;
    const unsigned char *bytes = (const unsigned char *)data;
    if (key_length > INT_MAX || !HMAC(EVP_sha256(), key, (int)key_length, bytes, length, digest, &digest_length)) {
        tool_out_of_memory();
    }
    base64_text_append(out, (const char *)digest, digest_length);
}
