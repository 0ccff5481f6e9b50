/*
 * Scanners of a slot, which check the slot before each document. If the slot holds another plan, the scanner is made
 * anew as a whole, because the plan decides the size of every table, and exchanges are rare. Trimming works in the same
 * way.
 */
#include <tocsin/slot.h>

#include <string.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "classify/scanner_slot.h"
#include "plan/plan_slot_owners.h"

tocsin_status tocsin_scanner_create_for_slot(tocsin_slot *slot, const tocsin_scanner_options *options,
                                             tocsin_scanner **scanner, tocsin_error *error) {
    uint64_t generation = 0;
    if (!slot) return tocsin__null_argument(error, "slot");
    const tocsin_plan *plan = tocsin_slot_acquire(slot, &generation);
    tocsin_status status = tocsin_scanner_create(plan, options, scanner, error);
    tocsin_plan_release(plan);
    if (status) return status;
    (*scanner)->slot = tocsin__slot_retain(slot);
    (*scanner)->generation = generation;
    return TOCSIN_OK;
}

/* Exchanges everything except the flag, which belongs to the running call. */
static void exchange(tocsin_scanner *one, tocsin_scanner *other) {
    const size_t from = offsetof(tocsin_scanner, memory), size = sizeof *one - from;
    char kept[sizeof *one];
    memcpy(kept, (char *)one + from, size);
    memcpy((char *)one + from, (char *)other + from, size);
    memcpy((char *)other + from, kept, size);
}

/* Gives the scanner new tables and buffers, for another plan or for the same. */
static tocsin_status renew(tocsin_scanner *scanner, const tocsin_plan *plan, uint64_t generation, uint32_t muted,
                           tocsin_error *error) {
    tocsin_scanner *fresh = NULL;
    tocsin_status status = tocsin_scanner_create(plan, &scanner->options, &fresh, error);
    if (status) return status;
    fresh->slot = scanner->slot;
    fresh->generation = generation;
    fresh->muted = muted;
    scanner->slot = NULL;
    exchange(scanner, fresh);
    tocsin_scanner_free(fresh);
    return TOCSIN_OK;
}

tocsin_status tocsin__scanner_refresh(tocsin_scanner *scanner, tocsin_error *error) {
    uint64_t generation = 0;
    const tocsin_plan *plan = tocsin_slot_acquire(scanner->slot, &generation);
    tocsin_status status = renew(scanner, plan, generation, TOCSIN_NO_TERM, error);
    tocsin_plan_release(plan);
    return status;
}

tocsin_status tocsin_scanner_trim(tocsin_scanner *scanner, tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    tocsin_status status = renew(scanner, scanner->plan, scanner->generation, scanner->muted, error);
    tocsin__busy_give(&scanner->busy);
    return status;
}

tocsin_status tocsin_scanner_update(tocsin_scanner *scanner, tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    tocsin_status status = tocsin__scanner_catch_up(scanner, error);
    tocsin__busy_give(&scanner->busy);
    return status;
}
