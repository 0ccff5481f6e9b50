/*
 * A plan whose file, list and catalogue are the parts between bytes 0xFE: it compiles, and is then linted, saved and
 * opened; or it is refused, with a place and a reason for every error.
 */
#include <string.h>

#include "fuzz_plan.h"
#include "fuzz_target.h"

#define SOURCES 3

typedef struct sources {
    tocsin_bytes parts[SOURCES];
} sources;

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    static const char *const names[SOURCES] = {"plan.yaml", "a.csv", "b.txt"};
    const sources *s = context;
    for (int i = 0; i < SOURCES; i++) {
        if (!strcmp(name, names[i])) return tocsin_buffer_append(out, s->parts[i].data, s->parts[i].length);
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

static void split(const uint8_t *data, size_t size, sources *s) {
    size_t from = 0;
    for (int i = 0; i < SOURCES; i++) {
        const uint8_t *end = i + 1 < SOURCES ? memchr(data + from, 0xFE, size - from) : NULL;
        const size_t to = end ? (size_t)(end - data) : size;
        s->parts[i] = (tocsin_bytes){(const char *)data + from, to - from};
        from = to < size ? to + 1 : size;
    }
}

static void use(tocsin_plan *plan, tocsin_diagnostics *list) {
    tocsin_buffer image;
    tocsin_image *read = NULL;
    tocsin_plan *again = NULL;
    tocsin_buffer_init(&image, NULL);
    if (tocsin_plan_lint(plan, list, NULL)) fuzz_failed("a plan is not linted");
    if (tocsin_plan_save_to_buffer(plan, &image, NULL)) fuzz_failed("a plan is not saved");
    if (tocsin_image_read(image.data, image.length, NULL, &read, NULL)) fuzz_failed("an image is not read");
    tocsin_diagnostics_clear(list);
    if (tocsin_plan_from_image(read, NULL, list, &again, NULL)) fuzz_failed("an image is not opened");
    tocsin_image_free(read);
    tocsin_plan_release(again);
    tocsin_buffer_release(&image);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    sources s;
    if (!size) return 0;
    split(data, size, &s);
    options.max_rule_nodes = 500;
    if (tocsin_diagnostics_create(NULL, &list)) fuzz_failed("out of memory");
    tocsin_status status = tocsin_plan_compile(read_source, &s, "plan.yaml", &options, list, &plan, &error);
    if (status && !error.message[0]) fuzz_failed("a plan is refused without a word");
    if (status == TOCSIN_ERROR_PLAN && !tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR)) {
        fuzz_failed("a plan is refused without an error");
    }
    if (!status) use(plan, list);
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    return 0;
}
