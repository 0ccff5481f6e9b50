/*
 * Tests whether the installed library finds every match. Vectorscan has the interface of Hyperscan, and some of its
 * releases lose matches with the instructions of newer processors (5.4.9 with AVX-512: any pattern that begins with one
 * rare byte, in texts over 64 bytes). A lost match looks like "nothing there", so the test runs before a database is
 * used, on texts with known matches; it takes some tenths of a millisecond.
 */
#include <hs_compile.h>
#include <hs_runtime.h>
#include <string.h>

#include "base/fail.h"
#include "match/hyperscan_internal.h"

#define LONGEST 200 /* more than three vectors of the widest instructions */

static int count_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    (void)id, (void)from, (void)to, (void)flags;
    ++*(size_t *)context;
    return 0;
}

/* Searches texts of filler bytes, each with the mark somewhere before its end. */
static int finds_all(const hs_database_t *database, hs_scratch_t *scratch, size_t wanted, hs_error_t *code) {
    char text[LONGEST + 8];
    for (size_t length = 0; length < LONGEST; length++) {
        size_t found = 0;
        memset(text, 'x', length);
        memcpy(text + length, "-abxx", 5);
        *code = hs_scan(database, text, (unsigned)length + 5, 0, scratch, count_hit, &found);
        if (*code != HS_SUCCESS || found != wanted) return 0;
    }
    return 1;
}

static int is_sound(int literals, hs_error_t *code) {
    static const char *const regexes[] = {"-.", "-a?", "-[ab]{1,2}", "-(ab|b)"}; /* 1, 2, 2 and 1 hits */
    static const char *const words[] = {"-", "-a", "b"};
    static const unsigned ids[] = {0, 1, 2, 3};
    const unsigned plain = TOCSIN__LITERAL_FLAGS, wide = TOCSIN__REGEX_FLAGS;
    const unsigned flags[] = {wide, wide, wide, wide}, plains[] = {plain, plain, plain};
    static const size_t lengths[] = {1, 2, 1};
    hs_database_t *database = NULL;
    hs_scratch_t *scratch = NULL;
    hs_compile_error_t *said = NULL;
    *code = literals ? hs_compile_lit_multi(words, plains, ids, lengths, 3, HS_MODE_BLOCK, NULL, &database, &said)
                     : hs_compile_multi(regexes, flags, ids, 4, HS_MODE_BLOCK, NULL, &database, &said);
    if (*code == HS_SUCCESS) *code = hs_alloc_scratch(database, &scratch);
    const int sound = *code == HS_SUCCESS && finds_all(database, scratch, literals ? 3 : 6, code);
    hs_free_compile_error(said);
    if (scratch) hs_free_scratch(scratch);
    if (database) hs_free_database(database);
    return sound;
}

tocsin_status tocsin__hyperscan_check(int literals, tocsin_error *error) {
    hs_error_t code = HS_SUCCESS;
    if (is_sound(literals, &code)) return TOCSIN_OK;
    if (code == HS_NOMEM) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "Hyperscan is out of memory");
    if (code != HS_SUCCESS) return tocsin__fail(error, TOCSIN_ERROR_ENGINE, "Hyperscan: error %d", code);
    const char *version = hs_version(); /* and its day */
    return tocsin__fail(error, TOCSIN_ERROR_UNSUPPORTED,
                        "Hyperscan %.*s loses matches on this processor and is not used: install another release of it",
                        (int)strcspn(version, " "), version);
}
