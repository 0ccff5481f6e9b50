/*
 * Any bytes as HTML: its text is not longer than allowed, its pieces are in order, and each byte of text outside the
 * pieces equals the byte of HTML that it comes from. A second reading gives the same.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/html_text.h"
#include "fuzz_target.h"

static void check_pieces(const html_text *html, const char *source, size_t length) {
    size_t text = 0, at = 0;
    for (size_t i = 0; i <= html->count; i++) {
        const html_piece end = {(uint32_t)html->text.length, 0, (uint32_t)length, 0};
        const html_piece *p = i < html->count ? &html->pieces[i] : &end;
        if (p->text < text || p->source < at || p->text - text != p->source - at) fuzz_failed("pieces out of order");
        if (p->text > text && memcmp(html->text.data + text, source + at, p->text - text) != 0)
            fuzz_failed("text that is not in the HTML");
        text = (size_t)p->text + p->text_length;
        at = (size_t)p->source + p->source_length;
    }
    if (text != html->text.length || at != length) fuzz_failed("something is left over");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    html_text html, again;
    html_text_init(&html);
    html_text_init(&again);
    char *source = malloc(size + 1); /* allocated at its exact length, so that a read past its end is detected */
    if (!source) fuzz_failed("out of memory");
    if (size) memcpy(source, data, size);
    html_text_read(&html, source, size);
    check_pieces(&html, source, size);
    size_t last = 0;
    for (size_t i = 0; i < html.text.length; i++) {
        const size_t start = html_text_start(&html, i), end = html_text_end(&html, i + 1);
        if (start >= end || end > size || start < last) fuzz_failed("a byte of text is nowhere");
        last = start;
    }
    if (!memchr(source, '<', size) && !memchr(source, '&', size) &&
        (html.text.length != size || (size && memcmp(html.text.data, source, size) != 0)))
        fuzz_failed("plain text is not itself");
    html_text_read(&again, source, size);
    if (again.text.length != html.text.length || again.count != html.count) fuzz_failed("read otherwise");
    free(source);
    html_text_release(&html);
    html_text_release(&again);
    return 0;
}
