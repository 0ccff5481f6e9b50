/* Regex admission: how patterns are folded, which are refused with which column, and which widths are guaranteed. */
#include <stdio.h>
#include <string.h>

#include <hs.h>
#include <tocsin/tocsin.h>

#include "base/buffer.h"
#include "base/utf8.h"
#include "lexicon/regex_admission.h"
#include "suite.h"

static tocsin_status note_problem(void *context, tocsin_severity severity, const char *code, size_t offset,
                                  const char *message) {
    return tocsin__buffer_printf(context, "%zu %s%s: %s\n", offset, severity == TOCSIN_SEVERITY_ERROR ? "" : "warning ",
                                 code, message);
}

/* "folded min-max" or "refused", then the problems, one a line. */
static void admit(const char *pattern, size_t length, tocsin_buffer *out) {
    tocsin_folder *folder = NULL;
    tocsin_buffer folded, problems;
    tocsin__regex_width width = {0, 0};
    int admitted = 0;
    tocsin_buffer_init(&folded, NULL);
    tocsin_buffer_init(&problems, NULL);
    tocsin__buffer_puts(&problems, "");
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin__regex_admit(folder, (tocsin_bytes){pattern, length}, tocsin_allocator_default(),
                                         note_problem, &problems, &folded, &width, &admitted),
                     TOCSIN_OK);
    if (admitted) tocsin__buffer_printf(out, "%s %u-%u\n", folded.data, width.min, width.max);
    if (!admitted) tocsin__buffer_puts(out, "refused\n");
    tocsin_buffer_append(out, problems.data, problems.length);
    tocsin_folder_free(folder);
    tocsin_buffer_release(&folded);
    tocsin_buffer_release(&problems);
}

static void expect(const char *pattern, const char *expected) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    admit(pattern, strlen(pattern), &out);
    ck_assert_str_eq(out.data, expected);
    tocsin_buffer_release(&out);
}

static const struct {
    const char *pattern, *expected;
} good[] = {
    {"火灾", "火灾 2-2\n"},
    {"火災", "火灾 2-2\n"},
    {"ＵＮ组", "un组 3-3\n"},
    {"Straße", "strasse 7-7\n"},
    {"e\xCC\x81t\xC3\x89", "\xC3\xA9t\xC3\xA9 3-3\n"},
    {"火（灾）", "火\\(灾\\) 4-4\n"},
    {"火＊．？＋灾", "火\\*\\.\\?\\+灾 6-6\n"},
    {"火\\(灾\\)\\.", "火\\(灾\\)\\. 5-5\n"},
    {"火\\－灾-", "火-灾- 4-4\n"},
    {"]火}", "\\]火\\} 3-3\n"},
    {"火灾\\#\\ !", "火灾# ! 5-5\n"},
    {"死亡\\d{1,3}人", "死亡\\d{1,3}人 4-6\n"},
    {"死.{0,16}亡", "死.{0,16}亡 2-18\n"},
    {"火灾?人", "火灾?人 2-3\n"},
    {"火災{2,3}", "火灾{2,3} 3-4\n"},
    {"火{3}", "火{3} 3-3\n"},
    {"火灾{1,2}?", "火灾{1,2} 2-3\n"},
    {"火灾??人", "火灾?人 2-3\n"},
    {"ab½?", "ab(?:1\xE2\x81\x84"
             "2)? 2-5\n"},
    {"火㍿{2}", "火(?:株式会社){2} 9-9\n"},
    {"(?:e\xCC\x81)?火灾", "(?:\xC3\xA9)?火灾 2-3\n"},
    {"(火|水)灾", "(?:火|水)灾 2-2\n"},
    {"(?<what>火灾)", "(?:火灾) 2-2\n"},
    {"(?P<what>火灾)(?'x'人)", "(?:火灾)(?:人) 3-3\n"},
    {"(?i)Fire", "fire 4-4\n"},
    {"(?i:Fire)x", "(?:fire)x 5-5\n"},
    {"(?s)火.灾", "火(?s:.)灾 3-3\n"},
    {"(?is-m:火.灾)", "(?:火(?s:.)灾) 3-3\n"},
    {"(?-i)火灾(?m-s)$", "火灾(?m:$) 2-2\n"},
    {"(?:(?s)火.|水.)(?s:.).灾", "(?:火(?s:.)|水(?s:.))(?:(?s:.)).灾 5-5\n"},
    {"(?m:^火灾$)|^火灾", "(?:(?m:^)火灾(?m:$))|^火灾 2-2\n"},
    {"(?#any)火(?#thing)灾", "火灾 2-2\n"},
    {"^火灾$", "^火灾$ 2-2\n"},
    {"\\A火灾\\z", "^火灾\\z 2-2\n"},
    {"火灾\\Z", "火灾$ 2-2\n"},
    {"(?:^|。)火灾(?:人|$)", "(?:^|。)火灾(?:人|$) 2-4\n"},
    {"^\\A火灾$\\z|人人$", "^^火灾$\\z|人人$ 2-2\n"},
    {"[火災灾]人", "[火灾]人 2-2\n"},
    {"[災]火", "灾火 2-2\n"},
    {"火[A-CＡ-Ｄx]", "火[a-dx] 2-2\n"},
    {"火[^A-C災]{0,64}灾", "火[^a-c灾]{0,64}灾 2-66\n"},
    {"火[\\]\\-\\\\^\\[]", "火[\\-\\[-\\^] 2-2\n"},
    {"火[a-]", "火[\\-a] 2-2\n"},
    {"火[-a]", "火[\\-a] 2-2\n"},
    {"火[（）]", "火[()] 2-2\n"},
    {"火[\xE2\x80\x8Bx]", "火x 2-2\n"},
    {"火[一-龥]{1,8}灾", "火[一-龥]{1,8}灾 3-10\n"},
    {"火[\\x{4e00}-\\x{9fff}]", "火[一-\xE9\xBF\xBF] 2-2\n"},
    {"火[\\d\\sa-c]", "火[a-c\\d\\s] 2-2\n"},
    {"火[[:alpha:][:^digit:]]", "火[[:alpha:][:^digit:]] 2-2\n"},
    {"火\\p{Han}{1,8}\\P{L}\\pN", "火\\p{Han}{1,8}\\P{L}\\pN 4-11\n"},
    {"火\\p{^Latin}", "火\\p{^Latin} 2-2\n"},
    {"火\\w{2}", "火\\w{2} 3-3\n"},
    {"火\\x{707e}\\x61\\n", "火灾a\\x{a} 4-4\n"},
    {"火[\\t\\x0b-\\x0d]", "火[\\x{9}\\x{b}-\\x{d}] 2-2\n"},
    {"火\\D\\S\\H\\V\\h\\v", "火\\D\\S\\H\\V\\h\\v 7-7\n"},
    {"火(?:灾|警){1,1000}", "火(?:灾|警){1,1000} 2-1001\n"},
    {"火灾(?:a|)", "火灾(?:a|) 2-3\n"},
    {"(?:火|水).", "(?:火|水). 2-2\n"},
    {"(?:大火|失火|fire)", "(?:大火|失火|fire) 2-4\n"},
    {"(?:a)(?:b)", "(?:a)(?:b) 2-2\n"},
    {"a{2}\\d", "a{2}\\d 3-3\n"},
    {"(?:\\da){2}b", "(?:\\da){2}b 5-5\n"},
    {"(?:a\\db){2}", "(?:a\\db){2} 6-6\n"},
    {"(?:.{0,8}火){1,8}灾", "(?:.{0,8}火){1,8}灾 2-73\n"},
    {"火\\x{707D}", "火災 2-2\n3 warning regex-unfolded: U+707D does not occur in folded text\n"},
    {"火\\x41", "火A 2-2\n3 warning regex-unfolded: U+0041 does not occur in folded text\n"},
};

START_TEST(sound_patterns_are_folded) { expect(good[_i].pattern, good[_i].expected); }
END_TEST

/* Hyperscan's error for a pattern compiled as in the match layer; empty if it compiles. */
static void ask_hyperscan(const char *pattern, char said[128]) {
    hs_database_t *database = NULL;
    hs_compile_error_t *error = NULL;
    said[0] = '\0';
    if (hs_compile(pattern, HS_FLAG_UTF8, HS_MODE_BLOCK, NULL, &database, &error) != HS_SUCCESS) {
        snprintf(said, 128, "%s", error->message);
    }
    hs_free_compile_error(error);
    hs_free_database(database);
}

START_TEST(hyperscan_compiles_admitted_patterns) {
    char said[128], pattern[128];
    tocsin__arena arena;
    tocsin__regex_node *tree = NULL;
    tocsin_buffer printed;
    size_t errors = 1;
    snprintf(pattern, sizeof pattern, "%s", good[_i].expected);
    *strstr(pattern, strstr(good[_i].pattern, "\\ !") ? " 5-5" : " ") = '\0';
    tocsin__arena_init(&arena, tocsin_allocator_default());
    tocsin_buffer_init(&printed, NULL);
    ck_assert_int_eq(tocsin__regex_parse(pattern, strlen(pattern), &arena, NULL, NULL, &tree, &errors), TOCSIN_OK);
    ck_assert_uint_eq(errors, 0);
    ck_assert_int_eq(tocsin__regex_print_for_hyperscan(tree, &arena, &printed), TOCSIN_OK);
    ask_hyperscan(printed.data, said);
    ck_assert_msg(!said[0], "%s: %s", printed.data, said);
    tocsin_buffer_release(&printed);
    tocsin__arena_release(&arena);
}
END_TEST

#define NO_LITERAL                                                                                                     \
    "refused\n0 regex-no-literal: every alternative needs two literal characters in a row, or one Han character and "  \
    "something beside it\n"
#define EMPTY_MATCH "refused\n0 regex-empty-match: the pattern matches the empty text\n"

static const struct {
    const char *pattern, *expected;
} bad[] = {
    {"", EMPTY_MATCH},
    {"^$", EMPTY_MATCH},
    {"(?:火灾)?", EMPTY_MATCH},
    {"火灾|", EMPTY_MATCH},
    {"(?:a|b?){1,3}", EMPTY_MATCH},
    {"\xE2\x80\x8B", EMPTY_MATCH},
    {"火", NO_LITERAL},
    {"火|水灾", NO_LITERAL},
    {"a.", NO_LITERAL},
    {"a\\db", NO_LITERAL},
    {"\\d{4}", NO_LITERAL},
    {"火灾|[火水][灾难]", NO_LITERAL},
    {"(?:火灾)?\\d\\d", NO_LITERAL},
    {"(?:火|a)b?\\d", NO_LITERAL},
    {"(?:ab|c)\\dd", NO_LITERAL},
    {"火灾.*", "refused\n7 regex-unbounded: a repeat without an upper bound; write {0,16}\n"},
    {"火+灾a*b{3,}", "refused\n3 regex-unbounded: a repeat without an upper bound; write {1,16}\n"
                     "8 regex-unbounded: a repeat without an upper bound; write {0,16}\n"
                     "10 regex-unbounded: a repeat without an upper bound; write {3,16}\n"},
    {"火a{100,}灾", "refused\n4 regex-unbounded: a repeat without an upper bound; write {100,100}\n"},
    {"火.{0,65}灾", "refused\n4 regex-wide-repeat: a class of more than 64 characters is repeated more than 64 "
                    "times\n"},
    {"火[^a]{65}灾", "refused\n7 regex-wide-repeat: a class of more than 64 characters is repeated more than 64 "
                     "times\n"},
    {"火(?:.{0,9}a){8}灾", "refused\n14 regex-wide-repeat: a class of more than 64 characters is repeated more than "
                           "64 times\n"},
    {"火[0-9A-Za-z_-]{65}", "火[\\-0-9_a-z]{65} 66-66\n"},
    {"火[0-9а-яa-z]{65}", "refused\n16 regex-wide-repeat: a class of more than 64 characters is repeated more than 64 "
                          "times\n"},
    {"火a{1001}", "refused\n4 regex-repeat: more than 1000 repeats\n"},
    {"火a{99999999999}", "refused\n4 regex-repeat: more than 1000 repeats\n"},
    {"火a{0}灾b{3,2}", "refused\n4 regex-syntax: a repeat of 0 to 0 times\n"
                       "11 regex-syntax: a repeat of 3 to 2 times\n"},
    {"火灾(?:a{1,1000}b){5}", "refused\n0 regex-too-costly: the pattern has 5007 characters when its repeats are "
                              "written out, 4096 is the limit\n"},
    {"火\\w{9}", "火\\w{9} 10-10\n"},
    {"火灾(?:(?:(?:a{1000}){1000}){1000}){1000}", "refused\n0 regex-too-costly: the pattern has 4294967295 characters "
                                                  "when its repeats are written out, 4096 is the limit\n"},
    {"火灾\\d{129}", "火灾\\d{129} 131-131\n"},
    {"火灾\\p{Hun}", "refused\n6 regex-syntax: there is no property of this name\n"},
    {"火灾a++", "refused\n7 regex-unbounded: a repeat without an upper bound; write {1,16}\n"
                "7 regex-unsupported: possessive repeats are not supported\n"},
    {"*火灾", "refused\n0 regex-syntax: there is nothing to repeat here\n"},
    {"火灾(?:+)|{2}", "refused\n9 regex-syntax: there is nothing to repeat here\n"
                      "12 regex-syntax: there is nothing to repeat here\n"},
    {"火灾a{2}{3}", "refused\n10 regex-syntax: there is nothing to repeat here\n"},
    {"^?火灾", "refused\n1 regex-syntax: there is nothing to repeat here\n"},
    {"火^灾$人\\A", "refused\n3 regex-unsupported: an anchor in the middle of a pattern is not supported\n"
                    "7 regex-unsupported: an anchor in the middle of a pattern is not supported\n"
                    "11 regex-unsupported: an anchor in the middle of a pattern is not supported\n"},
    {"(?:^火灾|人$){2}", "refused\n16 regex-unsupported: an anchor cannot be repeated\n"},
    {"火灾\\Z(?:a|b)", "refused\n6 regex-unsupported: an anchor in the middle of a pattern is not supported\n"},
    {"火灾{a}", "refused\n6 regex-syntax: a brace that stands for itself is written \\{\n"},
    {"火灾{,3}", "refused\n6 regex-syntax: a brace that stands for itself is written \\{\n"},
    {"火灾\xE2\x80\x8B?", "refused\n6 regex-syntax: folding removes this character, so it cannot be repeated\n"},
    {"(?:火灾)\xE2\x80\x8B?", "refused\n10 regex-syntax: folding removes this character, so it cannot be repeated\n"},
    {"火灾e\xCC\x81?", "refused\n7 regex-combining: folding joins this character with the one before it; put what is "
                       "repeated in (?:...)\n"},
    {"火e(?:\xCC\x81|\\x{301})[\xCC\x81]e.\xCC\x81",
     "refused\n7 regex-combining: folding joins this character with the one before it; write them side by side\n"
     "10 regex-combining: folding joins this character with the one before it; write them side by side\n"},
    {"(火灾", "refused\n0 regex-syntax: this parenthesis is not closed\n"},
    {"火((?:灾)", "refused\n3 regex-syntax: this parenthesis is not closed\n"},
    {"火)灾)", "refused\n3 regex-syntax: this parenthesis closes nothing\n"
               "7 regex-syntax: this parenthesis closes nothing\n"},
    {"火[灾", "refused\n3 regex-syntax: this class is not closed\n"},
    {"火[]灾", "refused\n3 regex-syntax: an empty class; a bracket that stands for itself is written \\]\n"},
    {"火[^]灾", "refused\n3 regex-syntax: an empty class; a bracket that stands for itself is written \\]\n"},
    {"火[z-a]", "refused\n4 regex-syntax: this range runs backwards\n"},
    {"火[a-\\d\\d-z]", "refused\n4 regex-syntax: a range needs a character at both ends\n"
                       "8 regex-syntax: a range needs a character at both ends\n"},
    {"火[ß㍿]", "refused\n4 regex-class-fold: ß (U+00DF) folds to several characters, which no class can hold; write "
                "(?:...|...)\n"
                "6 regex-class-fold: ㍿ (U+337F) folds to several characters, which no class can hold; write "
                "(?:...|...)\n"},
    {"火[\xE2\x80\x8B]", "refused\n3 regex-syntax: folding removes every member of this class\n"},
    {"火[[:alpa:]]", "refused\n4 regex-syntax: this is not the name of a class; a bracket is written \\[\n"},
    {"火[[.a.]]", "refused\n4 regex-syntax: this is not the name of a class; a bracket is written \\[\n"},
    {"火[\\b]", "refused\n4 regex-unsupported: word edges are not supported in a pattern; set bounds instead\n"},
    {"\\b火灾\\B", "refused\n0 regex-unsupported: word edges are not supported in a pattern; set bounds instead\n"
                   "8 regex-unsupported: word edges are not supported in a pattern; set bounds instead\n"},
    {"(火)灾\\1", "refused\n8 regex-unsupported: back references are not supported\n"},
    {"(?P=x)火\\k<x>\\g1", "refused\n0 regex-unsupported: back references are not supported\n"
                           "9 regex-unsupported: back references are not supported\n"
                           "14 regex-unsupported: back references are not supported\n"},
    {"火(?=灾)(?!a)(?<=b)(?<!c)",
     "refused\n3 regex-unsupported: lookahead is not supported; write the expression with what follows\n"
     "10 regex-unsupported: lookahead is not supported; write what must not match into the column unless\n"
     "15 regex-unsupported: lookbehind is not supported; write the expression with what comes before\n"
     "21 regex-unsupported: lookbehind is not supported; write what must not match into the column unless\n"},
    {"火(?=灾*", "refused\n3 regex-unsupported: lookahead is not supported; write the expression with what follows\n"
                 "9 regex-unbounded: a repeat without an upper bound; write {0,16}\n"
                 "3 regex-syntax: this parenthesis is not closed\n"},
    {"火(?>灾)(?|a)", "refused\n3 regex-unsupported: atomic groups are not supported; write (?:...)\n"
                      "10 regex-unsupported: groups that reset numbers are not supported; write (?:...)\n"},
    {"(?R)(?1)(?-1)(?+1)(?&x)(?P>x)", "refused\n0 regex-unsupported: recursion is not supported\n"
                                      "4 regex-unsupported: recursion is not supported\n"
                                      "8 regex-unsupported: recursion is not supported\n"
                                      "13 regex-unsupported: recursion is not supported\n"
                                      "18 regex-unsupported: recursion is not supported\n"
                                      "23 regex-unsupported: recursion is not supported\n"},
    {"(?(1)a[)]\\)|b*)火灾(?C1)(*FAIL)", "refused\n0 regex-unsupported: conditions are not supported\n"
                                         "21 regex-unsupported: callouts are not supported\n"
                                         "26 regex-unsupported: verbs are not supported\n"},
    {"(?x)火 灾", "refused\n0 regex-unsupported: only the flags i, s and m are supported\n"},
    {"(?x:火*)", "refused\n0 regex-unsupported: only the flags i, s and m are supported\n"
                 "7 regex-unbounded: a repeat without an upper bound; write {0,16}\n"},
    {"火灾(?i", "refused\n6 regex-unsupported: only the flags i, s and m are supported\n"},
    {"火灾(?", "refused\n6 regex-unsupported: only the flags i, s and m are supported\n"},
    {"火灾(?ssssssssssssssssssssss)", "火灾 2-2\n"},
    {"(?<a火灾)", "refused\n0 regex-syntax: the name of this group is not closed\n"},
    {"(?<>火灾)", "refused\n0 regex-syntax: the name of this group is not closed\n"},
    {"火灾(?#", "refused\n6 regex-syntax: this comment is not closed\n"},
    {"\\Q火灾\\E", "refused\n"
                   "0 regex-unsupported: \\Q...\\E is not supported; put a backslash before each special character\n"
                   "8 regex-unsupported: \\Q...\\E is not supported; put a backslash before each special character\n"},
    {"火灾\\X\\R\\N\\C\\K\\G", "refused\n6 regex-unsupported: \\X is not supported\n"
                               "8 regex-unsupported: \\R is not supported; write [\\r\\n]\n"
                               "10 regex-unsupported: \\N is not supported; write . or [^\\n]\n"
                               "12 regex-unsupported: \\C is not supported\n"
                               "14 regex-unsupported: \\K is not supported\n"
                               "16 regex-unsupported: \\G is not supported\n"},
    {"火灾\\u4e00\\012\\o{12}\\cA", "refused\n6 regex-unsupported: \\u is not supported; write \\x{...}\n"
                                    "12 regex-unsupported: octal numbers are not supported; write \\x{...}\n"
                                    "16 regex-unsupported: octal numbers are not supported; write \\x{...}\n"
                                    "22 regex-unsupported: \\c is not supported; write \\x{...}\n"},
    {"火灾\\y\\", "refused\n6 regex-syntax: there is no escape \\y\n8 regex-syntax: a backslash at the end\n"},
    {"火灾\\x\\x{}\\x{110000}\\x{d800}\\x{41", "refused\n6 regex-syntax: this is not the number of a character\n"
                                               "8 regex-syntax: this is not the number of a character\n"
                                               "12 regex-syntax: this is not the number of a character\n"
                                               "22 regex-syntax: this is not the number of a character\n"
                                               "30 regex-syntax: this is not the number of a character\n"},
    {"火灾\\p\\p{}\\p{Han\\pé", "refused\n6 regex-syntax: this is not the name of a property\n"
                                "8 regex-syntax: this is not the name of a property\n"
                                "12 regex-syntax: this is not the name of a property\n"
                                "18 regex-syntax: this is not the name of a property\n"},
};

START_TEST(problems_are_reported_with_their_column) { expect(bad[_i].pattern, bad[_i].expected); }
END_TEST

START_TEST(nesting_has_a_limit) {
    tocsin_buffer pattern, out;
    tocsin_buffer_init(&pattern, NULL);
    tocsin_buffer_init(&out, NULL);
    for (int i = 0; i < 32; i++) tocsin__buffer_puts(&pattern, "(");
    tocsin__buffer_puts(&pattern, "火灾");
    for (int i = 0; i < 32; i++) tocsin__buffer_puts(&pattern, ")");
    admit(pattern.data, pattern.length, &out);
    ck_assert_ptr_nonnull(strstr(out.data, "(?:火灾)"));
    pattern.length = out.length = 0;
    for (int i = 0; i < 100000; i++) tocsin__buffer_puts(&pattern, "(");
    admit(pattern.data, pattern.length, &out);
    ck_assert_ptr_nonnull(strstr(out.data, "32 regex-too-deep: more than 32 groups inside each other\n"));
    tocsin_buffer_release(&pattern);
    tocsin_buffer_release(&out);
}
END_TEST

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void) {
    state ^= state << 13;
    state ^= state >> 7;
    return state ^= state << 17;
}

/* Patterns made of random pieces of syntax: no crash, a plausible width, and the folded pattern folds to itself. */
START_TEST(any_pattern_is_admitted_or_refused) {
    static const char *const parts[] = {
        "火",        "災",     "灾",   "a",    "B",   "é",     "e",   "\xCC\x81",  "㍿",  "（",  "(",
        "(?:",       ")",      ")",    "[",    "]",   "[^",    "|",   ".",         "?",   "*",   "{2}",
        "{1,3}",     "{0,70}", "{",    "}",    "-",   "^",     "$",   "\\",        "\\d", "\\w", "\\p{Han}",
        "\\x{4e00}", "\\x41",  "(?i)", "(?s:", "(?=", "(?<n>", "(?#", "[:alpha:]", "\\Q", "\\b", "\xE2\x80\x8B",
        "＊",        ",",      "9"};
    tocsin_folder *folder = NULL;
    tocsin_buffer pattern, folded, again, problems;
    size_t admitted_count = 0;
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    tocsin_buffer *all[] = {&pattern, &folded, &again, &problems};
    for (size_t i = 0; i < 4; i++) tocsin_buffer_init(all[i], NULL);
    for (int round = 0; round < 50000; round++) {
        tocsin__regex_width width = {0, 0}, second = {0, 0};
        int admitted = 0;
        for (size_t i = 0; i < 4; i++) all[i]->length = 0;
        for (uint64_t n = next_random() % 12; n-- > 0;) {
            tocsin__buffer_puts(&pattern, parts[next_random() % (sizeof parts / sizeof *parts)]);
        }
        ck_assert_int_eq(tocsin__regex_admit(folder, (tocsin_bytes){pattern.data, pattern.length},
                                             tocsin_allocator_default(), note_problem, &problems, &folded, &width,
                                             &admitted),
                         TOCSIN_OK);
        if (!admitted) {
            ck_assert_uint_gt(problems.length, 0);
            continue;
        }
        admitted_count++;
        ck_assert_uint_gt(width.min, 0);
        ck_assert_uint_le(width.min, width.max);
        if (problems.length) continue;
        ck_assert_int_eq(tocsin__regex_admit(folder, (tocsin_bytes){folded.data, folded.length},
                                             tocsin_allocator_default(), note_problem, &problems, &again, &second,
                                             &admitted),
                         TOCSIN_OK);
        ck_assert_msg(admitted, "%s: %s", folded.data, problems.data);
        ck_assert_uint_eq(second.min, width.min);
        ck_assert_uint_eq(second.max, width.max);
        if (!strchr(pattern.data, '\\')) ck_assert_str_eq(again.data, folded.data);
    }
    ck_assert_uint_gt(admitted_count, 500);
    for (size_t i = 0; i < 4; i++) tocsin_buffer_release(all[i]);
    tocsin_folder_free(folder);
}
END_TEST

/* The rule by which admission does not fold pairs that end in an ideograph. */
START_TEST(folding_joins_no_ideograph_with_what_stands_before) {
    static const uint32_t tails[] = {'a', '1', ' ', '.', 0x3042, 0x304B, 0x1100, 0xAC00, 0x5341, 0xFF41, 0x1F525};
    static const uint32_t between = TOCSIN_BETWEEN_SPACE | TOCSIN_BETWEEN_PUNCT | TOCSIN_BETWEEN_SYMBOL;
    const tocsin_fold_options options[] = {{TOCSIN_FOLD_NFKC_CF_HANS, between, between}, {TOCSIN_FOLD_NFKC_CF, 0, 0}};
    for (size_t o = 0; o < sizeof options / sizeof *options; o++) {
        tocsin_folder *folder = NULL;
        ck_assert_int_eq(tocsin_folder_create(&options[o], NULL, &folder), TOCSIN_OK);
        for (uint32_t c = 0x3400; c <= 0x9FFF; c++) {
            char pair[8];
            tocsin_bytes tail, folded;
            const size_t first = tocsin__utf8_put(pair, tails[c % (sizeof tails / sizeof *tails)]);
            const size_t length = first + tocsin__utf8_put(pair + first, c);
            ck_assert_int_eq(tocsin_fold(folder, pair, first, &tail), TOCSIN_OK);
            const size_t kept = tail.length;
            ck_assert_int_eq(tocsin_fold(folder, pair + first, length - first, &tail), TOCSIN_OK);
            const size_t alone = tail.length;
            ck_assert_int_eq(tocsin_fold(folder, pair, length, &folded), TOCSIN_OK);
            ck_assert_msg(folded.length == kept + alone, "U+%04X", (unsigned)c);
        }
        tocsin_folder_free(folder);
    }
}
END_TEST

TOCSIN_SUITE("regex admission",
             TOCSIN_LOOP(sound_patterns_are_folded, good) TOCSIN_LOOP(hyperscan_compiles_admitted_patterns, good)
                 TOCSIN_LOOP(problems_are_reported_with_their_column, bad) TOCSIN_CASE(nesting_has_a_limit)
                     TOCSIN_CASE(any_pattern_is_admitted_or_refused)
                         TOCSIN_CASE(folding_joins_no_ideograph_with_what_stands_before))
