/*
 * What stands in the way, in English, with the hits to show. Two texts each: how it is, and how it would have to be,
 * the latter made to follow "if".
 */
#include <stdio.h>

#include "base/bitset.h"
#include "base/buffer.h"
#include "rule/rule_mend.h"
#include "rule/rule_print.h"
#include "rule/rule_program.h"
#include "rule/rule_witness.h"

/* Hits of the left of "unless" that are tried for the one with the fewest blockers. */
#define MOST_TRIED 64

static const char *finish(tocsin__rule_mender *m) {
    const char *copy = tocsin__arena_copy(m->arena, m->text.data ? m->text.data : "", m->text.length);
    if (!copy) m->status = TOCSIN_ERROR_MEMORY;
    m->text.length = 0;
    return copy ? copy : "";
}

const char *tocsin__rule_say(tocsin__rule_mender *m, const char *format, ...) {
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length >= 0 && !m->status) m->status = tocsin__buffer_reserve(&m->text, (size_t)length);
    if (length >= 0 && !m->status) {
        (void)vsnprintf(m->text.data, (size_t)length + 1, format, again);
        m->text.length = (size_t)length;
    }
    va_end(again);
    return finish(m);
}

static const char *print(tocsin__rule_mender *m, uint32_t at, tocsin__rule_naming naming) {
    tocsin_status status = tocsin__rule_print_node(m->program, m->names, at, naming, &m->text);
    if (status) m->status = status;
    return finish(m);
}

const char *tocsin__rule_say_node(tocsin__rule_mender *m, uint32_t at) { return print(m, at, TOCSIN__RULE_NAMED); }

/* A node with the "!" in front of it. */
static const char *condition_of(tocsin__rule_mender *m, uint32_t at) {
    while (at > 0 && m->run.nodes[at - 1].kind == TOCSIN__RULE_NOT) at--;
    return print(m, at, TOCSIN__RULE_NAMED_WITHIN);
}

static tocsin__rule_obstacle *obstacle(tocsin__rule_mender *m, uint32_t at, tocsin_obstacle_kind kind, const char *text,
                                       const char *change) {
    tocsin__rule_obstacle made = {kind, at, condition_of(m, at), text, change, NULL, 0, 0};
    m->told = 2 * (size_t)at + (size_t)m->wanted;
    if (!m->status) m->status = tocsin__vec_push(&m->obstacles, &m->arena->allocator, made);
    return m->status ? NULL : &m->obstacles.data[m->obstacles.length - 1];
}

/* Lists the hits of a bitset that fall in the scope. */
static void show_hits(tocsin__rule_mender *m, tocsin__rule_obstacle *o, const uint64_t *bits) {
    if (!o) return;
    size_t total = tocsin__bits_count(bits, m->run.low, m->run.high), at = m->run.low;
    size_t count = total < TOCSIN__RULE_OBSTACLE_HITS ? total : TOCSIN__RULE_OBSTACLE_HITS;
    uint32_t *hits = tocsin__arena_allocate(m->arena, count * sizeof *hits);
    if (!hits) {
        m->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    for (size_t i = 0; i < count; i++, at++) {
        at = tocsin__bits_next(bits, at, m->run.high);
        hits[i] = (uint32_t)at;
    }
    o->hits = hits;
    o->hit_count = count;
    o->hit_total = total;
}

static void show_set(tocsin__rule_mender *m, tocsin__rule_obstacle *o, uint32_t at) {
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at, 0);
    show_hits(m, o, tocsin__rule_slot(&m->run, 0));
}

static void show_support(tocsin__rule_mender *m, tocsin__rule_obstacle *o, uint32_t at) {
    for (size_t i = 0; i < m->run.words; i++) m->support[i] = 0;
    tocsin__rule_add_witness(&m->run, at, m->support);
    show_hits(m, o, m->support);
}

/* ---- the same in the copy of the hits ---- */

static void add_hit(tocsin__rule_mender *m, uint64_t topic, float weight) {
    tocsin__rule_edit_add(m->edit, m->arena, (uint32_t)topic, weight, m->next_term++);
}

static void remove_hits(tocsin__rule_mender *m, const uint64_t *bits) {
    for (size_t i = m->run.low; i < m->run.high; i++) {
        i = tocsin__bits_next(bits, i, m->run.high);
        if (i == m->run.high) break;
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
    }
}

/* Adds hits that make one more member of a set; its weight is that of its first hit. */
static void add_member(tocsin__rule_mender *m, uint32_t at, float weight) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint32_t first = at + 1;
    tocsin__rule_place place = m->edit->place;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC: add_hit(m, node->value, weight); return;
        case TOCSIN__RULE_FIELD:
            m->edit->place.title = node->value == TOCSIN_FIELD_TITLE;
            add_member(m, first, weight);
            m->edit->place = place;
            return;
        default: break;
    }
    add_member(m, first, weight);
    if (node->kind == TOCSIN__RULE_OR || node->kind == TOCSIN__RULE_UNLESS) return;
    const uint32_t member = m->edit->last;
    m->edit->place.anchored = 1;
    m->edit->place.anchor = member;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : node->kind == TOCSIN__RULE_BEFORE ? 1 : -1;
    add_member(m, m->run.nodes[first].end, 1);
    m->edit->place = place;
    m->edit->last = member;
}

/* Members that are added one by one; of more, of a topic, only the count is raised, as for hits beyond the cap. */
#define MOST_ADDED 64

static void raise_measure(tocsin__rule_mender *m, uint32_t at, uint64_t by) {
    const tocsin__rule_node *node = &m->run.nodes[at], *set = &m->run.nodes[at + 1];
    if (node->kind == TOCSIN__RULE_SCORE) {
        add_member(m, at + 1, (float)((double)by / 1e6));
        return;
    }
    if (by > MOST_ADDED && m->run.whole && set->kind == TOCSIN__RULE_TOPIC && node->kind == TOCSIN__RULE_COUNT) {
        m->edit->topic_counts[set->value] += by - 1;
        by = 1;
    }
    for (uint64_t i = 0; i < by && i < MOST_ADDED; i++) add_member(m, at + 1, 1);
}

/* Takes members away, the last terms first, until no more than `to` is left. */
static void lower_measure(tocsin__rule_mender *m, uint32_t at, uint64_t to) {
    const tocsin__rule_node *node = &m->run.nodes[at], *set = &m->run.nodes[at + 1];
    const tocsin__rule_hit *hits = m->run.input->hits;
    uint64_t *members = tocsin__rule_slot(&m->run, 0);
    uint64_t left = tocsin__rule_measured(&m->run, at);
    if (!to && m->run.whole && set->kind == TOCSIN__RULE_TOPIC) {
        tocsin__rule_edit_remove_topic(m->edit, (uint32_t)set->value);
        return;
    }
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.high; i-- > m->run.low && left > to;) {
        if (!tocsin__bits_test(members, i)) continue;
        uint64_t weight = node->kind == TOCSIN__RULE_SCORE ? (uint64_t)((double)hits[i].weight * 1e6 + 0.5) : 1;
        for (size_t j = m->run.low; node->kind == TOCSIN__RULE_DISTINCT && j < i; j++) {
            if (!tocsin__bits_test(members, j) || hits[j].term != hits[i].term) continue;
            tocsin__bits_clear(members, j);
            tocsin__rule_edit_remove(m->edit, (uint32_t)j);
        }
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
        left -= weight < left ? weight : left;
    }
}

/* Makes a measure come out as `compare` asks. */
static void change_measure(tocsin__rule_mender *m, uint32_t at, uint8_t compare) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint64_t value = tocsin__rule_measured(&m->run, at), asked = node->value;
    const int outcome = tocsin__rule_outcome(&m->run, at);
    const uint64_t step = node->kind == TOCSIN__RULE_SCORE ? 1000000 : 1;
    if (compare & TOCSIN__RULE_EQ) {
        if (outcome < 0) raise_measure(m, at, asked - value);
        if (outcome > 0) lower_measure(m, at, asked);
    } else if (compare & TOCSIN__RULE_GT) {
        raise_measure(m, at, (asked > value ? asked - value : 0) + step);
    } else {
        lower_measure(m, at, asked > step ? asked - step : 0);
    }
}

/* Takes away the members of a set whose values are over `most`, each 1 more than it is. */
static void remove_values(tocsin__rule_mender *m, uint32_t at, uint64_t most) {
    const tocsin__rule_node *set = &m->run.nodes[at + 1];
    const tocsin__rule_hit *hits = m->run.input->hits;
    if (m->run.whole && set->kind == TOCSIN__RULE_TOPIC && m->edit->hidden_values[set->value] > most) {
        tocsin__rule_edit_remove_topic(m->edit, (uint32_t)set->value);
        return;
    }
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.low; i < m->run.high; i++) {
        if (!tocsin__bits_test(tocsin__rule_slot(&m->run, 0), i) || hits[i].value <= most) continue;
        tocsin__rule_edit_remove(m->edit, (uint32_t)i);
    }
}

/* Makes the largest value of a set come out as the comparison asks; or leaves no value, which satisfies none. */
static void change_value(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const uint64_t one = 1000000, asked = node->value;
    uint64_t value = asked;
    if (!wanted) {
        remove_values(m, at, 0);
        return;
    }
    if (!(node->compare & TOCSIN__RULE_EQ)) {
        value = node->compare & TOCSIN__RULE_GT ? asked + one : asked > one ? asked - one : 0;
    }
    if (!(node->compare & TOCSIN__RULE_GT)) remove_values(m, at, value + 1);
    m->edit->value = value + 1;
    add_member(m, at + 1, 1);
    m->edit->value = 0;
}

/* ---- one obstacle each ---- */

void tocsin__rule_say_topic(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const char *topic = m->names->topics[m->run.nodes[at].value];
    if (wanted) {
        (void)obstacle(m, at, TOCSIN_OBSTACLE_TOPIC, tocsin__rule_say(m, "no word of topic %s is %s", topic, m->where),
                       tocsin__rule_say(m, "a word of topic %s were %s", topic, m->where));
        add_hit(m, m->run.nodes[at].value, 1);
    } else {
        show_set(m,
                 obstacle(m, at, TOCSIN_OBSTACLE_BLOCKED,
                          tocsin__rule_say(m, "a word of topic %s is %s", topic, m->where),
                          tocsin__rule_say(m, "no word of topic %s were %s", topic, m->where)),
                 at);
        if (m->run.whole) {
            tocsin__rule_edit_remove_topic(m->edit, (uint32_t)m->run.nodes[at].value);
        } else if (m->run.low < m->run.high) {
            remove_hits(m, tocsin__rule_slot(&m->run, 0));
        }
    }
}

typedef struct pair {
    uint32_t a, b;
    uint64_t gap; /* folded code points; UINT64_MAX: no pair in one field */
    int in_order; /* a ends where b begins or before */
} pair;

static void offer(pair *best, uint32_t a, uint32_t b, uint64_t gap, int in_order, int ordered) {
    if (ordered && best->in_order && !in_order) return;
    if (gap < best->gap || (ordered && in_order && !best->in_order)) *best = (pair){a, b, gap, in_order};
}

/* The nearest pair of a hit of slot `earlier` and one of slot `later`; when order matters one in order, if there is
 * any. */
static pair nearest(const tocsin__rule_run *run, uint32_t earlier, uint32_t later, int ordered) {
    const uint64_t *sets[2] = {tocsin__rule_slot(run, earlier), tocsin__rule_slot(run, later)};
    const tocsin__rule_hit *hits = run->input->hits;
    pair best = {0, 0, UINT64_MAX, 0};
    uint32_t last[2] = {UINT32_MAX, UINT32_MAX}; /* the hit of each side that reaches farthest */
    for (size_t i = run->low; i < run->high; i++) {
        int is[2] = {tocsin__bits_test(sets[0], i), tocsin__bits_test(sets[1], i)};
        for (int side = 0; side < 2; side++) {
            uint32_t other = last[!side];
            if (!is[side] || other == UINT32_MAX || hits[other].field != hits[i].field) continue;
            uint64_t gap = hits[i].start > hits[other].end ? hits[i].start - hits[other].end : 0;
            int in_order = side == 1 && hits[other].end <= hits[i].start;
            offer(&best, side ? other : (uint32_t)i, side ? (uint32_t)i : other, gap, in_order, ordered);
        }
        for (int side = 0; side < 2; side++) {
            if (!is[side]) continue;
            int farther = last[side] == UINT32_MAX || hits[last[side]].field != hits[i].field ||
                          hits[i].end >= hits[last[side]].end;
            if (farther) last[side] = (uint32_t)i;
        }
    }
    return best;
}

/* Moves a hit of the right operand beside one of the left operand, or adds one like it there. */
static void bring_together(tocsin__rule_mender *m, uint32_t at, const pair *found) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const tocsin__rule_place place = m->edit->place;
    uint32_t left, right;
    if (found->gap == UINT64_MAX) {
        left = (uint32_t)tocsin__bits_next(tocsin__rule_slot(&m->run, 0), m->run.low, m->run.high);
        right = (uint32_t)tocsin__bits_next(tocsin__rule_slot(&m->run, 1), m->run.low, m->run.high);
    } else {
        left = node->kind == TOCSIN__RULE_AFTER ? found->b : found->a;
        right = node->kind == TOCSIN__RULE_AFTER ? found->a : found->b;
    }
    if (left >= m->run.high || right >= m->run.high) return; /* beyond the cap: nothing is known of where they stand */
    const tocsin__rule_hit *moved = &m->run.input->hits[right];
    m->edit->place.anchored = 1;
    m->edit->place.anchor = left;
    m->edit->place.side = node->kind == TOCSIN__RULE_NEAR ? 0 : node->kind == TOCSIN__RULE_BEFORE ? 1 : -1;
    m->edit->value = moved->value;
    tocsin__rule_edit_add(m->edit, m->arena, moved->topic, moved->weight, moved->term);
    m->edit->value = 0;
    if (left != right && !m->adds_partner) tocsin__rule_edit_remove(m->edit, right);
    m->moved = 1;
    m->edit->place = place;
}

void tocsin__rule_say_far(tocsin__rule_mender *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const char *a = tocsin__rule_say_node(m, at + 1), *b = tocsin__rule_say_node(m, m->run.nodes[at + 1].end);
    unsigned long long wanted = (unsigned long long)node->value;
    int after = node->kind == TOCSIN__RULE_AFTER, ordered = after || node->kind == TOCSIN__RULE_BEFORE;
    const char *text, *now = "", *change;
    tocsin__rule_fill(&m->run, at + 1, 0);
    tocsin__rule_fill(&m->run, m->run.nodes[at + 1].end, 1);
    pair found = after ? nearest(&m->run, 1, 0, 1) : nearest(&m->run, 0, 1, ordered);
    if (found.gap == UINT64_MAX) {
        text = tocsin__rule_say(m, "%s and %s have no two hits in one field", a, b);
    } else if (ordered && !found.in_order) {
        text = after ? tocsin__rule_say(m, "%s does not come after %s", a, b)
                     : tocsin__rule_say(m, "%s does not come before %s", a, b);
        now = " (not in this order now)";
    } else {
        text = tocsin__rule_say(m, "%s and %s are %llu characters apart", a, b, (unsigned long long)found.gap);
        now = tocsin__rule_say(m, " (%llu now)", (unsigned long long)found.gap);
    }
    change = after     ? tocsin__rule_say(m, "%s were within %llu characters after %s%s", a, wanted, b, now)
             : ordered ? tocsin__rule_say(m, "%s were within %llu characters after %s%s", b, wanted, a, now)
                       : tocsin__rule_say(m, "%s and %s were within %llu characters%s", a, b, wanted, now);
    tocsin__rule_obstacle *o = obstacle(m, at, TOCSIN_OBSTACLE_FAR, text, change);
    for (size_t i = 0; i < m->run.words; i++) m->support[i] = 0;
    if (found.gap != UINT64_MAX) {
        tocsin__bits_set(m->support, found.a);
        tocsin__bits_set(m->support, found.b);
    }
    show_hits(m, o, m->support);
    bring_together(m, at, &found);
}

/* Leaves in slot 1 the hits that block the hit `a`; how many. */
static size_t blockers(tocsin__rule_mender *m, uint32_t second, size_t a, uint64_t distance) {
    const tocsin__rule_hit *hits = m->run.input->hits, *mine = &hits[a];
    uint64_t *set = tocsin__rule_slot(&m->run, 1);
    size_t count = 0;
    tocsin__rule_fill(&m->run, second, 1);
    for (size_t i = m->run.low; i < m->run.high; i++) {
        const tocsin__rule_hit *first = i < a ? &hits[i] : mine, *last = i < a ? mine : &hits[i];
        int near = i != a && first->field == last->field && last->start <= first->end + distance;
        if (near && tocsin__bits_test(set, i)) {
            count++;
        } else {
            tocsin__bits_clear(set, i);
        }
    }
    return count;
}

void tocsin__rule_say_blocked(tocsin__rule_mender *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    uint32_t second = m->run.nodes[at + 1].end;
    const char *a = tocsin__rule_say_node(m, at + 1), *b = tocsin__rule_say_node(m, second);
    unsigned long long distance = (unsigned long long)node->value;
    size_t best = m->run.high, fewest = SIZE_MAX, tried = 0;
    tocsin__rule_obstacle *o = obstacle(m, at, TOCSIN_OBSTACLE_BLOCKED,
                                        tocsin__rule_say(m, "%s is within %llu characters of %s", b, distance, a),
                                        tocsin__rule_say(m, "no %s were within %llu characters of %s", b, distance, a));
    if (m->run.low == m->run.high) return;
    tocsin__rule_fill(&m->run, at + 1, 0);
    for (size_t i = m->run.low; i < m->run.high && tried < MOST_TRIED; i++) {
        if (!tocsin__bits_test(tocsin__rule_slot(&m->run, 0), i)) continue;
        size_t count = blockers(m, second, i, node->value);
        tried++;
        if (count >= fewest) continue;
        fewest = count;
        best = i;
    }
    if (best == m->run.high) return;
    (void)blockers(m, second, best, node->value);
    show_hits(m, o, tocsin__rule_slot(&m->run, 1));
    remove_hits(m, tocsin__rule_slot(&m->run, 1));
}

void tocsin__rule_say_scope(tocsin__rule_mender *m, uint32_t at) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const char *inside = tocsin__rule_say_node(m, at + 1);
    const char *scope = node->kind == TOCSIN__RULE_SENTENCE    ? "one sentence"
                        : node->kind == TOCSIN__RULE_PARAGRAPH ? "one paragraph"
                        : node->value == TOCSIN_FIELD_TITLE    ? "the title"
                                                               : "the text";
    show_support(m,
                 obstacle(m, at, TOCSIN_OBSTACLE_SCOPE,
                          tocsin__rule_say(m, "%s holds, but not within %s", inside, scope),
                          tocsin__rule_say(m, "%s held within %s", inside, scope)),
                 at + 1);
    const tocsin__rule_place place = m->edit->place;
    if (node->kind == TOCSIN__RULE_FIELD) m->edit->place.title = node->value == TOCSIN_FIELD_TITLE;
    tocsin__rule_edit_copy(m->edit, m->arena, m->support, m->run.low, m->run.high);
    m->edit->place = place;
}

void tocsin__rule_say_holds(tocsin__rule_mender *m, uint32_t at) {
    const char *inside = tocsin__rule_say_node(m, at);
    show_support(m,
                 obstacle(m, at, TOCSIN_OBSTACLE_BLOCKED, tocsin__rule_say(m, "%s holds", inside),
                          tocsin__rule_say(m, "%s did not hold", inside)),
                 at);
    remove_hits(m, m->support);
}

static const char *bound(uint8_t compare) {
    static const char *const bounds[] = {"", "under ", "", "at most ", "over ", "other than ", "at least "};
    return bounds[compare];
}

/* A score with up to six decimals. */
static const char *number(tocsin__rule_mender *m, const tocsin__rule_node *node, uint64_t value) {
    if (tocsin__rule_measure_of(node->kind)->value == TOCSIN__RULE_WHOLE) {
        return tocsin__rule_say(m, "%llu", (unsigned long long)value);
    }
    char text[48];
    int length = snprintf(text, sizeof text, "%llu.%06llu", (unsigned long long)(value / 1000000),
                          (unsigned long long)(value % 1000000));
    while (text[length - 1] == '0') length--; /* up to the point at the latest */
    if (text[length - 1] == '.') length--;
    return tocsin__rule_say(m, "%.*s", length, text);
}

void tocsin__rule_say_measure(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const char *what = tocsin__rule_say_node(m, at + 1);
    const char *word = tocsin__rule_measure_of(node->kind)->word;
    uint64_t value = tocsin__rule_measured(&m->run, at);
    const char *now = number(m, node, value), *asked = number(m, node, node->value);
    tocsin__rule_obstacle *o =
        obstacle(m, at, TOCSIN_OBSTACLE_COUNT, tocsin__rule_say(m, "%s(%s) is %s", word, what, now),
                 tocsin__rule_say(m, "%s(%s) were %s%s (%s now)", word, what, bound(tocsin__rule_wanted(node, wanted)),
                                  asked, now));
    if (tocsin__rule_outcome(&m->run, at) >= 0) show_set(m, o, at + 1);
    change_measure(m, at, tocsin__rule_wanted(node, wanted));
}

/* A tier that compares so with the one asked for; there may be none. */
static int32_t tier_for(uint8_t compare, uint64_t value, size_t tiers) {
    const int32_t asked = value == UINT64_MAX ? TOCSIN_TIER_NONE : (int32_t)value;
    if (compare & TOCSIN__RULE_EQ) return asked;
    if (compare & TOCSIN__RULE_GT && asked + 1 < (int32_t)tiers) return asked + 1;
    return compare & TOCSIN__RULE_LT && asked > TOCSIN_TIER_NONE ? asked - 1 : asked;
}

void tocsin__rule_say_value(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const char *what = tocsin__rule_say_node(m, at + 1), *asked = number(m, node, node->value), *word = "value";
    const char *within = bound(tocsin__rule_wanted(node, wanted));
    const uint64_t value = tocsin__rule_largest_value(&m->run, at);
    if (!value) {
        (void)obstacle(m, at, TOCSIN_OBSTACLE_COUNT, tocsin__rule_say(m, "no number of %s is %s", what, m->where),
                       tocsin__rule_say(m, "%s(%s) were %s%s", word, what, within, asked));
        change_value(m, at, wanted);
        return;
    }
    const char *now = number(m, node, value - 1);
    show_set(m,
             obstacle(m, at, TOCSIN_OBSTACLE_COUNT, tocsin__rule_say(m, "%s(%s) is %s", word, what, now),
                      tocsin__rule_say(m, "%s(%s) were %s%s (%s now)", word, what, within, asked, now)),
             at + 1);
    change_value(m, at, wanted);
}

void tocsin__rule_say_learned(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    const char *name = m->names->learned[node->value >> TOCSIN__RULE_WEIGHTS_SHIFT];
    const char *now = number(m, node, tocsin__rule_learned(m->run.input, node));
    const char *asked = number(m, node, (uint32_t)node->value);
    (void)obstacle(m, at, TOCSIN_OBSTACLE_LEARNED, tocsin__rule_say(m, "%s(%s) is %s", "learned", name, now),
                   tocsin__rule_say(m, "%s(%s) were %s%s (%s now)", "learned", name,
                                    bound(tocsin__rule_wanted(node, wanted)), asked, now));
}

void tocsin__rule_say_verdict(tocsin__rule_mender *m, uint32_t at, int wanted) {
    const tocsin__rule_node *node = &m->run.nodes[at];
    int32_t tier = m->input.tier;
    const char *text, *change;
    if (node->kind == TOCSIN__RULE_CLAUSE) {
        const char *id = m->names->clauses[node->value].id;
        text = tocsin__rule_say(m, "clause %s %s", id, wanted ? "does not hold" : "holds");
        change = tocsin__rule_say(m, "clause %s %s", id, wanted ? "held" : "did not hold");
    } else {
        const char *asked = node->value == UINT64_MAX ? "none" : m->names->tiers[node->value];
        text = tocsin__rule_say(m, "the tier is %s", tier < 0 ? "none" : m->names->tiers[tier]);
        change = tocsin__rule_say(m, "the tier were %s%s", bound(tocsin__rule_wanted(node, wanted)), asked);
    }
    (void)obstacle(m, at, TOCSIN_OBSTACLE_VERDICT, text, change);
    if (m->edit->status) return;
    if (node->kind == TOCSIN__RULE_CLAUSE && m->input.clauses_held) {
        m->edit->clauses[node->value / 64] ^= (uint64_t)1 << node->value % 64;
    } else if (node->kind == TOCSIN__RULE_TIER) {
        m->edit->tier = tier_for(tocsin__rule_wanted(node, wanted), node->value, m->names->tier_count);
    }
}

void tocsin__rule_say_fact(tocsin__rule_mender *m, uint32_t at, tocsin_obstacle_kind kind, const char *text,
                           const char *change) {
    (void)obstacle(m, at, kind, text, change);
}
