/*
 * Scanners of a slot, and the look at the slot before each document. One that finds another plan there is made anew for
 * it, whole, and takes the place of the old one: every table of a scanner has a size that its plan decides, and a swap
 * is rare.
 */
#include <tocsin/slot.h>

#include "base/fail.h"
#include "classify/scanner_layout.h"
#include "plan/slot_owners.h"

tocsin_status tocsin_scanner_create_for_slot(tocsin_slot *slot, const tocsin_scanner_options *options,
                                             tocsin_scanner **scanner, tocsin_error *error) {
    uint64_t generation = 0;
    const tocsin_plan *plan = tocsin_slot_acquire(slot, &generation);
    tocsin_status status = tocsin_scanner_create(plan, options, scanner, error);
    tocsin_plan_release(plan);
    if (status) return status;
    (*scanner)->slot = tocsin__slot_retain(slot);
    (*scanner)->generation = generation;
    return TOCSIN_OK;
}

tocsin_status tocsin__scanner_refresh(tocsin_scanner *scanner, tocsin_error *error) {
    uint64_t generation = 0;
    const tocsin_plan *plan = tocsin_slot_acquire(scanner->slot, &generation);
    tocsin_scanner *fresh = NULL;
    tocsin_status status = tocsin_scanner_create(plan, &scanner->options, &fresh, error);
    tocsin_plan_release(plan);
    if (status) return status;
    fresh->slot = scanner->slot;
    fresh->generation = generation;
    scanner->slot = NULL;
    const tocsin_scanner old = *scanner;
    *scanner = *fresh;
    *fresh = old;
    tocsin_scanner_free(fresh);
    return TOCSIN_OK;
}

tocsin_status tocsin_classify(tocsin_scanner *scanner, const tocsin_document *document, const tocsin_verdict **verdict,
                              tocsin_error *error) {
    if (!scanner || !document || !verdict || !tocsin__document_is_sound(document)) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument or a member of the document is not allowed");
    }
    if (!tocsin__scanner_is_current(scanner)) {
        tocsin_status status = tocsin__scanner_refresh(scanner, error);
        if (status) return status;
    }
    return tocsin__classify(scanner, document, verdict, error);
}

tocsin_status tocsin_scanner_update(tocsin_scanner *scanner, tocsin_error *error) {
    if (!scanner) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "there is no scanner");
    return tocsin__scanner_is_current(scanner) ? TOCSIN_OK : tocsin__scanner_refresh(scanner, error);
}
