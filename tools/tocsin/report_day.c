/*
 * The page of a duty hour. New incidents come first, then those that most need attention, then the rest with one line
 * each: on a busy day that is four sheets of paper, as much as can be read before a meeting.
 */
#include <inttypes.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/utf8_text.h"
#include "tocsin/report_curve.h"
#include "tocsin/report_render.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define MOST_CLAUSES 3
#define MOST_WORDS 8
#define MOST_DISTRICTS 10

static void put(tocsin_buffer *out, const char *before, const char *text, const char *after) {
    text_puts(out, before);
    html_append(out, text);
    text_puts(out, after);
}

static void render_figure(tocsin_buffer *out, const report_data *data, int kind, report_language l) {
    static const char *const names[REPORT_FIGURES][2] = {
        [REPORT_NEW] = {"新发现", "new"},
        [REPORT_ESCALATED] = {"升级", "escalated"},
        [REPORT_RETURNED] = {"再度炒作", "returned"},
        [REPORT_ANSWERED] = {"已回应或辟谣", "answered or refuted"},
        [REPORT_OVERDUE] = {"超时未办", "overdue"},
        [REPORT_QUIET] = {"趋于平息", "gone quiet"},
    };
    const report_figure *figure = &data->figures[kind];
    text_printf(out, "<tr%s><th scope=\"row\">%s</th><td class=\"n\"><b>%zu</b></td><td class=\"was\">",
                kind == REPORT_OVERDUE && figure->count ? " class=\"late\"" : "", names[kind][l], figure->count);
    text_printf(out, say(l, "昨日 %" PRId64, "yesterday %" PRId64), figure->yesterday);
    text_puts(out, "</td><td class=\"which\">");
    for (size_t i = 0; i < figure->named_count; i++) {
        text_puts(out, i ? say(l, "；", "; ") : "");
        report_link_append(out, data, figure->ids[i], figure->named[i].id);
        if (figure->count <= 2) put(out, " ", figure->named[i].name, "");
    }
    if (figure->count > figure->named_count) {
        text_printf(out, say(l, " 等 %zu 件", " and %zu more"),
                    l == REPORT_CHINESE ? figure->count : figure->count - figure->named_count);
    }
    text_puts(out, "</td></tr>\n");
}

/* What is new: six lines, each with the figure for the same hours of the day before. */
static void render_figures(tocsin_buffer *out, const report_data *data, report_language l) {
    text_printf(out, "<table class=\"figures\"><caption>%s ", say(l, "变化：", "Changes, "));
    time_append(out, data->period_start);
    text_puts(out, " – ");
    time_append(out, data->period_end);
    text_printf(out, "%s</caption><tbody>\n",
                say(l, "（“昨日”指前一天的同一时段）", " (yesterday: the same hours of the day before)"));
    for (int kind = 0; kind < REPORT_FIGURES; kind++) render_figure(out, data, kind, l);
    text_puts(out, "</tbody></table>\n");
}

typedef struct district {
    const char *name;
    int64_t incidents, posts;
} district;

static size_t add_district(district *found, size_t count, size_t most, const report_count *place) {
    size_t at = 0;
    while (at < count && strcmp(found[at].name, place->name) != 0) at++;
    if (at == most) return count;
    if (at == count) found[count++] = (district){place->name, 0, 0};
    found[at].incidents++;
    found[at].posts += place->posts;
    while (at && (found[at].incidents > found[at - 1].incidents ||
                  (found[at].incidents == found[at - 1].incidents && found[at].posts > found[at - 1].posts))) {
        const district other = found[at - 1];
        found[at - 1] = found[at];
        found[at--] = other;
    }
    return count;
}

/* Where: places, by the number of incidents on this page that name them. */
static void render_districts(tocsin_buffer *out, const report_data *data, report_language l) {
    district found[256];
    size_t count = 0;
    for (size_t i = 0; i < data->incident_count; i++) {
        const report_counts *places = &data->incidents[i].places;
        for (size_t p = 0; p < places->count; p++) {
            count = add_district(found, count, sizeof found / sizeof *found, &places->items[p]);
        }
    }
    if (!count) return;
    text_printf(out, "<p class=\"where\"><b>%s</b>", say(l, "地区：", "Districts: "));
    for (size_t i = 0; i < count && i < MOST_DISTRICTS; i++) {
        put(out, i ? say(l, "；", "; ") : "", found[i].name, "");
        text_printf(out, say(l, " %" PRId64 " 件 %" PRId64 " 帖", " %" PRId64 " incidents, %" PRId64 " posts"),
                    found[i].incidents, found[i].posts);
    }
    if (count > MOST_DISTRICTS) text_printf(out, say(l, "；另 %zu 处", "; %zu more"), count - MOST_DISTRICTS);
    text_puts(out, "</p>\n");
}

static const char *state_text(const report_incident *i, report_language l) {
    if (!strcmp(i->state, "acknowledged")) return say(l, "已受理", "acknowledged");
    if (!strcmp(i->state, "closed")) return say(l, "已办结", "closed");
    if (!strcmp(i->state, "false_alarm")) return say(l, "误报", "false alarm");
    return i->over ? say(l, "已平息", "over") : say(l, "待处理", "open");
}

static int64_t last_hour(const report_incident *i, size_t back) {
    return i->recent_count > back ? i->recent[i->recent_count - 1 - back] : 0;
}

static void render_card_facts(tocsin_buffer *out, const report_incident *i, report_language l) {
    text_printf(out,
                say(l, "<p>帖 %" PRId64 " · 传播 %" PRId64 " · 关注度%s",
                    "<p>%" PRId64 " posts · reach %" PRId64 " · attention %s"),
                i->posts, i->reach, say_attention(l, i->attention));
    if (i->raised_by) text_printf(out, say(l, "（%s）", " (%s)"), say_raised_by(l, i->raised_by));
    text_printf(
        out,
        say(l, "<br>近 1 小时 %" PRId64 "（前 1 小时 %" PRId64 "）· 近 6 小时 %" PRId64 "（前 6 小时 %" PRId64 "）· ",
            "<br>last hour %" PRId64 " (before: %" PRId64 ") · last 6 hours %" PRId64 " (before: %" PRId64 ") · "),
        last_hour(i, 0), last_hour(i, 1), i->six_hours, i->six_before);
    time_append(out, i->first_time);
    text_puts(out, " – ");
    time_append_part(out, i->last_time, "%m-%d %H:%M");
    text_puts(out, "</p>\n");
}

static void render_card_list(tocsin_buffer *out, const char *title, const report_counts *counts, size_t most,
                             report_language l, const char *(*name)(report_language, const char *)) {
    if (!counts->count) return;
    text_printf(out, "<p class=\"list\"><b>%s</b>", title);
    for (size_t k = 0; k < counts->count && k < most; k++) {
        put(out, k ? say(l, "、", ", ") : "", name ? name(l, counts->items[k].name) : counts->items[k].name, "");
        text_printf(out, " %" PRId64, counts->items[k].posts);
    }
    text_puts(out, "</p>\n");
}

static void render_card_clauses(tocsin_buffer *out, const report_data *data, const report_incident *i,
                                report_language l) {
    text_puts(out, "<p>");
    for (size_t c = 0; c < i->clauses.count && c < MOST_CLAUSES; c++) {
        const char *id = i->clauses.items[c].name;
        text_puts(out, c ? "<br>" : "");
        put(out, "<b>", id, "</b> ");
        html_append(out, report_name_of(&data->clauses, id));
    }
    if (i->clauses.count > MOST_CLAUSES) {
        text_printf(out, say(l, "<br>另 %zu 条", "<br>%zu more"), i->clauses.count - MOST_CLAUSES);
    }
    text_puts(out, "</p>\n");
}

static const char *message_state(const char *state, report_language l) {
    if (!strcmp(state, "sent")) return say(l, "已送达", "sent");
    if (!strcmp(state, "dead")) return say(l, "未送达", "not delivered");
    return strcmp(state, "dropped") ? say(l, "待发", "waiting") : say(l, "不再发", "dropped");
}

/* Who was notified, when, and who is responsible. */
static void render_told(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    text_printf(out, "<p><b>%s</b>", say(l, "已告知：", "Told: "));
    for (size_t m = 0; m < i->message_count; m++) {
        put(out, m ? say(l, "；", "; ") : "", i->messages[m].channel, " ");
        text_puts(out, message_state(i->messages[m].state, l));
        text_puts(out, " ");
        time_append_part(out, i->messages[m].time, "%m-%d %H:%M");
    }
    if (!i->message_count) {
        text_puts(out, say(l, "尚无记录；应报 ", "nobody on record; due "));
        for (size_t r = 0; r < i->routes.count; r++) {
            put(out, r ? say(l, "、", ", ") : "", report_name_of(&data->routes, i->routes.items[r].name), "");
        }
    }
    text_printf(out, "%s%s", say(l, "。", ". "), state_text(i, l));
    if (i->by[0]) {
        put(out, say(l, "：", ": "), i->by, " ");
        time_append_part(out, i->decided, "%m-%d %H:%M");
    }
    if (i->assigned[0]) put(out, say(l, "；交 ", "; assigned to "), i->assigned, "");
    text_puts(out, "</p>\n");
}

static void render_card(tocsin_buffer *out, const report_data *data, const report_incident *i, int anchor,
                        report_language l) {
    text_printf(out, "<article class=\"card edge%d\"", tier_rank(data, i->tier));
    if (anchor) text_printf(out, " id=\"i%" PRId64 "\"", i->id);
    text_puts(out, "><h3>");
    tier_append(out, data, i->tier, i->tier_id);
    text_puts(out, " ");
    if (anchor) {
        html_append(out, i->number);
    } else {
        report_link_append(out, data, i->id, i->number);
    }
    put(out, " ", i->about, "</h3>\n<div class=\"pair\"><div>");
    render_card_facts(out, i, l);
    render_card_clauses(out, data, i, l);
    render_card_list(out, say(l, "用词：", "Words: "), &i->words, MOST_WORDS, l, NULL);
    render_card_list(out, say(l, "渠道：", "Venues: "), &i->venues, TOCSIN_VENUE_COUNT, l, say_venue);
    render_card_list(out, say(l, "地点：", "Places: "), &i->places, MOST_WORDS, l, NULL);
    text_puts(out, "</div>\n");
    curve_append_incident(out, data, i, l);
    put(out, "</div><p class=\"do\"><b>", say(l, "要做：", "To do: "), "</b>");
    report_step_append(out, i, l);
    for (size_t d = 0; d < i->deadline_count; d++) {
        text_printf(out, "<br><span%s>", i->deadlines[d].overdue ? " class=\"late\"" : "");
        deadline_append(out, &i->deadlines[d], l);
        text_puts(out, "</span>");
    }
    text_puts(out, "</p>\n");
    render_told(out, data, i, l);
    text_puts(out, "</article>\n");
}

static void render_line(tocsin_buffer *out, const report_data *data, const report_incident *i, int anchor,
                        const char *const heads[][2], report_language l) {
    int64_t late = 0;
    for (size_t d = 0; d < i->deadline_count; d++) late += i->deadlines[d].overdue;
    text_puts(out, "<tr");
    if (anchor) text_printf(out, " id=\"i%" PRId64 "\"", i->id);
    text_puts(out, "><td class=\"number\">");
    if (anchor) {
        html_append(out, i->number);
    } else {
        report_link_append(out, data, i->id, i->number);
    }
    text_printf(out, "</td><td data-v=\"%" PRId64 "\">", i->tier);
    tier_append(out, data, i->tier, i->tier_id);
    put(out, "</td><td class=\"about\" title=\"", i->about, "\">");
    put(out, "", i->about, "</td>");
    text_printf(out,
                "<td class=\"n\" data-l=\"%s\">%" PRId64 "</td><td class=\"n\" data-l=\"%s\">%" PRId64
                "</td><td class=\"n\" data-l=\"%s\">%" PRId64 "</td>",
                heads[3][l], i->posts, heads[4][l], last_hour(i, 0), heads[5][l], i->reach);
    text_printf(out, "<td data-l=\"%s\" data-v=\"%" PRId64 "\">%s</td><td>", heads[6][l], i->attention,
                say_attention(l, i->attention));
    html_append(out, state_text(i, l));
    if (late) text_printf(out, " <span class=\"late\">%s</span>", say(l, "超时", "overdue"));
    text_printf(out, "</td><td data-v=\"%" PRId64 "\" data-l=\"%s\">", i->last_time, heads[8][l]);
    time_append_part(out, i->last_time, "%m-%d %H:%M");
    text_puts(out, "</td></tr>\n");
}

static void render_lines(tocsin_buffer *out, const report_data *data, int anchors, report_language l) {
    static const char *const heads[][2] = {{"编号", "number"},      {"级别", "tier"},         {"内容", "about"},
                                           {"帖数", "posts"},       {"近1小时", "last hour"}, {"传播", "reach"},
                                           {"关注度", "attention"}, {"状态", "state"},        {"最近", "latest"}};
    const size_t rest = data->incident_count - data->cards;
    if (rest) {
        text_printf(out, "<h2>%s</h2>\n<table class=\"sort lines\"><thead><tr>",
                    data->cards ? say(l, "其余事件", "The rest") : say(l, "事件", "Incidents"));
        for (size_t h = 0; h < sizeof heads / sizeof *heads; h++) {
            text_printf(out, "<th scope=\"col\">%s</th>", heads[h][l]);
        }
        text_puts(out, "</tr></thead><tbody>\n");
        for (size_t i = data->cards; i < data->incident_count; i++) {
            render_line(out, data, &data->incidents[i], anchors, heads, l);
        }
        text_puts(out, "</tbody></table>\n");
    }
    if (data->matching > (int64_t)data->incident_count) {
        text_printf(out,
                    say(l, "<p>另有 %" PRId64 " 件符合条件，未列出（--limit）。</p>\n",
                        "<p>%" PRId64 " more incidents match and are not listed (--limit).</p>\n"),
                    data->matching - (int64_t)data->incident_count);
    }
    if (!data->incident_count) text_printf(out, "<p>%s</p>\n", say(l, "没有符合条件的事件。", "There are none."));
}

static void render_header(tocsin_buffer *out, const report_data *data, report_language l) {
    const char *title = say(l, "网络舆情监测报告", "Report of incidents");
    text_printf(out, "<body class=\"day\"><a class=\"skip\" href=\"#main\">%s</a><header><h1>%s</h1><p>",
                say(l, "跳到正文", "skip to content"), title);
    put(out, "", data->plan, " ");
    put(out, "", data->plan_version, "<br>");
    text_puts(out, say(l, "数据截至 ", "Posts up to "));
    time_append(out, data->now);
    if (data->due_now == data->generated && data->generated - data->now >= HOUR_MS) {
        text_printf(out,
                    say(l, " <span class=\"late\">已 %" PRId64 " 小时没有新内容</span>",
                        " <span class=\"late\">nothing new for %" PRId64 " h</span>"),
                    (data->generated - data->now) / HOUR_MS);
    }
    text_puts(out, say(l, " · 生成于 ", " · made "));
    time_append(out, data->generated);
    text_puts(out, say(l, " · 时区 UTC", " · time zone UTC"));
    time_append_part(out, data->generated, "%z");
    text_printf(out,
                say(l, " · 本时段分级 %" PRId64 " 篇 · 列出事件 %zu 件",
                    " · %" PRId64 " documents graded in these hours · %zu incidents"),
                data->graded_now, data->incident_count);
    text_puts(out, "</p></header>\n<main id=\"main\">\n");
}

void report_render_day(tocsin_buffer *out, const report_data *data, int appendix, report_language l) {
    report_render_head(out, say(l, "网络舆情监测报告", "Report of incidents"), l);
    render_header(out, data, l);
    render_figures(out, data, l);
    render_districts(out, data, l);
    if (data->cards) text_printf(out, "<h2>%s</h2>\n", say(l, "重点事件", "Needs attention"));
    for (size_t i = 0; i < data->cards; i++) render_card(out, data, &data->incidents[i], !appendix, l);
    render_lines(out, data, !appendix, l);
    if (appendix) report_render_appendix(out, data, l);
    report_render_end(out);
}
