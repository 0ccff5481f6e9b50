/*
 * See fold_oracle.h. The loops assert by hand: every ck_assert reports its place to the test runner, which costs more
 * than a comparison. Only the variant classes are shared with the library, and test_fold_variants.c compares these with
 * the inputs of the generator. The letters and numbers that framed characters show come from ICU's character names.
 */
#include "fold_oracle.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>

#include "text/fold_level.h"
#include "text/fold_tables.h"
#include "text/sentence_breaks.h"

/* ICU's macros assign between the types of characters. */
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wsign-conversion"

static const UNormalizer2 *nfkc_cf(void) {
    UErrorCode code = U_ZERO_ERROR;
    return unorm2_getNFKCCasefoldInstance(&code);
}

static uint32_t class_of(uint32_t c) {
    static uint32_t *classes;
    if (!classes) {
        classes = malloc(0x110000 * sizeof *classes);
        for (uint32_t i = 0; i < 0x110000; i++) {
            const int is_own = i < 0x10000 && tocsin__fold_plane_cf[i] == i && tocsin__fold_plane_hans[i];
            classes[i] = is_own ? tocsin__fold_plane_hans[i] : i;
        }
        for (uint32_t i = 0; i < tocsin__fold_class_count; i++) {
            classes[tocsin__fold_classes[i][0]] = tocsin__fold_classes[i][1];
        }
    }
    return classes[c];
}

static int starts_with(const char *name, const char *prefix) { return !strncmp(name, prefix, strlen(prefix)); }

static int ends_with(const char *name, const char *end) {
    const size_t n = strlen(name), m = strlen(end);
    return n >= m && !strcmp(name + n - m, end);
}

/* "NEGATIVE CIRCLED DIGIT ONE" and similar names: the number is a property of the character. */
static int is_framed_number(const char *name) {
    return starts_with(name, "DINGBAT ") || starts_with(name, "NEGATIVE CIRCLED ") ||
           starts_with(name, "DOUBLE CIRCLED ") || ends_with(name, " ON BLACK SQUARE");
}

/* The part of a character name after the prefix of a frame or small capital, or NULL. */
static const char *framed_letters(const char *name) {
    static const char *const prefixes[] = {
        "NEGATIVE CIRCLED LATIN CAPITAL LETTER ", "NEGATIVE SQUARED LATIN CAPITAL LETTER ",
        "CROSSED NEGATIVE SQUARED LATIN CAPITAL LETTER ", "LATIN LETTER SMALL CAPITAL "};
    static const char *const squared[] = {"SQUARED CL", "SQUARED COOL", "SQUARED FREE", "SQUARED ID", "SQUARED NEW",
                                          "SQUARED NG", "SQUARED OK",   "SQUARED SOS",  "SQUARED VS"};
    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (starts_with(name, prefixes[i]) && strlen(name) == strlen(prefixes[i]) + 1) return name + strlen(name) - 1;
    }
    for (size_t i = 0; i < sizeof squared / sizeof *squared; i++) {
        if (!strcmp(name, squared[i])) return name + strlen("SQUARED ");
    }
    if (!strcmp(name, "NEGATIVE SQUARED AB")) return "AB";
    if (!strcmp(name, "SQUARED UP WITH EXCLAMATION MARK")) return "UP!";
    return !strcmp(name, "KEYCAP TEN") ? "10" : NULL;
}

/* NFKC_Casefold of a code point if the result is one code point; otherwise 0. */
static uint32_t casefold_of(UChar32 c) {
    UChar source[2], folded[64];
    int32_t n = 0, at = 0;
    UErrorCode code = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(source, n, c);
    n = unorm2_normalize(nfkc_cf(), source, n, folded, 64, &code);
    if (!n) return 0;
    U16_NEXT(folded, at, n, c);
    return at == n ? (uint32_t)c : 0;
}

enum {
    DRESS_END = 0x20000
};

static void name_dress(char (*shown)[8]) {
    for (UChar32 i = 0; i < DRESS_END; i++) {
        char name[128];
        UErrorCode code = U_ZERO_ERROR;
        u_charName(i, U_UNICODE_CHAR_NAME, name, sizeof name, &code);
        const double number = u_getNumericValue(i);
        const char *letters = framed_letters(name);
        if (letters) snprintf(shown[i], sizeof shown[i], "%.7s", letters);
        if (number != U_NO_NUMERIC_VALUE && is_framed_number(name)) {
            snprintf(shown[i], sizeof shown[i], "%d", (int)number);
        }
    }
    for (UChar32 i = 0; i < DRESS_END; i++) { /* Ɪ folds to ɪ */
        const uint32_t casefolded = casefold_of(i);
        if (casefolded < DRESS_END && shown[casefolded][0]) memmove(shown[i], shown[casefolded], sizeof *shown);
    }
}

const char *oracle_dress(uint32_t c) {
    static char(*shown)[8];
    if (!shown) name_dress(shown = calloc(DRESS_END, sizeof *shown));
    return c < DRESS_END && shown[c][0] ? shown[c] : NULL;
}

int oracle_has_unicode_of_tables(void) {
    if (!strcmp(U_UNICODE_VERSION, tocsin__fold_tables_unicode)) return 1;
    fprintf(stderr, "SKIPPED: ICU has Unicode %s, the fold tables have %s\n", U_UNICODE_VERSION,
            tocsin__fold_tables_unicode);
    return 0;
}

static int is_stroke(UChar32 c) { return (c >= 0x334 && c <= 0x338) || (c >= 0x20D2 && c <= 0x20E3); }

static void push(oracle_text *out, uint32_t point, size_t start, size_t end) {
    if (out->count == out->capacity) {
        out->capacity = out->capacity ? out->capacity * 2 : 64;
        out->points = realloc(out->points, out->capacity * sizeof *out->points);
    }
    out->points[out->count++] = (oracle_point){point, start, end};
}

static int vanishes(UChar32 c) {
    UChar source[2], folded[64];
    int32_t n = 0;
    UErrorCode code = U_ZERO_ERROR;
    U16_APPEND_UNSAFE(source, n, c);
    return unorm2_normalize(nfkc_cf(), source, n, folded, 64, &code) == 0;
}

static void fold_part(const tocsin_fold_options *options, const UChar *part, int32_t units, size_t start, size_t end,
                      oracle_text *out) {
    UErrorCode code = U_ZERO_ERROR;
    int32_t room = units * 18 + 8;
    UChar *folded = malloc((size_t)room * sizeof *folded);
    int32_t n = unorm2_normalize(nfkc_cf(), part, units, folded, room, &code);
    if (U_FAILURE(code)) ck_abort_msg("%s", u_errorName(code));
    for (int32_t i = 0; i < n;) {
        UChar32 c;
        U16_NEXT(folded, i, n, c);
        if (is_stroke(c)) continue;
        push(out, options->profile == TOCSIN_FOLD_NFKC_CF ? (uint32_t)c : class_of((uint32_t)c), start, end);
    }
    free(folded);
}

static int left_out(uint32_t what, uint32_t c) {
    const uint32_t category = U_GET_GC_MASK((UChar32)c);
    return ((what & TOCSIN_BETWEEN_SPACE) && u_isUWhiteSpace((UChar32)c)) ||
           ((what & TOCSIN_BETWEEN_PUNCT) && (category & U_GC_P_MASK)) ||
           ((what & TOCSIN_BETWEEN_SYMBOL) && (category & U_GC_S_MASK));
}

static int is_mark(uint32_t c) {
    return (U_GET_GC_MASK((UChar32)c) & U_GC_M_MASK) ||
           u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

/* A mark belongs to the character before it; if that is a space (as in ￣), the original shows only the mark. */
static int in_gap(uint32_t what, const oracle_text *text, size_t at, int first, const char *original, size_t length) {
    uint32_t c = text->points[at].point;
    if (!first && is_mark(c)) return 1;
    if (c == ' ' && at + 1 < text->count && is_mark(text->points[at + 1].point)) {
        int32_t from = (int32_t)text->points[at].start;
        UChar32 shown;
        U8_NEXT(original, from, (int32_t)length, shown);
        c = shown < 0 ? 0xFFFD : (uint32_t)shown;
    }
    return left_out(what, c);
}

static int is_han(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    return uscript_getScript((UChar32)c, &code) == USCRIPT_HAN;
}

static int is_latin(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    return u_isdigit((UChar32)c) || (u_isalpha((UChar32)c) && uscript_getScript((UChar32)c, &code) == USCRIPT_LATIN);
}

static int sentence_at(const char *text, size_t length, size_t offset) {
    tocsin__breaks edges = {.text = text, .length = length};
    tocsin__breaks_advance(&edges, offset);
    return (int)edges.sentence;
}

/* The end of the gap after points[at]: the next character of the same kind within the sentence; otherwise at + 1. */
static size_t gap_end(const tocsin_fold_options *options, const oracle_text *text, size_t at, const char *original,
                      size_t length) {
    const oracle_point *left = &text->points[at];
    const int han = is_han(left->point);
    if (!han && !is_latin(left->point)) return at + 1;
    size_t end = at + 1;
    while (end < text->count && !is_han(text->points[end].point) && !is_latin(text->points[end].point) &&
           in_gap(han ? options->between_han : options->between_latin, text, end, end == at + 1, original, length)) {
        end++;
    }
    if (end == at + 1 || end == text->count) return at + 1;
    const oracle_point *right = &text->points[end];
    if (!(han ? is_han(right->point) : is_latin(right->point)) || right->start < left->end) return at + 1;
    return sentence_at(original, length, left->end) == sentence_at(original, length, right->start) ? end : at + 1;
}

/* Removes runs of left-out points that stand between two points of a kind. */
static void close_gaps(const tocsin_fold_options *options, oracle_text *text, const char *original, size_t length) {
    size_t kept = 0;
    for (size_t i = 0, next; i < text->count; i = next) {
        next = gap_end(options, text, i, original, length);
        text->points[kept++] = text->points[i];
    }
    text->count = kept;
}

void oracle_fold(const tocsin_fold_options *options, const char *text, size_t length, oracle_text *out) {
    UChar *part = malloc((2 * length + 2) * sizeof *part);
    int32_t units = 0, at = 0, n = (int32_t)length;
    size_t start = SIZE_MAX, end = 0;
    int after_malformed = 0;
    memset(out, 0, sizeof *out);
    while (at < n) {
        int32_t from = at;
        UChar32 c;
        U8_NEXT(text, at, n, c);
        int malformed = c < 0;
        if (malformed) c = 0xFFFD;
        out->malformed += (uint64_t)malformed;
        if (malformed || after_malformed || (unorm2_hasBoundaryBefore(nfkc_cf(), c) && !is_stroke(c))) {
            if (units) fold_part(options, part, units, start, end, out);
            units = 0;
            start = SIZE_MAX;
        }
        after_malformed = malformed;
        const char *shown = oracle_dress((uint32_t)c);
        for (; shown && *shown; shown++) part[units++] = (UChar)*shown;
        if (!is_stroke(c) && !oracle_dress((uint32_t)c)) U16_APPEND_UNSAFE(part, units, c);
        if (vanishes(c)) continue;
        if (start == SIZE_MAX) start = (size_t)from;
        end = (size_t)at;
    }
    if (units) fold_part(options, part, units, start, end, out);
    free(part);
    if (options->between_han || options->between_latin) close_gaps(options, out, text, length);
}

void oracle_release(oracle_text *text) {
    free(text->points);
    memset(text, 0, sizeof *text);
}

const char *oracle_casefold(const char *text, size_t length, size_t *result_length) {
    static char *result;
    static size_t capacity;
    UErrorCode code = U_ZERO_ERROR;
    int32_t units, folded_units, bytes;
    UChar *source = malloc((length + 1) * sizeof *source);
    u_strFromUTF8WithSub(source, (int32_t)length + 1, &units, text, (int32_t)length, 0xFFFD, NULL, &code);
    int32_t room = units * 18 + 8;
    UChar *folded = malloc((size_t)room * sizeof *folded);
    folded_units = unorm2_normalize(nfkc_cf(), source, units, folded, room, &code);
    if ((size_t)folded_units * 3 + 1 > capacity) result = realloc(result, capacity = (size_t)folded_units * 3 + 1);
    u_strToUTF8(result, (int32_t)capacity, &bytes, folded, folded_units, &code);
    ck_assert(U_SUCCESS(code));
    free(source);
    free(folded);
    *result_length = (size_t)bytes;
    return result;
}

static void fail_with(const char *what, const char *text, size_t length) {
    fprintf(stderr, "%s; the text is:", what);
    for (size_t i = 0; i < length && i < 200; i++) fprintf(stderr, " %02X", (unsigned char)text[i]);
    fputc('\n', stderr);
    ck_abort_msg("%s", what);
}

static void compare_at_level(tocsin_folder *folder, const oracle_text *expected, const char *text, size_t length) {
    tocsin_bytes folded;
    if (tocsin_fold(folder, text, length, &folded)) fail_with("folding failed", text, length);
    if (tocsin_folder_malformed(folder) != expected->malformed) fail_with("malformed parts differ", text, length);
    int32_t at = 0;
    for (size_t i = 0; i < expected->count; i++) {
        int32_t from = at;
        UChar32 c = -1;
        if ((size_t)at < folded.length) U8_NEXT(folded.data, at, (int32_t)folded.length, c);
        if ((uint32_t)c != expected->points[i].point) fail_with("folded text differs", text, length);
        size_t start = 0, end = 0;
        if (tocsin_fold_span(folder, (size_t)from, (size_t)at, &start, &end)) fail_with("no span", text, length);
        if (start != expected->points[i].start || end != expected->points[i].end) {
            fprintf(stderr, "character %zu: [%zu, %zu) instead of [%zu, %zu)\n", i, start, end,
                    expected->points[i].start, expected->points[i].end);
            fail_with("span differs", text, length);
        }
    }
    if ((size_t)at != folded.length) fail_with("folded text is longer", text, length);
}

void oracle_compare(tocsin_folder *folder, const tocsin_fold_options *options, const char *text, size_t length) {
    static uint32_t turn;
    oracle_text expected;
    tocsin__fold_level level;
    oracle_fold(options, text, length, &expected);
    do {
        level = (tocsin__fold_level)((turn++ * 2654435761u >> 16) % TOCSIN__FOLD_LEVELS);
    } while (!tocsin__fold_set_level(folder, level));
    compare_at_level(folder, &expected, text, length);
    oracle_release(&expected);
}
