/*
 * Reads examples in the plan, or in a file of JSON lines beside it. JSON is YAML in flow style, except for \/ and pairs
 * of surrogate escapes. So the same tables read both, and a problem in a line is reported with its place like any
 * other.
 */
#include "plan/plan_examples.h"

#include <string.h>

#include <tocsin/examples.h>

#include "plan/plan_build.h"

static void read_clauses(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into) {
    tocsin__plan_example *example = into;
    example->has_clauses = 1;
    if (key->value->kind == TOCSIN__YAML_LIST && !key->value->count) return;
    tocsin__plan_read_texts(reader, key, &example->clauses);
}

static const tocsin__plan_field fields[] = {
    {"id", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, id)},
    {"title", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, title)},
    {"text", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, text)},
    {"source", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, source)},
    {"venue", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, venue)},
    {"attention", 0, tocsin__plan_read_text, offsetof(tocsin__plan_example, attention)},
    {"reach", 0, tocsin__plan_read_number, offsetof(tocsin__plan_example, reach)},
    {"tier", 1, tocsin__plan_read_text, offsetof(tocsin__plan_example, tier)},
    {"clauses", 0, read_clauses, 0},
    {0},
};
static const tocsin__plan_record record = {"an example", fields, sizeof(tocsin__plan_example)};

void tocsin__plan_read_examples(tocsin__plan_reader *reader, const tocsin__yaml_node *key, void *into) {
    tocsin__plan_description *d = into;
    const tocsin__yaml_node *value = key->value;
    const void *items = NULL;
    if (value->kind == TOCSIN__YAML_SCALAR || (value->first && value->first->kind == TOCSIN__YAML_SCALAR)) {
        tocsin__plan_read_texts(reader, key, &d->example_files);
    } else {
        d->example_count = tocsin__plan_read_records(reader, key, &record, &items);
        d->examples = items;
    }
}

static void choose(tocsin__plan_reader *reader, const char *what, const tocsin__plan_text *text,
                   const char *const *names, size_t count, int *value) {
    if (!text->value) return;
    size_t index = tocsin__plan_choose(reader, "bad-value", what, text, names, count);
    if (index < count) *value = (int)index;
}

static void check_facts(tocsin__plan_reader *reader, tocsin__plan_example *example) {
    const char *venues[TOCSIN_VENUE_COUNT], *attentions[TOCSIN_ATTENTION_COUNT];
    int venue = 0, attention = 0;
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) venues[i] = tocsin_venue_name((tocsin_venue)i);
    for (int i = 0; i < TOCSIN_ATTENTION_COUNT; i++) attentions[i] = tocsin_attention_name((tocsin_attention)i);
    choose(reader, "venue", &example->venue, venues, TOCSIN_VENUE_COUNT, &venue);
    choose(reader, "attention", &example->attention, attentions, TOCSIN_ATTENTION_COUNT, &attention);
    example->venue_value = (tocsin_venue)venue;
    example->attention_value = (tocsin_attention)attention;
}

/* The ids that an example may name, collected once. */
typedef struct known {
    const char **tiers, **clauses;
    size_t tier_count, clause_count;
} known;

static int collect(tocsin__plan_reader *reader, const tocsin__plan_description *d, known *names) {
    for (size_t t = 0; t < d->tier_count; t++) names->clause_count += d->tiers[t].clauses.count;
    names->tiers = tocsin__plan_make(reader, d->tier_count + 1, sizeof *names->tiers);
    names->clauses = tocsin__plan_make(reader, names->clause_count + 1, sizeof *names->clauses);
    if (!names->tiers || !names->clauses) return 0;
    names->clause_count = 0;
    names->tiers[names->tier_count++] = "none";
    for (size_t t = 0; t < d->tier_count; t++) {
        const tocsin__plan_tier *tier = &d->tiers[t];
        if (tier->id.value) names->tiers[names->tier_count++] = tier->id.value;
        for (size_t i = 0; i < tier->clauses.count; i++) {
            const char *id = tier->clauses.items[i].id.value;
            if (id) names->clauses[names->clause_count++] = id;
        }
    }
    return 1;
}

static void check(tocsin__plan_reader *reader, const known *names, tocsin__plan_example *example) {
    int ignored = 0;
    check_facts(reader, example);
    choose(reader, "tier", &example->tier, names->tiers, names->tier_count, &ignored);
    for (size_t i = 0; i < example->clauses.count; i++) {
        choose(reader, "clause", &example->clauses.items[i], names->clauses, names->clause_count, &ignored);
    }
    if (!example->title.value && !example->text.value && example->tier.value) {
        TOCSIN__PLAN_ERROR(&reader->report, "missing-key", example->tier.place,
                           "an example needs \"text\" or \"title\"");
    }
}

typedef TOCSIN_VEC(tocsin__plan_example) examples;

static tocsin_status add_line(tocsin__plan_reader *reader, const char *file, uint32_t number, tocsin_bytes line,
                              const tocsin_allocator *allocator, examples *list) {
    tocsin__arena nodes;
    tocsin__yaml_node *root = NULL;
    tocsin__plan_example example;
    memset(&example, 0, sizeof example);
    tocsin__arena_init(&nodes, allocator);
    tocsin_status status = tocsin__yaml_parse_at(file, number, line, &nodes, reader->arena, &reader->report, &root);
    size_t errors = reader->report.errors;
    if (!status && root) tocsin__plan_read_record(reader, root, &record, &example);
    if (!status && root && reader->report.errors == errors) status = tocsin__vec_push(list, allocator, example);
    tocsin__arena_release(&nodes);
    return status ? status : reader->report.status;
}

static tocsin_status add_file(tocsin__plan_build *build, tocsin__plan_reader *reader, const tocsin__plan_text *name,
                              examples *list) {
    const tocsin_allocator *allocator = &build->plan->allocator;
    tocsin_buffer bytes;
    int read = 0;
    tocsin_buffer_init(&bytes, allocator);
    tocsin_status status = tocsin__plan_read_source(build, name, &bytes, &read);
    uint32_t number = 0;
    for (size_t at = 0; !status && read && at < bytes.length;) {
        const char *line = bytes.data + at, *end = memchr(line, '\n', bytes.length - at);
        size_t length = end ? (size_t)(end - line) : bytes.length - at, space = 0;
        number++;
        at += length + (end != NULL);
        while (space < length && strchr(" \t\r", line[space])) space++;
        if (space < length) {
            status = add_line(reader, name->value, number, (tocsin_bytes){line, length}, allocator, list);
        }
    }
    tocsin_buffer_release(&bytes);
    return status;
}

tocsin_status tocsin__plan_build_examples(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    const tocsin_allocator *allocator = &plan->allocator;
    tocsin__plan_reader reader = {{build->report.diagnostics, 0, TOCSIN_OK}, &plan->arena};
    known names = {0};
    examples list = {0};
    if (!d->example_count && !d->example_files.count) return TOCSIN_OK;
    tocsin_status status = collect(&reader, d, &names) ? TOCSIN_OK : reader.report.status;
    for (size_t i = 0; i < d->example_count && !status; i++)
        status = tocsin__vec_push(&list, allocator, d->examples[i]);
    for (size_t i = 0; i < d->example_files.count && !status; i++) {
        status = add_file(build, &reader, &d->example_files.items[i], &list);
    }
    for (size_t i = 0; i < list.length && !status; i++) check(&reader, &names, &list.data[i]);
    if (!status) status = reader.report.status;
    tocsin__plan_example *kept = status ? NULL : tocsin__arena_allocate(&plan->arena, (list.length + 1) * sizeof *kept);
    if (!status && !kept) status = TOCSIN_ERROR_MEMORY;
    if (!status && list.length) memcpy(kept, list.data, list.length * sizeof *kept);
    plan->examples = kept;
    plan->example_count = list.length;
    build->report.errors += reader.report.errors;
    tocsin__vec_release(&list, allocator);
    return status;
}

size_t tocsin_plan_example_count(const tocsin_plan *plan) { return plan ? plan->example_count : 0; }
