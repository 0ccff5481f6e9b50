/*
 * The first look at a document: has it anything of the guard? A no is certain, for the guard's topics are such that
 * nothing holds without a hit of one; a yes is looked at again by everything. Phrases of `unless`, bounds and other
 * topics' terms are left to that second look. Where most documents pass the first look is left out for a while: it
 * would only cost time.
 */
#include "classify/scanner_layout.h"
#include "match/quantity_match.h"

#define SEEN 64u     /* documents by which it is judged whether the guard pays */
#define SKIPPED 256u /* documents that are read without it when it does not */

int tocsin__guard_pays(tocsin_scanner *s) {
    if (!s->plan->guard.scans || s->options.all_topics || s->look_at_all) return 0;
    if (s->guard_skips) {
        s->guard_skips--;
        return 0;
    }
    if (s->guard_seen < SEEN) return 1;
    if (s->guard_passed > SEEN * 3 / 4) s->guard_skips = SKIPPED;
    s->guard_seen = s->guard_passed = 0;
    return !s->guard_skips;
}

/* Whether a literal is there that is a term, or begins a quantity. */
static tocsin_status judge_literals(tocsin_scanner *s, const tocsin__view *text, int *passes) {
    const tocsin_plan *plan = s->plan;
    tocsin__hits *quantities = &s->expression_hits;
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < s->literal_hits.list.length && !status && !*passes; i++) {
        const tocsin__hit hit = s->literal_hits.list.data[i];
        if (hit.pattern >= plan->guard.literal_count) continue;
        const uint32_t anchor = plan->guard.anchors[hit.pattern];
        if (anchor == TOCSIN__GUARD_PASSES) {
            *passes = 1;
            break;
        }
        const uint32_t from = plan->quantity_starts[anchor], to = plan->quantity_starts[anchor + 1];
        quantities->list.length = 0;
        status = tocsin__quantity_match(plan->quantities, plan->quantity_order + from, to - from, text, hit.start,
                                        hit.end, 0, quantities);
        *passes = quantities->list.length > 0;
    }
    return status;
}

/* One text of one block; longer ones pass, for they are few. */
static tocsin_status look(tocsin_scanner *s, const tocsin__view *text, int *passes) {
    const tocsin__matcher *matcher = &s->plan->guard.matcher;
    *passes = text->length > TOCSIN__BLOCK;
    if (*passes || !text->length) return TOCSIN_OK;
    s->literal_hits.list.length = s->expression_hits.list.length = 0;
    tocsin_status status =
        tocsin__matcher_scan_literals(matcher, &s->guard_scratch, text, 0, text->length, &s->literal_hits);
    if (!status) status = judge_literals(s, text, passes);
    if (status || *passes || !matcher->regexes) return status;
    s->expression_hits.list.length = 0;
    if (matcher->atom_starts && !tocsin__regexes_left(matcher->regexes)) {
        status = tocsin__matcher_take_atoms(matcher, &s->guard_scratch, text, &s->literal_hits, &s->expression_hits);
    } else {
        status = tocsin__matcher_scan_regexes(matcher, &s->guard_scratch, text, &s->expression_hits);
    }
    *passes = s->expression_hits.list.length > 0;
    return status;
}

tocsin_status tocsin__guard_look(tocsin_scanner *s, int *passes) {
    tocsin_status status = TOCSIN_OK;
    *passes = 0;
    for (int field = 0; field < TOCSIN_FIELD_COUNT && !status && !*passes; field++) {
        status = look(s, &s->views[field], passes);
        if (status != TOCSIN__NOT_PLAIN) continue;
        status = tocsin__view_folded(s, (tocsin_field)field, s->original[field], &s->views[field]);
        if (!status) status = look(s, &s->views[field], passes);
    }
    s->guard_seen++;
    s->guard_passed += (uint32_t)*passes;
    return status;
}
