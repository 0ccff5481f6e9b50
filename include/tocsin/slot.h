#ifndef TOCSIN_SLOT_H
#define TOCSIN_SLOT_H

#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/plan.h>
#include <tocsin/scanner.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Holds the current plan. Publishing puts another whole plan in its place while documents are read: scanners and
 * streams that were made for the slot notice at their next document, a document that is being read is graded by the
 * plan it was begun with, and an old plan is freed when the last that uses it has gone on. Reference-counted: it may be
 * freed before them.
 */
typedef struct tocsin_slot tocsin_slot;

/**
 * Makes a slot that holds plan, which is retained; its generation is 1. allocator NULL means the default one. *slot
 * belongs to the caller and is left untouched on failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_ENGINE (the system has no more locks).
 */
TOCSIN_API tocsin_status tocsin_slot_create(const tocsin_plan *plan, const tocsin_allocator *allocator,
                                            tocsin_slot **slot);

/** Gives up the caller's share; scanners and streams keep theirs. NULL does nothing. Thread-safe always. */
TOCSIN_API void tocsin_slot_free(tocsin_slot *slot);

/**
 * Makes plan, which is retained, the current one, and returns its generation: one more than the last one's, so of two
 * publishers the one with the higher number came later. It allocates nothing and cannot fail; 0 when an argument is
 * NULL. It waits for no reader, and no reader for more than the exchange of a pointer. Thread-safe always.
 */
TOCSIN_API uint64_t tocsin_slot_publish(tocsin_slot *slot, const tocsin_plan *plan);

/**
 * The current plan, retained for the caller (tocsin_plan_release), and its generation where generation is not NULL.
 * NULL for NULL. Thread-safe always.
 */
TOCSIN_API const tocsin_plan *tocsin_slot_acquire(const tocsin_slot *slot, uint64_t *generation);

/** The generation of the current plan, without a lock; 0 for NULL. Thread-safe always. */
TOCSIN_API uint64_t tocsin_slot_generation(const tocsin_slot *slot);

/**
 * As tocsin_scanner_create, but for whatever plan the slot holds: each call that reads a document (tocsin_classify,
 * tocsin_explain, tocsin_scan, each document of a batch) first looks, by one load, whether another was published, and
 * if so takes it. What is borrowed from the scanner, its plan too, lives until then. When there is no memory for the
 * new plan's tables that document fails with TOCSIN_ERROR_MEMORY, and the next one tries again.
 */
TOCSIN_API tocsin_status tocsin_scanner_create_for_slot(tocsin_slot *slot, const tocsin_scanner_options *options,
                                                        tocsin_scanner **scanner, tocsin_error *error);

/**
 * Takes the slot's current plan now instead of at the next document, so that an idle scanner does not keep an old one;
 * ends the life of what is borrowed from the scanner when it does. Nothing to do for a scanner without a slot.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE; the scanner is as before then.
 */
TOCSIN_API tocsin_status tocsin_scanner_update(tocsin_scanner *scanner, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
