#ifndef TOCSIN_TESTS_FUZZ_CUTTER_H
#define TOCSIN_TESTS_FUZZ_CUTTER_H

/* Cuts any bytes into records, at once and in pieces. */

#include <stddef.h>

#include "feed/record_cutter.h"

#define FUZZ_RECORDS 4096

typedef struct fuzz_records {
    record at[FUZZ_RECORDS]; /* offsets in all bytes */
    size_t count;
} fuzz_records;

/* Cuts bytes that come `piece` at a time, each in memory of its exact length. */
void fuzz_cut(record_kind kind, char separator, const char *path, const char *bytes, size_t length, size_t piece,
              fuzz_records *out);

/* Fails if cutting into pieces changes the result. */
void fuzz_cut_alike(record_kind kind, char separator, const char *path, const char *bytes, size_t length, size_t piece,
                    fuzz_records *out);

#endif
