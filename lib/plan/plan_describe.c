/* Descriptions of a compiled plan: names for verdicts and numbers for people. */
#include <string.h>

#include <tocsin/examples.h>

#include "base/bitset.h"
#include "plan/plan_build.h"
#include "plan/plan_examples.h"

static const char *value_or(const tocsin__plan_text *text, const char *otherwise) {
    return text->value ? text->value : otherwise;
}

/* name and name_en may be NULL: the plan cannot give them. */
static tocsin_plan_item item_of(const tocsin__plan_text *id, const tocsin__plan_text *name,
                                const tocsin__plan_text *name_en, uint32_t number) {
    static const tocsin__plan_text none;
    const char *id_value = value_or(id, ""), *name_value = value_or(name ? name : &none, id_value);
    return (tocsin_plan_item){
        .id = id_value, .name = name_value, .name_en = value_or(name_en ? name_en : &none, name_value), .tier = number};
}

static tocsin_plan_item *items(tocsin__plan_build *build, size_t count) {
    return tocsin__arena_allocate(&build->plan->arena, (count + 1) * sizeof(tocsin_plan_item));
}

/* Writes a rule as the plan spells it, on one line. */
static tocsin_status write_rule(tocsin__plan_build *build, const tocsin__plan_text *rule, const char **when) {
    char *text = tocsin__arena_copy(&build->plan->arena, rule->value, rule->length);
    size_t used = 0;
    if (!text) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < rule->length; i++) {
        const int space = text[i] == ' ' || (text[i] >= '\t' && text[i] <= '\r');
        if (space && (!used || text[used - 1] == ' ')) continue;
        text[used++] = space ? ' ' : text[i];
    }
    if (used && text[used - 1] == ' ') used--;
    text[used] = '\0';
    *when = text;
    return TOCSIN_OK;
}

/*
 * Decides which incidents are severe: those of the tiers that the plan marks or, if it marks none, of the highest tier.
 */
static int is_severe(const tocsin__plan_description *d, size_t tier) {
    for (size_t t = 0; t < d->tier_count; t++) {
        if (d->tiers[t].severity == TOCSIN__SEVERITY_SEVERE) return d->tiers[tier].severity == TOCSIN__SEVERITY_SEVERE;
    }
    return tier + 1 == d->tier_count && d->tiers[tier].severity == TOCSIN__SEVERITY_UNSAID;
}

static tocsin_status describe_rules(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    tocsin_plan_item *tiers = items(build, d->tier_count), *clauses = items(build, plan->names.clause_count);
    tocsin_plan_item *routes = items(build, d->routes.count);
    tocsin_status status = tiers && clauses && routes ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    size_t n = 0;
    tocsin_plan_item *learned = items(build, d->learned_count), *defines = items(build, d->define_count);
    if (!learned || !defines) status = TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < d->define_count && !status; i++) {
        defines[i] = item_of(&d->defines[i].id, NULL, NULL, 0);
        status = write_rule(build, &d->defines[i].when, &defines[i].when);
    }
    plan->items.defines = defines;
    plan->info.define_count = d->define_count;
    for (size_t i = 0; i < d->learned_count && !status; i++) {
        learned[i] = item_of(&d->learned[i].id, NULL, NULL, 0);
    }
    plan->items.learned = learned;
    plan->info.learned_count = d->learned_count;
    for (size_t t = 0; t < d->tier_count && !status; t++) {
        tiers[t] = item_of(&d->tiers[t].id, &d->tiers[t].name, &d->tiers[t].name_en, 0);
        tiers[t].severe = is_severe(d, t);
        for (size_t i = 0; i < d->tiers[t].clauses.count && !status; i++, n++) {
            const tocsin__plan_clause *clause = &d->tiers[t].clauses.items[i];
            clauses[n] = item_of(&clause->id, &clause->name, &clause->name_en, (uint32_t)t);
            status = write_rule(build, &clause->when, &clauses[n].when);
        }
    }
    for (size_t i = 0; i < d->routes.count && !status; i++) {
        const tocsin__plan_clause *route = &d->routes.items[i];
        routes[i] = item_of(&route->id, &route->name, &route->name_en, 0);
        status = write_rule(build, &route->when, &routes[i].when);
    }
    if (!status && plan->about.program) status = write_rule(build, &d->about.when, &plan->info.about);
    plan->items.tiers = tiers;
    plan->info.tier_count = d->tier_count;
    plan->items.clauses = clauses;
    plan->info.clause_count = n;
    plan->items.routes = routes;
    plan->info.route_count = d->routes.count;
    return status;
}

static const tocsin_plan_item *item_at(const tocsin_plan_item *items, size_t count, size_t index) {
    return index < count ? &items[index] : NULL;
}

const tocsin_plan_item *tocsin_plan_tier(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.tiers, plan->info.tier_count, index) : NULL;
}

const tocsin_plan_item *tocsin_plan_clause(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.clauses, plan->info.clause_count, index) : NULL;
}

const tocsin_plan_item *tocsin_plan_route(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.routes, plan->info.route_count, index) : NULL;
}

const tocsin_plan_item *tocsin_plan_topic(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.topics, plan->info.topic_count, index) : NULL;
}

const tocsin_plan_item *tocsin_plan_learned(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.learned, plan->info.learned_count, index) : NULL;
}

const tocsin_plan_item *tocsin_plan_define(const tocsin_plan *plan, size_t index) {
    return plan ? item_at(plan->items.defines, plan->info.define_count, index) : NULL;
}

int tocsin_plan_find(const tocsin_plan *plan, tocsin_part part, const char *id, size_t length, size_t *index) {
    static const tocsin_plan_item *(*const parts[])(const tocsin_plan *, size_t) = {
        [TOCSIN_PART_TIER] = tocsin_plan_tier,       [TOCSIN_PART_CLAUSE] = tocsin_plan_clause,
        [TOCSIN_PART_ROUTE] = tocsin_plan_route,     [TOCSIN_PART_TOPIC] = tocsin_plan_topic,
        [TOCSIN_PART_LEARNED] = tocsin_plan_learned, [TOCSIN_PART_DEFINE] = tocsin_plan_define};
    const tocsin_plan_item *item;
    if (!plan || !id || !index || (unsigned)part >= sizeof parts / sizeof *parts) return 0;
    for (size_t i = 0; (item = parts[part](plan, i)) != NULL; i++) {
        if (strlen(item->id) != length || memcmp(item->id, id, length) != 0) continue;
        *index = i;
        return 1;
    }
    return 0;
}

int tocsin_plan_get_venue(const tocsin_plan *plan, size_t index, tocsin_venue_pattern *pattern) {
    if (!plan || !pattern || index >= plan->venues->entries.length) return 0;
    const tocsin__venue_entry *entry = &plan->venues->entries.data[index];
    *pattern =
        (tocsin_venue_pattern){entry->pattern, entry->venue, entry->place.file, entry->place.line, entry->place.column};
    return 1;
}

int tocsin_plan_get_deadline(const tocsin_plan *plan, size_t index, tocsin_deadline *deadline) {
    if (!plan || !deadline) return 0;
    const tocsin__plan_description *d = plan->description;
    for (size_t t = 0; t < d->tier_count; t++) {
        if (index < d->tiers[t].deadline_count) {
            const tocsin__plan_deadline *found = &d->tiers[t].deadlines[index];
            *deadline = (tocsin_deadline){(uint32_t)t, (uint32_t)found->hours, found->id.value};
            return 1;
        }
        index -= d->tiers[t].deadline_count;
    }
    return 0;
}

int tocsin_plan_get_example(const tocsin_plan *plan, size_t index, tocsin_example *example) {
    if (!plan || !example || index >= plan->example_count) return 0;
    const tocsin__plan_example *e = &plan->examples[index];
    *example = (tocsin_example){.id = tocsin__plan_bytes(&e->id),
                                .title = tocsin__plan_bytes(&e->title),
                                .text = tocsin__plan_bytes(&e->text),
                                .source = tocsin__plan_bytes(&e->source),
                                .venue = e->venue_value,
                                .attention = e->attention_value,
                                .reach = e->reach,
                                .tier = tocsin__plan_bytes(&e->tier)};
    return 1;
}

int tocsin_plan_get_term(const tocsin_plan *plan, size_t index, tocsin_term *term) {
    if (!plan || !term || index >= plan->lexicon.term_count) return 0;
    const tocsin__term *t = &plan->lexicon.terms[index];
    *term = (tocsin_term){t->original,   t->topic,      t->weight,       t->note,
                          t->place.file, t->place.line, t->place.column, t->kind == TOCSIN__TERM_REGEX};
    return 1;
}

/* The bytes of the guard's look, without the regexes that it shares with the plan's matcher. */
static size_t look_memory(const tocsin__plan_look *look) {
    const tocsin__regexes *regexes = look->matcher.regexes;
    if (!look->scans) return 0;
    return tocsin__matcher_memory(&look->matcher) - (regexes ? tocsin__regexes_shared_memory(regexes) : 0);
}

tocsin_status tocsin__plan_build_info(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    tocsin_plan_item *topics = items(build, d->topic_count);
    tocsin_status status = topics ? describe_rules(build) : TOCSIN_ERROR_MEMORY;
    if (status) return status;
    for (size_t t = 0; t < d->topic_count; t++) {
        topics[t] = item_of(&d->topics[t].id, &d->topics[t].name, &d->topics[t].name_en, plan->lexicon.topic_terms[t]);
        topics[t].role = d->topics[t].role;
        topics[t].in_about = plan->about.program && tocsin__bits_test(plan->about.program->topics, t);
        plan->has_places |= topics[t].role == TOCSIN_ROLE_PLACE || topics[t].role == TOCSIN_ROLE_HOME;
    }
    tocsin_plan_info *info = &plan->info;
    info->plan = plan;
    info->content = plan->sources.content;
    info->name = value_or(&d->name, "");
    info->name_en = value_or(&d->name_en, info->name);
    info->version = value_or(&d->version, "");
    info->fold = d->fold;
    info->engine = plan->matcher.kind->name;
    plan->items.topics = topics;
    info->topic_count = d->topic_count;
    info->term_count = plan->lexicon.term_count;
    info->pattern_count = plan->pattern_count;
    info->regex_count = plan->lexicon.regex_count;
    info->venue_count = plan->venues->entries.length;
    size_t learned_bytes = 0;
    for (size_t i = 0; i < plan->learned_count; i++) {
        if (plan->learned_files[i]) learned_bytes += plan->learned_files[i]->arena.total;
    }
    for (size_t i = 0; i < plan->vocabulary_count; i++) learned_bytes += plan->learned_tables[i]->arena.total;
    info->memory_bytes = sizeof *plan + learned_bytes + plan->arena.total + tocsin__lexicon_memory(&plan->lexicon) +
                         d->arena.total + plan->venues->arena.total + tocsin__matcher_memory(&plan->matcher) +
                         look_memory(&plan->guard.first) + look_memory(&plan->guard.second);
    return TOCSIN_OK;
}
