/*
 * A recursive descent over what lexicon/regex_*.c writes, which builds the positions of Glushkov's automaton as it
 * goes. Repeats are bounded, so they are written out, by reading what is repeated again for each time. On the way it
 * keeps the rarest set of crossings that no match can do without: of all joins of a sequence the one that ordinary text
 * has least often; alternatives need the crossings of each. What the descent does not know is left to another engine.
 */
#include "match/expression_draft.h"

#include <string.h>

#include "base/bitset.h"
#include "base/utf8.h"

#define MOST_LISTED 128u /* characters of an atom that are listed as sides of anchors */
#define MOST_RANGES 128u /* of a class */
#define MOST_DEPTH 64u
#define MOST_ATOMS_READ 20000u /* counting again what is repeated, so that repeats of nothing end */
#define LAST_LISTED 0xFFFEu

#define RUN 5e-4  /* a digit with a given digit after it: they come in runs, as Latin letters do */
#define PAIR 2e-7 /* what a pair costs by being looked for */

#define NOWHERE 1e6 /* the share of crossings that are not known */

typedef struct crossings {
    const tocsin__crossing *first;
    double share;
} crossings;

typedef struct part {
    int may_be_empty;
    tocsin__positions first, last;
    crossings rarest;
} part;

typedef struct reader {
    const char *pattern;
    size_t length, at;
    tocsin__draft *draft;
    tocsin__arena *arena;
    unsigned depth, atoms_read;
    int unknown; /* something that is not understood */
    tocsin_status status;
} reader;

static part nothing(void) { return (part){.may_be_empty = 1, .rarest = {NULL, NOWHERE}}; }

static int ends(const reader *r) { return r->status || r->unknown || r->at >= r->length; }

static char peek(const reader *r, size_t ahead) { return r->at + ahead < r->length ? r->pattern[r->at + ahead] : '\0'; }

static void *take(reader *r, size_t size) {
    void *memory = r->status ? NULL : tocsin__arena_allocate(r->arena, size);
    if (!memory) r->status = TOCSIN_ERROR_MEMORY;
    return memory;
}

uint32_t tocsin__positions_next(const tocsin__positions *set, uint32_t from) {
    return (uint32_t)tocsin__bits_next(set->bits, from, TOCSIN__EXPRESSION_POSITIONS);
}

static int is_empty(const tocsin__positions *set) {
    return tocsin__positions_next(set, 0) == TOCSIN__EXPRESSION_POSITIONS;
}

static tocsin__positions both(const tocsin__positions *a, const tocsin__positions *b) {
    tocsin__positions sum = *a;
    for (size_t i = 0; i < TOCSIN__EXPRESSION_WORDS; i++) sum.bits[i] |= b->bits[i];
    return sum;
}

int tocsin__atom_listed(const tocsin__atom *atom) {
    uint32_t members = 0;
    for (uint32_t i = 0; i < atom->count; i++) {
        if (atom->ranges[i].last > LAST_LISTED) return 0;
        members += atom->ranges[i].last - atom->ranges[i].first + 1;
    }
    return !atom->negated && members <= MOST_LISTED;
}

typedef struct characters {
    int listed;
    const uint16_t *list;
    uint32_t count;
    int ascii;
} characters;

/* The characters that a set of positions takes, each once, in one of the draft's lists. */
static characters characters_of(tocsin__draft *draft, const tocsin__positions *set, uint16_t *list) {
    characters all = {1, list, 0, 0};
    draft->stamped++;
    for (uint32_t p = tocsin__positions_next(set, 0); p < draft->position_count;
         p = tocsin__positions_next(set, p + 1)) {
        const tocsin__atom *atom = &draft->atoms[p];
        if (!tocsin__atom_listed(atom)) return (characters){0, list, 0, 0};
        for (uint32_t i = 0; i < atom->count; i++) {
            for (uint32_t c = atom->ranges[i].first; c <= atom->ranges[i].last; c++) {
                if (draft->stamp[c] == draft->stamped) continue;
                if (all.count == TOCSIN__CROSSING_PAIRS) return (characters){0, list, 0, 0};
                draft->stamp[c] = draft->stamped;
                list[all.count++] = (uint16_t)c;
                all.ascii += c < 0x80;
            }
        }
    }
    return all;
}

static crossings crossing(reader *r, const tocsin__positions *left, const tocsin__positions *right, int alone,
                          double share) {
    tocsin__crossing *made = take(r, sizeof *made);
    if (!made) return (crossings){NULL, NOWHERE};
    *made = (tocsin__crossing){*left, *right, alone, NULL};
    return (crossings){made, share};
}

static crossings at(reader *r, const tocsin__positions *set) {
    const characters all = characters_of(r->draft, set, r->draft->sides[0]);
    double share = 0;
    if (!all.listed) return (crossings){NULL, NOWHERE};
    for (uint32_t i = 0; i < all.count; i++) share += tocsin__frequency_of(r->draft->frequency, all.list[i]);
    return crossing(r, set, set, 1, share);
}

static crossings between(reader *r, const tocsin__positions *left, const tocsin__positions *right) {
    const characters a = characters_of(r->draft, left, r->draft->sides[0]);
    const characters b = characters_of(r->draft, right, r->draft->sides[1]);
    if (!a.listed || !b.listed || a.count * b.count > TOCSIN__CROSSING_PAIRS) return (crossings){NULL, NOWHERE};
    double share = a.count * b.count * PAIR;
    for (uint32_t i = 0; i < a.count; i++) {
        for (uint32_t j = 0; j < b.count; j++) {
            share += tocsin__frequency_of_pair(r->draft->frequency, a.list[i], b.list[j]);
        }
    }
    if (b.ascii) share += a.ascii * RUN;
    return crossing(r, left, right, 0, share);
}

static void offer(part *p, crossings more) {
    if (more.first && more.share < p->rarest.share) p->rarest = more;
}

/* Both lists; those of the first are copied. */
static crossings either(reader *r, crossings a, crossings b) {
    crossings all = {b.first, a.share + b.share};
    if (!a.first || !b.first) return (crossings){NULL, NOWHERE};
    for (const tocsin__crossing *one = a.first; one; one = one->next) {
        tocsin__crossing *copy = take(r, sizeof *copy);
        if (!copy) return (crossings){NULL, NOWHERE};
        *copy = *one;
        copy->next = all.first;
        all.first = copy;
    }
    return all;
}

static void join(reader *r, const tocsin__positions *from, const tocsin__positions *to) {
    if (is_empty(from) || is_empty(to)) return;
    tocsin__join *made = take(r, sizeof *made);
    if (!made) return;
    *made = (tocsin__join){*from, *to, r->draft->joins};
    r->draft->joins = made;
}

static part follow(reader *r, part a, part b) {
    part all = {a.may_be_empty && b.may_be_empty, a.first, b.last, {NULL, NOWHERE}};
    join(r, &a.last, &b.first);
    if (a.may_be_empty) all.first = both(&a.first, &b.first);
    if (b.may_be_empty) all.last = both(&a.last, &b.last);
    if (!a.may_be_empty) offer(&all, a.rarest);
    if (!b.may_be_empty) offer(&all, b.rarest);
    if (!a.may_be_empty && !b.may_be_empty) offer(&all, between(r, &a.last, &b.first));
    return all;
}

static part of_atom(reader *r, const tocsin__code_range *ranges, uint32_t count, int negated) {
    tocsin__draft *draft = r->draft;
    part one = nothing();
    const size_t size = count * sizeof *ranges;
    if (draft->position_count == TOCSIN__EXPRESSION_POSITIONS) r->unknown = 1;
    if (r->unknown) return one;
    tocsin__code_range *copy = take(r, size);
    if (!copy) return one;
    if (count) memcpy(copy, ranges, size);
    tocsin__bits_set(one.first.bits, draft->position_count);
    draft->atoms[draft->position_count++] = (tocsin__atom){copy, count, negated};
    one.may_be_empty = 0;
    one.last = one.first;
    one.rarest = at(r, &one.first);
    return one;
}

static uint32_t read_number(reader *r, int base) {
    uint32_t number = 0;
    size_t start = r->at;
    for (char c = peek(r, 0);; c = peek(r, 0)) {
        int digit = c >= '0' && c <= '9' ? c - '0' : base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;
        if (digit >= base || number > 0x10FFFF) break;
        number = number * (uint32_t)base + (uint32_t)digit;
        r->at++;
    }
    if (r->at == start || number > 0x10FFFF) r->unknown = 1;
    return number;
}

/* A character that stands for itself. */
static uint32_t read_character(reader *r) {
    char next = peek(r, 1);
    int letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
    uint32_t c = 0;
    if (peek(r, 0) == '\\' && letter) {
        if (next != 'x' || peek(r, 2) != '{') r->unknown = 1;
        r->at += 3;
        c = read_number(r, 16);
        if (peek(r, 0) != '}') r->unknown = 1;
        r->at++;
        return c;
    }
    r->at += peek(r, 0) == '\\';
    if (r->at < r->length) c = tocsin__utf8_next(r->pattern, r->length, r->at, &r->at);
    if (c == TOCSIN__UTF8_MALFORMED || !c) r->unknown = 1;
    return c;
}

static part read_class(reader *r) {
    tocsin__code_range ranges[MOST_RANGES];
    uint32_t count = 0;
    int negated = peek(r, 1) == '^';
    r->at += 1 + (size_t)negated;
    while (!ends(r) && peek(r, 0) != ']') {
        if ((peek(r, 0) == '[' && strchr(":.=", peek(r, 1))) || count == MOST_RANGES) r->unknown = 1;
        if (r->unknown) break;
        const uint32_t first = read_character(r);
        uint32_t last = first;
        if (peek(r, 0) == '-' && peek(r, 1) != ']') {
            r->at++;
            last = read_character(r);
        }
        if (last < first) r->unknown = 1;
        ranges[count++] = (tocsin__code_range){first, last};
    }
    if (peek(r, 0) != ']' || !count) r->unknown = 1;
    r->at++;
    return of_atom(r, ranges, count, negated);
}

static part read_alternatives(reader *r);

static part read_group(reader *r) {
    part inside = nothing();
    r->at++;
    if (peek(r, 0) == '?') {
        r->at++;
        while (peek(r, 0) == 's') r->at++; /* the dot takes newlines as it is */
        if (peek(r, 0) == ')') {
            r->at++;
            return inside;
        }
        if (peek(r, 0) != ':') r->unknown = 1;
        r->at++;
    }
    if (++r->depth > MOST_DEPTH) r->unknown = 1;
    if (!ends(r)) inside = read_alternatives(r);
    r->depth--;
    if (peek(r, 0) != ')') r->unknown = 1;
    r->at++;
    return inside;
}

static part read_atom(reader *r) {
    tocsin__code_range one;
    if (r->atoms_read++ > MOST_ATOMS_READ) r->unknown = 1;
    switch (peek(r, 0)) {
        case '(': return read_group(r);
        case '[': return read_class(r);
        case '.': r->at++; return of_atom(r, NULL, 0, 1);
        case '^':
        case '$':
        case '*':
        case '+':
        case '?':
        case '{': r->unknown = 1; return nothing();
        default: break;
    }
    one.first = one.last = read_character(r);
    return of_atom(r, &one, 1, 0);
}

/* How often what was just read may be there. */
static void read_counts(reader *r, uint32_t *least, uint32_t *most) {
    *least = *most = 1;
    if (peek(r, 0) == '{') {
        r->at++;
        *least = *most = read_number(r, 10);
        if (peek(r, 0) == ',') {
            r->at++;
            *most = read_number(r, 10);
        }
        if (peek(r, 0) != '}' || !*most || *most < *least) r->unknown = 1;
        r->at++;
    } else if (peek(r, 0) == '?') {
        *least = 0;
        r->at++;
    }
    if (peek(r, 0) && strchr(*least == 1 && *most == 1 ? "+*" : "?+*{", peek(r, 0))) r->unknown = 1;
}

static part read_piece(reader *r) {
    const size_t start = r->at;
    uint32_t least, most;
    part all = read_atom(r), before = all;
    read_counts(r, &least, &most);
    const size_t end = r->at;
    if (all.may_be_empty) least = 0;
    for (uint32_t i = 2; i <= most && !r->status && !r->unknown; i++) {
        r->at = start;
        part again = read_atom(r);
        join(r, &before.last, &again.first);
        if (i == 2 && least >= 2) offer(&all, between(r, &before.last, &again.first));
        all.last = i <= least ? again.last : both(&all.last, &again.last);
        before = again;
    }
    r->at = end;
    all.may_be_empty = !least;
    return all;
}

static part read_sequence(reader *r) {
    part all = nothing();
    while (!ends(r) && peek(r, 0) != '|' && peek(r, 0) != ')') {
        part next = read_piece(r);
        if (!r->status && !r->unknown) all = follow(r, all, next);
    }
    return all;
}

static part read_alternatives(reader *r) {
    part all = read_sequence(r);
    while (!ends(r) && peek(r, 0) == '|') {
        r->at++;
        part next = read_sequence(r);
        all = (part){all.may_be_empty || next.may_be_empty, both(&all.first, &next.first), both(&all.last, &next.last),
                     either(r, all.rarest, next.rarest)};
    }
    return all;
}

tocsin_status tocsin__expression_draft(const tocsin__pattern *expression, tocsin__arena *arena, tocsin__draft *draft) {
    reader r = {.pattern = expression->data, .length = expression->length, .draft = draft, .arena = arena};
    draft->position_count = 0;
    draft->joins = NULL;
    part all = read_alternatives(&r);
    int known = !r.unknown && r.at == r.length && !all.may_be_empty;
    draft->first = all.first;
    draft->last = all.last;
    draft->crossings = known ? all.rarest.first : NULL;
    draft->share = all.rarest.share;
    return r.status;
}
