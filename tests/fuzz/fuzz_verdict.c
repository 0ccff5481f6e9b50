/*
 * Any bytes as one document: the n-gram filter, Hyperscan and the naive engine give the same verdict, and so does a
 * stream that gets it in pieces. The first byte chooses the fold, the second the end of the title and the length of the
 * pieces.
 */
#include <string.h>

#include "fuzz_plan.h"
#include "fuzz_target.h"
#include "hyperscan_engine.h"

#define ENGINES 3

static void compare(const tocsin_buffer *one, const tocsin_buffer *other, const char *reason) {
    if (one->length != other->length || memcmp(one->data, other->data, one->length) != 0) fuzz_failed(reason);
}

static void grade_pieces(tocsin_scanner *scanner, const tocsin_document *document, size_t piece, tocsin_buffer *out) {
    tocsin_stream *stream = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_document facts = *document;
    facts.title = facts.text = (tocsin_bytes){NULL, 0};
    if (tocsin_stream_create(scanner, &stream, NULL)) fuzz_failed("no stream");
    if (tocsin_stream_begin(stream, &facts, NULL)) fuzz_failed("a stream is not begun");
    const tocsin_bytes fields[] = {document->title, document->text};
    for (int f = 0; f < 2; f++) {
        for (size_t at = 0; at < fields[f].length; at += piece) {
            const size_t length = fields[f].length - at < piece ? fields[f].length - at : piece;
            if (tocsin_stream_write(stream, f ? TOCSIN_FIELD_TEXT : TOCSIN_FIELD_TITLE, fields[f].data + at, length,
                                    NULL)) {
                fuzz_failed("a piece is not taken");
            }
        }
    }
    if (tocsin_stream_end(stream, &verdict, NULL)) fuzz_failed("a stream is not ended");
    if (tocsin_verdict_to_json(verdict, out)) fuzz_failed("out of memory");
    tocsin_stream_free(stream);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const tocsin_engine engines[ENGINES] = {TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE, TOCSIN_ENGINE_NAIVE};
    static tocsin_scanner *scanners[2][ENGINES];
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    tocsin_buffer first, other;
    if (size < 2) return 0;
    const int profile = data[0] & 1;
    const char *text = (const char *)data + 2;
    const size_t title = data[1] % 16 < size - 2 ? data[1] % 16 : size - 2;
    document.title = (tocsin_bytes){text, title};
    document.text = (tocsin_bytes){text + title, size - 2 - title};
    tocsin_buffer_init(&first, NULL);
    tocsin_buffer_init(&other, NULL);
    for (int e = 0; e < ENGINES; e++) {
        if (!scanners[profile][e]) {
            tocsin_plan *plan = fuzz_make_plan(engines[e], (tocsin_fold_profile)profile);
            if (tocsin_scanner_create(plan, NULL, &scanners[profile][e], NULL)) fuzz_failed("no scanner");
            tocsin_plan_release(plan);
        }
        other.length = 0;
        fuzz_grade(scanners[profile][e], &document, e ? &other : &first);
        if (e) compare(&first, &other, "engines differ");
    }
    other.length = 0;
    grade_pieces(scanners[profile][0], &document, 1 + data[1] / 16, &other);
    compare(&first, &other, "pieces differ from the whole");
    tocsin_buffer_release(&first);
    tocsin_buffer_release(&other);
    return 0;
}
