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
 * Scratch memory and buffers for reading documents. Make one for each thread; it may move between threads, but only one
 * thread may use it at a time. While a call uses it, every other call with it returns TOCSIN_ERROR_BUSY and changes
 * nothing; the other call may be in another thread, or in a sink of the first. Keeps its plan retained.
 */
typedef struct tocsin_scanner tocsin_scanner;

/**
 * The unit of start and end of evidence, hits, occurrences, obstacles and contributions, counted from the start of the
 * original field. A malformed part counts as the U+FFFD that replaces it. Values are pinned.
 */
typedef enum tocsin_offsets {
    TOCSIN_OFFSETS_BYTES = 0,       /**< bytes of UTF-8, as C, Go and Rust count */
    TOCSIN_OFFSETS_CODE_POINTS = 1, /**< as Python counts */
    TOCSIN_OFFSETS_UTF16 = 2        /**< 16-bit units, as Java, JavaScript and C# count */
} tocsin_offsets;

/**
 * Start from TOCSIN_SCANNER_OPTIONS_INIT. A limit of 0 means the default. A shorter struct of an older program is
 * accepted.
 */
typedef struct tocsin_scanner_options {
    size_t struct_size;          /**< sizeof(tocsin_scanner_options) */
    tocsin_allocator allocator;  /**< all zero: the default one */
    uint64_t max_document_bytes; /**< each field is read up to here; default TOCSIN_MAX_DOCUMENT_BYTES */
    uint32_t max_hits;           /**< hits kept with their positions; default TOCSIN_MAX_HITS */
    uint32_t max_evidence;       /**< for each clause; default TOCSIN_MAX_EVIDENCE */
    int all_topics; /**< not 0: topics and places of a verdict are complete even if the document is not about the plan's
                       subject, which takes longer */
    uint32_t unused;        /**< 0: an older program has padding here */
    tocsin_offsets offsets; /**< the unit of positions; default bytes */
} tocsin_scanner_options;

#define TOCSIN_MAX_DOCUMENT_BYTES ((uint64_t)64 * 1024 * 1024) /* a post is a kilobyte; a book is a few megabytes */
#define TOCSIN_MAX_HITS 1000000u                               /* some 32 MB during the reading of such a document */
#define TOCSIN_MAX_EVIDENCE 32u                                /* enough for a person */

#define TOCSIN_SCANNER_OPTIONS_INIT                                                                                    \
    { sizeof(tocsin_scanner_options), {0, 0, 0, 0}, 0, 0, 0, 0, 0, TOCSIN_OFFSETS_BYTES }

/** What TOCSIN_SCANNER_OPTIONS_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_scanner_options_init(tocsin_scanner_options *options, size_t size);

/**
 * Makes a scanner for a plan. options and error may be NULL. *scanner belongs to the caller and is left untouched on
 * failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD, TOCSIN_ERROR_LIMIT
 * (max_document_bytes over TOCSIN_FOLD_MAX). Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_scanner_create(const tocsin_plan *plan, const tocsin_scanner_options *options,
                                               tocsin_scanner **scanner, tocsin_error *error);

/** Frees it and releases its plan. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_scanner_free(tocsin_scanner *scanner);

/** The scanner's plan, borrowed. NULL for NULL. One thread at a time. */
TOCSIN_API const tocsin_plan *tocsin_scanner_plan(const tocsin_scanner *scanner);

/**
 * Frees the memory that large documents needed. Everything borrowed from the scanner becomes invalid. It allocates
 * small buffers first, so it can fail: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_ENGINE and TOCSIN_ERROR_FOLD leave it unchanged. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_scanner_trim(tocsin_scanner *scanner, tocsin_error *error);

/**
 * Bytes that the scanner has allocated; 0 for NULL, and while another call uses the scanner. Large documents increase
 * it, tocsin_scanner_trim decreases it. Scratch memory of Hyperscan and ICU is not counted. One thread at a time.
 */
TOCSIN_API size_t tocsin_scanner_memory(const tocsin_scanner *scanner);

/**
 * TOCSIN_INCOMPLETE_* of the last graded document or scanned text; 0: it was read completely. 0 for NULL. One thread at
 * a time.
 */
TOCSIN_API uint32_t tocsin_scanner_incomplete(const tocsin_scanner *scanner);

/**
 * Grades one document. *verdict is borrowed until the scanner's next document; the document's bytes must stay as long
 * as the verdict is read. A failure (TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_TOO_LARGE,
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD, TOCSIN_ERROR_STOPPED by the document's own stop) means
 * that no verdict was reached, never "no match": *verdict is left untouched, and the scanner can be used for the next
 * document. error may be NULL; its message names the invalid argument or member. One thread at a time.
 *
 * A field over the scanner's max_document_bytes is read up to there, and the verdict says so (incomplete). A field, id
 * or source over TOCSIN_FOLD_MAX is TOCSIN_ERROR_TOO_LARGE. tocsin_scan does the same.
 */
TOCSIN_API tocsin_status tocsin_classify(tocsin_scanner *scanner, const tocsin_document *document,
                                         const tocsin_verdict **verdict, tocsin_error *error);

/**
 * Receives the result of one document of a batch: its verdict, or NULL and the reason in *why. index is the document's,
 * 0-based. Both are borrowed until it returns: tocsin_verdict_copy keeps a verdict. It may not use the scanner, which
 * is busy. A result other than 0 ends the batch.
 */
typedef int (*tocsin_verdict_sink)(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why);

/**
 * Grades count documents one after the other and passes each verdict to sink, in order. The verdicts are the same as
 * those of tocsin_classify, and none is stored or copied, so a batch may have any length. Each document's bytes must
 * stay until sink has returned for it. documents is an array of the struct with which the caller was compiled:
 * struct_size of the first element is the size of each.
 *
 * A document that fails is passed to sink as a failure and does not stop the others. Returns TOCSIN_OK if every
 * document was graded, up to the end or up to the one for which sink returned other than 0; otherwise the status of the
 * first failure (TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD,
 * TOCSIN_ERROR_STOPPED), with its index in the message of *error, and the scanner can be used again.
 * TOCSIN_ERROR_ARGUMENT without a call of sink if scanner or sink is NULL, or documents is NULL and count is over 0;
 * TOCSIN_ERROR_BUSY without a call of sink if another call uses the scanner. error may be NULL; with a count of 0 there
 * is nothing to do. Ends the life of the scanner's last verdict. Only one thread at a time may use a scanner.
 *
 *     static int print_tier(void *context, size_t index, const tocsin_verdict *verdict, const tocsin_error *why) {
 *         FILE *out = context;
 *         fprintf(out, "%zu: %s\n", index, verdict ? verdict->tier_id : why->message);
 *         return 0;
 *     }
 *     …
 *     status = tocsin_classify_batch(scanner, documents, count, print_tier, stdout, &error);
 */
TOCSIN_API tocsin_status tocsin_classify_batch(tocsin_scanner *scanner, const tocsin_document *documents, size_t count,
                                               tocsin_verdict_sink sink, void *context, tocsin_error *error);

/**
 * Grades count documents as tocsin_classify_batch does and appends the verdict of each to out as one line of JSON
 * (tocsin_verdict_to_json and a newline): for bindings, in which a call for each document costs more than grading it. A
 * document that fails has {"id":…,"error":…} instead. If graded_only is not 0, a document without a tier has no line.
 * ends, unless NULL, has room for count numbers: ends[i] becomes the length of out after document i.
 *
 * Returns as tocsin_classify_batch, and TOCSIN_ERROR_MEMORY if out cannot grow; the documents before that one then have
 * their lines, and ends of the others is the length of out. Only one thread at a time may use a scanner and out.
 */
TOCSIN_API tocsin_status tocsin_classify_batch_to_json(tocsin_scanner *scanner, const tocsin_document *documents,
                                                       size_t count, int graded_only, tocsin_buffer *out, size_t *ends,
                                                       tocsin_error *error);

/**
 * Grades count texts, each a document without other fields, as tocsin_classify_batch_to_json does: for bindings whose
 * strings are not UTF-8, which encode many of them at once and know their lengths in characters (code points).
 * texts.data has them one after another as UTF-8; lengths[i] is the number of characters of text i. A byte that
 * continues a character never begins one, also in malformed text. A text before whose end the bytes end fails with
 * TOCSIN_ERROR_ARGUMENT; bytes behind the last text are not read.
 *
 * Returns as tocsin_classify_batch_to_json; TOCSIN_ERROR_ARGUMENT without a verdict if lengths is NULL and count is
 * over 0, or texts.data is NULL and texts.length is over 0. Only one thread at a time may use a scanner and out.
 */
TOCSIN_API tocsin_status tocsin_classify_texts_to_json(tocsin_scanner *scanner, tocsin_bytes texts,
                                                       const size_t *lengths, size_t count, int graded_only,
                                                       tocsin_buffer *out, size_t *ends, tocsin_error *error);

/** An occurrence that counts, after bounds, `unless` and longer terms of its topic were checked. */
typedef struct tocsin_hit {
    uint32_t term;  /**< number of the term, for tocsin_plan_get_term */
    uint32_t topic; /**< index into the topics of the plan */
    tocsin_field field;
    size_t start; /**< byte of the ORIGINAL field, 0-based; or in the unit of the scanner's option offsets */
    size_t end;   /**< half-open */
} tocsin_hit;

/**
 * Writes a hit of the last graded document to *hit and returns 1. index counts, from 0, the hits that the scanner
 * keeps, ordered by field and position. Returns 0 and leaves *hit untouched if there is no such hit, or while another
 * call uses the scanner. If the option offsets is not bytes, the document's bytes must still be there. If the verdict's
 * `about` is 0, the hits are complete only with the option all_topics. One thread at a time.
 */
TOCSIN_API int tocsin_scanner_get_hit(const tocsin_scanner *scanner, size_t index, tocsin_hit *hit);

#define TOCSIN_NO_TERM UINT32_MAX

/**
 * Ignores one term from the next document on; the term muted before counts again. TOCSIN_NO_TERM: no term is muted. It
 * is for measuring the effect of a term. A scanner that takes another plan from its slot mutes nothing.
 * TOCSIN_ERROR_ARGUMENT: scanner is NULL, or its plan has no such term; the term muted before stays muted.
 * TOCSIN_ERROR_BUSY. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_scanner_mute(tocsin_scanner *scanner, uint32_t term);

/** One occurrence of one term. */
typedef struct tocsin_occurrence {
    uint32_t term;  /**< number of the term: all lists of the plan in the order in which they are read, 0-based */
    uint32_t topic; /**< index into the topics of the plan */
    size_t start;   /**< byte of the original text, 0-based; or in the unit of the scanner's option offsets */
    size_t end;     /**< half-open */
} tocsin_occurrence;

/** Receives occurrences, borrowed until it returns. A result other than 0 ends the scan. */
typedef int (*tocsin_occurrence_sink)(void *context, const tocsin_occurrence *occurrences, size_t count);

/**
 * Finds every occurrence of every term in length bytes of UTF-8, including overlapping ones, with spans in the
 * original, before bounds, `unless` and rules are applied. For programs that need the terms and not a verdict. Within a
 * block, occurrences are ordered by folded start, longest first. Returns TOCSIN_OK even if sink ended the scan. A text
 * over the scanner's max_document_bytes is read up to that limit, as by tocsin_classify; tocsin_scanner_incomplete says
 * so. TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_BUSY, TOCSIN_ERROR_TOO_LARGE (over TOCSIN_FOLD_MAX), TOCSIN_ERROR_LIMIT (more
 * hits of regular expressions than a scanner keeps), TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_ENGINE, TOCSIN_ERROR_FOLD. The
 * scanner's last verdict becomes invalid. sink may not use the scanner, which is busy. error may be NULL. One thread at
 * a time.
 */
TOCSIN_API tocsin_status tocsin_scan(tocsin_scanner *scanner, const char *text, size_t length,
                                     tocsin_occurrence_sink sink, void *context, tocsin_error *error);

/**
 * As tocsin_scan, for text that was already folded with the plan's profile; spans are places in that text. If the text
 * was not folded, the occurrences are meaningless, but nothing else goes wrong.
 */
TOCSIN_API tocsin_status tocsin_scan_folded(tocsin_scanner *scanner, const char *text, size_t length,
                                            tocsin_occurrence_sink sink, void *context, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
