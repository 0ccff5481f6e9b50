#ifndef TOCSIN_RULE_RESOLVE_H
#define TOCSIN_RULE_RESOLVE_H

/* Names to what they name; one that is not known is reported with what was expected and "did you mean". */

#include "base/arena.h"
#include "rule/rule_lexer.h"
#include "rule/rule_program.h"

typedef struct tocsin__rule_resolver {
    tocsin__rule_unit *unit;
    const tocsin__rule_names *names;
    tocsin__arena *arena; /* for lists of candidates */
} tocsin__rule_resolver;

/* A topic or define: *kind is TOCSIN__RULE_TOPIC or _DEFINE, or what it was, when it reports. */
void tocsin__rule_resolve_operand(const tocsin__rule_resolver *r, const tocsin__rule_token *name, int called,
                                  uint8_t *kind, uint64_t *value);
/* Each gives 1 and *value, or reports and gives 0. */
int tocsin__rule_resolve_venue(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_attention(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_tier(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_learned(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_clause(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);

#endif
