#ifndef TOCSIN_RULE_PRINT_H
#define TOCSIN_RULE_PRINT_H

/* Prints a program as text: the canonical spelling, without unnecessary parentheses. */

#include <tocsin/bytes.h>
#include <tocsin/status.h>

#include "rule/rule_names.h"
#include "rule/rule_program.h"

typedef enum tocsin__rule_naming {
    TOCSIN__RULE_NAMED,       /* defines by their names, except those that "&" and "|" joined with their surroundings */
    TOCSIN__RULE_NAMED_WITHIN /* defines by their names, except the node that is to be printed */
} tocsin__rule_naming;

/*
 * Appends the text of the subtree that starts at a node; compiling it again gives an equal program. TOCSIN_ERROR_MEMORY
 * leaves out as it was.
 */
tocsin_status tocsin__rule_print_node(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                      uint32_t node, tocsin__rule_naming naming, tocsin_buffer *out);

/*
 * Describes the topics that a program needs, in a phrase for people: "本队, or 火情 with 伤亡". topics: what people
 * call each topic. TOCSIN_ERROR_MEMORY; out is unchanged then.
 */
tocsin_status tocsin__rule_phrase(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                  const char *const *topics, tocsin_buffer *out);

#endif
