#ifndef TOCSIN_TOOLS_REVIEW_CHOOSE_H
#define TOCSIN_TOOLS_REVIEW_CHOOSE_H

/* Which documents of a feed are worth a person's time. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

typedef enum review_why {
    REVIEW_DISAGREES, /* the rules and the learned score say different things */
    REVIEW_UNSURE,    /* the learned score is near one half */
    REVIEW_VERDICT,   /* without learned weights: the rules found something */
    REVIEW_RANDOM,    /* by chance alone: for rates that are true of the feed */
    REVIEW_WHYS
} review_why;

typedef struct review_candidate {
    tocsin_document document; /* a copy */
    char *tier, *clauses, *evidence;
    double learned; /* below 0: there is none */
    double rank;    /* greater ones first */
    uint64_t chance;
    review_why why;
    uint64_t *keys; /* features, ascending, each once */
    size_t key_count;
} review_candidate;

typedef struct review_list {
    review_candidate *items;
    size_t count, capacity;
} review_list;

typedef struct review_chooser {
    review_list lists[REVIEW_WHYS];
    size_t keep; /* the most candidates that each list keeps */
} review_chooser;

/* How much a document is worth for a reason; below 0: nothing. learned below 0: there is no score. */
double review_rank(review_why why, int32_t tier, double learned);

/* Whether a document with this rank would be kept. */
int review_wants(review_chooser *chooser, review_why why, double rank, uint64_t chance);

/* Takes the candidate, whose strings and bytes are the chooser's then. */
void review_add(review_chooser *chooser, review_candidate candidate);

/*
 * The chosen ones, at most `most`: a fifth by chance, the rest by reasons in turn; of near-duplicates one. Indexes into
 * nothing: pointers that live as long as the chooser.
 */
size_t review_choose(review_chooser *chooser, size_t most, review_candidate **chosen);

void review_release(review_chooser *chooser);

#endif
