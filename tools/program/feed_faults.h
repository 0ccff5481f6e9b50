#ifndef TOCSIN_TOOLS_FEED_FAULTS_H
#define TOCSIN_TOOLS_FEED_FAULTS_H

/* Documents that were graded although a field of them could not be read: counted, and the first of each kind shown. */

#include <stdint.h>

#include "feed/document_reader.h"

typedef struct feed_faults {
    uint64_t count[FEED_FAULT_COUNT]; /* documents */
} feed_faults;

/* Counts what was wrong with the reader's last document, and prints the first of each kind with file and line. */
void feed_faults_note(feed_faults *faults, const document_reader *reader, const char *file, uint64_t line);

/* Counts `count` more of a kind; prints the first one when it is the first of all. */
void feed_faults_add(feed_faults *faults, feed_fault fault, uint64_t count, const char *file, uint64_t line,
                     const char *what);

/* A line for each kind that there was, as summaries have them. */
void feed_faults_summary(const feed_faults *faults);

#endif
