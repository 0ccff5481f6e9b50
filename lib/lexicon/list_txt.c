/* Lists of one term a line. */
#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "lexicon/term_draft.h"
#include "text/icu_properties.h"

/* Where a comment starts: at # after nothing but white space, or after white space. */
static size_t comment_start(const char *line, size_t length) {
    int after_space = 1;
    for (size_t at = 0, next = 0; at < length; at = next) {
        uint32_t c = tocsin__utf8_next(line, length, at, &next);
        if (c == '#' && after_space) return at;
        after_space = tocsin__is_white_space(c);
    }
    return length;
}

static tocsin_status add_line(tocsin__list_reading *reading, const char *line, size_t length, uint32_t number) {
    tocsin_bytes term = tocsin__trim((tocsin_bytes){line, comment_start(line, length)});
    if (!term.length) return TOCSIN_OK;
    size_t before = tocsin__utf8_count(line, (size_t)(term.data - line));
    tocsin__term_draft draft = {.text = term,
                                .place = {reading->file, number, (uint32_t)before + 1},
                                .topic = reading->topic,
                                .kind = TOCSIN__TERM_LITERAL,
                                .unit = 1.0,
                                .bounds = reading->builder->topics[reading->topic].bounds,
                                .weight = 1.0};
    reading->rows++;
    return tocsin__term_add(reading->builder, &draft);
}

tocsin_status tocsin__list_read_txt(tocsin__list_reading *reading, tocsin_bytes text) {
    tocsin_status status = TOCSIN_OK;
    uint32_t number = 1;
    for (size_t start = 0, end = 0; start < text.length && !status; start = end) {
        while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r') end++;
        status = add_line(reading, text.data + start, end - start, number++);
        if (end + 1 < text.length && text.data[end] == '\r' && text.data[end + 1] == '\n') end++;
        end += end < text.length;
    }
    return status;
}
