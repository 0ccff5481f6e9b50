#ifndef TOCSIN_TOOLS_DOCUMENT_WALK_H
#define TOCSIN_TOOLS_DOCUMENT_WALK_H

/* One document after another of some feeds, in one thread: for verbs that count. */

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "feed/input_file.h"
#include "program/feed_faults.h"

typedef struct document_walk {
    feed_format format;
    feed_names names;
    input_options input;
    int (*take)(void *context, const tocsin_document *document, tocsin_error *error); /* 0: rejected, see *error */
    void *context;
    feed_faults faults; /* so far; the first of each kind was reported */
    feed_texts texts;   /* so far */
    uint64_t rejected;  /* so far; each was reported */
} document_walk;

/* Returns EXIT_DONE, EXIT_REJECTED if lines were rejected or no document has a text, or EXIT_IO if a feed failed, which
 * is also reported. */
int walk_files(document_walk *walk, char **files, int count);

#endif
