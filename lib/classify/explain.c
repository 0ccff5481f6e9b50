/*
 * Explains a verdict. The rule layer explains each clause by itself; this file turns its hits into evidence and chooses
 * the nearest change that would raise the tier. Other facts (venue, reach, attention) count as nearer than other words,
 * because the text of a post will not change.
 */
#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "classify/lists.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"
#include "rule/rule_explain.h"
#include "rule/rule_print.h"

static const tocsin__rule_costs costs = {1, 4, 4};

#define MOST_STRETCHES 32 /* listed for each sign, enough for a person */

static const tocsin_evidence_list *evidence_list(tocsin_scanner *s, uint32_t clause, const uint32_t *hits,
                                                 size_t count) {
    tocsin_evidence *list = tocsin__arena_allocate(&s->explanation_arena, (count + 1) * sizeof *list);
    for (size_t i = 0; list && i < count; i++) list[i] = tocsin__evidence_of(s, clause, hits[i]);
    return tocsin__evidence_list(list);
}

static tocsin_status explain_obstacles(tocsin_scanner *s, uint32_t clause, const tocsin__rule_explanation *found,
                                       tocsin_explained_clause *out) {
    tocsin_obstacle *list = tocsin__arena_allocate(&s->explanation_arena, (found->obstacle_count + 1) * sizeof *list);
    if (!list) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < found->obstacle_count; i++) {
        const tocsin__rule_obstacle *o = &found->obstacles[i];
        list[i] = (tocsin_obstacle){.kind = o->kind,
                                    .text = o->text,
                                    .condition = o->condition,
                                    .change = o->change,
                                    .spans = evidence_list(s, clause, o->hits, o->hit_count),
                                    .span_count = o->hit_count,
                                    .topic = o->topic,
                                    .now = o->now,
                                    .needed = o->needed,
                                    .distance = o->distance};
        if (!list[i].spans) return TOCSIN_ERROR_MEMORY;
    }
    out->obstacles = tocsin__obstacle_list(list);
    out->obstacle_count = found->obstacle_count;
    return TOCSIN_OK;
}

/* Adds the minimal witness, and then the stretches of text that support the learned scores of the clause. */
static tocsin_status explain_evidence(tocsin_scanner *s, uint32_t clause, const tocsin__rule_explanation *found,
                                      tocsin_explained_clause *out) {
    size_t held = 0, count = found->least_count;
    while (held < s->clauses.length && s->clauses.data[held].index != clause) held++;
    const size_t more = held < s->clauses.length ? s->clauses.data[held].evidence_count : 0;
    tocsin_evidence *list = tocsin__arena_allocate(&s->explanation_arena, (count + more + 1) * sizeof *list);
    if (!list) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) list[i] = tocsin__evidence_of(s, clause, found->least[i]);
    for (size_t i = 0; i < more; i++) {
        const tocsin_evidence *evidence = &s->evidence.data[s->clauses.data[held].evidence_first + i];
        if (evidence->topic == TOCSIN_NO_TOPIC) list[count++] = *evidence;
    }
    out->evidence = tocsin__evidence_list(list);
    out->evidence_count = count;
    return TOCSIN_OK;
}

/* Display names of topics; NULL if there is no memory. */
static const char *const *topic_names(tocsin_scanner *s) {
    const size_t count = s->plan->info.topic_count;
    const char **names = tocsin__arena_allocate(&s->explanation_arena, (count + 1) * sizeof *names);
    for (size_t i = 0; names && i < count; i++) names[i] = s->plan->items.topics[i].name;
    return names;
}

/* Fills in what *out reports about a program; its names are already set. */
static tocsin_status explain_program(tocsin_scanner *s, const tocsin__rule_program *program,
                                     const tocsin_document *document, uint32_t clause, tocsin_explained_clause *out,
                                     uint64_t *cost) {
    const tocsin_plan *plan = s->plan;
    const tocsin__rule_attention attention = tocsin__attention_signs(plan, document);
    tocsin__rule_names names = plan->names;
    names.topics = topic_names(s);
    if (!names.topics) return TOCSIN_ERROR_MEMORY;
    tocsin__rule_input input = tocsin__rule_input_of(s, document->reach);
    tocsin__rule_explanation found;
    /* If the verdict is not about the plan's subject, only the facts give its attention. */
    input.attention = tocsin__rule_attention_of(&attention, document->reach, s->topic_counts);
    tocsin__locate_hits(s, plan->needs);
    tocsin_status status =
        tocsin__rule_explain(program, &names, &input, &costs, &attention, &s->explanation_arena, &found);
    if (status) return status;
    *cost = found.holds ? UINT64_MAX : found.cost;
    out->holds = found.holds;
    if (!found.holds) return explain_obstacles(s, clause, &found, out);
    return explain_evidence(s, clause, &found, out);
}

static tocsin_status explain_clause(tocsin_scanner *s, uint32_t clause, const tocsin_document *document,
                                    tocsin_explained_clause *out, uint64_t *cost) {
    const tocsin_plan *plan = s->plan;
    const tocsin_plan_item *item = &plan->items.clauses[clause];
    *out = (tocsin_explained_clause){.index = clause,
                                     .id = item->id,
                                     .name = item->name,
                                     .name_en = item->name_en,
                                     .tier_id = plan->items.tiers[item->tier].id,
                                     .when = item->when};
    return explain_program(s, plan->clauses[clause].program, document, clause, out, cost);
}

/* Words what `about` needs, with the plan's names for its topics. */
static tocsin_status say_needs(tocsin_scanner *s) {
    const char *const *topics = topic_names(s);
    tocsin_buffer text;
    if (!topics) return TOCSIN_ERROR_MEMORY;
    tocsin_buffer_init(&text, &s->allocator);
    tocsin_status status = tocsin__rule_phrase(s->plan->about.program, &s->plan->names, topics, &text);
    if (!status) {
        s->explanation.needs = tocsin__arena_copy(&s->explanation_arena, text.data, text.length);
        if (!s->explanation.needs) status = TOCSIN_ERROR_MEMORY;
    }
    tocsin_buffer_release(&text);
    return status;
}

static tocsin_status explain_about(tocsin_scanner *s, const tocsin_document *document) {
    tocsin_explained_clause *about = tocsin__arena_allocate(&s->explanation_arena, sizeof *about);
    uint64_t cost;
    if (!about) return TOCSIN_ERROR_MEMORY;
    *about = (tocsin_explained_clause){.index = UINT32_MAX,
                                       .id = "about",
                                       .name = "about",
                                       .name_en = "about",
                                       .tier_id = "none",
                                       .when = s->plan->info.about};
    s->explanation.about = about;
    tocsin_status status = explain_program(s, s->plan->about.program, document, TOCSIN__NO_CLAUSE, about, &cost);
    return status || about->holds ? status : say_needs(s);
}

/* Writes "would be major by M2 if venue were mainstream_site and …" */
static tocsin_status say_nearest(tocsin_scanner *s, uint32_t clause, const tocsin_counterfactual **nearest) {
    const tocsin_explained_clause *explained = tocsin_explanation_clause(&s->explanation, clause);
    tocsin_counterfactual *made = tocsin__arena_allocate(&s->explanation_arena, sizeof *made);
    tocsin_buffer text;
    tocsin_buffer_init(&text, &s->allocator);
    tocsin_status status = made ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status) status = tocsin__buffer_printf(&text, "would be %s by %s if ", explained->tier_id, explained->id);
    for (size_t i = 0; i < explained->obstacle_count && !status; i++) {
        status =
            tocsin__buffer_printf(&text, "%s%s", i ? " and " : "", tocsin_explained_obstacle(explained, i)->change);
    }
    if (!status) {
        made->clause = clause;
        made->text = tocsin__arena_copy(&s->explanation_arena, text.data, text.length);
        if (!made->text) status = TOCSIN_ERROR_MEMORY;
    }
    tocsin_buffer_release(&text);
    if (!status) *nearest = made;
    return status;
}

static tocsin_status explain_all(tocsin_scanner *s, const tocsin_document *document) {
    const tocsin_plan_info *info = &s->plan->info;
    uint64_t best_cost = UINT64_MAX;
    uint32_t best = 0;
    tocsin_explained_clause *list =
        tocsin__arena_allocate(&s->explanation_arena, (info->clause_count + 1) * sizeof *list);
    tocsin_status status = list ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    for (uint32_t i = 0; i < info->clause_count && !status; i++) {
        uint64_t cost;
        status = explain_clause(s, i, document, &list[i], &cost);
        if (!status) status = tocsin__may_go_on(s);
        if (status || (int32_t)s->plan->items.clauses[i].tier <= s->verdict.tier || cost == UINT64_MAX) continue;
        if (cost < best_cost ||
            (cost == best_cost && s->plan->items.clauses[i].tier > s->plan->items.clauses[best].tier)) {
            best = i;
            best_cost = cost;
        }
    }
    if (status) return status;
    s->explanation.clauses = tocsin__explained_clause_list(list);
    s->explanation.clause_count = info->clause_count;
    return best_cost == UINT64_MAX ? TOCSIN_OK : say_nearest(s, best, &s->explanation.nearest);
}

static void insert(tocsin_contribution *list, size_t *count, tocsin_contribution one) {
    size_t at = (*count)++;
    for (; at > 0 && list[at - 1].value < one.value; at--) list[at] = list[at - 1];
    list[at] = one;
}

static tocsin_contribution contribution_of(const tocsin_scanner *s, const tocsin__stretch *stretch) {
    const tocsin__offset_map *map = &s->folders[stretch->field]->map;
    const size_t start = tocsin__offset_map_start(map, stretch->start);
    const size_t end = tocsin__offset_map_end(map, stretch->end);
    return (tocsin_contribution){.value = stretch->value,
                                 .field = stretch->field,
                                 .start = tocsin__offset(s, stretch->field, start),
                                 .end = tocsin__offset(s, stretch->field, end),
                                 .text = {s->original[stretch->field].data + start, end - start}};
}

/* Lists the strongest stretches of both signs, some tens at most, and the topics. */
static tocsin_status explain_score(tocsin_scanner *s, uint32_t index, tocsin_explained_learned *out) {
    const tocsin__vocabulary *vocabulary = s->plan->learned[index].vocabulary;
    *out = (tocsin_explained_learned){index, s->plan->items.learned[index].id, 0, NULL, 0};
    if (!vocabulary) return TOCSIN_OK;
    out->probability = tocsin__learned_score(s, index) / 1e6;
    tocsin_contribution *list = NULL;
    size_t count = 0;
    for (int sign = 1; sign >= -1; sign -= 2) {
        tocsin_status status = tocsin__learned_stretches(s, index, sign);
        const size_t stretches = s->stretches.length;
        const size_t room = count + (sign > 0 ? vocabulary->topic_count : 0) + stretches;
        tocsin_contribution *longer = tocsin__arena_allocate(&s->explanation_arena, (room + 1) * sizeof *longer);
        if (status || !longer) return TOCSIN_ERROR_MEMORY;
        if (count) memcpy(longer, list, count * sizeof *longer);
        list = longer;
        for (size_t i = 0; i < stretches && i < MOST_STRETCHES; i++) {
            insert(list, &count, contribution_of(s, &s->stretches.data[i]));
        }
        for (uint32_t i = 0; sign > 0 && i < vocabulary->topic_count;) {
            const char *id = s->plan->items.topics[vocabulary->topics[i].topic].id;
            const double value = tocsin__learned_topic(s, index, &i);
            if (value != 0) insert(list, &count, (tocsin_contribution){value, id, TOCSIN_FIELD_TEXT, 0, 0, {"", 0}});
        }
    }
    out->contributions = tocsin__contribution_list(list);
    out->contribution_count = count;
    return TOCSIN_OK;
}

static tocsin_status explain_scores(tocsin_scanner *s) {
    const size_t count = s->plan->learned_count;
    tocsin_explained_learned *list = tocsin__arena_allocate(&s->explanation_arena, (count + 1) * sizeof *list);
    tocsin_status status = list ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count && !status; i++) status = explain_score(s, (uint32_t)i, &list[i]);
    s->explanation.learned = tocsin__explained_learned_list(list);
    s->explanation.learned_count = count;
    return status;
}

static int is_one_of(uint32_t topic, const uint32_t *topics, size_t count) {
    size_t i = 0;
    while (i < count && topics[i] != topic) i++;
    return i < count;
}

/* Finds the first word that raised the attention above that of the facts. */
static tocsin_status explain_attention(tocsin_scanner *s, const tocsin_document *document) {
    const tocsin__rule_attention signs = tocsin__attention_signs(s->plan, document);
    tocsin__rule_attention facts = signs;
    facts.elevated_topic_count = facts.high_topic_count = 0;
    const tocsin_attention have = s->verdict.attention;
    if (have <= tocsin__rule_attention_of(&facts, document->reach, NULL)) return TOCSIN_OK;
    const int high = have == TOCSIN_ATTENTION_HIGH;
    const uint32_t *topics = high ? signs.high_topics : signs.elevated_topics;
    tocsin_evidence *first = tocsin__arena_allocate(&s->explanation_arena, sizeof *first);
    if (!first) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < s->hits.length; i++) {
        tocsin_evidence hit = tocsin__evidence_of(s, TOCSIN__NO_CLAUSE, i);
        if (!is_one_of(hit.topic, topics, high ? signs.high_topic_count : signs.elevated_topic_count)) continue;
        const tocsin_evidence *now = s->explanation.raised;
        if (now && (now->field < hit.field || (now->field == hit.field && now->start <= hit.start))) continue;
        hit.clause_id = "attention";
        *first = hit;
        s->explanation.raised = first;
    }
    return TOCSIN_OK;
}

static tocsin_status explain(tocsin_scanner *scanner, const tocsin_document *document,
                             const tocsin_explanation **explanation, tocsin_error *error) {
    const tocsin_verdict *verdict = NULL;
    tocsin_status status = tocsin__scanner_catch_up(scanner, error);
    scanner->look_at_all = 1;
    if (!status) status = tocsin__classify(scanner, document, &verdict, error);
    scanner->look_at_all = 0;
    if (status) return status;
    tocsin__arena_reset(&scanner->explanation_arena);
    memset(&scanner->explanation, 0, sizeof scanner->explanation);
    scanner->explanation.struct_size = sizeof scanner->explanation;
    scanner->explanation.verdict = verdict;
    status = scanner->plan->about.program ? explain_about(scanner, document) : TOCSIN_OK;
    if (!status && (verdict->about || !scanner->plan->about.program)) status = explain_all(scanner, document);
    if (!status) status = explain_scores(scanner);
    if (!status) status = explain_attention(scanner, document);
    if (status) return tocsin__fail(error, status, "no explanation was reached: %s", tocsin_status_string(status));
    *explanation = &scanner->explanation;
    return TOCSIN_OK;
}

tocsin_status tocsin_explain(tocsin_scanner *scanner, const tocsin_document *document,
                             const tocsin_explanation **explanation, tocsin_error *error) {
    tocsin_document taken;
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!explanation) return tocsin__null_argument(error, "explanation");
    tocsin_status status = tocsin__take_document(document, "document", &taken, error);
    if (status) return status;
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    status = explain(scanner, &taken, explanation, error);
    tocsin__busy_give(&scanner->busy);
    return status;
}
