#ifndef TOCSIN_TESTS_LEXICON_READING_H
#define TOCSIN_TESTS_LEXICON_READING_H

/* For the tests of the lexicon: reads lists as a plan would and prints the resulting terms. */

#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "lexicon/lexicon_builder.h"
#include "suite.h"

typedef struct list_source {
    const char *name;
    const char *bytes;
    size_t length;
    uint32_t topic;
} list_source;

/* A list in a table; the bytes may hold NUL. */
#define LIST(name, topic, text)                                                                                        \
    { name, text, sizeof(text) - 1, topic }

static const tocsin__lexicon_topic list_topics[] = {
    {"subject", TOCSIN__BOUNDS_AUTO}, {"negative", TOCSIN__BOUNDS_WORD}, {"place", TOCSIN__BOUNDS_NONE}};

static inline tocsin__lexicon_options list_options(tocsin_diagnostics *diagnostics) {
    return (tocsin__lexicon_options){.topics = list_topics, .topic_count = 3, .diagnostics = diagnostics};
}

/* The whole way; *lexicon is the caller's only when it returns TOCSIN_OK. */
static inline tocsin_status read_lists(const tocsin__lexicon_options *options, const tocsin_allocator *allocator,
                                       const list_source *lists, size_t count, tocsin__lexicon *lexicon) {
    tocsin__lexicon_builder *builder = NULL;
    tocsin_status status = tocsin__lexicon_builder_create(options, allocator, &builder);
    for (size_t i = 0; i < count && lists[i].name && !status; i++) {
        status = tocsin__lexicon_add_list(builder, lists[i].name, (tocsin_bytes){lists[i].bytes, lists[i].length},
                                          lists[i].topic);
    }
    if (!status) status = tocsin__lexicon_finish(builder, lexicon);
    tocsin__lexicon_builder_free(builder);
    return status;
}

/* "topic folded [original] kind bounds weight width line:column -phrase -phrase (note)", one term a line. */
static inline void write_terms(const tocsin__lexicon *lexicon, tocsin_buffer *out) {
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *t = &lexicon->terms[i];
        tocsin__buffer_printf(out, "%s %s [%s] %s %s %g", list_topics[t->topic].id, t->folded.data, t->original.data,
                              tocsin__term_kind_name(t->kind), tocsin__term_bounds_name(t->bounds), t->weight);
        tocsin__buffer_printf(out, " %u", t->min_width);
        if (t->max_width != t->min_width) tocsin__buffer_printf(out, "-%u", t->max_width);
        tocsin__buffer_printf(out, " %u:%u", t->place.line, t->place.column);
        for (uint32_t u = 0; u < t->unless_count; u++) {
            const tocsin__unless *unless = &lexicon->unless[t->unless_first + u];
            tocsin__buffer_printf(out, " -%s", lexicon->phrases[unless->phrase].data);
            if (strcmp(lexicon->phrases[unless->phrase].data, unless->original.data)) {
                tocsin__buffer_printf(out, "[%s]", unless->original.data);
            }
        }
        if (t->note.length) tocsin__buffer_printf(out, " (%s)", t->note.data);
        tocsin__buffer_puts(out, "\n");
    }
}

static inline void write_diagnostics(const tocsin_diagnostics *list, tocsin_buffer *out) {
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, i), out), TOCSIN_OK);
    }
}

/* Reads the lists and compares terms and diagnostics with what is expected, to the letter. */
static inline void expect_lists(const tocsin__lexicon_options *given, const list_source *lists, size_t count,
                                const char *terms, const char *problems) {
    tocsin_diagnostics *diagnostics = NULL;
    tocsin__lexicon lexicon;
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__lexicon_options options = *given;
    options.diagnostics = diagnostics;
    ck_assert_int_eq(read_lists(&options, NULL, lists, count, &lexicon), TOCSIN_OK);
    tocsin__buffer_puts(&out, "");
    write_terms(&lexicon, &out);
    ck_assert_str_eq(out.data, terms);
    out.data[out.length = 0] = '\0';
    write_diagnostics(diagnostics, &out);
    ck_assert_str_eq(out.data, problems);
    ck_assert_uint_eq(lexicon.errors, tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR));
    tocsin__lexicon_release(&lexicon);
    tocsin_diagnostics_free(diagnostics);
    tocsin_buffer_release(&out);
}

#endif
