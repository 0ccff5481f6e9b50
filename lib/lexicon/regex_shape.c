/*
 * A small algebra with one function for each construct of the syntax, so that the parser only reports what it read.
 * Prefix and suffix show literals that run across the edge of a group: (?:火|水)灾 has a run of two in every
 * alternative.
 */
#include "lexicon/regex_shape.h"

#include "text/icu_properties.h"

static uint32_t add(uint32_t a, uint32_t b) { return a > UINT32_MAX - b ? UINT32_MAX : a + b; }

static uint32_t multiply(uint32_t a, uint32_t b) {
    uint64_t product = (uint64_t)a * b;
    return product > UINT32_MAX ? UINT32_MAX : (uint32_t)product;
}

static uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
static uint32_t larger(uint32_t a, uint32_t b) { return a > b ? a : b; }

tocsin__regex_shape tocsin__regex_shape_empty(void) {
    return (tocsin__regex_shape){.exact = 1, .certain = TOCSIN__REGEX_NO_LITERAL};
}

tocsin__regex_shape tocsin__regex_shape_anchor(int start) {
    return (tocsin__regex_shape){.exact = 1, .starts = start != 0, .ends = start == 0};
}

tocsin__regex_shape tocsin__regex_shape_literal(uint32_t code_point) {
    return (tocsin__regex_shape){.min = 1,
                                 .max = 1,
                                 .cost = 1,
                                 .prefix = 1,
                                 .suffix = 1,
                                 .exact = 1,
                                 .certain =
                                     tocsin__is_han(code_point) ? TOCSIN__REGEX_ONE_HAN : TOCSIN__REGEX_ONE_LITERAL};
}

tocsin__regex_shape tocsin__regex_shape_class(int wide) {
    return (tocsin__regex_shape){.min = 1, .max = 1, .cost = 1, .wide = wide ? 1 : 0};
}

tocsin__regex_shape tocsin__regex_shape_sequence(tocsin__regex_shape a, tocsin__regex_shape b) {
    tocsin__regex_shape made = {
        .min = add(a.min, b.min),
        .max = add(a.max, b.max),
        .cost = add(a.cost, b.cost),
        .wide = larger(a.wide, b.wide),
        .prefix = a.exact ? add(a.prefix, b.prefix) : a.prefix,
        .suffix = b.exact ? add(a.suffix, b.suffix) : b.suffix,
        .exact = a.exact && b.exact,
        .starts = a.starts || b.starts,
        .ends = a.ends || b.ends,
        .certain = a.certain > b.certain ? a.certain : b.certain,
    };
    if (add(a.suffix, b.prefix) >= 2) made.certain = TOCSIN__REGEX_LITERAL_RUN;
    return made;
}

tocsin__regex_shape tocsin__regex_shape_either(tocsin__regex_shape a, tocsin__regex_shape b) {
    return (tocsin__regex_shape){
        .min = smaller(a.min, b.min),
        .max = larger(a.max, b.max),
        .cost = add(a.cost, b.cost),
        .wide = larger(a.wide, b.wide),
        .prefix = smaller(a.prefix, b.prefix),
        .suffix = smaller(a.suffix, b.suffix),
        .starts = a.starts || b.starts,
        .ends = a.ends || b.ends,
        .certain = a.certain < b.certain ? a.certain : b.certain,
    };
}

tocsin__regex_shape tocsin__regex_shape_repeat(tocsin__regex_shape a, uint32_t least, uint32_t most) {
    tocsin__regex_shape made = a;
    made.min = multiply(a.min, least);
    made.max = multiply(a.max, most);
    made.cost = multiply(a.cost, most);
    made.wide = multiply(a.wide, most);
    made.exact = a.exact && least == most;
    if (least == 0) {
        made.prefix = made.suffix = 0;
        made.certain = TOCSIN__REGEX_NO_LITERAL;
        return made;
    }
    if (a.exact) made.prefix = made.suffix = made.min;
    if (made.prefix >= 2 || (least >= 2 && add(a.suffix, a.prefix) >= 2)) made.certain = TOCSIN__REGEX_LITERAL_RUN;
    return made;
}
