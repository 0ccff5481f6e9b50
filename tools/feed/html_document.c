/*
 * The scanner reads only text and knows nothing of HTML, so places in its verdicts are converted to places in the HTML.
 */
#include "feed/html_document.h"

#include <string.h>

#include "feed/tool_memory.h"

#define KEPT_BYTES ((size_t)1 << 20)

static tocsin_bytes *field_of(tocsin_document *document, int field) {
    return field == TOCSIN_FIELD_TITLE ? &document->title : &document->text;
}

void html_document_init(html_document *html) {
    for (int i = 0; i <= TOCSIN_FIELD_TEXT; i++) html_text_init(&html->fields[i]);
}

void html_document_release(html_document *html) {
    for (int i = 0; i <= TOCSIN_FIELD_TEXT; i++) html_text_release(&html->fields[i]);
}

void html_document_trim(html_document *html) {
    for (int i = 0; i <= TOCSIN_FIELD_TEXT; i++) {
        html_text *field = &html->fields[i];
        if (field->text.capacity + field->capacity * sizeof *field->pieces > KEPT_BYTES) html_text_release(field);
    }
}

void html_document_read(html_document *html, tocsin_document *document) {
    for (int i = 0; i <= TOCSIN_FIELD_TEXT; i++) {
        tocsin_bytes *field = field_of(document, i);
        html->source[i] = *field;
        html_text_read(&html->fields[i], field->length ? field->data : "", field->length);
        if (field->length)
            *field = (tocsin_bytes){html->fields[i].text.length ? html->fields[i].text.data : "",
                                    html->fields[i].text.length};
    }
}

tocsin_verdict *html_document_verdict(const html_document *html, const tocsin_verdict *verdict) {
    tocsin_verdict *copy = NULL;
    if (tocsin_verdict_copy(verdict, NULL, &copy) != TOCSIN_OK) tool_out_of_memory();
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        const html_text *field = &html->fields[e->field];
        const size_t start = html_text_start(field, e->start), end = html_text_end(field, e->end);
        const tocsin_bytes text = {html->source[e->field].data + start, end - start};
        (void)tocsin_verdict_move_evidence(copy, i, start, end, text); /* there is such evidence, so it cannot fail */
    }
    return copy;
}
