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
 * Holds the current plan. Publishing replaces it with another plan while documents are read. Scanners and streams of
 * the slot switch at their next document. A document in progress is graded by the plan with which it began. An old plan
 * is freed when nothing uses it any more. Reference-counted: you may free the slot before its scanners.
 */
typedef struct tocsin_slot tocsin_slot;

/**
 * Makes a slot that holds plan, which is retained; its generation is 1. allocator NULL means the default one. *slot
 * belongs to the caller and is left untouched on failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_ENGINE (the system has no more locks). Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_slot_create(const tocsin_plan *plan, const tocsin_allocator *allocator,
                                            tocsin_slot **slot);

/** Gives up the caller's reference; scanners and streams keep theirs. NULL does nothing. Thread-safe always. */
TOCSIN_API void tocsin_slot_free(tocsin_slot *slot);

/**
 * Makes plan, which is retained, the current one, and returns its generation: one more than the previous one, so of two
 * publishers the one with the higher number came later. It allocates nothing and cannot fail; 0 if an argument is NULL.
 * The call does not wait for readers. A reader waits only while the pointer to the plan is exchanged. Thread-safe
 * always.
 */
TOCSIN_API uint64_t tocsin_slot_publish(tocsin_slot *slot, const tocsin_plan *plan);

/**
 * The current plan, retained for the caller (tocsin_plan_release); *generation becomes its generation unless generation
 * is NULL. NULL for NULL. Thread-safe always.
 */
TOCSIN_API const tocsin_plan *tocsin_slot_acquire(const tocsin_slot *slot, uint64_t *generation);

/** The generation of the current plan, without a lock; 0 for NULL. Thread-safe always. */
TOCSIN_API uint64_t tocsin_slot_generation(const tocsin_slot *slot);

/**
 * As tocsin_scanner_create, but for the current plan of the slot. Each call that reads a document (tocsin_classify,
 * tocsin_explain, tocsin_scan, each document of a batch) first checks with one load whether a new plan was published,
 * and switches to it. Everything borrowed from the scanner, also its plan, then becomes invalid. If there is no memory
 * for the new plan's tables, that document fails with TOCSIN_ERROR_MEMORY, and the next one tries again.
 */
TOCSIN_API tocsin_status tocsin_scanner_create_for_slot(tocsin_slot *slot, const tocsin_scanner_options *options,
                                                        tocsin_scanner **scanner, tocsin_error *error);

/**
 * Takes the slot's current plan now and not at the next document, so that an idle scanner does not keep an old one;
 * everything borrowed from the scanner then becomes invalid. Does nothing for a scanner without a slot.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE; the scanner is then unchanged.
 * error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_scanner_update(tocsin_scanner *scanner, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
