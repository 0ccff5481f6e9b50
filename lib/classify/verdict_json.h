#ifndef TOCSIN_CLASSIFY_VERDICT_JSON_H
#define TOCSIN_CLASSIFY_VERDICT_JSON_H

/* Parts of a verdict's JSON that an explanation has too. */

#include <tocsin/verdict.h>

/* Appends [{"clause":…},…]; with_clause 0 leaves the clause out. */
/* Writes a number with four decimals, in any locale. */
tocsin_status tocsin__number_to_json(double number, tocsin_buffer *out);
tocsin_status tocsin__evidence_to_json(const tocsin_evidence_list *evidence, size_t count, int with_clause,
                                       tocsin_buffer *out);

tocsin_status tocsin__string_to_json(const char *string, tocsin_buffer *out);

#endif
