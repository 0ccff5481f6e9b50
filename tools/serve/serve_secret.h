#ifndef TOCSIN_TOOLS_SERVE_SECRET_H
#define TOCSIN_TOOLS_SERVE_SECRET_H

/* Random numbers, signatures and hashes. Any thread may call these functions. */

#include <stddef.h>

#define SECRET_KEY_BYTES 32
#define SECRET_SIGNATURE 65 /* characters of a signature, with the NUL */
#define SECRET_HASH 160     /* characters for the hash of a password, with the NUL */

/* Fills a key with the system's random numbers; 0 if there are none. */
int secret_random(unsigned char *bytes, size_t count);

/* The same as count × 2 hexadecimal digits and a NUL. */
int secret_random_text(char *text, size_t count);

/* HMAC-SHA256 of the text, in hexadecimal. */
void secret_sign(const unsigned char key[SECRET_KEY_BYTES], const char *text, char signature[SECRET_SIGNATURE]);

/* Whether two texts are equal, in a time that does not show where they differ. */
int secret_is_equal(const char *a, const char *b);

/* scrypt with a new salt, as "$scrypt$ln=15,r=8,p=1$SALT$HASH"; 0 if that fails. It needs 32 MB for a moment. */
int secret_hash(const char *password, char hash[SECRET_HASH]);

/* Whether the password has this hash; 0 also if the hash is malformed. */
int secret_is_password(const char *password, const char *hash);

/* Whether the text has the form of such a hash, with costs within sensible bounds. */
int secret_is_hash(const char *hash);

#endif
