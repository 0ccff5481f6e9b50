#ifndef TOCSIN_BENCH_ICU_CASEFOLD_H
#define TOCSIN_BENCH_ICU_CASEFOLD_H

/* NFKC_Casefold by ICU, UTF-8 to UTF-8. */

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Writes the folded text to out and returns its bytes, which may be more than size: then out holds only the start of
 * it, and the call must be made again with more room. SIZE_MAX when ICU failed.
 */
size_t icu_casefold(const char *text, size_t length, char *out, size_t size);

#ifdef __cplusplus
}
#endif

#endif
