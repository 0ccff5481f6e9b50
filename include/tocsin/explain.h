#ifndef TOCSIN_EXPLAIN_H
#define TOCSIN_EXPLAIN_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/scanner.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An obstacle: one condition that keeps a clause from holding. */
typedef enum tocsin_obstacle_kind {
    TOCSIN_OBSTACLE_TOPIC = 0,     /**< no hit of the topic */
    TOCSIN_OBSTACLE_FAR = 1,       /**< both sides have hits, but too far apart or in the wrong order */
    TOCSIN_OBSTACLE_SCOPE = 2,     /**< the parts hold, but not in the same sentence, paragraph or field */
    TOCSIN_OBSTACLE_BLOCKED = 3,   /**< there is a forbidden hit; spans has its place */
    TOCSIN_OBSTACLE_COUNT = 4,     /**< fewer hits, or a lower score, than needed */
    TOCSIN_OBSTACLE_VENUE = 5,     /**< another venue is needed */
    TOCSIN_OBSTACLE_REACH = 6,     /**< more (or less) reach is needed */
    TOCSIN_OBSTACLE_ATTENTION = 7, /**< more (or less) attention is needed */
    TOCSIN_OBSTACLE_VERDICT = 8,   /**< a route needs a clause or tier that was not reached */
    TOCSIN_OBSTACLE_LEARNED = 9    /**< a higher (or lower) learned score is needed */
} tocsin_obstacle_kind;

/** Lists, like those of a verdict: functions return their elements one by one. */
typedef struct tocsin_obstacle_list tocsin_obstacle_list;
typedef struct tocsin_explained_clause_list tocsin_explained_clause_list;
typedef struct tocsin_contribution_list tocsin_contribution_list;
typedef struct tocsin_explained_learned_list tocsin_explained_learned_list;

typedef struct tocsin_obstacle {
    tocsin_obstacle_kind kind;
    const char *text;      /**< one line of English: "venue in (mainstream_site)", "unless rebuttal 辟谣 at …" */
    const char *condition; /**< the part of the rule, as it was understood */
    const char *change;    /**< the change that would remove it: "venue were mainstream_site" */
    const tocsin_evidence_list *spans; /**< the forbidden hits, or those that are too far apart; may be empty */
    size_t span_count;
    uint32_t topic;    /**< of TOPIC, and of COUNT and BLOCKED if they concern one topic; otherwise TOCSIN_NO_TOPIC */
    double now;        /**< of COUNT, LEARNED and REACH: the present number; of FAR: the distance of the nearest two in
                          characters, below 0 if no two are in one field. Of VENUE, ATTENTION and a VERDICT that needs a tier:
                          the present value; 0 otherwise */
    double needed;     /**< the needed number or value, in the same form */
    uint32_t distance; /**< of FAR and BLOCKED by `unless`: the distance in the rule, in characters; otherwise 0 */
} tocsin_obstacle;

typedef struct tocsin_explained_clause {
    uint32_t index; /**< into the clauses of the plan */
    const char *id;
    const char *name;
    const char *tier_id;
    const char *when; /**< the rule as the plan spells it, on one line */
    int holds;
    const tocsin_evidence_list *evidence; /**< if it holds: a least set of hits that makes it hold */
    size_t evidence_count;
    const tocsin_obstacle_list *obstacles; /**< if it fails: the fewest conditions that must change */
    size_t obstacle_count;
    const char *name_en; /**< the name in English; `name` if the plan gives none */
} tocsin_explained_clause;

/** The nearest change that would raise the tier. */
typedef struct tocsin_counterfactual {
    uint32_t clause;  /**< index into tocsin_explanation.clauses; its obstacles are the changes */
    const char *text; /**< "would be major by M2 if venue were mainstream_site" */
} tocsin_counterfactual;

/** A stretch of text, or a topic with a hit or with its largest value, that raises or lowers a learned score. */
typedef struct tocsin_contribution {
    double value;         /**< what it adds to the log odds; a value below 0 lowers the score */
    const char *topic_id; /**< NULL: a stretch of text */
    tocsin_field field;   /**< of a stretch, like the next three */
    size_t start, end;    /**< as those of tocsin_evidence */
    tocsin_bytes text;    /**< the original bytes [start, end) */
} tocsin_contribution;

typedef struct tocsin_explained_learned {
    uint32_t index; /**< into the learned scores of the plan */
    const char *id;
    double probability;
    const tocsin_contribution_list *contributions; /**< the strongest of both signs; the largest value first */
    size_t contribution_count;
} tocsin_explained_learned;

/** Borrowed from the scanner until its next document or explanation. */
typedef struct tocsin_explanation {
    size_t struct_size;
    const tocsin_verdict *verdict;
    const tocsin_explained_clause_list *clauses; /**< every clause of the plan, in its order; none if `about` fails */
    size_t clause_count;
    const tocsin_counterfactual *nearest; /**< NULL if the tier is the highest, or nothing would raise it */
    const tocsin_explained_clause *about; /**< the plan's `about` as a clause, without a tier; NULL: it has none */
    const char *needs; /**< if `about` fails, the topics it needs: "本队, or 火情 with 伤亡"; otherwise NULL */
    const tocsin_explained_learned_list *learned; /**< every learned score of the plan */
    size_t learned_count;
    const tocsin_evidence *raised; /**< the first word that raised the attention, with clause_id "attention"; NULL: the
                                      facts alone give the attention */
} tocsin_explanation;

/**
 * The index-th clause of an explanation, 0-based. Borrowed: lives as long as the explanation. NULL if there is none,
 * and for NULL. Thread-safe while no call grades with the scanner.
 */
TOCSIN_API const tocsin_explained_clause *tocsin_explanation_clause(const tocsin_explanation *explanation,
                                                                    size_t index);
/** The index-th learned score; lifetime and NULL as for tocsin_explanation_clause. */
TOCSIN_API const tocsin_explained_learned *tocsin_explanation_learned(const tocsin_explanation *explanation,
                                                                      size_t index);
/** The index-th piece of evidence of a clause; lifetime and NULL as for tocsin_explanation_clause. */
TOCSIN_API const tocsin_evidence *tocsin_explained_evidence(const tocsin_explained_clause *clause, size_t index);
/** The index-th obstacle of a clause; lifetime and NULL as for tocsin_explanation_clause. */
TOCSIN_API const tocsin_obstacle *tocsin_explained_obstacle(const tocsin_explained_clause *clause, size_t index);
/** The index-th hit of an obstacle; lifetime and NULL as for tocsin_explanation_clause. */
TOCSIN_API const tocsin_evidence *tocsin_obstacle_span(const tocsin_obstacle *obstacle, size_t index);
/** The index-th contribution to a learned score; lifetime and NULL as for tocsin_explanation_clause. */
TOCSIN_API const tocsin_contribution *tocsin_explained_contribution(const tocsin_explained_learned *learned,
                                                                    size_t index);

/**
 * Grades a document and explains the verdict. Statuses and lifetimes as tocsin_classify. Slower than tocsin_classify,
 * because it evaluates every part of every clause. Meant for people, not for feeds.
 */
TOCSIN_API tocsin_status tocsin_explain(tocsin_scanner *scanner, const tocsin_document *document,
                                        const tocsin_explanation **explanation, tocsin_error *error);

/**
 * A copy that does not depend on the scanner or the document; it retains the plan, and its verdict is also a copy,
 * which is freed with it. Free it with tocsin_explanation_free. allocator NULL means the default one.
 * TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY; *copy is then left untouched. Thread-safe when no call grades with the
 * scanner from which the explanation is borrowed.
 */
TOCSIN_API tocsin_status tocsin_explanation_copy(const tocsin_explanation *explanation,
                                                 const tocsin_allocator *allocator, tocsin_explanation **copy);

/** Frees a copy and its verdict. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_explanation_free(tocsin_explanation *copy);

/**
 * Appends the explanation as one JSON object without a newline. TOCSIN_ERROR_ARGUMENT and TOCSIN_ERROR_MEMORY leave out
 * unchanged. Thread-safe when no other thread uses out and no call grades with the scanner.
 */
TOCSIN_API tocsin_status tocsin_explanation_to_json(const tocsin_explanation *explanation, tocsin_buffer *out);

#ifdef __cplusplus
}
#endif

#endif
