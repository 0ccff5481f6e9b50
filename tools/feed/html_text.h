#ifndef TOCSIN_TOOLS_HTML_TEXT_H
#define TOCSIN_TOOLS_HTML_TEXT_H

/* The text of a piece of HTML, and where in the HTML each byte of it stands. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

/* Where text and HTML do not run in step: these bytes of HTML make those of text, as a whole. */
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
 * Reads HTML of less than 4 GiB: tags vanish, those of blocks become an end of line; character references become their
 * characters; of a picture the alternative text stays, of scripts and styles nothing. What is no tag by the letter
 * stays as it is: no text is lost by a tag, a quote, a comment or a script that is not closed. In linear time. What was
 * read before is gone.
 */
void html_text_read(html_text *html, const char *source, size_t length);

/* The first byte of HTML that made the byte of text; the end of HTML behind the byte of text before `end`. */
size_t html_text_start(const html_text *html, size_t start);
size_t html_text_end(const html_text *html, size_t end);

#endif
