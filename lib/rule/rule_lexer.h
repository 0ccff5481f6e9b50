#ifndef TOCSIN_RULE_LEXER_H
#define TOCSIN_RULE_LEXER_H

/* Reads tokens from the text of an expression, resolves names, and reports the problems of both. */

#include "base/arena.h"
#include "rule/rule_names.h"
#include "rule/rule_program.h"

/* ---- one expression text being read ---- */

/* After this many problems, further ones say nothing new about an expression. */
#define TOCSIN__RULE_MAX_PROBLEMS 20

typedef struct tocsin__rule_unit {
    const tocsin__rule_source *source;
    tocsin_diagnostics *diagnostics;     /* NULL: problems are counted and not kept */
    struct tocsin__rule_ast *references; /* to defines, linked by their reference; the last one first */
    size_t errors;
    int stopped;          /* a limit was reached: nothing more is read or reported */
    tocsin_status status; /* TOCSIN_OK or TOCSIN_ERROR_MEMORY */
} tocsin__rule_unit;

/* Counts a problem at a byte offset and adds it to the diagnostics. */
__attribute__((format(printf, 5, 6))) void tocsin__rule_report(tocsin__rule_unit *unit, tocsin_severity severity,
                                                               const char *code, size_t offset, const char *format,
                                                               ...);

/* A piece of the user's text for a message, cut if it is long. */
typedef struct tocsin__rule_shown {
    char text[72];
} tocsin__rule_shown;

tocsin__rule_shown tocsin__rule_show(const char *text, size_t length);

/* ---- tokens ---- */

typedef enum tocsin__rule_token_kind {
    TOCSIN__TOKEN_END,
    TOCSIN__TOKEN_NAME,
    TOCSIN__TOKEN_BAD, /* in place of an operand; already reported */
    TOCSIN__TOKEN_NUMBER,
    TOCSIN__TOKEN_OPEN,
    TOCSIN__TOKEN_CLOSE,
    TOCSIN__TOKEN_COMMA,
    TOCSIN__TOKEN_SLASH,
    TOCSIN__TOKEN_COMPARE, /* value: TOCSIN__RULE_LT, … */
    TOCSIN__TOKEN_NOT,
    TOCSIN__TOKEN_AND,
    TOCSIN__TOKEN_OR,
    TOCSIN__TOKEN_IN,
    TOCSIN__TOKEN_PROXIMITY, /* value: a tocsin__rule_kind, as for the next three */
    TOCSIN__TOKEN_SCOPE,     /* sentence, paragraph */
    TOCSIN__TOKEN_FIELD,     /* title, text; value: tocsin_field */
    TOCSIN__TOKEN_MEASURE,   /* count, distinct, score, value; value 0: a function that this version does not know */
    TOCSIN__TOKEN_FACT,      /* reach, attention, tier, venue */
    TOCSIN__TOKEN_ATLEAST,
    TOCSIN__TOKEN_CLAUSE,
    TOCSIN__TOKEN_LEARNED
} tocsin__rule_token_kind;

typedef struct tocsin__rule_token {
    tocsin__rule_token_kind kind;
    size_t offset, length; /* bytes of the source */
    uint64_t value;        /* of a number: its whole part, at most TOCSIN__RULE_MAX_NUMBER */
    uint32_t millionths;   /* of a number: the digits after the point */
    uint8_t decimal;       /* a number with a point */
    uint8_t out_of_range;  /* a number over TOCSIN__RULE_MAX_NUMBER or with more than six decimals */
} tocsin__rule_token;

/* More views than there will ever be, and far below the point where sums of 64 bits overflow. */
#define TOCSIN__RULE_MAX_NUMBER ((uint64_t)1000000000000000000)

typedef struct tocsin__rule_lexer {
    tocsin__rule_unit *unit;
    size_t at;                /* the next token is searched from here */
    size_t previous_end;      /* end of the token before this one */
    tocsin__rule_token token; /* the current one */
} tocsin__rule_lexer;

/* Starts at the first token; text that is not UTF-8 is reported here, once. */
void tocsin__rule_lexer_begin(tocsin__rule_lexer *lexer, tocsin__rule_unit *unit);

/*
 * Goes to the next token; anything else is reported and skipped. At the end, or if the unit is stopped, the token is
 * always END.
 */
void tocsin__rule_lexer_next(tocsin__rule_lexer *lexer);

/* The words of the language by index, NULL after the last. */
const char *tocsin__rule_word(size_t index);

/* ---- names; one that is not known is reported with what was expected and "did you mean" (rule_resolve.c) ---- */

typedef struct tocsin__rule_resolver {
    tocsin__rule_unit *unit;
    const tocsin__rule_names *names;
    tocsin__arena *arena; /* for lists of candidates */
} tocsin__rule_resolver;

/* Resolves a topic or define: *kind is TOCSIN__RULE_TOPIC or _DEFINE; if it reports a problem, *kind is unchanged. */
void tocsin__rule_resolve_operand(const tocsin__rule_resolver *r, const tocsin__rule_token *name, int called,
                                  uint8_t *kind, uint64_t *value);
/* Each returns 1 and sets *value, or reports a problem and returns 0. */
int tocsin__rule_resolve_venue(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_attention(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_tier(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_learned(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);
int tocsin__rule_resolve_clause(const tocsin__rule_resolver *r, const tocsin__rule_token *name, uint64_t *value);

#endif
