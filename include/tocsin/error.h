#ifndef TOCSIN_ERROR_H
#define TOCSIN_ERROR_H

#include <stdint.h>

#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

#define TOCSIN_ERROR_FILE_SIZE 256
#define TOCSIN_ERROR_MESSAGE_SIZE 512

/**
 * Details of one failure, owned by the caller; every function that takes one accepts NULL. It needs no heap memory and
 * stays unchanged until the next failing call with the same object. Left untouched on success.
 */
typedef struct tocsin_error {
    tocsin_status status;
    uint32_t line;                     /**< 1-based, 0 if there is none */
    uint32_t column;                   /**< 1-based, in code points, 0 if there is none */
    uint64_t offset;                   /**< 0-based, bytes, in the file named */
    char file[TOCSIN_ERROR_FILE_SIZE]; /**< empty if there is none; cut between two characters if it is too long */
    char message[TOCSIN_ERROR_MESSAGE_SIZE]; /**< one line of English, without a full stop or newline at the end */
} tocsin_error;

#ifdef __cplusplus
}
#endif

#endif
