#ifndef TOCSIN_TESTS_TRACKER_POSTS_H
#define TOCSIN_TESTS_TRACKER_POSTS_H

/* Posts for a tracker: a plan of two tiers, posts graded by it, and posts made by number. */

#include <stdio.h>
#include <string.h>

#include "tracker_desk.h"

static named_source sources[] = {
    {"plan.yaml", "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}, toll: {terms: toll.txt}}\n"
                  "attention: {reach: {elevated: 1000, high: 50000}}\n"
                  "tiers:\n  - {id: low, clauses: [{id: L1, when: fire}]}\n"
                  "  - {id: high, clauses: [{id: H1, when: fire & toll}, {id: H2, when: fire & attention >= high}]}\n"},
    {"fire.txt", "火灾\n起火\n"},
    {"toll.txt", "遇难\n"},
    {NULL, NULL},
};

static inline desk open_desk(const tocsin_tracker_options *options) { return open_desk_of(sources, options); }

/* A post as a desk handles it: graded, added to its incident, and graded again if that has more attention. */
static inline tocsin_tracked post_to(desk *d, const char *text, int64_t time, uint64_t reach, tocsin_venue venue) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_tracked tracked;
    document.text = (tocsin_bytes){text, strlen(text)};
    document.id = (tocsin_bytes){"p", 1};
    document.time = time;
    document.reach = reach;
    document.venue = venue;
    ck_assert_int_eq(tocsin_classify(d->scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_add(d->tracker, &document, verdict, &tracked, NULL), TOCSIN_OK);
    if (tracked.attention > verdict->attention) {
        document.attention = tracked.attention;
        ck_assert_int_eq(tocsin_classify(d->scanner, &document, &verdict, NULL), TOCSIN_OK);
        tocsin_tracker_raise(d->tracker, &document, verdict, &tracked, NULL);
    }
    return tracked;
}

static inline tocsin_tracked post(desk *d, const char *text, int64_t time, uint64_t reach) {
    return post_to(d, text, time, reach, TOCSIN_VENUE_ACCOUNT);
}

static uint32_t state = 9;

static inline uint32_t below(uint32_t n) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

/* A separate post: Han characters by number. */
static inline void write_matter(char *out, uint32_t number) {
    uint64_t x = (uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) + 77;
    out += sprintf(out, "起火");
    for (int i = 0; i < 20; i++) {
        x = x * UINT64_C(6364136223846793005) + 1442695040888963407u;
        const uint32_t c = 0x4E00 + (uint32_t)(x >> 40) % 5000;
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    *out = '\0';
}

#endif
