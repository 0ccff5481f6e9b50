/*
 * Verdict and explanation of a document of any bytes are JSON on one line that another parser accepts. The first byte
 * says where id, title, text and source are divided.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/document_reader.h"
#include "fuzz_plan.h"
#include "fuzz_target.h"

static void check(document_reader *reader, const tocsin_buffer *json) {
    tocsin_document none = TOCSIN_DOCUMENT_INIT;
    if (memchr(json->data, '\n', json->length)) fuzz_failed("more than a line");
    /* The record has no text; that is the only problem. */
    if (document_reader_value(reader, json->data, json->length, &none) == DOCUMENT_REJECTED &&
        strstr(document_reader_reason(reader), "not JSON")) {
        fuzz_failed("that is no JSON");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tocsin_scanner *scanner;
    static document_reader *reader;
    const tocsin_explanation *explanation = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    tocsin_buffer json;
    if (!size) return 0;
    if (!scanner) {
        tocsin_plan *plan = fuzz_make_plan(TOCSIN_ENGINE_FILTER, TOCSIN_FOLD_NFKC_CF_HANS);
        if (tocsin_scanner_create(plan, NULL, &scanner, NULL)) fuzz_failed("no scanner");
        tocsin_plan_release(plan);
        reader = document_reader_create(NULL);
    }
    const char *bytes = (const char *)data + 1;
    const size_t length = size - 1, id = data[0] % 8 < length ? data[0] % 8 : length, left = length - id;
    const size_t title = data[0] / 8 < left ? data[0] / 8 : left;
    document.id = (tocsin_bytes){bytes, id};
    document.title = (tocsin_bytes){bytes + id, title};
    document.text = (tocsin_bytes){bytes + id + title, left - title};
    document.source = document.id;
    tocsin_buffer_init(&json, NULL);
    fuzz_grade(scanner, &document, &json);
    check(reader, &json);
    json.length = 0;
    if (tocsin_explain(scanner, &document, &explanation, NULL)) fuzz_failed("a document is not explained");
    if (tocsin_explanation_to_json(explanation, &json)) fuzz_failed("out of memory");
    check(reader, &json);
    tocsin_buffer_release(&json);
    return 0;
}
