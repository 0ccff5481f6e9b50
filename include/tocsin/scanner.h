#ifndef TOCSIN_SCANNER_H
#define TOCSIN_SCANNER_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/plan.h>
#include <tocsin/verdict.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * What changes while documents are read: scratch and buffers. One a thread: it may move between threads but is used by
 * one at a time. Keeps its plan retained.
 */
typedef struct tocsin_scanner tocsin_scanner;

/** Start from TOCSIN_SCANNER_OPTIONS_INIT. A limit of 0 means the default. */
typedef struct tocsin_scanner_options {
    size_t struct_size;          /**< sizeof(tocsin_scanner_options) */
    tocsin_allocator allocator;  /**< all zero: the default one */
    uint64_t max_document_bytes; /**< each field is read up to here; default TOCSIN_MAX_DOCUMENT_BYTES */
    uint32_t max_hits;           /**< kept hits with positions; default TOCSIN_MAX_HITS */
    uint32_t max_evidence;       /**< a clause; default TOCSIN_MAX_EVIDENCE */
} tocsin_scanner_options;

#define TOCSIN_MAX_DOCUMENT_BYTES ((uint64_t)64 * 1024 * 1024) /* a post is a kilobyte; a book is a few megabytes */
#define TOCSIN_MAX_HITS 1000000u                               /* some 32 MB while such a document is read */
#define TOCSIN_MAX_EVIDENCE 32u                                /* what a person reads */

#define TOCSIN_SCANNER_OPTIONS_INIT                                                                                    \
    { sizeof(tocsin_scanner_options), {0, 0, 0, 0}, 0, 0, 0 }

/**
 * Makes a scanner for a plan. options may be NULL. *scanner belongs to the caller and is left untouched on failure:
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD, TOCSIN_ERROR_LIMIT
 * (max_document_bytes over TOCSIN_FOLD_MAX). Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_scanner_create(const tocsin_plan *plan, const tocsin_scanner_options *options,
                                               tocsin_scanner **scanner, tocsin_error *error);

/** Frees it and releases its plan. NULL does nothing. */
TOCSIN_API void tocsin_scanner_free(tocsin_scanner *scanner);

/** The plan it reads by, borrowed. NULL for NULL. */
TOCSIN_API const tocsin_plan *tocsin_scanner_plan(const tocsin_scanner *scanner);

/**
 * Grades one document. *verdict is borrowed until the scanner's next document; the document's bytes must stay as long
 * as the verdict is read. A failure (TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE,
 * TOCSIN_ERROR_FOLD) means that no verdict was reached, never "no match": *verdict is left untouched, and the scanner
 * can be used for the next document. error may be NULL.
 */
TOCSIN_API tocsin_status tocsin_classify(tocsin_scanner *scanner, const tocsin_document *document,
                                         const tocsin_verdict **verdict, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
