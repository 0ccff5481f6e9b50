/*
 * TF-IDF and a logistic regression with an L2 penalty. Values are idf, with idf = ln((1 + documents) / (1 + documents
 * with the feature)) + 1, divided by the length of their vector or, if that is shorter, by the floor: in a text of a
 * few characters each n-gram would otherwise count several times as much as in the texts of the target. liblinear's
 * solver 0 (L2R_LR) is a trust region Newton method without randomness: the same input gives the same bytes. A document
 * that counts k times is added k times, because this liblinear has no instance weights.
 */
#include "learn/learn_fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"

#ifdef TOCSIN_LIBLINEAR
#include <linear.h>
#endif

static int compare_keys(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static size_t find(const learn_model *model, uint64_t key) {
    const uint64_t *found = bsearch(&key, model->keys, model->count, sizeof key, compare_keys);
    return found ? (size_t)(found - model->keys) : SIZE_MAX;
}

double learn_decide(const learn_model *model, const learn_document *document) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < document->count; i++) {
        const size_t at = find(model, document->features[i]);
        if (at == SIZE_MAX) continue;
        const double value = model->idf[at];
        sum += value * model->weights[at];
        squares += value * value;
    }
    return model->bias + (squares > 0 ? sum / fmax(sqrt(squares), model->floor) : 0);
}

static double millionths(double number) { return nearbyint(number * 1e6) / 1e6; }

void learn_round(learn_model *model) {
    model->floor = millionths(model->floor);
    model->bias = millionths(model->bias);
    for (size_t i = 0; i < model->count; i++) {
        model->idf[i] = millionths(model->idf[i]);
        model->weights[i] = millionths(model->weights[i]);
    }
}

void learn_release(learn_model *model) {
    tool_free(model->keys);
    tool_free(model->idf);
    tool_free(model->weights);
    memset(model, 0, sizeof *model);
}

#ifdef TOCSIN_LIBLINEAR

#define PRECISION 0.001 /* liblinear's stopping criterion */
#define SHORTER 20

typedef struct frequency {
    uint64_t key;
    uint32_t documents;
} frequency;

static int compare_frequencies(const void *left, const void *right) {
    const frequency *a = left, *b = right;
    if (a->documents != b->documents) return a->documents > b->documents ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

static int compare_frequency_keys(const void *left, const void *right) {
    const frequency *a = left, *b = right;
    return (a->key > b->key) - (a->key < b->key);
}

static int counts(const learn_document *d, uint32_t without_fold) { return d->repeats && d->fold != without_fold; }

/* Chooses the features that enough documents have, by key; if there are too many, the most frequent ones. */
static void choose_features(const learn_document *documents, size_t count, uint32_t without_fold,
                            const learn_settings *settings, learn_model *model) {
    size_t total = 0, used = 0, kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&documents[i], without_fold)) continue;
        total += documents[i].count;
        used++;
    }
    uint64_t *keys = tool_allocate(total + 1, sizeof *keys);
    frequency *found = tool_allocate(total + 1, sizeof *found);
    total = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&documents[i], without_fold)) continue;
        for (size_t f = 0; f < documents[i].count; f++) keys[total++] = documents[i].features[f];
    }
    qsort(keys, total, sizeof *keys, compare_keys);
    for (size_t i = 0, next; i < total; i = next) {
        for (next = i + 1; next < total && keys[next] == keys[i]; next++) {
        }
        if (next - i >= settings->min_documents) found[kept++] = (frequency){keys[i], (uint32_t)(next - i)};
    }
    if (kept > settings->max_features) {
        qsort(found, kept, sizeof *found, compare_frequencies);
        kept = settings->max_features;
        qsort(found, kept, sizeof *found, compare_frequency_keys);
    }
    model->count = kept;
    model->keys = tool_allocate(kept + 1, sizeof *model->keys);
    model->idf = tool_allocate(kept + 1, sizeof *model->idf);
    model->weights = tool_allocate(kept + 1, sizeof *model->weights);
    for (size_t i = 0; i < kept; i++) {
        model->keys[i] = found[i].key;
        model->idf[i] = log((1 + (double)used) / (1 + (double)found[i].documents)) + 1;
    }
    tool_free(keys);
    tool_free(found);
}

int learn_is_possible(void) { return 1; }

static void say_nothing(const char *text) { (void)text; }

/* A document in the form for liblinear, not divided by its length yet: ascending indexes from 1, the bias, the end. */
static struct feature_node *vector_of(const learn_model *model, const learn_document *document, double *length) {
    struct feature_node *nodes = tool_allocate(document->count + 2, sizeof *nodes);
    size_t count = 0;
    double squares = 0;
    for (size_t i = 0; i < document->count; i++) {
        const size_t at = find(model, document->features[i]);
        if (at == SIZE_MAX) continue;
        const double value = model->idf[at];
        nodes[count++] = (struct feature_node){(int)at + 1, value};
        squares += value * value;
    }
    nodes[count++] = (struct feature_node){(int)model->count + 1, 1};
    nodes[count] = (struct feature_node){-1, 0};
    *length = sqrt(squares);
    return nodes;
}

static int compare_lengths(const void *left, const void *right) {
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The length that one document of the target in SHORTER does not reach. Sorts the lengths of the target's documents. */
static double choose_floor(double *lengths, size_t targets) {
    qsort(lengths, targets, sizeof *lengths, compare_lengths);
    return lengths[targets / SHORTER];
}

int learn_fit(const learn_document *documents, size_t count, uint32_t without_fold, const learn_settings *settings,
              learn_model *model) {
    size_t rows = 0, classes[2] = {0, 0}, vectors = 0, targets = 0;
    memset(model, 0, sizeof *model);
    for (size_t i = 0; i < count; i++) {
        if (!counts(&documents[i], without_fold)) continue;
        classes[documents[i].is_target != 0]++;
        rows += documents[i].repeats;
    }
    if (!classes[0] || !classes[1]) return 0;
    choose_features(documents, count, without_fold, settings, model);
    double *y = tool_allocate(rows, sizeof *y);
    struct feature_node **x = tool_allocate(rows, sizeof *x);
    struct feature_node **own = tool_allocate(count, sizeof *own);
    double *lengths = tool_allocate(count, sizeof *lengths), *of_targets = tool_allocate(count, sizeof *of_targets);
    rows = 0;
    for (size_t i = 0; i < count; i++) {
        if (!counts(&documents[i], without_fold)) continue;
        own[vectors] = vector_of(model, &documents[i], &lengths[vectors]);
        if (documents[i].is_target) of_targets[targets++] = lengths[vectors];
        for (uint32_t k = 0; k < documents[i].repeats; k++, rows++) {
            x[rows] = own[vectors];
            y[rows] = documents[i].is_target ? 1 : -1;
        }
        vectors++;
    }
    model->floor = choose_floor(of_targets, targets);
    for (size_t i = 0; i < vectors; i++) {
        const double length = fmax(lengths[i], model->floor);
        for (struct feature_node *node = own[i]; node->index <= (int)model->count; node++) {
            node->value /= length;
        }
    }
    const struct problem problem = {.l = (int)rows, .n = (int)model->count + 1, .y = y, .x = x, .bias = 1};
    const struct parameter parameter = {.solver_type = L2R_LR, .eps = PRECISION, .C = settings->cost};
    set_print_string_function(say_nothing);
    struct model *trained = check_parameter(&problem, &parameter) ? NULL : train(&problem, &parameter);
    const int done = trained != NULL;
    if (trained) {
        const double sign = trained->label[0] == 1 ? 1 : -1;
        for (size_t i = 0; i < model->count; i++) model->weights[i] = sign * trained->w[i];
        model->bias = sign * trained->w[model->count];
        free_and_destroy_model(&trained);
    }
    for (size_t i = 0; i < vectors; i++) tool_free(own[i]);
    tool_free(of_targets);
    tool_free(lengths);
    tool_free(own);
    tool_free(x);
    tool_free(y);
    return done;
}

#else

int learn_is_possible(void) { return 0; }

int learn_fit(const learn_document *documents, size_t count, uint32_t without_fold, const learn_settings *settings,
              learn_model *model) {
    (void)documents;
    (void)count;
    (void)without_fold;
    (void)settings;
    memset(model, 0, sizeof *model);
    return 0;
}

#endif
