#ifndef TOCSIN_LEARN_WEIGHTS_H
#define TOCSIN_LEARN_WEIGHTS_H

/*
 * Learned weights: a logistic regression over the features of ngrams.h. Read once from text (docs/FORMAT.md), then
 * immutable and shared. A score belongs to one thread.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/arena.h"
#include "base/diagnostics_add.h"
#include "learn/grams.h"
#include "text/text_units.h"

/* More features than any set of labels supports; some 32 MB. */
#define TOCSIN__WEIGHTS_MAX 1000000u

/* A feature. */
typedef struct tocsin__weight {
    uint64_t hash; /* tocsin__weights_hash of its key; different keys have different ones */
    float weight;
    float idf; /* over 0 */
} tocsin__weight;

/* A feature for a topic. */
typedef struct tocsin__weight_topic {
    uint32_t topic;
    uint32_t feature; /* index */
    uint64_t least;   /* 0: the topic has a hit; otherwise its largest value is at least this, as in tocsin__rule_hit */
} tocsin__weight_topic;

typedef struct tocsin__weights {
    const tocsin__weight *features; /* the most frequent ones first, so that they share cache lines */
    const uint32_t
        *slots; /* open addressing, linear probing: 12 bits of the hash, 20 of the feature's index + 1; 0: free */
    tocsin__grams grams;   /* of the features that are two or three units */
    const uint16_t *pages; /* by the high byte of a unit: its page of `singles` */
    const uint32_t
        *singles;   /* by page and low byte of a unit: the feature of this single unit; `count`: there is none */
    uint32_t shift; /* of the product of key and a constant: what is left is a slot */
    uint32_t mask;  /* slots - 1 */
    uint32_t count; /* features */
    const tocsin__weight_topic *topics; /* by topic, then by least */
    uint32_t topic_count;
    uint32_t window;        /* folded characters around a hit; 0: the whole document is read */
    const uint64_t *around; /* with a window: a bit for each topic whose hits get one */
    double bias;
    double slope, intercept; /* probability = 1 / (1 + exp(-(slope × decision + intercept))) */
    const char *target;      /* as the file gives it */
} tocsin__weights;

/* What a weights file must fit. */
typedef struct tocsin__weights_context {
    const char *file; /* for messages; stays */
    const char *fold; /* as tocsin_plan_info.fold_tables */
    const char *const *topics;
    size_t topic_count;
    tocsin_diagnostics *diagnostics;
} tocsin__weights_context;

/*
 * Reads a file into the arena. *weights is NULL if there was an error; errors are reported and counted in *errors.
 * TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__weights_read(tocsin_bytes text, const tocsin__weights_context *context, tocsin__arena *arena,
                                   size_t *errors, const tocsin__weights **weights);

/* The features of a document so far. Both arrays have one more entry than weights->count; counts begin at 0. */
typedef struct tocsin__score {
    uint32_t *counts;  /* by feature */
    uint32_t *touched; /* features whose count is not 0, in the order in which they were found */
    size_t touched_count;
} tocsin__score;

#define TOCSIN__WEIGHTS_MIX UINT64_C(0x9E3779B97F4A7C15)
#define TOCSIN__WEIGHTS_INDEX 20 /* bits of a slot for the index: TOCSIN__WEIGHTS_MAX fits */

/* The factor is odd, so no two keys have the same hash. */
static inline uint64_t tocsin__weights_hash(uint64_t key) { return key * TOCSIN__WEIGHTS_MIX; }

/* The part of the hash that is stored in a slot: bits that do not choose the slot. */
static inline uint32_t tocsin__weights_tag(uint64_t hash) { return (uint32_t)(hash >> 20) << TOCSIN__WEIGHTS_INDEX; }

/* The index in a slot; UINT32_MAX: it is free. */
static inline uint32_t tocsin__weights_index(uint32_t slot) {
    return (slot & ((UINT32_C(1) << TOCSIN__WEIGHTS_INDEX) - 1)) - 1;
}

/* The first slot from `slot` on that is free or has the tag of a hash. */
static inline uint32_t tocsin__weights_probe(const tocsin__weights *weights, uint64_t hash, uint32_t slot) {
    const uint32_t tag = tocsin__weights_tag(hash) >> TOCSIN__WEIGHTS_INDEX;
    while (weights->slots[slot] && weights->slots[slot] >> TOCSIN__WEIGHTS_INDEX != tag) {
        slot = (slot + 1) & weights->mask;
    }
    return slot;
}

/* The index of the feature with this hash, or UINT32_MAX. */
static inline uint32_t tocsin__weights_find(const tocsin__weights *weights, uint64_t hash) {
    for (uint32_t slot = (uint32_t)(hash >> weights->shift);; slot = (slot + 1) & weights->mask) {
        slot = tocsin__weights_probe(weights, hash, slot);
        const uint32_t index = tocsin__weights_index(weights->slots[slot]);
        if (index == UINT32_MAX || weights->features[index].hash == hash) return index;
    }
}

/* The index of the feature of a single unit, or `count`. */
static inline uint32_t tocsin__weights_single(const tocsin__weights *weights, uint16_t unit) {
    return weights->singles[(size_t)weights->pages[unit >> 8] << 8 | (unit & 0xFF)];
}

/* Adds the n-grams within the bytes [from, to) of a text: faster by far where it is all, and has all its units. */
void tocsin__score_add_text(const tocsin__weights *weights, tocsin__score *score, const tocsin__text *text, size_t from,
                            size_t to);

/* Adds a feature once. */
void tocsin__score_add_feature(tocsin__score *score, uint32_t feature);

/* The length of the document's vector; 0 without features. The sums are computed in the order of `touched`. */
double tocsin__score_norm(const tocsin__weights *weights, const tocsin__score *score);

/* The log odds before calibration. */
double tocsin__score_decide(const tocsin__weights *weights, const tocsin__score *score);

/* After calibration: millionths, 0 to 1 000 000. */
uint32_t tocsin__score_probability(const tocsin__weights *weights, double decision);

/* Forgets the document; the cost grows with what it touched. */
void tocsin__score_clear(tocsin__score *score);

#endif
