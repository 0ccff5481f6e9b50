/*
 * The stages of one document: its fields' characters, the guard, the hits, the clauses. Each stage is a file of its
 * own.
 */
#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"

static tocsin_status read_fields(tocsin_scanner *scanner, const tocsin_document *document) {
    tocsin_status status = tocsin__read_field(scanner, TOCSIN_FIELD_TITLE, document->title);
    if (!status) status = tocsin__may_go_on(scanner);
    if (!status) status = tocsin__read_field(scanner, TOCSIN_FIELD_TEXT, document->text);
    return status ? status : tocsin__may_go_on(scanner);
}

tocsin_status tocsin__classify(tocsin_scanner *scanner, const tocsin_document *document, const tocsin_verdict **verdict,
                               tocsin_error *error) {
    int may_matter = 0;
    tocsin__scanner_forget(scanner);
    scanner->stop = document->stop;
    scanner->stop_context = document->stop_context;
    scanner->max_evidence = document->max_evidence && document->max_evidence < SIZE_MAX ? (size_t)document->max_evidence
                                                                                        : scanner->options.max_evidence;
    tocsin_status status = read_fields(scanner, document);
    if (!status) status = tocsin__pass_guard(scanner, &may_matter);
    if (!status && may_matter) status = tocsin__find_hits(scanner);
    if (!status) status = tocsin__grade(scanner, document);
    if (status) {
        tocsin__scanner_forget(scanner);
        return tocsin__fail(error, status, "no verdict was reached: %s", tocsin_status_string(status));
    }
    *verdict = &scanner->verdict;
    return TOCSIN_OK;
}

tocsin_status tocsin_classify(tocsin_scanner *scanner, const tocsin_document *document, const tocsin_verdict **verdict,
                              tocsin_error *error) {
    tocsin_document room;
    const tocsin_document *taken;
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!verdict) return tocsin__null_argument(error, "verdict");
    tocsin_status status = tocsin__use_document(document, "document", &room, &taken, error);
    if (status) return status;
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    status = tocsin__scanner_catch_up(scanner, error);
    if (!status) status = tocsin__classify(scanner, taken, verdict, error);
    tocsin__busy_give(&scanner->busy);
    return status;
}
