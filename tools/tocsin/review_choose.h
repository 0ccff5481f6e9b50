#ifndef TOCSIN_TOOLS_REVIEW_CHOOSE_H
#define TOCSIN_TOOLS_REVIEW_CHOOSE_H

/* Chooses the documents of a feed that are worth a person's time. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

typedef enum review_why {
    REVIEW_DISAGREES, /* the rules and the learned score disagree */
    REVIEW_UNSURE,    /* the learned score is near one half */
    REVIEW_VERDICT,   /* without learned weights: the rules gave a tier */
    REVIEW_RANDOM,    /* by chance: for rates that hold for the whole feed */
    REVIEW_WHYS
} review_why;

typedef struct review_candidate {
    tocsin_document document; /* a copy */
    char *tier, *clauses, *evidence;
    double learned; /* below 0: there is none */
    double rank;    /* greater ones first */
    uint64_t chance;
    review_why why;
    uint64_t *keys; /* features, ascending, distinct */
    size_t key_count;
} review_candidate;

typedef struct review_list {
    review_candidate *items;
    size_t count, capacity;
} review_list;

typedef struct review_chooser {
    review_list lists[REVIEW_WHYS];
    size_t keep; /* the most candidates for each list */
} review_chooser;

/* The value of a document for a reason; below 0: none. learned below 0: there is no score. */
double review_rank(review_why why, int32_t tier, double learned);

/* Whether a document with this rank would be kept. */
int review_wants(review_chooser *chooser, review_why why, double rank, uint64_t chance);

/* Takes the candidate; the chooser then owns its strings and bytes. */
void review_add(review_chooser *chooser, review_candidate candidate);

/*
 * The chosen ones, at most `most`: a fifth by chance, the rest by reasons in turn, and only one of near-duplicates. The
 * pointers are valid as long as the chooser.
 */
size_t review_choose(review_chooser *chooser, size_t most, review_candidate **chosen);

void review_release(review_chooser *chooser);

#endif
