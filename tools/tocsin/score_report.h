#ifndef TOCSIN_TOOLS_SCORE_REPORT_H
#define TOCSIN_TOOLS_SCORE_REPORT_H

/* Prints the counts of score as tables or as JSON, and single documents. */

#include "tocsin/score_count.h"

typedef struct score_compared {
    uint64_t corrected[SCORE_SETS], broken[SCORE_SETS]; /* right by the rival plan and wrong by this one; the reverse */
} score_compared;

/* compared may be NULL. */
void score_report_text(const score_counts *counts, const score_compared *compared, tocsin_buffer *out);

/* Writes the members of a JSON object, without its braces. */
void score_report_json(const score_counts *counts, const score_compared *compared, tocsin_buffer *out);

/* Writes a document for people: label, verdict, the text with marked evidence. */
void score_report_document(const tocsin_plan_info *info, const labelled_document *label, const tocsin_verdict *verdict,
                           const double *learned, tocsin_buffer *out);

/* The same as a JSON object. */
void score_report_document_json(const tocsin_plan_info *info, const labelled_document *label,
                                const tocsin_verdict *verdict, const double *learned, tocsin_buffer *out);

#endif
