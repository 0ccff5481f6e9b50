/* One function puts all text of posts into a page, and it escapes everything. */
#include "tocsin/report_words.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <tocsin/document.h>

#include "feed/tool_clock.h"
#include "feed/utf8_text.h"

const char *say_venue(report_language language, const char *venue) {
    static const char *const names[TOCSIN_VENUE_COUNT][2] = {
        [TOCSIN_VENUE_UNKNOWN] = {"未知", "unknown"},
        [TOCSIN_VENUE_MAINSTREAM_SITE] = {"主流网站", "mainstream site"},
        [TOCSIN_VENUE_SITE] = {"非主流网站", "other site"},
        [TOCSIN_VENUE_HOT_FORUM] = {"热门论坛", "hot forum"},
        [TOCSIN_VENUE_FORUM] = {"一般论坛", "forum"},
        [TOCSIN_VENUE_CELEBRITY_ACCOUNT] = {"名人账号", "celebrity account"},
        [TOCSIN_VENUE_ACCOUNT] = {"普通账号", "account"},
        [TOCSIN_VENUE_OWN] = {"本单位", "own"},
    };
    tocsin_venue known = TOCSIN_VENUE_UNKNOWN;
    (void)tocsin_venue_from_name(venue, strlen(venue), &known);
    return names[known][language];
}

const char *say_attention(report_language language, int64_t attention) {
    static const char *const names[TOCSIN_ATTENTION_COUNT][2] = {{"低", "low"}, {"升高", "elevated"}, {"高", "high"}};
    return attention >= 0 && attention < TOCSIN_ATTENTION_COUNT ? names[attention][language] : "?";
}

const char *say_raised_by(report_language language, int64_t raised_by) {
    static const char *const names[][2] = {
        {"", ""}, {"单条内容", "one post"}, {"累计传播量", "reach of all posts"}, {"发帖速度", "rate of posts"}};
    return raised_by >= 0 && raised_by < 4 ? names[raised_by][language] : "";
}

const char *say_joined_by(report_language language, const char *name) {
    if (!strcmp(name, "words")) return say(language, "文字相同", "the same words");
    if (!strcmp(name, "matter")) return say(language, "地点、主题、时间相同", "place, topics and time");
    return say(language, "最常见的字词相同", "what weighs most in its posts");
}

/* The name of a kind of event in the timeline. */
static const char *say_event(report_language language, const char *kind) {
    static const struct {
        const char *kind, *names[2];
    } events[] = {
        {"began", {"发现", "first seen"}},
        {"returned", {"再度炒作，接续事件", "returned; takes up incident"}},
        {"tier", {"级别升为", "tier became"}},
        {"clause", {"新增条款", "another clause held"}},
        {"attention", {"关注度", "attention"}},
        {"merged", {"并入事件", "merged in: incident"}},
        {"outgrown", {"不再是误报，级别", "no false alarm any more; tier"}},
        {"answered", {"已回应", "answered"}},
        {"refuted", {"已辟谣", "refuted"}},
        {"doubted", {"有人称不实", "doubted"}},
    };
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (!strcmp(events[i].kind, kind)) return events[i].names[language];
    }
    return kind;
}

/* Whether the detail is the place where something was said. */
static int is_said(const char *kind) {
    return !strcmp(kind, "answered") || !strcmp(kind, "refuted") || !strcmp(kind, "doubted");
}

void event_append(tocsin_buffer *out, report_language language, const char *kind, const char *detail,
                  const char *name) {
    static const char *const reasons[] = {"", "post", "reach", "rate"};
    const char *space = strchr(detail, ' ');
    text_printf(out, "%s ", say_event(language, kind));
    if (strcmp(kind, "attention") || !space) {
        text_puts(out, is_said(kind) ? say_venue(language, detail) : name);
        return;
    }
    for (int64_t a = 0; a < TOCSIN_ATTENTION_COUNT; a++) {
        const char *level = tocsin_attention_name((tocsin_attention)a);
        if (!strncmp(level, detail, (size_t)(space - detail))) text_puts(out, say_attention(language, a));
    }
    for (int64_t r = 1; r < 4; r++) {
        if (strcmp(reasons[r], space + 1)) continue;
        text_printf(out, say(language, "（%s）", " (%s)"), say_raised_by(language, r));
    }
}

void html_append(tocsin_buffer *out, const char *text) {
    tocsin_buffer visible;
    tocsin_buffer_init(&visible, NULL);
    utf8_append_visible(&visible, text, strlen(text), 0);
    for (size_t i = 0; i < visible.length; i++) {
        switch (visible.data[i]) {
            case '&': text_puts(out, "&amp;"); break;
            case '<': text_puts(out, "&lt;"); break;
            case '>': text_puts(out, "&gt;"); break;
            case '"': text_puts(out, "&quot;"); break;
            case '\'': text_puts(out, "&#39;"); break;
            default: text_append(out, &visible.data[i], 1); break;
        }
    }
    tocsin_buffer_release(&visible);
}

void time_append_part(tocsin_buffer *out, int64_t milliseconds, const char *form) {
    struct tm parts;
    char text[64];
    if (!tool_local_time(milliseconds, &parts) || !strftime(text, sizeof text, form, &parts)) {
        text_puts(out, "—");
        return;
    }
    text_puts(out, text);
}

void time_append(tocsin_buffer *out, int64_t milliseconds) { time_append_part(out, milliseconds, "%Y-%m-%d %H:%M"); }

int utc_offset_hours(int64_t milliseconds) {
    struct tm local, utc;
    const time_t seconds = (time_t)(milliseconds / 1000);
    if (!localtime_r(&seconds, &local) || !gmtime_r(&seconds, &utc)) return 0;
    int hours = local.tm_hour - utc.tm_hour;
    if (local.tm_year != utc.tm_year) return hours + (local.tm_year > utc.tm_year ? 24 : -24);
    return hours + 24 * (local.tm_yday - utc.tm_yday);
}
