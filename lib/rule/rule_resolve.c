/*
 * Resolves names to indexes, with the caller's maps if there are many names. If the name is known as another kind of
 * thing, the message says so ("hot_forum" is a venue: write venue == hot_forum), because that mistake is more common
 * than a typing error.
 */
#include "rule/rule_lexer.h"

#include <string.h>

#include <tocsin/document.h>

#include "base/suggest.h"
#include "rule/rule_ast.h"

#define NONE SIZE_MAX

static int same(const char *name, const char *text, size_t length) {
    return name[0] == text[0] && !strncmp(name, text, length) && !name[length];
}

static size_t find(const char *const *names, size_t count, const char *text, size_t length) {
    for (size_t i = 0; i < count; i++) {
        if (same(names[i], text, length)) return i;
    }
    return NONE;
}

static size_t find_define(const tocsin__rule_names *names, const char *text, size_t length) {
    for (size_t i = 0; i < names->define_count; i++) {
        if (same(names->defines[i].name, text, length)) return i;
    }
    return NONE;
}

static size_t find_clause(const tocsin__rule_names *names, const char *text, size_t length) {
    if (names->clause_ids) {
        const uint32_t found = tocsin__map_find(names->clause_ids, text, length);
        return found == TOCSIN__MAP_NONE ? NONE : found;
    }
    for (size_t i = 0; i < names->clause_count; i++) {
        if (same(names->clauses[i].id, text, length)) return i;
    }
    return NONE;
}

/* Finds a topic, or a define, which is numbered after the topics. */
static size_t find_operand(const tocsin__rule_names *names, const char *text, size_t length) {
    if (names->operands) {
        const uint32_t known = tocsin__map_find(names->operands, text, length);
        return known == TOCSIN__MAP_NONE ? NONE : known;
    }
    const size_t topic = find(names->topics, names->topic_count, text, length);
    if (topic != NONE) return topic;
    const size_t define = find_define(names, text, length);
    return define == NONE ? NONE : names->topic_count + define;
}

static int find_attention(const char *text, size_t length, uint64_t *value) {
    for (int i = 0; i < TOCSIN_ATTENTION_COUNT; i++) {
        if (!same(tocsin_attention_name((tocsin_attention)i), text, length)) continue;
        *value = (uint64_t)i;
        return 1;
    }
    return 0;
}

static const char *text_of(const tocsin__rule_resolver *r, const tocsin__rule_token *name) {
    return r->unit->source->data + name->offset;
}

/* "x" <complaint>[; did you mean "y"?] */
static void complain(const tocsin__rule_resolver *r, const tocsin__rule_token *name, const char *complaint,
                     const char *const *candidates, size_t count) {
    tocsin__rule_shown shown = tocsin__rule_show(text_of(r, name), name->length), meant;
    size_t best = count ? tocsin__suggest(text_of(r, name), name->length, candidates, count) : 0;
    if (best < count) {
        meant = tocsin__rule_show(candidates[best], strlen(candidates[best]));
        tocsin__rule_report(r->unit, TOCSIN_SEVERITY_ERROR, "unknown-name", name->offset,
                            "\"%s\" %s; did you mean \"%s\"?", shown.text, complaint, meant.text);
    } else {
        tocsin__rule_report(r->unit, TOCSIN_SEVERITY_ERROR, "unknown-name", name->offset, "\"%s\" %s", shown.text,
                            complaint);
    }
}

/* Whether the name is known as something else; if so, reports it. */
static int report_other_kind(const tocsin__rule_resolver *r, const tocsin__rule_token *name) {
    const char *text = text_of(r, name), *what = NULL, *before = "", *after = "";
    tocsin_venue venue;
    uint64_t level;
    if (find_clause(r->names, text, name->length) != NONE) {
        what = "a clause", before = "clause(", after = ")";
    } else if (find(r->names->tiers, r->names->tier_count, text, name->length) != NONE) {
        what = "a tier", before = "tier >= ";
    } else if (find(r->names->learned, r->names->learned_count, text, name->length) != NONE) {
        what = "the name of learned weights", before = "learned(", after = ") >= 0.6";
    } else if (tocsin_venue_from_name(text, name->length, &venue)) {
        what = "a venue", before = "venue == ";
    } else if (find_attention(text, name->length, &level)) {
        what = "a level of attention", before = "attention >= ";
    }
    if (!what) return 0;
    tocsin__rule_shown shown = tocsin__rule_show(text, name->length);
    tocsin__rule_report(r->unit, TOCSIN_SEVERITY_ERROR, "unknown-name", name->offset, "\"%s\" is %s: write %s%s%s",
                        shown.text, what, before, shown.text, after);
    return 1;
}

/* The same for a name that the plan must define, if the plan was read to its end. */
static void complain_of_plan(const tocsin__rule_resolver *r, const tocsin__rule_token *name, const char *complaint,
                             const char *const *candidates, size_t count) {
    if (r->names->unfinished) {
        r->unit->errors++;
    } else {
        complain(r, name, complaint, candidates, count);
    }
}

static void report_function(const tocsin__rule_resolver *r, const tocsin__rule_token *name) {
    const char *words[64];
    size_t count = 0;
    while (count < sizeof words / sizeof *words && tocsin__rule_word(count)) {
        words[count] = tocsin__rule_word(count);
        count++;
    }
    complain(r, name, "is not a function of the rule language", words, count);
}

static void report_operand(const tocsin__rule_resolver *r, const tocsin__rule_token *name) {
    size_t topics = r->names->topic_count, defines = r->names->define_count;
    const char **candidates = tocsin__arena_allocate(r->arena, (topics + defines + 1) * sizeof *candidates);
    if (!candidates) {
        r->unit->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    for (size_t i = 0; i < topics; i++) candidates[i] = r->names->topics[i];
    for (size_t i = 0; i < defines; i++) candidates[topics + i] = r->names->defines[i].name;
    complain_of_plan(r, name, defines ? "is neither a topic nor a define" : "is not a topic", candidates,
                     topics + defines);
}

void tocsin__rule_resolve_operand(const tocsin__rule_resolver *r, const tocsin__rule_token *name, int called,
                                  uint8_t *kind, uint64_t *value) {
    const char *text = text_of(r, name);
    const size_t topics = r->names->topic_count, found = find_operand(r->names, text, name->length);
    if (called) {
        report_function(r, name);
        return;
    }
    if (found == NONE) {
        if (!report_other_kind(r, name)) report_operand(r, name);
        return;
    }
    *kind = found < topics ? TOCSIN__RULE_TOPIC : TOCSIN__RULE_DEFINE;
    *value = found < topics ? found : found - topics;
}

int tocsin__rule_resolve_venue(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value) {
    const char *candidates[TOCSIN_VENUE_COUNT];
    tocsin_venue venue;
    if (tocsin_venue_from_name(text_of(r, name), name->length, &venue)) {
        *value = (uint64_t)1 << venue;
        return 1;
    }
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) candidates[i] = tocsin_venue_name((tocsin_venue)i);
    complain(r, name,
             "is not a venue (mainstream_site, site, hot_forum, forum, celebrity_account, account, own or unknown)",
             candidates, TOCSIN_VENUE_COUNT);
    return 0;
}

int tocsin__rule_resolve_attention(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value) {
    const char *candidates[TOCSIN_ATTENTION_COUNT];
    if (find_attention(text_of(r, name), name->length, value)) return 1;
    for (int i = 0; i < TOCSIN_ATTENTION_COUNT; i++) candidates[i] = tocsin_attention_name((tocsin_attention)i);
    complain(r, name, "is not a level of attention (low, elevated or high)", candidates, TOCSIN_ATTENTION_COUNT);
    return 0;
}

int tocsin__rule_resolve_tier(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value) {
    size_t found = find(r->names->tiers, r->names->tier_count, text_of(r, name), name->length);
    if (found == NONE && !same("none", text_of(r, name), name->length)) {
        complain_of_plan(r, name, "is not a tier of the plan", r->names->tiers, r->names->tier_count);
        return 0;
    }
    *value = found == NONE ? UINT64_MAX : found;
    return 1;
}

int tocsin__rule_resolve_learned(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value) {
    const size_t count = r->names->learned_count;
    const size_t found = find(r->names->learned, count, text_of(r, name), name->length);
    if (found == NONE) {
        complain_of_plan(r, name, "is not the name of learned weights of the plan", r->names->learned, count);
        return 0;
    }
    *value = found;
    return 1;
}

int tocsin__rule_resolve_clause(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value) {
    size_t found = find_clause(r->names, text_of(r, name), name->length), count = r->names->clause_count;
    if (found != NONE) {
        *value = found;
        return 1;
    }
    const char **candidates = tocsin__arena_allocate(r->arena, (count + 1) * sizeof *candidates);
    if (!candidates) {
        r->unit->status = TOCSIN_ERROR_MEMORY;
        return 0;
    }
    for (size_t i = 0; i < count; i++) candidates[i] = r->names->clauses[i].id;
    complain_of_plan(r, name, "is not a clause of the plan", candidates, count);
    return 0;
}
