/* A plan of a literal, a regex, a word and an `unless`, two lists that share a file, venues, clauses and a route. */
#include "image_plan.h"

#include <string.h>

#include "named_sources.h"
#include "suite.h"

static named_source sources[] = {
    {"plan.yaml",
     "plan: 小\nversion: \"7\"\ntopics: {fire: {terms: [lists/fire.csv, more.txt]}, bad: {terms: more.txt}}\n"
     "venues: venues.csv\n"
     "tiers:\n"
     "  - {id: low, clauses: [{id: L1, when: fire}, {id: L2, when: fire near/5 bad}]}\n"
     "  - {id: high, clauses: [{id: H1, when: 'fire near/5 bad & venue == site | count(bad) >= 3'}]}\n"
     "routes: [{id: office, when: tier >= low}]\n"},
    {"lists/fire.csv", "term,kind,bounds,unless\n火灾,literal,auto,火灾险\n起火.?了,regex,,\n烟,,word,\n"},
    {"more.txt", "推诿\n出警慢\n"},
    {"venues.csv", "pattern,class\nexample.org,site\n"},
    {NULL, NULL},
};

static const char *const texts[] = {"火灾险", "起火了，推诿", "烟，出警慢，推诿", "火災", "一切正常", "推诿推诿推诿",
                                    ""};

tocsin_status image_read_source(void *context, const char *name, tocsin_buffer *out) {
    (void)context;
    return read_named_source(sources, name, out);
}

tocsin_plan *image_make_plan(const tocsin_plan_options *options) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_status status = tocsin_plan_compile(image_read_source, NULL, "plan.yaml", options, NULL, &plan, &error);
    ck_assert_msg(!status, "%s:%u: %s", error.file, error.line, error.message);
    return plan;
}

void image_save(const tocsin_plan *plan, tocsin_buffer *image) {
    tocsin_buffer_init(image, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plan, image, NULL), TOCSIN_OK);
}

void image_make(tocsin_buffer *image) {
    tocsin_plan *plan = image_make_plan(NULL);
    image_save(plan, image);
    tocsin_plan_release(plan);
}

/* The plan of the given bytes, or the error message. */
tocsin_status image_open_bytes(const char *bytes, size_t length, tocsin_plan **plan, tocsin_error *error) {
    tocsin_image *image = NULL;
    tocsin_status status = tocsin_image_read(bytes, length, NULL, &image, error);
    if (!status) status = tocsin_plan_from_image(image, NULL, NULL, plan, error);
    tocsin_image_free(image);
    return status;
}

/* The verdicts of a plan on some texts, as one string. */
void image_grade(const tocsin_plan *plan, const char *const *list, size_t count, tocsin_buffer *out) {
    tocsin_scanner *scanner = NULL;
    tocsin_buffer_init(out, NULL);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    for (size_t i = 0; i < count; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        document.text = (tocsin_bytes){list[i], strlen(list[i])};
        document.venue = (tocsin_venue)(i % TOCSIN_VENUE_COUNT);
        ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_verdict_to_json(verdict, out), TOCSIN_OK);
    }
    tocsin_scanner_free(scanner);
}

void image_assert_same_verdicts(const tocsin_plan *plan, const tocsin_plan *other) {
    tocsin_buffer one, two;
    image_grade(plan, texts, sizeof texts / sizeof *texts, &one);
    image_grade(other, texts, sizeof texts / sizeof *texts, &two);
    ck_assert_str_eq(one.data, two.data);
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&two);
}
