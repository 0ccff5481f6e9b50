/*
 * A recursive descent over an admitted pattern that carries, for what it has read, the sets of characters a match may
 * begin and end with and the best list of cuts inside. Parts that stand side by side and cannot be empty have a cut
 * between them; of all cuts of a sequence the one that ordinary text has least often is kept; alternatives need the
 * cuts of each. What the descent does not know (it knows what lexicon/regex_*.c writes) makes the pattern one without
 * cuts, which costs time and never a match.
 */
#include "match/expression_cuts.h"

#include <string.h>

#include "base/utf8.h"

#define MOST_MEMBERS 512u /* of a set; more are any character */
#define MOST_DEPTH 64u
#define EVERYWHERE 1e6
#define RUN 5e-4 /* a digit with a given digit after it: they come in runs, as Latin letters do */

typedef struct part {
    int may_be_empty;
    tocsin__cut_set first, last;
    tocsin__cuts cuts[2]; /* the rarest, and the rarest of the others */
} part;

typedef struct reader {
    const char *pattern;
    size_t length, at;
    const tocsin__frequency *frequency;
    tocsin__arena *arena;
    unsigned depth;
    int unknown; /* something that is not understood */
    tocsin_status status;
} reader;

static const tocsin__cut_set any = {NULL, 0, 1}, none = {NULL, 0, 0};
static const tocsin__cuts everywhere = {NULL, EVERYWHERE};

static part nothing(void) { return (part){1, none, none, {everywhere, everywhere}}; }

static int ends(const reader *r) { return r->status || r->unknown || r->at >= r->length; }

static char peek(const reader *r, size_t ahead) { return r->at + ahead < r->length ? r->pattern[r->at + ahead] : '\0'; }

/* How often ordinary text has a character of the set. */
static double share_of(const reader *r, tocsin__cut_set set) {
    double share = set.any ? 1 : 0;
    for (uint32_t i = 0; i < set.count; i++) {
        share += tocsin__frequency_of(r->frequency, set.list[i]);
    }
    return share < 1 ? share : 1;
}

static int lists(tocsin__cut_set set, uint16_t c) {
    uint32_t i = 0;
    while (i < set.count && set.list[i] != c) i++;
    return i < set.count;
}

static tocsin__cut_set join(reader *r, tocsin__cut_set a, tocsin__cut_set b) {
    if (a.any || b.any || a.count + b.count > MOST_MEMBERS) return any;
    if (!a.count || !b.count) return a.count ? a : b;
    uint16_t *list = tocsin__arena_allocate(r->arena, (a.count + b.count) * sizeof *list);
    uint32_t count = a.count;
    if (!list) {
        r->status = TOCSIN_ERROR_MEMORY;
        return any;
    }
    memcpy(list, a.list, a.count * sizeof *list);
    for (uint32_t i = 0; i < b.count; i++) {
        if (!lists(a, b.list[i])) list[count++] = b.list[i];
    }
    return (tocsin__cut_set){list, count, 0};
}

static tocsin__cuts cut_between(reader *r, tocsin__cut_set left, tocsin__cut_set right) {
    if (left.any && right.any) return everywhere;
    tocsin__cut *made = tocsin__arena_allocate(r->arena, sizeof *made);
    if (!made) {
        r->status = TOCSIN_ERROR_MEMORY;
        return everywhere;
    }
    double share = share_of(r, left) * share_of(r, right);
    for (uint32_t i = 0; i < left.count && !right.any; i++) {
        if (left.list[i] < 0x80 && right.count && right.list[0] < 0x80) share += RUN;
    }
    *made = (tocsin__cut){left, right, NULL};
    return (tocsin__cuts){made, share};
}

/* Of two sides that meet: one that is any character says no more than the other says alone. */
static tocsin__cuts cut_of_sides(reader *r, tocsin__cut_set left, tocsin__cut_set right) {
    return left.any || right.any ? everywhere : cut_between(r, left, right);
}

/* One more list that every match has a pair of. */
static void offer(part *p, tocsin__cuts more) {
    if (!more.first) return;
    if (more.share < p->cuts[0].share) {
        p->cuts[1] = p->cuts[0];
        p->cuts[0] = more;
    } else if (more.share < p->cuts[1].share) {
        p->cuts[1] = more;
    }
}

/* Both lists; the cuts of the first are copied. */
static tocsin__cuts either(reader *r, tocsin__cuts a, tocsin__cuts b) {
    tocsin__cuts all = {b.first, a.share + b.share};
    if (!a.first || !b.first) return everywhere;
    for (const tocsin__cut *cut = a.first; cut; cut = cut->next) {
        tocsin__cut *copy = tocsin__arena_allocate(r->arena, sizeof *copy);
        if (!copy) {
            r->status = TOCSIN_ERROR_MEMORY;
            return everywhere;
        }
        *copy = *cut;
        copy->next = all.first;
        all.first = copy;
    }
    return all;
}

static part of_set(reader *r, tocsin__cut_set set) {
    return (part){0, set, set, {cut_between(r, set, any), everywhere}};
}

static part of_character(reader *r, uint32_t c) {
    uint16_t *list = tocsin__arena_allocate(r->arena, sizeof *list);
    if (!list) {
        r->status = TOCSIN_ERROR_MEMORY;
        return nothing();
    }
    *list = (uint16_t)c;
    return of_set(r, (tocsin__cut_set){list, 1, 0});
}

static part follow(reader *r, part a, part b) {
    part all = {a.may_be_empty && b.may_be_empty, a.first, b.last, {everywhere, everywhere}};
    if (a.may_be_empty) all.first = join(r, a.first, b.first);
    if (b.may_be_empty) all.last = join(r, a.last, b.last);
    for (int i = 0; i < 2; i++) {
        if (!a.may_be_empty) offer(&all, a.cuts[i]);
        if (!b.may_be_empty) offer(&all, b.cuts[i]);
    }
    if (!a.may_be_empty && !b.may_be_empty) offer(&all, cut_of_sides(r, a.last, b.first));
    return all;
}

static uint32_t read_number(reader *r, int base) {
    uint32_t number = 0;
    for (char c = peek(r, 0);; c = peek(r, 0)) {
        int digit = c >= '0' && c <= '9' ? c - '0' : base == 16 && c >= 'a' && c <= 'f' ? c - 'a' + 10 : base;
        if (digit >= base || number > 0x10FFFF) return number;
        number = number * (uint32_t)base + (uint32_t)digit;
        r->at++;
    }
}

/* A character that stands for itself; 1 when an escape stands for several, which is left to the caller. */
static int read_character(reader *r, uint32_t *c) {
    char next = peek(r, 1);
    if (peek(r, 0) != '\\') {
        *c = tocsin__utf8_next(r->pattern, r->length, r->at, &r->at);
        return 0;
    }
    int letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || (next >= '0' && next <= '9');
    if (letter && (next != 'x' || peek(r, 2) != '{')) return 1;
    r->at += letter ? 3 : 1;
    if (!letter) {
        *c = tocsin__utf8_next(r->pattern, r->length, r->at, &r->at);
    } else {
        *c = read_number(r, 16);
        r->unknown |= peek(r, 0) != '}';
        r->at++;
    }
    return 0;
}

/* The class at the bracket: its members when they are few and listed. */
static part read_class(reader *r) {
    uint16_t members[MOST_MEMBERS];
    uint32_t count = 0;
    int wide = peek(r, 1) == '^';
    r->at += 1 + (size_t)wide;
    while (!ends(r) && peek(r, 0) != ']') {
        uint32_t from, to;
        if ((peek(r, 0) == '[' && peek(r, 1) == ':') || read_character(r, &from)) {
            r->unknown = 1;
            break;
        }
        to = from;
        if (peek(r, 0) == '-' && peek(r, 1) != ']') {
            r->at++;
            r->unknown |= read_character(r, &to);
        }
        for (uint32_t c = from; c <= to && !wide && !r->unknown; c++) {
            if (count < MOST_MEMBERS) members[count++] = (uint16_t)c;
            if (count == MOST_MEMBERS) wide = 1;
        }
    }
    r->unknown |= peek(r, 0) != ']';
    r->at++;
    if (wide || r->unknown) return of_set(r, any);
    uint16_t *list = (uint16_t *)(void *)tocsin__arena_copy(r->arena, (const char *)members, count * sizeof *list);
    if (!list) r->status = TOCSIN_ERROR_MEMORY;
    return of_set(r, list ? (tocsin__cut_set){list, count, 0} : any);
}

static part read_alternatives(reader *r);

static part read_group(reader *r) {
    r->at++;
    if (peek(r, 0) == '?') {
        r->at++;
        while (!ends(r) && peek(r, 0) != ':' && peek(r, 0) != ')') {
            r->unknown |= !strchr("sm-", peek(r, 0));
            r->at++;
        }
        if (peek(r, 0) == ':') r->at++;
    }
    part inside = nothing();
    if (++r->depth > MOST_DEPTH) r->unknown = 1;
    if (!ends(r)) inside = read_alternatives(r);
    r->depth--;
    r->unknown |= peek(r, 0) != ')';
    r->at++;
    return inside;
}

/* An escape that is no character: an edge of the text, which takes no room, or a set of many. */
static part read_escape(reader *r) {
    char letter = peek(r, 1);
    r->at += 2;
    if (letter == 'A' || letter == 'z' || letter == 'Z') return nothing();
    if (!letter || !strchr("dDsShHvVwWpP", letter)) r->unknown = 1;
    if (letter != 'p' && letter != 'P') return of_set(r, any);
    if (peek(r, 0) == '{') {
        while (!ends(r) && peek(r, 0) != '}') r->at++;
    }
    r->at++;
    return of_set(r, any);
}

static part read_atom(reader *r) {
    uint32_t c;
    switch (peek(r, 0)) {
        case '(': return read_group(r);
        case '[': return read_class(r);
        case '.': r->at++; return of_set(r, any);
        case '^':
        case '$': r->at++; return nothing();
        case '*':
        case '+':
        case '?':
        case '{': r->unknown = 1; return nothing();
        default: return read_character(r, &c) ? read_escape(r) : of_character(r, c);
    }
}

/* The repeat that follows, if one does; how often at most says nothing about what must be there. */
static part read_repeat(reader *r, part one) {
    uint32_t least = 0;
    if (peek(r, 0) == '{') {
        r->at++;
        least = read_number(r, 10);
        if (peek(r, 0) == ',') {
            r->at++;
            (void)read_number(r, 10);
        }
        r->unknown |= peek(r, 0) != '}';
    } else if (peek(r, 0) != '?') {
        return one;
    }
    r->at++;
    if (strchr("?+*", peek(r, 0)) && peek(r, 0)) r->unknown = 1;
    if (least >= 2 && !one.may_be_empty) offer(&one, cut_of_sides(r, one.last, one.first));
    if (!least) one.may_be_empty = 1;
    return one;
}

static part read_sequence(reader *r) {
    part all = nothing();
    while (!ends(r) && peek(r, 0) != '|' && peek(r, 0) != ')') {
        part next = read_repeat(r, read_atom(r));
        if (!ends(r) || r->at == r->length) all = follow(r, all, next);
    }
    return all;
}

/* Where one side knows of one list only, that list stands for its second too. */
static part alternative(reader *r, part a, part b) {
    part all = {a.may_be_empty || b.may_be_empty,
                join(r, a.first, b.first),
                join(r, a.last, b.last),
                {either(r, a.cuts[0], b.cuts[0]), everywhere}};
    if (a.cuts[1].first || b.cuts[1].first) {
        all.cuts[1] = either(r, a.cuts[a.cuts[1].first != NULL], b.cuts[b.cuts[1].first != NULL]);
    }
    return all;
}

static part read_alternatives(reader *r) {
    part all = read_sequence(r);
    while (!ends(r) && peek(r, 0) == '|') {
        r->at++;
        part next = read_sequence(r);
        all = alternative(r, all, next);
    }
    return all;
}

tocsin_status tocsin__expression_cuts(const tocsin__pattern *expression, const tocsin__frequency *frequency,
                                      tocsin__arena *arena, tocsin__cuts cuts[2]) {
    reader r = {
        .pattern = expression->data, .length = strlen(expression->data), .frequency = frequency, .arena = arena};
    part all = read_alternatives(&r);
    if (r.status) return r.status;
    int known = !r.unknown && r.at == r.length && !all.may_be_empty;
    cuts[0] = known ? all.cuts[0] : everywhere;
    cuts[1] = known ? all.cuts[1] : everywhere;
    return TOCSIN_OK;
}
