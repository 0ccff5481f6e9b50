/*
 * The form of a plan, as tables of the keys of each mapping, and the checks that concern several places: ids that must
 * differ, thresholds in order, attention words that must be topics. The content of a file or an expression is checked
 * by its compiler.
 */
#include "plan/plan_yaml.h"

#include <string.h>

#include "plan/plan_examples.h"
#include "plan/plan_names.h"
#include "rule/rule_names.h"

#define SUGGESTIONS_FROM 500u /* topics that an unknown name is compared with: each comparison takes a microsecond */

typedef tocsin__plan_reader reader;
typedef tocsin__yaml_node node;

static void read_expression(reader *r, const node *key, void *into) {
    tocsin__plan_text *text = into;
    tocsin__plan_read_text(r, key, text);
    if (text->value && strspn(text->value, " \t\r\n") == text->length) {
        TOCSIN__PLAN_ERROR(&r->report, "empty", text->place, "the expression is empty");
        memset(text, 0, sizeof *text);
    }
}

static void read_bounds(reader *r, const node *key, void *into) {
    static const char *const names[] = {
        [TOCSIN__BOUNDS_AUTO] = "auto", [TOCSIN__BOUNDS_WORD] = "word", [TOCSIN__BOUNDS_NONE] = "none"};
    tocsin__plan_text text = {0};
    tocsin__plan_read_text(r, key, &text);
    if (!text.value) return;
    size_t index = tocsin__plan_choose(r, "bad-value", "bounds", &text, names, 3);
    if (index < 3) *(tocsin__term_bounds *)into = (tocsin__term_bounds)index;
}

const char *const tocsin__role_names[TOCSIN__ROLES] = {[TOCSIN_ROLE_NONE] = "none",
                                                       [TOCSIN_ROLE_PLACE] = "place",
                                                       [TOCSIN_ROLE_ANSWER] = "answer",
                                                       [TOCSIN_ROLE_REBUTTAL] = "rebuttal",
                                                       [TOCSIN_ROLE_HOME] = "home"};

static void read_role(reader *r, const node *key, void *into) {
    tocsin__plan_text text = {0};
    tocsin__plan_read_text(r, key, &text);
    if (!text.value) return;
    size_t index = tocsin__plan_choose(r, "bad-value", "role", &text, tocsin__role_names, TOCSIN__ROLES);
    if (index < TOCSIN__ROLES) *(tocsin_role *)into = (tocsin_role)index;
}

static void read_severity(reader *r, const node *key, void *into) {
    static const char *const names[] = {"false", "true"};
    tocsin__plan_text text = {0};
    tocsin__plan_read_text(r, key, &text);
    if (!text.value) return;
    size_t index = tocsin__plan_choose(r, "bad-value", "value of \"severe\"", &text, names, 2);
    if (index < 2) *(tocsin__plan_severity *)into = index ? TOCSIN__SEVERITY_SEVERE : TOCSIN__SEVERITY_MILD;
}

static void read_profile(reader *r, const node *key, void *into) {
    static const char *const names[] = {"nfkc_cf+hans", "nfkc_cf"};
    tocsin__plan_text text = {0};
    tocsin__plan_read_text(r, key, &text);
    if (!text.value) return;
    size_t index = tocsin__plan_choose(r, "bad-value", "fold profile", &text, names, 2);
    if (index < 2) *(tocsin_fold_profile *)into = (tocsin_fold_profile)index;
}

static void read_between(reader *r, const node *key, void *into) {
    static const char *const names[] = {"space", "punct", "symbol"};
    static const uint32_t flags[] = {TOCSIN_BETWEEN_SPACE, TOCSIN_BETWEEN_PUNCT, TOCSIN_BETWEEN_SYMBOL};
    tocsin__plan_texts texts = {0};
    tocsin__plan_read_texts(r, key, &texts);
    for (size_t i = 0; i < texts.count; i++) {
        size_t index = tocsin__plan_choose(r, "bad-value", "kind of character", &texts.items[i], names, 3);
        if (index < 3) *(uint32_t *)into |= flags[index];
    }
}

static void read_fold(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"profile", 0, read_profile, offsetof(tocsin_fold_options, profile)},
        {"between_han", 0, read_between, offsetof(tocsin_fold_options, between_han)},
        {"between_latin", 0, read_between, offsetof(tocsin_fold_options, between_latin)},
        {0},
    };
    static const tocsin__plan_record record = {"\"fold\"", fields, sizeof(tocsin_fold_options)};
    if (key->value->kind == TOCSIN__YAML_SCALAR) {
        read_profile(r, key, &((tocsin_fold_options *)into)->profile);
    } else {
        tocsin__plan_read_record(r, key->value, &record, into);
    }
}

static void read_reach(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"elevated", 0, tocsin__plan_read_number, offsetof(tocsin__plan_attention, elevated)},
        {"high", 0, tocsin__plan_read_number, offsetof(tocsin__plan_attention, high)},
        {0},
    };
    static const tocsin__plan_record record = {"\"reach\"", fields, sizeof(tocsin__plan_attention)};
    tocsin__plan_attention *attention = into;
    tocsin__plan_read_record(r, key->value, &record, attention);
    if (attention->high < attention->elevated) {
        TOCSIN__PLAN_ERROR(&r->report, "bad-number", key->value->text.place,
                           "the reach for \"high\", %llu, is less than that for \"elevated\", %llu",
                           (unsigned long long)attention->high, (unsigned long long)attention->elevated);
        attention->high = attention->elevated;
    }
}

static void read_words(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"elevated", 0, tocsin__plan_read_texts, offsetof(tocsin__plan_attention, elevated_words)},
        {"high", 0, tocsin__plan_read_texts, offsetof(tocsin__plan_attention, high_words)},
        {0},
    };
    static const tocsin__plan_record record = {"\"words\"", fields, sizeof(tocsin__plan_attention)};
    if (key->value->kind == TOCSIN__YAML_MAPPING) {
        tocsin__plan_read_record(r, key->value, &record, into);
    } else {
        tocsin__plan_read_texts(r, key, &((tocsin__plan_attention *)into)->high_words);
    }
}

static void read_attention(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"reach", 0, read_reach, 0},
        {"words", 0, read_words, 0},
        {0},
    };
    static const tocsin__plan_record record = {"\"attention\"", fields, sizeof(tocsin__plan_attention)};
    tocsin__plan_read_record(r, key->value, &record, into);
}

static void read_terms(reader *r, const node *key, void *into) {
    tocsin__plan_read_texts(r, key, into);
    const node *value = key->value;
    if (value->kind == TOCSIN__YAML_LIST && value->count == 0 && !value->cut) {
        TOCSIN__PLAN_ERROR(&r->report, "empty", value->text.place, "\"terms\" is empty");
    }
}

static void read_topics(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"name", 0, tocsin__plan_read_text, offsetof(tocsin__plan_topic, name)},
        {"name_en", 0, tocsin__plan_read_text, offsetof(tocsin__plan_topic, name_en)},
        {"terms", 1, read_terms, offsetof(tocsin__plan_topic, terms)},
        {"bounds", 0, read_bounds, offsetof(tocsin__plan_topic, bounds)},
        {"role", 0, read_role, offsetof(tocsin__plan_topic, role)},
        {"note", 0, tocsin__plan_read_text, offsetof(tocsin__plan_topic, note)},
        {0},
    };
    static const tocsin__plan_record record = {"a topic", fields, sizeof(tocsin__plan_topic)};
    tocsin__plan_description *d = into;
    if (!tocsin__plan_expect(r, key, key->value, TOCSIN__YAML_MAPPING)) return;
    if (key->value->count == 0 && !key->value->cut) {
        TOCSIN__PLAN_ERROR(&r->report, "empty", key->value->text.place, "\"topics\" is empty");
    }
    tocsin__plan_topic *topics = tocsin__plan_make(r, key->value->count, sizeof *topics);
    if (!topics) return;
    for (const node *id = key->value->first; id; id = id->next) {
        if (id->spoiled) continue;
        tocsin__plan_topic *topic = &topics[d->topic_count++];
        topic->id = id->text;
        tocsin__plan_read_record(r, id->value, &record, topic);
    }
    d->topics = topics;
}

static void read_defines(reader *r, const node *key, void *into) {
    tocsin__plan_description *d = into;
    if (!tocsin__plan_expect(r, key, key->value, TOCSIN__YAML_MAPPING)) return;
    tocsin__plan_define *defines = tocsin__plan_make(r, key->value->count, sizeof *defines);
    if (!defines) return;
    for (const node *id = key->value->first; id; id = id->next) {
        if (id->spoiled) continue;
        tocsin__plan_define *define = &defines[d->define_count++];
        define->id = id->text;
        read_expression(r, id, &define->when);
    }
    d->defines = defines;
}

static void read_about(reader *r, const node *key, void *into) {
    tocsin__plan_clause *about = into;
    about->id = key->text;
    read_expression(r, key, &about->when);
}

static void read_learned(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"weights", 1, tocsin__plan_read_text, offsetof(tocsin__plan_learned, weights)},
        {"note", 0, tocsin__plan_read_text, offsetof(tocsin__plan_learned, note)},
        {0},
    };
    static const tocsin__plan_record record = {"learned weights", fields, sizeof(tocsin__plan_learned)};
    tocsin__plan_description *d = into;
    if (!tocsin__plan_expect(r, key, key->value, TOCSIN__YAML_MAPPING)) return;
    tocsin__plan_learned *learned = tocsin__plan_make(r, key->value->count, sizeof *learned);
    if (!learned) return;
    for (const node *id = key->value->first; id; id = id->next) {
        if (id->spoiled) continue;
        if (d->learned_count == TOCSIN__RULE_MAX_LEARNED) {
            TOCSIN__PLAN_ERROR(&r->report, "bad-number", id->text.place, "a plan has at most %d learned weights",
                               TOCSIN__RULE_MAX_LEARNED);
            break;
        }
        tocsin__plan_learned *one = &learned[d->learned_count++];
        one->id = id->text;
        tocsin__plan_read_record(r, id->value, &record, one);
    }
    d->learned = learned;
}

static const tocsin__plan_field clause_fields[] = {
    {"id", 1, tocsin__plan_read_text, offsetof(tocsin__plan_clause, id)},
    {"name", 0, tocsin__plan_read_text, offsetof(tocsin__plan_clause, name)},
    {"name_en", 0, tocsin__plan_read_text, offsetof(tocsin__plan_clause, name_en)},
    {"note", 0, tocsin__plan_read_text, offsetof(tocsin__plan_clause, note)},
    {"when", 1, read_expression, offsetof(tocsin__plan_clause, when)},
    {0},
};

static void read_clauses(reader *r, const node *key, void *into) {
    static const tocsin__plan_record record = {"a clause", clause_fields, sizeof(tocsin__plan_clause)};
    tocsin__plan_clauses *clauses = into;
    const void *items = NULL;
    clauses->count = tocsin__plan_read_records(r, key, &record, &items);
    clauses->items = items;
}

static void read_routes(reader *r, const node *key, void *into) {
    static const tocsin__plan_record record = {"a route", clause_fields, sizeof(tocsin__plan_clause)};
    tocsin__plan_clauses *routes = into;
    const void *items = NULL;
    if (key->value->kind == TOCSIN__YAML_LIST && key->value->count == 0) return;
    routes->count = tocsin__plan_read_records(r, key, &record, &items);
    routes->items = items;
}

#define MOST_HOURS 8784u /* a leap year */

static void read_deadlines(reader *r, const node *key, void *into) {
    tocsin__plan_tier *tier = into;
    if (!tocsin__plan_expect(r, key, key->value, TOCSIN__YAML_MAPPING)) return;
    tocsin__plan_deadline *deadlines = tocsin__plan_make(r, key->value->count, sizeof *deadlines);
    if (!deadlines) return;
    for (const node *id = key->value->first; id; id = id->next) {
        uint64_t hours = 0;
        if (id->spoiled) continue;
        const size_t errors = r->report.errors;
        tocsin__plan_check_id(&r->report, "deadline", &id->text);
        if (!tocsin__plan_is_empty(id->value)) tocsin__plan_read_number(r, id, &hours);
        if (r->report.errors > errors) continue;
        if (!hours || hours > MOST_HOURS) {
            TOCSIN__PLAN_ERROR(&r->report, "bad-number", id->value->text.place, "a deadline has from 1 to %u hours",
                               MOST_HOURS);
            continue;
        }
        deadlines[tier->deadline_count++] = (tocsin__plan_deadline){id->text, hours};
    }
    tier->deadlines = deadlines;
}

static void read_tiers(reader *r, const node *key, void *into) {
    static const tocsin__plan_field fields[] = {
        {"id", 1, tocsin__plan_read_text, offsetof(tocsin__plan_tier, id)},
        {"name", 0, tocsin__plan_read_text, offsetof(tocsin__plan_tier, name)},
        {"name_en", 0, tocsin__plan_read_text, offsetof(tocsin__plan_tier, name_en)},
        {"note", 0, tocsin__plan_read_text, offsetof(tocsin__plan_tier, note)},
        {"clauses", 1, read_clauses, offsetof(tocsin__plan_tier, clauses)},
        {"deadlines", 0, read_deadlines, 0},
        {"severe", 0, read_severity, offsetof(tocsin__plan_tier, severity)},
        {0},
    };
    static const tocsin__plan_record record = {"a tier", fields, sizeof(tocsin__plan_tier)};
    tocsin__plan_description *d = into;
    const void *items = NULL;
    d->tier_count = tocsin__plan_read_records(r, key, &record, &items);
    d->tiers = items;
}

static const tocsin__plan_field plan_fields[] = {
    {"plan", 0, tocsin__plan_read_text, offsetof(tocsin__plan_description, name)},
    {"name_en", 0, tocsin__plan_read_text, offsetof(tocsin__plan_description, name_en)},
    {"version", 0, tocsin__plan_read_text, offsetof(tocsin__plan_description, version)},
    {"fold", 0, read_fold, offsetof(tocsin__plan_description, fold)},
    {"topics", 1, read_topics, 0},
    {"venues", 0, tocsin__plan_read_texts, offsetof(tocsin__plan_description, venues)},
    {"attention", 0, read_attention, offsetof(tocsin__plan_description, attention)},
    {"about", 0, read_about, offsetof(tocsin__plan_description, about)},
    {"learned", 0, read_learned, 0},
    {"define", 0, read_defines, 0},
    {"tiers", 1, read_tiers, 0},
    {"routes", 0, read_routes, offsetof(tocsin__plan_description, routes)},
    {"examples", 0, tocsin__plan_read_examples, 0},
    {0},
};
static const tocsin__plan_record plan_record = {"a plan", plan_fields, sizeof(tocsin__plan_description)};

static void check_id(reader *r, tocsin__map *seen, const char *what, const tocsin__plan_text *id) {
    if (!id->length && !id->value) return;
    tocsin__plan_check_id(&r->report, what, id);
    tocsin__plan_check_unique(&r->report, seen, what, id);
}

static void check_topics(reader *r, const tocsin__plan_description *d) {
    tocsin__map seen;
    tocsin__map_init(&seen, &d->arena.allocator);
    for (size_t i = 0; i < d->topic_count; i++) check_id(r, &seen, "topic", &d->topics[i].id);
    for (size_t i = 0; i < d->define_count; i++) check_id(r, &seen, "define", &d->defines[i].id);
    tocsin__map_release(&seen);
    tocsin__map_init(&seen, &d->arena.allocator);
    for (size_t i = 0; i < d->learned_count; i++) check_id(r, &seen, "learned weight", &d->learned[i].id);
    tocsin__map_release(&seen);
}

static void check_clauses(reader *r, const tocsin__plan_clauses *clauses, const char *what, tocsin__map *seen) {
    for (size_t i = 0; i < clauses->count; i++) check_id(r, seen, what, &clauses->items[i].id);
}

static void check_tiers(reader *r, const tocsin__plan_description *d) {
    tocsin__map tiers, clauses, routes;
    tocsin__map_init(&tiers, &d->arena.allocator);
    tocsin__map_init(&clauses, &d->arena.allocator);
    tocsin__map_init(&routes, &d->arena.allocator);
    for (size_t i = 0; i < d->tier_count; i++) {
        const tocsin__plan_text *id = &d->tiers[i].id;
        check_id(r, &tiers, "tier", id);
        if (id->length == 4 && !memcmp(id->value, "none", 4)) {
            TOCSIN__PLAN_ERROR(&r->report, "reserved-id", id->place,
                               "\"none\" is the tier of documents for which no clause holds and cannot be a tier's id");
        }
        check_clauses(r, &d->tiers[i].clauses, "clause", &clauses);
    }
    check_clauses(r, &d->routes, "route", &routes);
    tocsin__map_release(&tiers);
    tocsin__map_release(&clauses);
    tocsin__map_release(&routes);
}

static void check_words(reader *r, const tocsin__plan_texts *words, const tocsin__map *topics,
                        const char *const *names) {
    size_t compared = topics->count < SUGGESTIONS_FROM ? topics->count : SUGGESTIONS_FROM;
    for (size_t i = 0; i < words->count; i++) {
        const tocsin__plan_text *word = &words->items[i];
        if (tocsin__map_find(topics, word->value, word->length) != TOCSIN__MAP_NONE) continue;
        (void)tocsin__plan_choose(r, "unknown-topic", "topic", word, names, compared);
    }
}

static void check_attention(reader *r, const tocsin__plan_description *d) {
    const tocsin__plan_attention *attention = &d->attention;
    tocsin__map topics;
    if (!attention->elevated_words.count && !attention->high_words.count) return;
    const char **names = tocsin__plan_make(r, d->topic_count, sizeof *names);
    if (!names) return;
    tocsin__map_init(&topics, &d->arena.allocator);
    for (size_t i = 0; i < d->topic_count && !r->report.status; i++) {
        const tocsin__plan_text *id = &d->topics[i].id;
        uint32_t index = (uint32_t)i;
        names[i] = id->value;
        tocsin__plan_report_note(&r->report, tocsin__map_add(&topics, id->value, id->length, &index));
    }
    if (!r->report.status) {
        check_words(r, &attention->elevated_words, &topics, names);
        check_words(r, &attention->high_words, &topics, names);
    }
    tocsin__map_release(&topics);
}

static void read_plan(reader *r, const node *root, tocsin__plan_description *d) {
    if (!root) {
        if (!r->report.errors) {
            TOCSIN__PLAN_ERROR(&r->report, "empty", ((tocsin__place){d->file, 1, 1}), "the plan is empty");
        }
        return;
    }
    tocsin__plan_read_record(r, root, &plan_record, d);
    check_topics(r, d);
    check_tiers(r, d);
    if (!d->unfinished) check_attention(r, d);
    if (!d->name.value && root->kind == TOCSIN__YAML_MAPPING && !d->unfinished) {
        TOCSIN__PLAN_WARNING(&r->report, "missing-key", root->text.place, "the plan has no name; write \"plan: …\"");
    }
}

static tocsin_status fill(tocsin__plan_description *d, tocsin_bytes source, tocsin_diagnostics *diagnostics) {
    reader r = {{diagnostics, 0, TOCSIN_OK}, &d->arena};
    tocsin__arena nodes;
    tocsin__yaml_node *root = NULL;
    tocsin__arena_init(&nodes, &d->arena.allocator);
    tocsin_status status = tocsin__yaml_parse(d->file, source, &nodes, &d->arena, &r.report, &root);
    if (!status) {
        d->unfinished = root && root->cut;
        read_plan(&r, root, d);
        status = r.report.status;
    }
    d->errors = r.report.errors;
    tocsin__arena_release(&nodes);
    return status;
}

tocsin_status tocsin__plan_description_create(const char *file, tocsin_bytes source, const tocsin_allocator *allocator,
                                              tocsin_diagnostics *diagnostics, tocsin__plan_description **description) {
    tocsin__plan_description *d = tocsin__allocate_zeroed(allocator, sizeof *d);
    if (!d) return TOCSIN_ERROR_MEMORY;
    atomic_init(&d->owners, 1);
    tocsin__arena_init(&d->arena, allocator);
    d->attention.elevated = TOCSIN__PLAN_REACH_ELEVATED;
    d->attention.high = TOCSIN__PLAN_REACH_HIGH;
    d->file = tocsin__arena_copy(&d->arena, file, strlen(file));
    tocsin_status status = d->file ? fill(d, source, diagnostics) : TOCSIN_ERROR_MEMORY;
    if (status) {
        tocsin__plan_description_release(d);
        return status;
    }
    *description = d;
    return TOCSIN_OK;
}

tocsin__plan_description *tocsin__plan_description_retain(tocsin__plan_description *description) {
    atomic_fetch_add_explicit(&description->owners, 1, memory_order_relaxed);
    return description;
}

void tocsin__plan_description_release(tocsin__plan_description *description) {
    if (!description || atomic_fetch_sub_explicit(&description->owners, 1, memory_order_acq_rel) != 1) return;
    tocsin_allocator allocator = description->arena.allocator;
    tocsin__arena_release(&description->arena);
    tocsin__deallocate(&allocator, description, sizeof *description);
}
