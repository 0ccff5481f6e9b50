#ifndef TOCSIN_MATCH_QUANTITY_MATCH_H
#define TOCSIN_MATCH_QUANTITY_MATCH_H

/*
 * Finds quantities at occurrences of their anchors: any engine finds the literal part, then the numeral beside it is
 * read and the other part compared. White space may stand between the numeral and a literal part.
 */

#include "match/engine.h"
#include "text/quantity_form.h"

/* Matches the quantities of a list of literals; some of the literals are their anchors. */
typedef struct tocsin__quantities {
    const tocsin__quantity_form *forms; /* by number */
    const uint32_t *starts; /* by literal, and one more: the start of its quantities in `order`; NULL: there are none */
    const uint32_t *order;  /* numbers */
    size_t count;           /* of forms */
} tocsin__quantities;

typedef struct tocsin__quantity_hit {
    size_t start, end;               /* bytes of the view: both literal parts and the numeral */
    size_t number_start, number_end; /* the numeral alone */
    uint64_t value;                  /* millionths, at most TOCSIN__NUMERAL_MOST */
    int bounded;                     /* the number is larger */
} tocsin__quantity_hit;

/*
 * Adds the hits of the quantities whose anchor is the literal of this occurrence, as patterns first_pattern + number.
 * The numeral on each side is read once. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__quantity_match(const tocsin__quantities *quantities, const tocsin__view *view,
                                     const tocsin__hit *anchor, uint32_t first_pattern, tocsin__hits *hits);

/* Reads the value of a hit [start, end) of a form. 0: there is none, and *found is left untouched. */
int tocsin__quantity_read(const tocsin__quantity_form *form, const tocsin__view *view, size_t start, size_t end,
                          tocsin__quantity_hit *found);

#endif
