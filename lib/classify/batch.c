/*
 * Many documents, one verdict at a time: what a feed reader would write around tocsin_classify, with the one thing that
 * it would get wrong: a document that fails is told and passed over, and no other is lost by it. Verdicts stay in the
 * scanner's own buffers, which is why they are handed over one by one and not as an array.
 */
#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_layout.h"

static tocsin_status classify_one(tocsin_scanner *scanner, const tocsin_document *document,
                                  const tocsin_verdict **verdict, tocsin_error *why) {
    tocsin_document taken;
    tocsin_status status = tocsin__take_document(document, "document", &taken, why);
    if (!status) status = tocsin__scanner_catch_up(scanner, why);
    return status ? status : tocsin__classify(scanner, &taken, verdict, why);
}

tocsin_status tocsin_classify_batch(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                    tocsin_verdict_sink sink, void *context, tocsin_error *error) {
    tocsin_status first = TOCSIN_OK;
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!sink) return tocsin__null_argument(error, "sink");
    if (!documents && count) return tocsin__null_argument(error, "documents");
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    const size_t stride = count ? tocsin__document_stride(documents) : 0;
    for (size_t i = 0; i < count; i++) {
        const void *document = (const char *)documents + i * stride;
        const tocsin_verdict *verdict = NULL;
        tocsin_error why;
        tocsin_status status = classify_one(scanner, document, &verdict, &why);
        if (status && !first) first = tocsin__fail(error, status, "document %zu: %s", i, why.message);
        if (sink(context, i, verdict, status ? &why : NULL)) break;
    }
    tocsin__busy_give(&scanner->busy);
    return first;
}
