/*
 * Clauses and tiers of two plans are matched by their ids, terms by topic and spelling. A term counts if its evidence
 * is in only one of the two verdicts: a person has to check exactly these, whether the cause is a new term, a new rule,
 * or another phrase that excludes it.
 */
#include "tocsin/plan_diff.h"

#include <stdlib.h>
#include <string.h>

#include "feed/tool_hash.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define AROUND 24 /* bytes of text on either side of a sample's word, cut between characters */

void plan_diff_init(plan_diff *diff, const tocsin_plan_info *old, const tocsin_plan_info *new) {
    *diff = (plan_diff){.sides = {old, new}};
    diff->tiers = tool_allocate((old->tier_count + 1) * (new->tier_count + 1), sizeof *diff->tiers);
    for (int side = 0; side < 2; side++) {
        diff->clauses[side] = tool_allocate(diff->sides[side]->clause_count + 1, sizeof *diff->clauses[side]);
    }
}

static void free_term(diff_term *term) {
    for (int way = 0; way < DIFF_WAYS; way++) {
        for (int i = 0; i < DIFF_SAMPLES; i++) tool_free(term->samples[way][i]);
    }
    tool_free(term->topic);
    tool_free(term->term);
    tool_free(term);
}

void plan_diff_release(plan_diff *diff) {
    for (size_t i = 0; i < diff->term_capacity; i++) {
        if (diff->terms[i]) free_term(diff->terms[i]);
    }
    tool_free(diff->terms);
    tool_free(diff->tiers);
    for (int side = 0; side < 2; side++) tool_free(diff->clauses[side]);
}

static size_t hash_of(const char *topic, const char *term, size_t length) {
    return (size_t)tool_hash(term, length, tool_hash(topic, strlen(topic), 0));
}

static diff_term **place_of(diff_term **terms, size_t capacity, const char *topic, const char *term, size_t length) {
    size_t at = hash_of(topic, term, length) & (capacity - 1);
    while (terms[at] && (strcmp(terms[at]->topic, topic) || strlen(terms[at]->term) != length ||
                         memcmp(terms[at]->term, term, length) != 0)) {
        at = (at + 1) & (capacity - 1);
    }
    return &terms[at];
}

static void grow(plan_diff *diff) {
    size_t capacity = diff->term_capacity ? 2 * diff->term_capacity : 256;
    diff_term **terms = tool_allocate(capacity, sizeof *terms);
    for (size_t i = 0; i < diff->term_capacity; i++) {
        diff_term *one = diff->terms[i];
        if (one) *place_of(terms, capacity, one->topic, one->term, strlen(one->term)) = one;
    }
    tool_free(diff->terms);
    diff->terms = terms;
    diff->term_capacity = capacity;
}

static diff_term *term_of(plan_diff *diff, const tocsin_evidence *evidence) {
    if (2 * diff->term_count >= diff->term_capacity) grow(diff);
    diff_term **place =
        place_of(diff->terms, diff->term_capacity, evidence->topic_id, evidence->term.data, evidence->term.length);
    if (!*place) {
        diff_term *made = tool_allocate(1, sizeof *made);
        made->topic = tool_copy(evidence->topic_id);
        made->term = tool_allocate(evidence->term.length + 1, 1);
        memcpy(made->term, evidence->term.data, evidence->term.length);
        *place = made;
        diff->term_count++;
    }
    return *place;
}

static char *sample_of(const tocsin_document *document, const tocsin_evidence *evidence) {
    tocsin_bytes field = evidence->field == TOCSIN_FIELD_TITLE ? document->title : document->text;
    size_t from = evidence->start > AROUND ? evidence->start - AROUND : 0;
    size_t to = field.length - evidence->end > AROUND ? evidence->end + AROUND : field.length;
    while (from < evidence->start && ((unsigned char)field.data[from] & 0xC0) == 0x80) from++;
    to = utf8_cut(field.data, field.length, to);
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    utf8_append_visible(&out, document->id.data, document->id.length, 0);
    text_puts(&out, from ? ": …" : ": ");
    utf8_append_visible(&out, field.data + from, evidence->start - from, 0);
    text_puts(&out, "【");
    utf8_append_visible(&out, evidence->text.data, evidence->text.length, 0);
    text_puts(&out, "】");
    if (to > evidence->end) utf8_append_visible(&out, field.data + evidence->end, to - evidence->end, 0);
    text_puts(&out, to < field.length ? "…" : "");
    char *sample = tool_copy(out.data);
    tocsin_buffer_release(&out);
    return sample;
}

static int stands_in(const tocsin_evidence *one, const tocsin_verdict *verdict) {
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *other = tocsin_verdict_evidence(verdict, i);
        if (one->field == other->field && one->start == other->start && one->end == other->end &&
            !strcmp(one->topic_id, other->topic_id) && !strcmp(one->clause_id, other->clause_id)) {
            return 1;
        }
    }
    return 0;
}

/* Counts evidence of `here` that `there` does not have: each term once a document. */
static void count_terms(plan_diff *diff, const tocsin_document *document, const tocsin_verdict *here,
                        const tocsin_verdict *there, int way) {
    for (size_t i = 0; i < here->evidence_count; i++) {
        const tocsin_evidence *evidence = tocsin_verdict_evidence(here, i);
        if (stands_in(evidence, there)) continue;
        diff_term *term = term_of(diff, evidence);
        if (term->last != diff->documents) term->last_ways = 0;
        term->last = diff->documents;
        if (term->last_ways & 1u << way) continue;
        term->last_ways |= 1u << way;
        if (term->documents[way] < DIFF_SAMPLES) {
            term->samples[way][term->documents[way]] = sample_of(document, evidence);
        }
        term->documents[way]++;
    }
}

static int holds(const tocsin_verdict *verdict, const char *id) {
    for (size_t i = 0; i < verdict->clause_count; i++) {
        if (!strcmp(tocsin_verdict_clause(verdict, i)->id, id)) return 1;
    }
    return 0;
}

/* Counts the clauses that hold on only one side; returns whether there are any. */
static int count_clauses(uint64_t *counts, const tocsin_verdict *here, const tocsin_verdict *there) {
    int any = 0;
    for (size_t i = 0; i < here->clause_count; i++) {
        if (holds(there, tocsin_verdict_clause(here, i)->id)) continue;
        counts[tocsin_verdict_clause(here, i)->index]++;
        any = 1;
    }
    return any;
}

static size_t tier_index(const tocsin_plan_info *info, const tocsin_verdict *verdict) {
    return verdict->tier == TOCSIN_TIER_NONE ? info->tier_count : (size_t)verdict->tier;
}

void plan_diff_add(plan_diff *diff, const tocsin_document *document, const tocsin_verdict *old,
                   const tocsin_verdict *new) {
    const size_t columns = diff->sides[1]->tier_count + 1;
    diff->documents++;
    diff->about[0] += (uint64_t)old->about;
    diff->about[1] += (uint64_t) new->about;
    diff->tiers[tier_index(diff->sides[0], old) * columns + tier_index(diff->sides[1], new)]++;
    const int lost = count_clauses(diff->clauses[0], old, new), gained = count_clauses(diff->clauses[1], new, old);
    if (!lost && !gained && !strcmp(old->tier_id, new->tier_id)) return;
    diff->changed++;
    if (gained) count_terms(diff, document, new, old, DIFF_GAINED);
    if (lost) count_terms(diff, document, old, new, DIFF_LOST);
}

static int by_documents(const void *a, const void *b) {
    const diff_term *x = *(diff_term *const *)a, *y = *(diff_term *const *)b;
    uint64_t m = x->documents[0] + x->documents[1], n = y->documents[0] + y->documents[1];
    if (m != n) return m < n ? 1 : -1;
    int topic = strcmp(x->topic, y->topic);
    return topic ? topic : strcmp(x->term, y->term);
}

diff_term **plan_diff_sorted(plan_diff *diff, size_t *count) {
    size_t n = 0;
    for (size_t i = 0; i < diff->term_capacity; i++) {
        if (diff->terms[i]) diff->terms[n++] = diff->terms[i];
    }
    for (size_t i = n; i < diff->term_capacity; i++) diff->terms[i] = NULL;
    if (n) qsort(diff->terms, n, sizeof *diff->terms, by_documents);
    *count = n;
    return diff->terms;
}
