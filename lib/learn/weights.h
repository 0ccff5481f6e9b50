#ifndef TOCSIN_LEARN_WEIGHTS_H
#define TOCSIN_LEARN_WEIGHTS_H

/*
 * Learned weights: a logistic regression over the features of ngrams.h. Read once from text (docs/FORMAT.md), then
 * immutable and shared.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

#include "base/arena.h"
#include "base/diagnostics_add.h"

/* More features than any set of labels supports; some 32 MB. */
#define TOCSIN__WEIGHTS_MAX 1000000u

/* A feature; its key is as in ngrams.h. */
typedef struct tocsin__weight {
    uint64_t key;
    float weight;
    float idf; /* over 0 */
} tocsin__weight;

typedef struct tocsin__weights {
    const tocsin__weight *features; /* in the order of the file; no two have one key */
    uint32_t count;
    int plain;              /* only n-grams of the parts of plain_ranges.h count, and each once */
    uint32_t window;        /* folded characters around a hit; 0: the whole document is read */
    const uint64_t *around; /* with a window: a bit for each topic whose hits get one */
    double floor;           /* the vector of a document counts as at least this long */
    double bias;
    double slope, intercept; /* probability = 1 / (1 + exp(-(slope × decision + intercept))) */
    const char *target;      /* as the file gives it */
} tocsin__weights;

/* The properties that a weights file must match. */
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

#endif
