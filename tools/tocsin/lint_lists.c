/*
 * A term has its list and line. The lines of a list without a term are comments, the header, or failed terms: a row
 * whose topic the plan does not have, or a repeated word.
 */
#include "tocsin/lint_lists.h"

#include <inttypes.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/message.h"

typedef struct list_count {
    const char *file;
    size_t terms, comments, others;
    uint32_t first_other; /* line, from 1; 0: there is none */
} list_count;

typedef void (*list_put)(tocsin_buffer *out, const list_count *list, size_t index);

/* Marks the lines of a list that hold a term; returns the number of terms. */
static size_t mark_lines(const tocsin_plan *plan, const char *file, unsigned char *lines, size_t count) {
    tocsin_term term;
    size_t terms = 0;
    for (size_t i = 0; tocsin_plan_get_term(plan, i, &term); i++) {
        if (strcmp(term.file, file) != 0) continue;
        terms++;
        if (term.line <= count) lines[term.line] = 1;
    }
    return terms;
}

static list_count count_list(const tocsin_plan *plan, const char *file, tocsin_bytes bytes) {
    list_count list = {.file = file};
    const size_t length = strlen(file);
    const int is_csv = length > 4 && !strcmp(file + length - 4, ".csv");
    size_t line_count = 1;
    for (size_t i = 0; i < bytes.length; i++) line_count += bytes.data[i] == '\n';
    unsigned char *lines = tool_allocate(line_count + 1, 1);
    list.terms = mark_lines(plan, file, lines, line_count);
    uint32_t number = 0;
    for (size_t at = 0; at < bytes.length;) {
        const char *start = bytes.data + at, *end = memchr(start, '\n', bytes.length - at);
        size_t size = end ? (size_t)(end - start) : bytes.length - at, blank = 0;
        at += size + 1;
        number++;
        while (blank < size && memchr(" \t\r,", start[blank], 4)) blank++;
        if (blank == size || lines[number] || (is_csv && number == 1)) continue;
        if (start[blank] == '#') {
            list.comments++;
            continue;
        }
        list.others++;
        if (!list.first_other) list.first_other = number;
    }
    tool_free(lines);
    return list;
}

/* The lists: those sources of the plan's image that have terms or are not part of the plan itself. */
static void each_list(tocsin_buffer *out, const tocsin_plan *plan, list_put put) {
    tocsin_buffer bytes;
    tocsin_image *image = NULL;
    size_t index = 0;
    tocsin_buffer_init(&bytes, NULL);
    if (tocsin_plan_save_to_buffer(plan, &bytes, NULL) == TOCSIN_OK &&
        tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL) == TOCSIN_OK) {
        for (size_t i = 1; i < tocsin_image_get_info(image)->source_count; i++) {
            const tocsin_image_source *source = tocsin_image_get_source(image, i);
            const list_count list = count_list(plan, source->name, source->bytes);
            if (list.terms) put(out, &list, index++);
        }
    }
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
}

static void put_text(tocsin_buffer *out, const list_count *list, size_t index) {
    if (!index) text_puts(out, "\n");
    text_printf(out, message("%s: %zu taken; not taken: %zu comments, %zu other lines"), list->file, list->terms,
                list->comments, list->others);
    if (list->first_other) text_printf(out, message(", the first is %" PRIu32), list->first_other);
    text_puts(out, "\n");
}

static void put_json(tocsin_buffer *out, const list_count *list, size_t index) {
    text_puts(out, index ? ",{\"file\":" : "{\"file\":");
    utf8_append_json(out, list->file, strlen(list->file));
    text_printf(out, ",\"terms\":%zu,\"comments\":%zu,\"others\":%zu,\"first_other\":", list->terms, list->comments,
                list->others);
    if (list->first_other) {
        text_printf(out, "%" PRIu32 "}", list->first_other);
    } else {
        text_puts(out, "null}");
    }
}

void lint_lists_text(tocsin_buffer *out, const tocsin_plan *plan) { each_list(out, plan, put_text); }

void lint_lists_json(tocsin_buffer *out, const tocsin_plan *plan) {
    text_puts(out, ",\"lists\":[");
    each_list(out, plan, put_json);
    text_puts(out, "]");
}
