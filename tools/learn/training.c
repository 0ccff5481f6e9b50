/*
 * Cross-validation holds back each fold once, with features and idf from the other folds only. The id of the first
 * document of a group of near-duplicates decides the fold, so that one event in many headlines is never on both sides.
 */
#include "learn/training.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "learn/id_hash.h"
#include "learn/learn_stats.h"
#include "learn/near_groups.h"
#include "program/console.h"
#include "program/message.h"

typedef struct gathering {
    uint64_t *keys;
    size_t count, capacity;
} gathering;

static void gather(void *context, uint64_t feature) {
    gathering *g = context;
    if (g->count == g->capacity) {
        g->capacity = g->capacity ? 2 * g->capacity : 1024;
        g->keys = tool_reallocate(g->keys, g->capacity, sizeof *g->keys);
    }
    g->keys[g->count++] = feature;
}

static int compare_keys(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

void training_add(training *t, const tocsin_scanner *scanner, training_document facts) {
    gathering g = {NULL, 0, 0};
    if (tocsin_scanner_features(scanner, &t->features, gather, &g) != TOCSIN_OK) tool_out_of_memory();
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        t->documents = tool_reallocate(t->documents, t->capacity, sizeof *t->documents);
        t->facts = tool_reallocate(t->facts, t->capacity, sizeof *t->facts);
    }
    learn_document *d = &t->documents[t->count];
    memset(d, 0, sizeof *d);
    d->features = tool_allocate(g.count + 1, sizeof *d->features);
    if (g.count) qsort(g.keys, g.count, sizeof *g.keys, compare_keys);
    for (size_t i = 0; i < g.count; i++) {
        if (!d->count || d->features[d->count - 1] != g.keys[i]) d->features[d->count++] = g.keys[i];
    }
    d->is_target = facts.is_target;
    d->repeats = facts.is_open ? t->open_repeats : t->clear_repeats;
    t->facts[t->count++] = facts;
    tool_free(g.keys);
}

void training_deal(training *t) {
    near_document *near = tool_allocate(t->count + 1, sizeof *near);
    uint64_t **keys = tool_allocate(t->count + 1, sizeof *keys);
    size_t *groups = tool_allocate(t->count + 1, sizeof *groups);
    for (size_t i = 0; i < t->count; i++) {
        const learn_document *d = &t->documents[i];
        keys[i] = tool_allocate(d->count + 1, sizeof **keys);
        for (size_t f = 0; f < d->count; f++) keys[i][f] = d->features[f];
        near[i] = (near_document){keys[i], d->count};
    }
    near_groups(near, t->count, groups);
    t->groups = 0;
    for (size_t i = 0; i < t->count; i++) {
        t->groups += groups[i] == i;
        t->documents[i].fold = (uint32_t)(id_hash(t->facts[groups[i]].id, ID_HASH_FOLD) % TRAINING_FOLDS);
        tool_free(keys[i]);
    }
    tool_free(groups);
    tool_free(keys);
    tool_free(near);
}

static int cross_validate(training *t) {
    for (uint32_t fold = 0; fold < TRAINING_FOLDS; fold++) {
        learn_model model;
        console_progress("cross-validation: part %u of %u", fold + 1, TRAINING_FOLDS);
        if (!learn_fit(t->documents, t->count, fold, &t->settings, &model)) {
            learn_release(&model);
            return 0;
        }
        for (size_t i = 0; i < t->count; i++) {
            if (t->documents[i].fold == fold) t->documents[i].decision = learn_decide(&model, &t->documents[i]);
        }
        learn_release(&model);
    }
    return 1;
}

static void calibrate(training *t) {
    double *scores = tool_allocate(t->count + 1, sizeof *scores);
    int *outcomes = tool_allocate(t->count + 1, sizeof *outcomes);
    size_t count = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (!t->documents[i].repeats) continue;
        scores[count] = t->documents[i].decision;
        outcomes[count++] = t->documents[i].is_target;
    }
    stats_platt(scores, outcomes, count, &t->slope, &t->intercept);
    t->slope = nearbyint(t->slope * 1e6) / 1e6;
    t->intercept = nearbyint(t->intercept * 1e6) / 1e6;
    tool_free(scores);
    tool_free(outcomes);
}

const char *training_run(training *t) {
    if (!cross_validate(t)) return message("a part of the labels has one class only: more labels are needed");
    calibrate(t);
    if (!(t->slope > 0))
        return message("nothing can be learned from these labels: the weights do no better than chance");
    if (t->slope > 1000 || fabs(t->intercept) > 1000) {
        return message("the labels cannot be calibrated: too few, or all alike");
    }
    console_progress("training on all labels");
    const int done = learn_fit(t->documents, t->count, UINT32_MAX, &t->settings, &t->model);
    learn_round(&t->model);
    console_progress_end();
    return done ? NULL : message("the labels have one class only");
}

static double probability(const training *t, size_t i) {
    return 1 / (1 + exp(-(t->slope * t->documents[i].decision + t->intercept)));
}

training_row training_at(const training *t, double threshold) {
    training_row row = {0, 0, 0, 0, 0, 0};
    for (size_t i = 0; i < t->count; i++) {
        const training_document *facts = &t->facts[i];
        const int found = probability(t, i) >= threshold;
        if (facts->is_background) {
            row.background++;
            row.background_found += (uint64_t)found;
        } else if (facts->is_open) {
            row.open_found += (uint64_t)found;
        } else {
            row.found += (uint64_t)found;
            row.wanted += (uint64_t)facts->is_target;
            row.right += (uint64_t)(found && facts->is_target);
        }
    }
    return row;
}

typedef struct ranked {
    double decision;
    size_t index;
    int is_target;
} ranked;

static int compare_ranked(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->decision != b->decision) return a->decision > b->decision ? -1 : 1;
    return (a->index > b->index) - (a->index < b->index);
}

double training_average_precision(const training *t) {
    ranked *list = tool_allocate(t->count + 1, sizeof *list);
    size_t count = 0, right = 0;
    double sum = 0;
    for (size_t i = 0; i < t->count; i++) {
        if (t->facts[i].is_open || t->facts[i].is_background) continue;
        list[count++] = (ranked){t->documents[i].decision, i, t->facts[i].is_target};
    }
    qsort(list, count, sizeof *list, compare_ranked);
    for (size_t i = 0; i < count; i++) {
        if (!list[i].is_target) continue;
        right++;
        sum += (double)right / (double)(i + 1);
    }
    tool_free(list);
    return right ? sum / (double)right : 0;
}

double training_with_part(training *t, double part, size_t *used) {
    uint32_t *repeats = tool_allocate(t->count + 1, sizeof *repeats);
    const uint64_t limit = (uint64_t)(part * 1000000 + 0.5);
    *used = 0;
    for (size_t i = 0; i < t->count; i++) {
        repeats[i] = t->documents[i].repeats;
        if (t->facts[i].is_background) continue;
        if (id_hash(t->facts[i].id, ID_HASH_SAMPLE) % 1000000 >= limit) t->documents[i].repeats = 0;
        *used += t->documents[i].repeats > 0;
    }
    const double reached = cross_validate(t) ? training_average_precision(t) : 0;
    console_progress_end();
    for (size_t i = 0; i < t->count; i++) t->documents[i].repeats = repeats[i];
    tool_free(repeats);
    return reached;
}

/* ---- the file ---- */

/* Writes a number that was rounded to millionths, without unnecessary zeros. */
static void append_number(tocsin_buffer *out, double number) {
    const int64_t value = llrint(number * 1e6);
    const uint64_t size = value < 0 ? (uint64_t)-value : (uint64_t)value;
    char text[32];
    int length = snprintf(text, sizeof text, "%s%llu.%06llu", value < 0 ? "-" : "",
                          (unsigned long long)(size / 1000000), (unsigned long long)(size % 1000000));
    while (text[length - 1] == '0') length--;
    if (text[length - 1] == '.') length--;
    text_append(out, text, (size_t)length);
}

typedef struct sized {
    double size;
    uint64_t key;
    size_t index;
} sized;

static int compare_sized(const void *left, const void *right) {
    const sized *a = left, *b = right;
    if (a->size != b->size) return a->size > b->size ? -1 : 1;
    return (a->key > b->key) - (a->key < b->key);
}

/* The features, the heaviest first; sign 0: of both signs. */
static sized *by_size(const training *t, int sign, size_t *count) {
    sized *list = tool_allocate(t->model.count + 1, sizeof *list);
    *count = 0;
    for (size_t i = 0; i < t->model.count; i++) {
        const double weight = t->model.weights[i];
        if (sign && weight * sign <= 0) continue;
        list[(*count)++] = (sized){fabs(weight), t->model.keys[i], i};
    }
    qsort(list, *count, sizeof *list, compare_sized);
    return list;
}

size_t training_strongest(const training *t, int sign, size_t most, size_t *features) {
    size_t count;
    sized *list = by_size(t, sign, &count);
    if (count > most) count = most;
    for (size_t i = 0; i < count; i++) features[i] = list[i].index;
    tool_free(list);
    return count;
}

static void append_counts(const training *t, tocsin_buffer *out) {
    size_t labels = 0, targets = 0, open = 0, background = 0;
    for (size_t i = 0; i < t->count; i++) {
        const training_document *facts = &t->facts[i];
        background += (size_t)facts->is_background;
        labels += (size_t)!facts->is_background;
        open += (size_t)facts->is_open;
        targets += (size_t)(facts->is_target && !facts->is_open);
    }
    text_printf(out, "documents\t%zu labelled, %zu clear of the target, %zu open, %zu of the background\n", labels,
                targets, open, background);
}

static void append_thresholds(const training *t, tocsin_buffer *out) {
    for (int step = 1; step <= TRAINING_THRESHOLDS; step++) {
        const double threshold = step * 0.05;
        const training_row row = training_at(t, threshold);
        text_printf(out, "threshold\t%.2f\t%.4f\t%.4f\n", threshold, stats_share(row.right, row.found),
                    stats_share(row.right, row.wanted));
    }
}

void training_write(const training *t, const char *name, const char *target, const char *holdout,
                    const char *window_topics, uint64_t labels_hash, tocsin_buffer *out) {
    const tocsin_plan_info *info = tocsin_plan_get_info(t->plan);
    size_t count;
    text_printf(out, "tocsin weights\t1\nname\t%s\ntarget\t%s\nlabels\t%016llx\n", name, target,
                (unsigned long long)labels_hash);
    append_counts(t, out);
    text_printf(out, "trained\tC %g, features of at least %u documents, open labels count %g\n",
                t->settings.cost * t->clear_repeats, t->settings.min_documents,
                (double)t->open_repeats / t->clear_repeats);
    if (holdout) text_printf(out, "holdout\t%s\n", holdout);
    text_printf(out, "features\t%u\nfold\t%s\n", tocsin_features_version(), info->fold_tables);
    if (t->features.window) text_printf(out, "window\t%u\t%s\n", t->features.window, window_topics);
    text_puts(out, "floor\t");
    append_number(out, t->model.floor);
    text_puts(out, "\nbias\t");
    append_number(out, t->model.bias);
    text_puts(out, "\ncalibration\t");
    append_number(out, t->slope);
    text_puts(out, "\t");
    append_number(out, t->intercept);
    text_puts(out, "\n");
    append_thresholds(t, out);
    text_printf(out, "count\t%zu\n\n", t->model.count);
    sized *list = by_size(t, 0, &count);
    for (size_t i = 0; i < count; i++) {
        if (tocsin_feature_to_text(t->plan, list[i].key, out) != TOCSIN_OK) tool_out_of_memory();
        text_puts(out, "\t");
        append_number(out, t->model.weights[list[i].index]);
        text_puts(out, "\t");
        append_number(out, t->model.idf[list[i].index]);
        text_puts(out, "\n");
    }
    tool_free(list);
}

void training_release(training *t) {
    for (size_t i = 0; i < t->count; i++) tool_free(t->documents[i].features);
    tool_free(t->documents);
    tool_free(t->facts);
    learn_release(&t->model);
}
