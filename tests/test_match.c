/* Engines compared with each other: the same hits on generated, adversarial and real text, whole and in blocks. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "match/filter_run.h"
#include "match/matcher.h"
#include "random_text.h"
#include "suite.h"

/* Different literals in one buffer. */
typedef struct lexicon {
    char *bytes;
    size_t used, capacity;
    tocsin__pattern *patterns;
    size_t count, room;
    tocsin__map seen;
} lexicon;

static void lexicon_open(lexicon *l, size_t room) {
    memset(l, 0, sizeof *l);
    l->capacity = room * 80;
    l->bytes = malloc(l->capacity);
    l->patterns = malloc(room * sizeof *l->patterns);
    l->room = room;
    tocsin__map_init(&l->seen, tocsin_allocator_default());
}

static void lexicon_close(lexicon *l) {
    free(l->bytes);
    free(l->patterns);
    tocsin__map_release(&l->seen);
}

static void lexicon_add(lexicon *l, const char *term, size_t length) {
    if (l->count == l->room || l->used + length + 1 > l->capacity || !length || memchr(term, 0, length)) return;
    if (tocsin__map_find(&l->seen, term, length) != TOCSIN__MAP_NONE) return;
    char *copy = l->bytes + l->used;
    uint32_t value = (uint32_t)l->count;
    memcpy(copy, term, length);
    copy[length] = '\0';
    l->used += length + 1;
    tocsin__map_add(&l->seen, copy, length, &value);
    l->patterns[l->count++] = (tocsin__pattern){copy, (uint32_t)length, 0};
}

static int by_place(const void *a, const void *b) {
    const tocsin__hit *x = a, *y = b;
    if (x->start != y->start) return x->start < y->start ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return x->pattern < y->pattern ? -1 : x->pattern > y->pattern;
}

/* Prepares folded text for the matcher. */
static void read_text(const tocsin__matcher *matcher, tocsin__units_function *read, const char *text, size_t length,
                      tocsin__text *out) {
    int all, one_to_one;
    out->view = (tocsin__view){text, length, NULL};
    if (!tocsin__matcher_reads_units(matcher, &all)) return;
    ck_assert_int_eq(tocsin__units_read(out, all, read, tocsin_allocator_default(), &one_to_one), TOCSIN_OK);
}

static tocsin__units_function *reader = NULL; /* the level for this processor, or another one */

/* All hits of a text, sorted; scanned in blocks of `block` bytes. */
static void scan(const tocsin__matcher *matcher, const char *text, size_t length, size_t block, tocsin__hits *hits) {
    tocsin__text read = {.view = {"", 0, NULL}};
    tocsin__matcher_scratch scratch;
    read_text(matcher, reader ? reader : tocsin__units_best(), text, length, &read);
    hits->allocator = *tocsin_allocator_default();
    hits->limit = SIZE_MAX;
    hits->list.length = 0;
    ck_assert_int_eq(tocsin__matcher_scratch_create(matcher, &hits->allocator, &scratch), TOCSIN_OK);
    for (size_t from = 0; from < length; from += block) {
        size_t to = length - from < block ? length : from + block;
        if (tocsin__matcher_scan_literals(matcher, &scratch, &read, from, to, hits)) ck_abort_msg("scan");
    }
    if (hits->list.length) qsort(hits->list.data, hits->list.length, sizeof *hits->list.data, by_place);
    tocsin__matcher_scratch_release(matcher, &scratch);
    tocsin__units_release(&read.units, &hits->allocator);
}

/* Runs the filter as on a processor without SIMD, or with AVX2 only. */
static void make_lesser(tocsin__matcher *matcher, int has_avx2) {
    tocsin__filter *filter = matcher->literals;
    ck_assert_ptr_eq(matcher->kind, &tocsin__engine_filter);
    reader = tocsin__units_portable;
    filter->run = tocsin__filter_run_portable;
#ifdef TOCSIN__FOLD_X86
    if (has_avx2 && tocsin__has_avx2()) {
        reader = tocsin__units_avx2;
        filter->run = tocsin__filter_run_avx2;
    }
#else
    (void)has_avx2;
#endif
}

/* Checks that every engine, whole and in blocks, finds the hits of the naive one; returns their number. */
static size_t compare_engines(const lexicon *l, const char *text, size_t length) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_NAIVE, HYPERSCAN_ENGINE, TOCSIN_ENGINE_AUTO,
                                            TOCSIN_ENGINE_FILTER, TOCSIN_ENGINE_FILTER};
    static const size_t blocks[] = {SIZE_MAX / 2, 997, 64};
    tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    tocsin__hits expected = {0}, found = {0};
    for (size_t e = 0; e < sizeof engines / sizeof *engines; e++) {
        tocsin__matcher matcher;
        size_t bad;
        tocsin_error error = {0};
        ck_assert_msg(tocsin__matcher_compile(engines[e], l->patterns, l->count, NULL, 0, &options, &matcher, &bad,
                                              &error) == TOCSIN_OK,
                      "%s", error.message);
        if (engines[e] == TOCSIN_ENGINE_FILTER) make_lesser(&matcher, e == 4);
        for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
            tocsin__hits *into = e || b ? &found : &expected;
            scan(&matcher, text, length, blocks[b], into);
            ck_assert_uint_eq(into->list.length, expected.list.length);
            if (expected.list.length) {
                ck_assert_int_eq(
                    memcmp(into->list.data, expected.list.data, expected.list.length * sizeof *expected.list.data), 0);
            }
        }
        tocsin__matcher_release(&matcher);
        reader = NULL;
    }
    size_t count = expected.list.length;
    tocsin__vec_release(&expected.list, tocsin_allocator_default());
    tocsin__vec_release(&found.list, tocsin_allocator_default());
    return count;
}

START_TEST(the_longest_literal_matches) {
    enum {
        LONGEST = 32767
    };
    const tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    char *text = malloc(LONGEST + 2);
    tocsin__matcher matcher;
    tocsin__hits hits = {0};
    tocsin_error error = {0};
    size_t bad = 0;
    memset(text, 'a', LONGEST + 1);
    tocsin__pattern literal = {text, LONGEST, 0};
    ck_assert_int_eq(
        tocsin__matcher_compile(TOCSIN_ENGINE_FILTER, &literal, 1, NULL, 0, &options, &matcher, &bad, NULL), TOCSIN_OK);
    scan(&matcher, text, LONGEST + 1, SIZE_MAX / 2, &hits);
    ck_assert_uint_eq(hits.list.length, 2);
    tocsin__vec_release(&hits.list, &options.allocator);
    tocsin__matcher_release(&matcher);
    literal.length++;
    ck_assert_int_eq(
        tocsin__matcher_compile(TOCSIN_ENGINE_FILTER, &literal, 1, NULL, 0, &options, &matcher, &bad, &error),
        TOCSIN_ERROR_LIMIT);
    ck_assert_str_eq(error.message, "a literal of 32768 bytes");
    free(text);
}
END_TEST

static size_t random_han(char *out, uint32_t characters, uint32_t alphabet) {
    size_t n = 0;
    for (uint32_t i = 0; i < characters; i++) n += tocsin__utf8_put(out + n, 0x4E00 + random_text_below(alphabet) * 7);
    return n;
}

static const struct {
    uint32_t terms, shortest, longest, alphabet;
} generated[] = {{10, 1, 3, 4},       {300, 1, 6, 12},  {2000, 2, 5, 200},
                 {10000, 2, 4, 2500}, {500, 1, 1, 500}, {40, 20, 64, 2}};

START_TEST(engines_agree_on_generated_text) {
    enum {
        TEXT = 60000
    };
    lexicon l;
    char term[300], *text = malloc(TEXT + 300);
    size_t length = 0;
    lexicon_open(&l, generated[_i].terms);
    random_text_state = 40 + (uint64_t)_i;
    for (uint32_t i = 0; i < generated[_i].terms; i++) {
        uint32_t width = generated[_i].shortest + random_text_below(generated[_i].longest - generated[_i].shortest + 1);
        lexicon_add(&l, term, random_han(term, width, generated[_i].alphabet));
    }
    while (length < TEXT) {
        if (random_text_below(6)) {
            length += random_han(text + length, 1 + random_text_below(8), generated[_i].alphabet);
        } else {
            const tocsin__pattern *planted = &l.patterns[random_text_below((uint32_t)l.count)];
            memcpy(text + length, planted->data, planted->length);
            length += planted->length;
        }
    }
    ck_assert_uint_gt(compare_engines(&l, text, length), 100);
    lexicon_close(&l);
    free(text);
}
END_TEST

/* Terms inside each other, Latin and mixed terms, long ones, on text that consists of terms. */
START_TEST(engines_agree_on_adversarial_lexicons) {
    lexicon l;
    char run[400], text[30000];
    size_t n = 0, length = 0;
    lexicon_open(&l, 200);
    for (int i = 0; i < 64; i++) {
        n += tocsin__utf8_put(run + n, 0x706B);
        lexicon_add(&l, run, n);
    }
    static const char *const others[] = {"a",     "ab",  "abc",    "bc",   "119",    "19",  "1",
                                         "c罩",   "火a", "火1火",  "灾火", "a火灾b", "ééé", "\xF0\x9F\x94\xA5",
                                         "🚒救",   " ",   "火\n火", "\"",   "\\",     ".*",  "[火]",
                                         "火{2}", "$",   "^火"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) lexicon_add(&l, others[i], strlen(others[i]));
    random_text_state = 99;
    while (length < sizeof text - 300) {
        const tocsin__pattern *p = &l.patterns[random_text_below((uint32_t)l.count)];
        memcpy(text + length, p->data, p->length);
        length += p->length;
    }
    ck_assert_uint_gt(compare_engines(&l, text, length), 50000);
    ck_assert_uint_eq(compare_engines(&l, text, 0), 0);
    lexicon_close(&l);
}
END_TEST

/*
 *  Many terms share a window; the characters before it, after it or far away distinguish them, or nothing does.
 */
static const char *const shapes[] = {"深圳市南山区科技园路%u号",
                                     "%u号深圳市南山区科技园路",
                                     "https://www.example.com/%u/%u.html",
                                     "1%u",
                                     "火%u",
                                     "%u栋%u室",
                                     "一%u🚒"};

/* The byte at or before `at` at which a character of the literal begins. */
static size_t character_at(const tocsin__pattern *p, size_t at) {
    while (at && at < p->length && ((unsigned char)p->data[at] & 0xC0) == 0x80) at--;
    return at;
}

START_TEST(engines_agree_on_similar_literals) {
    static char text[60000];
    lexicon l;
    size_t length = 0, hits;
    char term[100];
    random_text_state = 77 + (uint64_t)_i;
    lexicon_open(&l, 4000);
    for (uint32_t i = 0; i < 3000; i++) {
        const uint32_t number = random_text_below(i % 2 ? 1000 : 1000000);
        lexicon_add(&l, term, (size_t)snprintf(term, sizeof term, shapes[_i], number, number % 7));
        if (i % 50 == 0) lexicon_add(&l, term, (size_t)snprintf(term, sizeof term, shapes[5 - _i % 5], number, 3U));
    }
    while (length < sizeof text - 300) {
        const tocsin__pattern *p = &l.patterns[random_text_below((uint32_t)l.count)];
        /* The literal, whole, without its end or beginning, or with another digit. */
        const size_t from = random_text_below(6) ? 0 : character_at(p, random_text_below(p->length)),
                     kind = random_text_below(4);
        size_t n = p->length - from;
        if (kind == 1) n = character_at(p, from + random_text_below((uint32_t)n)) - from;
        memcpy(text + length, p->data + from, n);
        length += n;
        if (kind == 2) text[length++] = (char)('0' + random_text_below(10));
        while (kind == 3 && length % 4096 < 3800 && length < sizeof text - 300 && !random_text_below(40))
            text[length++] = 'x';
    }
    hits = compare_engines(&l, text, length);
    fprintf(stderr, "%s: %zu terms, %zu hits\n", shapes[_i], l.count, hits);
    ck_assert_uint_gt(hits, 500);
    lexicon_close(&l);
}
END_TEST

/* Lists of single characters, shorter and longer than those that are compared one by one. */
static const uint32_t singles[] = {1, 2, 31, 32, 33, 90};

START_TEST(engines_agree_on_single_characters) {
    static char text[9000];
    lexicon l;
    char term[8];
    size_t hits = 0;
    random_text_state = 5 + (uint64_t)_i;
    lexicon_open(&l, singles[_i]);
    for (uint32_t i = 0; l.count < singles[_i]; i++) {
        lexicon_add(&l, term, tocsin__utf8_put(term, i % 5 ? 0x4E00 + i * 37 : 'a' + i % 26));
    }
    for (size_t room = 1; room < sizeof text - 300; room = room < 140 ? room + 3 : room * 3) {
        size_t length = 0;
        while (length < room) {
            const tocsin__pattern *p = &l.patterns[random_text_below((uint32_t)l.count)];
            const uint32_t other =
                random_text_below(3) ? 0x4E00 + random_text_below(20000) : random_text_below(90) + 33;
            memcpy(text + length, p->data, p->length);
            if (random_text_below(9))
                length += tocsin__utf8_put(text + length, other);
            else
                length += p->length;
        }
        hits += compare_engines(&l, text, length);
    }
    ck_assert_uint_gt(hits, 100);
    lexicon_close(&l);
}
END_TEST

/* Debian's Chinese manual pages, folded, with a lexicon of up to 10 000 pieces of that text and of others. */
START_TEST(engines_agree_on_real_text) {
    random_text_state = 1;
    static char page[1 << 20];
    tocsin_folder *folder = NULL;
    lexicon l;
    size_t pages = 0, hits = 0;
    DIR *directory = opendir("/usr/share/man/zh_CN/man1");
    if (!directory) {
        fprintf(stderr, "skipped: manpages-zh is not installed\n");
        return;
    }
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    lexicon_open(&l, 10000);
    for (struct dirent *entry; pages < 60 && (entry = readdir(directory));) {
        char command[600];
        tocsin_bytes folded;
        if (entry->d_name[0] == '.') continue;
        snprintf(command, sizeof command, "zcat -f '/usr/share/man/zh_CN/man1/%s'", entry->d_name);
        FILE *pipe = popen(command, "r");
        size_t n = fread(page, 1, sizeof page, pipe);
        pclose(pipe);
        ck_assert_int_eq(tocsin_fold(folder, page, n, &folded), TOCSIN_OK);
        for (size_t at = 0, i = 0; at < folded.length && l.count < 10000 && i < 400; i++) {
            size_t end = at;
            for (uint32_t k = 2 + random_text_below(3); k && end < folded.length; k--) {
                (void)tocsin__utf8_next(folded.data, folded.length, end, &end);
            }
            lexicon_add(&l, folded.data + at, end - at);
            at = end;
        }
        if (pages++ % 6 == 5) hits += compare_engines(&l, folded.data, folded.length);
    }
    fprintf(stderr, "real text: %zu pages, %zu terms, %zu hits\n", pages, l.count, hits);
    ck_assert_uint_gt(hits, 10000);
    closedir(directory);
    lexicon_close(&l);
    tocsin_folder_free(folder);
}
END_TEST

/* The lists that a matcher returns, joined. */
typedef struct handed {
    tocsin__hits hits;
    size_t calls;
} handed;

static tocsin_status take(void *context, const tocsin__hit *hits, size_t count) {
    handed *h = context;
    h->calls++;
    for (size_t i = 0; i < count; i++) {
        tocsin_status status = tocsin__hits_add(&h->hits, hits[i].start, hits[i].end, hits[i].pattern);
        if (status) return status;
    }
    return TOCSIN_OK;
}

static int comes_before(const tocsin__hit *a, const tocsin__hit *b) {
    if (a->start != b->start) return a->start < b->start;
    return a->end != b->end ? a->end > b->end : a->pattern < b->pattern;
}

START_TEST(hits_come_in_one_order) {
    const tocsin__pattern literals[] = {{"火灾", 6, 0}, {"分钟", 6, 0}, {"火", 3, 0}};
    const tocsin__pattern expressions[] = {{"等了[0-9]{1,3}分钟", 22, 0}, {"火.{0,3}人", 12, 0}};
    const uint64_t bits[] = {1, 2, 4, 8, 16};
    const char text[] = "火灾等了40分钟,火里有人";
    tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    for (size_t e = 0; e < 3; e++) {
        static const tocsin_engine engines[] = {TOCSIN_ENGINE_NAIVE, HYPERSCAN_ENGINE, TOCSIN_ENGINE_AUTO};
        tocsin__matcher matcher;
        tocsin__matcher_scratch scratch;
        tocsin__text read = {.view = {"", 0, NULL}};
        handed h = {{*tocsin_allocator_default(), {0}, SIZE_MAX, 0}, 0};
        size_t bad;
        tocsin_error error = {0};
        ck_assert_int_eq(
            tocsin__matcher_compile(engines[e], literals, 3, expressions, 2, &options, &matcher, &bad, &error),
            TOCSIN_OK);
        ck_assert_int_eq(tocsin__matcher_scratch_create(&matcher, &h.hits.allocator, &scratch), TOCSIN_OK);
        read_text(&matcher, tocsin__units_best(), text, sizeof text - 1, &read);
        ck_assert_int_eq(tocsin__matcher_scan(&matcher, &scratch, &read, take, &h), TOCSIN_OK);
        static const tocsin__hit expected[] = {{0, 6, 0}, {0, 3, 2}, {6, 20, 3}, {14, 20, 1}, {21, 33, 4}, {21, 24, 2}};
        ck_assert_uint_eq(h.hits.list.length, 6);
        ck_assert_int_eq(memcmp(h.hits.list.data, expected, sizeof expected), 0);
        ck_assert_int_eq(tocsin__matcher_find(&matcher, &scratch, &read, bits, 2), TOCSIN_OK);
        ck_assert_uint_eq(scratch.bits, 7); /* the literals are enough */
        ck_assert_int_eq(tocsin__matcher_find(&matcher, &scratch, &read, bits, 32), TOCSIN_OK);
        ck_assert_uint_eq(scratch.bits, 31);
        read_text(&matcher, tocsin__units_best(), text, 6, &read);
        scratch.bits = 0;
        ck_assert_int_eq(tocsin__matcher_find(&matcher, &scratch, &read, bits, 32), TOCSIN_OK);
        ck_assert_uint_eq(scratch.bits, 5);
        tocsin__units_release(&read.units, &h.hits.allocator);
        tocsin__matcher_scratch_release(&matcher, &scratch);
        tocsin__matcher_release(&matcher);
        tocsin__vec_release(&h.hits.list, &h.hits.allocator);
    }
}
END_TEST

/*
 * If there are far more occurrences than characters, they come in several lists, in the same order and without
 * repetition.
 */
START_TEST(very_many_hits_come_in_several_lists) {
    enum {
        LENGTH = 60000,
        NESTED = 40
    };
    static char letters[LENGTH + 1];
    tocsin__pattern literals[NESTED];
    const tocsin__pattern expressions[] = {{"b[a-z]{0,90}", 12, 0}};
    tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    tocsin__matcher matcher;
    tocsin__matcher_scratch scratch;
    tocsin__text read = {.view = {"", 0, NULL}};
    handed h = {{*tocsin_allocator_default(), {0}, SIZE_MAX, 0}, 0};
    char nested[NESTED][NESTED + 1];
    size_t bad, expected = 0;
    for (uint32_t i = 0; i < NESTED; i++) {
        memset(nested[i], 'a', i + 1);
        nested[i][i + 1] = '\0';
        literals[i] = (tocsin__pattern){nested[i], i + 1, 0};
    }
    memset(letters, 'a', LENGTH);
    for (size_t i = 997; i < LENGTH; i += 2111) letters[i] = 'b';
    for (size_t i = 0, run = 0; i < LENGTH; i++) {
        run = letters[i] == 'a' ? run + 1 : 0;
        expected += run < NESTED ? run : NESTED;
    }
    for (size_t i = 997; i < LENGTH; i += 2111) expected += LENGTH - i < 91 ? LENGTH - i : 91;
    ck_assert_int_eq(
        tocsin__matcher_compile(TOCSIN_ENGINE_AUTO, literals, NESTED, expressions, 1, &options, &matcher, &bad, NULL),
        TOCSIN_OK);
    ck_assert_int_eq(tocsin__matcher_scratch_create(&matcher, &h.hits.allocator, &scratch), TOCSIN_OK);
    read_text(&matcher, tocsin__units_best(), letters, LENGTH, &read);
    ck_assert_int_eq(tocsin__matcher_scan(&matcher, &scratch, &read, take, &h), TOCSIN_OK);
    ck_assert_uint_gt(h.calls, 1);
    ck_assert_uint_eq(h.hits.list.length, expected);
    for (size_t i = 1; i < h.hits.list.length; i++) {
        if (!comes_before(&h.hits.list.data[i - 1], &h.hits.list.data[i])) ck_abort_msg("hit %zu", i);
    }
    tocsin__units_release(&read.units, &h.hits.allocator);
    tocsin__matcher_scratch_release(&matcher, &scratch);
    tocsin__matcher_release(&matcher);
    tocsin__vec_release(&h.hits.list, &h.hits.allocator);
}
END_TEST

START_TEST(hits_in_any_order_are_sorted) {
    random_text_state = 1;
    tocsin__hits hits = {*tocsin_allocator_default(), {0}, SIZE_MAX, 0};
    tocsin__hit_list room = {0};
    for (size_t count = 0; count < 700; count += 1 + count / 9) {
        for (int kind = 0; kind < 4; kind++) {
            hits.list.length = 0;
            for (uint32_t i = 0; i < count; i++) {
                const uint32_t r = random_text_below(1U << 20);
                const uint32_t start = kind == 0   ? r % 50
                                       : kind == 1 ? i
                                       : kind == 2 ? (uint32_t)count - i
                                                   : i / 100 * 7 % 5;
                ck_assert_int_eq(tocsin__hits_add(&hits, start, start + 1 + r / 64 % 3, i), TOCSIN_OK);
            }
            ck_assert_int_eq(tocsin__hits_sort(&hits, &room), TOCSIN_OK);
            ck_assert_uint_eq(hits.list.length, count);
            for (size_t i = 1; i < count; i++) ck_assert(comes_before(&hits.list.data[i - 1], &hits.list.data[i]));
        }
    }
    tocsin__vec_release(&room, &hits.allocator);
    tocsin__vec_release(&hits.list, &hits.allocator);
}
END_TEST

START_TEST(bad_expressions_are_named) {
    const tocsin__pattern expressions[] = {{"火灾", 6, 0}, {"火(灾", 7, 0}};
    tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    tocsin__matcher matcher;
    size_t bad = 0;
    tocsin_error error = {0};
    ck_assert_int_eq(
        tocsin__matcher_compile(TOCSIN_ENGINE_AUTO, NULL, 0, expressions, 2, &options, &matcher, &bad, &error),
        TOCSIN_ERROR_ENGINE);
    ck_assert_uint_eq(bad, 1);
    ck_assert_ptr_nonnull(strstr(error.message, "admission"));
    ck_assert_int_eq(tocsin__matcher_try_regex(&expressions[0], &options, &error), TOCSIN_OK);
    ck_assert_int_eq(tocsin__matcher_try_regex(&expressions[1], &options, &error), TOCSIN_ERROR_ENGINE);
    ck_assert_int_eq(tocsin__matcher_compile((tocsin_engine)9, NULL, 0, NULL, 0, &options, &matcher, &bad, &error),
                     TOCSIN_ERROR_ARGUMENT);
}
END_TEST

TOCSIN_SUITE("match",
             TOCSIN_LOOP(engines_agree_on_generated_text, generated) TOCSIN_CASE(engines_agree_on_adversarial_lexicons)
                 TOCSIN_LOOP(engines_agree_on_similar_literals, shapes)
                     TOCSIN_LOOP(engines_agree_on_single_characters, singles) TOCSIN_CASE(engines_agree_on_real_text)
                         TOCSIN_CASE(hits_come_in_one_order) TOCSIN_CASE(very_many_hits_come_in_several_lists)
                             TOCSIN_CASE(hits_in_any_order_are_sorted) TOCSIN_CASE(bad_expressions_are_named)
                                 TOCSIN_CASE(the_longest_literal_matches))
