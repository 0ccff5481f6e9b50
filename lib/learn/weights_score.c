/*
 * Weights over a document. A feature's value is its count times its idf; the vector of all known features is brought to
 * length 1, as it was in training. Sums are made in double precision and in the order in which features were found,
 * which follows from the folded text alone: the same on every engine, and for every piece size and number of threads.
 * The table of a real plan does not fit the first caches, so for a whole text single characters have a separate table,
 * and a filter first rejects many longer n-grams at a time.
 */
#include <math.h>
#include <string.h>

#include "learn/ngrams.h"
#include "learn/weights.h"

void tocsin__score_add_feature(tocsin__score *score, uint32_t feature) {
    if (!score->counts[feature]++) score->touched[score->touched_count++] = feature;
}

typedef struct adding {
    const tocsin__weights *weights;
    tocsin__score *score;
} adding;

static inline void look_up(const tocsin__weights *weights, tocsin__score *score, uint64_t key) {
    const uint32_t feature = tocsin__weights_find(weights, tocsin__weights_hash(key));
    if (feature != UINT32_MAX) tocsin__score_add_feature(score, feature);
}

static inline void add(void *context, uint64_t key, size_t start, size_t end) {
    const adding *to = context;
    (void)start;
    (void)end;
    look_up(to->weights, to->score, key);
}

/* Whether a character beyond the basic plane is among the units, which do not tell it. */
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
 * Three passes, so that no load waits for the one before it: the slots were asked for when the hashes came; slots whose
 * tag is right ask for their features; then these are compared.
 */
static void look_up_batch(const tocsin__weights *weights, tocsin__score *score, batch *b) {
    uint32_t features[BATCH];
    size_t known = 0;
    for (size_t i = 0; i < b->count; i++) {
        const uint64_t hash = b->hashes[i];
        const uint32_t slot = tocsin__weights_probe(weights, hash, (uint32_t)(hash >> weights->shift));
        const uint32_t feature = tocsin__weights_index(weights->slots[slot]);
        b->hashes[known] = hash;
        features[known] = feature;
        known += feature != UINT32_MAX;
        if (feature == UINT32_MAX) continue;
        __builtin_prefetch(&weights->features[feature]);
        __builtin_prefetch(&score->counts[feature], 1);
    }
    for (size_t i = 0; i < known; i++) {
        const uint32_t feature = weights->features[features[i]].hash == b->hashes[i]
                                     ? features[i]
                                     : tocsin__weights_find(weights, b->hashes[i]);
        if (feature != UINT32_MAX) tocsin__score_add_feature(score, feature);
    }
    b->count = 0;
}

/*
 * units[2] is the first that is asked. What a filter lets through that crosses the beginning or the end has the key of
 * no feature, because U+0000, which the units there are, belongs to none; so does white space.
 */
static void add_some(const tocsin__weights *weights, tocsin__score *score, uint32_t found, const uint16_t *units,
                     batch *b) {
    if (b->count > BATCH - 2 * TOCSIN__GRAMS_UNITS) look_up_batch(weights, score, b);
    for (; found; found &= found - 1) {
        const unsigned bit = (unsigned)__builtin_ctz(found);
        const uint64_t hash = tocsin__weights_hash(key_of(units + bit / 2, bit % 2));
        b->hashes[b->count++] = hash;
        __builtin_prefetch(&weights->slots[hash >> weights->shift]);
    }
}

/* Counts features of single units, which need no filter; nearly every unit is one. */
static void add_singles(const tocsin__weights *weights, tocsin__score *score, const uint16_t *units, size_t count) {
    const uint32_t none = weights->count; /* counted too, which saves a branch */
    size_t touched = score->touched_count;
    for (size_t i = 0; i < count; i++) {
        const uint32_t feature = tocsin__weights_single(weights, units[i]);
        score->touched[touched] = feature;
        touched += !score->counts[feature]++ & (feature != none);
    }
    score->counts[none] = 0;
    score->touched_count = touched;
}

/* Behind the last unit stand zeroes. */
static void add_units(const tocsin__weights *weights, tocsin__score *score, const tocsin__units *text) {
    tocsin__grams_function *ask = tocsin__grams_best();
    uint16_t begin[TOCSIN__GRAMS_UNITS + 2] = {0, 0};
    batch b;
    b.count = 0;
    add_singles(weights, score, text->units.data, text->count);
    memcpy(begin + 2, text->units.data, TOCSIN__GRAMS_UNITS * sizeof *begin);
    add_some(weights, score, ask(&weights->grams, begin + 2), begin, &b);
    for (size_t i = TOCSIN__GRAMS_UNITS; i < text->count; i += TOCSIN__GRAMS_UNITS) {
        const uint16_t *units = text->units.data + i;
        add_some(weights, score, ask(&weights->grams, units), units - 2, &b);
    }
    look_up_batch(weights, score, &b);
}

void tocsin__score_add_text(const tocsin__weights *weights, tocsin__score *score, const tocsin__text *text, size_t from,
                            size_t to) {
    const tocsin__units *units = &text->units;
    adding context = {weights, score};
    if (units->count && units->all && !from && to == text->view.length &&
        !has_beyond(units->units.data, units->count)) {
        add_units(weights, score, units);
    } else {
        tocsin__each_ngram(&text->view, from, to, add, &context);
    }
}

/*
 * The length of the vector, and the sum of its values times their weights: in one pass, because features are far apart
 * in memory.
 */
static double sums(const tocsin__weights *weights, const tocsin__score *score, double *product) {
    double squares = 0, sum = 0;
    for (size_t i = 0; i < score->touched_count; i++) {
        const tocsin__weight *weight = &weights->features[score->touched[i]];
        const double value = (double)score->counts[score->touched[i]] * (double)weight->idf;
        squares += value * value;
        sum += value * (double)weight->weight;
    }
    *product = sum;
    return sqrt(squares);
}

double tocsin__score_norm(const tocsin__weights *weights, const tocsin__score *score) {
    double product;
    return sums(weights, score, &product);
}

double tocsin__score_decide(const tocsin__weights *weights, const tocsin__score *score) {
    double product;
    const double norm = sums(weights, score, &product);
    return weights->bias + (norm > 0 ? product / norm : 0);
}

uint32_t tocsin__score_probability(const tocsin__weights *weights, double decision) {
    return (uint32_t)(1e6 / (1 + exp(-(weights->slope * decision + weights->intercept))) + 0.5);
}

void tocsin__score_clear(tocsin__score *score) {
    for (size_t i = 0; i < score->touched_count; i++) score->counts[score->touched[i]] = 0;
    score->touched_count = 0;
}
