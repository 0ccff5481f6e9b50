#ifndef TOCSIN_TOOLS_SERVE_SECRET_H
#define TOCSIN_TOOLS_SERVE_SECRET_H

/* What is random, signed or hashed. By any thread. */

#include <stddef.h>

#define SECRET_KEY_BYTES 32
#define SECRET_SIGNATURE 65 /* characters of a signature, with its end */
#define SECRET_HASH 160     /* characters that hold the hash of a password, with its end */

/* Fills a key from the system's random numbers; 0 when there are none. */
int secret_random(unsigned char *bytes, size_t count);

/* The same as count × 2 hexadecimal digits and an end. */
int secret_random_text(char *text, size_t count);

/* HMAC-SHA256 of the text, in hexadecimal. */
void secret_sign(const unsigned char key[SECRET_KEY_BYTES], const char *text, char signature[SECRET_SIGNATURE]);

/* Whether two texts are the same, in a time that says nothing of where they differ. */
int secret_is_equal(const char *a, const char *b);

/* scrypt with a new salt, as "$scrypt$ln=15,r=8,p=1$SALT$HASH"; 0 when it cannot be made. Takes 32 MB for a moment. */
int secret_hash(const char *password, char hash[SECRET_HASH]);

/* Whether it is the password of the hash; 0 too for a hash that is none. */
int secret_is_password(const char *password, const char *hash);

/* Whether the text has the form of such a hash, with costs that are neither cheap nor without end. */
int secret_is_hash(const char *hash);

#endif
