/*
 * The effect of an `unless` phrase on the matches of a regex: every position of the NFA belongs to some match, so a
 * phrase can stand in a match if it leads from any position to another.
 */
#include <string.h>

#include "base/utf8.h"
#include "match/regex_step.h"

/* Starts with every position, or with those at which matches begin. */
static void begin(const tocsin__nfa *a, int anywhere, tocsin__state *s) {
    memset(s->bits, anywhere ? 0xFF : 0, a->words * sizeof *s->bits);
    for (int edge = 0; edge < TOCSIN__NFA_STARTS && !anywhere; edge++) {
        for (uint32_t i = 0; i < a->words && a->first[edge]; i++) s->bits[i] |= a->first[edge][i];
    }
}

static int is_last(const tocsin__nfa *a, const tocsin__state *s) {
    int last = 0;
    for (int edge = 0; edge < TOCSIN__NFA_ENDS; edge++) {
        last |= a->last[edge] && tocsin__state_meets(s->bits, a->last[edge], a->words);
    }
    return last;
}

/* Whether the phrase can be read from `from` on, to its end or, for a whole match, to the end of a match. */
static int leads_on(const tocsin__nfa *a, tocsin_bytes phrase, size_t from, int whole) {
    tocsin__state s;
    int alive = 1, first = 1;
    begin(a, !whole, &s);
    for (size_t at = from; at < phrase.length && alive; first = 0) {
        const uint32_t c = tocsin__utf8_next(phrase.data, phrase.length, at, &at);
        alive = first ? tocsin__state_keep(&s, s.bits, tocsin__state_row(a, c, a->words), a->words)
                      : tocsin__state_right(a, &s, c, a->words);
        if (whole && alive && is_last(a, &s)) return 1;
    }
    return !whole && alive;
}

int tocsin__regexes_phrase_works(const tocsin__regexes *compiled, uint32_t regex, tocsin_bytes phrase) {
    const tocsin__nfa *a = compiled->nfas[regex];
    if (leads_on(a, phrase, 0, 0)) return 1;
    for (size_t at = 0, next; at < phrase.length; at = next) {
        if (leads_on(a, phrase, at, 1)) return 1;
        (void)tocsin__utf8_next(phrase.data, phrase.length, at, &next);
    }
    return 0;
}
