#ifndef TOCSIN_LEARN_VOCABULARY_H
#define TOCSIN_LEARN_VOCABULARY_H

/*
 * The features of several weights files in one table, so that a document's n-grams are looked up once for all scores
 * that read the same part of it. Built when a plan is compiled, then immutable and shared. Counts belong to one thread.
 */

#include "learn/grams.h"
#include "learn/ngrams.h"
#include "learn/weights.h"
#include "text/text_units.h"

/* A feature for a topic. */
typedef struct tocsin__topic_feature {
    uint32_t topic;
    uint32_t feature; /* index */
    uint64_t least;   /* 0: the topic has a hit; otherwise its largest value is at least this, as in tocsin__rule_hit */
} tocsin__topic_feature;

typedef struct tocsin__vocabulary {
    const uint64_t *hashes; /* by feature, those of the most frequent ones first, so that they share cache lines */
    const uint32_t
        *slots; /* open addressing, linear probing: 12 bits of the hash, 20 of the feature's index + 1; 0: free */
    tocsin__grams grams;   /* of the features that are two or three units */
    const uint16_t *pages; /* by the high byte of a unit: its page of `singles` */
    const uint32_t
        *singles;   /* by page and low byte of a unit: the feature of this single unit; `count`: there is none */
    uint32_t shift; /* right shift that turns the product of key and a constant into a slot */
    uint32_t mask;  /* slots - 1 */
    uint32_t count; /* features */
    uint32_t files; /* whose features these are */
    const tocsin__topic_feature *topics; /* by topic, then by least */
    uint32_t topic_count;
    int plain;              /* as in the weights */
    uint32_t window;        /* the same */
    const uint64_t *around; /* the same */
} tocsin__vocabulary;

/* The factors of a file for a feature of the vocabulary; 0 and 0 if it does not have the feature. */
typedef struct tocsin__factor {
    float weight;
    float idf;
} tocsin__factor;

/* A score: a weights file over a vocabulary. */
typedef struct tocsin__scorer {
    const tocsin__weights *weights; /* NULL: they were left out, and so are the other members */
    const tocsin__vocabulary *vocabulary;
    const tocsin__factor *factors; /* see tocsin__factor_of */
    uint32_t number;               /* of the vocabulary in the plan */
} tocsin__scorer;

/* The factors of a feature stand beside those of the other files, because a rule often asks for several scores. */
static inline const tocsin__factor *tocsin__factor_of(const tocsin__scorer *scorer, uint32_t feature) {
    return &scorer->factors[(size_t)feature * scorer->vocabulary->files];
}

/*
 * Builds the vocabulary of some weights that read the same parts, at most TOCSIN__WEIGHTS_MAX features in all, and for
 * each of them its factors, as a scorer has them. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__vocabulary_build(const tocsin__weights *const *weights, size_t count, tocsin__arena *arena,
                                       const tocsin__vocabulary **vocabulary, const tocsin__factor **factors);

#define TOCSIN__WEIGHTS_INDEX 20 /* bits of a slot for the index: TOCSIN__WEIGHTS_MAX fits */

/* The part of the hash that is stored in a slot: bits that do not choose the slot. */
static inline uint32_t tocsin__feature_tag(uint64_t hash) { return (uint32_t)(hash >> 20) << TOCSIN__WEIGHTS_INDEX; }

/* The index in a slot; UINT32_MAX: it is free. */
static inline uint32_t tocsin__feature_index(uint32_t slot) {
    return (slot & ((UINT32_C(1) << TOCSIN__WEIGHTS_INDEX) - 1)) - 1;
}

/* The first slot from `slot` on that is free or has the tag of a hash. */
static inline uint32_t tocsin__vocabulary_probe(const tocsin__vocabulary *vocabulary, uint64_t hash, uint32_t slot) {
    const uint32_t tag = tocsin__feature_tag(hash) >> TOCSIN__WEIGHTS_INDEX;
    while (vocabulary->slots[slot] && vocabulary->slots[slot] >> TOCSIN__WEIGHTS_INDEX != tag) {
        slot = (slot + 1) & vocabulary->mask;
    }
    return slot;
}

/* The index of the feature with this hash, or UINT32_MAX. */
static inline uint32_t tocsin__vocabulary_find(const tocsin__vocabulary *vocabulary, uint64_t hash) {
    for (uint32_t slot = (uint32_t)(hash >> vocabulary->shift);; slot = (slot + 1) & vocabulary->mask) {
        slot = tocsin__vocabulary_probe(vocabulary, hash, slot);
        const uint32_t index = tocsin__feature_index(vocabulary->slots[slot]);
        if (index == UINT32_MAX || vocabulary->hashes[index] == hash) return index;
    }
}

/* The index of the feature of a single unit, or `count`. */
static inline uint32_t tocsin__vocabulary_single(const tocsin__vocabulary *vocabulary, uint16_t unit) {
    return vocabulary->singles[(size_t)vocabulary->pages[unit >> 8] << 8 | (unit & 0xFF)];
}

/* The features of a document so far. Both arrays have one more entry than vocabulary->count; counts begin at 0. */
typedef struct tocsin__counts {
    uint32_t *counts;  /* by feature */
    uint32_t *touched; /* features whose count is not 0, in the order in which they were found */
    size_t touched_count;
} tocsin__counts;

/* Adds the n-grams within the bytes [from, to) of a text; much faster for a whole text with all its units. */
void tocsin__counts_add_text(const tocsin__vocabulary *vocabulary, tocsin__counts *counts, const tocsin__text *text,
                             size_t from, size_t to);

/* Adds a feature once. */
void tocsin__counts_add_feature(tocsin__counts *counts, uint32_t feature);

/* Forgets the document; the cost grows with what it touched. */
void tocsin__counts_clear(tocsin__counts *counts);

/* How often a feature that was found counts. */
static inline double tocsin__feature_times(const tocsin__scorer *scorer, const tocsin__counts *counts,
                                           uint32_t feature) {
    return scorer->weights->plain ? 1 : (double)counts->counts[feature];
}

/*
 * The length of the document's vector, at least the floor of the weights; 0 without features and floor. The sums are
 * computed in the order of `touched`.
 */
double tocsin__score_norm(const tocsin__scorer *scorer, const tocsin__counts *counts);

/* The log odds before calibration. */
double tocsin__score_decide(const tocsin__scorer *scorer, const tocsin__counts *counts);

/* After calibration: millionths, 0 to 1 000 000. */
uint32_t tocsin__score_probability(const tocsin__weights *weights, double decision);

#endif
