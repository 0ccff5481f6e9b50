#ifndef TOCSIN_LEXICON_TERM_DRAFT_H
#define TOCSIN_LEXICON_TERM_DRAFT_H

/* Terms on their way from a list: a reader passes each to a sink and knows nothing of a lexicon. */

#include "base/arena.h"
#include "base/vec.h"
#include "lexicon/csv_reader.h"
#include "lexicon/lexicon_builder.h"
#include "lexicon/list_report.h"

/* A term as a list writes it. */
typedef struct tocsin__term_draft {
    tocsin_bytes text; /* trimmed */
    tocsin__place place;
    const tocsin__csv_field *field; /* the field that holds text, to find places inside it; NULL in a .txt list */
    uint32_t topic;
    tocsin__term_kind kind;
    tocsin__term_bounds bounds;
    double weight;
    double unit;
    tocsin_bytes note;
    const tocsin__csv_field *unless; /* NULL when there is none */
} tocsin__term_draft;

#define TOCSIN__LIST_COLUMNS 8

typedef struct tocsin__list_row {
    const tocsin__csv_field *fields;
    size_t count;
} tocsin__list_row;

/*
 * The part of a .csv list that a further topic takes: the rows that name no topic, and how to read them. Fields and
 * text are in the arena.
 */
typedef struct tocsin__list_rows {
    tocsin__arena arena;
    size_t positions[TOCSIN__LIST_COLUMNS]; /* of the columns in a row */
    size_t width;                           /* fields of the header */
    TOCSIN_VEC(tocsin__list_row) rows;
} tocsin__list_rows;

/* One list during its reading, and the sink of its terms. */
typedef struct tocsin__list_reading {
    tocsin__list_reports *reports;
    const tocsin_allocator *allocator;
    const tocsin__lexicon_topic *topics;
    const char *const *topic_ids; /* of the topics */
    size_t topic_count;
    const char *file;        /* must stay as long as the terms that are read from it */
    uint32_t topic;          /* the topic that names the list */
    size_t rows;             /* rows with a term, sound or not */
    size_t topicless_rows;   /* of these, in a .csv list: the rows that name no topic */
    tocsin__list_rows *keep; /* where these rows are kept, or NULL; initialised, and released by the caller */
    tocsin_status (*take)(void *sink, const tocsin__term_draft *draft); /* a failure ends the reading */
    void (*expect)(void *sink, uint32_t topic, tocsin_bytes text);      /* such a literal will probably come soon */
    const tocsin__lexicon_rows *known;                                  /* its rows, or NULL: they are read */
    /* Takes a term of the other lexicon, if reading its row would give the same; otherwise *taken is 0. */
    tocsin_status (*take_known)(void *sink, uint32_t term, uint32_t topic, tocsin__place place, int *taken);
    void *sink;
} tocsin__list_reading;

tocsin_status tocsin__list_read_txt(tocsin__list_reading *reading, tocsin_bytes text);
tocsin_status tocsin__list_read_csv(tocsin__list_reading *reading, tocsin_bytes text);

/* Reads a .csv list whose rows are known, with the same result. */
tocsin_status tocsin__list_read_known(tocsin__list_reading *reading, tocsin_bytes text);

/* Takes the kept rows of a .csv list, with the same result as reading the list again. */
tocsin_status tocsin__list_take_rows(tocsin__list_reading *reading, const tocsin__list_rows *rows);

#endif
