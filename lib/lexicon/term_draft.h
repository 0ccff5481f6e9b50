#ifndef TOCSIN_LEXICON_TERM_DRAFT_H
#define TOCSIN_LEXICON_TERM_DRAFT_H

/* What the readers of lists share: the builder's inside, and terms on their way into it. */

#include "base/hash.h"
#include "base/vec.h"
#include "lexicon/csv_reader.h"
#include "lexicon/lexicon_builder.h"

typedef struct tocsin__named_list {
    const char *name;
    uint32_t topic; /* that named it */
} tocsin__named_list;

struct tocsin__lexicon_builder {
    tocsin_allocator allocator;
    tocsin__arena arena;
    tocsin_folder *folder;
    tocsin_diagnostics *diagnostics;
    const char **topic_ids;
    tocsin__lexicon_topic *topics;
    uint32_t *topic_terms;
    size_t topic_count;
    uint32_t max_term_length;
    uint32_t max_terms;
    TOCSIN_VEC(tocsin__term) terms;
    TOCSIN_VEC(tocsin__unless) unless;
    TOCSIN_VEC(tocsin_bytes) phrases;
    TOCSIN_VEC(tocsin__named_list) lists;
    TOCSIN_VEC(tocsin__list_note) notes;
    size_t notes_dropped;
    tocsin__map term_index;   /* topic, kind and folded text → index of the term */
    tocsin__map phrase_index; /* folded text → index of the phrase */
    tocsin_buffer pattern;    /* a regex while it is admitted */
    tocsin_buffer key;        /* of term_index */
    size_t regex_count;
    size_t quantity_count;
    size_t errors;
    size_t mistakes;  /* errors, those of a list that is read again counted again */
    int again;        /* the list was read before, for another topic: report nothing twice */
    int full;         /* max_terms was reported */
    int phrases_full; /* and for phrases */
};

/* The rows of one list, while they are read. */
typedef struct tocsin__list_reading {
    tocsin__lexicon_builder *builder;
    const char *file; /* in the builder's arena */
    uint32_t topic;   /* that names the list */
    size_t rows;      /* that hold a term, sound or not */
} tocsin__list_reading;

/* A term as a list gives it. */
typedef struct tocsin__term_draft {
    tocsin_bytes text; /* trimmed */
    tocsin__place place;
    const tocsin__csv_field *field; /* where text lies, to place spots inside it; NULL in a .txt list */
    uint32_t topic;
    tocsin__term_kind kind;
    tocsin__term_bounds bounds;
    double weight;
    double unit;
    tocsin_bytes note;
    const tocsin__csv_field *unless; /* NULL when there is none */
} tocsin__term_draft;

/* tocsin__diagnose for a list; errors are counted. Silent, but for the mistakes, while a list is read again. */
__attribute__((format(printf, 5, 6))) tocsin_status tocsin__list_report(tocsin__lexicon_builder *builder,
                                                                        tocsin_severity severity, const char *code,
                                                                        tocsin__place place, const char *format, ...);

/* Keeps a note for lint. */
__attribute__((format(printf, 4, 5))) tocsin_status tocsin__list_note_for_lint(tocsin__lexicon_builder *builder,
                                                                               const char *code, tocsin__place place,
                                                                               const char *format, ...);

/* Reports that a limit was met, also while a list is read again. */
tocsin_status tocsin__list_report_full(tocsin__lexicon_builder *builder, tocsin__place place, const char *what);

/* Checks, folds and adds; problems are reported. */
tocsin_status tocsin__term_add(tocsin__lexicon_builder *builder, const tocsin__term_draft *draft);

/*
 * Whether text, a term or a phrase as `what` says, is too long to fold or holds characters that never match; reported
 * when it does. *sound is set or cleared.
 */
tocsin_status tocsin__term_check_text(tocsin__lexicon_builder *builder, tocsin__place place, const char *what,
                                      tocsin_bytes text, int *sound);

/* Reports a term or a phrase whose length, folded if it was folded, is over the limit. */
tocsin_status tocsin__term_report_length(tocsin__lexicon_builder *builder, tocsin__place place, const char *what,
                                         tocsin_bytes text, size_t length);

/* Reads the draft's unless into the builder's arrays: their range goes to *first and *count. */
tocsin_status tocsin__term_add_unless(tocsin__lexicon_builder *builder, const tocsin__term_draft *draft,
                                      tocsin_bytes folded, uint32_t *first, uint32_t *count);

tocsin_status tocsin__list_read_txt(tocsin__list_reading *reading, tocsin_bytes text);
tocsin_status tocsin__list_read_csv(tocsin__list_reading *reading, tocsin_bytes text);

#endif
