/* Thin questions to ICU; all of them are pure functions of the code point. */
#include "text/icu_properties.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>

int tocsin__is_han(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    return uscript_getScript((UChar32)c, &code) == USCRIPT_HAN;
}

int tocsin__is_white_space(uint32_t c) { return u_isUWhiteSpace((UChar32)c); }

int tocsin__is_punctuation(uint32_t c) { return u_ispunct((UChar32)c); }

int tocsin__is_word_character(uint32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (c >= 0x2E80 && c <= 0xA4CF) return 0;
    if (u_isdigit((UChar32)c)) return 1;
    UErrorCode code = U_ZERO_ERROR;
    return u_isalpha((UChar32)c) && uscript_getScript((UChar32)c, &code) == USCRIPT_LATIN;
}
