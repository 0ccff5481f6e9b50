#ifndef TOCSIN_TESTS_NAMED_SOURCES_H
#define TOCSIN_TESTS_NAMED_SOURCES_H

/*
 * The files of a plan from an array of a test, with NULL after the last: a tocsin_source_reader whose context is the
 * array.
 */

#include <string.h>

#include <tocsin/tocsin.h>

typedef struct named_source {
    const char *name, *text;
} named_source;

static inline tocsin_status read_named_source(void *context, const char *name, tocsin_buffer *out) {
    for (const named_source *source = context; source->name; source++) {
        if (!strcmp(source->name, name)) return tocsin_buffer_append(out, source->text, strlen(source->text));
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

#endif
