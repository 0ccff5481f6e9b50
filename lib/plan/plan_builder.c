/*
 * Builds a plan by calls. The calls only collect parts. Sources are written from these and go through the one compiler,
 * so that a built plan gives the same verdicts as a plan of files, can be saved, and has its mistakes reported in the
 * same way.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "lexicon/list_text.h"
#include "plan/builder_internal.h"

#define LEAST_ITEM (offsetof(tocsin_builder_item, label) + sizeof(const char *))
#define LEAST_TERM (offsetof(tocsin_builder_term, label) + sizeof(const char *))

tocsin_status tocsin_builder_item_init(tocsin_builder_item *item, size_t size) {
    static const tocsin_builder_item defaults = TOCSIN_BUILDER_ITEM_INIT;
    return tocsin__init_struct(item, size, &defaults, sizeof defaults, LEAST_ITEM);
}

tocsin_status tocsin_builder_term_init(tocsin_builder_term *term, size_t size) {
    static const tocsin_builder_term defaults = TOCSIN_BUILDER_TERM_INIT;
    return tocsin__init_struct(term, size, &defaults, sizeof defaults, LEAST_TERM);
}

void tocsin_builder_free(tocsin_builder *builder) {
    if (!builder) return;
    const tocsin_allocator allocator = builder->allocator;
    tocsin__vec_release(&builder->parts, &allocator);
    tocsin__vec_release(&builder->terms, &allocator);
    tocsin__vec_release(&builder->venues, &allocator);
    tocsin__vec_release(&builder->deadlines, &allocator);
    tocsin__vec_release(&builder->examples, &allocator);
    tocsin__arena_release(&builder->arena);
    tocsin_plan_release(builder->base);
    tocsin__deallocate(&allocator, builder, sizeof *builder);
}

int tocsin__builder_keep(tocsin_builder *b, tocsin_bytes *bytes) {
    if (!bytes->length) {
        *bytes = (tocsin_bytes){"", 0};
        return 1;
    }
    bytes->data = tocsin__arena_copy(&b->arena, bytes->data, bytes->length);
    return bytes->data != NULL;
}

int tocsin__builder_keep_label(tocsin_builder *b, const char *label, tocsin_bytes otherwise, tocsin__origin *origin) {
    const tocsin_bytes bytes = label ? (tocsin_bytes){label, strlen(label)} : otherwise;
    const char *copy = tocsin__arena_copy(&b->arena, bytes.data ? bytes.data : "", bytes.length);
    *origin = (tocsin__origin){{copy, 0, 0}, NULL};
    return copy != NULL;
}

tocsin_status tocsin__builder_no_memory(tocsin_error *error) {
    return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "no memory for what the builder keeps");
}

tocsin_status tocsin_builder_set(tocsin_builder *builder, tocsin_builder_text which, tocsin_bytes text,
                                 const char *label, tocsin_error *error) {
    static const char *const names[] = {"plan", "name_en", "version", "about"};
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status =
        tocsin__check_value((int)which, TOCSIN__BUILDER_TEXTS, "", "which", "tocsin_builder_text", error);
    if (!status) status = tocsin__check_bytes(text, "", "text", error);
    if (status) return status;
    tocsin__origin origin;
    if (!tocsin__builder_keep(builder, &text) ||
        !tocsin__builder_keep_label(builder, label, (tocsin_bytes){names[which], strlen(names[which])}, &origin)) {
        return tocsin__builder_no_memory(error);
    }
    builder->texts[which].text = text;
    builder->texts[which].origin = origin;
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_set_fold(tocsin_builder *builder, const tocsin_fold_options *fold, tocsin_error *error) {
    const uint32_t all = TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT | TOCSIN_BETWEEN_SYMBOL;
    if (!builder) return tocsin__null_argument(error, "builder");
    if (!fold) return tocsin__null_argument(error, "fold");
    tocsin_status status = tocsin__check_value((int)fold->profile, TOCSIN_FOLD_NFKC_CF + 1, "fold->", "profile",
                                               "tocsin_fold_profile", error);
    if (status) return status;
    if ((fold->between_han | fold->between_latin) & ~all) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "fold->between_%s is %u, which has an unknown flag",
                            fold->between_han & ~all ? "han" : "latin",
                            (unsigned)(fold->between_han & ~all ? fold->between_han : fold->between_latin));
    }
    builder->fold = *fold;
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_set_reach(tocsin_builder *builder, uint64_t elevated, uint64_t high, tocsin_error *error) {
    if (!builder) return tocsin__null_argument(error, "builder");
    builder->elevated = elevated;
    builder->high = high;
    return TOCSIN_OK;
}

static int same(tocsin_bytes one, tocsin_bytes other) {
    return one.length == other.length && (!one.length || !memcmp(one.data, other.data, one.length));
}

size_t tocsin__builder_find(const tocsin_builder *b, tocsin_part part, tocsin_bytes id) {
    for (size_t i = b->parts.length; i-- > 0;) {
        const tocsin__builder_part *p = &b->parts.data[i];
        if (p->part == part && !p->removed && same(p->item.id, id)) return i;
    }
    return b->parts.length;
}

tocsin_status tocsin__builder_not_found(tocsin_error *error, const char *what, tocsin_bytes id) {
    return tocsin__fail(error, TOCSIN_ERROR_NOT_FOUND, "the builder has no %s \"%s\"", what,
                        tocsin__show(id.data ? id.data : "", id.length).text);
}

static tocsin_status check_part(tocsin_part part, tocsin_error *error) {
    return tocsin__check_value((int)part, TOCSIN_PART_DEFINE + 1, "", "part", "tocsin_part", error);
}

static tocsin_status check_bounds(tocsin_bounds bounds, const char *owner, tocsin_error *error) {
    return tocsin__check_value((int)bounds, TOCSIN_BOUNDS_NONE + 1, owner, "bounds", "tocsin_bounds", error);
}

static const char *const part_names[] = {"tier", "clause", "route", "topic", "learned score", "define"};

static tocsin_status check_item(tocsin_part part, const tocsin_builder_item *item, tocsin_error *error) {
    const struct {
        tocsin_bytes bytes;
        const char *name;
    } members[] = {{item->id, "id"},     {item->name, "name"}, {item->name_en, "name_en"}, {item->note, "note"},
                   {item->when, "when"}, {item->tier, "tier"}, {item->weights, "weights"}};
    tocsin_status status = check_part(part, error);
    for (size_t i = 0; i < sizeof members / sizeof *members && !status; i++) {
        status = tocsin__check_bytes(members[i].bytes, "item->", members[i].name, error);
    }
    if (!status) status = check_bounds(item->bounds, "item->", error);
    if (!status) status = tocsin__check_value((int)item->role, TOCSIN__ROLES, "item->", "role", "tocsin_role", error);
    if (!status) {
        status = tocsin__check_value((int)item->attention, TOCSIN_ATTENTION_COUNT, "item->", "attention",
                                     "tocsin_attention", error);
    }
    return status;
}

tocsin_status tocsin_builder_add(tocsin_builder *builder, tocsin_part part, const tocsin_builder_item *item,
                                 tocsin_error *error) {
    tocsin__builder_part made = {.part = part, .item = TOCSIN_BUILDER_ITEM_INIT};
    if (!builder) return tocsin__null_argument(error, "builder");
    if (!item) return tocsin__null_argument(error, "item");
    tocsin_status status =
        tocsin__take_struct(item, "item", "TOCSIN_BUILDER_ITEM_INIT", &made.item, sizeof made.item, LEAST_ITEM, error);
    if (!status) status = check_item(part, &made.item, error);
    if (status) return status;
    if (part == TOCSIN_PART_CLAUSE) {
        made.tier = (uint32_t)tocsin__builder_find(builder, TOCSIN_PART_TIER, made.item.tier);
        if (made.tier == builder->parts.length) return tocsin__builder_not_found(error, "tier", made.item.tier);
    }
    tocsin_builder_item *kept = &made.item;
    if (!tocsin__builder_keep_label(builder, kept->label, kept->id, &made.origin) ||
        !tocsin__builder_keep(builder, &kept->id) || !tocsin__builder_keep(builder, &kept->name) ||
        !tocsin__builder_keep(builder, &kept->name_en) || !tocsin__builder_keep(builder, &kept->note) ||
        !tocsin__builder_keep(builder, &kept->when) || !tocsin__builder_keep(builder, &kept->tier) ||
        !tocsin__builder_keep(builder, &kept->weights) ||
        tocsin__vec_push(&builder->parts, &builder->allocator, made)) {
        return tocsin__builder_no_memory(error);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_remove(tocsin_builder *builder, tocsin_part part, tocsin_bytes id, tocsin_error *error) {
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = check_part(part, error);
    if (!status) status = tocsin__check_bytes(id, "", "id", error);
    if (status) return status;
    const size_t found = tocsin__builder_find(builder, part, id);
    if (found == builder->parts.length) return tocsin__builder_not_found(error, part_names[part], id);
    builder->parts.data[found].removed = 1;
    for (size_t i = 0; part == TOCSIN_PART_TIER && i < builder->parts.length; i++) {
        tocsin__builder_part *p = &builder->parts.data[i];
        p->removed |= p->part == TOCSIN_PART_CLAUSE && p->tier == found;
    }
    for (size_t i = 0; part == TOCSIN_PART_TOPIC && i < builder->terms.length; i++) {
        builder->terms.data[i].removed |= builder->terms.data[i].topic == found;
    }
    return TOCSIN_OK;
}

static tocsin_status check_term(const tocsin_builder_term *term, tocsin_error *error) {
    tocsin_status status = tocsin__check_bytes(term->topic, "term->", "topic", error);
    if (!status) status = tocsin__check_bytes(term->text, "term->", "text", error);
    if (!status) status = tocsin__check_bytes(term->note, "term->", "note", error);
    if (!status) status = check_bounds(term->bounds, "term->", error);
    if (!status) {
        status =
            tocsin__check_value((int)term->kind, TOCSIN_TERM_QUANTITY + 1, "term->", "kind", "tocsin_term_kind", error);
    }
    if (status) return status;
    if (!term->unless && term->unless_count) return tocsin__null_argument(error, "term->unless");
    for (size_t i = 0; i < term->unless_count; i++) {
        const tocsin_bytes phrase = term->unless[i];
        status = tocsin__check_bytes(phrase, "term->", "unless[]", error);
        if (status) return status;
        if (tocsin__text_contains(phrase, (tocsin_bytes){";", 1}) ||
            tocsin__text_contains(phrase, (tocsin_bytes){"；", 3})) {
            return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "term->unless[%zu] has a ; in it: \"%s\"", i,
                                tocsin__show(phrase.data, phrase.length).text);
        }
    }
    return TOCSIN_OK;
}

static int join_phrases(tocsin_builder *b, const tocsin_builder_term *term, tocsin_bytes *joined) {
    size_t length = 0;
    for (size_t i = 0; i < term->unless_count; i++) length += term->unless[i].length + 1;
    char *to = tocsin__arena_allocate(&b->arena, length + 1);
    if (!to) return 0;
    *joined = (tocsin_bytes){to, length};
    for (size_t i = 0; i < term->unless_count; i++) {
        const tocsin_bytes phrase = term->unless[i];
        if (phrase.length) memcpy(to, phrase.data, phrase.length);
        to += phrase.length;
        *to++ = ';';
    }
    return 1;
}

tocsin_status tocsin_builder_add_term(tocsin_builder *builder, const tocsin_builder_term *term, tocsin_error *error) {
    tocsin_builder_term taken = TOCSIN_BUILDER_TERM_INIT;
    if (!builder) return tocsin__null_argument(error, "builder");
    if (!term) return tocsin__null_argument(error, "term");
    tocsin_status status =
        tocsin__take_struct(term, "term", "TOCSIN_BUILDER_TERM_INIT", &taken, sizeof taken, LEAST_TERM, error);
    if (!status) status = check_term(&taken, error);
    if (status) return status;
    const size_t topic = tocsin__builder_find(builder, TOCSIN_PART_TOPIC, taken.topic);
    if (topic == builder->parts.length) return tocsin__builder_not_found(error, "topic", taken.topic);
    tocsin__builder_entry made = {.text = taken.text,
                                  .note = taken.note,
                                  .topic = (uint32_t)topic,
                                  .kind = taken.kind,
                                  .bounds = taken.bounds,
                                  .weight = taken.weight,
                                  .unit = taken.unit,
                                  .base_term = TOCSIN__LEXICON_NEW,
                                  .origin = builder->parts.data[topic].origin};
    if ((taken.label && !tocsin__builder_keep_label(builder, taken.label, taken.text, &made.origin)) ||
        !tocsin__builder_keep(builder, &made.text) || !tocsin__builder_keep(builder, &made.note) ||
        !join_phrases(builder, &taken, &made.unless) || tocsin__vec_push(&builder->terms, &builder->allocator, made)) {
        return tocsin__builder_no_memory(error);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_remove_term(tocsin_builder *builder, tocsin_bytes topic, tocsin_bytes text,
                                         tocsin_error *error) {
    size_t removed = 0;
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = tocsin__check_bytes(topic, "", "topic", error);
    if (!status) status = tocsin__check_bytes(text, "", "text", error);
    if (status) return status;
    const size_t found = tocsin__builder_find(builder, TOCSIN_PART_TOPIC, topic);
    if (found == builder->parts.length) return tocsin__builder_not_found(error, "topic", topic);
    for (size_t i = 0; i < builder->terms.length; i++) {
        tocsin__builder_entry *term = &builder->terms.data[i];
        if (term->removed || term->topic != found || !same(term->text, text)) continue;
        term->removed = 1;
        removed++;
    }
    return removed ? TOCSIN_OK : tocsin__builder_not_found(error, "term", text);
}

tocsin_status tocsin_builder_add_venue(tocsin_builder *builder, tocsin_bytes pattern, tocsin_venue venue,
                                       const char *label, tocsin_error *error) {
    tocsin__builder_venue made = {.pattern = pattern, .venue = venue};
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = tocsin__check_bytes(pattern, "", "pattern", error);
    if (status) return status;
    if ((unsigned)venue >= TOCSIN_VENUE_COUNT || venue == TOCSIN_VENUE_UNKNOWN) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "venue is %d, which is not a class of venues", (int)venue);
    }
    if (!tocsin__builder_keep_label(builder, label, pattern, &made.origin) ||
        !tocsin__builder_keep(builder, &made.pattern) ||
        tocsin__vec_push(&builder->venues, &builder->allocator, made)) {
        return tocsin__builder_no_memory(error);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_remove_venue(tocsin_builder *builder, tocsin_bytes pattern, tocsin_error *error) {
    if (!builder) return tocsin__null_argument(error, "builder");
    tocsin_status status = tocsin__check_bytes(pattern, "", "pattern", error);
    if (status) return status;
    for (size_t i = 0; i < builder->venues.length; i++) {
        tocsin__builder_venue *venue = &builder->venues.data[i];
        if (venue->removed || !same(venue->pattern, pattern)) continue;
        venue->removed = 1;
        return TOCSIN_OK;
    }
    return tocsin__builder_not_found(error, "venue", pattern);
}
