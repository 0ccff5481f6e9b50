/*
 * Added hits keep two properties that rules need: hits are sorted, and the hits of a sentence or paragraph are
 * neighbours. A hit that is added by itself stands far after everything, in a sentence and paragraph of its own, so
 * that nothing is near it. A hit that is added to a sentence overlaps its last hit and comes right after it in order. A
 * hit that is added beside another one takes the sentence of the hit before it.
 */
#include "rule/rule_counterfactual.h"

#include <string.h>

#include "base/assert.h"
#include "base/bitset.h"

/* All hits are moved by this much, so that there is room before the first one. */
#define SHIFT 64u

/* Farther than any distance of a rule. */
#define APART (2u * TOCSIN__RULE_MAX_DISTANCE)

/* New sentences and paragraphs have numbers from here on. No document has this many hits. */
#define NEW_PARTS (UINT32_C(1) << 31)

static uint32_t later(uint32_t a, uint32_t b) { return a > b ? a : b; }

static void *copy(tocsin__rule_edit *e, tocsin__arena *arena, void *into, const void *from, size_t size) {
    if (!into) into = tocsin__arena_allocate(arena, size + 1);
    if (!into) e->status = TOCSIN_ERROR_MEMORY;
    if (into && from && size) memcpy(into, from, size);
    return into;
}

static void largest_values(const tocsin__rule_hit *hits, size_t count, uint64_t *values) {
    for (size_t i = 0; i < count; i++) {
        if (hits[i].value > values[hits[i].topic]) values[hits[i].topic] = hits[i].value;
    }
}

static void find_hidden_values(tocsin__rule_edit *e, const tocsin__rule_input *input) {
    memset(e->topic_values, 0, e->topic_count * sizeof *e->topic_values);
    memset(e->hidden_values, 0, e->topic_count * sizeof *e->hidden_values);
    largest_values(input->hits, input->hit_count, e->topic_values);
    for (size_t t = 0; input->topic_values && t < e->topic_count; t++) {
        if (input->topic_values[t] > e->topic_values[t]) e->hidden_values[t] = input->topic_values[t];
    }
}

void tocsin__rule_edit_begin(tocsin__rule_edit *e, const tocsin__rule_input *input, const tocsin__rule_names *names,
                             tocsin__arena *arena) {
    const size_t topics = names->topic_count, clauses = tocsin__bits_words(names->clause_count) * sizeof *e->clauses;
    e->status = TOCSIN_OK;
    e->hits.length = e->gone.length = 0;
    e->next_start = APART;
    e->next_part = NEW_PARTS;
    memset(&e->place, 0, sizeof e->place);
    e->topic_counts = copy(e, arena, e->topic_counts, input->topic_counts, topics * sizeof *e->topic_counts);
    e->topic_scores = copy(e, arena, e->topic_scores, input->topic_scores, topics * sizeof *e->topic_scores);
    e->topic_values = copy(e, arena, e->topic_values, NULL, topics * sizeof *e->topic_values);
    e->hidden_values = copy(e, arena, e->hidden_values, NULL, topics * sizeof *e->hidden_values);
    e->topic_count = topics;
    e->value = 0;
    if (!e->status) find_hidden_values(e, input);
    e->clauses = copy(e, arena, e->clauses, input->clauses_held, input->clauses_held ? clauses : 0);
    e->tier = input->tier;
    for (size_t i = 0; i < input->hit_count && !e->status; i++) {
        tocsin__rule_hit hit = input->hits[i];
        hit.start += SHIFT;
        hit.end += SHIFT;
        e->next_start = later(e->next_start, hit.end + APART);
        e->status = tocsin__vec_push(&e->hits, &arena->allocator, hit);
        if (!e->status) e->status = tocsin__vec_push(&e->gone, &arena->allocator, (uint8_t)0);
    }
}

void tocsin__rule_edit_release(tocsin__rule_edit *e, tocsin__arena *arena) {
    tocsin__vec_release(&e->hits, &arena->allocator);
    tocsin__vec_release(&e->gone, &arena->allocator);
}

static void push(tocsin__rule_edit *e, tocsin__arena *arena, tocsin__rule_hit hit) {
    if (!e->status) e->status = tocsin__vec_push(&e->hits, &arena->allocator, hit);
    if (!e->status) e->status = tocsin__vec_push(&e->gone, &arena->allocator, (uint8_t)0);
    if (e->status) return;
    e->last = (uint32_t)e->hits.length - 1;
    e->topic_counts[hit.topic]++;
    e->topic_scores[hit.topic] += (double)hit.weight;
}

/* Gives a hit the sentence and paragraph of the one before it or, if there is none, of the one after it. */
static void join_neighbour(const tocsin__rule_edit *e, tocsin__rule_hit *hit) {
    const tocsin__rule_hit *before = NULL, *after = NULL;
    for (size_t i = 0; i < e->hits.length; i++) {
        const tocsin__rule_hit *other = &e->hits.data[i];
        if (e->gone.data[i] || other->field != hit->field) continue;
        if (other->start <= hit->start && (!before || other->start >= before->start)) before = other;
        if (other->start > hit->start && (!after || other->start < after->start)) after = other;
    }
    if (!before) before = after;
    if (!before) return;
    hit->sentence = before->sentence;
    hit->paragraph = before->paragraph;
}

void tocsin__rule_edit_new_part(tocsin__rule_edit *e) {
    e->place.part = 1;
    e->place.field = e->place.title ? TOCSIN_FIELD_TITLE : TOCSIN_FIELD_TEXT;
    e->place.start = e->next_start;
    e->place.end = e->next_start;
    e->place.sentence = e->place.paragraph = e->next_part++;
    e->next_start += APART;
}

void tocsin__rule_edit_old_part(tocsin__rule_edit *e, uint32_t last) {
    if (e->status) return;
    const tocsin__rule_hit *hit = &e->hits.data[last];
    e->place.part = 1;
    e->place.field = hit->field;
    e->place.start = hit->start;
    e->place.end = hit->end;
    e->place.sentence = hit->sentence;
    e->place.paragraph = hit->paragraph;
}

void tocsin__rule_edit_add(tocsin__rule_edit *e, tocsin__arena *arena, uint32_t topic, float weight, uint32_t term) {
    tocsin__rule_hit hit = {0, 0, 0, 0, topic, term, weight, TOCSIN_FIELD_TEXT, e->value};
    tocsin__rule_place kept = e->place;
    if (e->status) return;
    if (e->place.anchored) {
        const tocsin__rule_hit anchor = e->hits.data[e->place.anchor];
        hit.field = anchor.field;
        hit.start = kept.side < 0 ? anchor.start - 1 : kept.side > 0 ? anchor.end : anchor.start;
        hit.end = hit.start + 1;
        join_neighbour(e, &hit);
        push(e, arena, hit);
        return;
    }
    if (!kept.part) tocsin__rule_edit_new_part(e);
    hit.field = e->place.field;
    hit.start = e->place.start;
    hit.end = ++e->place.end;
    hit.sentence = e->place.sentence;
    hit.paragraph = e->place.paragraph;
    push(e, arena, hit);
    if (!kept.part) e->place = kept;
}

void tocsin__rule_edit_remove(tocsin__rule_edit *e, uint32_t hit) {
    if (e->status || e->gone.data[hit]) return;
    tocsin__assert(hit < e->hits.length && e->topic_counts[e->hits.data[hit].topic]);
    const tocsin__rule_hit *gone = &e->hits.data[hit];
    e->gone.data[hit] = 1;
    e->topic_counts[gone->topic]--;
    e->topic_scores[gone->topic] -= (double)gone->weight;
}

void tocsin__rule_edit_remove_topic(tocsin__rule_edit *e, uint32_t topic) {
    for (size_t i = 0; i < e->hits.length && !e->status; i++) {
        if (e->hits.data[i].topic == topic) tocsin__rule_edit_remove(e, (uint32_t)i);
    }
    if (e->status) return;
    e->topic_counts[topic] = 0;
    e->topic_scores[topic] = 0;
    e->hidden_values[topic] = 0;
}

void tocsin__rule_edit_copy(tocsin__rule_edit *e, tocsin__arena *arena, const uint64_t *bits, size_t low, size_t high) {
    tocsin__rule_place kept = e->place;
    uint32_t from = UINT32_MAX, to = 0;
    if (e->status) return;
    tocsin__rule_edit_new_part(e);
    for (size_t i = tocsin__bits_next(bits, low, high); i < high; i = tocsin__bits_next(bits, i + 1, high)) {
        if (e->hits.data[i].start < from) from = e->hits.data[i].start;
        to = later(to, e->hits.data[i].end);
    }
    for (size_t i = tocsin__bits_next(bits, low, high); i < high; i = tocsin__bits_next(bits, i + 1, high)) {
        tocsin__rule_hit hit = e->hits.data[i];
        hit.field = e->place.field;
        hit.start += e->place.start - from;
        hit.end += e->place.start - from;
        hit.sentence = e->place.sentence;
        hit.paragraph = e->place.paragraph;
        push(e, arena, hit);
    }
    if (to > from) e->next_start += to - from;
    e->place = kept;
}

static int comes_before(const tocsin__rule_hit *a, const tocsin__rule_hit *b) {
    if (a->field != b->field) return a->field < b->field;
    if (a->start != b->start) return a->start < b->start;
    return a->end != b->end ? a->end < b->end : a->topic < b->topic;
}

/* Shell sort in place: nearly all hits are in order, and qsort may allocate. */
static void sort(tocsin__rule_hit *hits, size_t count) {
    size_t gap = 1;
    while (gap < count / 3) gap = 3 * gap + 1;
    for (; gap; gap /= 3) {
        for (size_t i = gap; i < count; i++) {
            const tocsin__rule_hit moving = hits[i];
            size_t at = i;
            for (; at >= gap && comes_before(&moving, &hits[at - gap]); at -= gap) hits[at] = hits[at - gap];
            hits[at] = moving;
        }
    }
}

void tocsin__rule_edit_finish(tocsin__rule_edit *e, tocsin__rule_input *input) {
    size_t count = 0;
    for (size_t i = 0; i < e->hits.length; i++) {
        if (!e->gone.data[i]) e->hits.data[count++] = e->hits.data[i];
    }
    sort(e->hits.data, count);
    input->hits = e->hits.data;
    input->hit_count = count;
    input->topic_counts = e->topic_counts;
    input->topic_scores = e->topic_scores;
    for (size_t t = 0; t < e->topic_count; t++) e->topic_values[t] = e->hidden_values[t];
    largest_values(e->hits.data, count, e->topic_values);
    input->topic_values = e->topic_values;
    if (input->clauses_held) input->clauses_held = e->clauses;
    input->tier = e->tier;
}
