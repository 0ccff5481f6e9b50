/*
 * The regex engine compared with Hyperscan and with the naive matcher. Texts are made from the regexes themselves,
 * whole and damaged, for a real plan and for random regexes, with bounds, anchors and line ends, in originals and in
 * folded text, with failing memory. Time must be linear.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <hs.h>

#include <tocsin/tocsin.h>

#include "base/bitset.h"
#include "base/buffer.h"
#include "base/utf8.h"
#include "failing_allocator.h"
#include "match/filter_frequency.h"
#include "match/regex_engine.h"
#include "match/regex_glushkov.h"
#include "plan/plan_internal.h"
#include "random_text.h"
#include "regex_naive.h"
#include "suite.h"
#include "text/fold_tables.h"

#define MOST_TEXT 4000

typedef struct text {
    char data[MOST_TEXT + 8];
    size_t length;
} text;

static void put(text *t, uint32_t c) {
    if (t->length < MOST_TEXT) t->length += tocsin__utf8_put(t->data + t->length, c);
}

/* Both engines over the same regexes, which require no edge of the text: Hyperscan gets the regexes without edges. */
typedef struct rivals {
    hs_database_t *database;
    hs_scratch_t *hs_scratch;
    tocsin__regexes *own;
    tocsin__regex_scratch *scratch;
    tocsin__hits expected, found;
} rivals;

static hs_database_t *compile_with_hyperscan(const tocsin__pattern *expressions, size_t count, unsigned starts) {
    const char *printed[400];
    unsigned flags[400], ids[400];
    hs_database_t *database = NULL;
    hs_compile_error_t *said = NULL;
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    ck_assert_uint_le(count, 400);
    for (unsigned i = 0; i < count; i++) {
        tocsin__regex_node *tree = NULL;
        tocsin_buffer out;
        size_t errors = 1;
        tocsin_buffer_init(&out, NULL);
        ck_assert_int_eq(
            tocsin__regex_parse(expressions[i].data, expressions[i].length, &arena, NULL, NULL, &tree, &errors),
            TOCSIN_OK);
        ck_assert_msg(!errors, "%s", expressions[i].data);
        ck_assert_int_eq(tocsin__regex_print_for_hyperscan(tree, &arena, &out), TOCSIN_OK);
        printed[i] = tocsin__arena_copy(&arena, out.data ? out.data : "", out.length);
        flags[i] = HS_FLAG_UTF8 | starts;
        ids[i] = i;
        tocsin_buffer_release(&out);
    }
    (void)hs_compile_multi(printed, flags, ids, (unsigned)count, HS_MODE_BLOCK, NULL, &database, &said);
    hs_free_compile_error(said);
    tocsin__arena_release(&arena);
    return database;
}

static void open_own(rivals *r, const tocsin__pattern *expressions, size_t count, int leave_all) {
    const tocsin__engine_options options = {.allocator = *tocsin_allocator_default(), .leave_all = leave_all};
    size_t bad;
    memset(r, 0, sizeof *r);
    ck_assert_int_eq(tocsin__regexes_compile(expressions, count, &options, &r->own, &bad, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__regexes_scratch_create(r->own, &options.allocator, &r->scratch), TOCSIN_OK);
    r->expected = r->found = (tocsin__hits){.allocator = options.allocator, .limit = SIZE_MAX};
}

/* starts: HS_FLAG_SOM_LEFTMOST, or 0: Hyperscan finds only ends, because starts of many regexes take it very long. */
static int open_rivals(rivals *r, const tocsin__pattern *expressions, size_t count, unsigned starts) {
    hs_database_t *database = compile_with_hyperscan(expressions, count, starts);
    if (!database) return 0;
    open_own(r, expressions, count, 0);
    r->database = database;
    ck_assert_int_eq(hs_alloc_scratch(database, &r->hs_scratch), HS_SUCCESS);
    return 1;
}

static void close_rivals(rivals *r) {
    tocsin__vec_release(&r->expected.list, &r->expected.allocator);
    tocsin__vec_release(&r->found.list, &r->found.allocator);
    tocsin__regexes_scratch_free(r->scratch);
    tocsin__regexes_free(r->own);
    if (r->hs_scratch) hs_free_scratch(r->hs_scratch);
    if (r->database) hs_free_database(r->database);
}

static int by_place(const void *a, const void *b) {
    const tocsin__hit *x = a, *y = b;
    if (x->pattern != y->pattern) return x->pattern < y->pattern ? -1 : 1;
    if (x->end != y->end) return x->end < y->end ? -1 : 1;
    return x->start < y->start ? -1 : x->start > y->start;
}

static void sort_hits(tocsin__hits *hits) {
    if (hits->list.length) qsort(hits->list.data, hits->list.length, sizeof(tocsin__hit), by_place);
}

/* Tries the atoms of the pair at a unit, or of its first character alone. */
static void match_pair(const rivals *r, const tocsin__text *t, size_t place, size_t unit, uint32_t left,
                       uint32_t right) {
    size_t count, low = 0, end;
    const tocsin__atom *atoms = tocsin__regexes_atoms(r->own, &count);
    for (size_t high = count; low < high;) {
        const size_t middle = low + (high - low) / 2;
        const int before = atoms[middle].left != left ? atoms[middle].left < left : atoms[middle].right < right;
        if (before) low = middle + 1;
        if (!before) high = middle;
    }
    for (end = low; end < count && atoms[end].left == left && atoms[end].right == right;) end++;
    if (end == low) return;
    ck_assert_int_eq(tocsin__regexes_match_pair(r->own, r->scratch, t, place, unit, tocsin__regexes_number(r->own, low),
                                                tocsin__regexes_number(r->own, end)),
                     TOCSIN_OK);
}

/* Atoms that are found among units give the same matches. */
static void compare_by_units(const rivals *r, const tocsin__view *view) {
    const tocsin_allocator *allocator = tocsin_allocator_default();
    tocsin__text t = {.view = *view};
    tocsin__hits hits = {.allocator = *allocator, .limit = SIZE_MAX};
    int one_to_one = 0;
    ck_assert_int_eq(tocsin__units_read(&t, 1, tocsin__units_best(), allocator, &one_to_one), TOCSIN_OK);
    tocsin__regexes_begin(r->scratch);
    for (size_t at = 0, unit = 0, next; at < view->length && one_to_one; at = next, unit++) {
        const uint16_t *units = t.units.units.data + unit;
        (void)tocsin__view_next(view, at, &next);
        match_pair(r, &t, at, unit, TOCSIN__ATOM_ANY, units[0]);
        if (next < view->length) match_pair(r, &t, at, unit, units[0], units[1]);
    }
    ck_assert_int_eq(tocsin__regexes_finish(r->own, r->scratch, &hits), TOCSIN_OK);
    sort_hits(&hits);
    if (one_to_one) ck_assert_uint_eq(hits.list.length, r->found.list.length);
    for (size_t i = 0; i < hits.list.length; i++) {
        ck_assert_int_eq(by_place(&hits.list.data[i], &r->found.list.data[i]), 0);
    }
    tocsin__vec_release(&hits.list, allocator);
    tocsin__units_release(&t.units, allocator);
}

static void scan_own(rivals *r, const tocsin__view *view) {
    int must_fold = 1;
    r->found.list.length = 0;
    ck_assert_int_eq(tocsin__regexes_scan(r->own, r->scratch, view, &r->found, &must_fold), TOCSIN_OK);
    ck_assert_int_eq(must_fold, 0);
    sort_hits(&r->found);
    if (view->length < MOST_TEXT && !tocsin__regexes_left(r->own)) compare_by_units(r, view);
}

static int on_match(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    rivals *r = context;
    (void)flags;
    return tocsin__hits_add(&r->expected, (uint32_t)from, (uint32_t)to, id) != TOCSIN_OK;
}

static void scan_regex(rivals *r, const text *t) {
    r->expected.list.length = 0;
    ck_assert_int_eq(hs_scan(r->database, t->data, (unsigned)t->length, 0, r->hs_scratch, on_match, r), HS_SUCCESS);
    sort_hits(&r->expected);
}

/* The expected hits and the found ones, which must be equal. */
static size_t compare_hits(const rivals *r, const tocsin__pattern *expressions, const text *t) {
    for (size_t i = 0; i < r->expected.list.length || i < r->found.list.length; i++) {
        const tocsin__hit none = {0, 0, UINT32_MAX};
        const tocsin__hit e = i < r->expected.list.length ? r->expected.list.data[i] : none;
        const tocsin__hit f = i < r->found.list.length ? r->found.list.data[i] : none;
        if (e.start == f.start && e.end == f.end && e.pattern == f.pattern) continue;
        const tocsin__hit *odd = by_place(&e, &f) < 0 ? &e : &f;
        ck_abort_msg("expected %u-%u of %d, found %u-%u of %d: %s in \"%.*s\"", e.start, e.end, (int)e.pattern, f.start,
                     f.end, (int)f.pattern, expressions[odd->pattern].data, (int)t->length, t->data);
    }
    return r->expected.list.length;
}

/* Hits by their ends alone, each once. */
static void forget_starts(tocsin__hits *hits) {
    size_t kept = 0;
    for (size_t i = 0; i < hits->list.length; i++) hits->list.data[i].start = 0;
    sort_hits(hits);
    for (size_t i = 0; i < hits->list.length; i++) {
        if (!kept || by_place(&hits->list.data[i], &hits->list.data[kept - 1])) {
            hits->list.data[kept++] = hits->list.data[i];
        }
    }
    hits->list.length = kept;
}

static size_t compare(rivals *r, const tocsin__pattern *expressions, const text *t, int ends_alone) {
    const tocsin__view view = {t->data, t->length, NULL};
    scan_regex(r, t);
    scan_own(r, &view);
    if (ends_alone) forget_starts(&r->expected);
    if (ends_alone) forget_starts(&r->found);
    return compare_hits(r, expressions, t);
}

/* A character of the set, or, once in twelve times and for wide sets, another one. */
static uint32_t character_for(const tocsin__character_set *set) {
    if (!set->count || (set->members > 70000 && random_text_below(8)) || !random_text_below(12))
        return U"的灾a7\n𠀀火,\r\u2028"[random_text_below(10)];
    const tocsin__code_range *range = &set->ranges[random_text_below(set->count)];
    return range->first + random_text_below(range->last - range->first + 1);
}

static uint32_t member(const tocsin__glushkov *draft, const uint64_t *set) {
    uint32_t p = tocsin__positions_next(draft, set, 0);
    for (uint32_t next = p; next < draft->position_count; next = tocsin__positions_next(draft, set, next + 1)) {
        if (!random_text_below(3)) p = next;
    }
    return p;
}

static const uint64_t *one_of(const uint64_t *const *sets, uint32_t count) {
    const uint64_t *chosen = NULL;
    for (uint32_t i = 0, seen = 0; i < count; i++) {
        if (sets[i] && !random_text_below(++seen)) chosen = sets[i];
    }
    return chosen;
}

static int is_last(const tocsin__glushkov *draft, uint32_t p) {
    int last = 0;
    for (int e = 0; e < TOCSIN__NFA_ENDS; e++) last |= draft->last[e] && tocsin__bits_test(draft->last[e], p);
    return last;
}

/* Writes a match of the regex, often with an error. */
static void put_match(text *t, const tocsin__glushkov *draft) {
    uint32_t p = member(draft, one_of(draft->first, TOCSIN__NFA_STARTS));
    for (;;) {
        const uint32_t c = character_for(&draft->sets[draft->set_of[p]]);
        put(t, c && (c < 0xD800 || c > 0xDFFF) ? c : 'x');
        if (is_last(draft, p) && !random_text_below(4)) return;
        const tocsin__join *chosen = NULL;
        uint32_t seen = 0;
        for (const tocsin__join *join = draft->joins; join; join = join->next) {
            if (tocsin__bits_test(join->from, p) && !random_text_below(++seen)) chosen = join;
        }
        if (!chosen) return;
        p = member(draft, chosen->to);
    }
}

typedef struct drafts {
    tocsin__arena arena;
    tocsin__glushkov *draft;
    tocsin__frequency *frequency;
} drafts;

static drafts *open_drafts(void) {
    drafts *d = calloc(1, sizeof *d);
    ck_assert_ptr_nonnull(d);
    tocsin__arena_init(&d->arena, tocsin_allocator_default());
    d->draft = calloc(1, sizeof *d->draft);
    ck_assert_ptr_nonnull(d->draft);
    d->frequency = tocsin__frequency_create(tocsin_allocator_default());
    ck_assert_ptr_nonnull(d->frequency);
    d->draft->frequency = d->frequency;
    return d;
}

static void close_drafts(drafts *d) {
    tocsin__arena_release(&d->arena);
    tocsin__frequency_free(d->frequency);
    free(d->draft);
    free(d);
}

static void put_matches(text *t, drafts *d, const tocsin__pattern *expressions, size_t count, uint32_t matches) {
    t->length = 0;
    for (; matches; matches--) {
        tocsin__arena_reset(&d->arena);
        ck_assert_int_eq(
            tocsin__glushkov_construct(&expressions[random_text_below((uint32_t)count)], &d->arena, d->draft),
            TOCSIN_OK);
        if (!d->draft->fault) put_match(t, d->draft);
        if (!random_text_below(3)) put(t, U"。的 1"[random_text_below(4)]);
    }
}

static tocsin_plan *plan_of_regexes(void) {
    tocsin_plan *plan = NULL;
    ck_assert_int_eq(tocsin_plan_compile_file(TOCSIN_SOURCE_DIR "/tests/regexes/plan.yaml", NULL, NULL, &plan, NULL),
                     TOCSIN_OK);
    return plan;
}

START_TEST(regexes_of_a_plan_match_as_hyperscan) {
    random_text_state = 7;
    tocsin_plan *plan = plan_of_regexes();
    const size_t count = plan->matcher.regex_count;
    rivals r;
    drafts *d = open_drafts();
    text t;
    size_t hits = 0;
    ck_assert(open_rivals(&r, plan->regexes, count, 0));
    ck_assert_uint_gt(count, 150);
    ck_assert_uint_eq(tocsin__regexes_left(r.own), 0);
    ck_assert_uint_lt(tocsin__regexes_memory(r.own), 8u << 20);
    for (int round = 0; round < 1500; round++) {
        put_matches(&t, d, plan->regexes, count, 1 + random_text_below(24));
        hits += compare(&r, plan->regexes, &t, 1);
    }
    ck_assert_uint_gt(hits, 5000);
    close_drafts(d);
    close_rivals(&r);
    tocsin_plan_release(plan);
}
END_TEST

static const char *const letters[] = {"灾", "锅", "寠", "a", "7", "𠀀", "é", "𠁲", "\n", "-", "火", "人"};
#define LETTERS ((uint32_t)(sizeof letters / sizeof *letters))

static int with_sets; /* classes such as \\d, which take Hyperscan long */

static void write_class(char *out) {
    static const char *const whole[] = {"[0-9]", "[^灾]", "[灾-锅]", "[\\x{7}a-e]", "[^\\x{4e00}-\\x{9fff}a]",
                                        ".",     "\\d",   "\\w",     "\\p{Han}",    "[\\s7]"};
    if (random_text_below(2)) {
        strcat(out, whole[random_text_below(with_sets ? 10 : 6)]);
        return;
    }
    strcat(out, random_text_below(4) ? "[" : "[^");
    for (uint32_t n = 1 + random_text_below(3); n; n--) {
        const char *letter = letters[random_text_below(LETTERS)];
        strcat(out, *letter == '-' ? "\\-" : letter);
    }
    strcat(out, "]");
}

static void write_pattern(char *out, int depth);

static void write_piece(char *out, int depth) {
    static const char *const repeats[] = {"?", "{2}", "{0,2}", "{1,3}", "{2,3}", "{0,7}", "{3}"};
    static const char *const odd[] = {"\\x{706b}", "\\-", "(?s:.)", "\\x{20000}", "\\D", "\\S"};
    const uint32_t kind = random_text_below(10);
    if (kind < 2 && depth > 0) {
        strcat(out, "(?:");
        write_pattern(out, depth - 1);
        strcat(out, ")");
    } else if (kind < 4) {
        write_class(out);
    } else if (kind == 4 && !random_text_below(3)) {
        strcat(out, odd[random_text_below(with_sets ? 6 : 4)]);
    } else {
        const char *letter = letters[random_text_below(LETTERS)];
        strcat(out, *letter == '-' ? "\\-" : letter);
    }
    if (!random_text_below(4)) strcat(out, repeats[random_text_below(7)]);
}

static void write_pattern(char *out, int depth) {
    for (uint32_t alternatives = random_text_below(3) ? 1 : 2 + random_text_below(2); alternatives; alternatives--) {
        for (uint32_t pieces = random_text_below(12) ? 1 + random_text_below(4) : 0; pieces; pieces--)
            write_piece(out, depth);
        if (alternatives > 1) strcat(out, "|");
    }
}

START_TEST(random_regexes_match_as_hyperscan) {
    random_text_state = 7;
    size_t own = 0, left = 0, hits = 0;
    drafts *d = open_drafts();
    with_sets = 0;
    for (int round = 0; round < 250; round++) {
        char patterns[3][8000] = {"", "", ""};
        tocsin__pattern expressions[3];
        const size_t count = 1 + random_text_below(3);
        rivals r;
        text t;
        for (size_t i = 0; i < count; i++) {
            write_pattern(patterns[i], 2);
            expressions[i] = (tocsin__pattern){patterns[i], (uint32_t)strlen(patterns[i]), 0};
        }
        if (!open_rivals(&r, expressions, count, HS_FLAG_SOM_LEFTMOST)) continue;
        left += tocsin__regexes_left(r.own);
        own += count - tocsin__regexes_left(r.own);
        for (int i = 0; i < 20; i++) {
            put_matches(&t, d, expressions, count, 1 + random_text_below(4));
            for (uint32_t n = random_text_below(20); n; n--) {
                const char *letter = letters[random_text_below(LETTERS)];
                size_t next;
                put(&t, tocsin__utf8_next(letter, strlen(letter), 0, &next));
            }
            hits += compare(&r, expressions, &t, 0);
        }
        close_rivals(&r);
    }
    ck_assert_uint_gt(own, 200);
    ck_assert_uint_gt(left, 0);
    ck_assert_uint_gt(hits, 3000);
    close_drafts(d);
}
END_TEST

/* Bounds 1 are those of a plan: an edge is closed between two ASCII letters or digits. Bounds 2 close some edges. */
static tocsin_status test_edge(void *context, const tocsin__view *view, size_t at, tocsin__edge edge, uint32_t bounds,
                               int *open) {
    size_t *asked = context, next;
    ++*asked;
    *open = 1;
    if (bounds == 2) *open = (at * 2654435761U + (unsigned)edge) % 7 > 1;
    if (bounds != 1 || !at || at >= view->length) return TOCSIN_OK;
    const uint32_t before = tocsin__view_next(view, tocsin__view_previous(view, at), &next);
    const uint32_t behind = tocsin__view_next(view, at, &next);
    *open = !(before < 0x80 && behind < 0x80 && isalnum((int)before) && isalnum((int)behind));
    return TOCSIN_OK;
}

/* A random regex, perhaps with edges of the text and of lines. */
static void write_whole(char *out) {
    static const char *const starts[] = {"^", "(?m:^)", "\\A", "(?:^|火)", "(?m)^"};
    static const char *const ends[] = {"$", "(?m:$)", "\\z", "\\Z", "(?:人|$)"};
    out[0] = '\0';
    if (!random_text_below(4)) strcat(out, starts[random_text_below(5)]);
    strcat(out, "(?:");
    write_pattern(out, 1);
    strcat(out, ")");
    if (!random_text_below(4)) strcat(out, ends[random_text_below(5)]);
}

/* Compares the hits of one regex in one text: naive matcher and one engine. */
static size_t compare_naive(rivals *r, tocsin__regex_node *tree, const tocsin__pattern *expression, const text *t,
                            tocsin__arena *arena, size_t *asked) {
    const tocsin__edge_test test = {test_edge, asked, 0};
    const tocsin__view view = {t->data, t->length, NULL};
    r->expected.list.length = 0;
    regex_naive_scan(tree, &view, expression->bounds, &test, 0, arena, &r->expected);
    sort_hits(&r->expected);
    tocsin__regexes_test_edges(r->scratch, &test);
    scan_own(r, &view);
    return compare_hits(r, expression, t);
}

static const int left_to_hyperscan[] = {0, 1};

/* With bounds, edges and line ends: around atoms (0) and from the ends that Hyperscan finds (1). */
START_TEST(random_regexes_match_as_naive) {
    random_text_state = 7;
    size_t compared = 0, hits = 0, asked = 0, left = 0;
    drafts *d = open_drafts();
    for (int round = 0; round < (_i ? 150 : 800); round++) {
        char pattern[8000];
        rivals r = {.own = NULL};
        text t;
        tocsin__arena arena;
        tocsin__regex_node *tree = NULL;
        const tocsin__engine_options options = {.allocator = *tocsin_allocator_default(), .leave_all = _i};
        size_t errors = 1, bad;
        with_sets = random_text_below(_i ? 8 : 2) == 0;
        write_whole(pattern);
        const tocsin__pattern expression = {pattern, (uint32_t)strlen(pattern), random_text_below(3)};
        tocsin_status status = tocsin__regexes_compile(&expression, 1, &options, &r.own, &bad, NULL);
        if (status == TOCSIN_ERROR_ENGINE) continue;
        ck_assert_int_eq(status, TOCSIN_OK);
        ck_assert_int_eq(tocsin__regexes_scratch_create(r.own, &options.allocator, &r.scratch), TOCSIN_OK);
        r.expected = r.found = (tocsin__hits){.allocator = options.allocator, .limit = SIZE_MAX};
        tocsin__arena_init(&arena, &options.allocator);
        ck_assert_int_eq(tocsin__regex_parse(pattern, strlen(pattern), &arena, NULL, NULL, &tree, &errors), TOCSIN_OK);
        ck_assert_uint_eq(errors, 0);
        left += tocsin__regexes_left(r.own);
        compared++;
        for (int i = 0; i < 6; i++) {
            put_matches(&t, d, &expression, 1, 1 + random_text_below(3));
            for (uint32_t n = random_text_below(6); n; n--) {
                const char *letter = letters[random_text_below(LETTERS)];
                size_t next;
                put(&t, tocsin__utf8_next(letter, strlen(letter), 0, &next));
            }
            if (t.length < 200) hits += compare_naive(&r, tree, &expression, &t, &arena, &asked);
        }
        tocsin__arena_release(&arena);
        close_rivals(&r);
    }
    ck_assert_uint_gt(compared, _i ? 70 : 400);
    ck_assert_uint_gt(hits, _i ? 200 : 2000);
    ck_assert_uint_gt(asked, 500);
    if (_i) ck_assert_uint_eq(left, compared);
    if (!_i) ck_assert_uint_lt(left, compared / 2);
    close_drafts(d);
}
END_TEST

static const struct {
    const char *pattern, *text;
    uint32_t bounds;
    const char *found; /* the first hit, or NULL */
} edges[] = {
    {"(?:tg)?群[0-9]{3}", "atg群123", 1, "群123"},
    {"(?:tg)?群[0-9]{3}", "atg群123", 0, "tg群123"},
    {"(?:tg)?群[0-9]{3}", "tg群1234", 1, NULL},
    {"[0-9三十]{1,5}分钟", "b12三十分钟", 1, "三十分钟"},
    {"[0-9三十]{1,5}分钟", "b12三十分钟", 0, "12三十分钟"},
    {"火灾.{0,5}死亡", "火灾\n死亡证明", 0, NULL},
    {"火灾.{0,5}死亡", "火灾\r\n死亡", 0, NULL},
    {"火灾.{0,5}死亡", "火灾\xE2\x80\xA8死亡", 0, NULL},
    {"火灾.{0,5}死亡", "火灾\xC2\x85死亡", 0, NULL},
    {"火灾(?s:.){0,5}死亡", "火灾\n死亡", 0, "火灾\n死亡"},
    {"火灾\\s死亡", "火灾\n死亡", 0, "火灾\n死亡"},
    {"火灾$", "火灾\n", 0, "火灾"},
    {"火灾$", "火灾\r\n", 0, "火灾"},
    {"火灾$", "火灾\n\n", 0, NULL},
    {"火灾\\z", "火灾\n", 0, NULL},
    {"(?m)^火灾$", "水\n火灾\n水", 0, "火灾"},
    {"(?m)^火灾$", "水\xE2\x80\xA9火灾\r水", 0, "火灾"},
    {"^火灾", "水\n火灾", 0, NULL},
    {"(?:^|，)火灾", "火灾，火灾", 0, "火灾"},
    {"消防\\w{0,2}迟到", "消防又迟到", 0, "消防又迟到"},
    {"消防\\w{0,2}迟到", "消防,迟到", 0, NULL},
    {"第\\d{1,2}号泵站", "第12号泵站", 0, "第12号泵站"},
    {"\\p{Han}{2}\\P{Han}火灾", "今日:火灾", 0, "今日:火灾"},
    {"𠀀𠁲", "x𠀀𠁲", 0, "𠀀𠁲"},
};

/* Around atoms and from the ends that Hyperscan finds. */
START_TEST(edges_and_line_ends_match_as_naive) {
    const tocsin__pattern expression = {edges[_i].pattern, (uint32_t)strlen(edges[_i].pattern), edges[_i].bounds};
    const tocsin__view view = {edges[_i].text, strlen(edges[_i].text), NULL};
    for (int leave_all = 0; leave_all < 2; leave_all++) {
        size_t asked = 0;
        const tocsin__edge_test test = {test_edge, &asked, 0};
        rivals r;
        open_own(&r, &expression, 1, leave_all);
        tocsin__regexes_test_edges(r.scratch, &test);
        scan_own(&r, &view);
        ck_assert_msg(!r.found.list.length == !edges[_i].found, "%s in %s, %d", edges[_i].pattern, edges[_i].text,
                      leave_all);
        if (edges[_i].found) {
            const tocsin__hit hit = r.found.list.data[0];
            ck_assert_uint_eq(hit.end - hit.start, strlen(edges[_i].found));
            ck_assert_mem_eq(view.text + hit.start, edges[_i].found, hit.end - hit.start);
        }
        close_rivals(&r);
    }
}
END_TEST

static const struct {
    const char *pattern;
    size_t left;
} owners[] = {
    {"火灾", 0},
    {"火.{0,8}灾", 0},
    {"(?:没人|无人)(?:管|理)", 0},
    {"[砸踹]{2}", 0},
    {"\\x{7838}坏", 0},
    {"砸坏(?:x|)", 0},
    {"火(?:灾|水){1,3}人", 0},
    {"(?s:砸.坏)", 0},
    {"(?s)砸.坏", 0},
    {"火灾$", 0},
    {"^火灾", 0},
    {"火灾\\d", 0},
    {"火灾[[:alpha:]]", 0},
    {"\\A火灾", 0},
    {"火灾\\p{Han}", 0},
    {"火灾(?-s:.)", 0},
    {"消防\\w{0,2}迟到", 0},
    {"消防\\w{0,60}迟到", 0},
    {"火灾[0-9]{0,200}", 0},
    {"的.{0,3}一", 0},
    {"(?:的|一).{0,4}(?:不|了)", 0},
    {"𠀀𠁲", 1},
    {"火𠀀", 0},
    {"[0-9]{300}火灾", 1},
};

START_TEST(the_search_method_is_chosen_at_compile_time) {
    const tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    const tocsin__pattern expression = {owners[_i].pattern, (uint32_t)strlen(owners[_i].pattern), 0};
    const char unfolded[] = "火";
    const tocsin__view view = {unfolded, sizeof unfolded - 1, tocsin__fold_plane_hans};
    tocsin__hits hits = {.allocator = options.allocator, .limit = SIZE_MAX};
    tocsin__regexes *e = NULL;
    tocsin__regex_scratch *s = NULL;
    size_t bad, count;
    int must_fold = -1;
    ck_assert_int_eq(tocsin__regexes_compile(&expression, 1, &options, &e, &bad, NULL), TOCSIN_OK);
    ck_assert_msg(tocsin__regexes_left(e) == owners[_i].left, "%s", owners[_i].pattern);
    (void)tocsin__regexes_atoms(e, &count);
    ck_assert_int_eq(count > 0, !owners[_i].left);
    ck_assert_int_eq(tocsin__regexes_scratch_create(e, &options.allocator, &s), TOCSIN_OK);
    ck_assert_int_eq(tocsin__regexes_scan(e, s, &view, &hits, &must_fold), TOCSIN_OK);
    ck_assert_int_eq(must_fold, owners[_i].left != 0);
    tocsin__regexes_scratch_free(s);
    tocsin__regexes_free(e);
}
END_TEST

/* Among the characters of the regexes: each whose folded form has another length in bytes, or the same. */
START_TEST(originals_match_as_folded_text) {
    random_text_state = 7;
    tocsin_plan *plan = plan_of_regexes();
    const size_t count = plan->matcher.regex_count;
    const uint16_t *plane = tocsin__fold_plane_hans;
    static uint32_t unfolded[65536];
    rivals r;
    drafts *d = open_drafts();
    text folded, original;
    size_t hits = 0, changed = 0;
    for (uint32_t c = 1; c < 65536; c++) {
        if (plane[c] && plane[c] != c && (c < 0xD800 || c > 0xDFFF)) unfolded[plane[c]] = c;
    }
    open_own(&r, plan->regexes, count, 0);
    for (int round = 0; round < 500; round++) {
        uint32_t places[2 * MOST_TEXT] = {0};
        put_matches(&folded, d, plan->regexes, count, 1 + random_text_below(24));
        original.length = 0;
        for (size_t at = 0; at < folded.length;) {
            const uint32_t c = tocsin__utf8_next(folded.data, folded.length, at, &at);
            const uint32_t other = c < 65536 && unfolded[c] && random_text_below(2) ? unfolded[c] : c;
            changed += other != c;
            put(&original, other);
            places[at] = (uint32_t)original.length;
        }
        if (original.length >= MOST_TEXT) continue;
        const tocsin__view view = {original.data, original.length, plane};
        const tocsin__view whole = {folded.data, folded.length, NULL};
        scan_own(&r, &whole);
        r.expected.list.length = 0;
        for (size_t i = 0; i < r.found.list.length; i++) {
            const tocsin__hit hit = r.found.list.data[i];
            ck_assert_int_eq(tocsin__hits_add(&r.expected, hit.start, hit.end, hit.pattern), TOCSIN_OK);
        }
        scan_own(&r, &view);
        ck_assert_uint_eq(r.found.list.length, r.expected.list.length);
        for (size_t i = 0; i < r.found.list.length; i++) {
            ck_assert_uint_eq(r.found.list.data[i].start, places[r.expected.list.data[i].start]);
            ck_assert_uint_eq(r.found.list.data[i].end, places[r.expected.list.data[i].end]);
        }
        hits += r.found.list.length;
    }
    ck_assert_uint_gt(hits, 1000);
    ck_assert_uint_gt(changed, 5000);
    close_drafts(d);
    close_rivals(&r);
    tocsin_plan_release(plan);
}
END_TEST

static tocsin_status compile_and_scan(failing_allocator *state, size_t *hits) {
    static const char sample[] = "消防队没人接，等了三十分钟，火灾1，等了很久";
    const char *const patterns[] = {"(?:119|消防队).{0,8}(?:没人接|打不通)", "等了.{1,6}(?:分钟|小时)", "火灾\\d",
                                    "[火水]灾[0-9]{1,3}"};
    const tocsin__engine_options options = {.allocator = failing_allocator_get(state)};
    const tocsin__view view = {sample, sizeof sample - 1, NULL};
    tocsin__pattern expressions[4];
    tocsin__hits found = {.allocator = options.allocator, .limit = SIZE_MAX};
    tocsin__regexes *e = NULL;
    tocsin__regex_scratch *s = NULL;
    size_t bad;
    int must_fold;
    for (size_t i = 0; i < 4; i++) expressions[i] = (tocsin__pattern){patterns[i], (uint32_t)strlen(patterns[i]), 0};
    tocsin_status status = tocsin__regexes_compile(expressions, 4, &options, &e, &bad, NULL);
    if (!status) status = tocsin__regexes_scratch_create(e, &options.allocator, &s);
    if (!status) status = tocsin__regexes_scan(e, s, &view, &found, &must_fold);
    *hits = found.list.length;
    tocsin__vec_release(&found.list, &found.allocator);
    tocsin__regexes_scratch_free(s);
    tocsin__regexes_free(e);
    return status;
}

START_TEST(failing_memory_is_reported) {
    size_t hits = 0;
    for (int onwards = 0; onwards < 2; onwards++) {
        failing_allocator state = {0};
        ck_assert_int_eq(compile_and_scan(&state, &hits), TOCSIN_OK);
        ck_assert_uint_eq(hits, 4);
        const size_t calls = state.calls;
        ck_assert_uint_gt(calls, 10);
        for (size_t i = 1; i <= calls; i++) {
            state = (failing_allocator){.fail_at = i, .fail_onwards = onwards};
            ck_assert_int_eq(compile_and_scan(&state, &hits), TOCSIN_ERROR_MEMORY);
            ck_assert_uint_eq(state.live, 0);
            ck_assert_uint_eq(state.wrong, 0);
        }
    }
}
END_TEST

/* Some of the patterns in some order, with each of them at most twice. */
static size_t pick_patterns(const tocsin__pattern *all, size_t count, tocsin__pattern *picked) {
    size_t length = 0;
    for (size_t i = 0; i < count; i++) {
        if (random_text_below(3)) picked[length++] = all[i];
        if (!random_text_below(8)) picked[length++] = all[i];
    }
    for (size_t i = length; random_text_below(2) && i > 1; i--) {
        const size_t other = random_text_below((uint32_t)i);
        const tocsin__pattern pattern = picked[i - 1];
        picked[i - 1] = picked[other];
        picked[other] = pattern;
    }
    return length;
}

static void compare_atoms(const tocsin__regexes *one, const tocsin__regexes *other) {
    size_t counts[2];
    const tocsin__atom *a = tocsin__regexes_atoms(one, &counts[0]), *b = tocsin__regexes_atoms(other, &counts[1]);
    ck_assert_uint_eq(counts[0], counts[1]);
    ck_assert_uint_eq(tocsin__regexes_left(one), tocsin__regexes_left(other));
    for (size_t i = 0; i < counts[0]; i++) {
        ck_assert(a[i].left == b[i].left && a[i].right == b[i].right && a[i].regex == b[i].regex);
    }
}

/* Regexes that are shared with others, in any order and after those are gone, are the same as compiled alone. */
START_TEST(shared_regexes_match_as_new_ones) {
    static const char *const patterns[] = {"(?:119|消防队).{0,8}(?:没人接|打不通)",
                                           "等了.{1,6}(?:分钟|小时)",
                                           "火灾\\d",
                                           "[火水]灾[0-9]{1,3}",
                                           "火灾.{0,3}人",
                                           "(?:消防车|救护车)(?:来|到)得(?:太)?[慢晚]",
                                           "没.{0,2}人接",
                                           "[a-z]{1,3}火"};
    static const char sample[] = "消防队没人接，等了三十分钟，火灾1，火灾有人，ab火，消防车来得太慢，没有人接，水灾12";
    const tocsin__view view = {sample, sizeof sample - 1, NULL};
    tocsin__pattern all[8], picked[2][16];
    for (size_t i = 0; i < 8; i++) all[i] = (tocsin__pattern){patterns[i], (uint32_t)strlen(patterns[i]), 0};
    random_text_state = 3;
    for (int round = 0; round < 300; round++) {
        tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
        rivals shared = {0}, alone;
        tocsin__regexes *known = NULL;
        size_t bad;
        const size_t had = pick_patterns(all, 8, picked[0]), count = pick_patterns(all, 8, picked[1]);
        open_own(&alone, picked[1], count, 0);
        ck_assert_int_eq(tocsin__regexes_compile(picked[0], had, &options, &known, &bad, NULL), TOCSIN_OK);
        options.known = known;
        options.known_patterns = picked[0];
        ck_assert_int_eq(tocsin__regexes_compile(picked[1], count, &options, &shared.own, &bad, NULL), TOCSIN_OK);
        tocsin__regexes_free(known);
        compare_atoms(shared.own, alone.own);
        ck_assert_int_eq(tocsin__regexes_scratch_create(shared.own, &options.allocator, &shared.scratch), TOCSIN_OK);
        shared.found = (tocsin__hits){.allocator = options.allocator, .limit = SIZE_MAX};
        scan_own(&shared, &view);
        scan_own(&alone, &view);
        ck_assert_uint_eq(shared.found.list.length, alone.found.list.length);
        for (size_t i = 0; i < alone.found.list.length; i++) {
            const tocsin__hit *a = &shared.found.list.data[i], *b = &alone.found.list.data[i];
            ck_assert(a->start == b->start && a->end == b->end && a->pattern == b->pattern);
        }
        close_rivals(&shared);
        close_rivals(&alone);
    }
}
END_TEST

/* Wherever atoms are reported, and in whatever order, each existing match is found once and no other. */
START_TEST(atoms_in_any_order_find_each_match_once) {
    const tocsin__pattern expression = {"火灾.{0,3}人", (uint32_t)strlen("火灾.{0,3}人"), 0};
    const char sample[] = "火灾火灾的人人";
    const tocsin__view view = {sample, sizeof sample - 1, NULL};
    rivals r;
    size_t count;
    open_own(&r, &expression, 1, 0);
    const tocsin__atom *atoms = tocsin__regexes_atoms(r.own, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(atoms[0].regex, 0);
    tocsin__regexes_begin(r.scratch);
    for (size_t place = view.length; place > 0; place -= 3) {
        for (int twice = 0; twice < 2; twice++) {
            ck_assert_int_eq(tocsin__regexes_match_at(r.own, r.scratch, &view, place - 3, 0), TOCSIN_OK);
        }
    }
    ck_assert_int_eq(tocsin__regexes_finish(r.own, r.scratch, &r.found), TOCSIN_OK);
    ck_assert_uint_eq(r.found.list.length, 2);
    ck_assert_uint_eq(r.found.list.data[0].start, 0);
    ck_assert_uint_eq(r.found.list.data[0].end, 18);
    ck_assert_uint_eq(r.found.list.data[1].start, 6);
    ck_assert_uint_eq(r.found.list.data[1].end, 21);
    close_rivals(&r);
}
END_TEST

static const struct {
    const char *pattern, *unit;
} hostile[] = {
    {"火灾.{0,60}没人", "火灾"},     {"火灾.{0,60}没人", "火灾没人"},         {"火灾.{0,28}灾.{0,28}没人", "火灾"},
    {"(?:火|灾){2,60}没人", "火灾"}, {"(?:火灾?.{0,20}){1,3}没人", "火灾没"},
};

/* Processor time of a text of so many units, the best of five. */
static double seconds_of(rivals *r, const char *unit, size_t units) {
    const size_t length = strlen(unit) * units;
    char *data = malloc(length + 1);
    double best = 1e9;
    ck_assert_ptr_nonnull(data);
    for (size_t i = 0; i < units; i++) memcpy(data + i * strlen(unit), unit, strlen(unit));
    const tocsin__view view = {data, length, NULL};
    for (int i = 0; i < 5; i++) {
        const clock_t start = clock();
        scan_own(r, &view);
        const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        if (seconds < best) best = seconds;
    }
    free(data);
    return best;
}

START_TEST(hostile_texts_stay_linear) {
    const tocsin__pattern expression = {hostile[_i].pattern, (uint32_t)strlen(hostile[_i].pattern), 0};
    const tocsin__engine_options options = {.allocator = *tocsin_allocator_default()};
    rivals r = {.found = {.allocator = options.allocator, .limit = SIZE_MAX}};
    size_t bad;
    ck_assert_int_eq(tocsin__regexes_compile(&expression, 1, &options, &r.own, &bad, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__regexes_scratch_create(r.own, &options.allocator, &r.scratch), TOCSIN_OK);
    ck_assert_uint_eq(tocsin__regexes_left(r.own), 0);
    const double small = seconds_of(&r, hostile[_i].unit, 5000), large = seconds_of(&r, hostile[_i].unit, 40000);
    ck_assert_msg(large < 8 * 3 * small + 0.01, "%s over %s: %g s, eight times as much %g s", hostile[_i].pattern,
                  hostile[_i].unit, small, large);
    tocsin__vec_release(&r.found.list, &r.found.allocator);
    tocsin__regexes_scratch_free(r.scratch);
    tocsin__regexes_free(r.own);
}
END_TEST

TOCSIN_SUITE("regex engine",
             TOCSIN_CASE(regexes_of_a_plan_match_as_hyperscan) TOCSIN_CASE(random_regexes_match_as_hyperscan)
                 TOCSIN_LOOP(random_regexes_match_as_naive,
                             left_to_hyperscan) TOCSIN_LOOP(the_search_method_is_chosen_at_compile_time, owners)
                     TOCSIN_LOOP(edges_and_line_ends_match_as_naive, edges) TOCSIN_CASE(originals_match_as_folded_text)
                         TOCSIN_CASE(failing_memory_is_reported) TOCSIN_CASE(shared_regexes_match_as_new_ones)
                             TOCSIN_CASE(atoms_in_any_order_find_each_match_once)
                                 TOCSIN_LOOP(hostile_texts_stay_linear, hostile))
