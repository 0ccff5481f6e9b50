#ifndef TOCSIN_TOOLS_LINT_FOLD_H
#define TOCSIN_TOOLS_LINT_FOLD_H

/* Which hits of a sample there are only because a fold option leaves characters out. */

#include <tocsin/tocsin.h>

#define FOLD_PARTS 8 /* two options, three kinds of character and all of them */

/* One kind of character of one option, or all kinds of one that has several. */
typedef struct fold_part {
    const char *option, *kind; /* as a plan names them; kind NULL: all */
    tocsin_folder *without;    /* folds without it */
    uint64_t hits;             /* that there are only with it */
} fold_part;

typedef struct lint_fold {
    tocsin_folder *whole; /* folds as the plan does; NULL when the plan leaves nothing out */
    fold_part parts[FOLD_PARTS];
    size_t part_count;
    uint64_t hits;      /* all */
    tocsin_buffer text; /* of a hit, folded */
    char messages[FOLD_PARTS][160];
} lint_fold;

/* Ends the program when there is no memory. */
void lint_fold_start(lint_fold *fold, const tocsin_fold_options *options);

/* Counts a hit: the text that stands there, and the term. */
void lint_fold_count(lint_fold *fold, tocsin_bytes text, tocsin_bytes term);

/* Makes the warning about a part, whose message stays in fold; 0 when there is nothing to warn of. */
int lint_fold_judge(lint_fold *fold, size_t part, tocsin_diagnostic *warning);

void lint_fold_release(lint_fold *fold);

#endif
