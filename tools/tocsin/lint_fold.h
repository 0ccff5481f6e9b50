#ifndef TOCSIN_TOOLS_LINT_FOLD_H
#define TOCSIN_TOOLS_LINT_FOLD_H

/* Counts hits of a sample that exist only because a fold option leaves characters out. */

#include <tocsin/tocsin.h>

#define FOLD_PARTS 8 /* two options, each with three kinds of characters and all of them */

/* One kind of character of one option, or all kinds of an option with several. */
typedef struct fold_part {
    const char *option, *kind; /* as a plan names them; kind NULL: all */
    tocsin_folder *without;    /* folds without it */
    uint64_t hits;             /* hits that exist only with it */
} fold_part;

typedef struct lint_fold {
    tocsin_folder *whole; /* folds as the plan does; NULL if the plan leaves nothing out */
    fold_part parts[FOLD_PARTS];
    size_t part_count;
    uint64_t hits;      /* all */
    tocsin_buffer text; /* of a hit, folded */
    char messages[FOLD_PARTS][160];
} lint_fold;

/* Ends the program if there is no memory. */
void lint_fold_start(lint_fold *fold, const tocsin_fold_options *options);

/* Counts a hit: its text, and the term. */
void lint_fold_count(lint_fold *fold, tocsin_bytes text, tocsin_bytes term);

/* Makes the warning about a part, whose message stays in fold; 0 if there is none. */
int lint_fold_judge(lint_fold *fold, size_t part, tocsin_diagnostic *warning);

void lint_fold_release(lint_fold *fold);

#endif
