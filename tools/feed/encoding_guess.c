/*
 * Text is passed on as long as it reads alike in both encodings, as ASCII does. From the first character that is not
 * ASCII, bytes are held until they show their encoding. A few characters are enough, because GB18030 hardly ever has
 * the form of UTF-8, and few of its characters are common. A piece ends with its line, or between two ASCII bytes: both
 * encodings have a character boundary there. Nothing after the line's end is held; a reader of lines waits for it
 * anyway. So an open pipe never blocks here. A piece that does not decide is passed on as it is, and counts for the
 * next one.
 */
#include "feed/encoding_guess.h"

#include "feed/utf8_text.h"

/* The length of the character at `at` in GB18030, 0 if it is none; *usual: it is a common character. */
static size_t read_character(const unsigned char *s, size_t length, int *usual) {
    *usual = 0;
    if (length < 2 || s[0] < 0x81 || s[0] == 0xFF) return 0;
    if (s[1] >= '0' && s[1] <= '9') {
        *usual = 1;
        return length >= 4 && s[2] >= 0x81 && s[2] < 0xFF && s[3] >= '0' && s[3] <= '9' ? 4 : 0;
    }
    if (s[1] < 0x40 || s[1] == 0x7F || s[1] == 0xFF) return 0;
    /* Marks, full-width letters, and the first level of characters of GB 2312. */
    *usual = s[1] >= 0xA1 && ((s[0] >= 0xA1 && s[0] <= 0xA3) || (s[0] >= 0xB0 && s[0] <= 0xD7));
    return 2;
}

/* Adds the evidence of a piece; a piece of UTF-8 is no evidence about GB18030. */
static void count(encoding_guess *guess, const char *piece, size_t length) {
    const unsigned char *s = (const unsigned char *)piece;
    const uint64_t malformed = guess->malformed;
    for (size_t at = 0, next; at < length; at = next) {
        const uint32_t c = utf8_decode(piece, length, at, &next);
        if (c == UTF8_MALFORMED) {
            guess->malformed++;
        } else {
            guess->whole += c >= 0x800;
            if (c == 0xFEFF && !at && !guess->position) guess->whole++; /* a mark */
        }
    }
    for (size_t at = 0; at < length && guess->malformed > malformed;) {
        int usual = 0;
        const size_t size = s[at] < 0x80 ? 1 : read_character(s + at, length - at, &usual);
        if (s[at] >= 0x80) {
            guess->pairs += size != 0;
            guess->broken += size == 0;
            guess->usual += size != 0 && usual;
            guess->big5 += size == 2 && s[at] >= 0xA4 && s[at] <= 0xC6 && (s[at + 1] < 0x7F || s[at + 1] > 0xA0);
        }
        at += size ? size : 1;
    }
}

/* A single pair is weaker than two: its bytes may be the rest of a cut UTF-8 character. */
static int is_no_remainder(const char *piece, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)piece[i] >= 0xC0) return 1;
    }
    return 0;
}

static guessed_encoding judge(const encoding_guess *guess, const char *piece, size_t length, int line_ended) {
    if (guess->whole >= guess->malformed + 2) return GUESS_UTF8;
    if (guess->malformed <= guess->whole + 1) return GUESS_OPEN;
    if (!guess->pairs || 5 * guess->usual < 2 * guess->pairs || 8 * guess->broken > guess->pairs) return GUESS_OPEN;
    if (guess->usual < guess->big5) return GUESS_OPEN;
    if (guess->pairs > 1) return GUESS_GB18030;
    return line_ended && is_no_remainder(piece, length) ? GUESS_GB18030 : GUESS_OPEN;
}

static int is_ascii(char byte) { return !((unsigned char)byte & 0x80); }

/*
 * The end of the piece at the start of the bytes: with its line or, unless by_line, between two ASCII bytes; 0: it ends
 * later.
 */
static size_t piece_end(const char *bytes, size_t length, int last, int by_line) {
    for (size_t at = 1; at < length && at < GUESS_HOLD; at++) {
        if (bytes[at] == '\n' || (!by_line && is_ascii(bytes[at]) && is_ascii(bytes[at - 1]))) return at;
    }
    return length >= GUESS_HOLD ? GUESS_HOLD : last ? length : 0;
}

static void let_go(encoding_guess *guess, const char *bytes, size_t length) {
    for (size_t i = 0; i < length; i++) guess->lines += bytes[i] == '\n';
    guess->position += length;
}

/*
 * Judges the piece at the start of the bytes; returns how many bytes are passed on, or 0 if they are decided or held.
 */
static size_t judge_piece(encoding_guess *guess, const char *bytes, size_t length, int last) {
    for (int by_line = 0; by_line < 2; by_line++) {
        const size_t end = piece_end(bytes, length, last, by_line);
        encoding_guess with = *guess;
        if (!end) return 0;
        count(&with, bytes, end);
        with.found = judge(&with, bytes, end, by_line);
        if (with.found || by_line || with.malformed == guess->malformed) {
            *guess = with;
            return with.found ? 0 : end;
        }
    }
    return 0;
}

size_t encoding_guess_look(encoding_guess *guess, const char *bytes, size_t length, int last) {
    size_t at = 0;
    while (at < length) {
        size_t free = at;
        while (free < length && is_ascii(bytes[free])) free++;
        let_go(guess, bytes + at, free - at);
        at = free;
        if (guess->position >= GUESS_BYTES) guess->found = GUESS_UTF8;
        if (guess->found || at == length) break;
        const size_t more = judge_piece(guess, bytes + at, length - at, last);
        if (!more) break;
        let_go(guess, bytes + at, more);
        at += more;
    }
    return at;
}
