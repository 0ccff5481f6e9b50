/*
 * The first look at a document: does it have a hit of the guard? A no is certain, because no rule can hold without a
 * hit of one of the guard's topics. If these topics alone do not make `about` hold, a second look searches the document
 * for the others that it requires. After a yes, the whole document is searched; phrases of `unless`, bounds and other
 * topics' terms wait until then. If most documents pass, the guard is switched off for a while, because it would only
 * cost time.
 */
#include "classify/scanner_internal.h"

#define SEEN 64u     /* documents over which it is decided whether the guard pays */
#define SKIPPED 256u /* documents that are read without the guard if it does not */

#define LONG ((size_t)65536) /* bytes of a field: the first look cannot be interrupted, so a longer field skips it */

static int must_ask(const tocsin_scanner *s) {
    return s->stop && (s->texts[0].view.length > LONG || s->texts[1].view.length > LONG);
}

static int guard_pays(tocsin_scanner *s) {
    if (!s->plan->guard.first.scans || s->options.all_topics || s->look_at_all || must_ask(s)) return 0;
    if (s->guard_skips) {
        s->guard_skips--;
        return 0;
    }
    if (s->guard_seen < SEEN) return 1;
    if (s->guard_passed > SEEN * 3 / 4) s->guard_skips = SKIPPED;
    s->guard_seen = s->guard_passed = 0;
    return !s->guard_skips;
}

/* Looks for the terms of a look until one of `enough` is found; scratch->bits: all that was found. */
static tocsin_status look(tocsin_scanner *s, const tocsin__plan_look *at, tocsin__matcher_scratch *scratch,
                          uint64_t enough) {
    tocsin_status status = TOCSIN_OK;
    scratch->bits = 0;
    for (int field = 0; field < TOCSIN_FIELD_COUNT && !status && !(scratch->bits & enough); field++) {
        if (!s->texts[field].view.length) continue;
        status = tocsin__matcher_find(&at->matcher, scratch, &s->texts[field], at->bits, enough);
    }
    return status;
}

/* After a hit of the first look: whether `about` may hold, for which a second look may be needed. */
static __attribute__((noinline)) tocsin_status look_again(tocsin_scanner *s, int *passes) {
    const tocsin__plan_guard *guard = &s->plan->guard;
    const uint64_t first = s->guard_scratch.bits, enough = tocsin__plan_guard_enough(s->plan, first);
    *passes = enough == UINT64_MAX;
    if (*passes || !guard->second.scans) return TOCSIN_OK;
    const tocsin_status status = look(s, &guard->second, &s->second_scratch, enough);
    *passes = tocsin__plan_guard_enough(s->plan, first | s->second_scratch.bits) == UINT64_MAX;
    return status;
}

tocsin_status tocsin__pass_guard(tocsin_scanner *s, int *passes) {
    const tocsin__plan_guard *guard = &s->plan->guard;
    *passes = !guard_pays(s);
    if (*passes) return TOCSIN_OK;
    tocsin_status status = look(s, &guard->first, &s->guard_scratch, guard->enough);
    if (!status && s->guard_scratch.bits) status = look_again(s, passes);
    s->guard_seen++;
    s->guard_passed += (uint32_t)*passes;
    return status;
}
