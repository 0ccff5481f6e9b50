/*
 * Compiles the clauses and routes of a plan. The rule layer gets names as plain arrays: it knows nothing of YAML or of
 * lexicons. Clauses are numbered through all tiers, lowest tier first.
 */
#include <string.h>

#include "plan/plan_build.h"
#include "rule/rule_compile.h"
#include "rule/rule_dag.h"

static tocsin__place locate(void *context, size_t offset) { return tocsin__plan_locate(context, offset); }

static tocsin__rule_source source_of(const tocsin__plan_text *text) {
    return (tocsin__rule_source){text->value, text->length, locate, (void *)text};
}

static const char *id_of(const tocsin__plan_text *text) { return text->value ? text->value : ""; }

static size_t count_clauses(const tocsin__plan_description *description) {
    size_t count = 0;
    for (size_t t = 0; t < description->tier_count; t++) count += description->tiers[t].clauses.count;
    return count;
}

/* Collects the names that expressions may use, in arrays of the arena. */
static tocsin_status collect_names(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    size_t clause_count = count_clauses(d), n = 0;
    const char **topics = tocsin__arena_allocate(&plan->arena, (d->topic_count + 1) * sizeof *topics);
    const char **tiers = tocsin__arena_allocate(&plan->arena, (d->tier_count + 1) * sizeof *tiers);
    tocsin__rule_define *defines = tocsin__arena_allocate(&plan->arena, (d->define_count + 1) * sizeof *defines);
    tocsin__rule_clause *clauses = tocsin__arena_allocate(&plan->arena, (clause_count + 1) * sizeof *clauses);
    if (!topics || !tiers || !defines || !clauses) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < d->topic_count; i++) topics[i] = id_of(&d->topics[i].id);
    size_t define_count = 0;
    for (size_t i = 0; i < d->define_count; i++) {
        if (!d->defines[i].when.value) continue;
        defines[define_count++] = (tocsin__rule_define){id_of(&d->defines[i].id), source_of(&d->defines[i].when)};
    }
    for (size_t t = 0; t < d->tier_count; t++) {
        tiers[t] = id_of(&d->tiers[t].id);
        for (size_t i = 0; i < d->tiers[t].clauses.count; i++) {
            clauses[n++] = (tocsin__rule_clause){id_of(&d->tiers[t].clauses.items[i].id), (uint32_t)t};
        }
    }
    tocsin__rule_names *names = &plan->names; /* plan_learned.c fills in the other members */
    names->topics = topics;
    names->topic_count = d->topic_count;
    names->defines = defines;
    names->define_count = define_count;
    names->clauses = clauses;
    names->clause_count = clause_count;
    names->tiers = tiers;
    names->tier_count = d->tier_count;
    names->unfinished = d->unfinished;
    return TOCSIN_OK;
}

static tocsin_status add_name(tocsin__map *map, const char *name, size_t number) {
    uint32_t value = (uint32_t)number;
    return tocsin__map_add(map, name, strlen(name), &value);
}

/* Makes the maps in which names are looked up while expressions are read; of two equal names the first one counts. */
static tocsin_status index_names(tocsin__rule_names *names, tocsin__map *operands, tocsin__map *clause_ids) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < names->topic_count && !status; i++) status = add_name(operands, names->topics[i], i);
    for (size_t i = 0; i < names->define_count && !status; i++) {
        status = add_name(operands, names->defines[i].name, names->topic_count + i);
    }
    for (size_t i = 0; i < names->clause_count && !status; i++) {
        status = add_name(clause_ids, names->clauses[i].id, i);
    }
    names->operands = operands;
    names->clause_ids = clause_ids;
    return status;
}

/* Rules of the base plan that mean the same here, by their text. */
typedef struct kept_rules {
    const tocsin_plan *base; /* NULL: none are kept */
    int routes;              /* those of routes are kept, too */
    tocsin__map clauses;     /* text → number of the rule: the clauses, the routes, `about` */
    tocsin__map route_texts;
} kept_rules;

static int same_name(const char *one, const char *other) { return !strcmp(one, other); }

/*
 * Whether programs of the base mean the same here. They name topics and scores by number, and their defines are
 * expanded. No new topic has the name of a define, because an error would have been reported.
 */
static int keeps_names(const tocsin__rule_names *names, const tocsin__rule_names *was) {
    if (names->topic_count < was->topic_count || names->learned_count < was->learned_count ||
        names->define_count != was->define_count || names->unfinished) {
        return 0;
    }
    for (size_t i = 0; i < was->topic_count; i++) {
        if (!same_name(names->topics[i], was->topics[i])) return 0;
    }
    for (size_t i = 0; i < was->learned_count; i++) {
        if (!same_name(names->learned[i], was->learned[i])) return 0;
    }
    for (size_t i = 0; i < was->define_count; i++) {
        const tocsin__rule_source *one = &names->defines[i].source, *other = &was->defines[i].source;
        if (!same_name(names->defines[i].name, was->defines[i].name) || one->length != other->length ||
            memcmp(one->data, other->data, one->length) != 0) {
            return 0;
        }
    }
    return 1;
}

/* The same for what only routes name. */
static int keeps_clauses(const tocsin__rule_names *names, const tocsin__rule_names *was) {
    if (names->clause_count < was->clause_count || names->tier_count != was->tier_count) return 0;
    for (size_t i = 0; i < was->clause_count; i++) {
        if (!same_name(names->clauses[i].id, was->clauses[i].id)) return 0;
    }
    for (size_t i = 0; i < was->tier_count; i++) {
        if (!same_name(names->tiers[i], was->tiers[i])) return 0;
    }
    return 1;
}

static tocsin_status keep_rule(tocsin__map *map, const tocsin__plan_text *when, size_t number) {
    uint32_t value = (uint32_t)number;
    return when->value ? tocsin__map_add(map, when->value, when->length, &value) : TOCSIN_OK;
}

/*
 * Indexes the rules of the base plan. None is kept if anything was reported, here or there, so that every message is
 * given again.
 */
static tocsin_status find_kept(const tocsin__plan_build *build, kept_rules *kept) {
    const tocsin_plan *base = build->kept ? build->kept->base : NULL;
    const tocsin__rule_names *names = &build->plan->names;
    tocsin__map_init(&kept->clauses, &build->plan->allocator);
    tocsin__map_init(&kept->route_texts, &build->plan->allocator);
    kept->base = NULL;
    if (!base || !base->rules_are_clean || build->report.errors || !keeps_names(names, &base->names) ||
        build->options.max_rule_nodes != base->options.max_rule_nodes) {
        return TOCSIN_OK;
    }
    const tocsin__plan_description *d = base->description;
    tocsin_status status = TOCSIN_OK;
    size_t n = 0;
    kept->base = base;
    kept->routes = keeps_clauses(names, &base->names);
    for (size_t t = 0; t < d->tier_count; t++) {
        for (size_t i = 0; i < d->tiers[t].clauses.count && !status; i++, n++) {
            status = keep_rule(&kept->clauses, &d->tiers[t].clauses.items[i].when, n);
        }
    }
    for (size_t i = 0; i < d->routes.count && kept->routes && !status; i++) {
        status = keep_rule(&kept->route_texts, &d->routes.items[i].when, n + i);
    }
    return status ? status : keep_rule(&kept->clauses, &d->about.when, n + d->routes.count);
}

/* The program of the base for a text, or NULL. */
static const tocsin__rule_program *kept_program(const kept_rules *kept, const tocsin__plan_text *when, int is_route) {
    const tocsin_plan *base = kept->base;
    if (!base) return NULL;
    const size_t clauses = base->names.clause_count;
    const tocsin__map *map = is_route ? &kept->route_texts : &kept->clauses;
    const uint32_t number = tocsin__map_find(map, when->value, when->length);
    if (number == TOCSIN__MAP_NONE) return NULL;
    if (number < clauses) return base->clauses[number].program;
    return number < clauses + base->description->routes.count ? base->routes[number - clauses].program
                                                              : base->about.program;
}

/* Compiles one `when`; a problem of the expression is counted, and the rule then has no program. */
static tocsin_status compile_rule(tocsin__plan_build *build, const kept_rules *kept, const tocsin__plan_text *when,
                                  int is_route, tocsin__plan_rule *rule) {
    tocsin_plan *plan = build->plan;
    if (!when->value) return TOCSIN_OK;
    const tocsin__rule_program *known = kept_program(kept, when, is_route);
    if (known) {
        plan->needs |= known->flags;
        return tocsin__rule_copy(known, plan->names.topic_count, &plan->arena, &rule->program);
    }
    const tocsin__rule_source source = source_of(when);
    const tocsin__rule_options options = {is_route, build->options.max_rule_nodes};
    tocsin_status status =
        tocsin__rule_compile(&source, &plan->names, &options, &plan->arena, build->report.diagnostics, &rule->program);
    if (status == TOCSIN_ERROR_PLAN) {
        build->report.errors++;
        return TOCSIN_OK;
    }
    if (status) return status;
    plan->needs |= rule->program->flags;
    return TOCSIN_OK;
}

static tocsin_status compile_rules(tocsin__plan_build *build, const kept_rules *kept) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_description *d = plan->description;
    size_t clause_bytes = (plan->names.clause_count + 1) * sizeof(tocsin__plan_rule);
    size_t route_bytes = (d->routes.count + 1) * sizeof(tocsin__plan_rule);
    tocsin__plan_rule *clauses = tocsin__arena_allocate(&plan->arena, clause_bytes);
    tocsin__plan_rule *routes = tocsin__arena_allocate(&plan->arena, route_bytes);
    tocsin_status status = TOCSIN_OK;
    if (!clauses || !routes) return TOCSIN_ERROR_MEMORY;
    memset(clauses, 0, clause_bytes);
    memset(routes, 0, route_bytes);
    size_t n = 0;
    for (size_t t = 0; t < d->tier_count; t++) {
        for (size_t i = 0; i < d->tiers[t].clauses.count && !status; i++, n++) {
            clauses[n].tier = (uint32_t)t;
            status = compile_rule(build, kept, &d->tiers[t].clauses.items[i].when, 0, &clauses[n]);
        }
    }
    for (size_t i = 0; i < d->routes.count && !status; i++) {
        status = compile_rule(build, kept, &d->routes.items[i].when, 1, &routes[i]);
    }
    if (!status) status = compile_rule(build, kept, &d->about.when, 0, &plan->about);
    plan->clauses = clauses;
    plan->routes = routes;
    return status;
}

/* Builds the DAG of the rules; all of them were compiled. */
static tocsin_status share_rules(tocsin_plan *plan) {
    const size_t clauses = plan->names.clause_count;
    size_t count = clauses + plan->description->routes.count;
    const tocsin__rule_program **programs = tocsin__arena_allocate(&plan->arena, (count + 1) * sizeof *programs);
    if (!programs) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        programs[i] = i < clauses ? plan->clauses[i].program : plan->routes[i - clauses].program;
    }
    if (plan->about.program) programs[count++] = plan->about.program;
    return tocsin__rule_dag_build(programs, (uint32_t)count, &plan->arena, &plan->dag);
}

/* Finds the indexes of the topics that raise attention. Unknown ones were reported when the plan was read. */
static tocsin_status find_topics(tocsin_plan *plan, const tocsin__plan_texts *ids, const uint32_t **topics,
                                 size_t *count) {
    const tocsin__rule_names *names = &plan->names;
    uint32_t *found = tocsin__arena_allocate(&plan->arena, (ids->count + 1) * sizeof *found);
    if (!found) return TOCSIN_ERROR_MEMORY;
    *count = 0;
    *topics = found;
    for (size_t i = 0; i < ids->count; i++) {
        const char *id = ids->items[i].value;
        uint32_t t = 0;
        if (!id) continue;
        while (t < names->topic_count && strcmp(names->topics[t], id) != 0) t++;
        if (t < names->topic_count) found[(*count)++] = t;
    }
    return TOCSIN_OK;
}

static tocsin_status read_expressions(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const size_t remarks = tocsin__plan_remarks(build);
    kept_rules kept;
    const tocsin__rule_options options = {0, build->options.max_rule_nodes};
    tocsin__map operands, clause_ids;
    tocsin__map_init(&operands, &plan->allocator);
    tocsin__map_init(&clause_ids, &plan->allocator);
    tocsin_status status = index_names(&plan->names, &operands, &clause_ids);
    const tocsin_status found = find_kept(build, &kept);
    if (!status) status = found;
    if (!status && !kept.base) {
        status = tocsin__rule_check_defines(&plan->names, &options, &plan->allocator, build->report.diagnostics);
    }
    if (status == TOCSIN_ERROR_PLAN) {
        build->report.errors++;
        status = TOCSIN_OK;
    }
    if (!status) status = compile_rules(build, &kept);
    plan->rules_are_clean = tocsin__plan_remarks(build) == remarks;
    tocsin__map_release(&kept.clauses);
    tocsin__map_release(&kept.route_texts);
    plan->names.operands = plan->names.clause_ids = NULL;
    tocsin__map_release(&clause_ids);
    tocsin__map_release(&operands);
    return status;
}

tocsin_status tocsin__plan_build_rules(tocsin__plan_build *build) {
    tocsin_plan *plan = build->plan;
    const tocsin__plan_attention *attention = &plan->description->attention;
    tocsin_status status = collect_names(build);
    if (!status) status = read_expressions(build);
    if (!status && !build->report.errors) status = share_rules(plan);
    if (!status) {
        status = find_topics(plan, &attention->elevated_words, &plan->elevated_topics, &plan->elevated_topic_count);
    }
    if (!status) status = find_topics(plan, &attention->high_words, &plan->high_topics, &plan->high_topic_count);
    return status;
}
