/*
 * NFKC folds width and compatibility, not likeness: Cyrillic а and Latin a remain different letters. Only whole words
 * distinguish traditional from simplified spelling, because single characters belong to both: 台 is 臺, or itself.
 */
#include "text/confusables.h"

#include <unicode/uchar.h>
#include <unicode/uscript.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

#include "base/utf8.h"
#include "text/icu_properties.h"

#define LONGEST 512 /* bytes of a text, and at least as many as its UTF-16 units */

enum {
    LATIN = 1,
    GREEK = 2,
    CYRILLIC = 4
};

/* The script of a letter, of the three; 0 for any other character, -1 for one that ends a word. */
static int script_of(uint32_t c) {
    UErrorCode code = U_ZERO_ERROR;
    if (!u_isalpha((UChar32)c) || tocsin__is_han(c)) return -1;
    switch (uscript_getScript((UChar32)c, &code)) {
        case USCRIPT_LATIN: return LATIN;
        case USCRIPT_GREEK: return GREEK;
        case USCRIPT_CYRILLIC: return CYRILLIC;
        default: return 0;
    }
}

int tocsin__mixes_scripts(const char *text, size_t length) {
    int seen = 0;
    for (size_t at = 0; at < length;) {
        const int script = script_of(tocsin__utf8_next(text, length, at, &at));
        seen = script < 0 ? 0 : seen | script;
        if (seen & (seen - 1)) return 1;
    }
    return 0;
}

struct tocsin__speller {
    tocsin_allocator allocator;
    UTransliterator *simplify, *traditional;
};

static UTransliterator *open_rules(const UChar *id) {
    UErrorCode code = U_ZERO_ERROR;
    UTransliterator *rules = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, &code);
    return U_SUCCESS(code) ? rules : NULL;
}

tocsin_status tocsin__speller_create(const tocsin_allocator *allocator, tocsin__speller **speller) {
    tocsin__speller *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    made->simplify = open_rules(u"Hant-Hans");
    made->traditional = open_rules(u"Hans-Hant");
    if (!made->simplify || !made->traditional) {
        tocsin__speller_free(made);
        return TOCSIN_ERROR_FOLD;
    }
    *speller = made;
    return TOCSIN_OK;
}

void tocsin__speller_free(tocsin__speller *speller) {
    if (!speller) return;
    tocsin_allocator allocator = speller->allocator;
    if (speller->simplify) utrans_close(speller->simplify);
    if (speller->traditional) utrans_close(speller->traditional);
    tocsin__deallocate(&allocator, speller, sizeof *speller);
}

/* Whether rules change the text. */
static int changes(const UTransliterator *rules, const UChar *text, int32_t length) {
    UChar written[2 * LONGEST];
    UErrorCode code = U_ZERO_ERROR;
    int32_t now = length, limit = length;
    u_memcpy(written, text, length);
    utrans_transUChars(rules, written, &now, 2 * LONGEST, 0, &limit, &code);
    return U_SUCCESS(code) && (now != length || u_memcmp(written, text, length) != 0);
}

int tocsin__mixes_variants(tocsin__speller *speller, const char *text, size_t length) {
    UChar wide[LONGEST];
    UErrorCode code = U_ZERO_ERROR;
    int32_t count = 0;
    if (length > LONGEST) return 0;
    u_strFromUTF8(wide, LONGEST, &count, text, (int32_t)length, &code);
    return U_SUCCESS(code) && changes(speller->simplify, wide, count) && changes(speller->traditional, wide, count);
}
