#ifndef TOCSIN_TOOLS_VERDICT_SHEET_H
#define TOCSIN_TOOLS_VERDICT_SHEET_H

/* Verdicts as CSV for a spreadsheet: a row a post, with the words that decided. docs/FEEDS.md has the columns. */

#include <tocsin/tocsin.h>

/* Writes the UTF-8 mark and the header. */
void verdict_sheet_begin(tocsin_buffer *out);

void verdict_sheet_put(tocsin_buffer *out, const tocsin_document *document, const tocsin_verdict *verdict);

/* The ids of the clauses that hold, with a space between. */
void verdict_sheet_clauses(tocsin_buffer *out, const tocsin_verdict *verdict);

/* The words that made them hold, each stretch once: "topic words; topic words". */
void verdict_sheet_words(tocsin_buffer *out, const tocsin_verdict *verdict);

#endif
