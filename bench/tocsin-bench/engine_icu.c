/*
 * What anybody would write first: NFKC_Casefold by ICU, a table that takes each character to its Han variant class,
 * then Hyperscan; no way back to the original bytes. The table is asked from the library once, character by character,
 * so that both sides look for the same thing. Characters whose class has the same UTF-8 length, nearly all, are
 * replaced in place.
 */
#include <string.h>

#include <tocsin/fold.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "tocsin-bench/bench_engine.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/icu_casefold.h"
#include "tocsin-bench/raw_hyperscan.h"

#define MAP_FIRST 0x80u
#define MAP_END 0x40000u /* Han ends in plane 3 */

typedef struct icu_engine {
    uint16_t *map;        /* of the characters below U+10000 whose class is there too, others as they are */
    uint32_t *map_beyond; /* of those above, up to MAP_END, and where map has 0 */
    char *folded, *mapped;
    size_t folded_size, mapped_size;
    raw_hyperscan *hyperscan; /* NULL in the stage fold */
} icu_engine;

static size_t encode(uint32_t c, char *out) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xC0 | (c >> 6));
        out[1] = (char)(0x80 | (c & 63));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xE0 | (c >> 12));
        out[1] = (char)(0x80 | ((c >> 6) & 63));
        out[2] = (char)(0x80 | (c & 63));
        return 3;
    }
    out[0] = (char)(0xF0 | (c >> 18));
    out[1] = (char)(0x80 | ((c >> 12) & 63));
    out[2] = (char)(0x80 | ((c >> 6) & 63));
    out[3] = (char)(0x80 | (c & 63));
    return 4;
}

static uint32_t class_of(tocsin_folder *folder, uint32_t c) {
    char text[8], cased[64];
    size_t length = encode(c, text), next = 0;
    tocsin_bytes folded;
    /* The table sees only characters that NFKC_Casefold leaves unchanged. */
    if (icu_casefold(text, length, cased, sizeof cased) != length || memcmp(text, cased, length) != 0) return c;
    bench_require(tocsin_fold(folder, text, length, &folded), "fold a character");
    uint32_t found = folded.length ? utf8_decode(folded.data, folded.length, 0, &next) : c;
    return next == folded.length ? found : c;
}

static void make_map(icu_engine *e) {
    tocsin_folder *folder = NULL;
    e->map = tool_allocate(0x10000, sizeof *e->map);
    e->map_beyond = tool_allocate(MAP_END, sizeof *e->map_beyond);
    bench_require(tocsin_folder_create(NULL, NULL, &folder), "make a folder");
    for (uint32_t c = 0; c < MAP_END; c++) {
        int surrogate = c >= 0xD800 && c <= 0xDFFF;
        uint32_t to = c < MAP_FIRST || surrogate ? c : class_of(folder, c);
        e->map_beyond[c] = to;
        if (c < 0x10000) e->map[c] = to > 0x7FF && to < 0x10000 ? (uint16_t)to : 0;
    }
    tocsin_folder_free(folder);
}

static void need(char **buffer, size_t *size, size_t wanted) {
    if (wanted <= *size) return;
    *size = wanted * 2;
    *buffer = tool_reallocate(*buffer, *size, 1);
}

/* The rare text in which a class changes its length: written anew from `at` on. */
static tocsin_bytes map_slowly(icu_engine *e, size_t length, size_t at) {
    size_t out = at;
    need(&e->mapped, &e->mapped_size, length * 2 + 8);
    memcpy(e->mapped, e->folded, at);
    for (size_t next; at < length; at = next) {
        uint32_t c = utf8_decode(e->folded, length, at, &next);
        out += encode(c < MAP_END ? e->map_beyond[c] : c, e->mapped + out);
    }
    return (tocsin_bytes){e->mapped, out};
}

static tocsin_bytes map_classes(icu_engine *e, size_t length) {
    unsigned char *text = (unsigned char *)e->folded;
    for (size_t at = 0; at < length;) {
        unsigned char lead = text[at];
        if (lead < 0xC2) {
            at++;
        } else if (lead < 0xE0) {
            uint32_t c = ((lead & 31u) << 6) | (text[at + 1] & 63u);
            if (e->map_beyond[c] != c) return map_slowly(e, length, at);
            at += 2;
        } else if (lead < 0xF0) {
            uint32_t c = ((lead & 15u) << 12) | ((text[at + 1] & 63u) << 6) | (text[at + 2] & 63u), to = e->map[c];
            if (to != c) {
                if (!to) return map_slowly(e, length, at);
                encode(to, e->folded + at);
            }
            at += 3;
        } else {
            uint32_t c =
                ((lead & 7u) << 18) | ((text[at + 1] & 63u) << 12) | ((text[at + 2] & 63u) << 6) | (text[at + 3] & 63u);
            if (c < MAP_END && e->map_beyond[c] != c) return map_slowly(e, length, at);
            at += 4;
        }
    }
    return (tocsin_bytes){e->folded, length};
}

static tocsin_bytes fold(icu_engine *e, tocsin_bytes text) {
    size_t length;
    need(&e->folded, &e->folded_size, text.length + 64);
    while ((length = icu_casefold(text.data, text.length, e->folded, e->folded_size)) > e->folded_size) {
        if (length == SIZE_MAX) bench_fail(BENCH_FAILED, "ICU cannot fold a document");
        need(&e->folded, &e->folded_size, length);
    }
    return map_classes(e, length);
}

static void *make_fold(const bench_input *input) {
    icu_engine *e = tool_allocate(1, sizeof *e);
    (void)input;
    make_map(e);
    return e;
}

static void *make_scan(const bench_input *input) {
    icu_engine *e = tool_allocate(1, sizeof *e);
    e->hyperscan = raw_hyperscan_make(&input->terms->folded);
    return e;
}

static void warm_scan(void *state, const bench_input *input) {
    icu_engine *e = state;
    (void)input;
    make_map(e);
}

static void run_fold(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    for (size_t i = first; i < last; i++) {
        count->spans += fold(state, text_list_at(&input->text->original, i)).length;
    }
}

static void run_scan(void *state, const bench_input *input, size_t first, size_t last, bench_count *count) {
    icu_engine *e = state;
    for (size_t i = first; i < last; i++) {
        raw_hyperscan_scan(e->hyperscan, fold(e, text_list_at(&input->text->original, i)), count);
    }
}

static void sizes(void *state, uint64_t *plan_bytes, uint64_t *scratch_bytes) {
    const icu_engine *e = state;
    if (e->hyperscan) raw_hyperscan_sizes(e->hyperscan, plan_bytes, scratch_bytes);
    *scratch_bytes += e->folded_size + e->mapped_size;
}

static void release(void *state) {
    icu_engine *e = state;
    if (e->hyperscan) raw_hyperscan_release(e->hyperscan);
    tool_free(e->map);
    tool_free(e->map_beyond);
    tool_free(e->folded);
    tool_free(e->mapped);
    tool_free(e);
}

const bench_kind engine_icu_hyperscan = {"icu+hyperscan", "scan",   SPANS_FOLDED, 1,       1,   make_scan,
                                         warm_scan,       run_scan, sizes,        release, NULL};
const bench_kind engine_icu_fold = {"icu", "fold", SPANS_FOLDED, 0, 1, make_fold, NULL, run_fold, sizes, release, NULL};
