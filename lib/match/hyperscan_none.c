/* Replaces hyperscan_*.c in a build without Hyperscan: patterns that need it are refused when a plan is compiled. */
#include <tocsin/version.h>

#include "base/fail.h"
#include "match/engine.h"

static tocsin_status refuse_literals(const tocsin__pattern *patterns, size_t count,
                                     const tocsin__engine_options *options, void **engine, size_t *bad,
                                     tocsin_error *error) {
    (void)patterns, (void)count, (void)options, (void)engine;
    *bad = SIZE_MAX;
    return tocsin__fail(error, TOCSIN_ERROR_UNSUPPORTED,
                        "this tocsin is built without Hyperscan; choose another engine");
}

static tocsin_status refuse_regexes(const tocsin__pattern *patterns, size_t count,
                                    const tocsin__engine_options *options, void **engine, size_t *bad,
                                    tocsin_error *error) {
    (void)patterns, (void)count, (void)options, (void)engine;
    *bad = 0;
    return tocsin__fail(error, TOCSIN_ERROR_ENGINE, "this tocsin is built without Hyperscan, which could hold it");
}

const char *tocsin_version_engine(void) { return "none"; }

const tocsin__engine_kind tocsin__engine_hyperscan = {.name = "hyperscan", .compile = refuse_literals};
const tocsin__engine_kind tocsin__engine_regex = {.name = "hyperscan", .compile = refuse_regexes};
