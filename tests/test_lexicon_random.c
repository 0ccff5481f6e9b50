/* Random bytes and random text as lists: every resulting term is well-formed, and every position points to its text. */
#include "base/utf8.h"
#include "lexicon/csv_reader.h"
#include "lexicon_reading.h"

static uint64_t state = 0x9E3779B97F4A7C15u;

static uint32_t next_random(uint32_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32) % below;
}

static const char *const parts[] = {
    "\"", "\"",           ",",     ",",     "\n",       "\r",    "\r\n",  " ",           "\t", "火", "災", "a",
    "　", "\xE2\x80\x8B", "term,", "topic", "unless",   "kind,", "regex", ";",           "；", "#",  "[",  "](",
    ")",  "{2}",          "*",     "\\d",   "negative", "1.5",   "none",  "\xEF\xBB\xBF"};

static void make_text(tocsin_buffer *out, const char *start, uint32_t most) {
    out->length = 0;
    tocsin__buffer_puts(out, start);
    for (uint32_t n = next_random(most + 1); n > 0; n--) {
        tocsin__buffer_puts(out, parts[next_random(sizeof parts / sizeof *parts)]);
    }
}

static void make_bytes(tocsin_buffer *out, uint32_t most) {
    out->length = 0;
    tocsin__buffer_puts(out, "");
    for (uint32_t n = next_random(most + 1); n > 0; n--) {
        char byte = (char)next_random(256);
        tocsin_buffer_append(out, &byte, 1);
    }
}

static void check_lexicon(const tocsin__lexicon *lexicon, tocsin_folder *folder) {
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *t = &lexicon->terms[i];
        ck_assert_uint_gt(t->folded.length, 0);
        ck_assert_uint_le(t->folded.length, 64);
        ck_assert_int_eq(t->folded.data[t->folded.length], 0);
        ck_assert_uint_gt(t->min_width, 0);
        ck_assert_uint_ge(t->max_width, t->min_width);
        ck_assert_uint_gt(t->place.line, 0);
        ck_assert_uint_gt(t->place.column, 0);
        ck_assert_uint_lt(t->topic, 3);
        if (t->kind == TOCSIN__TERM_LITERAL) {
            tocsin_bytes again;
            ck_assert_int_eq(tocsin_fold(folder, t->folded.data, t->folded.length, &again), TOCSIN_OK);
            ck_assert_uint_eq(again.length, t->folded.length);
            ck_assert_int_eq(memcmp(again.data, t->folded.data, again.length), 0);
        }
        for (uint32_t u = 0; u < t->unless_count; u++) {
            ck_assert_uint_lt(t->unless_first + u, lexicon->unless_count);
            ck_assert_uint_lt(lexicon->unless[t->unless_first + u].phrase, lexicon->phrase_count);
        }
    }
}

/* 100 000 lists, fifty to a lexicon. */
START_TEST(any_bytes_can_be_read_as_a_list) {
    tocsin_folder *folder = NULL;
    tocsin_buffer bytes;
    size_t terms = 0;
    tocsin_buffer_init(&bytes, NULL);
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    for (int round = 0; round < test_rounds(2000); round++) {
        tocsin_diagnostics *diagnostics = NULL;
        tocsin__lexicon_builder *builder = NULL;
        tocsin__lexicon lexicon;
        ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
        tocsin__lexicon_options options = list_options(diagnostics);
        options.max_term_length = 64;
        ck_assert_int_eq(tocsin__lexicon_builder_create(&options, NULL, &builder), TOCSIN_OK);
        for (uint32_t i = 0; i < 50; i++) {
            char name[32];
            snprintf(name, sizeof name, "%u.%s", i, i % 5 < 2 ? "txt" : "csv");
            if (i % 5 == 0 || i % 5 == 2) make_bytes(&bytes, 40);
            if (i % 5 == 1) make_text(&bytes, "", 24);
            if (i % 5 == 3) make_text(&bytes, "term,unless,kind,topic\n", 24);
            if (i % 5 == 4) make_text(&bytes, "unless,term,weight\n\"火", 24);
            ck_assert_int_eq(tocsin__lexicon_add_list(builder, name, (tocsin_bytes){bytes.data, bytes.length}, i % 3),
                             TOCSIN_OK);
        }
        ck_assert_int_eq(tocsin__lexicon_finish(builder, &lexicon), TOCSIN_OK);
        check_lexicon(&lexicon, folder);
        terms += lexicon.term_count;
        ck_assert_uint_eq(lexicon.errors, tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_ERROR));
        tocsin__lexicon_builder_free(builder);
        tocsin__lexicon_release(&lexicon);
        tocsin_diagnostics_free(diagnostics);
    }
    ck_assert_uint_gt(terms, (size_t)test_rounds(50000));
    tocsin_folder_free(folder);
    tocsin_buffer_release(&bytes);
}
END_TEST

/* A table named by three topics gives the same terms as three tables, each named by one topic. */
START_TEST(a_list_named_twice_equals_a_list_read_twice) {
    static const char *const same[] = {"a.csv", "a.csv", "a.csv"}, *const others[] = {"a.csv", "b.csv", "c.csv"};
    tocsin_buffer text, out[2];
    size_t terms = 0;
    tocsin_buffer_init(&text, NULL);
    for (int round = 0; round < test_rounds(20000); round++) {
        make_text(&text, round % 2 ? "term,topic,unless,kind\n火,negative\n火灾,\n" : "topic,term,note\n", 40);
        for (int side = 0; side < 2; side++) {
            tocsin__lexicon_options options = list_options(NULL);
            tocsin__lexicon lexicon;
            list_source lists[3];
            for (uint32_t i = 0; i < 3; i++) {
                lists[i] = (list_source){side ? same[i] : others[i], text.data, text.length, i};
            }
            tocsin_buffer_init(&out[side], NULL);
            ck_assert_int_eq(read_lists(&options, NULL, lists, 3, &lexicon), TOCSIN_OK);
            tocsin__buffer_puts(&out[side], "");
            write_terms(&lexicon, &out[side]);
            terms += lexicon.term_count;
            tocsin__lexicon_release(&lexicon);
        }
        ck_assert_msg(!strcmp(out[0].data, out[1].data), "%s\n--- as others\n%s--- again\n%s", text.data, out[0].data,
                      out[1].data);
        for (int side = 0; side < 2; side++) tocsin_buffer_release(&out[side]);
    }
    ck_assert_uint_gt(terms, (size_t)test_rounds(60000));
    tocsin_buffer_release(&text);
}
END_TEST

/* The offset of a line and column in a text, by counting from its start; SIZE_MAX when nowhere. */
static size_t find_place(const char *text, size_t length, uint32_t line, uint32_t column) {
    uint32_t l = 1, c = 1;
    for (size_t at = 0, next = 0; at < length; at = next) {
        if (l == line && c == column) return at;
        (void)tocsin__utf8_next(text, length, at, &next);
        if (text[at] == '\r' && next < length && text[next] == '\n') next++;
        if (text[at] == '\r' || text[at] == '\n') {
            l++;
            c = 1;
        } else {
            c++;
        }
    }
    return SIZE_MAX;
}

static size_t fields_seen;

static tocsin_status check_row(void *context, const tocsin__csv_field *fields, size_t count) {
    const tocsin_buffer *text = context;
    for (size_t i = 0; i < count; i++) {
        const tocsin__csv_field *f = &fields[i];
        ck_assert(f->raw.data >= text->data);
        ck_assert(f->raw.data + f->raw.length <= text->data + text->length);
        size_t start = find_place(text->data, text->length, f->line, f->column);
        if (f->raw.length) ck_assert_ptr_eq(text->data + start, f->raw.data);
        if (f->fault) continue;
        fields_seen++;
        int quoted = f->raw.length && f->raw.data[0] == '"';
        for (size_t at = 0, next = 0; at < f->value.length; at = next) {
            uint32_t c = tocsin__utf8_next(f->value.data, f->value.length, at, &next);
            if (at == 0 && quoted) continue;
            tocsin__place place = tocsin__csv_place(f, "x", at);
            size_t found = find_place(text->data, text->length, place.line, place.column), after = 0;
            ck_assert_msg(found != SIZE_MAX, "%u:%u in %s", place.line, place.column, text->data);
            uint32_t there = tocsin__utf8_next(text->data, text->length, found, &after);
            if (c == '\n' && there == '\r') there = '\n';
            ck_assert_msg(there == c, "%u:%u in %s", place.line, place.column, text->data);
        }
    }
    return TOCSIN_OK;
}

START_TEST(every_byte_of_a_field_has_a_line_and_column) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    for (int round = 0; round < test_rounds(50000); round++) {
        make_text(&text, "", 20);
        ck_assert_int_eq(
            tocsin__csv_read((tocsin_bytes){text.data, text.length}, tocsin_allocator_default(), check_row, &text),
            TOCSIN_OK);
    }
    ck_assert_uint_gt(fields_seen, (size_t)test_rounds(100000));
    tocsin_buffer_release(&text);
}
END_TEST

TOCSIN_SUITE("lexicon random",
             TOCSIN_CASE(any_bytes_can_be_read_as_a_list) TOCSIN_CASE(a_list_named_twice_equals_a_list_read_twice)
                 TOCSIN_CASE(every_byte_of_a_field_has_a_line_and_column))
