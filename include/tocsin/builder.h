#ifndef TOCSIN_BUILDER_H
#define TOCSIN_BUILDER_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/fold.h>
#include <tocsin/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A plan that is made by calls instead of files, or a changed copy of another plan: for a program that keeps terms and
 * rules in a database, or that gives each of its users an overlay of one plan. All arguments are copied. Mistakes in
 * terms and rules are found when the plan is compiled, as in a file, and reported with the label of the term or rule. A
 * text over TOCSIN_FOLD_MAX bytes is refused with TOCSIN_ERROR_TOO_LARGE. One thread at a time uses a builder.
 */
typedef struct tocsin_builder tocsin_builder;

/**
 * Makes a builder with all of base, or an empty one for NULL. base need not be kept. allocator NULL means the default
 * one. *builder belongs to the caller and is left untouched on failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY,
 * TOCSIN_ERROR_UNSUPPORTED (base was compiled without_sources). error may be NULL. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_builder_create(const tocsin_plan *base, const tocsin_allocator *allocator,
                                               tocsin_builder **builder, tocsin_error *error);

/** Frees it; plans that it has made stay. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_builder_free(tocsin_builder *builder);

/** Texts that a plan has once. Values are pinned. */
typedef enum tocsin_builder_text {
    TOCSIN_BUILDER_NAME = 0,
    TOCSIN_BUILDER_NAME_EN = 1,
    TOCSIN_BUILDER_VERSION = 2,
    TOCSIN_BUILDER_ABOUT = 3 /**< the expression that a document must satisfy to be graded */
} tocsin_builder_text;

/**
 * Sets a text; an empty one removes it. label, which may be NULL, identifies the text in reported problems.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY: nothing is changed. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_set(tocsin_builder *builder, tocsin_builder_text which, tocsin_bytes text,
                                            const char *label, tocsin_error *error);

/**
 * Sets how text is folded. TOCSIN_ERROR_ARGUMENT (a NULL, an unknown profile or flag): nothing is changed. error may be
 * NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_set_fold(tocsin_builder *builder, const tocsin_fold_options *fold,
                                                 tocsin_error *error);

/**
 * Sets the reach from which attention is elevated, and the reach from which it is high. 0 is the default.
 * TOCSIN_ERROR_ARGUMENT. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_set_reach(tocsin_builder *builder, uint64_t elevated, uint64_t high,
                                                  tocsin_error *error);

/** Where a term may stand. Values are pinned. */
typedef enum tocsin_bounds {
    TOCSIN_BOUNDS_DEFAULT = 0, /**< of a term: its topic's bounds; of a topic: AUTO */
    TOCSIN_BOUNDS_AUTO = 1,    /**< a Latin letter or digit at an edge has no such neighbour */
    TOCSIN_BOUNDS_WORD = 2,    /**< as AUTO, and no dictionary word may straddle an edge */
    TOCSIN_BOUNDS_NONE = 3     /**< anywhere */
} tocsin_bounds;

/**
 * A part of a plan that has an id. Start from TOCSIN_BUILDER_ITEM_INIT; an empty member means that the part does not
 * have it.
 */
typedef struct tocsin_builder_item {
    size_t struct_size; /**< sizeof(tocsin_builder_item) */
    tocsin_bytes id;
    tocsin_bytes name;
    tocsin_bytes name_en;
    tocsin_bytes note;
    tocsin_bytes when;    /**< the expression of a clause, a route or a define */
    tocsin_bytes tier;    /**< of a clause: the id of its tier */
    tocsin_bytes weights; /**< of a learned score: the content of the weights file */
    tocsin_bounds bounds; /**< of a topic */
    tocsin_role role;     /**< of a topic */
    tocsin_attention
        attention;     /**< of a topic: the attention of a document with a hit; TOCSIN_ATTENTION_LOW: no effect */
    const char *label; /**< used in place of a file name in reported problems; NULL: the id */
    int severe; /**< of a tier, not 0: incidents of it are severe. If no tier is marked, those of the highest tier are
                 */
} tocsin_builder_item;

#define TOCSIN_BUILDER_ITEM_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(tocsin_builder_item), {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, {0, 0}, TOCSIN_BOUNDS_DEFAULT,    \
            TOCSIN_ROLE_NONE, TOCSIN_ATTENTION_LOW, 0, 0                                                               \
    }

/** What TOCSIN_BUILDER_ITEM_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_builder_item_init(tocsin_builder_item *item, size_t size);

/**
 * Adds a part after the builder's parts of the same kind. Add tiers in ascending order, the lowest first.
 * TOCSIN_ERROR_NOT_FOUND (the clause's tier has not been added), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY: nothing
 * has changed then. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_add(tocsin_builder *builder, tocsin_part part, const tocsin_builder_item *item,
                                            tocsin_error *error);

/**
 * Removes the part with this id; a topic with its terms, a tier with its clauses. TOCSIN_ERROR_NOT_FOUND,
 * TOCSIN_ERROR_ARGUMENT: nothing is changed. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_remove(tocsin_builder *builder, tocsin_part part, tocsin_bytes id,
                                               tocsin_error *error);

/** The kind of a term. Values are pinned. */
typedef enum tocsin_term_kind {
    TOCSIN_TERM_LITERAL = 0,
    TOCSIN_TERM_REGEX = 1,
    TOCSIN_TERM_QUANTITY = 2 /**< has one {n}, in place of a number */
} tocsin_term_kind;

/** A term of a topic. Start from TOCSIN_BUILDER_TERM_INIT. */
typedef struct tocsin_builder_term {
    size_t struct_size; /**< sizeof(tocsin_builder_term) */
    tocsin_bytes topic; /**< id of a topic that has been added */
    tocsin_bytes text;
    tocsin_term_kind kind;
    tocsin_bounds bounds;
    double weight;              /**< 0 to 1000; 1 by default */
    double unit;                /**< of a quantity: the factor of its number; 1 by default */
    const tocsin_bytes *unless; /**< phrases; a hit that is inside one of them does not count. They contain no ; */
    size_t unless_count;
    tocsin_bytes note;
    const char *label; /**< used in place of a file name in reported problems; NULL: the topic's label */
} tocsin_builder_term;

#define TOCSIN_BUILDER_TERM_INIT                                                                                       \
    {                                                                                                                  \
        sizeof(tocsin_builder_term), {0, 0}, {0, 0}, TOCSIN_TERM_LITERAL, TOCSIN_BOUNDS_DEFAULT, 1.0, 1.0, 0, 0,       \
            {0, 0}, 0                                                                                                  \
    }

/** What TOCSIN_BUILDER_TERM_INIT does, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_builder_term_init(tocsin_builder_term *term, size_t size);

/**
 * Adds a term. TOCSIN_ERROR_NOT_FOUND (no such topic has been added), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY:
 * nothing is changed. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_add_term(tocsin_builder *builder, const tocsin_builder_term *term,
                                                 tocsin_error *error);

/**
 * Removes a topic's terms with this spelling, of every kind. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_ARGUMENT: nothing is
 * changed. Time grows with the number of terms. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_remove_term(tocsin_builder *builder, tocsin_bytes topic, tocsin_bytes text,
                                                    tocsin_error *error);

/**
 * Adds a pattern of the venue catalogue, in the form of its files; a family of channels ends in a slash and a star.
 * label as in tocsin_builder_term; NULL: the pattern. TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY. error may be NULL.
 * One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_add_venue(tocsin_builder *builder, tocsin_bytes pattern, tocsin_venue venue,
                                                  const char *label, tocsin_error *error);

/**
 * Removes a pattern; it must be spelled as it was added. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_ARGUMENT. error may be
 * NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_remove_venue(tocsin_builder *builder, tocsin_bytes pattern,
                                                     tocsin_error *error);

/**
 * Sets a tier's deadline: the hours, from 1 to 8784, within which somebody must act on an incident of the tier. A later
 * call changes it; 0 removes it. label as in tocsin_builder_term; NULL: the tier's. TOCSIN_ERROR_NOT_FOUND (no such
 * tier has been added), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY: nothing has changed then. error may be NULL. One
 * thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_set_deadline(tocsin_builder *builder, tocsin_bytes tier, tocsin_bytes name,
                                                     uint32_t hours, const char *label, tocsin_error *error);

/** A document and its expected verdict. Start from TOCSIN_BUILDER_EXAMPLE_INIT. */
typedef struct tocsin_builder_example {
    size_t struct_size;           /**< sizeof(tocsin_builder_example) */
    tocsin_bytes id, title, text; /**< as tocsin_document has them */
    tocsin_bytes source;
    tocsin_venue venue; /**< TOCSIN_VENUE_UNKNOWN: the catalogue finds it by the source */
    tocsin_attention attention;
    uint64_t reach;
    tocsin_bytes tier;           /**< the id of the expected tier, or "none" */
    const tocsin_bytes *clauses; /**< ids of exactly the clauses that must hold */
    size_t clause_count;
    int has_clauses;   /**< 0: any clauses may hold, unless clause_count is over 0 */
    const char *label; /**< as in tocsin_builder_term; NULL: "examples" */
} tocsin_builder_example;

#define TOCSIN_BUILDER_EXAMPLE_INIT                                                                                    \
    {                                                                                                                  \
        sizeof(tocsin_builder_example), {0, 0}, {0, 0}, {0, 0}, {0, 0}, TOCSIN_VENUE_UNKNOWN, TOCSIN_ATTENTION_LOW, 0, \
            {0, 0}, 0, 0, 0, 0                                                                                         \
    }

/** Does the same as TOCSIN_BUILDER_EXAMPLE_INIT, with the contract of tocsin_document_init. */
TOCSIN_API tocsin_status tocsin_builder_example_init(tocsin_builder_example *example, size_t size);

/**
 * Adds an example after the builder's others; tocsin_plan_check_examples grades them. TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_MEMORY: nothing has changed then. error may be NULL. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_add_example(tocsin_builder *builder, const tocsin_builder_example *example,
                                                    tocsin_error *error);

/**
 * Removes the example with this index, from 0; examples of the base plan come first. Later examples move up.
 * TOCSIN_ERROR_NOT_FOUND (there is none), TOCSIN_ERROR_ARGUMENT: nothing has changed then. error may be NULL. One
 * thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_remove_example(tocsin_builder *builder, size_t index, tocsin_error *error);

/**
 * Compiles the content of the builder, which stays unchanged and can be changed and compiled again. options,
 * diagnostics and *plan as in tocsin_plan_compile. In diagnostics and *error, file is a label; line and column are
 * those of a mistake inside an expression, otherwise 0. Parts from base keep the file, line and column that they had
 * there. The plan can be saved: its sources are written from the builder. Statuses as tocsin_plan_compile;
 * TOCSIN_ERROR_PLAN also for a builder without topics or tiers. One thread at a time.
 */
TOCSIN_API tocsin_status tocsin_builder_compile(const tocsin_builder *builder, const tocsin_plan_options *options,
                                                tocsin_diagnostics *diagnostics, tocsin_plan **plan,
                                                tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
