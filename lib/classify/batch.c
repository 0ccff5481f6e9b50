/*
 * Many documents, one verdict at a time: what a feed reader would write around tocsin_classify, with the one thing that
 * it would get wrong: a document that fails is told and passed over, and no other is lost by it. Verdicts stay in the
 * scanner's own buffers, which is why they are handed over one by one and not as an array.
 */
#include "base/fail.h"
#include "classify/scanner_layout.h"

tocsin_status tocsin_classify_batch(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                    tocsin_verdict_sink sink, void *context, tocsin_error *error) {
    tocsin_status first = TOCSIN_OK;
    if (!scanner || !sink || (!documents && count)) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument is not allowed");
    }
    for (size_t i = 0; i < count; i++) {
        const tocsin_verdict *verdict = NULL;
        tocsin_error why;
        tocsin_status status = tocsin_classify(scanner, &documents[i], &verdict, &why);
        if (status && !first) first = tocsin__fail(error, status, "document %zu: %s", i, why.message);
        if (sink(context, i, verdict, status ? &why : NULL)) break;
    }
    return first;
}
