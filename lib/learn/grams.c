/* The portable level of grams.h, and the choice of the level. */
#include "learn/grams.h"

static uint32_t ask(const tocsin__grams *grams, uint32_t hash) {
    const uint32_t bits = tocsin__grams_bits(grams, hash);
    return (grams->words[tocsin__grams_word(grams, hash)] & bits) == bits;
}

uint32_t tocsin__grams_portable(const tocsin__grams *grams, const uint16_t *units) {
    uint32_t found = 0;
    for (int i = 0; i < TOCSIN__GRAMS_UNITS; i++) {
        const uint32_t first = units[i - 2], middle = units[i - 1], last = units[i];
        found |= ask(grams, tocsin__grams_hash(0, middle, last)) << (2 * i);
        found |= ask(grams, tocsin__grams_hash(first, middle, last)) << (2 * i + 1);
    }
    return found;
}

tocsin__grams_function *tocsin__grams_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) return tocsin__grams_avx2;
#endif
    return tocsin__grams_portable;
}
