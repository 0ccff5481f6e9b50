#ifndef TOCSIN_TOOLS_HTML_DOCUMENT_H
#define TOCSIN_TOOLS_HTML_DOCUMENT_H

/* A document whose title and text are HTML: its text is graded, and its verdict gives positions in the HTML. */

#include <tocsin/tocsin.h>

#include "feed/html_text.h"

typedef struct html_document {
    html_text fields[TOCSIN_FIELD_TEXT + 1]; /* by tocsin_field */
    tocsin_bytes source[TOCSIN_FIELD_TEXT + 1];
} html_document;

void html_document_init(html_document *html);
void html_document_release(html_document *html);

/* Frees the memory of an uncommonly long document. */
void html_document_trim(html_document *html);

/* Replaces the HTML of the document by its text; the HTML stays borrowed, like its other strings. */
void html_document_read(html_document *html, tocsin_document *document);

/* A copy of the verdict on the last document, with places in the HTML, for tocsin_verdict_free. */
tocsin_verdict *html_document_verdict(const html_document *html, const tocsin_verdict *verdict);

#endif
