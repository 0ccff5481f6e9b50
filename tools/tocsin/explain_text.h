#ifndef TOCSIN_TOOLS_EXPLAIN_TEXT_H
#define TOCSIN_TOOLS_EXPLAIN_TEXT_H

/* An explanation for people. */

#include <tocsin/tocsin.h>

/* Appends the explanation; if colour is 0, marks words with brackets. */
void explain_text_render(tocsin_buffer *out, const tocsin_plan_info *info, const tocsin_document *document,
                         const tocsin_explanation *explanation, int colour);

#endif
