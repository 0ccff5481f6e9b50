#ifndef TOCSIN_TOOLS_ENCODING_GUESS_H
#define TOCSIN_TOOLS_ENCODING_GUESS_H

/* Decides by the first characters that are not ASCII whether text without a mark is UTF-8 or GB18030. */

#include <stddef.h>
#include <stdint.h>

typedef enum guessed_encoding {
    GUESS_OPEN = 0, /* so far only ASCII, or too little evidence */
    GUESS_UTF8,     /* or anything else: it is passed on as it is */
    GUESS_GB18030
} guessed_encoding;

/* For one text. */
typedef struct encoding_guess {
    guessed_encoding found;
    uint64_t position;  /* bytes that were passed on */
    uint64_t lines;     /* line ends among them */
    uint64_t whole;     /* characters of three and four bytes in UTF-8 */
    uint64_t malformed; /* parts that are not UTF-8 */
    uint64_t pairs;     /* characters in GB18030 */
    uint64_t usual;     /* the common ones among them */
    uint64_t big5;      /* characters that are common in Big5 */
    uint64_t broken;    /* bytes that are no GB18030 */
} encoding_guess;

/* If this many bytes do not decide, the text is passed on as it is. */
#define GUESS_BYTES ((uint64_t)1024 * 1024)

/* Bytes are held until their line ends, at most this many. */
#define GUESS_HOLD ((size_t)4096)

/*
 * Looks at the next bytes of the text; returns how many of them need no decision and are passed on unchanged. The next
 * call gets the others again, with more bytes after them; there are fewer than GUESS_HOLD. `last` says that no bytes
 * follow. After guess->found has the encoding of the text after the bytes passed on, there are no more calls. The
 * result and its place do not depend on how the bytes are divided.
 */
size_t encoding_guess_look(encoding_guess *guess, const char *bytes, size_t length, int last);

#endif
