#ifndef TOCSIN_TOOLS_ENCODING_GUESS_H
#define TOCSIN_TOOLS_ENCODING_GUESS_H

/* Whether text without a mark is UTF-8 or GB18030, by its first characters that are not ASCII. */

#include <stddef.h>
#include <stdint.h>

typedef enum guessed_encoding {
    GUESS_OPEN = 0, /* what was seen is ASCII, or says too little */
    GUESS_UTF8,     /* or anything else: it is handed on as it is */
    GUESS_GB18030
} guessed_encoding;

/* Of one text. Begins as {0}. */
typedef struct encoding_guess {
    guessed_encoding found;
    uint64_t position;  /* bytes that were let go */
    uint64_t lines;     /* whose end is among them */
    uint64_t whole;     /* characters of three and four bytes in UTF-8 */
    uint64_t malformed; /* parts that are not UTF-8 */
    uint64_t pairs;     /* characters in GB18030 */
    uint64_t usual;     /* those of them that people write */
    uint64_t big5;      /* those that are common characters in Big5 */
    uint64_t broken;    /* bytes that are no GB18030 */
} encoding_guess;

/* Text that so many bytes do not tell is handed on as it is. */
#define GUESS_BYTES ((uint64_t)1024 * 1024)

/* Bytes are held until their line ends or there are so many of them. */
#define GUESS_HOLD ((size_t)4096)

/*
 * Looks at the next bytes of the text; returns how many of them need no decision and are let go, as they are. The next
 * call has the others again, with more behind them; there are fewer than GUESS_HOLD. `last` says that nothing comes
 * behind. Once guess->found says what the text is, which begins behind the bytes that were let go, no call follows.
 * What is found, and where, does not depend on how the bytes are cut.
 */
size_t encoding_guess_look(encoding_guess *guess, const char *bytes, size_t length, int last);

#endif
