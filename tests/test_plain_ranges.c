/* The parts of a text that no mark touches: links, @names, [emoji], pictures and # are marks. */
#include <string.h>

#include <tocsin/tocsin.h>

#include "learn/plain_ranges.h"
#include "suite.h"

/* A | stands between two parts of the folded text. */
static const struct {
    const char *text, *parts;
} texts[] = {
    {"火灾了@阿花-1 大", "火灾了| 大"},
    {"火灾了＠阿花·b：大", "火灾了|:大"},
    {"写给a.b@c.org", "写给a.b@c.org"},
    {"@一二三四五六七八九十一二三四五 大", " 大"},
    {"@一二三四五六七八九十一二三四五六大", "一二三四五六七八九十一二三四五六大"},
    {"大https://weibo.com/ab?c=1#火灾", "大|火灾"},
    {"大Http://T.CN/ab 灾", "大| 灾"},
    {"weixin://火灾", "火灾"},
    {"t.cn/ab火灾t.cn/", "火灾t.cn/"},
    {"a-b.weibo.com/ab，火灾", "火灾"}, /* the comma is folded */
    {"3.5/10 a/b x.y/z t.c2/a 24:00", "3.5/10 a/b x.y/z t.c2/a 24:00"},
    {"xt.cn.:/a", "xt.cn.:/a"},
    {"火[泪]灾［允悲］了", "火|灾|了"},
    {"[一二三四五六七八]大", "大"},
    {"[一二三四五六七八九]大", "[一二三四五六七八九]大"},
    {"[，]火[]灾[", "[,]火[]灾["},
    {"＃火灾#6#楼", "火灾|6|楼"},
    {"火😀灾☀️了👨‍🚒", "火|灾|了"},
    {"@", ""},
    {"http://", ""},
    {"[泪]@阿花#", ""},
    {"", ""},
};

START_TEST(marks_are_left_out) {
    tocsin_folder *folder = NULL;
    tocsin_bytes folded;
    char parts[256] = "";
    ck_assert_int_eq(tocsin_folder_create(NULL, NULL, &folder), TOCSIN_OK);
    ck_assert_int_eq(tocsin_fold(folder, texts[_i].text, strlen(texts[_i].text), &folded), TOCSIN_OK);
    const tocsin__view view = {folded.data, folded.length, NULL};
    tocsin__plain_walk walk;
    tocsin__plain_begin(&walk, &view);
    for (size_t end = 0; walk.from < walk.to; (void)tocsin__plain_next(&walk)) {
        ck_assert_uint_ge(walk.from, end);
        ck_assert_uint_le(walk.to, folded.length);
        end = walk.to;
        if (*parts) strcat(parts, "|");
        strncat(parts, folded.data + walk.from, walk.to - walk.from);
    }
    ck_assert_uint_eq(walk.from, folded.length);
    ck_assert(!tocsin__plain_next(&walk));
    ck_assert_str_eq(parts, texts[_i].parts);
    tocsin_folder_free(folder);
}
END_TEST

TOCSIN_SUITE("plain_ranges", TOCSIN_LOOP(marks_are_left_out, texts))
