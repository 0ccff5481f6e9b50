#ifndef TOCSIN_TESTS_FUZZ_TARGET_H
#define TOCSIN_TESTS_FUZZ_TARGET_H

/*
 * The entry of a fuzz target, which gets any bytes. libFuzzer calls it, and replay.c calls it with the files in seeds/.
 */

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Ends the process, and so the target, with the reason on standard error. */
_Noreturn void fuzz_failed(const char *reason);

#endif
