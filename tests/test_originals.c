/*
 * The filter searches originals in place; the other engines get folded text. All report the same occurrences at the
 * same bytes, for every text and every spelling of its terms.
 */
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/utf8.h"
#include "random_text.h"
#include "suite.h"

/* Terms of one character and of many: Han, Latin, both, kana, beyond the basic plane, full of characters that fold. */
static const char terms[] = "火\n火灾\n消防车\n消防119\n119\n打119\nktv\nt恤\nカラオケ\n😡\n消防😡\n𠀀𠀁\n余额\n馀\n!!\n"
                            "灾,火\n火灾!\n消防救援支队大队中队小队分队站\naaa\naa\n１\n灾火灾\n";
static const char *const pieces[] = {"火",
                                     "災",
                                     "灾",
                                     "消",
                                     "防",
                                     "車",
                                     "车",
                                     "１１９",
                                     "119",
                                     "打",
                                     "KTV",
                                     "ｋｔｖ",
                                     "Ｔ恤",
                                     "t恤",
                                     "カラオケ",
                                     "ｶﾗｵｹ",
                                     "😡",
                                     "𠀀",
                                     "𠀁",
                                     "餘",
                                     "額",
                                     "余",
                                     "额",
                                     "！",
                                     "!",
                                     "，",
                                     ",",
                                     "a",
                                     "A",
                                     "Ａ",
                                     "①",
                                     "消防救援支队大队中队小队分队站",
                                     "é",
                                     "·",
                                     " ",
                                     "。",
                                     "…",
                                     "\xE2\x80\x8B",
                                     "\xEF\xB8\x8F",
                                     "㍿",
                                     "か",
                                     "\xE3\x82\x99",
                                     "\xCC\x81",
                                     "\xFF",
                                     "\xE7\x81"};
#define PIECES (sizeof pieces / sizeof *pieces)
#define PLAIN_PIECES 36 /* each of the first so many folds to itself */

static tocsin_status read_plan(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: test\ntopics: {a: {terms: [a.txt], bounds: none}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: a}]}]\n";
    (void)context;
    if (!strcmp(name, "plan.yaml")) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    return tocsin_buffer_append(out, terms, sizeof terms - 1);
}

typedef struct occurrences {
    tocsin_occurrence list[20000];
    size_t count;
} occurrences;

static int collect(void *context, const tocsin_occurrence *list, size_t count) {
    occurrences *o = context;
    if (count > sizeof o->list / sizeof *o->list - o->count) return 1;
    memcpy(o->list + o->count, list, count * sizeof *list);
    o->count += count;
    return 0;
}

static const tocsin_engine engines[] = {TOCSIN_ENGINE_NAIVE, HYPERSCAN_ENGINE, TOCSIN_ENGINE_FILTER};
#define ENGINES (sizeof engines / sizeof *engines)
static tocsin_scanner *scanners[ENGINES];

static void make_scanners(void) {
    for (size_t e = 0; e < ENGINES; e++) {
        tocsin_plan *plan = NULL;
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        options.engine = engines[e];
        ck_assert_int_eq(tocsin_plan_compile(read_plan, NULL, "plan.yaml", &options, NULL, &plan, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanners[e], NULL), TOCSIN_OK);
        tocsin_plan_release(plan);
    }
}

static void free_scanners(void) {
    for (size_t e = 0; e < ENGINES; e++) tocsin_scanner_free(scanners[e]);
}

static size_t compare(const char *text, size_t length) {
    static occurrences expected, found;
    for (size_t e = 0; e < ENGINES; e++) {
        occurrences *o = e ? &found : &expected;
        o->count = 0;
        if (tocsin_scan(scanners[e], text, length, collect, o, NULL)) ck_abort_msg("engine %zu fails", e);
        size_t wrong = o->count != expected.count;
        for (size_t i = 0; i < o->count && !wrong; i++) {
            wrong = o->list[i].term != expected.list[i].term || o->list[i].start != expected.list[i].start ||
                    o->list[i].end != expected.list[i].end;
        }
        if (wrong)
            ck_abort_msg("engine %zu: %zu occurrences, %zu expected: %.*s", e, o->count, expected.count, (int)length,
                         text);
    }
    return expected.count;
}

START_TEST(texts_of_mixed_pieces_agree) {
    char *room = malloc(20000);
    size_t hits = 0;
    make_scanners();
    random_text_state = 31;
    for (int i = 0; i < 6000; i++) {
        const size_t choice = i % 3 ? PLAIN_PIECES : PIECES, most = i % 500 ? 1 + random_text_below(60) : 2500;
        char *text = room + random_text_below(8);
        size_t length = 0;
        for (size_t p = 0; p < most && length < 12000; p++) {
            const char *piece = pieces[random_text_below((uint32_t)choice)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        hits += compare(text, length);
    }
    free_scanners();
    free(room);
    ck_assert_uint_gt(hits, 20000);
}
END_TEST

START_TEST(any_text_agrees_at_the_edge_of_memory) {
    size_t size;
    char *page = random_text_fenced_page(&size);
    make_scanners();
    random_text_state = 32;
    for (size_t length = 0; length <= RANDOM_TEXT_LONGEST; length++) {
        for (size_t i = 0; i < 2 * RANDOM_TEXT_MIXTURES; i++) {
            char *text = i % 2 ? page : page + size - length;
            random_text_fill(text, length, i / 2);
            for (size_t at = 0; at + 9 < length; at += 20 + random_text_below(40)) memcpy(text + at, "火灾!", 7);
            compare(text, length);
        }
    }
    free_scanners();
    random_text_free_page(page, size);
}
END_TEST

/* Texts longer than a block of the scanner, with and without a character that folds to something else. */
START_TEST(long_texts) {
    const size_t most = 100000;
    char *text = malloc(most + 100);
    size_t hits = 0;
    make_scanners();
    random_text_state = 33;
    for (int i = 0; i < 12; i++) {
        size_t length = 0;
        while (length < most) {
            const char *piece = pieces[random_text_below(PLAIN_PIECES)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
            if (i % 2 && !random_text_below(5000)) length += tocsin__utf8_put(text + length, 0x200B);
            while (random_text_below(4)) length += tocsin__utf8_put(text + length, 0x4E00 + random_text_below(20000));
        }
        hits += compare(text, length);
    }
    free_scanners();
    free(text);
    ck_assert_uint_gt(hits, 12 * 1000);
}
END_TEST

TOCSIN_SUITE("originals", TOCSIN_CASE(texts_of_mixed_pieces_agree) TOCSIN_CASE(any_text_agrees_at_the_edge_of_memory)
                              TOCSIN_CASE(long_texts))
