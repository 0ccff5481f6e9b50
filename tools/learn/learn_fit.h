#ifndef TOCSIN_TOOLS_LEARN_FIT_H
#define TOCSIN_TOOLS_LEARN_FIT_H

/* Trains weights from documents as features. Only learn_fit.c includes liblinear. */

#include <stddef.h>
#include <stdint.h>

typedef struct learn_document {
    uint64_t *features; /* keys in ascending order, each once */
    size_t count;
    int is_target;
    uint32_t repeats; /* how often it counts in training; 0: never */
    uint32_t fold;
    double decision; /* of cross-validation: by the model trained on the other folds */
} learn_document;

typedef struct learn_settings {
    double cost; /* liblinear's C for a document that counts once */
    uint32_t min_documents;
    size_t max_features;
} learn_settings;

typedef struct learn_model {
    uint64_t *keys; /* ascending */
    double *idf;
    double *weights;
    size_t count;
    double floor; /* the vector of a document counts as at least this long */
    double bias;
} learn_model;

/* Whether this build has liblinear. */
int learn_is_possible(void);

/*
 * Fits a model to the documents outside the fold (UINT32_MAX: to all). The same documents in the same order give the
 * same model. 0 if one class has no documents, or liblinear failed.
 */
int learn_fit(const learn_document *documents, size_t count, uint32_t without_fold, const learn_settings *settings,
              learn_model *model);

/* The log odds of a document. */
double learn_decide(const learn_model *model, const learn_document *document);

/* Rounds numbers to the millionths of a weights file. */
void learn_round(learn_model *model);

void learn_release(learn_model *model);

#endif
