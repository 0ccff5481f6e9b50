#ifndef TOCSIN_VERDICT_H
#define TOCSIN_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/document.h>
#include <tocsin/plan.h>
#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The tier of a document for which no clause holds. */
#define TOCSIN_TIER_NONE (-1)

/** Flags: which limits made a verdict incomplete. */
enum {
    TOCSIN_INCOMPLETE_HITS =
        1, /**< more hits than the scanner keeps: counts are exact, positions of the rest unknown */
    TOCSIN_INCOMPLETE_TITLE = 2,    /**< the title was over the document limit and was read only up to it */
    TOCSIN_INCOMPLETE_TEXT = 4,     /**< the text was over the document limit and was read only up to it */
    TOCSIN_INCOMPLETE_EVIDENCE = 8, /**< evidence is capped; the counts beside it are exact */
    TOCSIN_INCOMPLETE_VALUES = 16   /**< a number is over 10 to the 12 and counts as that */
};

/** In evidence: a learned score and no topic. */
#define TOCSIN_NO_TOPIC UINT32_MAX

/**
 * One word that makes a clause hold; or a stretch of text that raises a learned score of the clause: topic is then
 * TOCSIN_NO_TOPIC, topic_id is "learned(NAME)", and term is empty.
 */
typedef struct tocsin_evidence {
    uint32_t clause; /**< index into the clauses of the plan */
    uint32_t topic;  /**< index into the topics of the plan */
    const char *clause_id;
    const char *topic_id;
    tocsin_bytes term; /**< as the list spells it */
    tocsin_field field;
    size_t start;        /**< byte of the ORIGINAL field, 0-based; or in the unit of the scanner's option offsets */
    size_t end;          /**< half-open */
    tocsin_bytes text;   /**< the original bytes [start, end) */
    int has_value;       /**< of a quantity */
    double value;        /**< its number times its unit; vague numbers count as their lower bound; 0 if it has none */
    double contribution; /**< of a stretch: what it adds to the log odds; 0 for a word */
} tocsin_evidence;

/** A clause that holds. */
typedef struct tocsin_held_clause {
    uint32_t index; /**< into the clauses of the plan */
    const char *id;
    uint32_t tier;           /**< index of its tier */
    size_t evidence_first;   /**< the index of its first piece of evidence; the others follow */
    size_t evidence_count;   /**< at most the scanner's max_evidence */
    uint64_t evidence_total; /**< the exact number, even if the evidence is capped */
} tocsin_held_clause;

/** Hits of one topic. */
typedef struct tocsin_topic_hits {
    uint32_t index; /**< into the topics of the plan */
    const char *id;
    uint64_t hits; /**< hits in both fields; exact even if positions are capped */
    double score;  /**< sum of their weights */
} tocsin_topic_hits;

/** A place that the document names: a word of a topic with the role "place" or "home". */
typedef struct tocsin_named_place {
    uint32_t topic; /**< index into the topics of the plan */
    const char *topic_id;
    tocsin_bytes term; /**< as the list spells it */
} tocsin_named_place;

/** A verdict lists at most this many places, the first ones of the document. */
#define TOCSIN_VERDICT_PLACES 16

/**
 * Lists of a verdict or of an explanation; functions return their elements one by one, and the elements may grow in
 * later versions.
 */
typedef struct tocsin_evidence_list tocsin_evidence_list;
typedef struct tocsin_held_clause_list tocsin_held_clause_list;
typedef struct tocsin_route_list tocsin_route_list;
typedef struct tocsin_topic_hits_list tocsin_topic_hits_list;
typedef struct tocsin_named_place_list tocsin_named_place_list;

/**
 * The result of a plan for one document. Borrowed from the scanner until its next document; tocsin_verdict_copy keeps
 * it. tocsin_verdict_clause and the functions beside it return the elements of its lists. The evidence lists, for each
 * clause that holds, the hits that help to make it hold, by field and position.
 */
typedef struct tocsin_verdict {
    size_t struct_size;
    tocsin_bytes id;     /**< the document's */
    int32_t tier;        /**< index into the tiers of the plan, or TOCSIN_TIER_NONE */
    const char *tier_id; /**< "none" if there is none */
    tocsin_attention attention;
    tocsin_venue venue;  /**< after the catalogue */
    uint32_t incomplete; /**< TOCSIN_INCOMPLETE_* or-ed */
    uint64_t malformed;  /**< malformed parts in both fields */
    const tocsin_held_clause_list *clauses;
    size_t clause_count; /**< in the order of the plan */
    const tocsin_route_list *routes;
    size_t route_count;
    const tocsin_evidence_list *evidence;
    size_t evidence_count;
    const tocsin_topic_hits_list *topics;
    size_t topic_count; /**< topics with at least one hit, by index */
    const tocsin_named_place_list *places;
    size_t place_count;      /**< distinct ones, by field and position */
    const tocsin_plan *plan; /**< the plan that graded the document. Borrowed like the verdict; retain it to keep it */
    uint64_t generation;     /**< the plan's generation in the scanner's slot; 0 without a slot */
    int about; /**< 0: the plan's `about` fails; without an `about`: the document has no hit of the required topics. 1:
                  otherwise. If it is 0, grading ends there: there is no tier, no clause and no route holds, attention
                  comes only from the facts, and topics and places are empty unless the scanner's option all_topics is
                  set */
} tocsin_verdict;

/**
 * The index-th clause that holds, 0-based, in the order of the plan. Borrowed: lives as long as the verdict. NULL if
 * there is none, and for NULL. Do not step through the elements as an array: they may grow in a later version.
 * Thread-safe while no call grades with the scanner.
 */
TOCSIN_API const tocsin_held_clause *tocsin_verdict_clause(const tocsin_verdict *verdict, size_t index);
/** The id of the index-th route; lifetime and NULL as for tocsin_verdict_clause. */
TOCSIN_API const char *tocsin_verdict_route(const tocsin_verdict *verdict, size_t index);
/** The index-th piece of evidence; lifetime and NULL as for tocsin_verdict_clause. */
TOCSIN_API const tocsin_evidence *tocsin_verdict_evidence(const tocsin_verdict *verdict, size_t index);
/** The index-th topic that has hits; lifetime and NULL as for tocsin_verdict_clause. */
TOCSIN_API const tocsin_topic_hits *tocsin_verdict_topic(const tocsin_verdict *verdict, size_t index);
/** The index-th place that the document names; lifetime and NULL as for tocsin_verdict_clause. */
TOCSIN_API const tocsin_named_place *tocsin_verdict_place(const tocsin_verdict *verdict, size_t index);

/**
 * Appends the verdict as one JSON object without a newline:
 * {"id":…,"tier":…,"clauses":[…],"routes":[…],"attention":…,"evidence":[{"clause","topic","term","field","start","end",
 * "text"}]} with "value" for a quantity, "venue" if it is known, "incomplete":[…] with "counts":{topic:hits} if a limit
 * was reached, "malformed":n if there were malformed parts, "generation":n if the scanner has a slot, "about":true or
 * false if the plan has an `about`. Malformed bytes are written as U+FFFD. TOCSIN_ERROR_ARGUMENT and
 * TOCSIN_ERROR_MEMORY leave out unchanged. Thread-safe when no other thread uses out and no call grades with the
 * scanner.
 */
TOCSIN_API tocsin_status tocsin_verdict_to_json(const tocsin_verdict *verdict, tocsin_buffer *out);

/**
 * A copy that does not depend on the scanner or the document; it retains the plan, which owns the topic, tier and term
 * names. Free it with tocsin_verdict_free. allocator NULL means the default one. TOCSIN_ERROR_ARGUMENT,
 * TOCSIN_ERROR_MEMORY; *copy is then left untouched. Thread-safe when no call grades with the scanner from which the
 * verdict is borrowed.
 */
TOCSIN_API tocsin_status tocsin_verdict_copy(const tocsin_verdict *verdict, const tocsin_allocator *allocator,
                                             tocsin_verdict **copy);

/**
 * Moves a piece of evidence of a copy to other positions. For a program that extracts text from something else (HTML,
 * say), grades the text, and reports positions in the HTML. index counts as in the verdict. start, end and text replace
 * those of the evidence; text is borrowed and stays until the copy is freed. Only for what tocsin_verdict_copy made.
 * TOCSIN_ERROR_ARGUMENT when copy is NULL, when there is no such evidence, when end is before start, or when text is
 * NULL with a length; TOCSIN_ERROR_TOO_LARGE for a text over TOCSIN_FOLD_MAX. Nothing is changed then. Thread-safe when
 * no other thread uses the copy.
 */
TOCSIN_API tocsin_status tocsin_verdict_move_evidence(tocsin_verdict *copy, size_t index, size_t start, size_t end,
                                                      tocsin_bytes text);

/** Frees a copy. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_verdict_free(tocsin_verdict *copy);

#ifdef __cplusplus
}
#endif

#endif
