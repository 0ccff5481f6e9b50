#ifndef TOCSIN_MATCH_QUANTITY_MATCH_H
#define TOCSIN_MATCH_QUANTITY_MATCH_H

/*
 * Quantities at occurrences of their anchors: any engine finds the literal part, then the numeral beside it is read and
 * the other part compared. White space may stand between the numeral and a literal part.
 */

#include "match/engine.h"
#include "text/quantity_form.h"

typedef struct tocsin__quantity_hit {
    size_t start, end; /* bytes of the view: both literal parts and the numeral */
    uint64_t value;    /* millionths, at most TOCSIN__NUMERAL_MOST */
    int bounded;       /* the number is larger */
} tocsin__quantity_hit;

/*
 * Adds the hits of the forms numbered order[0 … count) to an occurrence [start, end) of the anchor that they share, as
 * patterns first_pattern + number. The numeral is read once for each side. TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__quantity_match(const tocsin__quantity_form *forms, const uint32_t *order, size_t count,
                                     const tocsin__view *view, size_t start, size_t end, uint32_t first_pattern,
                                     tocsin__hits *hits);

/* What a hit [start, end) of a form says. 0: there is none, *found is left untouched. */
int tocsin__quantity_read(const tocsin__quantity_form *form, const tocsin__view *view, size_t start, size_t end,
                          tocsin__quantity_hit *found);

#endif
