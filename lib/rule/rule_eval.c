/*
 * Do rules hold over a document? A program is walked in its preorder by two loops, one for conditions and one for sets
 * of hits; a frame for each operator that is open stands on a stack of fixed size, for the compiler bounds the depth.
 * "&" and "|" jump to their end as soon as a part decides, so a set of positions or a sentence is computed only if it
 * can still change the answer. Parts with a learned score, which reads the whole text, are evaluated last. A topic over
 * the whole document is one look at its count: most clauses never touch a hit.
 *
 * The rules of a plan are evaluated as one DAG (rule_dag.h). An array holds the result of each node over the whole
 * document, as the number of the document and the result, so that nothing is cleared between two documents. A node that
 * requires something that the document lacks is not walked at all. Inside a sentence or field a node has another result
 * each time, which is not kept.
 *
 * With `kept` set, positive parts of the expression see only those hits, and negative parts see all hits. So the result
 * is monotone in `kept`, as the witness and the minimal witness need it.
 */
#include "rule/rule_eval.h"

#include <string.h>

#include "base/assert.h"
#include "base/bitset.h"
#include "rule/rule_eval_internal.h"

/* Weights are single precision: 0.1 and 2.5 must add up to the sum that people expect. */
#define SCORE_TOLERANCE 1e-6

/* Words of the kept sets: in a document with more than some ten thousand hits, sets are computed for every clause. */
#ifdef TOCSIN_SMALL_BUFFERS
#define SET_WORDS ((size_t)4)
#else
#define SET_WORDS ((size_t)1 << 16)
#endif

/* The number of table elements that programs with these flags need for this number of hits. */
static size_t table_size(uint32_t flags, size_t hit_count) {
    size_t count = flags & TOCSIN__RULE_HAS_ORDER ? hit_count + 1 : 0;
    size_t table = 1;
    if (!(flags & TOCSIN__RULE_HAS_DISTINCT)) return count;
    while (table < 2 * hit_count) table *= 2;
    return count > table ? count : table;
}

size_t tocsin__rule_scratch_size(const tocsin__rule_program *program, size_t hit_count) {
    size_t numbers = table_size(program->flags, hit_count) * sizeof(uint32_t);
    return program->slots * tocsin__bits_words(hit_count) * sizeof(uint64_t) + numbers;
}

/* Whether the hits are as rule_eval.h says, in the members that programs with these flags read. */
TOCSIN__FOR_ASSERTS static int is_ordered(const tocsin__rule_input *input, uint32_t flags) {
    for (size_t i = 0; i < input->hit_count; i++) {
        const tocsin__rule_hit *hit = &input->hits[i], *before = i ? hit - 1 : hit;
        if (hit->field < before->field) return 0;
        if (flags & TOCSIN__RULE_NEEDS_SENTENCES && hit->sentence < before->sentence) return 0;
        if (flags & TOCSIN__RULE_NEEDS_PARAGRAPHS && hit->paragraph < before->paragraph) return 0;
        if (!(flags & TOCSIN__RULE_NEEDS_POSITIONS)) continue;
        if (hit->end <= hit->start) return 0;
        if (hit->field == before->field && hit->start < before->start) return 0;
    }
    return 1;
}

/* Starts over the whole document, with the given number of slots in scratch. */
static void run_begin(tocsin__rule_run *run, const tocsin__rule_input *input, size_t slots, void *scratch) {
    size_t low = 0, high = input->hit_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (input->hits[middle].field == TOCSIN_FIELD_TITLE) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    run->evaluator = NULL;
    run->numbers = NULL;
    run->kept = NULL;
    run->input = input;
    run->words = tocsin__bits_words(input->hit_count);
    run->slots = scratch;
    run->slot_count = slots;
    run->table = scratch ? (uint32_t *)(void *)(run->slots + slots * run->words) : NULL;
    run->low = 0;
    run->high = input->hit_count;
    run->text_from = low;
    run->whole = 1;
    run->learned = 0;
}

void tocsin__rule_run_begin(tocsin__rule_run *run, const tocsin__rule_program *program, const tocsin__rule_input *input,
                            void *scratch, const uint64_t *kept) {
    tocsin__assert_all(is_ordered(input, program->flags & TOCSIN__RULE_NEEDS_POSITIONS)); /* edits number anew */
    run_begin(run, input, program->slots, scratch);
    run->nodes = program->nodes;
    run->kept = kept;
}

/* ---- sets of hits ---- */

/*
 * Every operator walks the hits of its scope in order a fixed number of times and keeps hits of its left operand. Two
 * hits are near if the later one begins at most n code points after the end of the earlier one; hits are sorted by
 * start. So a running maximum forwards (how far the partners so far reach) and a running minimum backwards (the start
 * of the next partner) decide for each hit. "after" needs an end inside a window, and ends are not sorted: each partner
 * notes how far it reaches at the first hit that begins after it (found with doubling steps), and a sweep follows.
 * "before" finds the first hit that begins after it in the same way.
 */

void tocsin__rule_clear(const tocsin__rule_run *run, uint32_t slot) {
    uint64_t *set = tocsin__rule_slot(run, slot);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) set[word] = 0;
}

/* Whether a slot is empty in the scope. */
static int is_empty(const tocsin__rule_run *run, uint32_t slot) {
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

/* Marks the hits of a with a partner in b that begins no later than they do. */
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

/* Marks the hits of a with a partner in b that begins no earlier than they do. */
static void mark_backwards(const tocsin__rule_hit *hits, size_t from, size_t to, const uint64_t *a, const uint64_t *b,
                           uint64_t distance, uint64_t *marks) {
    uint64_t next = UINT64_MAX; /* start of the first partner after this hit */
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

/* The first hit of [from, to) that begins at `start` or later; fast if it is near `from`. */
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
        memset(run->table + from, 0, (to - from + 1) * sizeof *run->table);
        for (size_t i = from; i < to; i++) {
            if (!has(set_a, i)) continue;
            uint64_t past = hits[i].end + distance + 1; /* the first start that is too far */
            size_t first = first_at(hits, i + 1, to, hits[i].end);
            if (past > UINT32_MAX) past = UINT32_MAX;
            if (past > run->table[first]) run->table[first] = (uint32_t)past;
        }
        uint32_t covered = 0;
        for (size_t i = from; i < to; i++) {
            if (run->table[i] > covered) covered = run->table[i];
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
        run->table[to] = (uint32_t)to;
        for (size_t i = to; i-- > from;) run->table[i] = has(set_b, i) ? (uint32_t)i : run->table[i + 1];
        for (size_t i = from; i < to; i++) {
            if (!has(set_a, i)) continue;
            size_t next = run->table[first_at(hits, i + 1, to, hits[i].end)];
            if (next == to || hits[next].start > hits[i].end + distance) {
                set_a[i / 64] &= ~((uint64_t)1 << (i & 63));
            }
        }
    }
}

/* The hits of the first operand of a near, before, after or unless node that remain, in slot and slot + 1. */
static void combine_pair(tocsin__rule_run *run, const tocsin__rule_node *node, uint32_t slot) {
    uint64_t *set = tocsin__rule_slot(run, slot);
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

static void add_set(const tocsin__rule_run *run, uint32_t slot, uint32_t more) {
    uint64_t *set = tocsin__rule_slot(run, slot);
    const uint64_t *added = tocsin__rule_slot(run, more);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) set[i] |= added[i];
}

/* The place of the kept set of a node for this document; NULL: it is not kept. */
static uint64_t *kept_set(const tocsin__rule_run *run, uint32_t at, uint32_t **filled) {
    const tocsin__rule_evaluator *e = run->evaluator;
    if (!e || !run->whole || !e->sets) return NULL;
    const uint32_t set = e->dag->nodes[run->numbers[at]].set;
    if (set == TOCSIN__RULE_NO_SET) return NULL;
    *filled = &e->filled[set];
    return e->sets + set * run->words;
}

/* Keeps the set of a node, which stands in a slot. */
static void keep_set(const tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    uint32_t *filled;
    uint64_t *set = kept_set(run, at, &filled);
    if (!set) return;
    memcpy(set, tocsin__rule_slot(run, slot), run->words * sizeof *set);
    *filled = run->evaluator->document;
}

/*
 * Fills a slot at once if the set is certainly empty, is kept, or is a topic. 0: the operands have to be filled first.
 */
static int fill_at_once(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    uint32_t *filled;
    if (run->evaluator && !tocsin__rule_may_hold_at(run, at)) {
        tocsin__rule_clear(run, slot);
        return 1;
    }
    const uint64_t *set = kept_set(run, at, &filled);
    if (set && *filled == run->evaluator->document) {
        memcpy(tocsin__rule_slot(run, slot), set, run->words * sizeof *set);
        return 1;
    }
    if (run->nodes[at].kind != TOCSIN__RULE_TOPIC) return 0;
    fill_topic(run, (uint32_t)run->nodes[at].value, slot);
    keep_set(run, at, slot);
    return 1;
}

/* An operator whose operands are being filled. */
typedef struct set_frame {
    uint32_t at, slot;
    const uint64_t *kept;     /* as it is on the left of "unless" */
    tocsin__rule_scope scope; /* of title(…) and text(…): the scope around it */
} set_frame;

/* Opens an operator. 0: a title(…) or text(…) without hits. */
static int open_set(tocsin__rule_run *run, uint32_t at, uint32_t slot, set_frame *made) {
    made->at = at;
    made->slot = slot;
    made->kept = run->kept;
    if (run->nodes[at].kind != TOCSIN__RULE_FIELD) return 1;
    tocsin__rule_clear(run, slot);
    made->scope = tocsin__rule_scope_of(run);
    tocsin__rule_narrow(run, run->nodes[at].value);
    if (run->low < run->high) return 1;
    tocsin__rule_restore(run, made->scope);
    return 0;
}

/* Goes on after an operand has been filled: returns the next one, or 0 if the set of the frame is complete. */
static uint32_t next_operand(tocsin__rule_run *run, const set_frame *frame, uint32_t operand) {
    const tocsin__rule_node *node = &run->nodes[frame->at];
    const uint32_t next = run->nodes[operand].end;
    switch (node->kind) {
        case TOCSIN__RULE_OR:
            if (operand > frame->at + 1) add_set(run, frame->slot, frame->slot + 1);
            return next < node->end ? next : 0;
        case TOCSIN__RULE_FIELD: tocsin__rule_restore(run, frame->scope); return 0;
        default: break;
    }
    if (operand == frame->at + 1) {
        if (is_empty(run, frame->slot)) return 0;
        if (node->kind == TOCSIN__RULE_UNLESS) run->kept = NULL;
        return next;
    }
    run->kept = frame->kept;
    combine_pair(run, node, frame->slot);
    return 0;
}

void tocsin__rule_fill(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    set_frame frames[TOCSIN__RULE_MAX_DEPTH];
    size_t depth = 0;
    for (;;) {
        tocsin__assert(depth < TOCSIN__RULE_MAX_DEPTH);
        if (!fill_at_once(run, at, slot) && open_set(run, at, slot, &frames[depth])) {
            depth++;
            at++;
            continue;
        }
        uint32_t next = 0;
        while (depth > 0 && !next) {
            const set_frame *frame = &frames[depth - 1];
            next = next_operand(run, frame, at);
            slot = frame->slot + 1;
            if (next) break;
            at = frame->at;
            keep_set(run, at, frame->slot);
            depth--;
        }
        if (!next) return;
        at = next;
    }
}

/* ---- measures ---- */

/* A hash table in run->table: hit + 1 by its term, 0 where it is free. It is at most half full. */
static uint64_t count_terms(tocsin__rule_run *run, uint32_t slot) {
    const tocsin__rule_hit *hits = run->input->hits;
    const uint64_t *set = tocsin__rule_slot(run, slot);
    uint32_t *table = run->table;
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

typedef struct tally {
    uint64_t count;
    double score;
} tally;

/* All hits of a topic in the document; with `kept`, the kept ones and those without a position. */
static tally topic_tally(const tocsin__rule_run *run, uint32_t topic) {
    tally total = {run->input->topic_counts[topic], run->input->topic_scores[topic]}, listed = {0, 0}, kept = {0, 0};
    if (!run->kept) return total;
    for (size_t i = 0; i < run->input->hit_count; i++) {
        const tocsin__rule_hit *hit = &run->input->hits[i];
        if (hit->topic != topic) continue;
        listed.count++;
        listed.score += (double)hit->weight;
        if (!tocsin__bits_test(run->kept, i)) continue;
        kept.count++;
        kept.score += (double)hit->weight;
    }
    if (kept.count == listed.count) return total;
    if (listed.count == total.count) return kept;
    return (tally){total.count - listed.count + kept.count, total.score - listed.score + kept.score};
}

static tally set_tally(tocsin__rule_run *run, uint32_t at) {
    tally sum = {0, 0};
    if (run->whole && run->nodes[at].kind == TOCSIN__RULE_TOPIC) {
        return topic_tally(run, (uint32_t)run->nodes[at].value);
    }
    tocsin__rule_fill(run, at, 0);
    const uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        sum.count += (uint64_t)__builtin_popcountll(set[word]);
        for (uint64_t left = set[word]; left; left &= left - 1) {
            sum.score += (double)run->input->hits[word * 64 + (size_t)__builtin_ctzll(left)].weight;
        }
    }
    return sum;
}

static int order_scores(double a, double b) {
    double difference = a > b ? a - b : b - a, larger = a > b ? a : b;
    return difference <= SCORE_TOLERANCE * larger ? 0 : a > b ? 1 : -1;
}

static uint64_t distinct_terms(tocsin__rule_run *run, uint32_t set) {
    if (run->low == run->high) return 0;
    tocsin__rule_fill(run, set, 0);
    return count_terms(run, 0);
}

int tocsin__rule_outcome(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    switch (node->kind) {
        case TOCSIN__RULE_DISTINCT: return tocsin__rule_order(distinct_terms(run, at + 1), node->value);
        case TOCSIN__RULE_COUNT: return tocsin__rule_order(set_tally(run, at + 1).count, node->value);
        default: return order_scores(set_tally(run, at + 1).score, (double)node->value / 1e6);
    }
}

uint64_t tocsin__rule_measured(tocsin__rule_run *run, uint32_t at) {
    switch (run->nodes[at].kind) {
        case TOCSIN__RULE_DISTINCT: return distinct_terms(run, at + 1);
        case TOCSIN__RULE_COUNT: return set_tally(run, at + 1).count;
        default: return (uint64_t)(set_tally(run, at + 1).score * 1e6 + 0.5);
    }
}

/* The largest value of a set in the scope, plus 1; 0: no hit has one. */
static uint64_t largest_value(tocsin__rule_run *run, uint32_t at) {
    uint64_t largest = 0;
    tocsin__rule_fill(run, at, 0);
    const uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t word = tocsin__rule_first_word(run); word < tocsin__rule_end_word(run); word++) {
        for (uint64_t left = set[word]; left; left &= left - 1) {
            const uint64_t value = run->input->hits[word * 64 + (size_t)__builtin_ctzll(left)].value;
            if (value > largest) largest = value;
        }
    }
    return largest;
}

/* For hits beyond the cap, only the topic's largest value is known. */
uint64_t tocsin__rule_largest_value(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *set = &run->nodes[at + 1];
    if (!run->whole || set->kind != TOCSIN__RULE_TOPIC) return largest_value(run, at + 1);
    const uint64_t total = run->input->topic_values ? run->input->topic_values[set->value] : 0;
    if (!run->kept || !total) return total;
    const uint64_t *kept = run->kept;
    const uint64_t some = largest_value(run, at + 1);
    run->kept = NULL;
    const uint64_t listed = largest_value(run, at + 1);
    run->kept = kept;
    return listed < total ? total : some;
}

int tocsin__rule_value_outcome(const tocsin__rule_node *node, uint64_t value) {
    return tocsin__rule_order(value - 1, node->value);
}

/* A comparison without a value fails. */
static int value_holds(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    const uint64_t *kept = run->kept;
    const uint64_t some = tocsin__rule_largest_value(run, at);
    if (!some) return 0;
    const int outcome = tocsin__rule_value_outcome(node, some);
    if (!kept || node->compare == TOCSIN__RULE_GE || node->compare == TOCSIN__RULE_GT) {
        return tocsin__rule_satisfies(node->compare, outcome);
    }
    run->kept = NULL;
    const int all = tocsin__rule_value_outcome(node, tocsin__rule_largest_value(run, at));
    run->kept = kept;
    if (!tocsin__rule_satisfies(node->compare, all)) return 0;
    return node->compare == TOCSIN__RULE_LT || node->compare == TOCSIN__RULE_LE || outcome == all;
}

static int measure_holds(tocsin__rule_run *run, uint32_t at) {
    uint8_t compare = run->nodes[at].compare;
    const uint64_t *kept = run->kept;
    if (!kept || compare == TOCSIN__RULE_GE || compare == TOCSIN__RULE_GT) {
        return tocsin__rule_satisfies(compare, tocsin__rule_outcome(run, at));
    }
    run->kept = NULL;
    int all = tocsin__rule_outcome(run, at);
    run->kept = kept;
    if (!tocsin__rule_satisfies(compare, all)) return 0;
    if (compare == TOCSIN__RULE_LT || compare == TOCSIN__RULE_LE || all < 0) return 1;
    return tocsin__rule_outcome(run, at) == all;
}

/* ---- conditions ---- */

static int topic_holds(const tocsin__rule_run *run, uint32_t topic) {
    if (run->whole) return run->kept ? topic_tally(run, topic).count > 0 : run->input->topic_counts[topic] > 0;
    if (!run->input->topic_counts[topic]) return 0;
    for (size_t i = run->low; i < run->high; i++) {
        if (run->input->hits[i].topic == topic && (!run->kept || tocsin__bits_test(run->kept, i))) return 1;
    }
    return 0;
}

static int tier_outcome(int32_t tier, uint64_t value) {
    int32_t wanted = value == UINT64_MAX ? -1 : (int32_t)value;
    return (tier > wanted) - (tier < wanted);
}

/* The known result of a node: 0, 1, or UNKNOWN. */
#define UNKNOWN (-1)

static int outcome_at(const tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_evaluator *e = run->evaluator;
    if (!e) return UNKNOWN;
    if (!tocsin__rule_may_hold_at(run, at)) return 0;
    const uint32_t told = e->told[run->numbers[at]];
    return run->whole && told >> 1 == e->document ? (int)(told & 1) : UNKNOWN;
}

static void keep_outcome(const tocsin__rule_run *run, uint32_t at, int holds) {
    const tocsin__rule_evaluator *e = run->evaluator;
    if (e && run->whole) e->told[run->numbers[at]] = e->document << 1 | (uint32_t)holds;
}

/* An operator whose parts are being evaluated. */
typedef struct frame {
    uint32_t at;
    uint64_t holding;         /* of atleast: parts that hold so far */
    tocsin__rule_scope scope; /* of a sentence, paragraph or field: the scope around it */
    const uint64_t *kept;     /* of "!": the one outside */
    int learned;              /* of "&" and "|": only parts with a learned score are left */
} frame;

/* The next part to evaluate, at `part` or after it, or 0: parts with a learned score come last. */
static uint32_t part_from(const tocsin__rule_run *run, frame *open, uint32_t part) {
    const tocsin__rule_node *nodes = run->nodes, *node = &nodes[open->at];
    if (!(node->flags & TOCSIN__RULE_HAS_LEARNED)) return part < node->end ? part : 0;
    for (;; open->learned = 1, part = open->at + 1) {
        for (; part < node->end; part = nodes[part].end) {
            if ((nodes[part].flags & TOCSIN__RULE_HAS_LEARNED) / TOCSIN__RULE_HAS_LEARNED == open->learned) return part;
        }
        if (open->learned) return 0;
    }
}

/* Visits a node. Returns its result, 0 or 1; OPENED: it is an operator, and its first part is next. */
#define OPENED 2

static int begin_node(tocsin__rule_run *run, uint32_t at, frame *opened) {
    const tocsin__rule_node *node = &run->nodes[at];
    const tocsin__rule_input *input = run->input;
    opened->at = at;
    switch (node->kind) {
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND: opened->learned = 0; return OPENED;
        case TOCSIN__RULE_ATLEAST: opened->holding = 0; return OPENED;
        case TOCSIN__RULE_NOT:
            opened->kept = run->kept;
            run->kept = NULL;
            return OPENED;
        case TOCSIN__RULE_FIELD:
            opened->scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            return OPENED;
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH:
            if (run->low == run->high) return 0;
            opened->scope = tocsin__rule_scope_of(run);
            (void)tocsin__rule_narrow_from(run, node->kind, run->low, run->high);
            return OPENED;
        case TOCSIN__RULE_TOPIC: return topic_holds(run, (uint32_t)node->value);
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: tocsin__rule_fill(run, at, 0); return !is_empty(run, 0);
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE: return measure_holds(run, at);
        case TOCSIN__RULE_VALUE: return value_holds(run, at);
        case TOCSIN__RULE_REACH:
            return tocsin__rule_satisfies(node->compare, tocsin__rule_order(input->reach, node->value));
        case TOCSIN__RULE_ATTENTION:
            return tocsin__rule_satisfies(node->compare, tocsin__rule_order((uint64_t)input->attention, node->value));
        case TOCSIN__RULE_TIER: return tocsin__rule_satisfies(node->compare, tier_outcome(input->tier, node->value));
        case TOCSIN__RULE_VENUE: return (int)(node->value >> input->venue & 1) == (node->compare == TOCSIN__RULE_EQ);
        case TOCSIN__RULE_LEARNED:
            return tocsin__rule_satisfies(node->compare,
                                          tocsin__rule_order(tocsin__rule_learned(input, node), (uint32_t)node->value));
        case TOCSIN__RULE_CLAUSE: return tocsin__bits_test(input->clauses_held, (size_t)node->value);
        default: return 0;
    }
}

/*
 * Goes on after a part with the result *holds: returns the next part, or 0 with the result of the operator in *holds.
 */
static uint32_t next_part(tocsin__rule_run *run, frame *open, uint32_t part, int *holds) {
    const tocsin__rule_node *node = &run->nodes[open->at];
    const uint32_t next = run->nodes[part].end;
    if (node->kind == TOCSIN__RULE_AND || node->kind == TOCSIN__RULE_OR) {
        return *holds == (node->kind == TOCSIN__RULE_AND) ? part_from(run, open, next) : 0;
    }
    switch (node->kind) {
        case TOCSIN__RULE_ATLEAST:
            open->holding += (uint64_t)*holds;
            *holds = open->holding >= node->value;
            return !*holds && next < node->end ? next : 0;
        case TOCSIN__RULE_NOT:
            *holds = !*holds;
            run->kept = open->kept;
            return 0;
        case TOCSIN__RULE_FIELD: tocsin__rule_restore(run, open->scope); return 0;
        default: /* a sentence or paragraph: the same part again, in the next one */
            if (!*holds && run->high < open->scope.high) {
                (void)tocsin__rule_narrow_from(run, node->kind, run->high, open->scope.high);
                return part;
            }
            tocsin__rule_restore(run, open->scope);
            return 0;
    }
}

int tocsin__rule_holds_at(tocsin__rule_run *run, uint32_t at) {
    frame frames[TOCSIN__RULE_MAX_DEPTH];
    size_t depth = 0;
    for (;;) {
        tocsin__assert(depth < TOCSIN__RULE_MAX_DEPTH);
        int holds = outcome_at(run, at);
        if (holds == UNKNOWN) {
            holds = begin_node(run, at, &frames[depth]);
            if (holds == OPENED) {
                const int kind = run->nodes[at].kind, lists = kind == TOCSIN__RULE_AND || kind == TOCSIN__RULE_OR;
                at = lists ? part_from(run, &frames[depth], at + 1) : at + 1;
                depth++;
                continue;
            }
            keep_outcome(run, at, holds);
        }
        for (uint32_t next = 0;; at = frames[depth].at) {
            if (!depth) return holds;
            next = next_part(run, &frames[depth - 1], at, &holds);
            if (next) {
                at = next;
                break;
            }
            depth--;
            keep_outcome(run, frames[depth].at, holds);
        }
    }
}

int tocsin__rule_holds(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch) {
    return tocsin__rule_holds_with(program, input, scratch, NULL);
}

int tocsin__rule_holds_with(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                            const uint64_t *kept) {
    tocsin__rule_run run;
    tocsin__rule_run_begin(&run, program, input, scratch, kept);
    return tocsin__rule_holds_at(&run, 0);
}

/* ---- the rules of a plan ---- */

size_t tocsin__rule_evaluator_size(const tocsin__rule_dag *dag) {
    return ((size_t)dag->node_count + dag->set_count) * sizeof(uint32_t);
}

void tocsin__rule_evaluator_init(tocsin__rule_evaluator *e, const tocsin__rule_dag *dag, void *memory) {
    memset(e, 0, sizeof *e);
    e->dag = dag;
    e->told = memory;
    e->filled = e->told + dag->node_count;
}

static size_t set_words(const tocsin__rule_dag *dag, size_t hit_count) {
    size_t words = dag->set_count * tocsin__bits_words(hit_count);
    return words <= SET_WORDS ? words : 0;
}

size_t tocsin__rule_evaluator_scratch_size(const tocsin__rule_dag *dag, size_t hit_count) {
    size_t table = table_size(dag->flags, hit_count) * sizeof(uint32_t);
    return (set_words(dag, hit_count) + dag->slots * tocsin__bits_words(hit_count)) * sizeof(uint64_t) + table;
}

void tocsin__rule_evaluator_begin(tocsin__rule_evaluator *e, const tocsin__rule_input *input, void *scratch) {
    const tocsin__rule_dag *dag = e->dag;
    size_t words = set_words(dag, input->hit_count);
    if (e->document == UINT32_MAX / 2) {
        memset(e->told, 0, tocsin__rule_evaluator_size(dag));
        e->document = 0;
    }
    e->document++;
    e->sets = words ? scratch : NULL;
    run_begin(&e->run, input, dag->slots, scratch ? (uint64_t *)scratch + words : NULL);
    e->run.evaluator = e;
}

int tocsin__rule_evaluator_holds(tocsin__rule_evaluator *e, uint32_t program, uint64_t present) {
    tocsin__assert(program < e->dag->program_count);
    tocsin__assert_all(is_ordered(e->run.input, e->dag->programs[program]->flags));
    e->present = present;
    e->run.nodes = e->dag->programs[program]->nodes;
    e->run.numbers = e->dag->numbers[program];
    return tocsin__rule_holds_at(&e->run, 0);
}
