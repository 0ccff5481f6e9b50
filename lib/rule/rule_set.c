/*
 * Sets of hits. Every operator walks the hits of its scope in order a fixed number of times and keeps hits of its left
 * operand. Two hits are near when the later begins at most so many code points after the earlier ends, and hits are
 * sorted by start. So a running maximum forwards (how far the partners so far reach) and a running minimum backwards
 * (where the next partner begins) decide for each hit. "after" asks for an end inside a window, and ends are not
 * sorted: each partner notes how far it covers at the first hit that begins after it (found by doubling steps), and a
 * sweep follows. "before" finds the first hit that begins after it in the same way.
 */
#include <string.h>

#include "rule/rule_run.h"

void tocsin__rule_clear(const tocsin__rule_run *run, uint32_t slot) {
    uint64_t *set = tocsin__rule_slot(run, slot);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) set[word] = 0;
}

int tocsin__rule_is_empty(const tocsin__rule_run *run, uint32_t slot) {
    const uint64_t *set = tocsin__rule_slot(run, slot);
    uint64_t any = 0;
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) any |= set[word];
    return !any;
}

static void fill_topic(tocsin__rule_run *run, uint32_t topic, uint32_t slot) {
    uint64_t *set = tocsin__rule_slot(run, slot);
    const tocsin__rule_hit *hits = run->input->hits;
    int none = !run->input->topic_counts[topic];
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        size_t from = word * 64 > run->low ? word * 64 : run->low;
        size_t to = word * 64 + 64 < run->high ? word * 64 + 64 : run->high;
        uint64_t bits = 0;
        for (size_t i = none ? to : from; i < to; i++) bits |= (uint64_t)(hits[i].topic == topic) << (i & 63);
        set[word] = run->kept ? bits & run->kept[word] : bits;
    }
}

/* The bits of a word that fall in [from, to). */
static uint64_t within(size_t word, size_t from, size_t to) {
    uint64_t bits = UINT64_MAX;
    if (word * 64 < from) bits &= UINT64_MAX << (from & 63);
    if (word * 64 + 64 > to) bits &= UINT64_MAX >> (64 - (to & 63));
    return bits;
}

static uint64_t larger(uint64_t a, uint64_t b) { return a > b ? a : b; }

/* Marks the hits of a with a partner in b that begins no later. */
static void mark_forwards(const tocsin__rule_hit *hits, size_t from, size_t to, const uint64_t *a, const uint64_t *b,
                          uint64_t distance, uint64_t *marks) {
    uint64_t reach = 0; /* one past the last start that is near enough to a hit of b; 0: no hit yet */
    for (size_t word = from / 64; word * 64 < to; word++) {
        uint64_t left = (a[word] | b[word]) & within(word, from, to);
        for (; left; left &= left - 1) {
            const tocsin__rule_hit *hit = &hits[word * 64 + (size_t)__builtin_ctzll(left)];
            uint64_t one = left & (~left + 1);
            if ((a[word] & one) && hit->start < reach) marks[word] |= one;
            if (b[word] & one) reach = larger(reach, hit->end + distance + 1);
        }
    }
}

/* Marks the hits of a with a partner in b that begins no earlier. */
static void mark_backwards(const tocsin__rule_hit *hits, size_t from, size_t to, const uint64_t *a, const uint64_t *b,
                           uint64_t distance, uint64_t *marks) {
    uint64_t next = UINT64_MAX; /* where the first partner after here begins */
    for (size_t word = (to + 63) / 64; word-- > from / 64;) {
        uint64_t left = (a[word] | b[word]) & within(word, from, to);
        while (left) {
            size_t bit = 63 - (size_t)__builtin_clzll(left);
            const tocsin__rule_hit *hit = &hits[word * 64 + bit];
            uint64_t one = (uint64_t)1 << bit;
            if ((a[word] & one) && next <= hit->end + distance) marks[word] |= one;
            if (b[word] & one) next = hit->start;
            left ^= one;
        }
    }
}

/* The part of the scope in one field. */
static int field_part(const tocsin__rule_run *run, int field, size_t *from, size_t *to) {
    *from = run->low;
    *to = run->high;
    if (field == TOCSIN_FIELD_TITLE && *to > run->text_from) *to = run->text_from;
    if (field != TOCSIN_FIELD_TITLE && *from < run->text_from) *from = run->text_from;
    return *from < *to;
}

void tocsin__rule_mark_near(const tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance, uint32_t marks) {
    const tocsin__rule_hit *hits = run->input->hits;
    const uint64_t *set_a = tocsin__rule_slot(run, a), *set_b = tocsin__rule_slot(run, b);
    uint64_t *marked = tocsin__rule_slot(run, marks);
    size_t from, to;
    for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
        if (!field_part(run, field, &from, &to)) continue;
        mark_forwards(hits, from, to, set_a, set_b, distance, marked);
        mark_backwards(hits, from, to, set_a, set_b, distance, marked);
    }
}

/* The first hit of [from, to) that begins at `start` or later; quick when it is not far. */
static size_t first_at(const tocsin__rule_hit *hits, size_t from, size_t to, uint64_t start) {
    size_t step = 1, low = from;
    while (from < to && hits[from].start < start) {
        low = from + 1;
        from = to - from > step ? from + step : to;
        step *= 2;
    }
    while (low < from) {
        size_t middle = low + (from - low) / 2;
        if (hits[middle].start < start) {
            low = middle + 1;
        } else {
            from = middle;
        }
    }
    return low;
}

static int has(const uint64_t *set, size_t bit) { return (int)(set[bit / 64] >> (bit & 63) & 1); }

void tocsin__rule_keep_after(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance) {
    const tocsin__rule_hit *hits = run->input->hits;
    const uint64_t *set_a = tocsin__rule_slot(run, a);
    uint64_t *set_b = tocsin__rule_slot(run, b);
    size_t from, to;
    for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
        if (!field_part(run, field, &from, &to)) continue;
        memset(run->numbers + from, 0, (to - from + 1) * sizeof *run->numbers);
        for (size_t i = from; i < to; i++) {
            if (!has(set_a, i)) continue;
            uint64_t past = hits[i].end + distance + 1; /* the first start that is too far */
            size_t first = first_at(hits, i + 1, to, hits[i].end);
            if (past > UINT32_MAX) past = UINT32_MAX;
            if (past > run->numbers[first]) run->numbers[first] = (uint32_t)past;
        }
        uint32_t covered = 0;
        for (size_t i = from; i < to; i++) {
            if (run->numbers[i] > covered) covered = run->numbers[i];
            if (hits[i].start >= covered) set_b[i / 64] &= ~((uint64_t)1 << (i & 63));
        }
    }
}

void tocsin__rule_keep_ahead(tocsin__rule_run *run, uint32_t a, uint32_t b, uint64_t distance) {
    const tocsin__rule_hit *hits = run->input->hits;
    uint64_t *set_a = tocsin__rule_slot(run, a);
    const uint64_t *set_b = tocsin__rule_slot(run, b);
    size_t from, to;
    for (int field = 0; field < TOCSIN_FIELD_COUNT; field++) {
        if (!field_part(run, field, &from, &to)) continue;
        run->numbers[to] = (uint32_t)to;
        for (size_t i = to; i-- > from;) run->numbers[i] = has(set_b, i) ? (uint32_t)i : run->numbers[i + 1];
        for (size_t i = from; i < to; i++) {
            if (!has(set_a, i)) continue;
            size_t next = run->numbers[first_at(hits, i + 1, to, hits[i].end)];
            if (next == to || hits[next].start > hits[i].end + distance) {
                set_a[i / 64] &= ~((uint64_t)1 << (i & 63));
            }
        }
    }
}

size_t tocsin__rule_numbers(uint32_t flags, size_t hit_count) {
    size_t count = flags & TOCSIN__RULE_HAS_ORDER ? hit_count + 1 : 0;
    size_t table = 1;
    if (!(flags & TOCSIN__RULE_HAS_DISTINCT)) return count;
    while (table < 2 * hit_count) table *= 2;
    return count > table ? count : table;
}

/* A hash table in `numbers`: hit + 1 by its term, 0 where it is free. It is at most half full. */
uint64_t tocsin__rule_count_terms(tocsin__rule_run *run, uint32_t slot) {
    const tocsin__rule_hit *hits = run->input->hits;
    const uint64_t *set = tocsin__rule_slot(run, slot);
    uint32_t *table = run->numbers;
    size_t size = 1;
    uint64_t count = 0;
    while (size < 2 * (run->high - run->low)) size *= 2;
    memset(table, 0, size * sizeof *table);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        for (uint64_t left = set[word]; left; left &= left - 1) {
            size_t hit = word * 64 + (size_t)__builtin_ctzll(left);
            size_t at = (size_t)(hits[hit].term * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (size - 1);
            while (table[at] && hits[table[at] - 1].term != hits[hit].term) at = (at + 1) & (size - 1);
            count += !table[at];
            table[at] = (uint32_t)hit + 1;
        }
    }
    return count;
}

static void fill_pair(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    const tocsin__rule_node *node = &run->nodes[at];
    const uint64_t *kept = run->kept;
    uint64_t *set = tocsin__rule_slot(run, slot);
    tocsin__rule_fill(run, at + 1, slot);
    if (tocsin__rule_is_empty(run, slot)) return;
    if (node->kind == TOCSIN__RULE_UNLESS) run->kept = NULL;
    tocsin__rule_fill(run, run->nodes[at + 1].end, slot + 1);
    run->kept = kept;
    if (node->kind == TOCSIN__RULE_BEFORE) {
        tocsin__rule_keep_ahead(run, slot, slot + 1, node->value);
        return;
    }
    if (node->kind == TOCSIN__RULE_AFTER) {
        tocsin__rule_keep_after(run, slot + 1, slot, node->value);
        return;
    }
    const uint64_t *marks = tocsin__rule_slot(run, slot + 2);
    tocsin__rule_clear(run, slot + 2);
    tocsin__rule_mark_near(run, slot, slot + 1, node->value, slot + 2);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) {
        set[i] &= node->kind == TOCSIN__RULE_NEAR ? marks[i] : ~marks[i];
    }
}

void tocsin__rule_fill_anew(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    const tocsin__rule_node *node = &run->nodes[at];
    tocsin__rule_scope scope;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: fill_topic(run, (uint32_t)node->value, slot); break;
        case TOCSIN__RULE_OR:
            tocsin__rule_fill(run, at + 1, slot);
            for (uint32_t child = run->nodes[at + 1].end; child < node->end; child = run->nodes[child].end) {
                uint64_t *set = tocsin__rule_slot(run, slot), *more = tocsin__rule_slot(run, slot + 1);
                tocsin__rule_fill(run, child, slot + 1);
                for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) set[i] |= more[i];
            }
            break;
        case TOCSIN__RULE_FIELD:
            tocsin__rule_clear(run, slot);
            scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            if (run->low < run->high) tocsin__rule_fill(run, at + 1, slot);
            tocsin__rule_restore(run, scope);
            break;
        default: fill_pair(run, at, slot); break;
    }
}
