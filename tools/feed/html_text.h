#ifndef TOCSIN_TOOLS_HTML_TEXT_H
#define TOCSIN_TOOLS_HTML_TEXT_H

/* Extracts the text of a piece of HTML, and the place in the HTML of each byte of it. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* A place where text and HTML do not run in step: these bytes of HTML, as a whole, became those of text. */
typedef struct html_piece {
    uint32_t text, text_length; /* 0: what vanished */
    uint32_t source, source_length;
} html_piece;

typedef struct html_text {
    tocsin_buffer text;
    html_piece *pieces; /* by text, then by source */
    size_t count, capacity;
} html_text;

void html_text_init(html_text *html);
void html_text_release(html_text *html);

/*
 * Reads HTML of less than 4 GiB. Tags vanish, and those of blocks become a line end; character references become their
 * characters; of a picture the alternative text stays, of scripts and styles nothing. Malformed markup stays as text:
 * no text is lost through a tag, a quote, a comment or a script that is not closed. In linear time. It replaces the
 * HTML that was read before.
 */
void html_text_read(html_text *html, const char *source, size_t length);

/* The first byte of HTML that became the byte of text; and the end of the HTML that became the byte before `end`. */
size_t html_text_start(const html_text *html, size_t start);
size_t html_text_end(const html_text *html, size_t end);

#endif
