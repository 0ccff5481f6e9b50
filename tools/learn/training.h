#ifndef TOCSIN_TOOLS_TRAINING_H
#define TOCSIN_TOOLS_TRAINING_H

/* A training set, the results of cross-validation, and the weights file. */

#include <tocsin/tocsin.h>

#include "learn/learn_fit.h"

#define TRAINING_FOLDS 5
#define TRAINING_THRESHOLDS 19 /* 0.05, 0.10 … 0.95 */

typedef struct training_document {
    tocsin_bytes id; /* borrowed */
    int is_target, is_open, is_background;
} training_document;

typedef struct training {
    const tocsin_plan *plan;
    learn_settings settings;
    tocsin_feature_options features;
    uint32_t clear_repeats, open_repeats; /* how often a clear and an open label count */
    learn_document *documents;
    training_document *facts; /* beside them */
    size_t count, capacity;
    size_t groups; /* groups of near-duplicates */
    double slope, intercept;
    learn_model model;
} training;

typedef struct training_row {
    uint64_t found, right, wanted; /* clear labels */
    uint64_t open_found;           /* open labels */
    uint64_t background_found, background;
} training_row;

/* Adds the document that the scanner graded last. */
void training_add(training *t, const tocsin_scanner *scanner, training_document facts);

/* Distributes the documents over folds, near-duplicates to the same fold. */
void training_deal(training *t);

/*
 * Runs cross-validation and calibration, and trains the model of all documents. NULL, or why that is impossible, in
 * static storage.
 */
const char *training_run(training *t);

/* Counts at a calibrated threshold, by the decisions of cross-validation. */
training_row training_at(const training *t, double threshold);

/* How well the decisions order the clear labels: 1 if every document of the target comes first. */
double training_average_precision(const training *t);

/* Cross-validation with only the first part of the labels: the average precision; *used is their number. */
double training_with_part(training *t, double part, size_t *used);

/* Appends the weights file. */
void training_write(const training *t, const char *name, const char *target, const char *holdout,
                    const char *window_topics, uint64_t labels_hash, tocsin_buffer *out);

/* Indexes of the `most` strongest features of one sign. */
size_t training_strongest(const training *t, int sign, size_t most, size_t *features);

void training_release(training *t);

#endif
