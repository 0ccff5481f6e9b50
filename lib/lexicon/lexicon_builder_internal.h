#ifndef TOCSIN_LEXICON_LEXICON_BUILDER_INTERNAL_H
#define TOCSIN_LEXICON_LEXICON_BUILDER_INTERNAL_H

/* The builder's members, and the functions that add a term to it. */

#include "base/hash.h"
#include "base/vec.h"
#include "lexicon/term_draft.h"

/* A topic's mention of a list. The first one for each name holds what further topics need of the list. */
typedef struct tocsin__named_list {
    const char *name;
    uint32_t topic;          /* that named it */
    int is_known;            /* a .csv list that was read: topicless_rows is known */
    size_t topicless_rows;   /* number of rows that a further topic takes */
    tocsin__list_rows *kept; /* these rows, from the second reading on; NULL: none are kept */
} tocsin__named_list;

struct tocsin__lexicon_builder {
    tocsin_allocator allocator;
    tocsin__arena arena;
    tocsin_folder *folder;
    tocsin__list_reports reports;
    const tocsin__lexicon *known; /* of the rows that are read; NULL: there are none */
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
    tocsin__map term_index;             /* topic, kind and folded text → index of the term */
    tocsin__map phrase_index;           /* folded text → index of the phrase */
    TOCSIN_VEC(uint32_t) phrase_takers; /* by phrase: 1 + the start of the phrases of its last term; 0: none */
    tocsin_buffer pattern;              /* a regex during its admission */
    tocsin_buffer key;                  /* of term_index */
    size_t regex_count;
    size_t quantity_count;
    int full;         /* max_terms was reported */
    int phrases_full; /* and for phrases */
};

/*
 * Adds a term of another lexicon, with the same fold options, that stands at `place` now. *taken is 0, and nothing has
 * changed, if something would be reported about it. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__term_take(tocsin__lexicon_builder *builder, const tocsin__lexicon *from, uint32_t number,
                                uint32_t topic, tocsin__place place, int *taken);

/* term_unless.c: adds the phrases of a term of another lexicon. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__term_take_unless(tocsin__lexicon_builder *builder, const tocsin__lexicon *from,
                                       const tocsin__term *term, uint32_t *first);

/* Checks, folds and adds; problems are reported. */
tocsin_status tocsin__term_add(tocsin__lexicon_builder *builder, const tocsin__term_draft *draft);

/* A literal that will probably be added soon: most fold to themselves, and their place in the index can be read. */
void tocsin__term_expect(const tocsin__lexicon_builder *builder, uint32_t topic, tocsin_bytes text);

/* Reads the draft's unless into the builder's arrays; *first and *count become their range. */
tocsin_status tocsin__term_add_unless(tocsin__lexicon_builder *builder, const tocsin__term_draft *draft,
                                      tocsin_bytes folded, uint32_t *first, uint32_t *count);

#endif
