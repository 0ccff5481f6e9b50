#ifndef TOCSIN_MATCH_EXPRESSION_GATE_H
#define TOCSIN_MATCH_EXPRESSION_GATE_H

/*
 * Says cheaply of most texts that no expression matches in them, from the pairs of characters that every match
 * contains. Immutable once made.
 */

#include "match/engine.h"

typedef struct tocsin__expression_gate tocsin__expression_gate;

/* *gate becomes NULL where a gate would let nearly everything through. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__expression_gate_create(const tocsin__pattern *expressions, size_t count,
                                             const tocsin_allocator *allocator, tocsin__expression_gate **gate);
void tocsin__expression_gate_free(tocsin__expression_gate *gate);
size_t tocsin__expression_gate_memory(const tocsin__expression_gate *gate);

/* 0 when no expression has a match in the folded text. */
int tocsin__expression_gate_opens(const tocsin__expression_gate *gate, const char *text, size_t length);

#endif
