/*
 * Weights over a document. A feature's value is its count times its idf; the vector of all known features is brought to
 * length 1, as it was in training. Sums are made in double precision and in the order in which features were found,
 * which is the order of the text: the same on every engine, and for every piece size and number of threads. The table
 * of a real plan does not fit the first caches, so n-grams pass a filter first and are then looked up a few at a time,
 * each prefetched.
 */
#include <math.h>

#include "learn/ngrams.h"
#include "learn/weights.h"

#define PENDING 64 /* hashes that are looked up together */

typedef struct adding {
    const tocsin__weights *weights;
    tocsin__score *score;
    uint64_t pending[PENDING];
    size_t count;
} adding;

void tocsin__score_add_feature(tocsin__score *score, uint32_t feature) {
    if (!score->counts[feature]++) score->touched[score->touched_count++] = feature;
}

/*
 * Three passes, so that no load waits for the one before it: the lines of the filter were asked for when the keys came;
 * those that pass ask for their slots; then they are looked up.
 */
static void look_up(adding *to) {
    const tocsin__weights *weights = to->weights;
    size_t passed = 0;
    for (size_t i = 0; i < to->count; i++) {
        const uint64_t hash = to->pending[i], bit = tocsin__weights_bit(weights, hash);
        to->pending[passed] = hash;
        passed += weights->filter[bit / 64] >> bit % 64 & 1;
    }
    for (size_t i = 0; i < passed; i++) __builtin_prefetch(&weights->slots[to->pending[i] >> weights->shift]);
    for (size_t i = 0; i < passed; i++) {
        const uint32_t feature = tocsin__weights_find(weights, to->pending[i]);
        if (feature != UINT32_MAX) tocsin__score_add_feature(to->score, feature);
    }
    to->count = 0;
}

static inline void add(void *context, uint64_t key, size_t start, size_t end) {
    adding *to = context;
    (void)start;
    (void)end;
    const uint64_t hash = tocsin__weights_hash(key);
    __builtin_prefetch(&to->weights->filter[tocsin__weights_bit(to->weights, hash) / 64]);
    to->pending[to->count++] = hash;
    if (to->count == PENDING) look_up(to);
}

void tocsin__score_add_text(const tocsin__weights *weights, tocsin__score *score, const tocsin__view *view, size_t from,
                            size_t to) {
    adding context;
    context.weights = weights;
    context.score = score;
    context.count = 0;
    tocsin__each_ngram(view, from, to, add, &context);
    look_up(&context);
}

/* The length of the vector, and the sum of its values times their weights: one pass, for features are far apart. */
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
