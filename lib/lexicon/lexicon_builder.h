#ifndef TOCSIN_LEXICON_LEXICON_BUILDER_H
#define TOCSIN_LEXICON_LEXICON_BUILDER_H

/* Reads term lists, reports every problem in them, and makes a lexicon of the sound terms. */

#include <tocsin/diagnostics.h>
#include <tocsin/fold.h>

#include "lexicon/lexicon.h"

typedef struct tocsin__lexicon_builder tocsin__lexicon_builder;

typedef struct tocsin__lexicon_topic {
    const char *id;
    tocsin__term_bounds bounds; /* of its terms, if a list does not give them */
} tocsin__lexicon_topic;

/* A limit of 0 means the default. */
typedef struct tocsin__lexicon_options {
    tocsin_fold_options fold;
    uint32_t max_term_length; /* bytes of one folded term, pattern or phrase; default TOCSIN_MAX_TERM_LENGTH */
    uint32_t max_terms;       /* of all lists together, and the same limit for phrases */
    const tocsin__lexicon_topic *topics; /* the strings must stay until the builder is freed */
    size_t topic_count;
    tocsin_diagnostics *diagnostics; /* may be NULL */
} tocsin__lexicon_options;

/*
 * allocator NULL means the default one. *builder is left untouched on failure: TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD.
 */
tocsin_status tocsin__lexicon_builder_create(const tocsin__lexicon_options *options, const tocsin_allocator *allocator,
                                             tocsin__lexicon_builder **builder);

/* NULL does nothing. */
void tocsin__lexicon_builder_free(tocsin__lexicon_builder *builder);

/*
 * Reads the list that a topic names. The ending of name (.txt or .csv) decides how it is read; diagnostics and places
 * quote it. bytes are not needed after the call.
 *
 * A .txt list has one term a line, white space around it not counted; empty lines are skipped; # starts a comment at
 * the start of a line or after white space, so C# is a term. A term that begins with # is written with the full-width
 * ＃ or in a .csv list. All terms are literals of weight 1.
 *
 * A .csv list has a header with term and, in any order, topic, kind, weight, bounds, unless, unit and note. An empty
 * cell means the default: the naming topic, literal, 1, the topic's bounds. unless holds phrases separated by ; or ；;
 * unit is the factor of a quantity's number.
 *
 * Two topics may name the same list: the rows that name a topic themselves are then read once, and problems are
 * reported once. A topic that names a list twice gets a warning.
 *
 * Problems of the list are reported and counted, and the call still returns TOCSIN_OK. TOCSIN_ERROR_ARGUMENT (topic),
 * TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD: the builder must then be freed.
 */
tocsin_status tocsin__lexicon_add_list(tocsin__lexicon_builder *builder, const char *name, tocsin_bytes bytes,
                                       uint32_t topic);

#define TOCSIN__LEXICON_NEW UINT32_MAX

/* A row of a written list. */
typedef struct tocsin__lexicon_row {
    size_t at;     /* bytes of the list before it */
    uint32_t line; /* 1-based */
    uint32_t term; /* the term of another lexicon that it spells, or TOCSIN__LEXICON_NEW */
} tocsin__lexicon_row;

/* The rows of a .csv list that no other topic names. The other lexicon was made with the same fold options. */
typedef struct tocsin__lexicon_rows {
    const tocsin__lexicon *known;
    const tocsin__lexicon_row *rows; /* all after the header, which is sound and has no column `topic` */
    size_t count;
} tocsin__lexicon_rows;

/*
 * The same, with the same result, for such a list: terms of the other lexicon are copied and neither read nor folded.
 */
tocsin_status tocsin__lexicon_add_rows(tocsin__lexicon_builder *builder, const char *name, tocsin_bytes bytes,
                                       uint32_t topic, const tocsin__lexicon_rows *rows);

/*
 * Whether the next call of tocsin__lexicon_add_list for a list of this name looks at its bytes. It does not if a .csv
 * list was added before and the builder has all its rows that name no topic: if there are none, after the first call,
 * otherwise after the second.
 */
int tocsin__lexicon_needs_list(const tocsin__lexicon_builder *builder, const char *name);

/*
 * Moves the terms into *lexicon, with or without errors (see its member errors); the builder can then only be freed.
 * TOCSIN_ERROR_MEMORY leaves both as they were.
 */
tocsin_status tocsin__lexicon_finish(tocsin__lexicon_builder *builder, tocsin__lexicon *lexicon);

#endif
