#ifndef TOCSIN_LEXICON_REGEX_FOLDING_H
#define TOCSIN_LEXICON_REGEX_FOLDING_H

/* Folds the leaves of a tree for regex_admission.c, which walks it. */

#include "lexicon/regex_admission.h"
#include "lexicon/regex_problems.h"

typedef struct tocsin__regex_folding {
    tocsin__arena *arena;
    tocsin_folder *folder;
    uint32_t tail; /* the literal character that stands right before what comes next; 0 when there is none */
    tocsin__regex_problems problems;
    tocsin_buffer run;    /* literal characters, not folded yet */
    tocsin_buffer folded; /* a folding kept while the folder is used again */
} tocsin__regex_folding;

/* A character that is to be folded, not one of \x{…}. */
static inline int tocsin__regex_is_raw(const tocsin__regex_node *node) {
    return node && node->kind == TOCSIN__REGEX_CHARACTER && node->spelling == TOCSIN__REGEX_RAW;
}

/*
 * Folds as many raw characters from *link on as one text, and puts what they fold to in their place. Returns where the
 * node behind them hangs. *repeated: a raw character behind them that has a repeat of its own, or NULL.
 */
tocsin__regex_node **tocsin__regex_fold_run(tocsin__regex_folding *f, tocsin__regex_node **link,
                                            const tocsin__regex_node *repeated);

/* A raw character by itself, which becomes a character, a sequence of some, or empty. */
void tocsin__regex_fold_one(tocsin__regex_folding *f, tocsin__regex_node *node, int is_repeated);

/* A character of \x{…}: folded text may not hold it, which is warned of. */
void tocsin__regex_check_coded(tocsin__regex_folding *f, const tocsin__regex_node *node);

/* A class: its members are folded, sorted and merged; one of a single character becomes that. */
void tocsin__regex_fold_class(tocsin__regex_folding *f, tocsin__regex_node *node);

#endif
