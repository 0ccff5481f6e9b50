#ifndef TOCSIN_TESTS_TRACKER_DESK_H
#define TOCSIN_TESTS_TRACKER_DESK_H

/* A plan, a scanner and a tracker, as used at a desk. */

#include <tocsin/tocsin.h>

#include "named_sources.h"
#include "suite.h"

#define MINUTE ((int64_t)60000)
#define HOUR (60 * MINUTE)
#define START ((int64_t)1764140000000) /* a November afternoon */

typedef struct desk {
    tocsin_plan *plan;
    tocsin_scanner *scanner;
    tocsin_tracker *tracker;
} desk;

static inline desk open_desk_of(named_source *files, const tocsin_tracker_options *options) {
    desk d = {0};
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, files, "plan.yaml", NULL, NULL, &d.plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(d.plan, NULL, &d.scanner, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_create(options, &d.tracker, NULL), TOCSIN_OK);
    return d;
}

static inline void close_desk(desk *d) {
    tocsin_tracker_free(d->tracker);
    tocsin_scanner_free(d->scanner);
    tocsin_plan_release(d->plan);
}

#endif
