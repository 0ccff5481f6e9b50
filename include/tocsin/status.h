#ifndef TOCSIN_STATUS_H
#define TOCSIN_STATUS_H

#include <tocsin/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The result of a call. Zero is success, every failure is negative; the values are pinned and families leave gaps for
 * later members. Every value occurs: the contract of each function says which it returns.
 */
typedef enum tocsin_status {
    TOCSIN_OK = 0,

    /* the call itself */
    TOCSIN_ERROR_ARGUMENT = -1,    /**< a NULL, a size or an enumerator that the contract forbids */
    TOCSIN_ERROR_MEMORY = -2,      /**< the allocator returned NULL */
    TOCSIN_ERROR_UNSUPPORTED = -3, /**< not available in this build or on this machine */
    TOCSIN_ERROR_BUSY = -4,        /**< another call uses the object: each thread needs its own */
    TOCSIN_ERROR_STOPPED = -5,     /**< the caller's function asked to stop; no verdict was reached */

    /* compilation */
    TOCSIN_ERROR_PLAN = -20, /**< the plan does not compile; the diagnostics list all reasons */

    /* input and output */
    TOCSIN_ERROR_IO = -40,        /**< reading or writing failed */
    TOCSIN_ERROR_NOT_FOUND = -41, /**< a named file or source does not exist */
    TOCSIN_ERROR_OUTSIDE = -42,   /**< a name leads out of the plan's folder */
    TOCSIN_ERROR_IMAGE = -44,     /**< the image is damaged, or it is not an image */

    /* limits */
    TOCSIN_ERROR_LIMIT = -60,     /**< a limit of the options was reached; the message names it */
    TOCSIN_ERROR_TOO_LARGE = -61, /**< a document or field is over the size limit */

    /* dependencies */
    TOCSIN_ERROR_ENGINE = -80, /**< the matching engine failed; no verdict was reached */
    TOCSIN_ERROR_FOLD = -81    /**< ICU failed; no verdict was reached */
} tocsin_status;

/**
 * The status in a few English words, for example "out of memory"; "unknown status" for any other value. Ownership:
 * static storage. Thread-safe always.
 */
TOCSIN_API const char *tocsin_status_string(tocsin_status status);

#ifdef __cplusplus
}
#endif

#endif
