/*
 * Reads the learned weights of a plan: their files are sources like lists, read before the rules that name them. They
 * must fit the plan's folding and its topics.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "plan/plan_build.h"
#include "text/fold_tables.h"

/* Writes the profile, what is left out between two characters, and the version of the tables. */
static tocsin_status describe_fold(tocsin_plan *plan) {
    const tocsin_fold_options *fold = &plan->description->fold;
    char text[96], left_out[32] = "";
    if (fold->between_han || fold->between_latin) {
        (void)snprintf(left_out, sizeof left_out, "-%x-%x", (unsigned)fold->between_han, (unsigned)fold->between_latin);
    }
    const int length =
        snprintf(text, sizeof text, "%s%s %016llx", fold->profile == TOCSIN_FOLD_NFKC_CF ? "nfkc_cf" : "nfkc_cf+hans",
                 left_out, (unsigned long long)tocsin__fold_tables_id);
    plan->info.fold_tables = tocsin__arena_copy(&plan->arena, text, (size_t)length);
    return plan->info.fold_tables ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

static tocsin_status read_weights(tocsin__plan_build *build, size_t index, const char *const *topics,
                                  tocsin_buffer *bytes, const tocsin__weights **weights) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_text *file = &plan->description->learned[index].weights;
    int read = 0;
    tocsin_status status = tocsin__plan_read_source(build, file, bytes, &read);
    if (status || !read) return status;
    const tocsin__weights_context context = {.file = file->value,
                                             .fold = plan->info.fold_tables,
                                             .topics = topics,
                                             .topic_count = plan->description->topic_count,
                                             .diagnostics = build->report.diagnostics};
    const tocsin_bytes text = {bytes->data ? bytes->data : "", bytes->length};
    return tocsin__weights_read(text, &context, &plan->arena, &build->report.errors, weights);
}

/* "learned(重大)" */
static const char *label_of(tocsin_plan *plan, const char *name) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, &plan->allocator);
    const char *label = NULL;
    if (!tocsin__buffer_printf(&text, "learned(%s)", name)) {
        label = tocsin__arena_copy(&plan->arena, text.data, text.length);
    }
    tocsin_buffer_release(&text);
    return label;
}

tocsin_status tocsin__plan_build_learned(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    const size_t count = d->learned_count;
    tocsin_status status = describe_fold(plan);
    if (status || !count) return status;
    const char **names = tocsin__arena_allocate(&plan->arena, count * sizeof *names);
    const char **labels = tocsin__arena_allocate(&plan->arena, count * sizeof *labels);
    const char **topics = tocsin__arena_allocate(&plan->arena, (d->topic_count + 1) * sizeof *topics);
    const tocsin__weights **weights = tocsin__arena_allocate(&plan->arena, count * sizeof *weights);
    if (!names || !labels || !topics || !weights) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < d->topic_count; i++) topics[i] = d->topics[i].id.value ? d->topics[i].id.value : "";
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, &plan->allocator);
    for (size_t i = 0; i < count && !status; i++) {
        names[i] = d->learned[i].id.value ? d->learned[i].id.value : "";
        labels[i] = label_of(plan, names[i]);
        weights[i] = NULL;
        if (!labels[i]) status = TOCSIN_ERROR_MEMORY;
        if (!status && !build->options.without_weights) status = read_weights(build, i, topics, &bytes, &weights[i]);
    }
    tocsin_buffer_release(&bytes);
    plan->learned = weights;
    plan->learned_labels = labels;
    plan->learned_count = plan->names.learned_count = count;
    plan->names.learned = names;
    return status;
}
