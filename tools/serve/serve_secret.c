/*
 * Uses libcrypto of OpenSSL, and scrypt for passwords: each guess costs memory, so that a stolen file of hashes is of
 * little use. The form of a hash is the one that other programs also use (PHC).
 */
#include "serve/serve_secret.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#define SALT_BYTES 16
#define HASH_BYTES 32
#define SALT_TEXT 24 /* base64 with its padding */
#define HASH_TEXT 44
#define LOG_COST 15
#define LEAST_LOG_COST 14
#define MOST_LOG_COST 18
#define BLOCK 8

int secret_random(unsigned char *bytes, size_t count) { return RAND_bytes(bytes, (int)count) == 1; }

static void put_hex(char *text, const unsigned char *bytes, size_t count) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < count; i++) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * count] = '\0';
}

int secret_random_text(char *text, size_t count) {
    unsigned char bytes[64] = {0};
    if (count > sizeof bytes || !secret_random(bytes, count)) return 0;
    put_hex(text, bytes, count);
    return 1;
}

void secret_sign(const unsigned char key[SECRET_KEY_BYTES], const char *text, char signature[SECRET_SIGNATURE]) {
    unsigned char bytes[EVP_MAX_MD_SIZE] = {0};
    unsigned length = 0;
    HMAC(EVP_sha256(), key, SECRET_KEY_BYTES, (const unsigned char *)text, strlen(text), bytes, &length);
    put_hex(signature, bytes, SECRET_KEY_BYTES);
}

int secret_is_equal(const char *a, const char *b) {
    const size_t length = strlen(a);
    return length == strlen(b) && !CRYPTO_memcmp(a, b, length);
}

static int derive(const char *password, const unsigned char *salt, unsigned log_cost, unsigned char *hash) {
    const uint64_t cost = UINT64_C(1) << log_cost;
    return EVP_PBE_scrypt(password, strlen(password), salt, SALT_BYTES, cost, BLOCK, 1,
                          2 * 128 * (uint64_t)BLOCK * cost, hash, HASH_BYTES) == 1;
}

int secret_hash(const char *password, char text[SECRET_HASH]) {
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES], salt_text[SALT_TEXT + 1], hash_text[HASH_TEXT + 1];
    if (!secret_random(salt, SALT_BYTES) || !derive(password, salt, LOG_COST, hash)) return 0;
    EVP_EncodeBlock(salt_text, salt, SALT_BYTES);
    EVP_EncodeBlock(hash_text, hash, HASH_BYTES);
    snprintf(text, SECRET_HASH, "$scrypt$ln=%d,r=%d,p=1$%.22s$%.43s", LOG_COST, BLOCK, (const char *)salt_text,
             (const char *)hash_text);
    return 1;
}

/* Decodes base64 without padding, of known length. */
static int decode(const char *text, size_t characters, unsigned char *bytes, size_t count) {
    unsigned char padded[HASH_TEXT + 1], whole[HASH_BYTES + 3];
    size_t length = characters;
    memcpy(padded, text, characters);
    while (length % 4) padded[length++] = '=';
    if (EVP_DecodeBlock(whole, padded, (int)length) < (int)count) return 0;
    memcpy(bytes, whole, count);
    return 1;
}

static int parse(const char *text, unsigned *log_cost, unsigned char *salt, unsigned char *hash) {
    char salt_text[SALT_TEXT], hash_text[HASH_TEXT];
    int end = 0;
    if (sscanf(text, "$scrypt$ln=%2u,r=8,p=1$%22[A-Za-z0-9+/]$%43[A-Za-z0-9+/]%n", log_cost, salt_text, hash_text,
               &end) != 3) {
        return 0;
    }
    return !text[end] && strlen(salt_text) == 22 && strlen(hash_text) == 43 && *log_cost >= LEAST_LOG_COST &&
           *log_cost <= MOST_LOG_COST && decode(salt_text, 22, salt, SALT_BYTES) &&
           decode(hash_text, 43, hash, HASH_BYTES);
}

int secret_is_hash(const char *text) {
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES];
    unsigned log_cost;
    return parse(text, &log_cost, salt, hash);
}

int secret_is_password(const char *password, const char *text) {
    unsigned char salt[SALT_BYTES], hash[HASH_BYTES], made[HASH_BYTES];
    unsigned log_cost;
    return parse(text, &log_cost, salt, hash) && derive(password, salt, log_cost, made) &&
           !CRYPTO_memcmp(hash, made, HASH_BYTES);
}
