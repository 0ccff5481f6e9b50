#ifndef TOCSIN_RULE_PRINT_H
#define TOCSIN_RULE_PRINT_H

/* A program as text again: the canonical spelling, defines put in, no parentheses that could be left out. */

#include <tocsin/bytes.h>

#include "rule/rule_names.h"
#include "rule/rule_program.h"

/* Appends the text; compiled again it gives an equal program. TOCSIN_ERROR_MEMORY leaves out as it was. */
tocsin_status tocsin__rule_print(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                 tocsin_buffer *out);

/* The same of the subtree that starts at a node. */
tocsin_status tocsin__rule_print_node(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                      uint32_t node, tocsin_buffer *out);

#endif
