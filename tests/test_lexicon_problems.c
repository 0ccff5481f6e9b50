/* Term lists with mistakes: every diagnostic, word for word, and the terms that are still kept. */
#include "lexicon_reading.h"

#define FIRST "subject 消防 [消防] literal auto 1 2 1:1\n"
#define SECOND "subject 消防 [消防] literal auto 1 2 2:1\n"

static const struct {
    const char *title;
    list_source lists[3];
    const char *terms;
    const char *problems;
} cases[] = {
    {"an empty file", {LIST("a.txt", 0, "")}, "", "a.txt: warning: the list has no terms [T220 empty-list]\n"},
    {"only comments",
     {LIST("a.txt", 0, "# nothing\n\n")},
     "",
     "a.txt: warning: the list has no terms [T220 empty-list]\n"},
    {"an empty table",
     {LIST("a.csv", 0, "\xEF\xBB\xBF")},
     "",
     "a.csv: warning: the list has no terms [T220 empty-list]\n"},
    {"a header alone",
     {LIST("a.csv", 0, "term,topic")},
     "",
     "a.csv: warning: the list has no terms [T220 empty-list]\n"},
    {"a name without an ending that is known",
     {LIST("a.xls", 0, "消防\n"), LIST(".txt", 0, "消防\n")},
     "",
     "a.xls: error: a term list is named .txt or .csv [T201 unknown-list-format]\n"
     ".txt: error: a term list is named .txt or .csv [T201 unknown-list-format]\n"},
    {"a list named twice",
     {LIST("a.txt", 0, "消防\n"), LIST("a.txt", 0, "消防\n")},
     FIRST,
     "a.txt: warning: topic \"subject\" names this list twice [T219 duplicate-list]\n"},
    {"UTF-16",
     {LIST("a.txt", 0, "\xFF\xFE\x88\x6D"), LIST("b.csv", 0, "\xFE\xFF\x6D\x88")},
     "",
     "a.txt:1:1: error: the file is UTF-16 or UTF-32; save it as UTF-8 [T006 utf16]\n"
     "b.csv:1:1: error: the file is UTF-16 or UTF-32; save it as UTF-8 [T006 utf16]\n"},
    {"neither UTF-8 nor GB18030",
     {LIST("a.txt", 0, "\xCF\xFB\n\xCF\xFB\xB7\xC0 \xFF\n"), LIST("b.txt", 0, "ab\n\xB0")},
     "",
     "a.txt:2:4: error: these bytes are neither UTF-8 nor GB18030 [T004 bad-encoding]\n"
     "b.txt:2:1: error: these bytes are neither UTF-8 nor GB18030 [T004 bad-encoding]\n"},
    {"UTF-8 with damage is not taken for GB18030",
     {LIST("a.txt", 0, "消防\n出警\xE7\x81\n火灾\n")},
     "",
     "a.txt:2:3: error: malformed UTF-8 in a file that is UTF-8 otherwise [T005 damaged-utf8]\n"},
    {"a NUL, controls, lost characters; the rest is read",
     {LIST("a.txt", 0, "消\0防\n 消\x07防\n消\xC2\x85防\n消\t防\n消\xEF\xBF\xBD防\n消防\n")},
     "subject 消防 [消防] literal auto 1 2 6:1\n",
     "a.txt:1:1: error: a NUL (U+0000) in the term \"消?防\" [T215 control-character]\n"
     "a.txt:2:2: error: a control character (U+0007) in the term \"消?防\" [T215 control-character]\n"
     "a.txt:3:1: error: a control character (U+0085) in the term \"消?防\" [T215 control-character]\n"
     "a.txt:4:1: error: a tab (U+0009) in the term \"消?防\" [T215 control-character]\n"
     "a.txt:5:1: error: the term \"消\xEF\xBF\xBD防\" holds U+FFFD, which stands for lost characters and never matches "
     "[T216 replacement-character]\n"},
    {"a term that folds to nothing",
     {LIST("a.txt", 0, "消防\n\xE2\x80\x8B\xC2\xAD\n")},
     FIRST,
     "a.txt:2:1: error: nothing is left of the term \"\xE2\x80\x8B\xC2\xAD\" when it is folded [T217 "
     "folds-to-nothing]\n"},
    {"a header that is none",
     {LIST("a.csv", 0, "消防,subject\n出警,subject\n")},
     "",
     "a.csv:1:1: error: the first row must name the columns, one of them \"term\" [T202 missing-header]\n"},
    {"columns parted by tabs",
     {LIST("a.csv", 0, "term\tweight\n出警\t1\n")},
     "",
     "a.csv:1:1: error: the columns are separated by tabs: save the list with commas [T202 missing-header]\n"},
    {"columns parted by semicolons",
     {LIST("a.csv", 0, " Term ; weight\n出警;1\n")},
     "",
     "a.csv:1:2: error: the columns are separated by semicolons: save the list with commas [T202 missing-header]\n"},
    {"a header without a term",
     {LIST("a.csv", 0, " topic,wieght\n出警,1\n")},
     "",
     "a.csv:1:8: error: unknown column \"wieght\"; did you mean \"weight\"? [T204 unknown-column]\n"
     "a.csv:1:2: error: there is no column \"term\" [T203 missing-column]\n"},
    {"columns that are unknown or named twice; rows are read",
     {LIST("a.csv", 0, "term,\"文件\", Unles,term\n消防,,,出警\n")},
     SECOND,
     "a.csv:1:6: error: unknown column \"文件\" [T204 unknown-column]\n"
     "a.csv:1:12: error: unknown column \"Unles\"; did you mean \"unless\"? [T204 unknown-column]\n"
     "a.csv:1:18: error: a second column \"term\" [T205 duplicate-column]\n"},
    {"values that are wrong, all of a row at once",
     {LIST("a.csv", 0,
           "term,topic,kind,weight,bounds\n"
           "出警,subjct,regexp,heavy,words\n"
           "出警,weather,,-1,\n"
           "出警,Subject,,0,\n"
           "出警,,,1000.5,\n"
           "出警,,,1e3,\n"
           "出警,,,\"0,5\",\n"
           "出警,,,0.1234567890123456,\n"
           "出警,,,.,\n"
           "出警,,,nan,\n"
           "消防,,,,\n")},
     "subject 消防 [消防] literal auto 1 2 11:1\n",
     "a.csv:2:4: error: unknown topic \"subjct\"; did you mean \"subject\"? [T120 unknown-topic]\n"
     "a.csv:2:11: error: unknown kind \"regexp\"; did you mean \"regex\"? [T210 bad-kind]\n"
     "a.csv:2:18: error: the weight \"heavy\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:2:24: error: unknown bounds \"words\"; did you mean \"word\"? [T211 bad-bounds]\n"
     "a.csv:3:4: error: unknown topic \"weather\" [T120 unknown-topic]\n"
     "a.csv:3:13: error: the weight \"-1\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:4:4: error: unknown topic \"Subject\"; did you mean \"subject\"? [T120 unknown-topic]\n"
     "a.csv:5:6: error: the weight \"1000.5\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:6:6: error: the weight \"1e3\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:7:6: error: the weight \"0,5\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:8:6: error: the weight \"0.1234567890123456\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:9:6: error: the weight \".\" is not a number from 0 to 1000 [T212 bad-weight]\n"
     "a.csv:10:6: error: the weight \"nan\" is not a number from 0 to 1000 [T212 bad-weight]\n"},
    {"rows without a term",
     {LIST("a.csv", 0, "note,term\nx\ny,\nz,　\n,消防\n")},
     "subject 消防 [消防] literal auto 1 2 5:2\n",
     "a.csv:2:1: error: the row has no term [T209 empty-term]\n"
     "a.csv:3:3: error: the row has no term [T209 empty-term]\n"
     "a.csv:4:3: error: the row has no term [T209 empty-term]\n"},
    {"too many fields",
     {LIST("a.csv", 0, "term,note\n消防,,\n出警,火,锅;火,车\n出警,,,,y\n")},
     SECOND,
     "a.csv:3:6: error: the row has 4 fields, the header 2 [T206 too-many-fields]\n"
     "a.csv:4:7: error: the row has 5 fields, the header 2 [T206 too-many-fields]\n"},
    {"a quote that is not closed",
     {LIST("a.csv", 0, "term,note\n消防,\n出警,\"火\n火锅,\"\"\n")},
     SECOND,
     "a.csv:3:4: error: this quote is not closed before the end of the file [T207 unclosed-quote]\n"},
    {"a quote alone at the end",
     {LIST("a.csv", 0, "term\n消防\n\"")},
     SECOND,
     "a.csv:3:1: error: this quote is not closed before the end of the file [T207 unclosed-quote]\n"},
    {"quotes inside quotes, after a line break too",
     {LIST("a.csv", 0, "term,note\n消防,\n\"出\"警\",x\n出警,\"a\n b\"\"c\" d\"\n火灾,他说\"好\"\n")},
     "subject 消防 [消防] literal auto 1 2 2:1\n"
     "subject 火灾 [火灾] literal auto 1 2 6:1 (他说\"好\")\n",
     "a.csv:3:3: error: a quote inside a quoted field; write it twice [T208 stray-quote]\n"
     "a.csv:5:6: error: a quote inside a quoted field; write it twice [T208 stray-quote]\n"},
    {"line breaks and NUL in cells",
     {LIST("a.csv", 0, "term,note\n\"消\n防\",\n消\0防,\n出警,\0\n消防\n")},
     "subject 消防 [消防] literal auto 1 2 6:1\n",
     "a.csv:2:1: error: a line break (U+000A) in the term \"消?防\" [T215 control-character]\n"
     "a.csv:4:1: error: a NUL (U+0000) in the term \"消?防\" [T215 control-character]\n"
     "a.csv:5:4: error: a NUL (U+0000) in the note [T215 control-character]\n"},
    {"phrases that cover nothing",
     {LIST("a.csv", 0, "term,unless\n火,消防;火锅;\xE2\x80\x8B;火\n灾,\"水;\n火灾;a\"\n消,消\xEF\xBF\xBD;消\x01x\n")},
     "subject 火 [火] literal auto 1 1 2:1 -火锅\n"
     "subject 灾 [灾] literal auto 1 1 3:1 -火灾\n"
     "subject 消 [消] literal auto 1 1 5:1\n",
     "a.csv:2:3: warning: the phrase \"消防\" does not contain its term, so it never covers a hit [T221 "
     "useless-unless]\n"
     "a.csv:2:9: warning: the phrase \"\xE2\x80\x8B\" folds to nothing [T221 useless-unless]\n"
     "a.csv:2:11: warning: the phrase \"火\" is its term, so no hit would ever count; it is left out [T221 "
     "useless-unless]\n"
     "a.csv:3:3: warning: the phrase \"水\" does not contain its term, so it never covers a hit [T221 useless-unless]\n"
     "a.csv:4:4: warning: the phrase \"a\" does not contain its term, so it never covers a hit [T221 useless-unless]\n"
     "a.csv:5:3: error: the phrase \"消\xEF\xBF\xBD\" holds U+FFFD, which stands for lost characters and never matches "
     "[T216 replacement-character]\n"
     "a.csv:5:6: error: a control character (U+0001) in the phrase \"消?x\" [T215 control-character]\n"},
    {"regexes: the column of the spot, through quotes and line breaks",
     {LIST("a.csv", 0,
           "note,term,kind\n"
           "x,火灾.*消防,regex\n"
           "\"a\nb\",\"火\"\"灾\"\"(?=人)a+\",regex\n"
           ",  火*,regex\n")},
     "",
     "a.csv:2:6: error: a repeat without an upper bound; write {0,16} [T308 regex-unbounded]\n"
     "a.csv:4:11: error: lookahead is not supported; write the expression with what follows [T302 regex-unsupported]\n"
     "a.csv:4:17: error: a repeat without an upper bound; write {1,16} [T308 regex-unbounded]\n"
     "a.csv:5:5: error: a repeat without an upper bound; write {0,16} [T308 regex-unbounded]\n"},
};

START_TEST(mistakes_are_reported) {
    tocsin__lexicon_options options = list_options(NULL);
    expect_lists(&options, cases[_i].lists, 3, cases[_i].terms, cases[_i].problems);
}
END_TEST

START_TEST(a_term_of_a_mebibyte_is_one_line_of_message) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    ck_assert_int_eq(tocsin__buffer_puts(&text, "消防\n"), TOCSIN_OK);
    while (text.length < (1u << 20)) ck_assert_int_eq(tocsin__buffer_puts(&text, "火災"), TOCSIN_OK);
    size_t length = text.length - 7;
    ck_assert_int_eq(tocsin__buffer_puts(&text, "\n出警\n"), TOCSIN_OK);
    list_source list = {"a.txt", text.data, text.length, 0};
    tocsin__lexicon_options options = list_options(NULL);
    char expected[512];
    snprintf(expected, sizeof expected,
             "a.txt:2:1: error: the term \"火災火災火災火災火災火災火災火災火災火災…\" has %zu bytes, 1024 is the "
             "limit [T213 term-too-long]\n",
             length);
    expect_lists(&options, &list, 1, FIRST "subject 出警 [出警] literal auto 1 2 3:1\n", expected);
    tocsin_buffer_release(&text);
}
END_TEST

START_TEST(limits_are_those_of_the_options) {
    static const list_source lists[] = {LIST("a.csv", 0,
                                             "term,unless,kind\n火災火,\n火災火災,\nabcdefg,\nABCDEFGHIJ,\n１２３,"
                                             "一二三１２３;１２３４５６７８９０\n\"火灾\\d{1,9}\",,regex\n"),
                                        LIST("b.txt", 1, "一\n二\n三\n"),
                                        LIST("a.csv", 1,
                                             "term,unless,kind\n火災火,\n火災火災,\nabcdefg,\nABCDEFGHIJ,\n１２３,"
                                             "一二三１２３;１２３４５６７８９０\n\"火灾\\d{1,9}\",,regex\n")};
    tocsin__lexicon_options options = list_options(NULL);
    options.max_term_length = 9;
    options.max_terms = 4;
    expect_lists(&options, lists, 3,
                 "subject 火灾火 [火災火] literal auto 1 3 2:1\n"
                 "subject abcdefg [abcdefg] literal auto 1 7 4:1\n"
                 "subject 123 [１２３] literal auto 1 3 6:1\n"
                 "negative 一 [一] literal word 1 1 1:1\n",
                 "a.csv:3:1: error: the term \"火災火災\" has 12 bytes, 9 is the limit [T213 term-too-long]\n"
                 "a.csv:5:1: error: the term \"ABCDEFGHIJ\" has 10 bytes, 9 is the limit [T213 term-too-long]\n"
                 "a.csv:6:5: error: the phrase \"一二三１２３\" has 12 bytes, 9 is the limit "
                 "[T213 term-too-long]\n"
                 "a.csv:6:12: error: the phrase \"１２３４５６７８９０\" has 10 bytes, 9 is the limit "
                 "[T213 term-too-long]\n"
                 "a.csv:7:1: error: the term \"火灾\\d{1,9}\" has 13 bytes, 9 is the limit [T213 term-too-long]\n"
                 "b.txt:2:1: error: the lists have more than 4 terms; the rest was not read [T214 too-many-terms]\n");
}
END_TEST

START_TEST(phrases_have_the_same_limit) {
    static const list_source lists[] = {
        LIST("a.csv", 0, "term,unless\n火,火锅;火车\n车,火车;马车;车站\n站,车站;站台\n")};
    tocsin__lexicon_options options = list_options(NULL);
    options.max_terms = 3;
    expect_lists(&options, lists, 1,
                 "subject 火 [火] literal auto 1 1 2:1 -火锅 -火车\n"
                 "subject 车 [车] literal auto 1 1 3:1 -火车 -马车\n"
                 "subject 站 [站] literal auto 1 1 4:1\n",
                 "a.csv:3:9: error: the lists have more than 3 phrases in unless; the rest was not read "
                 "[T214 too-many-terms]\n");
}
END_TEST

/* A second reading of a list repeats no message, except about a limit. */
START_TEST(a_limit_met_on_the_second_reading_is_reported) {
    static const list_source lists[] = {LIST("a.txt", 0, "一\n二\n一\n"), LIST("a.txt", 1, "一\n二\n一\n")};
    tocsin__lexicon_options options = list_options(NULL);
    options.max_terms = 3;
    expect_lists(&options, lists, 2,
                 "subject 一 [一] literal auto 1 1 1:1\n"
                 "subject 二 [二] literal auto 1 1 2:1\n"
                 "negative 一 [一] literal word 1 1 1:1\n",
                 "a.txt:3:1: warning: \"一\" is the same as \"一\" at a.txt:1:1, which is kept [T218 duplicate-term]\n"
                 "a.txt:2:1: error: the lists have more than 3 terms; the rest was not read [T214 too-many-terms]\n");
}
END_TEST

TOCSIN_SUITE("lexicon problems",
             TOCSIN_LOOP(mistakes_are_reported, cases) TOCSIN_CASE(a_term_of_a_mebibyte_is_one_line_of_message)
                 TOCSIN_CASE(limits_are_those_of_the_options) TOCSIN_CASE(phrases_have_the_same_limit)
                     TOCSIN_CASE(a_limit_met_on_the_second_reading_is_reported))
