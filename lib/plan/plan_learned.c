/*
 * Reads the learned weights of a plan: their files are sources like lists, read before the rules that name them. They
 * must fit the plan's folding and its topics.
 */
#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "plan/plan_build.h"
#include "text/fold_tables.h"

/* Writes the profile, the characters ignored between two others, and the version of the tables. */
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

void tocsin__learned_file_release(tocsin__learned_file *file) {
    if (!file || atomic_fetch_sub_explicit(&file->owners, 1, memory_order_acq_rel) != 1) return;
    tocsin_allocator allocator = file->arena.allocator;
    tocsin__arena_release(&file->arena);
    tocsin__deallocate(&allocator, file, sizeof *file);
}

/* Whether weights that were read for the base mean the same in this plan: they name topics by index. */
static int may_share(const tocsin__plan_build *build, const tocsin__learned_file *file) {
    const tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description, *base = build->kept->base->description;
    if (!file->weights || file->text.length > build->options.max_source_bytes) return 0;
    if (!tocsin__allocator_equals(&file->arena.allocator, &plan->allocator)) return 0;
    if (strcmp(plan->info.fold_tables, build->kept->base->info.fold_tables) != 0) return 0;
    if (d->topic_count < file->topic_count || (d->topic_count + 63) / 64 != (file->topic_count + 63) / 64) return 0;
    for (size_t i = 0; i < file->topic_count; i++) {
        const tocsin__plan_text *one = &d->topics[i].id, *other = &base->topics[i].id;
        if (!one->value || one->length != other->length || memcmp(one->value, other->value, one->length) != 0) return 0;
    }
    return 1;
}

static tocsin_status create_file(tocsin_plan *plan, tocsin__learned_file **out) {
    tocsin__learned_file *file = tocsin__allocate_zeroed(&plan->allocator, sizeof *file);
    if (!file) return TOCSIN_ERROR_MEMORY;
    atomic_init(&file->owners, 1);
    tocsin__arena_init(&file->arena, &plan->allocator);
    file->text = (tocsin_bytes){"", 0};
    file->topic_count = plan->description->topic_count;
    *out = file;
    return TOCSIN_OK;
}

/* Stores the text in the file and reads the weights from it. */
static tocsin_status fill_file(tocsin__plan_build *build, const tocsin__plan_text *name, const char *const *topics,
                               tocsin_bytes text, tocsin__learned_file *file) {
    const tocsin__weights_context context = {.file = name->value,
                                             .fold = build->plan->info.fold_tables,
                                             .topics = topics,
                                             .topic_count = file->topic_count,
                                             .diagnostics = build->report.diagnostics};
    if (!build->options.without_sources) {
        const char *copy = tocsin__arena_copy(&file->arena, text.data, text.length);
        if (!copy) return TOCSIN_ERROR_MEMORY;
        file->text = (tocsin_bytes){copy, text.length};
    }
    /* Two scores may name one file; the first one keeps it for an image. */
    tocsin_status status =
        tocsin__plan_keep_source(build, name->value, build->options.without_sources ? text : file->text, 1);
    return status ? status : tocsin__weights_read(text, &context, &file->arena, &build->report.errors, &file->weights);
}

static tocsin_status read_weights(tocsin__plan_build *build, size_t index, const char *const *topics,
                                  tocsin_buffer *bytes) {
    tocsin__learned_file **file = &build->plan->learned_files[index];
    const tocsin__plan_text *name = &build->plan->description->learned[index].weights;
    tocsin__learned_file *lent = build->kept && name->value ? build->kept->weights(build->context, name->value) : NULL;
    int read = 0;
    if (lent && may_share(build, lent)) {
        atomic_fetch_add_explicit(&lent->owners, 1, memory_order_relaxed);
        *file = lent;
        return tocsin__plan_keep_source(build, name->value, lent->text, 1);
    }
    tocsin_status status = tocsin__plan_read_unkept(build, name, bytes, &read);
    if (status || !read) return status;
    status = create_file(build->plan, file);
    const tocsin_bytes text = {bytes->data ? bytes->data : "", bytes->length};
    return status ? status : fill_file(build, name, topics, text, *file);
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

/* Whether two scores read the same parts of a document. */
static int read_alike(const tocsin_plan *plan, const tocsin__weights *one, const tocsin__weights *other) {
    const size_t words = (plan->description->topic_count + 63) / 64;
    if (one->plain != other->plain || one->window != other->window) return 0;
    return !one->window || !memcmp(one->around, other->around, words * sizeof *one->around);
}

void tocsin__learned_table_release(tocsin__learned_table *table) {
    if (!table || atomic_fetch_sub_explicit(&table->owners, 1, memory_order_acq_rel) != 1) return;
    tocsin_allocator allocator = table->arena.allocator;
    tocsin__arena_release(&table->arena);
    tocsin__deallocate(&allocator, table, sizeof *table);
}

/* The table of the base plan that joins the same weights, which are then shared too; NULL: there is none. */
static tocsin__learned_table *find_table(const tocsin__plan_build *build, const tocsin__weights *const *weights,
                                         size_t count) {
    const tocsin_plan *base = build->kept ? build->kept->base : NULL;
    for (size_t i = 0; base && i < base->vocabulary_count; i++) {
        tocsin__learned_table *table = base->learned_tables[i];
        if (table->count != count || !tocsin__allocator_equals(&table->arena.allocator, &build->plan->allocator)) {
            continue;
        }
        if (!memcmp(table->weights, weights, count * sizeof(*weights))) return table;
    }
    return NULL;
}

static tocsin_status fill_table(tocsin__learned_table *table, const tocsin__weights *const *weights, size_t count) {
    const tocsin__weights **kept = tocsin__arena_allocate(&table->arena, count * sizeof *kept);
    const tocsin__factor **factors = tocsin__arena_allocate(&table->arena, count * sizeof *factors);
    if (!kept || !factors) return TOCSIN_ERROR_MEMORY;
    memcpy(kept, weights, count * sizeof(*weights));
    table->weights = kept;
    table->factors = factors;
    table->count = count;
    return tocsin__vocabulary_build(weights, count, &table->arena, &table->vocabulary, factors);
}

/* Makes the table of some weights, or shares that of the base plan. */
static tocsin_status make_table(const tocsin__plan_build *build, const tocsin__weights *const *weights, size_t count,
                                tocsin__learned_table **out) {
    tocsin__learned_table *table = find_table(build, weights, count);
    if (table) {
        atomic_fetch_add_explicit(&table->owners, 1, memory_order_relaxed);
        *out = table;
        return TOCSIN_OK;
    }
    table = tocsin__allocate_zeroed(&build->plan->allocator, sizeof *table);
    if (!table) return TOCSIN_ERROR_MEMORY;
    atomic_init(&table->owners, 1);
    tocsin__arena_init(&table->arena, &build->plan->allocator);
    *out = table;
    return fill_table(table, weights, count);
}

/* Joins the scores from `first` on that read what it reads, and that have no vocabulary yet, into the next one. */
static tocsin_status join_scores(const tocsin__plan_build *build, size_t first, tocsin__scorer *scorers,
                                 const tocsin__vocabulary **vocabularies) {
    tocsin_plan *plan = build->plan;
    const tocsin__weights *weights[TOCSIN__RULE_MAX_LEARNED];
    size_t members[TOCSIN__RULE_MAX_LEARNED] = {first}, count = 1, features = scorers[first].weights->count;
    weights[0] = scorers[first].weights;
    for (size_t i = first + 1; i < plan->learned_count && count < TOCSIN__RULE_MAX_LEARNED; i++) {
        const tocsin__weights *one = scorers[i].weights;
        if (!one || scorers[i].vocabulary || !read_alike(plan, scorers[first].weights, one)) continue;
        if (features + one->count > TOCSIN__WEIGHTS_MAX) continue;
        features += one->count;
        members[count] = i;
        weights[count++] = one;
    }
    const uint32_t number = (uint32_t)plan->vocabulary_count;
    tocsin__learned_table *table = NULL;
    const tocsin_status status = make_table(build, weights, count, &table);
    plan->learned_tables[number] = table;
    plan->vocabulary_count += table != NULL;
    if (status) return status;
    vocabularies[number] = table->vocabulary;
    for (size_t i = 0; i < count; i++) {
        tocsin__scorer *scorer = &scorers[members[i]];
        scorer->vocabulary = table->vocabulary;
        scorer->factors = table->factors[i];
        scorer->number = number;
    }
    return TOCSIN_OK;
}

static tocsin_status build_scorers(const tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const size_t count = plan->learned_count;
    tocsin__scorer *scorers = tocsin__arena_allocate(&plan->arena, count * sizeof *scorers);
    const tocsin__vocabulary **vocabularies = tocsin__arena_allocate(&plan->arena, count * sizeof *vocabularies);
    tocsin_status status = TOCSIN_OK;
    plan->learned_tables = tocsin__arena_allocate(&plan->arena, count * sizeof(tocsin__learned_table *));
    if (!scorers || !vocabularies || !plan->learned_tables) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const tocsin__learned_file *file = plan->learned_files[i];
        scorers[i] = (tocsin__scorer){.weights = file ? file->weights : NULL};
    }
    for (size_t i = 0; i < count && !status; i++) {
        if (scorers[i].weights && !scorers[i].vocabulary) status = join_scores(build, i, scorers, vocabularies);
    }
    plan->learned = scorers;
    plan->vocabularies = vocabularies;
    return status;
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
    plan->learned_files = tocsin__arena_allocate(&plan->arena, count * sizeof *plan->learned_files);
    if (!names || !labels || !topics || !plan->learned_files) return TOCSIN_ERROR_MEMORY;
    memset(plan->learned_files, 0, count * sizeof *plan->learned_files);
    plan->learned_count = plan->names.learned_count = count;
    for (size_t i = 0; i < d->topic_count; i++) topics[i] = d->topics[i].id.value ? d->topics[i].id.value : "";
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, &plan->allocator);
    for (size_t i = 0; i < count && !status; i++) {
        names[i] = d->learned[i].id.value ? d->learned[i].id.value : "";
        labels[i] = label_of(plan, names[i]);
        if (!labels[i]) status = TOCSIN_ERROR_MEMORY;
        if (!status && !build->options.without_weights) status = read_weights(build, i, topics, &bytes);
    }
    tocsin_buffer_release(&bytes);
    plan->learned_labels = labels;
    plan->names.learned = names;
    return status ? status : build_scorers(build);
}
