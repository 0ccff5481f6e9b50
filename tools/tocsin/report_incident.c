/* One incident: facts, its course by hours as a picture with a forecast, who posted and in which words. */
#include <inttypes.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "tocsin/forecast.h"
#include "tocsin/report_curve.h"
#include "tocsin/report_render.h"

#define HOUR_MS INT64_C(3600000)

void report_link_append(tocsin_buffer *out, const report_data *data, int64_t id, const char *number) {
    size_t i = 0;
    while (i < data->incident_count && data->incidents[i].id != id) i++;
    if (i == data->incident_count) {
        html_append(out, number);
        return;
    }
    text_printf(out, "<a href=\"#i%" PRId64 "\">", id);
    html_append(out, number);
    text_puts(out, "</a>");
}

static void put(tocsin_buffer *out, const char *before, const char *text, const char *after) {
    text_puts(out, before);
    html_append(out, text);
    text_puts(out, after);
}

/* The usual activity in the 60 minutes that end so many before now, or after now if it is less than 0. */
static double usual_before(const report_data *data, int64_t back) {
    const int64_t hour = (data->now - back * HOUR_MS - HOUR_MS / 2) / HOUR_MS % 24;
    return data->usual[hour < 0 ? hour + 24 : hour];
}

/* With few posts there is no forecast. */
static void render_forecast(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    static const size_t ahead[] = {6, 24};
    const size_t count = i->recent_count;
    int64_t posts = 0;
    for (size_t h = 0; h < count; h++) posts += i->recent[h];
    if (i->over || posts < FORECAST_LEAST_POSTS) return;
    double *usual = tool_allocate(count + ahead[1], sizeof *usual);
    for (size_t h = 0; h < count + ahead[1]; h++) usual[h] = usual_before(data, (int64_t)count - 1 - (int64_t)h);
    text_puts(out, "<p class=\"forecast\">");
    for (size_t k = 0; k < 2; k++) {
        const forecast f = forecast_posts(i->recent, count, usual, ahead[k]);
        text_printf(
            out,
            say(l, "预计未来 %zu 小时约 %.0f 帖（%.0f–%.0f）。", "The next %zu hours: about %.0f posts (%.0f–%.0f). "),
            ahead[k], f.total, f.low, f.high);
    }
    text_puts(out, "</p>\n");
    tool_free(usual);
}

static void render_counts(tocsin_buffer *out, const char *title, const report_counts *counts, report_language l,
                          const char *(*name)(report_language, const char *)) {
    if (!counts->count) return;
    text_printf(out, "<table class=\"small\"><caption>%s</caption><tbody>", title);
    for (size_t i = 0; i < counts->count; i++) {
        const report_count *c = &counts->items[i];
        put(out, "<tr><th scope=\"row\">", name ? name(l, c->name) : c->name, "</th>");
        if (c->detail[0]) put(out, "<td>", c->detail, "</td>");
        text_printf(out, "<td class=\"n\">%" PRId64 "</td></tr>", c->posts);
    }
    text_puts(out, "</tbody></table>\n");
}

static void render_events(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    tocsin_buffer detail;
    tocsin_buffer_init(&detail, NULL);
    text_printf(out, "<table class=\"small\"><caption>%s</caption><tbody>", say(l, "经过", "timeline"));
    for (size_t e = 0; e < i->event_count; e++) {
        const report_event *event = &i->events[e];
        text_puts(out, "<tr><td>");
        time_append(out, event->time);
        const report_names *names = !strcmp(event->kind, "clause") ? &data->clauses : &data->tiers;
        detail.length = 0;
        event_append(&detail, l, event->kind, event->detail, report_name_of(names, event->detail));
        put(out, "</td><td>", detail.data, "</td></tr>");
    }
    text_puts(out, "</tbody></table>\n");
    tocsin_buffer_release(&detail);
}

static void render_clauses(tocsin_buffer *out, const report_data *data, const report_incident *i) {
    text_puts(out, "<ul class=\"clauses\">");
    for (size_t c = 0; c < i->clauses.count; c++) {
        put(out, "<li><b>", i->clauses.items[c].name, "</b> ");
        put(out, "", report_name_of(&data->clauses, i->clauses.items[c].name), "</li>");
    }
    text_puts(out, "</ul>\n");
}

/* Posts of the last 60 minutes against those of the 60 before. */
static void render_growth(tocsin_buffer *out, const report_incident *i, report_language l) {
    size_t peak = 0;
    for (size_t h = 1; h < i->hour_count; h++) peak = i->hours[h].posts > i->hours[peak].posts ? h : peak;
    if (!i->hour_count) return;
    const int64_t last = i->recent_count ? i->recent[i->recent_count - 1] : 0;
    const int64_t before = i->recent_count > 1 ? i->recent[i->recent_count - 2] : 0;
    text_puts(out, say(l, "<p>峰值 ", "<p>Peak "));
    time_append(out, i->hours[peak].hour * HOUR_MS);
    text_printf(out,
                say(l, "，%" PRId64 " 帖/小时；最近一小时 %" PRId64 " 帖，前一小时 %" PRId64 " 帖。</p>\n",
                    ", %" PRId64 " posts an hour; the last hour %" PRId64 ", the one before %" PRId64 ".</p>\n"),
                i->hours[peak].posts, last, before);
}

static void render_facts(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    text_puts(out, "<p>");
    tier_append(out, data, i->tier, i->tier_id);
    text_puts(out, " ");
    text_puts(out, i->over ? say(l, "已平息", "over") : say(l, "进行中", "going on"));
    text_printf(out,
                say(l, " · 帖 %" PRId64 " · 传播 %" PRId64 " · 关注度 %s",
                    " · %" PRId64 " posts · reach %" PRId64 " · attention %s"),
                i->posts, i->reach, say_attention(l, i->attention));
    if (i->raised_by) {
        text_printf(out, say(l, "（%s，", " (%s, "), say_raised_by(l, i->raised_by));
        time_append(out, i->raised_time);
        text_puts(out, say(l, "）", ")"));
    }
    if (i->answers + i->rebuttals + i->echoes) {
        text_printf(out,
                    say(l, " · 回应 %" PRId64 "，辟谣 %" PRId64 "，其他提及 %" PRId64 "（均不计入帖数）",
                        " · %" PRId64 " answers, %" PRId64 " rebuttals, %" PRId64 " echoes (none of them a post)"),
                    i->answers, i->rebuttals, i->echoes);
    }
    text_puts(out, " · ");
    time_append(out, i->first_time);
    text_puts(out, " – ");
    time_append(out, i->last_time);
    if (i->returns) {
        text_puts(out, say(l, " · 再度炒作，接续 ", " · takes up "));
        report_link_append(out, data, i->returns, i->returns_number);
    }
    text_puts(out, "</p>\n");
}

void report_render_incident(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    text_printf(out,
                "<section class=\"incident\" id=\"i%" PRId64 "\" aria-labelledby=\"h%" PRId64 "\"><h3 id=\"h%" PRId64
                "\">",
                i->id, i->id, i->id);
    text_puts(out, i->number);
    put(out, " ", i->about, "</h3>\n");
    render_facts(out, data, i, l);
    render_clauses(out, data, i);
    curve_append_incident(out, data, i, l);
    render_growth(out, i, l);
    render_forecast(out, data, i, l);
    text_puts(out, "<div class=\"columns\">\n");
    render_counts(out, say(l, "发布渠道", "venues"), &i->venues, l, say_venue);
    render_counts(out, say(l, "关键词", "words"), &i->words, l, NULL);
    render_counts(out, say(l, "地点", "places"), &i->places, l, NULL);
    render_counts(out, say(l, "帖子因何归到一起（平均把握，0 到 1）", "why posts joined (mean strength, 0 to 1)"),
                  &i->joined, l, say_joined_by);
    render_events(out, data, i, l);
    text_puts(out, "</div></section>\n");
}
