#ifndef TOCSIN_LEXICON_REGEX_SHAPE_H
#define TOCSIN_LEXICON_REGEX_SHAPE_H

/*
 * What admission needs to know about a part of a regex, and how the parts add up to the whole. Numbers stop at
 * UINT32_MAX.
 */

#include <stdint.h>

/* What every match of a part is certain to contain, weakest first. */
typedef enum tocsin__regex_certain {
    TOCSIN__REGEX_NO_LITERAL = 0,
    TOCSIN__REGEX_ONE_LITERAL = 1, /* one literal character that is not Han */
    TOCSIN__REGEX_ONE_HAN = 2,     /* one Han character */
    TOCSIN__REGEX_LITERAL_RUN = 3  /* two literal characters or more in a row */
} tocsin__regex_certain;

typedef struct tocsin__regex_shape {
    uint32_t min, max; /* code points of a match */
    uint32_t cost;     /* characters, repeats written out */
    uint32_t wide;     /* the highest repeat count of a wide class in it; 0 if it has none */
    uint32_t prefix;   /* literal characters at the start of every match */
    uint32_t suffix;   /* and ends */
    uint8_t exact;     /* it is a single literal: min, max, prefix and suffix are its length */
    uint8_t certain;   /* tocsin__regex_certain */
    uint8_t starts;    /* ^ or \A is somewhere in it */
    uint8_t ends;      /* $, \z or \Z is */
} tocsin__regex_shape;

/* Shapes of width 0: the start of every sequence, and an anchor to the start or to the end of the field. */
tocsin__regex_shape tocsin__regex_shape_empty(void);
tocsin__regex_shape tocsin__regex_shape_anchor(int start);
tocsin__regex_shape tocsin__regex_shape_literal(uint32_t code_point);
tocsin__regex_shape tocsin__regex_shape_class(int wide);
tocsin__regex_shape tocsin__regex_shape_sequence(tocsin__regex_shape a, tocsin__regex_shape b);
tocsin__regex_shape tocsin__regex_shape_either(tocsin__regex_shape a, tocsin__regex_shape b);
tocsin__regex_shape tocsin__regex_shape_repeat(tocsin__regex_shape a, uint32_t least, uint32_t most);

#endif
