#ifndef TOCSIN_FOLD_H
#define TOCSIN_FOLD_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * How text is folded before it is compared. Both profiles turn decorated letters and numbers into plain ones (❶ 🅰
 * 1️⃣ become 1 a 1, small capitals become letters), and remove combining characters that cross out or frame a
 * letter (U+0334 to U+0338, U+20D2 to U+20E3).
 */
typedef enum tocsin_fold_profile {
    TOCSIN_FOLD_NFKC_CF_HANS = 0, /**< NFKC_Casefold, then every character by its Han variant class: 火災 = 火灾 */
    TOCSIN_FOLD_NFKC_CF = 1       /**< NFKC_Casefold without variant classes */
} tocsin_fold_profile;

/** Flags: characters that are removed if they stand between two characters of one kind. */
enum {
    TOCSIN_BETWEEN_SPACE = 1, /**< white space (property White_Space) */
    TOCSIN_BETWEEN_PUNCT = 2, /**< punctuation (general categories P*) */
    TOCSIN_BETWEEN_SYMBOL = 4 /**< symbols (general categories S*): + ￥ ～ ★ and emoji */
};

/**
 * All zero is the default. Characters are never removed across the end of a sentence or line of the original text;
 * sentences end as for the operator sentence() of rules.
 */
typedef struct tocsin_fold_options {
    tocsin_fold_profile profile;
    uint32_t between_han;   /**< TOCSIN_BETWEEN_* or-ed: between two Han characters */
    uint32_t between_latin; /**< TOCSIN_BETWEEN_* or-ed: between two Latin letters or digits */
} tocsin_fold_options;

/**
 * Only the normaliser: a buffer for folded text, and the map back to the original bytes. Belongs to one thread at a
 * time; different folders may be used by different threads at once.
 *
 * Source: NFKC_Casefold is toNFKC_Casefold of the Unicode Standard, section 3.13 and UAX #44; malformed UTF-8 is
 * replaced as in the Unicode Standard, section 3.9, "U+FFFD Substitution of Maximal Subparts".
 */
typedef struct tocsin_folder tocsin_folder;

/**
 * Makes a folder. options NULL means the default profile, allocator NULL the default allocator. TOCSIN_ERROR_ARGUMENT
 * for an unknown profile or flag, TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD when ICU's data do not load; *folder is then
 * left untouched. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_folder_create(const tocsin_fold_options *options, const tocsin_allocator *allocator,
                                              tocsin_folder **folder);

/** Frees it. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_folder_free(tocsin_folder *folder);

/**
 * Folds length bytes of UTF-8. *folded is borrowed: valid until the folder's next use. Each maximal malformed part
 * becomes U+FFFD. Fields over TOCSIN_FOLD_MAX bytes are refused with TOCSIN_ERROR_TOO_LARGE; TOCSIN_ERROR_MEMORY and
 * TOCSIN_ERROR_FOLD leave *folded untouched, and the folder then holds no text. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_fold(tocsin_folder *folder, const char *text, size_t length, tocsin_bytes *folded);

/** Largest field in bytes that can be folded in one piece: offsets have 32 bits, and folding may triple a text. */
#define TOCSIN_FOLD_MAX ((size_t)1 << 30)

/**
 * The original place of a part of the last folded text: folded_start and folded_end are bytes of the folded text,
 * 0-based, half-open, folded_start < folded_end, both on character boundaries; *start and *end become bytes of the
 * original: from the first source byte of the first folded character to the last source byte of the last one, combining
 * marks included. TOCSIN_ERROR_ARGUMENT, with *start and *end left untouched, for any other arguments. Thread-safe
 * while no call folds with the folder.
 */
TOCSIN_API tocsin_status tocsin_fold_span(const tocsin_folder *folder, size_t folded_start, size_t folded_end,
                                          size_t *start, size_t *end);

/**
 * The number of malformed parts in the last folded text. 0 for NULL. Thread-safe while no call folds with the folder.
 */
TOCSIN_API uint64_t tocsin_folder_malformed(const tocsin_folder *folder);

#ifdef __cplusplus
}
#endif

#endif
