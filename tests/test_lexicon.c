/* Term lists with no or few mistakes: which terms they give, and which encodings and layouts are accepted. */
#include "lexicon_reading.h"

static const struct {
    const char *title;
    list_source lists[3];
    const char *terms;
    const char *problems;
} cases[] = {
    {"a term a line",
     {LIST("a.txt", 0, "消防\n119\n")},
     "subject 消防 [消防] literal auto 1 2 1:1\n"
     "subject 119 [119] literal auto 1 3 2:1\n",
     ""},
    {"a missing last newline, CR, LF, CR LF, empty lines",
     {LIST("a.txt", 0, "一一\r二二\n\n三三\r\n\r\n四四")},
     "subject 一一 [一一] literal auto 1 2 1:1\n"
     "subject 二二 [二二] literal auto 1 2 2:1\n"
     "subject 三三 [三三] literal auto 1 2 4:1\n"
     "subject 四四 [四四] literal auto 1 2 6:1\n",
     ""},
    {"white space of every kind at the ends",
     {LIST("a.txt", 0, "　\t消防 车\xC2\xA0\xE2\x80\x83\n")},
     "subject 消防 车 [消防 车] literal auto 1 4 1:3\n",
     ""},
    {"comments",
     {
         LIST("a.txt", 0, "# all\n　# more\n消防 # words\n消防　#x\nC#\n＃热搜\na#b #c\n"),
     },
     "subject 消防 [消防] literal auto 1 2 3:1\n"
     "subject c# [C#] literal auto 1 2 5:1\n"
     "subject #热搜 [＃热搜] literal auto 1 3 6:1\n"
     "subject a#b [a#b] literal auto 1 3 7:1\n",
     "a.txt:4:1: warning: \"消防\" is the same as \"消防\" at a.txt:3:1, which is kept [T218 duplicate-term]\n"},
    {"terms are folded, and duplicates are found after folding",
     {LIST("a.txt", 0, "火災\nＵＮ\n火灾\nun\n"), LIST("b.txt", 1, "火灾\n")},
     "subject 火灾 [火災] literal auto 1 2 1:1\n"
     "subject un [ＵＮ] literal auto 1 2 2:1\n"
     "negative 火灾 [火灾] literal word 1 2 1:1\n",
     "a.txt:3:1: warning: \"火灾\" is the same as \"火災\" at a.txt:1:1, which is kept [T218 duplicate-term]\n"
     "a.txt:4:1: warning: \"un\" is the same as \"ＵＮ\" at a.txt:2:1, which is kept [T218 duplicate-term]\n"},
    {"duplicates across the lists of a topic",
     {LIST("a.txt", 0, "火灾\n"), LIST("b.csv", 0, "term\n\"火災\"\n")},
     "subject 火灾 [火灾] literal auto 1 2 1:1\n",
     "b.csv:2:1: warning: \"火災\" is the same as \"火灾\" at a.txt:1:1, which is kept [T218 duplicate-term]\n"},
    {"a byte order mark", {LIST("a.txt", 0, "\xEF\xBB\xBF消防\n")}, "subject 消防 [消防] literal auto 1 2 1:1\n", ""},
    {"a byte order mark before a header",
     {LIST("a.CSV", 0, "\xEF\xBB\xBFterm\r\n消防\r\n")},
     "subject 消防 [消防] literal auto 1 2 2:1\n",
     ""},
    {"GB18030: 消防, then 火災 in four bytes' company",
     {LIST("a.txt", 0, "119\n\xCF\xFB\xB7\xC0\r\n\xBB\xF0\x9E\xC4 \x95\x32\x82\x36\n")},
     "subject 119 [119] literal auto 1 3 1:1\n"
     "subject 消防 [消防] literal auto 1 2 2:1\n"
     "subject 火灾 𠀀 [火災 𠀀] literal auto 1 4 3:1\n",
     "a.txt:2:1: warning: the file is not UTF-8 from here on; it was read as GB18030 [T003 not-utf8]\n"},
    {"GB18030 in a table",
     {LIST("a.csv", 1, "term,note\n\"\xCF\xFB\xB7\xC0\",x\n")},
     "negative 消防 [消防] literal word 1 2 2:1 (x)\n",
     "a.csv:2:2: warning: the file is not UTF-8 from here on; it was read as GB18030 [T003 not-utf8]\n"},
    {"all columns, in any order",
     {LIST("a.csv", 0,
           "Note,unless,bounds,weight,kind,Topic,TERM\n"
           "why,火锅;火车,none,2.5,literal,negative,火\n")},
     "negative 火 [火] literal none 2.5 1 2:37 -火锅 -火车 (why)\n",
     ""},
    {"empty cells are defaults; ragged rows are filled",
     {LIST("a.csv", 0,
           "term,topic,kind,weight,bounds,unless,note\n"
           "消防,,,,,,\n"
           "出警\n"
           "推诿,negative\n"
           "省外,place,,,auto\n")},
     "subject 消防 [消防] literal auto 1 2 2:1\n"
     "subject 出警 [出警] literal auto 1 2 3:1\n"
     "negative 推诿 [推诿] literal word 1 2 4:1\n"
     "place 省外 [省外] literal auto 1 2 5:1\n",
     ""},
    {"names of kinds and bounds in capitals, weights of every form",
     {LIST("a.csv", 0,
           "term,kind,weight,bounds\n"
           "aa,LITERAL,.5,None\nbb,,1000,\ncc,,1.,\ndd,,0.125,\n")},
     "subject aa [aa] literal none 0.5 2 2:1\n"
     "subject bb [bb] literal auto 1000 2 3:1\n"
     "subject cc [cc] literal auto 1 2 4:1\n"
     "subject dd [dd] literal auto 0.125 2 5:1\n",
     ""},
    {"quotes, doubled quotes, commas and newlines in cells; positions after them",
     {LIST("a.csv", 0,
           "term,note\n"
           "\"消防,车\",\"a \"\"b\"\"\nsecond\r\nthird\"\n"
           "  \"他说\"\"好\"\"\"  , x y \n"
           "出警,\"\"\n")},
     "subject 消防,车 [消防,车] literal auto 1 4 2:1 (a \"b\"\nsecond\r\nthird)\n"
     "subject 他说\"好\" [他说\"好\"] literal auto 1 5 5:3 (x y)\n"
     "subject 出警 [出警] literal auto 1 2 6:1\n",
     ""},
    {"rows left blank by spreadsheets, columns without a name",
     {LIST("a.csv", 0, "term,,\r\n,,\r\n\r\n消防,,,\r\n , ,\"\"\r\n")},
     "subject 消防 [消防] literal auto 1 2 4:1\n",
     ""},
    {"unless: both separators, spaces, empty parts, spellings",
     {LIST("a.csv", 0,
           "term,unless\n"
           "火,\" 火鍋 ；火车;;火锅; 火車\"\n"
           "锅,火锅；\n")},
     "subject 火 [火] literal auto 1 1 2:1 -火锅[火鍋] -火车\n"
     "subject 锅 [锅] literal auto 1 1 3:1 -火锅\n",
     ""},
    {"a regex",
     {LIST("a.csv", 0, "term,kind,bounds,unless\n\"死亡\\d{1,3}人\",regex,none,死亡0人\n")},
     "subject 死亡\\d{1,3}人 [死亡\\d{1,3}人] regex none 1 4-6 2:1 -死亡0人\n",
     ""},
    {"a regex is not the literal of the same letters",
     {LIST("a.csv", 0, "term,kind\n火灾,\n火災,regex\n火灾,regex\n")},
     "subject 火灾 [火灾] literal auto 1 2 2:1\n"
     "subject 火灾 [火災] regex auto 1 2 3:1\n",
     "a.csv:4:1: warning: \"火灾\" is the same as \"火災\" at a.csv:3:1, which is kept [T218 duplicate-term]\n"},
    {"one table named by two topics: rows that name their topic are read once",
     {LIST("a.csv", 0, "term,topic\n消防,subject\n推诿,negative\n共同,\n错,nobody\n"),
      LIST("a.csv", 1, "term,topic\n消防,subject\n推诿,negative\n共同,\n错,nobody\n")},
     "subject 消防 [消防] literal auto 1 2 2:1\n"
     "negative 推诿 [推诿] literal word 1 2 3:1\n"
     "subject 共同 [共同] literal auto 1 2 4:1\n"
     "negative 共同 [共同] literal word 1 2 4:1\n",
     "a.csv:5:3: error: unknown topic \"nobody\" [T120 unknown-topic]\n"},
    {"the third topic that names a table gets the rows without a topic from the second reading, places and all",
     {LIST("a.csv", 0,
           "note,term,topic,unless\n\"x\n\"\"y\",共同,,共同体\n,推诿,negative,\n, \"  又一\" ,,\n,坏\"了,,\n"),
      LIST("a.csv", 2,
           "note,term,topic,unless\n\"x\n\"\"y\",共同,,共同体\n,推诿,negative,\n, \"  又一\" ,,\n,坏\"了,,\n"),
      LIST("a.csv", 1, "not looked at")},
     "subject 共同 [共同] literal auto 1 2 3:6 -共同体 (x\n\"y)\n"
     "negative 推诿 [推诿] literal word 1 2 4:2\n"
     "subject 又一 [又一] literal auto 1 2 5:6\n"
     "subject 坏\"了 [坏\"了] literal auto 1 3 6:2\n"
     "place 共同 [共同] literal none 1 2 3:6 -共同体 (x\n\"y)\n"
     "place 又一 [又一] literal none 1 2 5:6\n"
     "place 坏\"了 [坏\"了] literal none 1 3 6:2\n"
     "negative 共同 [共同] literal word 1 2 3:6 -共同体 (x\n\"y)\n"
     "negative 又一 [又一] literal word 1 2 5:6\n"
     "negative 坏\"了 [坏\"了] literal word 1 3 6:2\n",
     ""},
    {"a table whose rows all name a topic is read once",
     {LIST("a.csv", 0, "term,topic\n消防,subject\n推诿,negative\n"), LIST("a.csv", 1, "not looked at"),
      LIST("a.csv", 2, "nor this")},
     "subject 消防 [消防] literal auto 1 2 2:1\n"
     "negative 推诿 [推诿] literal word 1 2 3:1\n",
     ""},
    {"ten lines and more, of every line end, with terms, comments and nothing on them, and one without an end",
     {LIST("a.txt", 0, "甲一\n乙二\r丙三\r\n\n# x\r\n丁四 # y\n 戊五\t\r\r己六\n庚七\n甲一\n辛八\r\n壬九\n癸十")},
     "subject 甲一 [甲一] literal auto 1 2 1:1\n"
     "subject 乙二 [乙二] literal auto 1 2 2:1\n"
     "subject 丙三 [丙三] literal auto 1 2 3:1\n"
     "subject 丁四 [丁四] literal auto 1 2 6:1\n"
     "subject 戊五 [戊五] literal auto 1 2 7:2\n"
     "subject 己六 [己六] literal auto 1 2 9:1\n"
     "subject 庚七 [庚七] literal auto 1 2 10:1\n"
     "subject 辛八 [辛八] literal auto 1 2 12:1\n"
     "subject 壬九 [壬九] literal auto 1 2 13:1\n"
     "subject 癸十 [癸十] literal auto 1 2 14:1\n",
     "a.txt:11:1: warning: \"甲一\" is the same as \"甲一\" at a.txt:1:1, which is kept [T218 duplicate-term]\n"},
    {"white space that folding bares is removed",
     {LIST("a.txt", 0, "\xE2\x80\x8B 消防\n")},
     "subject 消防 [\xE2\x80\x8B 消防] literal auto 1 2 1:1\n",
     ""},
};

START_TEST(lists_become_terms) {
    tocsin__lexicon_options options = list_options(NULL);
    expect_lists(&options, cases[_i].lists, 3, cases[_i].terms, cases[_i].problems);
}
END_TEST

START_TEST(topics_count_their_terms) {
    static const list_source lists[] = {LIST("a.txt", 0, "消防\n119\n消防\n"),
                                        LIST("b.csv", 2, "term,topic,kind\n省外,,\n推诿,negative,\n火灾人,,regex\n")};
    tocsin__lexicon_options options = list_options(NULL);
    tocsin__lexicon lexicon;
    ck_assert_int_eq(read_lists(&options, NULL, lists, 2, &lexicon), TOCSIN_OK);
    ck_assert_uint_eq(lexicon.topic_count, 3);
    ck_assert_uint_eq(lexicon.topic_terms[0], 2);
    ck_assert_uint_eq(lexicon.topic_terms[1], 1);
    ck_assert_uint_eq(lexicon.topic_terms[2], 2);
    ck_assert_uint_eq(lexicon.regex_count, 1);
    ck_assert_str_eq(lexicon.terms[2].place.file, "b.csv");
    tocsin__lexicon_release(&lexicon);
    tocsin__lexicon_release(NULL);
}
END_TEST

/* 50 000 different terms, each written twice: all are kept, and each gives a warning, up to the cap of the list. */
START_TEST(long_lists_are_read) {
    tocsin_buffer text;
    tocsin_diagnostics *diagnostics = NULL;
    tocsin__lexicon lexicon;
    tocsin_buffer_init(&text, NULL);
    for (unsigned i = 0; i < 100000; i++) {
        ck_assert_int_eq(tocsin__buffer_printf(&text, "%s%u火\n", i % 2 ? "第" : "  第", i / 2), TOCSIN_OK);
    }
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin__lexicon_options options = list_options(diagnostics);
    list_source list = {"long.txt", text.data, text.length, 0};
    ck_assert_int_eq(read_lists(&options, NULL, &list, 1, &lexicon), TOCSIN_OK);
    ck_assert_uint_eq(lexicon.term_count, 50000);
    ck_assert_uint_eq(lexicon.errors, 0);
    ck_assert_uint_eq(tocsin_diagnostics_count_severity(diagnostics, TOCSIN_SEVERITY_WARNING), 50000);
    ck_assert_uint_eq(lexicon.terms[49999].place.line, 99999);
    ck_assert_uint_eq(lexicon.terms[49999].place.column, 3);
    tocsin__lexicon_release(&lexicon);
    tocsin_diagnostics_free(diagnostics);
    tocsin_buffer_release(&text);
}
END_TEST

START_TEST(folding_follows_the_options) {
    static const list_source lists[] = {LIST("a.txt", 0, "火災\n火灾\n消 防\n消防\n")};
    tocsin__lexicon_options options = list_options(NULL);
    options.fold.profile = TOCSIN_FOLD_NFKC_CF;
    expect_lists(&options, lists, 1,
                 "subject 火災 [火災] literal auto 1 2 1:1\n"
                 "subject 火灾 [火灾] literal auto 1 2 2:1\n"
                 "subject 消 防 [消 防] literal auto 1 3 3:1\n"
                 "subject 消防 [消防] literal auto 1 2 4:1\n",
                 "");
}
END_TEST

START_TEST(arguments_are_refused) {
    tocsin__lexicon_builder *builder = NULL;
    tocsin__lexicon_options options = list_options(NULL);
    ck_assert_int_eq(tocsin__lexicon_builder_create(NULL, NULL, &builder), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin__lexicon_builder_create(&options, NULL, &builder), TOCSIN_OK);
    ck_assert_int_eq(tocsin__lexicon_add_list(builder, "a.txt", (tocsin_bytes){"x", 1}, 3), TOCSIN_ERROR_ARGUMENT);
    tocsin__lexicon_builder_free(builder);
    tocsin__lexicon_builder_free(NULL);
    tocsin__term_bounds bounds = TOCSIN__BOUNDS_WORD;
    ck_assert_int_eq(tocsin__term_bounds_from_name("None", 4, &bounds), 1);
    ck_assert_int_eq((int)bounds, (int)TOCSIN__BOUNDS_NONE);
    ck_assert_int_eq(tocsin__term_bounds_from_name("words", 5, &bounds), 0);
}
END_TEST

TOCSIN_SUITE("lexicon", TOCSIN_LOOP(lists_become_terms, cases) TOCSIN_CASE(topics_count_their_terms)
                            TOCSIN_CASE(long_lists_are_read) TOCSIN_CASE(folding_follows_the_options)
                                TOCSIN_CASE(arguments_are_refused))
