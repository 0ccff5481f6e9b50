#ifndef TOCSIN_TEXT_QUANTITY_FORM_H
#define TOCSIN_TEXT_QUANTITY_FORM_H

/* A quantity as a list writes it: a literal with {n} in it, which stands for a numeral. */

#include <tocsin/bytes.h>

typedef struct tocsin__quantity_form {
    tocsin_bytes before,
        after;          /* folded literal text on both sides of {n}, without white space beside it; not both empty */
    int anchored_after; /* the n-gram filter looks for `after`; otherwise for `before` */
} tocsin__quantity_form;

/*
 * Splits folded text; *form points into it. Returns NULL, or the problem, worded to follow the term in a message;
 * *form is then left untouched.
 */
const char *tocsin__quantity_form_read(tocsin_bytes folded, tocsin__quantity_form *form);

static inline tocsin_bytes tocsin__quantity_anchor(const tocsin__quantity_form *form) {
    return form->anchored_after ? form->after : form->before;
}

#endif
