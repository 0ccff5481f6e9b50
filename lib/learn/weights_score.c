/*
 * Weights over a document. A feature's value is its count times its idf; the vector of all known features is divided by
 * its length, or by the floor of the weights if that is more, as it was in training. Sums are made in double precision
 * and in the order in which features were found, which follows from the folded text alone: the same on every engine,
 * and for every piece size and number of threads. The table of a real plan does not fit the first caches, so for a
 * whole text single characters have a separate table, and a filter first rejects many longer n-grams at a time.
 */
#include <math.h>
#include <string.h>

#include "learn/ngrams.h"
#include "learn/vocabulary.h"

void tocsin__counts_add_feature(tocsin__counts *counts, uint32_t feature) {
    if (!counts->counts[feature]++) counts->touched[counts->touched_count++] = feature;
}

typedef struct adding {
    const tocsin__vocabulary *vocabulary;
    tocsin__counts *counts;
} adding;

static inline void look_up(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, uint64_t key) {
    const uint32_t feature = tocsin__vocabulary_find(vocabulary, tocsin__feature_hash(key));
    if (feature != UINT32_MAX) tocsin__counts_add_feature(counts, feature);
}

static inline void add(void *context, uint64_t key, size_t start, size_t end) {
    const adding *to = context;
    (void)start;
    (void)end;
    look_up(to->vocabulary, to->counts, key);
}

/* Whether a character beyond the basic plane is among the units, which do not identify it. */
static int has_beyond(const uint16_t *units, size_t count) {
    int any = 0;
    for (size_t i = 0; i < count; i++) any |= (units[i] & 0xF800) == 0xD800;
    return any;
}

/* The key of the last two of these units, or of all three. */
static inline uint64_t key_of(const uint16_t *units, unsigned three) {
    const uint64_t first = (uint64_t)units[0] + 1, middle = (uint64_t)units[1] + 1, last = (uint64_t)units[2] + 1;
    return (first << (2 * TOCSIN__FEATURE_CHARACTER) & -(uint64_t)three) | middle << TOCSIN__FEATURE_CHARACTER | last;
}

#define BATCH 256 /* n-grams that are looked up together */

typedef struct batch {
    uint64_t hashes[BATCH];
    size_t count;
} batch;

/*
 * Three passes, so that no load waits for the one before it: the slots were prefetched when the hashes were computed;
 * slots with the right tag prefetch their features; then these are compared.
 */
static void look_up_batch(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, batch *b) {
    uint32_t features[BATCH];
    size_t known = 0;
    for (size_t i = 0; i < b->count; i++) {
        const uint64_t hash = b->hashes[i];
        const uint32_t slot = tocsin__vocabulary_probe(vocabulary, hash, (uint32_t)(hash >> vocabulary->shift));
        const uint32_t feature = tocsin__feature_index(vocabulary->slots[slot]);
        b->hashes[known] = hash;
        features[known] = feature;
        known += feature != UINT32_MAX;
        if (feature == UINT32_MAX) continue;
        __builtin_prefetch(&vocabulary->hashes[feature]);
        __builtin_prefetch(&counts->counts[feature], 1);
    }
    for (size_t i = 0; i < known; i++) {
        const uint32_t feature = vocabulary->hashes[features[i]] == b->hashes[i]
                                     ? features[i]
                                     : tocsin__vocabulary_find(vocabulary, b->hashes[i]);
        if (feature != UINT32_MAX) tocsin__counts_add_feature(counts, feature);
    }
    b->count = 0;
}

/*
 * units[2] is the first unit that is looked up. Candidates that cross the beginning or the end have a key that no
 * feature has, because the units there are U+0000; the same holds for white space.
 */
static void add_some(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, uint32_t found,
                     const uint16_t *units, batch *b) {
    if (b->count > BATCH - 2 * TOCSIN__GRAMS_UNITS) look_up_batch(vocabulary, counts, b);
    for (; found; found &= found - 1) {
        const unsigned bit = (unsigned)__builtin_ctz(found);
        const uint64_t hash = tocsin__feature_hash(key_of(units + bit / 2, bit % 2));
        b->hashes[b->count++] = hash;
        __builtin_prefetch(&vocabulary->slots[hash >> vocabulary->shift]);
    }
}

/* Counts features of single units, which need no filter; nearly every unit is one. */
static void add_singles(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, const uint16_t *units,
                        size_t count) {
    const uint32_t none = vocabulary->count; /* counted too, which saves a branch */
    size_t touched = counts->touched_count;
    for (size_t i = 0; i < count; i++) {
        const uint32_t feature = tocsin__vocabulary_single(vocabulary, units[i]);
        counts->touched[touched] = feature;
        touched += !counts->counts[feature]++ & (feature != none);
    }
    counts->counts[none] = 0;
    counts->touched_count = touched;
}

/* Behind the last unit stand zeroes. */
static void add_units(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, const tocsin__units *text) {
    tocsin__grams_function *ask = tocsin__grams_best();
    uint16_t begin[TOCSIN__GRAMS_UNITS + 2] = {0, 0};
    batch b;
    b.count = 0;
    add_singles(vocabulary, counts, text->units.data, text->count);
    memcpy(begin + 2, text->units.data, TOCSIN__GRAMS_UNITS * sizeof *begin);
    add_some(vocabulary, counts, ask(&vocabulary->grams, begin + 2), begin, &b);
    for (size_t i = TOCSIN__GRAMS_UNITS; i < text->count; i += TOCSIN__GRAMS_UNITS) {
        const uint16_t *units = text->units.data + i;
        add_some(vocabulary, counts, ask(&vocabulary->grams, units), units - 2, &b);
    }
    look_up_batch(vocabulary, counts, &b);
}

void tocsin__counts_add_text(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, const tocsin__text *text,
                             size_t from, size_t to) {
    const tocsin__units *units = &text->units;
    adding context = {vocabulary, counts};
    if (units->count && units->all && !from && to == text->view.length &&
        !has_beyond(units->units.data, units->count)) {
        add_units(vocabulary, counts, units);
    } else {
        tocsin__each_ngram(&text->view, from, to, add, &context);
    }
}

/*
 * The length of the vector, and the sum of its values times their weights: in one pass, because features are far apart
 * in memory. Features that the file does not have add 0.
 */
static double sums(const tocsin__scorer *scorer, const tocsin__counts *counts, double *product) {
    double squares = 0, sum = 0;
    for (size_t i = 0; i < counts->touched_count; i++) {
        const uint32_t feature = counts->touched[i];
        const tocsin__factor *factor = tocsin__factor_of(scorer, feature);
        const double value = tocsin__feature_times(scorer, counts, feature) * (double)factor->idf;
        squares += value * value;
        sum += value * (double)factor->weight;
    }
    *product = sum;
    return fmax(sqrt(squares), scorer->weights->floor);
}

double tocsin__score_norm(const tocsin__scorer *scorer, const tocsin__counts *counts) {
    double product;
    return sums(scorer, counts, &product);
}

double tocsin__score_decide(const tocsin__scorer *scorer, const tocsin__counts *counts) {
    double product;
    const double norm = sums(scorer, counts, &product);
    return scorer->weights->bias + (norm > 0 ? product / norm : 0);
}

uint32_t tocsin__score_probability(const tocsin__weights *weights, double decision) {
    return (uint32_t)(1e6 / (1 + exp(-(weights->slope * decision + weights->intercept))) + 0.5);
}

void tocsin__counts_clear(tocsin__counts *counts) {
    for (size_t i = 0; i < counts->touched_count; i++) counts->counts[counts->touched[i]] = 0;
    counts->touched_count = 0;
}
