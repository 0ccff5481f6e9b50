/*
 * Joins the features of several weights files. Files that were trained over the same background have most features in
 * common, so the joined table is hardly larger than one of theirs.
 */
#include <stdlib.h>
#include <string.h>

#include "learn/ngrams.h"
#include "learn/vocabulary.h"

#define RANKS 128           /* classes of features by idf */
#define LEAST_GRAM_BITS 10u /* of the filter, as a logarithm */

/* A feature of any of the files. */
typedef struct joined {
    uint64_t key;
    float idf; /* the least of those in the files */
} joined;

typedef struct building {
    tocsin__arena *arena;
    tocsin__vocabulary *made;
    uint32_t *slots;
    uint64_t *hashes;
    uint32_t *gram_words;
    joined *features; /* made->count */
    uint32_t *found;  /* scratch: slots of the features that were joined so far */
    size_t found_mask;
} building;

static uint32_t rank_of(float idf) {
    const float rank = idf * 8;
    return rank < RANKS - 1 ? (uint32_t)rank : RANKS - 1;
}

static void join(building *b, const tocsin__weights *weights) {
    for (uint32_t i = 0; i < weights->count; i++) {
        const tocsin__weight *weight = &weights->features[i];
        size_t at = (size_t)(tocsin__feature_hash(weight->key) >> 32) & b->found_mask;
        while (b->found[at] && b->features[b->found[at] - 1].key != weight->key) at = (at + 1) & b->found_mask;
        if (!b->found[at]) {
            b->features[b->made->count++] = (joined){weight->key, weight->idf};
            b->found[at] = b->made->count;
        } else if (b->features[b->found[at] - 1].idf > weight->idf) {
            b->features[b->found[at] - 1].idf = weight->idf;
        }
    }
}

/* Makes room for the joined features. */
static int make_tables(building *b) {
    tocsin__vocabulary *made = b->made;
    size_t slots = 4;
    uint32_t bits = 2, gram_bits = LEAST_GRAM_BITS;
    while (slots < 2 * (size_t)made->count) slots *= 2, bits++;
    while (UINT64_C(1) << gram_bits >> TOCSIN__GRAMS_BITS < made->count) gram_bits++;
    const size_t words = (size_t)1 << gram_bits >> 5;
    made->hashes = b->hashes = tocsin__arena_allocate(b->arena, ((size_t)made->count + 1) * sizeof *b->hashes);
    made->slots = b->slots = tocsin__arena_allocate(b->arena, slots * sizeof *b->slots);
    b->gram_words = tocsin__arena_allocate(b->arena, words * sizeof *b->gram_words);
    if (!b->hashes || !b->slots || !b->gram_words) return 0;
    memset(b->slots, 0, slots * sizeof *b->slots);
    memset(b->gram_words, 0, words * sizeof *b->gram_words);
    made->grams = (tocsin__grams){b->gram_words, 32 - gram_bits};
    made->mask = (uint32_t)(slots - 1);
    made->shift = 64 - bits;
    return 1;
}

static void enter(building *b, uint32_t index) {
    const uint64_t hash = b->hashes[index];
    uint32_t slot = (uint32_t)(hash >> b->made->shift);
    while (b->slots[slot]) slot = (slot + 1) & b->made->mask;
    b->slots[slot] = tocsin__feature_tag(hash) | (index + 1);
}

/* Adds two or three characters of the basic plane to the filter of units. */
static void admit(building *b, uint64_t key) {
    const uint64_t mask = (UINT64_C(1) << TOCSIN__FEATURE_CHARACTER) - 1;
    uint32_t units[3];
    if (key & TOCSIN__FEATURE_TOPIC || key <= mask) return;
    for (int i = 0; i < 3; i++) {
        const uint64_t character = key >> (2 - i) * TOCSIN__FEATURE_CHARACTER & mask; /* one more than its code point */
        if (character > 0x10000) return;
        units[i] = character ? (uint32_t)character - 1 : 0;
    }
    const uint32_t hash = tocsin__grams_hash(units[0], units[1], units[2]);
    b->gram_words[tocsin__grams_word(&b->made->grams, hash)] |= tocsin__grams_bits(&b->made->grams, hash);
}

/* Numbers the features, the most frequent ones first: a short text then needs few cache lines. */
static void number_features(building *b) {
    uint32_t next[RANKS + 1] = {0};
    const uint32_t count = b->made->count;
    for (uint32_t i = 0; i < count; i++) next[rank_of(b->features[i].idf) + 1]++;
    for (uint32_t rank = 1; rank <= RANKS; rank++) next[rank] += next[rank - 1];
    for (uint32_t i = 0; i < count; i++) {
        b->hashes[next[rank_of(b->features[i].idf)]++] = tocsin__feature_hash(b->features[i].key);
    }
    for (uint32_t i = 0; i < count; i++) {
        enter(b, i);
        admit(b, b->features[i].key);
    }
}

static int by_topic(const void *one, const void *other) {
    const tocsin__topic_feature *a = one, *b = other;
    if (a->topic != b->topic) return a->topic < b->topic ? -1 : 1;
    return (a->least > b->least) - (a->least < b->least);
}

/* Lists the features of topics. */
static int list_topics(building *b) {
    tocsin__vocabulary *made = b->made;
    size_t count = 0;
    for (uint32_t i = 0; i < made->count; i++) count += b->features[i].key >> 63;
    tocsin__topic_feature *list = tocsin__arena_allocate(b->arena, (count + 1) * sizeof *list);
    if (!list) return 0;
    for (uint32_t i = 0; i < made->count; i++) {
        const uint64_t key = b->features[i].key;
        if (!(key & TOCSIN__FEATURE_TOPIC)) continue;
        const uint32_t step = (uint32_t)((key & ~TOCSIN__FEATURE_TOPIC) >> TOCSIN__FEATURE_STEP);
        list[made->topic_count++] =
            (tocsin__topic_feature){(uint32_t)key, tocsin__vocabulary_find(made, tocsin__feature_hash(key)),
                                    step ? tocsin__feature_step(step) * 1000000 + 1 : 0};
    }
    qsort(list, count, sizeof *list, by_topic);
    made->topics = list;
    return 1;
}

static uint32_t find_single(const building *b, uint32_t unit) {
    return tocsin__vocabulary_find(b->made, tocsin__feature_hash((uint64_t)unit + 1));
}

/* Fills in the features of single units, by unit. */
static int list_singles(building *b) {
    uint16_t *pages = tocsin__arena_allocate(b->arena, 256 * sizeof *pages);
    uint32_t *singles;
    uint16_t count = 1; /* the first page has nothing */
    if (!pages) return 0;
    memset(pages, 0, 256 * sizeof *pages);
    for (uint32_t i = 0; i < b->made->count; i++) {
        const uint64_t unit = b->features[i].key - 1;
        if (unit < 0x10000 && !pages[unit >> 8]) pages[unit >> 8] = count++;
    }
    singles = tocsin__arena_allocate(b->arena, (size_t)count * 256 * sizeof *singles);
    if (!singles) return 0;
    for (size_t i = 0; i < (size_t)count * 256; i++) singles[i] = b->made->count;
    for (uint32_t i = 0; i < b->made->count; i++) {
        const uint64_t unit = b->features[i].key - 1;
        if (unit < 0x10000) singles[(size_t)pages[unit >> 8] << 8 | (unit & 0xFF)] = find_single(b, (uint32_t)unit);
    }
    b->made->pages = pages;
    b->made->singles = singles;
    return 1;
}

static void fill_factors(const building *b, const tocsin__weights *weights, tocsin__factor *factors) {
    for (uint32_t i = 0; i < weights->count; i++) {
        const tocsin__weight *weight = &weights->features[i];
        const size_t feature = tocsin__vocabulary_find(b->made, tocsin__feature_hash(weight->key));
        factors[feature * b->made->files] = (tocsin__factor){weight->weight, weight->idf};
    }
}

static int make_factors(const building *b, const tocsin__weights *const *weights, const tocsin__factor **factors) {
    const size_t files = b->made->files, size = ((size_t)b->made->count + 1) * files * sizeof(tocsin__factor);
    tocsin__factor *all = tocsin__arena_allocate(b->arena, size);
    if (!all) return 0;
    memset(all, 0, size);
    for (size_t i = 0; i < files; i++) {
        fill_factors(b, weights[i], all + i);
        factors[i] = all + i;
    }
    return 1;
}

static int build(building *b, const tocsin__weights *const *weights, size_t count, const tocsin__factor **factors) {
    for (size_t i = 0; i < count; i++) join(b, weights[i]);
    if (!make_tables(b)) return 0;
    number_features(b);
    return list_topics(b) && list_singles(b) && make_factors(b, weights, factors);
}

tocsin_status tocsin__vocabulary_build(const tocsin__weights *const *weights, size_t count, tocsin__arena *arena,
                                       const tocsin__vocabulary **vocabulary, const tocsin__factor **factors) {
    const tocsin_allocator *allocator = &arena->allocator;
    tocsin__vocabulary *made = tocsin__arena_allocate(arena, sizeof *made);
    building b = {.arena = arena, .made = made};
    size_t features = 0, found = 4;
    if (!made) return TOCSIN_ERROR_MEMORY;
    *made = (tocsin__vocabulary){.files = (uint32_t)count,
                                 .plain = weights[0]->plain,
                                 .window = weights[0]->window,
                                 .around = weights[0]->around};
    for (size_t i = 0; i < count; i++) features += weights[i]->count;
    while (found < 2 * features) found *= 2;
    b.found_mask = found - 1;
    b.features = tocsin__allocate(allocator, (features + 1) * sizeof *b.features);
    b.found = tocsin__allocate_zeroed(allocator, found * sizeof *b.found);
    const int done = b.features && b.found && build(&b, weights, count, factors);
    tocsin__deallocate(allocator, b.features, (features + 1) * sizeof *b.features);
    tocsin__deallocate(allocator, b.found, found * sizeof *b.found);
    if (done) *vocabulary = made;
    return done ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}
