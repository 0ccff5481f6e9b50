/*
 * Makes a plan the base of a new builder: its description, terms and examples are stored as if calls had added them.
 * For messages, the positions of all parts are read from the plan, which the builder retains.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "plan/builder_internal.h"

static tocsin__origin origin_of(const tocsin__plan_text *place, const tocsin__plan_text *when) {
    return (tocsin__origin){place->place, when && when->value ? when : NULL};
}

static tocsin_status set(tocsin_builder *b, tocsin_builder_text which, const tocsin__plan_text *text) {
    if (!text->value) return TOCSIN_OK;
    tocsin_status status = tocsin_builder_set(b, which, tocsin__plan_bytes(text), NULL, NULL);
    b->texts[which].origin = origin_of(text, text);
    return status;
}

/* Adds a part and gives it the place that it has in the base. */
static tocsin_status add(tocsin_builder *b, tocsin_part part, const tocsin_builder_item *item,
                         const tocsin__plan_text *id, const tocsin__plan_text *when) {
    tocsin_status status = tocsin_builder_add(b, part, item, NULL);
    if (!status) b->parts.data[b->parts.length - 1].origin = origin_of(id, when);
    return status;
}

static int names_topic(const tocsin__plan_texts *words, const tocsin__plan_text *id) {
    for (size_t i = 0; i < words->count; i++) {
        const tocsin__plan_text *word = &words->items[i];
        if (word->length == id->length && !memcmp(word->value, id->value, id->length)) return 1;
    }
    return 0;
}

static tocsin_status take_topics(tocsin_builder *b, const tocsin__plan_description *d) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < d->topic_count && !status; i++) {
        const tocsin__plan_topic *topic = &d->topics[i];
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        item.id = tocsin__plan_bytes(&topic->id);
        item.name = tocsin__plan_bytes(&topic->name);
        item.name_en = tocsin__plan_bytes(&topic->name_en);
        item.note = tocsin__plan_bytes(&topic->note);
        item.bounds = (tocsin_bounds)(topic->bounds + 1);
        item.role = topic->role;
        item.attention = names_topic(&d->attention.high_words, &topic->id)       ? TOCSIN_ATTENTION_HIGH
                         : names_topic(&d->attention.elevated_words, &topic->id) ? TOCSIN_ATTENTION_ELEVATED
                                                                                 : TOCSIN_ATTENTION_LOW;
        status = add(b, TOCSIN_PART_TOPIC, &item, &topic->id, NULL);
    }
    for (size_t i = 0; i < d->define_count && !status; i++) {
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        item.id = tocsin__plan_bytes(&d->defines[i].id);
        item.when = tocsin__plan_bytes(&d->defines[i].when);
        status = add(b, TOCSIN_PART_DEFINE, &item, &d->defines[i].id, &d->defines[i].when);
    }
    return status;
}

static tocsin_status take_clauses(tocsin_builder *b, tocsin_part part, const tocsin__plan_clauses *clauses,
                                  tocsin_bytes tier) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < clauses->count && !status; i++) {
        const tocsin__plan_clause *clause = &clauses->items[i];
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        item.id = tocsin__plan_bytes(&clause->id);
        item.name = tocsin__plan_bytes(&clause->name);
        item.name_en = tocsin__plan_bytes(&clause->name_en);
        item.note = tocsin__plan_bytes(&clause->note);
        item.when = tocsin__plan_bytes(&clause->when);
        item.tier = tier;
        status = add(b, part, &item, &clause->id, &clause->when);
    }
    return status;
}

static tocsin_status take_tiers(tocsin_builder *b, const tocsin__plan_description *d) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < d->tier_count && !status; i++) {
        const tocsin__plan_tier *tier = &d->tiers[i];
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        item.id = tocsin__plan_bytes(&tier->id);
        item.name = tocsin__plan_bytes(&tier->name);
        item.name_en = tocsin__plan_bytes(&tier->name_en);
        item.note = tocsin__plan_bytes(&tier->note);
        item.severe = tier->severity == TOCSIN__SEVERITY_SEVERE;
        status = add(b, TOCSIN_PART_TIER, &item, &tier->id, NULL);
        if (status) break;
        b->parts.data[b->parts.length - 1].base_tier = tier;
        for (size_t n = 0; n < tier->deadline_count && !status; n++) {
            status = tocsin_builder_set_deadline(b, item.id, tocsin__plan_bytes(&tier->deadlines[n].id),
                                                 (uint32_t)tier->deadlines[n].hours, NULL, NULL);
            if (!status) b->deadlines.data[b->deadlines.length - 1].origin = origin_of(&tier->deadlines[n].id, NULL);
        }
        if (status) break;
        status = take_clauses(b, TOCSIN_PART_CLAUSE, &tier->clauses, item.id);
    }
    return status ? status : take_clauses(b, TOCSIN_PART_ROUTE, &d->routes, (tocsin_bytes){"", 0});
}

/* The text of terms is not copied, as the builder retains the base. Their topics are the builder's first parts. */
static tocsin_status take_terms(tocsin_builder *b, const tocsin_plan *plan) {
    const tocsin__lexicon *lexicon = &plan->lexicon;
    const size_t most = lexicon->term_count + lexicon->term_count / 16 + 16; /* a few more will be added */
    if (tocsin__vec_reserve(&b->terms, most, &b->allocator)) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        b->terms.data[b->terms.length++] = (tocsin__builder_entry){.text = term->original,
                                                                   .note = term->note,
                                                                   .unless = {"", 0},
                                                                   .topic = term->topic,
                                                                   .kind = (tocsin_term_kind)term->kind,
                                                                   .bounds = (tocsin_bounds)(term->bounds + 1),
                                                                   .weight = term->weight,
                                                                   .unit = term->unit,
                                                                   .origin = {term->place, NULL},
                                                                   .base_term = (uint32_t)i};
    }
    return TOCSIN_OK;
}

/* Adds a family without its star. Other patterns are not copied. */
static tocsin_status take_venues(tocsin_builder *b, const tocsin_plan *plan) {
    const size_t count = plan->venues->entries.length;
    if (tocsin__vec_reserve(&b->venues, count, &b->allocator)) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        const tocsin__venue_entry *entry = &plan->venues->entries.data[i];
        tocsin_bytes pattern = entry->pattern;
        if (pattern.data[pattern.length - 1] == '/') {
            char *family = tocsin__arena_copy(&b->arena, pattern.data, pattern.length + 1);
            if (!family) return TOCSIN_ERROR_MEMORY;
            family[pattern.length] = '*';
            pattern = (tocsin_bytes){family, pattern.length + 1};
        }
        b->venues.data[b->venues.length++] =
            (tocsin__builder_venue){.pattern = pattern, .venue = entry->venue, .origin = {entry->place, NULL}};
    }
    return TOCSIN_OK;
}

/* Weights are not copied, as the builder retains the base. */
static tocsin_status take_learned(tocsin_builder *b, const tocsin_plan *plan) {
    const tocsin__plan_description *d = plan->description;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < d->learned_count && !status; i++) {
        tocsin_builder_item item = TOCSIN_BUILDER_ITEM_INIT;
        item.id = tocsin__plan_bytes(&d->learned[i].id);
        item.note = tocsin__plan_bytes(&d->learned[i].note);
        status = add(b, TOCSIN_PART_LEARNED, &item, &d->learned[i].id, NULL);
        if (status || !plan->learned_files[i]) continue;
        tocsin__builder_part *part = &b->parts.data[b->parts.length - 1];
        part->file = plan->learned_files[i];
        part->item.weights = part->file->text;
    }
    return status;
}

static tocsin_status take_plan(tocsin_builder *b, const tocsin_plan *base, tocsin_error *error) {
    const tocsin__plan_description *d = base->description;
    if (base->options.without_sources) {
        return tocsin__fail(error, TOCSIN_ERROR_UNSUPPORTED, "base was compiled without_sources");
    }
    b->base = tocsin_plan_retain(base);
    b->fold = d->fold;
    b->elevated = d->attention.elevated;
    b->high = d->attention.high;
    tocsin_status status = set(b, TOCSIN_BUILDER_NAME, &d->name);
    if (!status) status = set(b, TOCSIN_BUILDER_NAME_EN, &d->name_en);
    if (!status) status = set(b, TOCSIN_BUILDER_VERSION, &d->version);
    if (!status) status = set(b, TOCSIN_BUILDER_ABOUT, &d->about.when);
    if (!status) status = take_topics(b, d);
    if (!status) status = take_learned(b, base);
    if (!status) status = take_tiers(b, d);
    if (!status) status = take_terms(b, base);
    if (!status) status = take_venues(b, base);
    if (!status) status = tocsin__builder_take_examples(b, base);
    return status ? tocsin__fail(error, status, "no memory for the plan in a builder") : TOCSIN_OK;
}

tocsin_status tocsin_builder_create(const tocsin_plan *base, const tocsin_allocator *allocator,
                                    tocsin_builder **builder, tocsin_error *error) {
    tocsin_allocator resolved;
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = tocsin__take_allocator(allocator, "allocator", &resolved, error);
    if (status) return status;
    tocsin_builder *made = tocsin__allocate_zeroed(&resolved, sizeof *made);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "no memory for a builder");
    made->allocator = resolved;
    tocsin__arena_init(&made->arena, &resolved);
    if (base) status = take_plan(made, base, error);
    if (status) {
        tocsin_builder_free(made);
        return status;
    }
    *builder = made;
    return TOCSIN_OK;
}
