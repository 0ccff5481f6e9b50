#ifndef TOCSIN_LEXICON_TERM_FORM_H
#define TOCSIN_LEXICON_TERM_FORM_H

/* Mistakes in lists from elsewhere: signs, numbers, quotes and comments that became parts of terms. */

#include "lexicon/list_report.h"
#include "lexicon/term_draft.h"

/* Reports a literal that is hardly meant so, at most once. */
tocsin_status tocsin__term_check_form(tocsin__list_reports *reports, const tocsin__term_draft *draft);

/* The text of a tag, as 火灾 of #火灾#; empty if the text is no tag. */
tocsin_bytes tocsin__tag_inside(tocsin_bytes text);

/* Whether a text begins with a tag and continues after it: #火灾#又来了. */
int tocsin__begins_with_tag(tocsin_bytes text);

/*
 * Where a sign or a word that may join several terms stands between two of them, from `from` on, and where it ends;
 * SIZE_MAX when there is none. With strict, only the signs that join nothing else: 、 and |.
 */
size_t tocsin__find_separator(tocsin_bytes text, size_t from, int strict, size_t *end);

/*
 * Reports a text (a term or a phrase, as `what` says) that is too long to fold or has characters that never match.
 * limit: bytes of folded text. *sound is set or cleared.
 */
tocsin_status tocsin__term_check_text(tocsin__list_reports *reports, uint32_t limit, tocsin__place place,
                                      const char *what, tocsin_bytes text, int *sound);

/* Reports a term or a phrase whose length (of the folded text, if it was folded) is over the limit. */
tocsin_status tocsin__term_report_length(tocsin__list_reports *reports, uint32_t limit, tocsin__place place,
                                         const char *what, tocsin_bytes text, size_t length);

#endif
