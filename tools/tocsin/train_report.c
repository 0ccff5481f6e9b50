/*
 * The report of training. The table comes from cross-validation, so no figure is about a document that was trained on;
 * the background column is how many of a thousand unlabelled documents would be found.
 */
#include "tocsin/train_report.h"

#include <inttypes.h>

#include "feed/utf8_text.h"
#include "learn/learn_stats.h"
#include "program/message.h"

#define SHOWN_FEATURES 30

static void append_share(tocsin_buffer *out, uint64_t part, uint64_t whole) {
    double low, high;
    stats_wilson(part, whole, &low, &high);
    if (whole) {
        text_printf(out, "  %5.1f %% (%3.0f–%3.0f)", 100 * stats_share(part, whole), 100 * low, 100 * high);
    } else {
        text_puts(out, "      –          ");
    }
}

static void append_thresholds(const training *t, tocsin_buffer *out) {
    text_puts(out, message("\nclear labels, each judged by weights that it was not trained with\n"
                           "threshold    found  right  wanted  precision (95 %)    recall (95 %)   background\n"));
    for (int step = 1; step <= TRAINING_THRESHOLDS; step++) {
        const training_row row = training_at(t, step * 0.05);
        text_printf(out, "%9.2f  %7" PRIu64 "%7" PRIu64 "%8" PRIu64, step * 0.05, row.found, row.right, row.wanted);
        append_share(out, row.right, row.found);
        append_share(out, row.right, row.wanted);
        if (row.background) {
            text_printf(out, "  %8.2f ‰", 1000 * stats_share(row.background_found, row.background));
        }
        text_puts(out, "\n");
    }
}

static void append_features(const training *t, int sign, tocsin_buffer *out) {
    size_t features[SHOWN_FEATURES];
    const size_t count = training_strongest(t, sign, SHOWN_FEATURES, features);
    text_puts(out,
              sign > 0 ? message("\nstrongest features for it\n ") : message("\nstrongest features against it\n "));
    for (size_t i = 0; i < count; i++) {
        tocsin_buffer text;
        tocsin_buffer_init(&text, NULL);
        (void)tocsin_feature_to_text(t->plan, t->model.keys[features[i]], &text);
        text_puts(out, " ");
        utf8_append_visible(out, text.data, text.length, 0);
        text_printf(out, " %.2f", t->model.weights[features[i]]);
        tocsin_buffer_release(&text);
        if (i % 10 == 9 && i + 1 < count) text_puts(out, "\n ");
    }
    text_puts(out, "\n");
}

void train_report(const training *t, tocsin_buffer *out) {
    size_t labels = 0, targets = 0, open = 0, background = 0;
    for (size_t i = 0; i < t->count; i++) {
        background += (size_t)t->facts[i].is_background;
        labels += (size_t)!t->facts[i].is_background;
        open += (size_t)t->facts[i].is_open;
        targets += (size_t)(t->facts[i].is_target && !t->facts[i].is_open);
    }
    text_printf(out, message("%zu labelled documents: %zu clear ones of the target, %zu open; %zu of the background\n"),
                labels, targets, open, background);
    text_printf(out, message("%zu groups, with near-duplicates together; %zu features\n"), t->groups, t->model.count);
    text_printf(out, message("average precision of clear labels in cross-validation: %.3f\n"),
                training_average_precision(t));
    append_thresholds(t, out);
    append_features(t, 1, out);
    append_features(t, -1, out);
}

void train_report_curve(training *t, tocsin_buffer *out) {
    static const double parts[] = {0.0625, 0.125, 0.25, 0.5, 0.75, 1};
    text_puts(out, message("\nlearning curve\n   labels  average precision\n"));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t used;
        const double reached = training_with_part(t, parts[i], &used);
        if (reached > 0) {
            text_printf(out, "%9zu  %17.3f\n", used, reached);
        } else {
            text_printf(out, message("%9zu  too few of one class\n"), used);
        }
    }
}
