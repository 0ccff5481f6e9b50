/*
 * Version 0.1 counted the hits of the right operand of "before" and of both operands of "near"; now only those of the
 * left one count. Only the weights show what the author meant. So, inside count(…) or score(…), a near or before is
 * reported if the share of terms with a weight other than 1 is more than four times as large on the right as on the
 * left. The terms of a side are those of the topics whose hits it keeps.
 */
#include <string.h>

#include "base/bitset.h"
#include "base/buffer.h"
#include "base/diagnostics_add.h"
#include "plan/plan_lint.h"
#include "rule/rule_print.h"

/* This many times the share of the left side. */
#define MUCH_MORE 4

/* How many terms, and how many of them have a weight other than 1. */
typedef struct share {
    uint64_t weighted, terms;
} share;

typedef struct sides {
    const tocsin_plan *plan;
    tocsin_diagnostics *list;
    share *topics;
    uint64_t *told; /* reported nodes of the DAG: a define is used by several clauses */
    const tocsin__rule_program *program;
    const uint32_t *numbers;
    tocsin__place place;
    const char *measure;
} sides;

/* Adds the terms of the topics whose hits are kept at a node. */
static void count_terms(const sides *s, uint32_t at, share *sum) {
    const tocsin__rule_node *node = &s->program->nodes[at];
    if (node->kind == TOCSIN__RULE_TOPIC) {
        sum->weighted += s->topics[node->value].weighted;
        sum->terms += s->topics[node->value].terms;
    } else if (node->kind == TOCSIN__RULE_OR) {
        for (uint32_t child = at + 1; child < node->end; child = s->program->nodes[child].end)
            count_terms(s, child, sum);
    } else {
        count_terms(s, at + 1, sum); /* the left operand, or the operand of title(…) */
    }
}

static int is_suspect(const sides *s, uint32_t at) {
    share left = {0, 0}, right = {0, 0};
    count_terms(s, at + 1, &left);
    count_terms(s, s->program->nodes[at + 1].end, &right);
    return right.weighted * left.terms > MUCH_MORE * left.weighted * right.terms;
}

static tocsin_status put_operand(const sides *s, uint32_t at, tocsin_buffer *out) {
    const int alone = s->program->nodes[at].kind == TOCSIN__RULE_TOPIC || s->program->defines[at] != 0;
    tocsin_status status = tocsin__buffer_puts(out, alone ? "" : "(");
    if (!status) status = tocsin__rule_print_node(s->program, &s->plan->names, at, TOCSIN__RULE_NAMED, out);
    return status ? status : tocsin__buffer_puts(out, alone ? "" : ")");
}

/* left operator/n right */
static tocsin_status put_pair(const sides *s, uint32_t left, const char *word, uint64_t distance, uint32_t right,
                              tocsin_buffer *out) {
    tocsin_status status = put_operand(s, left, out);
    if (!status) status = tocsin__buffer_printf(out, " %s/%llu ", word, (unsigned long long)distance);
    return status ? status : put_operand(s, right, out);
}

static tocsin_status tell(const sides *s, uint32_t at) {
    const tocsin__rule_node *node = &s->program->nodes[at];
    const uint32_t left = at + 1, right = s->program->nodes[left].end;
    const int near = node->kind == TOCSIN__RULE_NEAR;
    tocsin_buffer text;
    tocsin_buffer_init(&text, &s->plan->allocator);
    tocsin_status status = put_pair(s, left, near ? "near" : "before", node->value, right, &text);
    if (!status) {
        status = tocsin__buffer_puts(
            &text, " counts hits of its left side, and the weights are on the right: if those are meant, write ");
    }
    if (!status) status = put_pair(s, right, near ? "near" : "after", node->value, left, &text);
    if (!status) {
        status = tocsin__diagnose(s->list, TOCSIN_SEVERITY_WARNING, "unweighted-side", s->place, "%s: %s", s->measure,
                                  text.data);
    }
    tocsin_buffer_release(&text);
    return status;
}

/* Walks down to where hits are kept: parts of "|", operands of title(…), left operands. */
static tocsin_status look(const sides *s, uint32_t at) {
    const tocsin__rule_node *node = &s->program->nodes[at];
    tocsin_status status = TOCSIN_OK;
    if (node->kind == TOCSIN__RULE_TOPIC) return TOCSIN_OK;
    if (node->kind == TOCSIN__RULE_OR) {
        for (uint32_t child = at + 1; child < node->end && !status; child = s->program->nodes[child].end) {
            status = look(s, child);
        }
        return status;
    }
    if ((node->kind == TOCSIN__RULE_NEAR || node->kind == TOCSIN__RULE_BEFORE) && is_suspect(s, at)) {
        return tell(s, at);
    }
    return look(s, at + 1);
}

static tocsin_status check_program(sides *s, uint32_t number, tocsin__place place) {
    tocsin_status status = TOCSIN_OK;
    s->program = s->plan->dag->programs[number];
    s->numbers = s->plan->dag->numbers[number];
    s->place = place;
    for (uint32_t at = 0; at < s->program->node_count && !status; at++) {
        const uint8_t kind = s->program->nodes[at].kind; /* distinct() and value() are new, so no old plan has them */
        const tocsin__rule_measure *measure = tocsin__rule_measure_of(kind);
        if (kind != TOCSIN__RULE_COUNT && kind != TOCSIN__RULE_SCORE) continue;
        if (tocsin__bits_test(s->told, s->numbers[at])) continue;
        tocsin__bits_set(s->told, s->numbers[at]);
        s->measure = measure->shown;
        status = look(s, at + 1);
    }
    return status;
}

static tocsin_status check_all(sides *s) {
    const tocsin__plan_description *d = s->plan->description;
    uint32_t number = 0;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < s->plan->lexicon.term_count; i++) {
        const tocsin__term *term = &s->plan->lexicon.terms[i];
        s->topics[term->topic].terms++;
        s->topics[term->topic].weighted += term->weight < 1.0 || term->weight > 1.0;
    }
    for (size_t t = 0; t < d->tier_count; t++) {
        for (size_t i = 0; i < d->tiers[t].clauses.count && !status; i++) {
            status = check_program(s, number++, d->tiers[t].clauses.items[i].when.place);
        }
    }
    for (size_t i = 0; i < d->routes.count && !status; i++) {
        status = check_program(s, number++, d->routes.items[i].when.place);
    }
    return status;
}

tocsin_status tocsin__lint_sides(const tocsin_plan *plan, tocsin_diagnostics *list) {
    const size_t topic_bytes = (plan->names.topic_count + 1) * sizeof(share);
    const size_t told_bytes = (tocsin__bits_words(plan->dag->node_count) + 1) * sizeof(uint64_t);
    sides s = {.plan = plan, .list = list};
    tocsin_status status = TOCSIN_ERROR_MEMORY;
    s.topics = tocsin__allocate(&plan->allocator, topic_bytes);
    s.told = tocsin__allocate(&plan->allocator, told_bytes);
    if (s.topics && s.told) {
        memset(s.topics, 0, topic_bytes);
        memset(s.told, 0, told_bytes);
        status = check_all(&s);
    }
    tocsin__deallocate(&plan->allocator, s.topics, topic_bytes);
    tocsin__deallocate(&plan->allocator, s.told, told_bytes);
    return status;
}
