#ifndef TOCSIN_LEXICON_REGEX_FOLDING_H
#define TOCSIN_LEXICON_REGEX_FOLDING_H

/* Folds the leaves of a tree for regex_admission.c, which walks it. */

#include "lexicon/regex_admission.h"
#include "lexicon/regex_problems.h"

typedef struct tocsin__regex_folding {
    tocsin__arena *arena;
    tocsin_folder *folder;
    uint32_t tail; /* the literal character directly before the next part; 0 if there is none */
    tocsin__regex_problems problems;
    tocsin_buffer run;    /* literal characters, not folded yet */
    tocsin_buffer folded; /* a folded text that is kept while the folder is used again */
} tocsin__regex_folding;

/* Whether a character is to be folded: it is not written as \x{…}. */
static inline int tocsin__regex_is_raw(const tocsin__regex_node *node) {
    return node && node->kind == TOCSIN__REGEX_CHARACTER && node->spelling == TOCSIN__REGEX_RAW;
}

/*
 * Folds as many raw characters from *link on as possible as one text, and replaces them by the result. Returns the link
 * that holds the node after them. *repeated: a raw character after them with a repeat of its own, or NULL.
 */
tocsin__regex_node **tocsin__regex_fold_run(tocsin__regex_folding *f, tocsin__regex_node **link,
                                            const tocsin__regex_node *repeated);

/* Folds a raw character by itself; it becomes a character, a sequence of some, or empty. */
void tocsin__regex_fold_one(tocsin__regex_folding *f, tocsin__regex_node *node, int is_repeated);

/* Warns of a character written as \x{…} that folded text cannot contain. */
void tocsin__regex_check_coded(tocsin__regex_folding *f, const tocsin__regex_node *node);

/* Folds, sorts and merges the members of a class; a class of a single character becomes that character. */
void tocsin__regex_fold_class(tocsin__regex_folding *f, tocsin__regex_node *node);

#endif
