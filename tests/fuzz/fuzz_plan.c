/*
 * Some words that contain each other, all kinds of bounds, phrases, a regex with atoms and one that is left to
 * Hyperscan.
 */
#include "fuzz_plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz_target.h"

static const char plan_text[] =
    "plan: p\nversion: 1\nfold: {profile: %s, between_han: [space]}\n"
    "topics: {a: {terms: a.csv}, b: {terms: b.txt}}\n"
    "tiers:\n"
    "  - {id: low, clauses: [{id: L1, when: a | b}, {id: L2, when: a near/4 b}, {id: L3, when: title(a)}]}\n"
    "  - {id: high, clauses: [{id: H1, when: sentence(a & b)}, {id: H2, when: count(a) >= 3 & !(b before/2 a)},\n"
    "     {id: H3, when: 'a unless/3 b & score(a) > 2.5'}]}\n";

static const char *const lists[][2] = {
    {"a.csv", "term,kind,bounds,unless,weight\n火灾,,,火灾险;大火灾,2\n火,,,,\nfire,,auto,,\nab,,none,,\n"
              "起火.?了,regex,,,\n^着火,regex,,,\n烟,,word,,1.5\n"},
    {"b.txt", "推诿\n慢\n出警慢\naab\nＳＯＳ\n"},
};

void fuzz_failed(const char *reason) {
    fprintf(stderr, "fuzz: %s\n", reason);
    abort();
}

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const char *profile = context;
    char text[2048];
    if (!strcmp(name, "plan.yaml")) {
        const int length = snprintf(text, sizeof text, plan_text, profile);
        return tocsin_buffer_append(out, text, (size_t)length);
    }
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        if (!strcmp(lists[i][0], name)) return tocsin_buffer_append(out, lists[i][1], strlen(lists[i][1]));
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

tocsin_plan *fuzz_make_plan(tocsin_engine engine, tocsin_fold_profile profile) {
    static char names[2][16] = {"nfkc_cf+hans", "nfkc_cf"};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    options.engine = engine;
    if (tocsin_plan_compile(read_source, names[profile], "plan.yaml", &options, NULL, &plan, &error)) {
        fuzz_failed(error.message);
    }
    return plan;
}

void fuzz_grade(tocsin_scanner *scanner, const tocsin_document *document, tocsin_buffer *out) {
    const tocsin_verdict *verdict = NULL;
    if (tocsin_classify(scanner, document, &verdict, NULL)) fuzz_failed("a document is not graded");
    if (tocsin_verdict_to_json(verdict, out)) fuzz_failed("out of memory");
}
