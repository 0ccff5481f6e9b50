/* The deadlines of tiers and the examples of a builder. */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "plan/builder_internal.h"
#include "plan/plan_examples.h"

#define LEAST_EXAMPLE (offsetof(tocsin_builder_example, label) + sizeof(const char *))

tocsin_status tocsin_builder_example_init(tocsin_builder_example *example, size_t size) {
    static const tocsin_builder_example defaults = TOCSIN_BUILDER_EXAMPLE_INIT;
    return tocsin__init_struct(example, size, &defaults, sizeof defaults, LEAST_EXAMPLE);
}

static tocsin__builder_deadline *find_deadline(tocsin_builder *b, size_t tier, tocsin_bytes name) {
    for (size_t i = 0; i < b->deadlines.length; i++) {
        tocsin__builder_deadline *d = &b->deadlines.data[i];
        if (d->tier != tier || d->name.length != name.length) continue;
        if (!name.length || !memcmp(d->name.data, name.data, name.length)) return d;
    }
    return NULL;
}

tocsin_status tocsin_builder_set_deadline(tocsin_builder *builder, tocsin_bytes tier, tocsin_bytes name, uint32_t hours,
                                          const char *label, tocsin_error *error) {
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = tocsin__check_bytes(tier, "", "tier", error);
    if (!status) status = tocsin__check_bytes(name, "", "name", error);
    if (status) return status;
    const size_t found = tocsin__builder_find(builder, TOCSIN_PART_TIER, tier);
    if (found == builder->parts.length) return tocsin__builder_not_found(error, "tier", tier);
    tocsin__builder_deadline made = {(uint32_t)found, name, hours, builder->parts.data[found].origin};
    tocsin__builder_deadline *old = find_deadline(builder, found, name);
    if (label && !tocsin__builder_keep_label(builder, label, name, &made.origin)) {
        return tocsin__builder_no_memory(error);
    }
    if (old) {
        made.name = old->name;
        *old = made;
        return TOCSIN_OK;
    }
    if (!tocsin__builder_keep(builder, &made.name) ||
        tocsin__vec_push(&builder->deadlines, &builder->allocator, made)) {
        return tocsin__builder_no_memory(error);
    }
    return TOCSIN_OK;
}

static tocsin_status check_example(const tocsin_builder_example *example, tocsin_error *error) {
    const struct {
        tocsin_bytes bytes;
        const char *name;
    } members[] = {{example->id, "id"},
                   {example->title, "title"},
                   {example->text, "text"},
                   {example->source, "source"},
                   {example->tier, "tier"}};
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < sizeof members / sizeof *members && !status; i++) {
        status = tocsin__check_bytes(members[i].bytes, "example->", members[i].name, error);
    }
    if (!status) {
        status =
            tocsin__check_value((int)example->venue, TOCSIN_VENUE_COUNT, "example->", "venue", "tocsin_venue", error);
    }
    if (!status) {
        status = tocsin__check_value((int)example->attention, TOCSIN_ATTENTION_COUNT, "example->", "attention",
                                     "tocsin_attention", error);
    }
    if (status) return status;
    if (!example->clauses && example->clause_count) return tocsin__null_argument(error, "example->clauses");
    for (size_t i = 0; i < example->clause_count && !status; i++) {
        status = tocsin__check_bytes(example->clauses[i], "example->", "clauses[]", error);
    }
    return status;
}

static int keep_clauses(tocsin_builder *b, tocsin_builder_example *example) {
    tocsin_bytes *kept = tocsin__arena_allocate(&b->arena, (example->clause_count + 1) * sizeof *kept);
    if (!kept) return 0;
    for (size_t i = 0; i < example->clause_count; i++) {
        kept[i] = example->clauses[i];
        if (!tocsin__builder_keep(b, &kept[i])) return 0;
    }
    example->has_clauses = example->has_clauses || example->clause_count;
    example->clauses = kept;
    return 1;
}

tocsin_status tocsin_builder_add_example(tocsin_builder *builder, const tocsin_builder_example *example,
                                         tocsin_error *error) {
    static const char label[] = "examples";
    tocsin__builder_example made = {.given = TOCSIN_BUILDER_EXAMPLE_INIT};
    tocsin_builder_example *kept = &made.given;
    if (!builder) return tocsin__null_argument(error, "builder");
    if (!example) return tocsin__null_argument(error, "example");
    tocsin_status status = tocsin__take_struct(example, "example", "TOCSIN_BUILDER_EXAMPLE_INIT", kept, sizeof *kept,
                                               LEAST_EXAMPLE, error);
    if (!status) status = check_example(kept, error);
    if (status) return status;
    if (!tocsin__builder_keep_label(builder, kept->label, (tocsin_bytes){label, sizeof label - 1}, &made.origin) ||
        !tocsin__builder_keep(builder, &kept->id) || !tocsin__builder_keep(builder, &kept->title) ||
        !tocsin__builder_keep(builder, &kept->text) || !tocsin__builder_keep(builder, &kept->source) ||
        !tocsin__builder_keep(builder, &kept->tier) || !keep_clauses(builder, kept) ||
        tocsin__vec_push(&builder->examples, &builder->allocator, made)) {
        return tocsin__builder_no_memory(error);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_remove_example(tocsin_builder *builder, size_t index, tocsin_error *error) {
    if (!builder) return tocsin__null_argument(error, "builder");
    if (index >= builder->examples.length) {
        return tocsin__fail(error, TOCSIN_ERROR_NOT_FOUND, "the builder has no example %zu, and %zu in all", index,
                            builder->examples.length);
    }
    tocsin__builder_example *gone = &builder->examples.data[index];
    memmove(gone, gone + 1, (--builder->examples.length - index) * sizeof *gone);
    return TOCSIN_OK;
}

/* ---- from a base ---- */

static tocsin_status take_example(tocsin_builder *b, const tocsin__plan_example *from) {
    tocsin_builder_example example = TOCSIN_BUILDER_EXAMPLE_INIT;
    tocsin_bytes *clauses = tocsin__arena_allocate(&b->arena, (from->clauses.count + 1) * sizeof *clauses);
    if (!clauses) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < from->clauses.count; i++) clauses[i] = tocsin__plan_bytes(&from->clauses.items[i]);
    example.id = tocsin__plan_bytes(&from->id);
    example.title = tocsin__plan_bytes(&from->title);
    example.text = tocsin__plan_bytes(&from->text);
    example.source = tocsin__plan_bytes(&from->source);
    example.venue = from->venue_value;
    example.attention = from->attention_value;
    example.reach = from->reach;
    example.tier = tocsin__plan_bytes(&from->tier);
    example.clauses = clauses;
    example.clause_count = from->clauses.count;
    example.has_clauses = from->has_clauses;
    const tocsin__builder_example made = {example, {from->tier.place, NULL}};
    return tocsin__vec_push(&b->examples, &b->allocator, made);
}

tocsin_status tocsin__builder_take_examples(tocsin_builder *b, const tocsin_plan *plan) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < plan->example_count && !status; i++) status = take_example(b, &plan->examples[i]);
    return status;
}
