#ifndef TOCSIN_LEARNED_H
#define TOCSIN_LEARNED_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/plan.h>
#include <tocsin/scanner.h>
#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The learned score of the last graded document: *probability becomes a number from 0 to 1 in whole millionths, the
 * number that learned(…) compares. index is one of the learned scores of the plan. Returns 0, with *probability
 * untouched, if there is none, for NULL, and while another call uses the scanner. One thread at a time.
 */
TOCSIN_API int tocsin_scanner_get_learned(tocsin_scanner *scanner, size_t index, double *probability);

/**
 * The version of the rules that define a document's features. Another version refuses weights that were trained for
 * this one. Thread-safe always.
 */
TOCSIN_API uint32_t tocsin_features_version(void);

/** The parts of a document that n-grams are taken from. Start from TOCSIN_FEATURE_OPTIONS_INIT: the whole document. */
typedef struct tocsin_feature_options {
    size_t struct_size;     /**< sizeof(tocsin_feature_options) */
    uint32_t window;        /**< folded characters on each side of a hit; 0: the whole document */
    const uint32_t *around; /**< with a window: indexes of the topics whose hits have one */
    size_t around_count;
} tocsin_feature_options;

#define TOCSIN_FEATURE_OPTIONS_INIT                                                                                    \
    { sizeof(tocsin_feature_options), 0, NULL, 0 }

/** What TOCSIN_FEATURE_OPTIONS_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_feature_options_init(tocsin_feature_options *options, size_t size);

/** Receives one feature of a document; an n-gram is passed once for each occurrence. */
typedef void (*tocsin_feature_sink)(void *context, uint64_t feature);

/**
 * Passes the features of the last graded document to sink, in the order in which they occur: the same features that
 * learned weights see. For training. TOCSIN_ERROR_ARGUMENT (also if a topic of around does not belong to the plan),
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_BUSY (another call uses the scanner); sink was then not called. One thread at a
 * time.
 */
TOCSIN_API tocsin_status tocsin_scanner_features(const tocsin_scanner *scanner, const tocsin_feature_options *options,
                                                 tocsin_feature_sink sink, void *context);

/**
 * Appends a feature in the form of a weights file: one to three characters, topic:ID, or value:ID>=N.
 * TOCSIN_ERROR_ARGUMENT if the plan has no such feature, TOCSIN_ERROR_MEMORY. Thread-safe when no other thread uses
 * out.
 */
TOCSIN_API tocsin_status tocsin_feature_to_text(const tocsin_plan *plan, uint64_t feature, tocsin_buffer *out);

#ifdef __cplusplus
}
#endif

#endif
