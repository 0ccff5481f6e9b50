/* The cuts of expressions: which pairs every match has one of, and that of two the one that text has less often stands
 * first. */
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "match/expression_cuts.h"
#include "suite.h"

typedef struct shown {
    char text[400];
} shown;

static void show_set(shown *out, tocsin__cut_set set) {
    size_t n = strlen(out->text);
    if (set.any) {
        ck_assert_uint_eq(set.count, 0);
        out->text[n++] = '*';
    }
    for (uint32_t i = 0; i < set.count; i++) {
        n += tocsin__utf8_put(out->text + n, set.list[i]);
        ck_assert_uint_lt(n, sizeof out->text - 8);
    }
    out->text[n] = '\0';
}

/* left right, a comma between cuts; "-" for everywhere. */
static void show(shown *out, const tocsin__cuts *cuts) {
    if (!cuts->first) strcat(out->text, "-");
    for (const tocsin__cut *cut = cuts->first; cut; cut = cut->next) {
        show_set(out, cut->left);
        strcat(out->text, " ");
        show_set(out, cut->right);
        if (cut->next) strcat(out->text, ", ");
    }
}

static tocsin__frequency *frequency;
static tocsin__arena arena;

static void set_up(void) {
    tocsin__arena_init(&arena, tocsin_allocator_default());
    frequency = tocsin__frequency_create(tocsin_allocator_default());
    ck_assert_ptr_nonnull(frequency);
}

static void tear_down(void) {
    tocsin__frequency_free(frequency);
    tocsin__arena_release(&arena);
}

static void cuts_of(const char *pattern, tocsin__cuts cuts[2]) {
    const tocsin__pattern expression = {pattern, (uint32_t)strlen(pattern), 0};
    ck_assert_int_eq(tocsin__expression_cuts(&expression, frequency, &arena, cuts), TOCSIN_OK);
}

static const struct {
    const char *pattern, *rarest, *other;
} known[] = {
    /* One character, two, and the rarer pair of three. */
    {"火", "火 *", "-"},
    {"火灾", "火 灾", "灾 *"},
    {"的火锅", "火 锅", "的 火"},
    {"锅火的", "锅 火", "火 的"},
    /* What may be left out says nothing, and what stands beside it neither. */
    {"火?灾", "灾 *", "-"},
    {"锅(?:很的)?火", "锅的 火", "锅 *"},
    {"火{0,3}", "-", "-"},
    {"火{1,3}灾", "火 灾", "灾 *"},
    {"火{2,3}", "火 火", "火 *"},
    {"火{2}", "火 火", "火 *"},
    {"(?:火灾){2,}", "火 灾", "灾 火"},
    {"火{1,2}", "火 *", "-"},
    {"^灾$", "灾 *", "-"},
    {"\\A灾火\\z", "灾 火", "灾 *"},
    /* Alternatives need the cuts of each; the second list too, where one of them has one. */
    {"火灾|锅", "火 灾, 锅 *", "灾 *, 锅 *"},
    {"锅|火灾", "锅 *, 火 灾", "锅 *, 灾 *"},
    {"火|锅|灾", "锅 *, 火 *, 灾 *", "-"},
    {"(?:火|锅)灾", "火锅 灾", "灾 *"},
    {"灾(?:火|锅|)", "灾 *", "-"},
    {"火|", "-", "-"},
    {"火|.", "-", "-"},
    /* Classes. */
    {"[火锅]灾", "火锅 灾", "灾 *"},
    {"[a-e]灾", "abcde 灾", "灾 *"},
    {"灾[^火]", "灾 *", "-"},
    {"灾[一-龥]", "灾 *", "-"},
    {"灾.火", "灾 *", "火 *"},
    {"[火-]灾", "火- 灾", "灾 *"},
    {"[\\]火]灾", "]火 灾", "灾 *"},
    /* Letters and digits come in runs, so that a pair of them is common, and one beside another script is not. */
    {"火00", "火 0", "火 *"},
    {"0火灾", "火 灾", "0 火"},
    {"ab火", "b 火", "火 *"},
    {"的7[0-9]", "的 7", "7 0123456789"},
    /* Escapes: controls by number, punctuation, kinds of character, and what is not known. */
    {"灾\\x{7f}", "灾 \x7f", "灾 *"},
    {"灾\\x{1a}", "灾 \x1a", "灾 *"},
    {"灾\\.火", "灾 .", ". 火"},
    {"灾\\d火", "灾 *", "火 *"},
    {"灾\\p{Han}火", "灾 *", "火 *"},
    {"灾\\pL火", "灾 *", "火 *"},
    {"灾\\bx", "-", "-"},
    {"(?s:灾)火", "灾 火", "灾 *"},
    {"(?i:灾)火", "-", "-"},
    {"灾[[:alpha:]]火", "-", "-"},
    {"灾*火", "-", "-"},
    {"(灾火", "-", "-"},
    {"灾)火", "-", "-"},
    {"灾[火", "-", "-"},
    {"灾{2火", "-", "-"},
    {"灾\\x{7f", "-", "-"},
    {"灾\\x{7F}", "-", "-"},
};

START_TEST(every_match_has_one_of_these) {
    tocsin__cuts cuts[2];
    shown rarest = {""}, other = {""};
    set_up();
    cuts_of(known[_i].pattern, cuts);
    show(&rarest, &cuts[0]);
    show(&other, &cuts[1]);
    ck_assert_msg(!strcmp(rarest.text, known[_i].rarest) && !strcmp(other.text, known[_i].other), "%s: [%s] and [%s]",
                  known[_i].pattern, rarest.text, other.text);
    if (cuts[1].first) ck_assert(cuts[0].share <= cuts[1].share);
    tear_down();
}
END_TEST

/* As deep as sixty-four groups; deeper ones are left, and what they cost is time. */
START_TEST(deep_groups_are_left) {
    for (size_t depth = 63; depth <= 66; depth++) {
        char pattern[400] = "";
        tocsin__cuts cuts[2];
        set_up();
        for (size_t i = 0; i < depth; i++) strcat(pattern, "(");
        strcat(pattern, "火");
        for (size_t i = 0; i < depth; i++) strcat(pattern, ")");
        cuts_of(pattern, cuts);
        ck_assert_int_eq(cuts[0].first != NULL, depth <= 64);
        tear_down();
    }
}
END_TEST

TOCSIN_SUITE("expression cuts", TOCSIN_CASE(deep_groups_are_left) TOCSIN_LOOP(every_match_has_one_of_these, known))
