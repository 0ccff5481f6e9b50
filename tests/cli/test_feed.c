/* Checks of the feed readers that no command's output shows: times, and the small functions behind messages. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "feed/count_parse.h"
#include "feed/document_reader.h"
#include "feed/encoding_guess.h"
#include "feed/line_reader.h"
#include "feed/nearest_name.h"
#include "feed/span_parse.h"
#include "feed/time_parse.h"
#include "feed/utf8_text.h"
#include "suite.h"

static const struct {
    const char *text;
    int64_t milliseconds;
} times[] = {
    {"1970-01-01", 0},
    {"1969-12-31", -86400000},
    {"2021-07-13", 1626134400000},
    {"2000-02-29", 951782400000},
    {"1900-03-01", -2203891200000},
    {"0000-01-01", -62167219200000},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
    {"2021-07-13T08:30:00+08:00", 1626136200000},
    {"2021-07-13T00:30:00Z", 1626136200000},
    {"2021-07-12T20:00:00-04:30", 1626136200000},
    {"2021-07-13t00:30:00z", 1626136200000},
    {"2021-07-13 00:30:00.1Z", 1626136200100},
    {"2021-07-13T00:30:00.0419999Z", 1626136200041},
    {"2016-12-31T23:59:60Z", 1483228800000},
    {"1626136200", 1626136200000},
    {"1626136200123", 1626136200123},
    {"1626136200.25", 1626136200250},
    {"99999999999", 99999999999000},
    {"100000000000", 100000000000},
    {"2021-07-13 00:30:00", 1626136200000},
    {"2021-07-13 00:30", 1626136200000},
    {" 2021/7/13 0:30 ", 1626136200000},
    {"2021.07.13", 1626134400000},
    {"2021年7月13日 00:30", 1626136200000},
    {"2021-07-13T08:30:00+0800", 1626136200000},
    {"2021-07-13T08:30:00+08", 1626136200000},
    {"2021-07-13 08:30:00 +0800", 1626136200000},
    {"Tue Jul 13 08:30:00 +0800 2021", 1626136200000},
    {"Tue, 13 Jul 2021 00:30:00 GMT", 1626136200000},
    {"13 Jul 2021 08:30:00 +0800", 1626136200000},
    {"20210713", 1626134400000},
    {"202107130030", 1626136200000},
    {"20210713003000", 1626136200000},
    {"1626136200123456", 1626136200123},
    {"1626136200123456789", 1626136200123},
    {"20210713T003000Z", 1626136200000},
    {"20210713 0030", 1626136200000},
    {"20210713 00:30", 1626136200000},
    {"20210713 (二)", 1626134400000},
    {"20210713 8时", 1626163200000},
    {"20210713 08时", 1626163200000},
    {"2021-07-13 上午12:30", 1626136200000},
    {"2021年7月13日 0点30分", 1626136200000},
    {"2021年7月13日 00时30分00秒", 1626136200000},
    {"2021年7月13日08时00分", 1626163200000},
    {"2021-07-13 12:30 AM", 1626136200000},
    {"2021-07-13 下午3:30", 1626190200000},
    {"2021-07-13 3:30:00 PM", 1626190200000},
    {"2021-07-13 12:30 PM", 1626179400000},
    {"2021-07-13 晚上12点", 1626220800000},
    {"2021-07-13 00:30:00,250", 1626136200250},
    {"2021-7-13 0:30:0", 1626136200000},
    {"2021-07-13 08:30:00 CST", 1626136200000},
    {"2021-07-13T08:30:00+08:00[Asia/Shanghai]", 1626136200000},
    {"2021-07-13 (二) 00:30", 1626136200000},
    {"2021-07-13 星期二 00:30", 1626136200000},
    {"２０２１－０７－１３　００：３０", 1626136200000},
    {"发布时间：2021-07-13 00:30", 1626136200000},
    {"2021-07-13 00:30 来自 iPhone客户端", 1626136200000},
    {"Tue Jul 13 08:30:00 CST 2021", 1626136200000},
    {"Tue Jul 13 2021", 1626134400000},
    {"July 13, 2021 12:30 AM", 1626136200000},
    {"13 Jul 21 00:30:00 GMT", 1626136200000},
    {"20210713003000250", 1626136200250},
    {"20210713T003000,5Z", 1626136200500},
    {"2021-07-13 08:30 UTC+8", 1626136200000},
    {"2021-07-13 08:30 GMT+08:00", 1626136200000},
    {"Tue Jul 13 2021 08:30:00 GMT+0800 (中国标准时间)", 1626136200000},
    {"Tue, 13 Jul 2021 08:30:00 +0800 (CST)", 1626136200000},
    {"Tuesday, July 13, 2021 12:30 AM", 1626136200000},
    {"13-Jul-2021", 1626134400000},
    {"13-Jul-2021 00:30", 1626136200000},
    {"13/Jul/2021:08:30:00 +0800", 1626136200000},
    {"13th July 2021", 1626134400000},
    {"2021年7月13号 0点半", 1626136200000},
    {"2021—07—13 00∶30", 1626136200000},
    {"2021-07-13 晚8:30", 1626208200000},
    {"2021-07-13 00:30 安徽", 1626136200000},
    {"44390", 1626134400000},
    {"44390.0208333", 1626136200000},
};

START_TEST(times_are_milliseconds) {
    int64_t value = -7;
    ck_assert_ptr_null(time_parse(times[_i].text, strlen(times[_i].text), NULL, &value));
    ck_assert_int_eq(value, times[_i].milliseconds);
}
END_TEST

static const char *const bad_times[] = {
    "",
    "-",
    ".",
    "x",
    "1.",
    "1.x",
    "1e9",

    "2021-",
    "2021-07",
    "2021-07-13T",
    "2021-07-13T08",
    "2021-07-13T08:30:00.Z",
    "2021-07-13T08:30:00 08:00",
    "2021-07-13X",
    "2021-07-13T08:30:61Z",
    "2021-07-13T08:60:00Z",
    "2021-13-01",
    "2021-00-01",
    "2021-04-31",
    "2021-02-29",
    "1900-02-29",
    "999999999999999999999",
    "-62167219200001",
    "3分钟前",
    "昨天 12:03",
    "刚刚",
    "05-07 12:00",
    "2021/07-13",
    "0",
    "2021",
    "2021-07-13 晚上12:30",
    "2021-07-13 24:00",
    "2021-07-13 25点",
    "13/07/2021",
    "07/13/2021 00:30",
    "20210713T0030x",
    "Tue Jul 13",
    "Jul 13, 202",
    "13 Jul 202 00:30",
    "发布时间",
    "Foo, 13 Jul 2021 00:30:00 GMT",
    "2021-07-13 25:00",
    "20211340",
    "-1",
    "202107",
    "99999999",
    "44390 人",
    "2021-07-13 00:30 EST",
    "2021-07-13 08:30 UTC+24",
    "13-Jul-2021-",
    "大前天",
};

START_TEST(bad_times_are_rejected_with_a_reason) {
    int64_t value = -7;
    ck_assert_ptr_nonnull(time_parse(bad_times[_i], strlen(bad_times[_i]), NULL, &value));
    ck_assert_int_eq(value, -7);
}
END_TEST

/* Relative to 2021-07-13T00:30:00Z. */
static const struct {
    const char *text;
    int64_t milliseconds;
} relative_times[] = {
    {"刚刚", 1626136200000},         {"30秒前", 1626136170000},
    {"3分钟前", 1626136020000},      {"3 分鐘前", 1626136020000},
    {"2小时前", 1626129000000},      {"2个小时前", 1626129000000},
    {"3天前", 1625877000000},        {"今天 00:10", 1626135000000},
    {"昨天 12:03", 1626091380000},   {"前天 9:05", 1625994300000},
    {"昨天", 1626048000000},         {"05-07 12:00", 1620388800000},
    {"5月7日 12:00", 1620388800000}, {"12-31 23:00", 1609455600000},
    {"半小时前", 1626134400000},     {"3 minutes ago", 1626136020000},
    {"1 hour ago", 1626132600000},   {"just now", 1626136200000},
    {"00:10", 1626135000000},        {"5月7日 12:00 来自 微博", 1620388800000},
    {"三分钟前", 1626136020000},     {"两个小时前", 1626129000000},
    {"十二小时前", 1626093000000},   {"1小时30分钟前", 1626130800000},
    {"一周前", 1625531400000},       {"3小时以前", 1626125400000},
    {"大前天", 1625875200000},       {"昨晚 8点半", 1626121800000},
    {"今早0:10", 1626135000000},     {"yesterday at 12:03", 1626091380000},
    {"an hour ago", 1626132600000},  {"昨天 12:03 广东", 1626091380000},
    {"3天前・广东", 1625877000000},  {"05-07 安徽", 1620345600000},
};

START_TEST(relative_times_need_the_time_of_collection) {
    const int64_t collected = 1626136200000;
    int64_t value = -7;
    const char *text = relative_times[_i].text;
    ck_assert_ptr_nonnull(time_parse(text, strlen(text), NULL, &value));
    ck_assert_int_eq(value, -7);
    ck_assert_ptr_null(time_parse(text, strlen(text), &collected, &value));
    ck_assert_int_eq(value, relative_times[_i].milliseconds);
}
END_TEST

static const struct {
    const char *text;
    uint64_t count;
} counts[] = {{"0", 0},
              {"12800", 12800},
              {"12,800", 12800},
              {"12，800", 12800},
              {"1.2万", 12000},
              {"1.2万+", 12000},
              {"10w+", 100000},
              {"10W", 100000},
              {"100000+", 100000},
              {"1533.6万", 15336000},
              {"3千", 3000},
              {"2千万", 20000000},
              {"1.5亿", 150000000},
              {"3.2k", 3200},
              {" 77 次 ", 77},
              {"１２３", 123},
              {"1,234,567", 1234567},
              {"5 万+", 50000},
              {"0.05万", 500},
              {"1153.3万", 11533000},
              {"1.5m", 1500000},
              {"18446744073709551600", UINT64_C(18446744073709551600)},
              {"2.5", 2},
              {"1萬", 10000},
              {"12 800", 12800},
              {"1.28E+04", 12800},
              {"1.23456789E+15", UINT64_C(1234567890000000)},
              {"1.123456789123亿万", UINT64_C(1123456789123)},
              {"0.12345678901234567890123", 0},
              {"3.4百万", 3400000},
              {"阅读 1.2万", 12000},
              {"播放量：1.2万次", 12000},
              {"转发128", 128},
              {"1.2w阅读", 12000},
              {"约1.2万", 12000},
              {"＋5", 5}};

START_TEST(counts_are_numbers) {
    uint64_t value = 7;
    ck_assert_ptr_null(count_parse(counts[_i].text, strlen(counts[_i].text), &value));
    ck_assert_uint_eq(value, counts[_i].count);
}
END_TEST

static const char *const bad_counts[] = {"",
                                         "-",
                                         "many",
                                         "-1",
                                         "万",
                                         "1x",
                                         "1.2.3",
                                         "18446744073709551616",
                                         "99999999999999999999亿",
                                         "1,",
                                         "3分钟前",
                                         ".5",
                                         "2,3万",
                                         "1,2",
                                         "12,800,00",
                                         "1234,567",
                                         "1.2e",
                                         "1e-3",
                                         "1e400",
                                         "转发",
                                         "1.2万2"};

START_TEST(bad_counts_are_rejected_with_a_reason) {
    uint64_t value = 7;
    ck_assert_ptr_nonnull(count_parse(bad_counts[_i], strlen(bad_counts[_i]), &value));
    ck_assert_uint_eq(value, 7);
}
END_TEST

static const struct {
    const char *text, *units;
    int64_t most, milliseconds;
} spans[] = {{"30s", "smh", 3600000, 30000},
             {"60m", "smh", 3600000, 3600000},
             {"90d", "hd", INT64_C(31622400000000), INT64_C(7776000000)},
             {"366000d", "hd", INT64_C(31622400000000), INT64_C(31622400000000)},
             {"366001d", "hd", INT64_C(31622400000000), 0},
             {"61m", "smh", 3600000, 0},
             {"3d", "smh", INT64_C(31622400000000), 0},
             {"0h", "hd", 3600000, 0},
             {"12", "hd", 3600000, 0},
             {"h", "hd", 3600000, 0},
             {"", "hd", 3600000, 0},
             {" 1h", "hd", 3600000, 0},
             {"+1h", "hd", 3600000, 0},
             {"-1h", "hd", 3600000, 0},
             {"1h ", "hd", 3600000, 0},
             {"1hd", "hd", 3600000, 0},
             {"99999999999999999999h", "hd", INT64_MAX, 0}};

START_TEST(durations_are_numbers_with_a_unit) {
    ck_assert_int_eq(span_parse(spans[_i].text, spans[_i].units, spans[_i].most), spans[_i].milliseconds);
}
END_TEST

START_TEST(every_day_follows_the_one_before) {
    int64_t expected = -62167219200000;
    for (int year = 0; year < 10000; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++) {
                char text[32];
                int64_t value;
                int n = snprintf(text, sizeof text, "%04d-%02d-%02dT00:00Z", year, month, day);
                if (time_parse(text, (size_t)n, NULL, &value)) continue;
                if (value != expected) ck_abort_msg("%s is %lld", text, (long long)value);
                expected += 86400000;
            }
        }
    }
    ck_assert_int_eq(expected, 253402300800000);
}
END_TEST

START_TEST(numbers_are_times) {
    int64_t value = -7;
    ck_assert_ptr_null(time_from_float(1626136200.1239, &value));
    ck_assert_int_eq(value, 1626136200124);
    ck_assert_ptr_nonnull(time_from_float(-0.5, &value));
    ck_assert_ptr_nonnull(time_from_integer(-1, &value));
    ck_assert_ptr_null(time_from_float(-1e9 - 0.5, &value));
    ck_assert_int_eq(value, -1000000000500);
    ck_assert_ptr_null(time_from_float(1626136200123.0, &value));
    ck_assert_int_eq(value, 1626136200123);
    ck_assert_ptr_nonnull(time_from_float(NAN, &value));
    ck_assert_ptr_nonnull(time_from_float(1e300, &value));
    ck_assert_ptr_nonnull(time_from_integer(INT64_MIN, &value));
    ck_assert_int_eq(value, 1626136200123);
}
END_TEST

static const struct {
    const char *written, *meant;
} nearest[] = {
    {"formt", "format"}, {"fromat", "format"},   {"form", "format"}, {"on_error", "on-error"},
    {"plam", "plan"},    {"rejcets", "rejects"}, {"weather", NULL},  {"", NULL},
    {"x", NULL},         {"plan", "plan"},
};

START_TEST(misspelt_names_get_a_suggestion) {
    static const char *const names[] = {"plan", "format", "on-error", "rejects"};
    const char *near = nearest_name(nearest[_i].written, strlen(nearest[_i].written), names, 4);
    ck_assert_pstr_eq(near, nearest[_i].meant);
}
END_TEST

static const struct {
    const char *text;
    size_t length;
    const char *visible, *json;
} texts[] = {
    {"火a", 4, "火a", "\"火a\""},
    {"\033[31m\a\x7F", 7, "␛[31m␇␡", "\"\\u001b[31m\\u0007\\u007f\""},
    {"a\0b", 3, "a␀b", "\"a\\u0000b\""},
    {"\n\t\r", 3, "\n\t␍", "\"\\n\\t\\r\""},
    {"\xC2\x9Bm", 3, "<U+009B>m", "\"\xC2\x9Bm\""},
    {"\xE2\x80\xAE\xE2\x80\xA8\xE2\x81\xA6", 9, "<U+202E><U+2028><U+2066>", "\"\xE2\x80\xAE\xE2\x80\xA8\xE2\x81\xA6\""},
    {"\xFF\xE7\x81", 3, "��", "\"��\""},
    {"\xED\xA0\x80\xF4\x90\x80\x80", 7, "�������", "\"�������\""},
    {"\"\\", 2, "\"\\", "\"\\\"\\\\\""},
};

START_TEST(text_is_made_safe) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    utf8_append_visible(&out, texts[_i].text, texts[_i].length, 1);
    ck_assert_str_eq(out.data, texts[_i].visible);
    out.length = 0;
    utf8_append_json(&out, texts[_i].text, texts[_i].length);
    ck_assert_str_eq(out.data, texts[_i].json);
    tocsin_buffer_release(&out);
}
END_TEST

START_TEST(text_is_cut_at_characters) {
    ck_assert_uint_eq(utf8_cut("火火", 6, 6), 6);
    ck_assert_uint_eq(utf8_cut("火火", 6, 5), 3);
    ck_assert_uint_eq(utf8_cut("火火", 6, 2), 0);
    ck_assert_uint_eq(utf8_cut("ab", 2, 9), 2);
}
END_TEST

START_TEST(formats_follow_from_file_names) {
    ck_assert_int_eq(feed_format_by_name("a.ndjson"), FEED_NDJSON);
    ck_assert_int_eq(feed_format_by_name("a/b.jsonl.zst"), FEED_NDJSON);
    ck_assert_int_eq(feed_format_by_name("a.txt.zst"), FEED_TEXT);
    ck_assert_int_eq(feed_format_by_name("a.ndjson.gz"), FEED_NDJSON);
    ck_assert_int_eq(feed_format_by_name(".txt"), FEED_AUTO);
    ck_assert_int_eq(feed_format_by_name("-"), FEED_AUTO);
}
END_TEST

/* Every line of a file of lines of 0 to 600 bytes, with a limit of 500, read back through batches of any size. */
START_TEST(lines_are_read_as_written) {
    char path[] = "test-feed-XXXXXX";
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    FILE *file = fdopen(fd, "w");
    for (int i = 0; i < 600; i++) {
        for (int j = 0; j < i; j++) fputc('a' + i % 26, file);
        if (i < 599) fputs(i % 3 ? "\n" : "\r\n", file);
    }
    fclose(file);
    input_file *input = input_file_open(path, NULL);
    line_reader *reader = line_reader_create(input, 500);
    line_batch batch = {0};
    size_t next = 0;
    while (line_reader_fill(reader, &batch) == LINE_READY) {
        for (size_t i = 0; i < batch.count; i++, next++) {
            const batch_line *line = &batch.lines[i];
            ck_assert_uint_eq(line->number, next + 1);
            if (line->length == line->size) {
                ck_assert_uint_eq(line->size, next);
                for (size_t j = 0; j < next; j++)
                    ck_assert_int_eq(batch.bytes[line->offset + j], 'a' + (int)(next % 26));
            } else {
                ck_assert_uint_ge(next, 499);
                ck_assert_uint_eq(line->length, 0);
                ck_assert_uint_eq(line->size, next + (next % 3 == 0));
            }
        }
    }
    ck_assert_uint_eq(next, 600);
    ck_assert_int_eq(line_reader_fill(reader, &batch), LINE_END);
    line_batch_release(&batch);
    line_reader_free(reader);
    input_file_close(input);
    unlink(path);
}
END_TEST

/* Feeds text in pieces: at which byte the encoding is decided, and which it is; if nothing decides, all bytes are
 * released. */
static const struct {
    const char *about, *text;
    guessed_encoding found;
    size_t position;
} guesses[] = {
    {"ASCII is open", "{\"id\":1}\n{\"id\":2}\n", GUESS_OPEN, 18},
    {"GB18030", "{\"id\":1}\n{\"text\":\"\xCF\xFB\xB7\xC0\xB3\xD9\xB5\xBD\xC1\xCB\"}\n", GUESS_GB18030, 18},
    {"UTF-8", "{\"id\":1}\n{\"text\":\"\xE6\xB6\x88\xE9\x98\xB2\xE8\xBF\x9F\xE5\x88\xB0\xE4\xBA\x86\"}\n", GUESS_UTF8,
     18},
    {"one character and no end of its line", "[{\"text\":\"\xBA\xC3\"},", GUESS_GB18030, 10},
    {"a line of one character", "\xBA\xC3\n", GUESS_GB18030, 0},
    {"a line of one character in UTF-8 is let go", "\xE5\xA5\xBD\n\xCF\xFB\xB7\xC0\n", GUESS_GB18030, 4},
    {"UTF-8 before GB18030 stays UTF-8", "\xE6\xB6\x88\xE9\x98\xB2\n\xCF\xFB\xB7\xC0\n", GUESS_UTF8, 0},
    {"characters of four bytes",
     "\x94"
     "9\xFC"
     "6\x94"
     "9\xFC"
     "6\n",
     GUESS_GB18030, 0},
    {"traditional",
     "\xD3\xD0\x9Fo\xC8\xCB\xBD\xE2\xE1\x8C\xB5\xBD\xFC"
     "c\xBD\xE2\xD6\xD0\x87\xF8\xC8\xCB\n",
     GUESS_GB18030, 0},
    {"GB18030 with a broken byte",
     "\xCF\xFB\xB7\xC0\xB3\xD9\xB5\xBD\xC1\xCB\xA3\xAC\xC8\xBA\xD6\xDA\xFF\xB2\xBB\xC2\xFA\n", GUESS_GB18030, 0},
    {"UTF-8 that a cut begins in", "\xB6\x88\xE9\x98\xB2\xE8\xBF\x9F\xE5\x88\xB0\xE4\xBA\x86\n", GUESS_UTF8, 0},
    {"what a cut left of UTF-8", "\xB1\xB5\n", GUESS_OPEN, 3},
    {"UTF-8 with broken bytes",
     "\xE6\xB6\x88\xFF\xFE\xE6\n\xE7\xBE\xA4\xE4\xBC\x97\xE4\xB8\x8D\xE6\xBB\xA1\xE6\x84\x8F\xE7\x9A\x84\n", GUESS_UTF8,
     7},
    {"a byte too many", "a\xFF b\n", GUESS_OPEN, 5},
    {"Latin letters", "caf\xE9 d\xE9j\xE0\n", GUESS_OPEN, 10},
    {"Big5", "\xA6\xB3\xB5L\xA4H\xB8\xD1\xC4\xC0\xA8\xEC\xC2I\xB8\xD1\xA4\xA4\xB0\xEA\xA4H\n", GUESS_OPEN, 23},
    {"Big5 in characters that GB18030 has", "\xBE\xC7\xAE\xD5\xA9\xF1\xB0\xB2\n", GUESS_OPEN, 9},
    {"a mark", "\xEF\xBB\xBF{\"a\"", GUESS_UTF8, 0},
};

/* In pieces of any size. */
START_TEST(encodings_are_detected) {
    const char *text = guesses[_i].text;
    const size_t length = strlen(text);
    for (size_t piece = 1; piece <= length; piece++) {
        encoding_guess guess = {0};
        size_t start = 0;
        for (size_t end = piece < length ? piece : length;; end = end + piece < length ? end + piece : length) {
            start += encoding_guess_look(&guess, text + start, end - start, end == length);
            if (guess.found || end == length) break;
        }
        ck_assert_msg(guess.found == guesses[_i].found && start == guesses[_i].position && guess.position == start,
                      "%s in pieces of %zu: %d at %zu", guesses[_i].about, piece, (int)guess.found, start);
    }
}
END_TEST

/* Only a bounded number of bytes is held back, and after long ASCII text the detection stops. */
START_TEST(detection_holds_a_bounded_number_of_bytes) {
    static char text[GUESS_BYTES + 8];
    encoding_guess guess = {0};
    memset(text, 'x', sizeof text);
    memset(text, 0xFF, GUESS_HOLD);
    ck_assert_uint_eq(encoding_guess_look(&guess, text, GUESS_HOLD - 1, 0), 0);
    ck_assert_uint_eq(encoding_guess_look(&guess, text, GUESS_HOLD, 0), GUESS_HOLD);
    ck_assert_int_eq(guess.found, GUESS_OPEN);
    memset(text, 'x', sizeof text);
    memcpy(text + GUESS_BYTES, "\xCF\xFB\xB7\xC0\n", 5);
    guess = (encoding_guess){0};
    ck_assert_uint_eq(encoding_guess_look(&guess, text, sizeof text, 1), GUESS_BYTES);
    ck_assert_int_eq(guess.found, GUESS_UTF8);
    guess = (encoding_guess){0};
    ck_assert_uint_eq(encoding_guess_look(&guess, text + 1, sizeof text - 1, 1), GUESS_BYTES - 1);
    ck_assert_int_eq(guess.found, GUESS_GB18030);
}
END_TEST

TOCSIN_SUITE("feed",
             TOCSIN_LOOP(times_are_milliseconds, times) TOCSIN_LOOP(bad_times_are_rejected_with_a_reason, bad_times)
                 TOCSIN_LOOP(relative_times_need_the_time_of_collection, relative_times) TOCSIN_LOOP(counts_are_numbers,
                                                                                                     counts)
                     TOCSIN_LOOP(bad_counts_are_rejected_with_a_reason,
                                 bad_counts) TOCSIN_LOOP(durations_are_numbers_with_a_unit, spans)
                         TOCSIN_CASE(every_day_follows_the_one_before) TOCSIN_CASE(numbers_are_times)
                             TOCSIN_LOOP(misspelt_names_get_a_suggestion, nearest) TOCSIN_LOOP(text_is_made_safe, texts)
                                 TOCSIN_CASE(text_is_cut_at_characters) TOCSIN_CASE(formats_follow_from_file_names)
                                     TOCSIN_CASE(lines_are_read_as_written) TOCSIN_LOOP(encodings_are_detected, guesses)
                                         TOCSIN_CASE(detection_holds_a_bounded_number_of_bytes))
