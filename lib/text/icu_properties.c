/* Small wrappers of ICU; all of them are pure functions of the code point. */
#include "text/icu_properties.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

int tocsin__is_han(uint32_t c) {
    if (c >= 0x4E00 && c <= 0x9FFF) return 1; /* the ideographs in use; those beside them are asked of ICU */
    UErrorCode code = U_ZERO_ERROR;
    return uscript_getScript((UChar32)c, &code) == USCRIPT_HAN;
}

/* Comparisons decide nearly every character: the last space of Unicode is U+3000. */
int tocsin__is_white_space(uint32_t c) {
    if (c < 0x85) return c == ' ' || (c >= '\t' && c <= '\r');
    return c <= 0x3000 && u_isUWhiteSpace((UChar32)c);
}

int tocsin__is_punctuation(uint32_t c) { return u_ispunct((UChar32)c); }

int tocsin__is_symbol(uint32_t c) { return (U_GET_GC_MASK((UChar32)c) & U_GC_S_MASK) != 0; }

int tocsin__is_word_character(uint32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c >= 0x2E80 && c <= 0xA4CF) return 0;
    if (u_isdigit((UChar32)c)) return 1;
    UErrorCode code = U_ZERO_ERROR;
    return u_isalpha((UChar32)c) && uscript_getScript((UChar32)c, &code) == USCRIPT_LATIN;
}

int tocsin__is_letter_or_decimal(uint32_t c) { return (U_GET_GC_MASK((UChar32)c) & (U_GC_L_MASK | U_GC_ND_MASK)) != 0; }

int tocsin__is_enclosing_mark(uint32_t c) { return (U_GET_GC_MASK((UChar32)c) & U_GC_ME_MASK) != 0; }

int tocsin__is_mark_or_unseen(uint32_t c) {
    return (U_GET_GC_MASK((UChar32)c) & (U_GC_MN_MASK | U_GC_MC_MASK)) != 0 ||
           u_hasBinaryProperty((UChar32)c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}
