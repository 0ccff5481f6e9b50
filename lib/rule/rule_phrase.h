#ifndef TOCSIN_RULE_PHRASE_H
#define TOCSIN_RULE_PHRASE_H

/* What a program asks for, in a phrase for people: "本队, or 火情 with 伤亡". */

#include <tocsin/bytes.h>
#include <tocsin/status.h>

#include "rule/rule_names.h"
#include "rule/rule_program.h"

/* topics: what people call each topic. TOCSIN_ERROR_MEMORY; out is then as it was. */
tocsin_status tocsin__rule_phrase(const tocsin__rule_program *program, const tocsin__rule_names *names,
                                  const char *const *topics, tocsin_buffer *out);

#endif
