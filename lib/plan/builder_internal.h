#ifndef TOCSIN_PLAN_BUILDER_INTERNAL_H
#define TOCSIN_PLAN_BUILDER_INTERNAL_H

/* The members of a builder, and the sources that are written from it. */

#include <tocsin/builder.h>

#include "base/arena.h"
#include "base/vec.h"
#include "lexicon/lexicon_builder.h"
#include "plan/plan_internal.h"

/* The origin of a part: a label, or a place in a file of the base plan. */
typedef struct tocsin__origin {
    tocsin__place place;           /* line 0: file is a label */
    const tocsin__plan_text *text; /* an expression of the base, to find places inside it; otherwise NULL */
} tocsin__origin;

typedef struct tocsin__builder_part {
    tocsin_part part;
    tocsin_builder_item item; /* its bytes are in the arena; label is NULL */
    uint32_t tier;            /* of a clause: index of its tier among the parts */
    tocsin__origin origin;
    const tocsin__plan_tier *base_tier; /* of a tier of the base; otherwise NULL */
    tocsin__learned_file *file;         /* of a learned score of the base, which has item.weights; otherwise NULL */
    int removed;
} tocsin__builder_part;

typedef struct tocsin__builder_entry {
    tocsin_bytes text, unless, note; /* unless as a list spells it, joined by ;, but not of a term of the base */
    uint32_t topic;                  /* index among the parts */
    tocsin_term_kind kind;
    tocsin_bounds bounds;
    double weight, unit;
    tocsin__origin origin;
    uint32_t base_term; /* its index in the base, or TOCSIN__LEXICON_NEW */
    int removed;
} tocsin__builder_entry;

typedef struct tocsin__builder_venue {
    tocsin_bytes pattern;
    tocsin_venue venue;
    tocsin__origin origin;
    int removed;
} tocsin__builder_venue;

/* The deadline of a tier: hours within which somebody must act on an incident. */
typedef struct tocsin__builder_deadline {
    uint32_t tier; /* index among the parts */
    tocsin_bytes name;
    uint64_t hours; /* 0: it was removed */
    tocsin__origin origin;
} tocsin__builder_deadline;

typedef struct tocsin__builder_example {
    tocsin_builder_example given; /* its bytes are in the arena, or in the base; label is NULL */
    tocsin__origin origin;
} tocsin__builder_example;

#define TOCSIN__BUILDER_TEXTS 4 /* values of tocsin_builder_text */

struct tocsin_builder {
    tocsin_allocator allocator;
    tocsin__arena arena;
    const tocsin_plan *base; /* retained: its texts, weights and places are used; NULL: there is no base */
    struct {
        tocsin_bytes text;
        tocsin__origin origin;
    } texts[TOCSIN__BUILDER_TEXTS];
    tocsin_fold_options fold;
    uint64_t elevated, high; /* reach; 0: the default */
    TOCSIN_VEC(tocsin__builder_part) parts;
    TOCSIN_VEC(tocsin__builder_entry) terms;
    TOCSIN_VEC(tocsin__builder_venue) venues;
    TOCSIN_VEC(tocsin__builder_deadline) deadlines;
    TOCSIN_VEC(tocsin__builder_example) examples;
};

/* plan_builder.c: copies bytes to the arena; 0 if there is no memory. */
int tocsin__builder_keep(tocsin_builder *builder, tocsin_bytes *bytes);

/* Keeps a label, or the text that replaces a missing one. */
int tocsin__builder_keep_label(tocsin_builder *builder, const char *label, tocsin_bytes otherwise,
                               tocsin__origin *origin);

/* The last added part with this id that was not removed; parts.length if there is none. */
size_t tocsin__builder_find(const tocsin_builder *builder, tocsin_part part, tocsin_bytes id);

tocsin_status tocsin__builder_no_memory(tocsin_error *error);
tocsin_status tocsin__builder_not_found(tocsin_error *error, const char *what, tocsin_bytes id);

/* builder_examples.c: adds the examples of the base plan. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__builder_take_examples(tocsin_builder *builder, const tocsin_plan *plan);

/* The part that begins in a line of a written source. */
typedef struct tocsin__builder_mark {
    uint32_t line;
    uint32_t column;    /* of the quote before an expression; 0: the line has no expression */
    tocsin_bytes value; /* that expression */
    tocsin__origin origin;
} tocsin__builder_mark;

typedef struct tocsin__builder_source {
    char name[40]; /* "weights-", a number of 20 digits, ".tsv" */
    tocsin_buffer text;
    tocsin_bytes lent; /* the text of `file`, when it is not NULL */
    tocsin__learned_file *file;
    uint32_t line; /* the line that is being written, 1-based */
    TOCSIN_VEC(tocsin__builder_mark) marks;
    TOCSIN_VEC(tocsin__lexicon_row) rows; /* of a list */
} tocsin__builder_source;

typedef struct tocsin__builder_sources {
    const tocsin_builder *builder;
    TOCSIN_VEC(tocsin__builder_source) list; /* the plan first */
    tocsin_status status;                    /* of the first failure; nothing is written after it */
} tocsin__builder_sources;

/* builder_write.c: writes a plan, its lists and its venues. TOCSIN_ERROR_MEMORY; release them in any case. */
tocsin_status tocsin__builder_write(const tocsin_builder *builder, tocsin__builder_sources *sources);
void tocsin__builder_sources_release(tocsin__builder_sources *sources);

/* The place that a line and a column of a source stand for. */
tocsin__place tocsin__builder_locate(const tocsin__builder_sources *sources, const char *file, uint32_t line,
                                     uint32_t column);

/* The same for many places, faster for lines that do not become smaller and names at one address. */
typedef struct tocsin__builder_cursor {
    const tocsin__builder_sources *sources;
    const char *file; /* of the last place; NULL at first */
    const tocsin__builder_source *source;
    size_t mark; /* the first mark behind that place */
} tocsin__builder_cursor;

tocsin__place tocsin__builder_locate_next(tocsin__builder_cursor *cursor, const char *file, uint32_t line,
                                          uint32_t column);

/* builder_compile.c: reads one of the tocsin__builder_sources, which are the context; a tocsin_source_reader. */
tocsin_status tocsin__builder_read_source(void *context, const char *name, tocsin_buffer *out);

#endif
