/*
 * Text made to slow down the matcher: time stays linear, a byte of the worst text costs at most a fixed multiple of a
 * byte of ordinary text, and hits beyond the cap are still counted. Time is the processor time of the thread, the least
 * of several runs that alternate with ordinary text, so that a busy machine does not decide. Under sanitizers, on
 * an emulated processor and where buffers are shrunk, time is not checked; everything else is. TOCSIN_SHOW_TIMES=1 in
 * the environment prints what was measured.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tocsin/tocsin.h>

#include "suite.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(TOCSIN_SMALL_BUFFERS) ||                  \
    defined(TOCSIN_EMULATED)
#define TIMED 0
#define SIZE(bytes) ((size_t)(bytes) / 50)
#else
#define TIMED 1
#define SIZE(bytes) ((size_t)(bytes))
#endif

enum {
    RUNS = 3,
    ATTEMPTS = 12, /* to be undisturbed */
    MEGABYTE = 1000000,
    ORDINARY_BYTES = 200000,
    CAP = 1000,    /* hits that the scanner keeps */
    HIT_BYTES = 24 /* the time that one hit may cost, in bytes of text: each is returned with its span */
};

#define FOURFOLD                                                                                                       \
    9.0 /* limit for text of four times the length: this many times as long; quadratic time would take 16 */

static uint32_t drawn(uint32_t *state, uint32_t below) {
    *state = *state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)*state * below) >> 32);
}

static void put(tocsin_buffer *out, const char *text, size_t length) {
    if (tocsin_buffer_append(out, text, length)) ck_abort_msg("out of memory");
}

/* A character of U+4E00–9FFF: three bytes. */
static void put_han(tocsin_buffer *out, uint32_t number) {
    uint32_t c = 0x4E00 + number;
    const char bytes[3] = {(char)(0xE0 | c >> 12), (char)(0x80 | (c >> 6 & 63)), (char)(0x80 | (c & 63))};
    put(out, bytes, sizeof bytes);
}

static const char fire[] = "火";

/* Every pair of a few characters. */
static void pairs(tocsin_buffer *out) {
    for (uint32_t i = 0; i < 45 * 45; i++) {
        put_han(out, 7 * (i / 45));
        put_han(out, 7 * (i % 45));
        put(out, "\n", 1);
    }
}

static const size_t powers_of[] = {2, 3, 4, 8, 16, 32, 64};

/* One character, again and again. */
static void powers(tocsin_buffer *out) {
    for (size_t i = 0; i < sizeof powers_of / sizeof *powers_of; i++) {
        for (size_t n = 0; n < powers_of[i]; n++) put(out, fire, 3);
        put(out, "\n", 1);
    }
}

/* Every part, of two or more characters, of one phrase. */
static void parts(tocsin_buffer *out) {
    for (uint32_t start = 0; start < 12; start++) {
        for (uint32_t end = start + 2; end <= 12; end++) {
            for (uint32_t i = start; i < end; i++) put_han(out, 11 * i);
            put(out, "\n", 1);
        }
    }
}

/* Long terms of few characters, so that each pair of characters begins many terms. */
static void crowded(tocsin_buffer *out) {
    uint32_t state = 5;
    for (int i = 0; i < 3000; i++) {
        for (int n = 0; n < 6; n++) put_han(out, 13 * drawn(&state, 30));
        put(out, "\n", 1);
    }
}

typedef struct lexicon {
    tocsin_buffer lines;
    size_t starts[4096], count; /* of the terms; each ends with a newline */
} lexicon;

static tocsin_bytes term_at(const lexicon *l, size_t i) {
    size_t end = i + 1 < l->count ? l->starts[i + 1] : l->lines.length;
    return (tocsin_bytes){l->lines.data + l->starts[i], end - l->starts[i] - 1};
}

/* Writes the next piece of a text. */
typedef void (*piece_writer)(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out);

static void ordinary(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    uint32_t r = drawn(state, 100);
    if (index % 500 == 499) {
        tocsin_bytes term = term_at(l, drawn(state, (uint32_t)l->count));
        put(out, term.data, term.length);
    } else if (r < 5) {
        put(out, "，", 3);
    } else if (r < 8) {
        put(out, "2026 ", 5);
    } else {
        put_han(out, 600 + r * drawn(state, 130));
    }
}

/* Two neighbouring characters of one term, then two of another. */
static void candidates(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    tocsin_bytes term = term_at(l, drawn(state, (uint32_t)l->count));
    (void)index;
    put(out, term.data + drawn(state, (uint32_t)(term.length / 3 - 1)) * 3, 6);
}

/* The longest term without its last character. */
static void prefixes(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    if (!index) *state = 0;
    for (uint32_t i = 1; !index && i < l->count; i++) {
        if (term_at(l, i).length > term_at(l, *state).length) *state = i;
    }
    put(out, term_at(l, *state).data, term_at(l, *state).length - 3);
}

static void terms(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    tocsin_bytes term = term_at(l, drawn(state, (uint32_t)l->count));
    (void)index;
    put(out, term.data, term.length);
}

static void one_character(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    (void)index, (void)state;
    put(out, l->lines.data, 3);
}

/* One base character, and marks in the order that canonical ordering must reverse again and again. */
static void deep_marks(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    (void)l, (void)state;
    put(out, !index ? "e" : index % 2 ? "\u0301" : "\u0316", !index ? 1 : 2);
}

static void marked_letters(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    (void)l, (void)index, (void)state;
    put(out, "e\u0301\u0316", 5);
}

static void nothing_seen(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    (void)l, (void)index, (void)state;
    put(out, "\u200B", 3);
}

static void malformed(const lexicon *l, size_t index, uint32_t *state, tocsin_buffer *out) {
    (void)l, (void)state;
    put(out, index % 2 ? "\xE7\x81" : "\xFF", index % 2 ? 2 : 1);
}

static const struct {
    const char *name;
    void (*fill)(tocsin_buffer *out);
} lexicons[] = {{"pairs", pairs}, {"powers", powers}, {"parts", parts}, {"crowded", crowded}};

#define LEXICONS (sizeof lexicons / sizeof *lexicons)

/*
 * How many times the cost of an ordinary byte a byte may have, where a hit counts as HIT_BYTES: about four times the
 * measured value, because ordinary text may become faster. Text that only a normaliser can put in order goes to ICU and
 * costs most.
 */
static const struct {
    const char *name;
    piece_writer write;
    size_t bytes;
    double ratio;
    size_t lexicons; /* the number of terms: text that cannot contain a term needs only one */
} texts[] = {
    {"every position a candidate", candidates, 200000, 8, LEXICONS},
    {"a term's prefix", prefixes, 200000, 8, LEXICONS},
    {"one character", one_character, 200000, 8, LEXICONS},
    {"all terms", terms, 200000, 8, LEXICONS},
    {"marks on one base", deep_marks, 100000, 160, 1},
    {"letters with marks", marked_letters, 100000, 100, 1},
    {"zero width spaces", nothing_seen, MEGABYTE, 4, 1},
    {"malformed", malformed, 100000, 80, 1},
};

static const char plan_text[] = "plan: test\ntopics: {words: {terms: words.txt, bounds: none}}\n"
                                "tiers: [{id: found, clauses: [{id: F1, when: words}]}]\n";

static tocsin_status read_source(void *context, const char *name, tocsin_buffer *out) {
    const lexicon *l = context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan_text, sizeof plan_text - 1);
    return tocsin_buffer_append(out, l->lines.data, l->lines.length);
}

static void make_lexicon(lexicon *l, int which) {
    tocsin_buffer_init(&l->lines, NULL);
    lexicons[which].fill(&l->lines);
    l->count = 0;
    for (size_t at = 0; at < l->lines.length; at++) {
        if (at && l->lines.data[at - 1] != '\n') continue;
        ck_assert_uint_lt(l->count, sizeof l->starts / sizeof *l->starts);
        l->starts[l->count++] = at;
    }
}

static tocsin_scanner *make_scanner(lexicon *l, tocsin_engine engine) {
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    tocsin_error error = {0};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_scanner_options limits = TOCSIN_SCANNER_OPTIONS_INIT;
    options.engine = engine;
    limits.max_hits = CAP;
    ck_assert_msg(!tocsin_plan_compile(read_source, l, "plan.yaml", &options, NULL, &plan, &error), "%s",
                  error.message);
    ck_assert_int_eq(tocsin_scanner_create(plan, &limits, &scanner, NULL), TOCSIN_OK);
    tocsin_plan_release(plan);
    return scanner;
}

static void make_text(const lexicon *l, piece_writer write, size_t bytes, tocsin_buffer *out) {
    uint32_t state = 99;
    tocsin_buffer_init(out, NULL);
    for (size_t i = 0; out->length < bytes; i++) write(l, i, &state, out);
}

static double cpu_seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int count_hits(void *context, const tocsin_occurrence *list, size_t count) {
    (void)list;
    *(uint64_t *)context += count;
    return 0;
}

/* Reads a text in one of the ways; returns its hits and the verdict's flags. */
typedef uint64_t (*reading)(tocsin_scanner *scanner, const tocsin_buffer *text, uint32_t *flags);

static uint64_t scan(tocsin_scanner *scanner, const tocsin_buffer *text, uint32_t *flags) {
    uint64_t hits = 0;
    *flags = 0;
    ck_assert_int_eq(tocsin_scan(scanner, text->data, text->length, count_hits, &hits, NULL), TOCSIN_OK);
    return hits;
}

static uint64_t classify(tocsin_scanner *scanner, const tocsin_buffer *text, uint32_t *flags) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    document.text = (tocsin_bytes){text->data, text->length};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    *flags = verdict->incomplete;
    return verdict->topic_count ? tocsin_verdict_topic(verdict, 0)->hits : 0;
}

typedef struct cost {
    double seconds;
    double work; /* bytes, and HIT_BYTES a hit */
    uint64_t hits;
} cost;

static void run(reading read, tocsin_scanner *scanner, const tocsin_buffer *text, cost *c) {
    uint32_t flags;
    if (c->work <= 0) {
        c->hits = scan(scanner, text, &flags);
        c->work = (double)text->length + HIT_BYTES * (double)c->hits;
    }
    double start = cpu_seconds();
    read(scanner, text, &flags);
    double seconds = cpu_seconds() - start;
    if (c->seconds <= 0 || seconds < c->seconds) c->seconds = seconds;
}

typedef struct trial {
    lexicon words;
    tocsin_scanner *scanner;
    tocsin_buffer plain, once, fourfold; /* an ordinary text; the hostile one, and four times as much */
} trial;

static void begin(trial *t, int which_text, int which_lexicon) {
    size_t bytes = SIZE(texts[which_text].bytes);
    make_lexicon(&t->words, which_lexicon);
    t->scanner = make_scanner(&t->words, TOCSIN_ENGINE_AUTO);
    make_text(&t->words, ordinary, SIZE(ORDINARY_BYTES), &t->plain);
    make_text(&t->words, texts[which_text].write, bytes / 2, &t->once);
    make_text(&t->words, texts[which_text].write, bytes * 2, &t->fourfold);
}

static void end(trial *t) {
    tocsin_scanner_free(t->scanner);
    tocsin_buffer_release(&t->words.lines);
    tocsin_buffer_release(&t->plain);
    tocsin_buffer_release(&t->once);
    tocsin_buffer_release(&t->fourfold);
}

typedef struct costs {
    cost plain, once, fourfold;
} costs;

static double ratio_of(const costs *c) {
    return (c->fourfold.seconds / c->fourfold.work) / (c->plain.seconds / c->plain.work);
}

static double growth_of(const costs *c) {
    return (c->fourfold.seconds / c->once.seconds) * 4 * (c->once.work / c->fourfold.work);
}

static void measure(reading read, trial *t, double most, costs *c) {
    for (int i = 0; i < (TIMED ? RUNS * ATTEMPTS : 1); i++) {
        run(read, t->scanner, &t->plain, &c->plain);
        run(read, t->scanner, &t->once, &c->once);
        run(read, t->scanner, &t->fourfold, &c->fourfold);
        if (i + 1 >= RUNS && ratio_of(c) < most && growth_of(c) < FOURFOLD) return;
    }
}

static void judge(const char *how, int text, int words, const costs *c) {
    double ratio = ratio_of(c), growth = growth_of(c);
    if (getenv("TOCSIN_SHOW_TIMES")) {
        printf("%-8s %-8s %-28s %9llu hits %7.2f ns/byte, ordinary %5.2f, ratio %6.2f, fourfold %5.2f\n", how,
               lexicons[words].name, texts[text].name, (unsigned long long)c->fourfold.hits,
               c->fourfold.seconds * 1e9 / c->fourfold.work, c->plain.seconds * 1e9 / c->plain.work, ratio, growth);
    }
    if (!TIMED) return;
    ck_assert_msg(ratio < texts[text].ratio, "%s, %s, %s: a byte costs %.1f times that of an ordinary text", how,
                  lexicons[words].name, texts[text].name, ratio);
    ck_assert_msg(growth < FOURFOLD, "%s, %s, %s: four times the text takes %.1f times as long", how,
                  lexicons[words].name, texts[text].name, growth);
}

START_TEST(time_is_linear) {
    static const reading readings[] = {scan, classify};
    static const char *const names[] = {"scan", "classify"};
    int text = _i / (int)LEXICONS, words = _i % (int)LEXICONS;
    static trial t;
    if ((size_t)words >= texts[text].lexicons) return;
    begin(&t, text, words);
    for (int r = 0; r < 2; r++) {
        costs c = {0};
        measure(readings[r], &t, texts[text].ratio, &c);
        judge(names[r], text, words, &c);
    }
    end(&t);
}
END_TEST

typedef struct expectation {
    uint64_t all;  /* all occurrences */
    uint64_t kept; /* without occurrences inside longer ones: a topic counts a place once */
} expectation;

static expectation counted(const lexicon *l, const tocsin_buffer *text) {
    expectation e = {0, 0};
    size_t reach = 0;
    for (size_t at = 0; at < text->length; at += 3) { /* all characters have three bytes */
        size_t longest = 0;
        for (size_t i = 0; i < l->count; i++) {
            tocsin_bytes term = term_at(l, i);
            if (term.length > text->length - at || memcmp(text->data + at, term.data, term.length) != 0) continue;
            e.all++;
            if (term.length > longest) longest = term.length;
        }
        if (longest && at + longest > reach) {
            e.kept++;
            reach = at + longest;
        }
    }
    return e;
}

static void check_counts(tocsin_scanner *scanner, const tocsin_buffer *text, expectation expected) {
    uint32_t flags;
    ck_assert_uint_eq(scan(scanner, text, &flags), expected.all);
    ck_assert_uint_eq(classify(scanner, text, &flags), expected.kept);
    ck_assert_uint_eq(flags & TOCSIN_INCOMPLETE_HITS, expected.kept > CAP ? TOCSIN_INCOMPLETE_HITS : 0);
}

/* The cap is far below the hits. */
START_TEST(hits_beyond_the_cap_are_counted) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, HYPERSCAN_ENGINE};
    static lexicon l;
    tocsin_buffer text;
    make_lexicon(&l, _i);
    make_text(&l, terms, 30000, &text);
    tocsin_buffer shorter = text;
    shorter.length = 600;
    expectation expected = counted(&l, &text), few = counted(&l, &shorter);
    ck_assert_uint_gt(expected.kept, CAP);
    ck_assert_uint_lt(few.kept, CAP);
    for (size_t e = 0; e < sizeof engines / sizeof *engines; e++) {
        tocsin_scanner *scanner = make_scanner(&l, engines[e]);
        check_counts(scanner, &text, expected);
        check_counts(scanner, &shorter, few);
        tocsin_scanner_free(scanner);
    }
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&l.lines);
}
END_TEST

/* Ten megabytes of one character; seven terms begin at every position, and a formula gives the count. */
START_TEST(one_character_for_megabytes_is_counted) {
    static lexicon l;
    tocsin_buffer text;
    expectation expected = {0, 0};
    make_lexicon(&l, 1);
    make_text(&l, one_character, SIZE(10 * MEGABYTE), &text);
    for (size_t i = 0; i < sizeof powers_of / sizeof *powers_of; i++) {
        expected.kept = text.length / 3 + 1 - powers_of[i]; /* the longest come last and contain the others */
        expected.all += expected.kept;
    }
    tocsin_scanner *scanner = make_scanner(&l, TOCSIN_ENGINE_AUTO);
    check_counts(scanner, &text, expected);
    tocsin_scanner_free(scanner);
    tocsin_buffer_release(&text);
    tocsin_buffer_release(&l.lines);
}
END_TEST

TOCSIN_SUITE("hostile text",
             tcase_add_loop_test(tcase, time_is_linear, 0, (int)(LEXICONS * sizeof texts / sizeof *texts));
             TOCSIN_LOOP(hits_beyond_the_cap_are_counted, lexicons) TOCSIN_CASE(one_character_for_megabytes_is_counted))
