#ifndef TOCSIN_RULE_LEXER_H
#define TOCSIN_RULE_LEXER_H

/* Expression text to tokens. */

#include "rule/rule_unit.h"

typedef enum tocsin__rule_token_kind {
    TOCSIN__TOKEN_END,
    TOCSIN__TOKEN_NAME,
    TOCSIN__TOKEN_BAD, /* in the place of an operand; has been reported */
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
    TOCSIN__TOKEN_PROXIMITY, /* value: the tocsin__rule_kind, as for the next three */
    TOCSIN__TOKEN_SCOPE,     /* sentence, paragraph */
    TOCSIN__TOKEN_FIELD,     /* title, text; value: tocsin_field */
    TOCSIN__TOKEN_MEASURE,   /* count, distinct, score, value; value 0: a function that is not known yet */
    TOCSIN__TOKEN_FACT,      /* reach, attention, tier, venue */
    TOCSIN__TOKEN_ATLEAST,
    TOCSIN__TOKEN_CLAUSE,
    TOCSIN__TOKEN_LEARNED
} tocsin__rule_token_kind;

typedef struct tocsin__rule_token {
    tocsin__rule_token_kind kind;
    size_t offset, length; /* bytes of the source */
    uint64_t value;        /* of a number: its whole part, at most TOCSIN__RULE_MAX_NUMBER */
    uint32_t millionths;   /* of a number: what stands after the point */
    uint8_t decimal;       /* a number with a point */
    uint8_t out_of_range;  /* a number over TOCSIN__RULE_MAX_NUMBER or with more than six decimals */
} tocsin__rule_token;

/* More views than there will ever be; far below where sums of 64 bits overflow. */
#define TOCSIN__RULE_MAX_NUMBER ((uint64_t)1000000000000000000)

typedef struct tocsin__rule_lexer {
    tocsin__rule_unit *unit;
    size_t at;                /* where the token after this one is looked for */
    size_t previous_end;      /* where the token before this one ended */
    tocsin__rule_token token; /* the current one */
} tocsin__rule_lexer;

/* Starts at the first token; text that is not UTF-8 is reported here, once. */
void tocsin__rule_lexer_begin(tocsin__rule_lexer *lexer, tocsin__rule_unit *unit);

/* Goes on to the next token; what is none is reported and skipped. At the end, or when the unit is stopped, the token
 * is END for ever. */
void tocsin__rule_lexer_next(tocsin__rule_lexer *lexer);

/* The words of the language by index, NULL after the last. */
const char *tocsin__rule_word(size_t index);

#endif
