/* Lists of one term a line. */
#include <string.h>

#include "base/utf8.h"
#include "lexicon/list_text.h"
#include "lexicon/term_form.h"
#include "text/icu_properties.h"

#define AHEAD 8u /* lines */

/* Where a comment starts: at # after nothing but white space, or after white space. */
static size_t comment_start(const char *line, size_t length) {
    int after_space = 1;
    if (length && !memchr(line, '#', length)) return length;
    for (size_t at = 0, next = 0; at < length; at = next) {
        uint32_t c = tocsin__utf8_next(line, length, at, &next);
        if (c == '#' && after_space) return at;
        after_space = tocsin__is_white_space(c);
    }
    return length;
}

/* Warns of a comment after a term that may have been meant as a part of it, and of a tag that looks like a comment. */
static tocsin_status check_comment(const tocsin__list_reading *reading, tocsin_bytes line, size_t start,
                                   tocsin_bytes term, uint32_t number) {
    char shown[TOCSIN__PREVIEW_SIZE], better[TOCSIN__PREVIEW_SIZE];
    if (start == line.length) return TOCSIN_OK;
    const tocsin_bytes whole = tocsin__trim(line);
    const tocsin__place place = {reading->file, number, (uint32_t)tocsin__utf8_count(line.data, start) + 1};
    tocsin__preview(shown, whole);
    if (term.length) {
        return tocsin__list_note_for_lint(reading->reports, "comment-in-term", place,
                                          "of \"%s\" only %s is the term: put the comment on a line of its own", shown,
                                          tocsin__preview(better, term));
    }
    if (tocsin__begins_with_tag(whole)) {
        return tocsin__list_note_for_lint(reading->reports, "tag-signs", place,
                                          "\"%s\" is read as a comment: write its words without the # signs", shown);
    }
    const tocsin_bytes tag = tocsin__tag_inside(whole);
    if (!tag.length) return TOCSIN_OK;
    return tocsin__list_note_for_lint(reading->reports, "tag-signs", place, "\"%s\" is read as a comment: write %s",
                                      shown, tocsin__preview(better, tag));
}

static tocsin_status add_line(tocsin__list_reading *reading, const char *line, size_t length, uint32_t number) {
    const size_t start = comment_start(line, length);
    tocsin_bytes term = tocsin__trim((tocsin_bytes){line, start});
    tocsin_status status = check_comment(reading, (tocsin_bytes){line, length}, start, term, number);
    if (status || !term.length) return status;
    size_t before = tocsin__utf8_count(line, (size_t)(term.data - line));
    tocsin__term_draft draft = {.text = term,
                                .place = {reading->file, number, (uint32_t)before + 1},
                                .topic = reading->topic,
                                .kind = TOCSIN__TERM_LITERAL,
                                .unit = 1.0,
                                .bounds = reading->topics[reading->topic].bounds,
                                .weight = 1.0};
    reading->rows++;
    return reading->take(reading->sink, &draft);
}

/* The next line, without its end; *at becomes the start of the one behind it. */
static tocsin_bytes next_line(tocsin_bytes text, size_t *at) {
    const size_t start = *at;
    size_t end = start;
    while (end < text.length && text.data[end] != '\n' && text.data[end] != '\r') end++;
    *at = end;
    if (end + 1 < text.length && text.data[end] == '\r' && text.data[end + 1] == '\n') ++*at;
    *at += end < text.length;
    return (tocsin_bytes){text.data + start, end - start};
}

tocsin_status tocsin__list_read_txt(tocsin__list_reading *reading, tocsin_bytes text) {
    tocsin_bytes lines[AHEAD];
    tocsin_status status = TOCSIN_OK;
    uint32_t found = 0, number = 0;
    for (size_t at = 0; (at < text.length || number < found) && !status;) {
        if (at < text.length) {
            lines[found % AHEAD] = next_line(text, &at);
            reading->expect(reading->sink, reading->topic, lines[found % AHEAD]);
            found++;
            if (found - number < AHEAD) continue;
        }
        const tocsin_bytes line = lines[number % AHEAD];
        status = add_line(reading, line.data, line.length, ++number);
    }
    return status;
}
