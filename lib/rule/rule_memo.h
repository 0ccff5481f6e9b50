#ifndef TOCSIN_RULE_MEMO_H
#define TOCSIN_RULE_MEMO_H

/*
 * Evaluates the programs of a plan over one document, one after the other, and remembers for the document what each
 * part has come to. The same answers as tocsin__rule_holds. A memo belongs to one thread.
 */

#include "rule/rule_input.h"
#include "rule/rule_run.h"
#include "rule/rule_shared.h"

struct tocsin__rule_memo {
    const tocsin__rule_shared *shared;
    tocsin__rule_run run;
    uint64_t signs;
    uint32_t document; /* number of this document */
    uint32_t *told;    /* by part: twice the number of the document it was worked out for, 1 more when it holds */
    uint32_t *filled;  /* by set: the number of the document it was filled for */
    uint64_t *sets;    /* the remembered sets; NULL: too many hits to remember sets */
};

/* Bytes of numbers that a memo keeps from document to document. */
size_t tocsin__rule_memo_size(const tocsin__rule_shared *shared);

/* numbers: as many bytes, all 0, aligned for uint32_t. */
void tocsin__rule_memo_init(tocsin__rule_memo *memo, const tocsin__rule_shared *shared, void *numbers);

/* Bytes of scratch for a document, aligned for uint64_t; what they hold before and after means nothing. */
size_t tocsin__rule_memo_scratch_size(const tocsin__rule_shared *shared, size_t hit_count);

/* Begins a document; input and scratch stay until the next begin. signs are those of the topics with hits. */
void tocsin__rule_memo_begin(tocsin__rule_memo *memo, const tocsin__rule_input *input, uint64_t signs, void *scratch);

/* Does a program hold? What input says of the verdict must not change between programs that ask for it. */
int tocsin__rule_memo_holds(tocsin__rule_memo *memo, uint32_t program, uint64_t signs);

#endif
