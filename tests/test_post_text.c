/* The post's own words: names, chains, links, emoji, marks of hashtags and set phrases are removed. */
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"
#include "track/post_text.h"
#include "track/sketch.h"

/* | stands for a break, > for one after which a post is quoted. */
static const struct {
    const char *text, *kept, *names;
} posts[] = {
    {"求证 //@庐州老街坊：顺达仓库着火", "求证>顺达仓库着火", "庐州老街坊|"},
    {"//@a_b:x//@庐州 老街:y", "x>老街:y", "a_b|庐州|"},
    {"转发微博", "", ""},
    {"转发微博 //@a:转发微博//@b:起火了", "起火了", "a|b|"},
    {"網友轉發微博称起火", "網友轉發微博称起火", ""},
    {"轉發微博。起火", "。起火", ""},
    {"回复@阿花-01:是真的", "是真的", "阿花-01|"},
    {"回覆 ＠阿花：係真嘅", "係真嘅", "阿花|"},
    {"求证 回复@b:是 //@c:起火", "求证|是>起火", "b|c|"},
    {"求证@b //@c:起火", "求证>起火", "b|c|"},
    {"RT @bob: fire", " fire", "bob|"},
    {"快看＠合肥消防 起火了", "快看|起火了", "合肥消防|"},
    {"写信到 a.b@c.org 或者@阿花", "写信到 a.b@c.org 或者|", "阿花|"},
    {"起火http://t.cn/A6bX 快看", "起火 快看", ""},
    {"起火https://weibo.com/1/2?x=y#z，快看", "起火，快看", ""},
    {"www.x.cn t.cn/A6bX 3.5/10 a/b 1.2", "  3.5/10 a/b 1.2", ""},
    {"起火了[泪][允悲]快看[1]", "起火了快看", ""},
    {"[这是一句很长很长的话]【合肥】[]", "[这是一句很长很长的话]【合肥】[]", ""},
    {"#合肥起火#住在6#楼的人", "合肥起火住在6#楼的人", ""},
    {"＃合肥＃ 3# 和 5# 楼", "合肥 3# 和 5# 楼", ""},
    {"消防车四十八分钟才到…全文", "消防车四十八分钟才到…", ""},
    {"消防车四十八分钟才到... 全文", "消防车四十八分钟才到... ", ""},
    {"读了全文，展开全文", "读了全文，展开全文", ""},
    {"起火 展开全文", "起火 ", ""},
    {"起火 L庐州老街坊的微博视频", "起火 ", "庐州老街坊|"},
    {"他的微博视频", "他的微博视频", ""},
    {"a\xff[泪]b",
     "a\xff"
     "b",
     ""},
    {"@一个比平台允许的还要长的名字是不会有的所以只去掉记号", "一个比平台允许的还要长的名字是不会有的所以只去掉记号",
     ""},
    {"", "", ""},
    {"@", "", ""},
    {"[", "[", ""},
    {"#", "#", ""},
    {"//", "//", ""},
    {"//@", "//", ""},
    {"[泪", "[泪", ""},
    {"http://", "", ""},
};

static void compare(const char *data, size_t length, const char *wanted, const char *of) {
    char shown[512];
    ck_assert_uint_lt(length, sizeof shown);
    if (length) memcpy(shown, data, length);
    shown[length] = '\0';
    for (size_t i = 0; i < length; i++) {
        shown[i] = shown[i] == TOCSIN__POST_BREAK ? '|' : shown[i] == TOCSIN__POST_QUOTE ? '>' : shown[i];
    }
    ck_assert_msg(!strcmp(shown, wanted), "%s: \"%s\", not \"%s\"", of, shown, wanted);
}

START_TEST(text_added_by_others_is_dropped) {
    tocsin__post_text post = {{0}, {0}};
    const tocsin_bytes text = {posts[_i].text, strlen(posts[_i].text)};
    ck_assert_int_eq(tocsin__post_text_take(&post, text, tocsin_allocator_default()), TOCSIN_OK);
    compare(post.kept.data, post.kept.length, posts[_i].kept, text.data);
    compare(post.names.data, post.names.length, posts[_i].names, text.data);
    tocsin__post_text_release(&post, tocsin_allocator_default());
}
END_TEST

/* Any bytes: the result is never longer than the text, and dropping again changes nothing. */
START_TEST(odd_texts_do_no_harm) {
    static const char *const pieces[] = {"@",        "//@",  "＠", "#",          "[",    "]", "http://", "a.cn/x",
                                         "转发微博", "全文", "…",  " ",          "火",   "a", ":",       "：",
                                         "\xe7",     "\xff", "L",  "的微博视频", "回复", "\n"};
    uint32_t state = 5;
    for (int i = 0; i < 20000; i++) {
        char text[200];
        size_t length = 0;
        tocsin__post_text post = {{0}, {0}};
        while (length < 150) {
            state = state * 1664525u + 1013904223u;
            const char *piece = pieces[(state >> 16) % (sizeof pieces / sizeof *pieces)];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
            if (state >> 28 == 0) break;
        }
        ck_assert_int_eq(tocsin__post_text_take(&post, (tocsin_bytes){text, length}, tocsin_allocator_default()),
                         TOCSIN_OK);
        ck_assert_uint_le(post.kept.length, length);
        ck_assert_uint_le(post.names.length, length);
        tocsin__post_text_release(&post, tocsin_allocator_default());
    }
}
END_TEST

/* A long post of marks takes time linear in its length. */
START_TEST(time_is_linear_in_length) {
    static char text[1 << 20];
    static const char *const units[] = {"@a", "a,", "#a", "[a", "a.", "L.", "http:/"};
    tocsin__post_text post = {{0}, {0}};
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        const size_t unit = strlen(units[u]), length = sizeof text / unit * unit;
        for (size_t i = 0; i < length; i++) text[i] = units[u][i % unit];
        ck_assert_int_eq(tocsin__post_text_take(&post, (tocsin_bytes){text, length}, tocsin_allocator_default()),
                         TOCSIN_OK);
    }
    tocsin__post_text_release(&post, tocsin_allocator_default());
}
END_TEST

static const struct {
    const char *title, *text, *said;
} shown[] = {
    {"", "求证 //@庐州老街坊：顺达仓库着火", "求证 顺达仓库着火"},
    {"#合肥起火# http://t.cn/x", "细节", "合肥起火"},
    {"转发微博", "//@a: 起火\n  快看[泪]", "起火 快看"},
    {"转发：起火", "", "起火"},
};

START_TEST(the_shown_text_is_the_posts_own) {
    tocsin__signer *signer = NULL;
    tocsin__sketch sketch, own;
    tocsin__matter_key matter = {.count = 0};
    ck_assert_int_eq(tocsin__signer_create(tocsin_allocator_default(), &signer), TOCSIN_OK);
    ck_assert_int_eq(tocsin__sign(signer, (tocsin_bytes){shown[_i].title, strlen(shown[_i].title)},
                                  (tocsin_bytes){shown[_i].text, strlen(shown[_i].text)}, &sketch, &own, &matter),
                     TOCSIN_OK);
    const tocsin_bytes said = tocsin__signer_said(signer);
    compare(said.data, said.length, shown[_i].said, shown[_i].text);
    tocsin__signer_free(signer);
}
END_TEST

/* A user's name is not taken for a place, even if it ends like one or the plan lists it. */
START_TEST(user_names_are_not_taken_for_places) {
    static const char *const texts[] = {"气死 //@庐州老街：着火等了四十八分钟", "@合肥 着火等了四十八分钟",
                                        "@合肥 合肥着火等了四十八分钟"};
    for (size_t i = 0; i < 3; i++) {
        tocsin__signer *signer = NULL;
        tocsin__sketch sketch, own;
        tocsin__matter_key matter = {.count = 0};
        ck_assert_int_eq(tocsin__signer_create(tocsin_allocator_default(), &signer), TOCSIN_OK);
        ck_assert_int_eq(tocsin__sign(signer, (tocsin_bytes){NULL, 0}, (tocsin_bytes){texts[i], strlen(texts[i])},
                                      &sketch, &own, &matter),
                         TOCSIN_OK);
        ck_assert_int_eq(tocsin__sign_place(signer, (tocsin_bytes){"合肥", 6}, &matter), TOCSIN_OK);
        ck_assert_msg(matter.count == (i != 1), "%s: %u", texts[i], matter.count);
        tocsin__signer_free(signer);
    }
}
END_TEST

START_TEST(memory_that_fails_is_given_back) {
    for (size_t n = 1;; n++) {
        failing_allocator memory = {.fail_at = n};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin__post_text post = {{0}, {0}};
        const tocsin_status status = tocsin__post_text_take(&post, (tocsin_bytes){"@a b", 4}, &allocator);
        tocsin__post_text_release(&post, &allocator);
        ck_assert_uint_eq(memory.live, 0);
        ck_assert_uint_eq(memory.wrong, 0);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_uint_lt(n, 10);
    }
}
END_TEST

TOCSIN_SUITE("post_text",
             TOCSIN_LOOP(text_added_by_others_is_dropped, posts) TOCSIN_CASE(odd_texts_do_no_harm)
                 TOCSIN_CASE(time_is_linear_in_length) TOCSIN_LOOP(the_shown_text_is_the_posts_own, shown)
                     TOCSIN_CASE(user_names_are_not_taken_for_places) TOCSIN_CASE(memory_that_fails_is_given_back))
