/*
 * The first look at a document: does it have a hit of the guard? A no is certain, because no rule can hold without a
 * hit of one of the guard's topics. After a yes, the whole document is searched; phrases of `unless`, bounds and other
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
    if (!s->plan->guard.scans || s->options.all_topics || s->look_at_all || must_ask(s)) return 0;
    if (s->guard_skips) {
        s->guard_skips--;
        return 0;
    }
    if (s->guard_seen < SEEN) return 1;
    if (s->guard_passed > SEEN * 3 / 4) s->guard_skips = SKIPPED;
    s->guard_seen = s->guard_passed = 0;
    return !s->guard_skips;
}

tocsin_status tocsin__pass_guard(tocsin_scanner *s, int *passes) {
    const tocsin__plan_guard *guard = &s->plan->guard;
    tocsin_status status = TOCSIN_OK;
    *passes = !guard_pays(s);
    if (*passes) return TOCSIN_OK;
    for (int field = 0; field < TOCSIN_FIELD_COUNT && !status && !*passes; field++) {
        if (!s->texts[field].view.length) continue;
        status = tocsin__matcher_has(&guard->matcher, &s->guard_scratch, &s->texts[field], guard->terms, passes);
    }
    s->guard_seen++;
    s->guard_passed += (uint32_t)*passes;
    return status;
}
