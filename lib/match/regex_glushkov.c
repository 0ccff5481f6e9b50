/*
 * A walk over the tree that numbers the positions of the Glushkov construction. Repeats are bounded, so they are
 * written out: the repeated part is walked once for each time. The walk also keeps the atoms that every match has and
 * that are rarest in ordinary text: those of one join of a sequence, or those of each of some alternatives.
 */
#include "match/regex_glushkov.h"

#include <string.h>

#include "base/bitset.h"

#define MOST_LISTED 128u /* characters of a set that are listed as sides of atoms */
#define LAST_LISTED 0xFFFEu

#define RUN 5e-4  /* the share of a given digit after a digit: they come in runs, as Latin letters do */
#define PAIR 2e-7 /* the cost of looking for a pair */

#define NOWHERE 1e6 /* the share of unknown atoms */

typedef struct atom_sets {
    const tocsin__atom_set *first;
    double share;
} atom_sets;

/* The facts about a part. Positions are listed by the edge that must be there; NULL: none. */
typedef struct part {
    uint8_t
        empty[TOCSIN__NFA_STARTS]; /* by start edge, bits by end edge: the edges at which it matches the empty text */
    const uint64_t *first[TOCSIN__NFA_STARTS], *last[TOCSIN__NFA_ENDS];
    atom_sets rarest;
} part;

typedef struct walker {
    tocsin__glushkov *glushkov;
    tocsin__arena *arena;
    int unknown; /* it has a property that ICU does not know */
    tocsin_status status;
} walker;

static part nothing(void) { return (part){.empty = {1}, .rarest = {NULL, NOWHERE}}; }

static int may_be_empty(const part *p) { return p->empty[0] || p->empty[1] || p->empty[2]; }

static void *take(walker *w, size_t size) {
    void *memory = w->status ? NULL : tocsin__arena_allocate(w->arena, size);
    if (!memory) w->status = TOCSIN_ERROR_MEMORY;
    return memory;
}

uint32_t tocsin__positions_next(const tocsin__glushkov *glushkov, const uint64_t *set, uint32_t from) {
    return (uint32_t)tocsin__bits_next(set, from, glushkov->position_count);
}

uint16_t tocsin__positions_longest(const tocsin__glushkov *glushkov, const uint64_t *set, const uint16_t *lengths) {
    uint16_t longest = 0;
    for (uint32_t p = tocsin__positions_next(glushkov, set, 0); p < glushkov->position_count;
         p = tocsin__positions_next(glushkov, set, p + 1)) {
        if (lengths[p] > longest) longest = lengths[p];
    }
    return longest;
}

static const uint64_t *both(walker *w, const uint64_t *a, const uint64_t *b) {
    if (!a || !b) return a ? a : b;
    uint64_t *sum = take(w, w->glushkov->words * sizeof *sum);
    for (uint32_t i = 0; sum && i < w->glushkov->words; i++) sum[i] = a[i] | b[i];
    return sum;
}

/* Whether the characters of a set can be listed as sides of atoms: few, all of the basic plane. */
static int is_listed(const tocsin__character_set *set) {
    return set->members <= MOST_LISTED && (!set->count || set->ranges[set->count - 1].last <= LAST_LISTED);
}

typedef struct characters {
    int listed;
    const uint16_t *list;
    uint32_t count;
    int ascii;
} characters;

/* The characters that a set of positions takes, each once, in one of the glushkov's lists. */
static characters characters_of(tocsin__glushkov *glushkov, const uint64_t *positions, uint16_t *list) {
    characters all = {1, list, 0, 0};
    glushkov->stamped++;
    for (uint32_t p = tocsin__positions_next(glushkov, positions, 0); p < glushkov->position_count;
         p = tocsin__positions_next(glushkov, positions, p + 1)) {
        const tocsin__character_set *set = &glushkov->sets[glushkov->set_of[p]];
        if (!is_listed(set)) return (characters){0, list, 0, 0};
        for (uint32_t i = 0; i < set->count; i++) {
            for (uint32_t c = set->ranges[i].first; c <= set->ranges[i].last; c++) {
                if (glushkov->stamp[c] == glushkov->stamped) continue;
                if (all.count == TOCSIN__ATOM_PAIRS) return (characters){0, list, 0, 0};
                glushkov->stamp[c] = glushkov->stamped;
                list[all.count++] = (uint16_t)c;
                all.ascii += c < 0x80;
            }
        }
    }
    return all;
}

static atom_sets atom_set(walker *w, const uint64_t *left, const uint64_t *right, int alone, double share) {
    tocsin__atom_set *made = take(w, sizeof *made);
    if (!made) return (atom_sets){NULL, NOWHERE};
    *made = (tocsin__atom_set){left, right, alone, NULL};
    return (atom_sets){made, share};
}

static atom_sets at(walker *w, const uint64_t *positions) {
    const characters all = characters_of(w->glushkov, positions, w->glushkov->sides[0]);
    double share = 0;
    if (!all.listed) return (atom_sets){NULL, NOWHERE};
    for (uint32_t i = 0; i < all.count; i++) share += tocsin__frequency_of(w->glushkov->frequency, all.list[i]);
    return atom_set(w, positions, positions, 1, share);
}

static atom_sets between(walker *w, const uint64_t *left, const uint64_t *right) {
    if (!left || !right) return (atom_sets){NULL, NOWHERE};
    const characters a = characters_of(w->glushkov, left, w->glushkov->sides[0]);
    const characters b = characters_of(w->glushkov, right, w->glushkov->sides[1]);
    if (!a.listed || !b.listed || a.count * b.count > TOCSIN__ATOM_PAIRS) return (atom_sets){NULL, NOWHERE};
    double share = a.count * b.count * PAIR;
    for (uint32_t i = 0; i < a.count; i++) {
        for (uint32_t j = 0; j < b.count; j++) {
            share += tocsin__frequency_of_pair(w->glushkov->frequency, a.list[i], b.list[j]);
        }
    }
    if (b.ascii) share += a.ascii * RUN;
    return atom_set(w, left, right, 0, share);
}

static void offer(part *p, atom_sets more) {
    if (more.first && more.share < p->rarest.share) p->rarest = more;
}

/* Both lists together; the first one is copied. */
static atom_sets either(walker *w, atom_sets a, atom_sets b) {
    atom_sets all = {b.first, a.share + b.share};
    if (!a.first || !b.first) return (atom_sets){NULL, NOWHERE};
    for (const tocsin__atom_set *one = a.first; one; one = one->next) {
        tocsin__atom_set *copy = take(w, sizeof *copy);
        if (!copy) return (atom_sets){NULL, NOWHERE};
        *copy = *one;
        copy->next = all.first;
        all.first = copy;
    }
    return all;
}

static void join(walker *w, const uint64_t *from, const uint64_t *to) {
    tocsin__join *made = from && to ? take(w, sizeof *made) : NULL;
    if (!made) return;
    *made = (tocsin__join){from, to, w->glushkov->joins};
    w->glushkov->joins = made;
}

static int larger(int a, int b) { return a > b ? a : b; }

/* The edge that satisfies both parts: the stronger of the two. No character precedes a start or follows an end. */
static void follow_edges(walker *w, const part *a, const part *b, part *all) {
    for (int s = 0; s < TOCSIN__NFA_STARTS; s++) all->first[s] = a->first[s];
    for (int e = 0; e < TOCSIN__NFA_ENDS; e++) all->last[e] = b->last[e];
    for (int s = 0; s < TOCSIN__NFA_STARTS; s++) {
        for (int t = 0; t < TOCSIN__NFA_STARTS; t++) {
            const int both_starts = larger(s, t);
            if (a->empty[s] & 1) all->first[both_starts] = both(w, all->first[both_starts], b->first[t]);
            for (int e = 0; e < TOCSIN__NFA_ENDS; e++) {
                for (int f = 0; f < TOCSIN__NFA_ENDS; f++) {
                    const int here = (a->empty[s] >> e & 1) && (b->empty[t] >> f & 1);
                    if (here) all->empty[both_starts] |= (uint8_t)(1U << larger(e, f));
                }
            }
        }
    }
    for (int e = 0; e < TOCSIN__NFA_ENDS; e++) {
        for (int f = 0; f < TOCSIN__NFA_ENDS && (b->empty[0] >> e & 1); f++) {
            all->last[larger(e, f)] = both(w, all->last[larger(e, f)], a->last[f]);
        }
    }
}

static part follow(walker *w, const part *a, const part *b) {
    part all = {.rarest = {NULL, NOWHERE}};
    join(w, a->last[0], b->first[0]);
    follow_edges(w, a, b, &all);
    if (!may_be_empty(a)) offer(&all, a->rarest);
    if (!may_be_empty(b)) offer(&all, b->rarest);
    if (!may_be_empty(a) && !may_be_empty(b)) offer(&all, between(w, a->last[0], b->first[0]));
    return all;
}

/* The set of a node, resolved on first use. */
static uint32_t set_of(walker *w, tocsin__regex_node *node) {
    tocsin__glushkov *glushkov = w->glushkov;
    if (node->number) return node->number - 1;
    tocsin__character_set *set = &glushkov->sets[glushkov->set_count];
    int known = 1;
    *set = (tocsin__character_set){NULL, 0, 0};
    if (!w->status) w->status = tocsin__regex_resolve(node, w->arena, &set->ranges, &set->count, &known);
    if (w->status) return 0;
    for (uint32_t i = 0; i < set->count; i++) set->members += set->ranges[i].last - set->ranges[i].first + 1;
    w->unknown |= !known;
    node->number = ++glushkov->set_count;
    return node->number - 1;
}

static part of_set(walker *w, tocsin__regex_node *node) {
    tocsin__glushkov *glushkov = w->glushkov;
    part one = {.rarest = {NULL, NOWHERE}};
    const uint32_t set = set_of(w, node);
    uint64_t *position = take(w, glushkov->words * sizeof *position);
    if (!position) return one;
    memset(position, 0, glushkov->words * sizeof *position);
    tocsin__bits_set(position, glushkov->position_count);
    glushkov->set_of[glushkov->position_count++] = (uint16_t)set;
    one.first[0] = one.last[0] = position;
    one.rarest = at(w, position);
    return one;
}

static part of_edge(const tocsin__regex_node *node) {
    part one = {.rarest = {NULL, NOWHERE}};
    const int is_start = node->edge <= TOCSIN__REGEX_TEXT_START;
    one.empty[is_start ? node->edge : 0] = (uint8_t)(1U << (is_start ? 0 : node->edge - TOCSIN__REGEX_TEXT_START));
    return one;
}

static part walk(walker *w, tocsin__regex_node *node);

static part of_sequence(walker *w, const tocsin__regex_node *node) {
    part all = nothing();
    for (tocsin__regex_node *child = node->first; child && !w->status; child = child->next) {
        const part next = walk(w, child);
        all = follow(w, &all, &next);
    }
    return all;
}

static part of_alternatives(walker *w, const tocsin__regex_node *node) {
    part all = walk(w, node->first);
    for (tocsin__regex_node *child = node->first->next; child && !w->status; child = child->next) {
        const part next = walk(w, child);
        for (int s = 0; s < TOCSIN__NFA_STARTS; s++) {
            all.empty[s] |= next.empty[s];
            all.first[s] = both(w, all.first[s], next.first[s]);
        }
        for (int e = 0; e < TOCSIN__NFA_ENDS; e++) all.last[e] = both(w, all.last[e], next.last[e]);
        all.rarest = either(w, all.rarest, next.rarest);
    }
    return all;
}

static part of_repeat(walker *w, const tocsin__regex_node *node) {
    part all = walk(w, node->first), before = all;
    const uint32_t least = may_be_empty(&all) ? 0 : node->least;
    for (uint32_t i = 2; i <= node->most && !w->status; i++) {
        const part again = walk(w, node->first);
        join(w, before.last[0], again.first[0]);
        if (i == 2 && least >= 2) offer(&all, between(w, before.last[0], again.first[0]));
        for (int e = 0; e < TOCSIN__NFA_ENDS; e++) {
            all.last[e] = i <= least ? again.last[e] : both(w, all.last[e], again.last[e]);
        }
        before = again;
    }
    if (!least) all.empty[0] |= 1;
    return all;
}

static part walk(walker *w, tocsin__regex_node *node) {
    switch (node->kind) {
        case TOCSIN__REGEX_EMPTY: break;
        case TOCSIN__REGEX_CHARACTER:
        case TOCSIN__REGEX_DOT:
        case TOCSIN__REGEX_CLASS: return of_set(w, node);
        case TOCSIN__REGEX_EDGE: return of_edge(node);
        case TOCSIN__REGEX_SEQUENCE: return of_sequence(w, node);
        case TOCSIN__REGEX_ALTERNATIVES: return of_alternatives(w, node);
        case TOCSIN__REGEX_GROUP: return walk(w, node->first);
        case TOCSIN__REGEX_REPEAT: return of_repeat(w, node);
    }
    return nothing();
}

/* The number of positions of a part; a number above the limit may be inexact. */
static uint32_t count_positions(const tocsin__regex_node *node) {
    uint64_t count = node->kind >= TOCSIN__REGEX_CHARACTER && node->kind <= TOCSIN__REGEX_CLASS;
    for (const tocsin__regex_node *child = node->first; child && count <= TOCSIN__NFA_POSITIONS; child = child->next) {
        count += count_positions(child);
    }
    if (node->kind == TOCSIN__REGEX_REPEAT) count *= node->most;
    return (uint32_t)(count <= TOCSIN__NFA_POSITIONS ? count : TOCSIN__NFA_POSITIONS + 1);
}

tocsin_status tocsin__glushkov_construct(const tocsin__pattern *regex, tocsin__arena *arena,
                                         tocsin__glushkov *glushkov) {
    walker w = {.glushkov = glushkov, .arena = arena};
    size_t errors = 0;
    glushkov->position_count = glushkov->set_count = 0;
    glushkov->joins = NULL;
    glushkov->atom_sets = NULL;
    glushkov->fault = TOCSIN__GLUSHKOV_UNREADABLE;
    w.status = tocsin__regex_parse(regex->data, regex->length, arena, NULL, NULL, &glushkov->tree, &errors);
    if (w.status || errors) return w.status;
    const uint32_t positions = count_positions(glushkov->tree);
    if (positions > TOCSIN__NFA_POSITIONS) glushkov->fault = TOCSIN__GLUSHKOV_TOO_MANY;
    if (!positions || positions > TOCSIN__NFA_POSITIONS) return TOCSIN_OK;
    glushkov->words = (uint32_t)tocsin__bits_words(positions);
    const part all = walk(&w, glushkov->tree);
    memcpy(glushkov->first, all.first, sizeof all.first);
    memcpy(glushkov->last, all.last, sizeof all.last);
    if (!w.unknown && !may_be_empty(&all)) glushkov->fault = TOCSIN__GLUSHKOV_SOUND;
    glushkov->atom_sets = all.rarest.first;
    glushkov->share = all.rarest.share;
    return w.status;
}
