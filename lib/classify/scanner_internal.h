#ifndef TOCSIN_CLASSIFY_SCANNER_LAYOUT_H
#define TOCSIN_CLASSIFY_SCANNER_LAYOUT_H

/*
 * The state that changes while documents are read. The stages of one document are files of this folder, in the order of
 * classify.c: fields.c (its characters), guard.c (can anything hold), resolve.c (its hits), grade.c (its clauses and
 * routes), and for grade.c locate.c (positions of hits) and evidence.c.
 */

#include <tocsin/explain.h>
#include <tocsin/scanner.h>
#include <tocsin/slot.h>

#include "base/arena.h"
#include "base/busy.h"
#include "base/counted_allocator.h"
#include "classify/document_check.h"
#include "match/matcher.h"
#include "plan/plan_internal.h"
#include "rule/rule_eval.h"
#include "rule/rule_explain.h"
#include "text/folder.h"
#include "text/icu_words.h"
#include "text/text_units.h"

/* The place of a hit, beside the tocsin__rule_hit of the same index. */
typedef struct tocsin__hit_place {
    uint32_t start, end; /* bytes of the view of the field */
    uint32_t term;       /* index into the lexicon */
} tocsin__hit_place;

/* The end of the last occurrence in this field so far, by number; entries that were not touched are 0. */
typedef struct tocsin__reach {
    uint32_t *end; /* bytes of the view of the field */
    TOCSIN_VEC(uint32_t) touched;
} tocsin__reach;

/* How many features of a learned score are shown for each sign. */
#define TOCSIN__LEARNED_SHOWN 8

/* A learned score of the document. */
typedef struct tocsin__learned_state {
    uint32_t millionths;
    int known;
} tocsin__learned_state;

/* The features of a vocabulary in the document. */
typedef struct tocsin__counted_features {
    tocsin__counts counts;
    int known;
} tocsin__counted_features;

/* A part of a view that adds to a learned score. */
typedef struct tocsin__stretch {
    tocsin_field field;
    size_t start, end; /* bytes of the view */
    double value;      /* of the log odds */
} tocsin__stretch;

/* The number of units of a field before one of its bytes. */
typedef struct tocsin__counted_place {
    size_t byte, count;
} tocsin__counted_place;

struct tocsin_scanner {
    tocsin__busy busy;          /* stays first: the other members are exchanged if the scanner takes another plan */
    tocsin__counted *memory;    /* the memory of the scanner, except for itself and this struct */
    tocsin_allocator allocator; /* counts; the caller's own allocator is in options */
    const tocsin_plan *plan;
    tocsin_slot *slot;   /* NULL for a scanner of one plan */
    uint64_t generation; /* of plan in the slot; 0 without one */
    uint32_t muted;      /* a term whose hits do not count, or TOCSIN_NO_TERM */
    tocsin_scanner_options options;

    tocsin_folder *folders[TOCSIN_FIELD_COUNT]; /* map back to the original, whether it was folded or not */
    tocsin_folder *number_folder; /* a fold that leaves nothing out; NULL: the plan's fold leaves nothing out either, or
                                     there is no quantity */
    tocsin_bytes original[TOCSIN_FIELD_COUNT];                     /* the document's field, up to the limit */
    TOCSIN_VEC(tocsin__counted_place) counted[TOCSIN_FIELD_COUNT]; /* of the original; see offsets.c */
    tocsin__text texts[TOCSIN_FIELD_COUNT]; /* the text to search: the original if it is one-to-one, otherwise folded */
    tocsin__units_function *read_units;
    tocsin__next_space_function *next_space;
    int takes_originals; /* one-to-one texts need no folding: all engines of the plan can read them */
    int leaves_out;      /* the fold may leave characters out */
    int reads_units;     /* an engine or a learned score reads the units of a text */
    int reads_all;       /* they need the units of all characters */
    tocsin__matcher_scratch matcher_scratch;
    tocsin__matcher_scratch guard_scratch;
    uint32_t guard_seen, guard_passed; /* documents of late */
    uint32_t guard_skips;              /* documents that will still be read without the guard */
    int look_at_all;                   /* for an explanation: search for every topic */
    tocsin_stop stop;                  /* of the document; NULL: none */
    void *stop_context;
    size_t max_evidence;  /* of a clause of the document */
    tocsin__words *words; /* NULL if no term has word bounds */

    tocsin__reach topic_reach;  /* hits, by topic: an occurrence inside one of them does not count */
    tocsin__reach phrase_reach; /* occurrences of `unless` phrases, by phrase */

    TOCSIN_VEC(tocsin__rule_hit) hits;
    TOCSIN_VEC(tocsin__hit_place) places;
    uint64_t *topic_counts; /* by topic; entries that were not touched are 0 */
    double *topic_scores;
    uint64_t *topic_values; /* by topic: the largest value, as in tocsin__rule_hit; 0: none */
    uint64_t *topic_bits;
    uint64_t topics_present; /* the topics with hits, as bits (rule_dag.h) */
    TOCSIN_VEC(uint32_t) touched_topics;
    uint32_t located; /* TOCSIN__RULE_NEEDS_* that are set for the hits */

    tocsin__learned_state *learned;     /* by index of the plan's weights; NULL: the plan has none */
    tocsin__counted_features *features; /* by number of the plan's vocabularies; NULL: the plan has none */
    int learned_asked;                  /* a score of this document is known */
    TOCSIN_VEC(tocsin__stretch) stretches;

    tocsin__rule_evaluator evaluator;
    uint32_t *evaluator_memory;
    int evaluator_begun; /* for this document */
    TOCSIN_VEC(uint64_t) rule_scratch;
    TOCSIN_VEC(uint64_t) support;
    TOCSIN_VEC(uint64_t) support_scratch;
    uint64_t *clause_bits;

    tocsin_verdict verdict;
    TOCSIN_VEC(tocsin_held_clause) clauses;
    TOCSIN_VEC(const char *) routes;
    TOCSIN_VEC(tocsin_evidence) evidence;
    TOCSIN_VEC(tocsin_topic_hits) topics;
    TOCSIN_VEC(tocsin_named_place) named_places;

    tocsin__matcher_scratch second_scratch; /* of the guard's second look */
    tocsin__arena explanation_arena;
    tocsin_explanation explanation;
};

/* scanner.c: forgets the last document. */
void tocsin__scanner_forget(tocsin_scanner *scanner);

/* fields.c: reads a field up to the scanner's limit; verdict.incomplete says whether there is more. */
tocsin_status tocsin__read_field(tocsin_scanner *scanner, tocsin_field field, tocsin_bytes bytes);

/* fields.c: reads text that was already folded, up to the limit, into the view of a field. */
tocsin_status tocsin__read_folded(tocsin_scanner *scanner, tocsin_field field, tocsin_bytes folded);

/* classify.c: tocsin_classify with the scanner's present plan; the arguments are already checked. */
tocsin_status tocsin__classify(tocsin_scanner *scanner, const tocsin_document *document, const tocsin_verdict **verdict,
                               tocsin_error *error);

/* Whether reading may go on; otherwise TOCSIN_ERROR_STOPPED. */
static inline tocsin_status tocsin__may_go_on(const tocsin_scanner *scanner) {
    return scanner->stop && scanner->stop(scanner->stop_context) ? TOCSIN_ERROR_STOPPED : TOCSIN_OK;
}

/* offsets.c: an offset of the original field in characters or UTF-16 units. */
size_t tocsin__count_offset(const tocsin_scanner *scanner, tocsin_field field, size_t byte);

/* The same, in the unit of the scanner's options. */
static inline size_t tocsin__offset(const tocsin_scanner *scanner, tocsin_field field, size_t byte) {
    const int counts = scanner->options.offsets != TOCSIN_OFFSETS_BYTES;
    return counts ? tocsin__count_offset(scanner, field, byte) : byte;
}

/* guard.c: whether any rule can hold over the fields that have been read; called once for each document. */
tocsin_status tocsin__pass_guard(tocsin_scanner *scanner, int *passes);

/*
 * fields.c: whether a hit in a text with malformed bytes contains a replacement for malformed bytes, as a match of a
 * wide class of a regex may. Malformed bytes never match; a U+FFFD in the original itself may.
 */
int tocsin__has_malformed(const tocsin_folder *folder, const tocsin__view *text, tocsin_bytes original,
                          const tocsin__hit *hit);

/* Called for each hit; nearly every text has no malformed bytes. */
static inline int tocsin__takes_malformed(const tocsin_folder *folder, const tocsin__view *text, tocsin_bytes original,
                                          const tocsin__hit *hit) {
    return folder->malformed && tocsin__has_malformed(folder, text, original, hit);
}

#define TOCSIN__FETCHED 256 /* occurrences: the data of more would push the first out of the cache */

/*
 * The data of patterns is spread over megabytes: prefetching it makes the reads from memory overlap. A macro, because
 * gcc takes a function that only prefetches for one without any effect, and leaves out its calls.
 */
#define TOCSIN__FETCH_POSTINGS(plan, hits, count)                                                                      \
    do {                                                                                                               \
        for (size_t f = 0; f < (count); f++) __builtin_prefetch(&(plan)->postings[(hits)[f].pattern]);                 \
        for (size_t f = 0; f < (count); f++)                                                                           \
            __builtin_prefetch(&(plan)->posted_terms[(plan)->postings[(hits)[f].pattern].term_first]);                 \
    } while (0)

/* resolve.c: searches the fields that have been read for everything, and keeps the hits that count. */
tocsin_status tocsin__find_hits(tocsin_scanner *scanner);

/* locate.c: sets positions, sentences and paragraphs of the hits, those in `needs` that are not set yet. */
void tocsin__locate_hits(tocsin_scanner *scanner, uint32_t needs);

/* grade.c: applies the rules to the hits and the document's facts; fills scanner->verdict. */
tocsin_status tocsin__grade(tocsin_scanner *scanner, const tocsin_document *document);

/* grade.c: what raises the attention of a document in this plan. */
tocsin__rule_attention tocsin__attention_signs(const tocsin_plan *plan, const tocsin_document *document);

/* evidence.c: the input of a rule over the hits, with the verdict as far as it is known. */
tocsin__rule_input tocsin__rule_input_of(const tocsin_scanner *scanner, uint64_t reach);

#define TOCSIN__NO_CLAUSE UINT32_MAX /* evidence of `about` */

/* learned.c: creates and frees tables for learned scores; forgets the document. */
tocsin_status tocsin__learned_create(tocsin_scanner *scanner);
void tocsin__learned_release(tocsin_scanner *scanner);
void tocsin__learned_forget(tocsin_scanner *scanner);

/* learned.c: a learned score of the document in millionths, computed at the first call; context is the scanner. */
uint32_t tocsin__learned_score(void *context, uint32_t index);

/* learned.c: writes into scanner->stretches what raises (sign 1) or lowers (-1) a learned score most. */
tocsin_status tocsin__learned_stretches(tocsin_scanner *scanner, uint32_t index, int sign);

/*
 * learned.c: what the topic of vocabulary->topics[*which], its first entry, adds to a computed score, values included.
 * *which becomes the index of the next topic's first entry.
 */
double tocsin__learned_topic(const tocsin_scanner *scanner, uint32_t index, uint32_t *which);

/* learned.c: adds the stretches of a score as evidence, up to `most` pieces for the clause, and counts all. */
tocsin_status tocsin__learned_evidence(tocsin_scanner *scanner, uint32_t clause, uint32_t index, size_t most,
                                       size_t *count, uint64_t *total);

/* evidence.c: makes one hit evidence of a clause. */
tocsin_evidence tocsin__evidence_of(const tocsin_scanner *scanner, uint32_t clause, size_t hit);

/* Adds the evidence of a clause that holds. */
tocsin_status tocsin__add_evidence(tocsin_scanner *scanner, uint32_t clause, uint64_t reach);

#endif
