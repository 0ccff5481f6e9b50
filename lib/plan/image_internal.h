#ifndef TOCSIN_PLAN_IMAGE_INTERNAL_H
#define TOCSIN_PLAN_IMAGE_INTERNAL_H

/* The sections of an image; docs/FORMAT.md describes them. */

#include "base/buffer.h"

#define TOCSIN__IMAGE_FACTS "facts"
#define TOCSIN__IMAGE_SOURCES "sources"

enum {
    TOCSIN__FACTS_ENGINE = 0,
    TOCSIN__FACTS_NATIVE_CPU = 4,
    TOCSIN__FACTS_MAX_TERM_LENGTH = 8,
    TOCSIN__FACTS_MAX_TERMS = 12,
    TOCSIN__FACTS_MAX_RULE_NODES = 16,
    TOCSIN__FACTS_SOURCE_COUNT = 20,
    TOCSIN__FACTS_MAX_SOURCE_BYTES = 24,
    TOCSIN__FACTS_TIER_COUNT = 32,
    TOCSIN__FACTS_CLAUSE_COUNT = 36,
    TOCSIN__FACTS_ROUTE_COUNT = 40,
    TOCSIN__FACTS_TOPIC_COUNT = 44,
    TOCSIN__FACTS_TERM_COUNT = 48,
    TOCSIN__FACTS_PATTERN_COUNT = 56,
    TOCSIN__FACTS_REGEX_COUNT = 64,
    TOCSIN__FACTS_VENUE_COUNT = 72,
    TOCSIN__FACTS_NAME = 80 /* length, bytes; then the version in the same form */
};

enum {
    TOCSIN__SOURCE_HEADER = 12 /* of a record: length of the name, length of the source; then both */
};

/* Appends the record of a source. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__image_put_source(tocsin_buffer *records, tocsin_bytes name, tocsin_bytes source);

/*
 * Reads the record at *at and moves *at past it; name and source point into records. 0 if there is no well-formed
 * record.
 * Not to be called at the end, *at = records.length.
 */
int tocsin__image_next_source(tocsin_bytes records, size_t *at, tocsin_bytes *name, tocsin_bytes *source);

#endif
