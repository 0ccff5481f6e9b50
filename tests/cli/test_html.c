/*
 * HTML to text: which text is kept, which is removed, where each stretch of text stands in the HTML, and that time is
 * linear however malformed the HTML is.
 */
#define _GNU_SOURCE /* memmem */

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "feed/html_text.h"
#include "suite.h"

#if defined(TOCSIN_SMALL_BUFFERS) || defined(TOCSIN_EMULATED)
#define TIME_BYTES ((size_t)1 << 16)
#else
#define TIME_BYTES ((size_t)1 << 18)
#endif

static html_text html;

static const struct {
    const char *source, *text;
} cases[] = {
    {"消防车没水", "消防车没水"},
    {"消<em>防</em>车到了没<em>水</em>", "消防车到了没水"},
    {"消防车<span class=\"url-icon\"><img alt=[怒] src=\"a.png\"></span>没水", "消防车[怒]没水"},
    {"<img src=x ALT='&lt;怒&gt;'/>到", "<怒>到"},
    {"<img alt=\"\" src=\"a\">空", "空"},
    {"&#28040;&#38450;&#36710;&#x6CA1;&#X6c34;", "消防车没水"},
    {"&lt;b&gt; &amp;amp; &nbsp;&hellip;&copy &notit; &Aacute;", "<b> &amp; \u00A0…© ¬it; Á"},
    {"&nosuch; & &; &# &#x; &#xZ; A&B", "&nosuch; & &; &# &#x; &#xZ; A&B"},
    {"&#0;&#xD800;&#x110000;&#99999999999;&#128;&#151;", "\uFFFD\uFFFD\uFFFD\uFFFD€—"},
    {"<a href=\"https://m.example/search?q=消防队推诿\">今天吃火锅</a>", "今天吃火锅"},
    {"<script>消防车没水</script>好<style type=a>b{}</STYLE >吗", "好吗"},
    {"<p>消防车</p><p>没水</p>", "消防车\n没水\n"},
    {"消防车<br/>没水<BR>了<div><div>吗</div></div>", "消防车\n没水\n了\n吗\n"},
    {"<td>一</td><td>二</td>", "一\n二\n"},
    {"a<!-- 消防车 -- > -->b<!DOCTYPE html>c<?xml version='1'?>d", "abcd"},
    {"x<![CDATA[<b>消防车</b>]]>y", "x<b>消防车</b>y"},
    /* Malformed markup is kept as text. */
    {"3<5但是消防车没水，6>2", "3<5但是消防车没水，6>2"},
    {"<消防车>没水", "<消防车>没水"},
    {"a<b消防车没水>c", "a<b消防车没水>c"},
    {"<b 消防车没水>c", "<b 消防车没水>c"},
    {"<a href=\"x>消防车没水</a>", "消防车没水"},
    {"<a href=\"x>消防车没水</a><b class=\"k\">甲</b>", "消防车没水甲"},
    {"<a href='x>消防车</a>他说'没水'", "消防车他说'没水'"},
    {"<a href=\"x\">消防车没水", "消防车没水"},
    {"<a href=\"x\" 消防车没水", "<a href=\"x\" 消防车没水"},
    {"<!-- 消防车没水", "<!-- 消防车没水"},
    {"<script>消防车没水", "消防车没水"},
    {"<style>消防车没水</script>", "消防车没水"},
    {"<![CDATA[消防车没水", "消防车没水"},
    {"<! 消防车没水", "<! 消防车没水"},
    {"<!doctype 消防车没水", "<!doctype 消防车没水"},
    {"消防车没水<", "消防车没水<"},
    {"消防车没水</", "消防车没水</"},
    {"消防车没水<b", "消防车没水<b"},
    {"<b><b<b>消防车没水</b", "<b消防车没水</b"},
    {"<a title=it's>好</a>", "好"},
    {"<a title=\"a>b\" href='c\"d'>好</a>", "好"},
    {"<o:p>好</o:p><my-tag x>吗</my-tag>", "好吗"},
    {"", ""},
};

START_TEST(html_becomes_text) {
    html_text_read(&html, cases[_i].source, strlen(cases[_i].source));
    const char *text = html.text.length ? html.text.data : "";
    ck_assert_msg(html.text.length == strlen(cases[_i].text) && !memcmp(text, cases[_i].text, html.text.length),
                  "%s gives %.*s", cases[_i].source, (int)html.text.length, text);
}
END_TEST

/* The stretch of HTML from which a stretch of the text comes. */
static void check_span(const char *source, const char *text, const char *wanted) {
    html_text_read(&html, source, strlen(source));
    const char *found = memmem(html.text.data, html.text.length, text, strlen(text));
    ck_assert_ptr_nonnull(found);
    const size_t at = (size_t)(found - html.text.data);
    const size_t start = html_text_start(&html, at), end = html_text_end(&html, at + strlen(text));
    ck_assert_msg(end - start == strlen(wanted) && !memcmp(source + start, wanted, end - start), "%s: %.*s", source,
                  (int)(end - start), source + start);
}

START_TEST(spans_point_into_the_html) {
    check_span("庐阳<b>消<em>防</em>车</b>到", "消防车", "消<em>防</em>车");
    check_span("<p>甲</p><p>消防车</p>", "消防车", "消防车");
    check_span("&#28040;&#38450;&#36710;没水", "消防车", "&#28040;&#38450;&#36710;");
    check_span("&#28040;&#38450;&#36710;没水", "没水", "没水");
    check_span("x<img alt=\"消防车&amp;\">没水", "消防车&", "消防车&amp;");
    check_span("x<img alt=\"消防车\">没水", "车没", "车\">没");
    check_span("甲&nbsp;消防车", "消防车", "消防车");
}
END_TEST

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static double read_repeated(const char *unit, const char *end, size_t length) {
    const size_t n = strlen(unit), tail = strlen(end);
    char *source = malloc(length + n + tail);
    ck_assert_ptr_nonnull(source);
    size_t at = 0;
    while (at < length) {
        memcpy(source + at, unit, n);
        at += n;
    }
    memcpy(source + at, end, tail);
    const double started = seconds();
    html_text_read(&html, source, at + tail);
    const double took = seconds() - started;
    ck_assert_uint_le(html.text.length, at + tail);
    free(source);
    return took;
}

static const struct {
    const char *unit, *end;
} endless[] = {
    {"<b>", ""},
    {"<b", ""},
    {"<b", ">"},
    {"<a href=\"", ""},
    {"<a href=\"", ">"},
    {"<a href='\"", ">"},
    {"<a b=<a b=", ">"},
    {"<a b=", "x=\">"},
    {"<!--", ""},
    {"<script>", ""},
    {"<script></", ""},
    {"<![CDATA[", ""},
    {"<!a", ""},
    {"<a x=\"<a y='", "\">'>"},
    {"&#", ""},
    {"&amp", ""},
    {"&a", ""},
    {"<div>", ""},
    {"<style><script>", ">"},
    {"<a \"", ">"},
    {"<", ""},
    {"<a x=\"'\" y='\"'", ""},
    {"<a \t\n ", ">"},
    {"<a x=\">\" ", "<"},
    {"<a b='>", "\""},
};

/*
 * Text of four times the length must take less than sixteen times as long; one slow round on a busy machine is allowed.
 */
START_TEST(time_is_linear_in_length) {
    const size_t length = TIME_BYTES;
    double least[2] = {1e9, 1e9};
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 2; i++) {
            const double took = read_repeated(endless[_i].unit, endless[_i].end, i ? 4 * length : length);
            if (took < least[i]) least[i] = took;
        }
    }
    ck_assert_msg(least[1] < 10 * least[0] + 0.01, "%s: %.3f s, then %.3f s", endless[_i].unit, least[0], least[1]);
}
END_TEST

TOCSIN_SUITE("html", html_text_init(&html); TOCSIN_LOOP(html_becomes_text, cases) TOCSIN_CASE(spans_point_into_the_html)
                 TOCSIN_LOOP(time_is_linear_in_length, endless))
