/*
 * 《网络舆情突发事件处置表》: what is known of one incident, and room for what people find out and decide. The only
 * step that it recommends is the plan's own first principle: verify, and say early what is true.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "tocsin/report_render.h"

#define SHOWN_EVENTS 12

/* One row of the sheet: a heading, and text that the three forms write in their own ways. */
typedef enum sheet_row {
    SHEET_NUMBER,
    SHEET_FIRST_SEEN,
    SHEET_TIER,
    SHEET_CLAUSES,
    SHEET_ABOUT,
    SHEET_PLACES,
    SHEET_VENUES,
    SHEET_REACH,
    SHEET_ATTENTION,
    SHEET_COURSE,
    SHEET_WORDS,
    SHEET_ROUTES,
    SHEET_STEP,
    SHEET_VERIFIED,
    SHEET_ANSWER,
    SHEET_APPROVED,
    SHEET_ROWS
} sheet_row;

static const struct {
    const char *key, *names[2];
} rows[SHEET_ROWS] = {
    [SHEET_NUMBER] = {"number", {"编号", "Number"}},
    [SHEET_FIRST_SEEN] = {"first_seen", {"发现时间", "First seen"}},
    [SHEET_TIER] = {"tier", {"等级", "Tier"}},
    [SHEET_CLAUSES] = {"clauses", {"符合条款", "Clauses"}},
    [SHEET_ABOUT] = {"about", {"主要内容", "About"}},
    [SHEET_PLACES] = {"places", {"涉及地点", "Places"}},
    [SHEET_VENUES] = {"venues", {"发布渠道", "Venues"}},
    [SHEET_REACH] = {"reach", {"帖数与传播", "Posts and reach"}},
    [SHEET_ATTENTION] = {"attention", {"关注度", "Attention"}},
    [SHEET_COURSE] = {"course", {"发展经过", "Course"}},
    [SHEET_WORDS] = {"words", {"判定词语", "Words"}},
    [SHEET_ROUTES] = {"routes", {"报告对象", "Tell"}},
    [SHEET_STEP] = {"step", {"建议措施", "Next step"}},
    [SHEET_VERIFIED] = {"verified", {"核实情况", "Verified facts"}},
    [SHEET_ANSWER] = {"answer", {"回应内容", "Answer given"}},
    [SHEET_APPROVED] = {"approved", {"审批", "Approved by"}},
};

static void append_counts(tocsin_buffer *out, const report_counts *counts, report_language l,
                          const char *(*name)(report_language, const char *)) {
    for (size_t i = 0; i < counts->count; i++) {
        text_printf(out, "%s%s %" PRId64, i ? say(l, "、", ", ") : "",
                    name ? name(l, counts->items[i].name) : counts->items[i].name, counts->items[i].posts);
    }
    if (!counts->count) text_puts(out, "—");
}

static void append_course(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    for (size_t e = 0; e < i->event_count && e < SHOWN_EVENTS; e++) {
        const report_event *event = &i->events[e];
        const report_names *names = !strcmp(event->kind, "clause") ? &data->clauses : &data->tiers;
        if (e) text_puts(out, "\n");
        time_append(out, event->time);
        text_puts(out, " ");
        event_append(out, l, event->kind, event->detail, report_name_of(names, event->detail));
    }
    if (i->event_count > SHOWN_EVENTS) text_puts(out, "\n…");
}

static void append_step(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    const int major = (size_t)i->tier + 1 == data->tiers.count;
    if (i->over) {
        text_puts(out, say(l, "已平息：核对事实与已作回应，归档，继续留意是否再度炒作。",
                           "Over: check facts and answers once more, file it, and watch whether it returns."));
    } else if (major) {
        text_puts(out, say(l, "立即核实事实；尽早发布准确信息；持续跟踪，有新情况及时更新。",
                           "Verify the facts at once; publish accurate information early; follow on, and update it."));
    } else {
        text_puts(out,
                  say(l, "核实事实；有误解或疑问的，尽早以准确信息回应；继续观察走势。",
                      "Verify the facts; where there is misunderstanding answer early with accurate facts; watch."));
    }
}

static void append_clauses(tocsin_buffer *out, const report_data *data, const report_incident *i) {
    for (size_t c = 0; c < i->clauses.count; c++) {
        const char *id = i->clauses.items[c].name;
        text_printf(out, "%s%s %s", c ? "\n" : "", id, report_name_of(&data->clauses, id));
    }
}

static void append_routes(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    for (size_t r = 0; r < i->routes.count; r++) {
        text_printf(out, "%s%s", r ? say(l, "、", ", ") : "", report_name_of(&data->routes, i->routes.items[r].name));
    }
}

static void append_attention(tocsin_buffer *out, const report_incident *i, report_language l) {
    text_puts(out, say_attention(l, i->attention));
    if (!i->raised_by) return;
    text_printf(out, say(l, "（%s，", " (%s, "), say_raised_by(l, i->raised_by));
    time_append(out, i->raised_time);
    text_puts(out, say(l, "）", ")"));
}

/* The text of a row, lines parted by newlines; "" for what is to be filled in. */
static void append_row(tocsin_buffer *out, const report_data *data, const report_incident *i, sheet_row row,
                       report_language l) {
    switch (row) {
        case SHEET_NUMBER:
            text_puts(out, i->number);
            if (i->returns) text_printf(out, say(l, "（接续 %" PRId64 "）", " (takes up %" PRId64 ")"), i->returns);
            break;
        case SHEET_FIRST_SEEN: time_append(out, i->first_time); break;
        case SHEET_TIER: text_puts(out, report_name_of(&data->tiers, i->tier_id)); break;
        case SHEET_CLAUSES: append_clauses(out, data, i); break;
        case SHEET_ABOUT: text_puts(out, i->about); break;
        case SHEET_PLACES: append_counts(out, &i->places, l, NULL); break;
        case SHEET_VENUES: append_counts(out, &i->venues, l, say_venue); break;
        case SHEET_REACH:
            text_printf(out, say(l, "帖 %" PRId64 " 条，传播 %" PRId64, "%" PRId64 " posts, reach %" PRId64), i->posts,
                        i->reach);
            break;
        case SHEET_ATTENTION: append_attention(out, i, l); break;
        case SHEET_COURSE: append_course(out, data, i, l); break;
        case SHEET_WORDS: append_counts(out, &i->words, l, NULL); break;
        case SHEET_ROUTES: append_routes(out, data, i, l); break;
        case SHEET_STEP: append_step(out, data, i, l); break;
        case SHEET_VERIFIED: text_puts(out, i->verified); break;
        case SHEET_ANSWER: text_puts(out, i->answer); break;
        case SHEET_APPROVED: text_puts(out, i->approved); break;
        case SHEET_ROWS: break;
    }
}

static const char *title_of(report_language l) {
    return say(l, "网络舆情突发事件处置表", "Handling sheet of an incident");
}

static void row_text(tocsin_buffer *text, const report_data *data, const report_incident *i, int row,
                     report_language l) {
    text->length = 0;
    text_puts(text, "");
    append_row(text, data, i, (sheet_row)row, l);
    if (!text->data) text_append(text, "", 0);
}

/* Lines become lines. */
static void html_lines(tocsin_buffer *out, tocsin_buffer *text) {
    size_t start = 0;
    for (size_t at = 0; at <= text->length; at++) {
        if (at < text->length && text->data[at] != '\n') continue;
        const char kept = at < text->length ? text->data[at] : '\0';
        if (at < text->length) text->data[at] = '\0';
        if (start) text_puts(out, "<br>");
        if (at > start) html_append(out, text->data + start);
        if (kept) text->data[at] = kept;
        start = at + 1;
    }
}

void sheet_render_html(tocsin_buffer *out, const report_data *data, report_language l) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    report_render_head(out, title_of(l), l);
    text_puts(out, "<body><main>\n");
    for (size_t k = 0; k < data->incident_count; k++) {
        text_printf(out, "<article class=\"sheet\"><h1>%s</h1><table><tbody>\n", title_of(l));
        for (int row = 0; row < SHEET_ROWS; row++) {
            row_text(&text, data, &data->incidents[k], row, l);
            text_printf(out, "<tr><th scope=\"row\">%s</th><td%s>", rows[row].names[l],
                        row >= SHEET_VERIFIED ? " class=\"fill\""
                        : row == SHEET_COURSE ? " class=\"course\""
                                              : "");
            html_lines(out, &text);
            text_puts(out, "</td></tr>\n");
        }
        text_puts(out, "</tbody></table></article>\n");
    }
    text_puts(out, "</main></body></html>\n");
    tocsin_buffer_release(&text);
}

/* What Markdown would take for its own is made plain. */
static void markdown_append(tocsin_buffer *out, const tocsin_buffer *text) {
    tocsin_buffer visible;
    tocsin_buffer_init(&visible, NULL);
    utf8_append_visible(&visible, text->data ? text->data : "", text->length, 1);
    for (size_t i = 0; i < visible.length; i++) {
        const char c = visible.data[i];
        if (c == '\n') {
            text_puts(out, "<br>");
        } else {
            if (strchr("\\`*_{}[]<>#|!&~", c)) text_puts(out, "\\");
            text_append(out, &c, 1);
        }
    }
    tocsin_buffer_release(&visible);
}

void sheet_render_markdown(tocsin_buffer *out, const report_data *data, report_language l) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    for (size_t k = 0; k < data->incident_count; k++) {
        text_printf(out, "%s# %s\n\n| %s | %s |\n|---|---|\n", k ? "\n" : "", title_of(l), say(l, "项目", "Item"),
                    say(l, "内容", "Content"));
        for (int row = 0; row < SHEET_ROWS; row++) {
            row_text(&text, data, &data->incidents[k], row, l);
            text_printf(out, "| %s | ", rows[row].names[l]);
            markdown_append(out, &text);
            text_puts(out, " |\n");
        }
    }
    tocsin_buffer_release(&text);
}

static void json_text(tocsin_buffer *out, const char *key, const char *text) {
    text_printf(out, "\"%s\":", key);
    utf8_append_json(out, text, strlen(text));
    text_puts(out, ",");
}

static void json_time(tocsin_buffer *out, const char *key, int64_t time) {
    if (time == TOCSIN_TIME_UNKNOWN) {
        text_printf(out, "\"%s\":null,", key);
    } else {
        text_printf(out, "\"%s\":%" PRId64 ",", key, time);
    }
}

static void json_counts(tocsin_buffer *out, const char *key, const report_counts *counts) {
    text_printf(out, "\"%s\":{", key);
    for (size_t i = 0; i < counts->count; i++) {
        text_puts(out, i ? "," : "");
        utf8_append_json(out, counts->items[i].name, strlen(counts->items[i].name));
        text_printf(out, ":%" PRId64, counts->items[i].posts);
    }
    text_puts(out, "},");
}

static void json_ids(tocsin_buffer *out, const char *key, const report_counts *ids) {
    text_printf(out, "\"%s\":[", key);
    for (size_t i = 0; i < ids->count; i++) {
        text_puts(out, i ? "," : "");
        utf8_append_json(out, ids->items[i].name, strlen(ids->items[i].name));
    }
    text_puts(out, "],");
}

static void json_events(tocsin_buffer *out, const report_incident *i) {
    text_puts(out, "\"course\":[");
    for (size_t e = 0; e < i->event_count; e++) {
        text_puts(out, e ? ",{" : "{");
        json_time(out, "time", i->events[e].time);
        json_text(out, "event", i->events[e].kind);
        text_puts(out, "\"detail\":");
        utf8_append_json(out, i->events[e].detail, strlen(i->events[e].detail));
        text_puts(out, "}");
    }
    text_puts(out, "],");
}

void sheet_render_json(tocsin_buffer *out, const report_data *data) {
    text_puts(out, "[");
    for (size_t k = 0; k < data->incident_count; k++) {
        const report_incident *i = &data->incidents[k];
        text_printf(out, "%s{\"incident\":%" PRId64 ",\"returns\":%" PRId64 ",", k ? ",\n" : "", i->id, i->returns);
        json_time(out, "first_seen", i->first_time);
        json_time(out, "last_seen", i->last_time);
        json_text(out, "tier", i->tier_id);
        json_ids(out, "clauses", &i->clauses);
        json_text(out, "about", i->about);
        json_counts(out, "places", &i->places);
        json_counts(out, "venues", &i->venues);
        text_printf(out, "\"posts\":%" PRId64 ",\"reach\":%" PRId64 ",", i->posts, i->reach);
        json_text(out, "attention", say_attention(REPORT_ENGLISH, i->attention));
        json_text(out, "raised_by", say_raised_by(REPORT_ENGLISH, i->raised_by));
        json_events(out, i);
        json_counts(out, "words", &i->words);
        json_ids(out, "routes", &i->routes);
        json_text(out, "verified", i->verified);
        json_text(out, "answer", i->answer);
        json_text(out, "approved", i->approved);
        text_printf(out, "\"over\":%s}", i->over ? "true" : "false");
    }
    text_puts(out, "]\n");
}
