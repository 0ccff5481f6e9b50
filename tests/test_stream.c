/*
 * Documents in pieces: the verdict is that of the whole document for every way to cut it; limits, failures, many
 * documents at once.
 */
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"

enum {
    DOCUMENTS = 500,
    LONGEST = 400, /* bytes of a field */
    MANY_WAY = 200 /* number of random ways to cut each document: 100 000 */
};

/* The documents to read: fewer if every step is slow. */
#ifdef TOCSIN_SMALL_BUFFERS
#define EVERY 23
#else
#define EVERY (DOCUMENTS / test_rounds(DOCUMENTS))
#endif

/*
 *  Texts in which terms, `unless`, bounds, regexes, distances, sentences and folding reach across the cut.
 */
static const char *const pieces[] = {
    "消防",   "火災",     "消防队",   "火灾",     "没有",         "死亡", "无人死亡",   "两人死亡", "被困",
    "出警慢", "不作为",   "推诿",     "视频",     "网传",         "辟谣", "。",         "！\n\n",   "，",
    "",       "今天",     "119",      "ＦＩＲＥ", "fire fighter", "é",    "e\xCC\x81",  "\u200B",   "火\uFE0F",
    "𠮷",     "🔥",        "\xF0\x9F", "\xE7",     "\x80",         "が",   "か\u3099",   "隱瞞傷亡", "迟到",
    "半小时", "才到",     "消 防",    "爆炸",     "泄露",         "罢工", "围堵消防站", "阵亡",     "牺牲",
    "烧死",   "救援不力", "10人",     "㈱",       "ﬁre"};

static uint32_t state;

static uint32_t below(uint32_t n) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

static size_t write_text(char *text, size_t most) {
    size_t length = 0;
    text[0] = '\0';
    for (;;) {
        const char *piece = pieces[below(sizeof pieces / sizeof *pieces)];
        if (length + strlen(piece) > most) return length;
        memcpy(text + length, piece, strlen(piece));
        length += strlen(piece);
    }
}

typedef struct text_pair {
    char title[LONGEST], text[LONGEST];
    tocsin_document document;
} text_pair;

static text_pair documents[DOCUMENTS];

static void make_documents(void) {
    state = 11;
    for (int i = 0; i < DOCUMENTS; i++) {
        text_pair *d = &documents[i];
        const tocsin_document blank = TOCSIN_DOCUMENT_INIT;
        d->document = blank;
        d->document.title = (tocsin_bytes){d->title, write_text(d->title, below(60))};
        d->document.text = (tocsin_bytes){d->text, write_text(d->text, below(LONGEST / 2))};
        d->document.id = (tocsin_bytes){"an id", 5};
        d->document.venue = (tocsin_venue)below(TOCSIN_VENUE_COUNT);
        d->document.reach = below(2) ? 50000 : 3;
    }
}

static tocsin_scanner *make_scanner(const tocsin_scanner_options *options) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    ck_assert_int_eq(tocsin_plan_compile_file(TOCSIN_SOURCE_DIR "/examples/fire-service", NULL, NULL, &plan, NULL),
                     TOCSIN_OK);
    ck_assert_int_eq(tocsin_scanner_create(plan, options, &scanner, NULL), TOCSIN_OK);
    tocsin_plan_release(plan);
    return scanner;
}

static tocsin_stream *make_stream(tocsin_scanner *scanner) {
    tocsin_stream *stream = NULL;
    ck_assert_int_eq(tocsin_stream_create(scanner, &stream, NULL), TOCSIN_OK);
    return stream;
}

/* The fields of a document without its title and text. */
static tocsin_document facts_of(const tocsin_document *document) {
    tocsin_document facts = *document;
    facts.title = facts.text = (tocsin_bytes){NULL, 0};
    return facts;
}

static void begin(tocsin_stream *stream, const tocsin_document *document) {
    tocsin_document facts = facts_of(document);
    ck_assert_int_eq(tocsin_stream_begin(stream, &facts, NULL), TOCSIN_OK);
}

/* The bytes are freed after the call, so the stream must copy what it keeps. */
static void write_piece(tocsin_stream *stream, tocsin_field field, const char *bytes, size_t length) {
    char passing[LONGEST];
    memcpy(passing, bytes, length);
    ck_assert_int_eq(tocsin_stream_write(stream, field, passing, length, NULL), TOCSIN_OK);
    memset(passing, '!', sizeof passing);
}

static void write_from_to(tocsin_stream *stream, const tocsin_document *d, size_t from, size_t to) {
    const size_t title = d->title.length;
    if (from < title) {
        write_piece(stream, TOCSIN_FIELD_TITLE, d->title.data + from, (to < title ? to : title) - from);
    }
    if (from < title) from = title;
    if (to > from) write_piece(stream, TOCSIN_FIELD_TEXT, d->text.data + from - title, to - from);
}

static void in_one(tocsin_scanner *scanner, const tocsin_document *document, tocsin_buffer *json) {
    const tocsin_verdict *verdict = NULL;
    json->length = 0;
    ck_assert_int_eq(tocsin_classify(scanner, document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, json), TOCSIN_OK);
}

static void end_as(tocsin_stream *stream, const tocsin_buffer *expected, const char *how, size_t where) {
    tocsin_buffer json;
    const tocsin_verdict *verdict = NULL;
    tocsin_buffer_init(&json, NULL);
    ck_assert_int_eq(tocsin_stream_end(stream, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_to_json(verdict, &json), TOCSIN_OK);
    ck_assert_msg(json.length == expected->length && !memcmp(json.data, expected->data, json.length),
                  "%s, %zu:\n%s\nand not\n%s", how, where, json.data, expected->data);
    tocsin_buffer_release(&json);
}

typedef struct trial {
    tocsin_scanner *scanner;
    tocsin_stream *stream;
    tocsin_buffer expected;
} trial;

static trial open_trial(const tocsin_scanner_options *options) {
    trial t = {make_scanner(options), NULL, {0}};
    t.stream = make_stream(t.scanner);
    tocsin_buffer_init(&t.expected, NULL);
    make_documents();
    return t;
}

static void close_trial(trial *t) {
    tocsin_stream_free(t->stream);
    tocsin_scanner_free(t->scanner);
    tocsin_buffer_release(&t->expected);
}

START_TEST(every_single_split_gives_the_same_verdict) {
    trial t = open_trial(NULL);
    size_t found = 0;
    for (int i = 0; i < DOCUMENTS; i += EVERY) {
        const tocsin_document *d = &documents[i].document;
        in_one(t.scanner, d, &t.expected);
        found += strstr(t.expected.data, "\"clause\"") != NULL;
        for (size_t at = 0; at <= d->title.length + d->text.length; at++) {
            begin(t.stream, d);
            write_from_to(t.stream, d, 0, at);
            write_from_to(t.stream, d, at, d->title.length + d->text.length);
            end_as(t.stream, &t.expected, "split", at);
        }
    }
    ck_assert_uint_gt(found,
                      (size_t)(DOCUMENTS / EVERY / 20)); /* otherwise the verdicts have too little in them to compare */
    close_trial(&t);
}
END_TEST

START_TEST(random_splits_give_the_same_verdict) {
    trial t = open_trial(NULL);
    for (int i = 0; i < DOCUMENTS; i += EVERY) {
        const tocsin_document *d = &documents[i].document;
        const size_t length = d->title.length + d->text.length;
        in_one(t.scanner, d, &t.expected);
        for (size_t n = 0; n < MANY_WAY; n++) {
            const uint32_t longest = 1 + below(n % 2 ? 5 : 100);
            begin(t.stream, d);
            for (size_t at = 0, to; at < length; at = to) {
                to = at + below(longest + 1); /* empty pieces too */
                write_from_to(t.stream, d, at, to < length ? to : length);
            }
            end_as(t.stream, &t.expected, "cutting", n);
        }
    }
    close_trial(&t);
}
END_TEST

/* Byte by byte: title and text alternate, two documents are open at once, and one is abandoned. */
START_TEST(single_bytes_give_the_same_verdict) {
    trial t = open_trial(NULL);
    tocsin_stream *other = make_stream(t.scanner);
    for (int i = 0; i + 1 < DOCUMENTS; i += EVERY) {
        const tocsin_document *d = &documents[i].document, *e = &documents[i + 1].document;
        begin(t.stream, e);
        write_from_to(t.stream, e, 0, e->title.length);
        tocsin_stream_abandon(t.stream);
        begin(t.stream, d);
        begin(other, e);
        for (size_t at = 0; at < LONGEST; at++) {
            if (at < d->text.length) write_piece(t.stream, TOCSIN_FIELD_TEXT, d->text.data + at, 1);
            if (at < e->text.length) write_piece(other, TOCSIN_FIELD_TEXT, e->text.data + at, 1);
            if (at < d->title.length) write_piece(t.stream, TOCSIN_FIELD_TITLE, d->title.data + at, 1);
            if (at < e->title.length) write_piece(other, TOCSIN_FIELD_TITLE, e->title.data + at, 1);
        }
        in_one(t.scanner, d, &t.expected);
        end_as(t.stream, &t.expected, "bytes", (size_t)i);
        in_one(t.scanner, e, &t.expected);
        end_as(other, &t.expected, "bytes of another", (size_t)i);
    }
    tocsin_stream_free(other);
    close_trial(&t);
}
END_TEST

/* The limit has the same effect and sets the same flag as for a whole document: before, at and after it. */
START_TEST(the_limit_is_met_alike) {
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.max_document_bytes = (uint64_t)_i + 1;
    trial t = open_trial(&options);
    size_t cut = 0;
    for (int i = 0; i < DOCUMENTS; i += 7 * WALK_STEP) {
        const tocsin_document *d = &documents[i].document;
        in_one(t.scanner, d, &t.expected);
        cut += strstr(t.expected.data, "incomplete") != NULL;
        begin(t.stream, d);
        for (size_t at = 0; at < d->title.length + d->text.length; at++) write_from_to(t.stream, d, at, at + 1);
        end_as(t.stream, &t.expected, "limit", (size_t)_i + 1);
    }
    ck_assert_uint_gt(cut, 0);
    close_trial(&t);
}
END_TEST

/* However much is written, at most the limit is kept; the memory of a large document is released with it. */
START_TEST(memory_is_bounded) {
    static char megabyte[1000000];
    failing_allocator memory = {0};
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.max_document_bytes = 3000000;
    options.allocator = failing_allocator_get(&memory);
    trial t = open_trial(&options);
    const tocsin_verdict *verdict = NULL;
    const size_t before = memory.bytes;
    memset(megabyte, 'a', sizeof megabyte);
    ck_assert_int_eq(tocsin_stream_begin(t.stream, NULL, NULL), TOCSIN_OK);
    for (int i = 0; i < 200; i++) {
        ck_assert_int_eq(tocsin_stream_write(t.stream, TOCSIN_FIELD_TEXT, megabyte, sizeof megabyte, NULL), TOCSIN_OK);
        ck_assert_uint_le(memory.bytes, before + 2 * options.max_document_bytes);
    }
    ck_assert_uint_le(memory.most, before + 4 * options.max_document_bytes); /* also while it moved */
    ck_assert_int_eq(tocsin_stream_end(t.stream, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->incomplete, TOCSIN_INCOMPLETE_TEXT);
    const size_t graded = memory.bytes;
    tocsin_stream_abandon(t.stream);
    ck_assert_uint_le(memory.bytes + options.max_document_bytes, graded);
    close_trial(&t);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(wrong_calls_are_refused) {
    trial t = open_trial(NULL);
    const tocsin_verdict *verdict = NULL;
    tocsin_error error = {0};
    ck_assert_int_eq(tocsin_stream_create(NULL, &t.stream, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_create(t.scanner, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_write(t.stream, TOCSIN_FIELD_TEXT, "a", 1, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "no document is begun");
    ck_assert_int_eq(tocsin_stream_end(t.stream, &verdict, &error), TOCSIN_ERROR_ARGUMENT);
    tocsin_document facts = TOCSIN_DOCUMENT_INIT;
    facts.struct_size = 3;
    ck_assert_int_eq(tocsin_stream_begin(t.stream, &facts, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_begin(NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_begin(t.stream, NULL, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_write(t.stream, (tocsin_field)2, "a", 1, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_write(t.stream, TOCSIN_FIELD_TEXT, NULL, 1, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_stream_write(t.stream, TOCSIN_FIELD_TEXT, NULL, 0, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_stream_end(t.stream, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(verdict);
    ck_assert_int_eq(tocsin_stream_end(t.stream, &verdict, NULL), TOCSIN_OK);
    ck_assert_ptr_nonnull(verdict);
    ck_assert_int_eq(tocsin_stream_end(t.stream, &verdict, NULL), TOCSIN_ERROR_ARGUMENT);
    for (int times = 1; times <= 3; times++) { /* an impossible length: nothing is read, and nothing wraps */
        ck_assert_int_eq(tocsin_stream_begin(t.stream, NULL, NULL), TOCSIN_OK);
        for (int i = 0; i < times; i++) {
            ck_assert_int_eq(tocsin_stream_write(t.stream, TOCSIN_FIELD_TEXT, "a", SIZE_MAX, NULL), TOCSIN_OK);
        }
        ck_assert_int_eq(tocsin_stream_end(t.stream, &verdict, &error), TOCSIN_ERROR_TOO_LARGE);
    }
    tocsin_stream_abandon(NULL);
    tocsin_stream_free(NULL);
    close_trial(&t);
}
END_TEST

/* One document in pieces until memory fails; after a failed write the end fails too. */
static tocsin_status read_in_pieces(tocsin_stream *stream, const tocsin_document *d, const tocsin_verdict **verdict) {
    static char large[70000];
    memset(large, ' ', sizeof large);
    tocsin_status status = tocsin_stream_begin(stream, d, NULL), first = status;
    if (status) return status;
    for (int i = 0; i < 3; i++) {
        status = tocsin_stream_write(stream, TOCSIN_FIELD_TEXT, large, sizeof large, NULL);
        if (first) ck_assert_int_eq(status, first);
        if (status) first = status;
    }
    status = tocsin_stream_end(stream, verdict, NULL);
    if (first) ck_assert_int_eq(status, first);
    return status;
}

START_TEST(failing_memory_fails_the_document) {
    failing_allocator memory = {0};
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    options.allocator = failing_allocator_get(&memory);
    make_documents();
    tocsin_scanner *scanner = make_scanner(&options);
    size_t failed = 0;
    for (size_t n = 1;; n++) {
        tocsin_stream *stream = NULL;
        const tocsin_verdict *verdict = NULL;
        memory.fail_at = memory.calls + n;
        memory.failures = 0;
        tocsin_status status = tocsin_stream_create(scanner, &stream, NULL);
        if (!status) status = read_in_pieces(stream, &documents[7].document, &verdict);
        memory.fail_at = 0;
        ck_assert_int_eq(status, memory.failures ? TOCSIN_ERROR_MEMORY : TOCSIN_OK);
        ck_assert_int_eq(verdict == NULL, status != TOCSIN_OK);
        if (stream) ck_assert_int_eq(read_in_pieces(stream, &documents[7].document, &verdict), TOCSIN_OK);
        tocsin_stream_free(stream);
        if (!status) break;
        failed++;
    }
    ck_assert_uint_gt(failed, 3);
    tocsin_scanner_free(scanner);
    ck_assert_uint_eq(memory.live, 0);
    ck_assert_uint_eq(memory.wrong, 0);
}
END_TEST

static const char limits[70];

TOCSIN_SUITE("stream",
             TOCSIN_CASE(every_single_split_gives_the_same_verdict) TOCSIN_CASE(random_splits_give_the_same_verdict)
                 TOCSIN_CASE(single_bytes_give_the_same_verdict) TOCSIN_LOOP(the_limit_is_met_alike, limits)
                     TOCSIN_CASE(memory_is_bounded) TOCSIN_CASE(wrong_calls_are_refused)
                         TOCSIN_CASE(failing_memory_fails_the_document))
