/* Spans of hits in the original, as a table that can be read as the contract of the offset map. */
#include <string.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "suite.h"

/* In `text`, the `nth` occurrence (0-based) of `term`, both folded, stands at the original bytes [start, end). */
static const struct {
    const char *what, *text, *term;
    size_t start, end;
    int nth;
} cases[] = {
    {"plain Han", "昨夜火灾现场", "火灾", 6, 12, 0},
    {"at the start", "火灾现场", "火灾", 0, 6, 0},
    {"at the end", "昨夜火灾", "火灾", 6, 12, 0},
    {"the second of two", "火灾火灾", "火灾", 6, 12, 1},
    {"traditional spelling", "昨夜火災現場", "火灾", 6, 12, 0},
    {"term traditional, text simplified", "昨夜火灾现场", "火災", 6, 12, 0},
    {"three spellings of one character", "剩餘馀余", "余余余", 3, 12, 0},
    {"full-width digits", "拨打１１９报警", "119", 6, 15, 0},
    {"full-width letters", "ＡＢＣ公司", "abc", 0, 9, 0},
    {"half-width for full-width", "call 119 now", "１１９", 5, 8, 0},
    {"upper case", "x FIRE y", "fire", 2, 6, 0},
    {"fi ligature, whole", "a ﬁre b", "fire", 2, 7, 0},
    {"fi ligature, its second half", "a ﬁre b", "ire", 2, 7, 0},
    {"fi ligature, its first half", "a ﬁre b", "f", 2, 5, 0},
    {"ffl ligature inside a word", "waﬄe", "waffle", 0, 6, 0},
    {"st ligature", "fiﬅy", "st", 2, 5, 0},
    {"sharp s grows", "Straße 5", "strasse", 0, 7, 0},
    {"capital sharp s", "STRAẞE", "strasse", 0, 8, 0},
    {"㍿ is four characters", "A㍿B", "株式会社", 1, 4, 0},
    {"㍿, two of the four", "A㍿B", "式会", 1, 4, 0},
    {"㍿ and what follows", "㍿火灾", "社火", 0, 6, 0},
    {"½ is three characters", "约½日", "1⁄2", 3, 5, 0},
    {"½, its denominator", "约½日", "2", 3, 5, 0},
    {"after ½ offsets are right again", "½火灾", "火灾", 2, 8, 0},
    {"㊋ is 火", "㊋灾", "火灾", 0, 6, 0},
    {"⽕ (Kangxi radical) is 火", "⽕灾", "火灾", 0, 6, 0},
    {"⻢ (CJK radical) is 马", "骑⻢来", "马", 3, 6, 0},
    {"⻔ as 门 in a term", "消防⻔", "消防门", 0, 9, 0},
    {"⺇ folds to four bytes", "a⺇b火", "火", 5, 8, 0},
    {"compatibility ideograph", "\xEF\xA4\x80火", "火", 3, 6, 0},
    {"é composed", "café火", "café", 0, 5, 0},
    {"é decomposed", "cafe\xCC\x81火", "café", 0, 6, 0},
    {"é decomposed, the last letter", "cafe\xCC\x81火", "é", 3, 6, 0},
    {"after é decomposed", "cafe\xCC\x81火", "火", 6, 9, 0},
    {"a letter keeps a mark that composes with nothing", "q\xCC\x83z", "q", 0, 3, 0},
    {"two marks, reordered", "a\xCC\x81\xCC\xA3z", "ạ\xCC\x81", 0, 5, 0},
    {"after two marks", "a\xCC\x81\xCC\xA3z", "z", 5, 6, 0},
    {"a mark at the very start", "\xCC\x81火", "火", 2, 5, 0},
    {"Han with a mark keeps it", "火\xCC\x81灾", "火", 0, 5, 0},
    {"Hangul syllable", "서울화재", "화재", 6, 12, 0},
    {"Hangul from jamo", "\xE1\x84\x80\xE1\x85\xA1\xE1\x86\xA8x", "각", 0, 9, 0},
    {"Hangul LV and a final", "가\xE1\x86\xA8x", "각", 0, 6, 0},
    {"half-width katakana with voicing", "ｶﾞｽ", "ガス", 0, 9, 0},
    {"half-width katakana, first only", "ｶﾞｽ", "ガ", 0, 6, 0},
    {"dotted capital I", "İx", "i", 0, 2, 0},
    {"Kelvin sign shrinks", "5\xE2\x84\xAA x", "k", 1, 4, 0},
    {"circled digit", "第①号", "1", 3, 6, 0},
    {"ZWJ emoji", "👩\xE2\x80\x8D🚒救火", "救火", 11, 17, 0},
    {"ZWJ emoji without its joiner", "👩\xE2\x80\x8D🚒救火", "👩🚒", 0, 11, 0},
    {"emoji with VS16", "⚠\xEF\xB8\x8F火", "⚠火", 0, 9, 0},
    {"U+200B inside a term", "火\xE2\x80\x8B灾", "火灾", 0, 9, 0},
    {"U+200B before a term", "\xE2\x80\x8B火灾", "火灾", 3, 9, 0},
    {"U+200B after a term", "火灾\xE2\x80\x8B", "火灾", 0, 6, 0},
    {"U+200B on both sides of a term", "a\xE2\x80\x8B火灾\xE2\x80\x8B b", "火灾", 4, 10, 0},
    {"many ignorables inside", "火\xE2\x80\x8B\xC2\xAD\xEF\xB8\x8F\xE2\x80\x8D灾", "火灾", 0, 17, 0},
    {"VS16 inside a term", "火\xEF\xB8\x8F灾", "火灾", 0, 9, 0},
    {"soft hyphen inside a word", "fi\xC2\xADre", "fire", 0, 6, 0},
    {"ignorable between letter and mark", "e\xE2\x80\x8B\xCC\x81x", "é", 0, 6, 0},
    {"ignorable after the mark", "e\xCC\x81\xE2\x80\x8Bx", "é", 0, 3, 0},
    {"Hangul filler vanishes", "火\xE3\x85\xA4灾", "火灾", 0, 9, 0},
    {"BOM vanishes", "\xEF\xBB\xBF火灾", "火灾", 3, 9, 0},
    {"lone continuation byte before", "\x80火灾", "火灾", 1, 7, 0},
    {"lone continuation byte after", "火灾\x80", "火灾", 0, 6, 0},
    {"truncated character before", "\xE7\x81火灾", "火灾", 2, 8, 0},
    {"truncated character after", "火灾\xE7\x81", "火灾", 0, 6, 0},
    {"overlong form before", "\xC0\x80火灾", "火灾", 2, 8, 0},
    {"surrogate before", "\xED\xA0\x80火灾", "火灾", 3, 9, 0},
    {"past U+10FFFF before", "\xF4\x90\x80\x80火灾", "火灾", 4, 10, 0},
    {"truncated emoji before", "\xF0\x9F\x94火灾", "火灾", 3, 9, 0},
    {"FE and FF before", "\xFE\xFF火灾", "火灾", 2, 8, 0},
    {"several kinds before the second", "火灾\xFF\xE7\x81\x80\xC0火灾", "火灾", 11, 17, 1},
    {"mark after a malformed byte", "\xFF\xCC\x81火", "火", 3, 6, 0},
};

/* A term with malformed bytes inside is another text: no hit. */
static const char *const broken[] = {"火\x80灾",     "火\xE7灾",         "火\xE7\x81灾",
                                     "火\xC0\x80灾", "火\xED\xA0\x80灾", "火\xF4\x90\x80\x80灾",
                                     "火\xF0\x9F灾", "火\xFF灾",         "\xE7\x81\xAB\xE7\x81"};

static size_t occurrence(tocsin_bytes text, tocsin_bytes term, int nth) {
    for (size_t at = 0; at + term.length <= text.length; at++) {
        if (!memcmp(text.data + at, term.data, term.length) && nth-- == 0) return at;
    }
    return SIZE_MAX;
}

START_TEST(hits_are_marked_where_a_reader_expects) {
    tocsin_folder *folder = NULL, *term_folder = NULL;
    tocsin_bytes text, term;
    size_t start = 0, end = 0;
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &term_folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(folder, cases[_i].text, strlen(cases[_i].text), &text), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(term_folder, cases[_i].term, strlen(cases[_i].term), &term), TOCSIN_OK);
    size_t at = occurrence(text, term, cases[_i].nth);
    ck_assert_msg(at != SIZE_MAX, "%s: no hit", cases[_i].what);
    ck_assert_int_eq(tocsin_fold_span(folder, at, at + term.length, &start, &end), TOCSIN_OK);
    ck_assert_msg(start == cases[_i].start && end == cases[_i].end, "%s: [%zu, %zu)", cases[_i].what, start, end);
    tocsin_folder_free(folder);
    tocsin_folder_free(term_folder);
}
END_TEST

START_TEST(malformed_bytes_never_match) {
    tocsin_folder *folder = NULL;
    tocsin_bytes text, term = {"火灾", 6};
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(folder, broken[_i], strlen(broken[_i]), &text), TOCSIN_OK);
    ck_assert_uint_eq(occurrence(text, term, 0), SIZE_MAX);
    ck_assert_uint_gt(tocsin_folder_malformed(folder), 0);
    tocsin_folder_free(folder);
}
END_TEST

#define SPACE TOCSIN_BETWEEN_SPACE
#define PUNCT TOCSIN_BETWEEN_PUNCT
#define SYMBOL TOCSIN_BETWEEN_SYMBOL
#define ALL (SPACE | PUNCT | SYMBOL)

/* Characters that are ignored between Han characters and between Latin ones, and characters that are not. */
static const struct {
    uint32_t han, latin;
    const char *text, *folded;
    size_t start, end; /* of the first two folded characters */
} gaps[] = {
    {SPACE, 0, "火 灾", "火灾", 0, 7},
    {SPACE, 0, "火\u3000 灾", "火灾", 0, 10},
    {SPACE, 0, "火 a 灾", "火 a 灾", 0, 4},
    {SPACE, 0, "火，灾", "火,灾", 0, 6},
    {PUNCT, 0, "火，灾", "火灾", 0, 9},
    {PUNCT, 0, "火 灾", "火 灾", 0, 4},
    {SPACE | PUNCT, 0, "火 * 灾", "火灾", 0, 9},
    {SPACE | PUNCT, 0, "火㈠灾", "火一灾", 0, 6},
    {SPACE | PUNCT, 0, " 火灾 ", " 火灾 ", 0, 4},
    {SPACE, 0, "災\u200B 後", "灾后", 0, 10},
    {PUNCT, 0, "火·、—灾", "火灾", 0, 14},
    /* symbols, including emoji and their parts */
    {SPACE | PUNCT, 0, "火￥灾", "火¥灾", 0, 6},
    {SYMBOL, 0, "火￥灾", "火灾", 0, 9},
    {SYMBOL, 0, "火～+★灾", "火灾", 0, 13},
    {SYMBOL, 0, "火🔥灾", "火灾", 0, 10},
    {SYMBOL, 0, "火👍🏽灾", "火灾", 0, 14},
    {SYMBOL, 0, "火👨\u200D🚒\uFE0F灾", "火灾", 0, 20},
    {SYMBOL, 0, "火🇨🇳灾", "火灾", 0, 14},
    {SYMBOL, 0, "火$^`|灾", "火灾", 0, 10},
    {SYMBOL, 0, "火·灾", "火·灾", 0, 5},
    /* a space and a mark from one character, and marks on an ignored character */
    {SYMBOL, 0, "火￣灾", "火灾", 0, 9},
    {SYMBOL, 0, "火¨´灾", "火灾", 0, 10},
    {PUNCT, 0, "火‾﹉灾", "火灾", 0, 12},
    {SPACE, 0, "火￣灾", "火 \u0304灾", 0, 6},
    {PUNCT, 0, "火￣灾", "火 \u0304灾", 0, 6},
    {SYMBOL, 0, "火‾灾", "火 \u0305灾", 0, 6},
    {SYMBOL, 0, "火+\u0308灾", "火灾", 0, 9},
    {SPACE, 0, "火 \u0308灾", "火灾", 0, 9},
    {0, SYMBOL, "v￣p¨n", "vpn", 0, 5},
    {ALL, 0, "火\u0308灾", "火\u0308灾", 0, 5}, /* a mark alone is no gap */
    /* never across the end of a sentence or line */
    {ALL, 0, "取消。防汛", "取消。防汛", 0, 6},
    {ALL, 0, "消。防", "消。防", 0, 6},
    {ALL, 0, "消｡防", "消。防", 0, 6},
    {ALL, 0, "消！防", "消!防", 0, 6},
    {ALL, 0, "消？防", "消?防", 0, 6},
    {ALL, 0, "消；防", "消;防", 0, 6},
    {ALL, 0, "消…防", "消...防", 0, 6},
    {ALL, 0, "消\n防", "消\n防", 0, 4},
    {ALL, 0, "消\r\n防", "消\r\n防", 0, 4},
    {ALL, 0, "消\u2028防", "消\u2028防", 0, 6},
    {ALL, 0, "消· 。 ·防", "消· 。 ·防", 0, 5},
    {ALL, 0, "消!防", "消!防", 0, 4},
    {ALL, 0, "消‼防", "消!!防", 0, 6},
    {ALL, 0, "消︒防", "消。防", 0, 6},
    {ALL, ALL, "wi!fi", "wifi", 0, 2},
    {ALL, 0, "消.防", "消防", 0, 7},
    {ALL, 0, "消. 防", "消. 防", 0, 4},
    {ALL, ALL, "no. vpn", "no. vpn", 0, 2},
    {ALL, ALL, "no? vpn", "no? vpn", 0, 2},
    {ALL, ALL, "v\np", "v\np", 0, 2},
    /* Latin letters and digits */
    {0, PUNCT, "v.p.n", "vpn", 0, 3},
    {0, PUNCT, "1-1-9", "119", 0, 3},
    {0, PUNCT, "Ｖ・Ｐ・Ｎ", "vpn", 0, 9},
    {0, SPACE, "v p n", "vpn", 0, 3},
    {0, SPACE, "v.p.n", "v.p.n", 0, 2},
    {0, SYMBOL, "v+p★n", "vpn", 0, 3},
    {0, SYMBOL, "1🔥1🔥9", "119", 0, 6},
    {0, ALL, "é - à", "éà", 0, 7},
    {0, ALL, "1️⃣ 1️⃣", "11", 0, 15},
    {0, ALL, "½", "1⁄2", 0, 2}, /* within one character */
    /* both ends of a gap are of one kind, and only the requested characters are ignored */
    {ALL, ALL, "火-a", "火-a", 0, 4},
    {ALL, ALL, "a-火", "a-火", 0, 2},
    {ALL, ALL, "火-б-灾", "火-б-灾", 0, 4},
    {ALL, 0, "v.p", "v.p", 0, 2},
    {0, ALL, "火.灾", "火.灾", 0, 4},
    {SPACE, PUNCT, "火 灾v.p火.灾v p", "火灾vp火.灾v p", 0, 7},
};

START_TEST(gaps_are_ignored_only_if_asked) {
    const tocsin_fold_options options = {TOCSIN_FOLD_NFKC_CF_HANS, gaps[_i].han, gaps[_i].latin};
    tocsin_folder *folder = NULL;
    tocsin_bytes text;
    size_t start = 0, end = 0, two = 0;
    ck_assert_int_eq(tocsin_folder_create(&options, NULL, &folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(folder, gaps[_i].text, strlen(gaps[_i].text), &text), TOCSIN_OK);
    ck_assert_msg(text.length == strlen(gaps[_i].folded) && !memcmp(text.data, gaps[_i].folded, text.length), "%.*s",
                  (int)text.length, text.data);
    for (int i = 0; i < 2; i++) (void)tocsin__utf8_next(text.data, text.length, two, &two);
    ck_assert_int_eq(tocsin_fold_span(folder, 0, two, &start, &end), TOCSIN_OK);
    ck_assert_uint_eq(start, gaps[_i].start);
    ck_assert_uint_eq(end, gaps[_i].end);
    tocsin_folder_free(folder);
}
END_TEST

TOCSIN_SUITE("fold spans",
             TOCSIN_LOOP(hits_are_marked_where_a_reader_expects, cases) TOCSIN_LOOP(malformed_bytes_never_match, broken)
                 TOCSIN_LOOP(gaps_are_ignored_only_if_asked, gaps))
