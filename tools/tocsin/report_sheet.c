/*
 * 《网络舆情突发事件处置表》: the known facts of one incident, and room for what people find out and decide. It
 * recommends only the plan's own first principle: verify, and publish the facts early.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/json_members.h"
#include "feed/utf8_text.h"
#include "store/desk_store.h"
#include "tocsin/report_render.h"

#define SHOWN_EVENTS 8
#define SHOWN_HISTORY 6

/* One row of the sheet: a heading, and text; each of the three forms writes them in its own way. */
typedef enum sheet_row {
    SHEET_NUMBER,
    SHEET_STAGE,
    SHEET_FIRST_SEEN,
    SHEET_UNIT,
    SHEET_PERSON,
    SHEET_SOURCE,
    SHEET_LINK,
    SHEET_TIER,
    SHEET_ATTENTION,
    SHEET_CLAUSES,
    SHEET_ABOUT,
    SHEET_PLACES,
    SHEET_VENUES,
    SHEET_REACH,
    SHEET_COURSE,
    SHEET_WORDS,
    SHEET_ROUTES,
    SHEET_STEP,
    SHEET_DEADLINE,
    SHEET_RESPONSIBLE,
    SHEET_INSTRUCTION,
    SHEET_VERIFIED,
    SHEET_ANSWER,
    SHEET_ANSWERED,
    SHEET_BRIEFING,
    SHEET_RESULT,
    SHEET_APPROVED,
    SHEET_HISTORY,
    SHEET_ROWS
} sheet_row;

static const struct {
    const char *key, *names[2];
    int filled; /* people fill it in: the number of lines of room */
    int half;   /* two such rows stand side by side */
} rows[SHEET_ROWS] = {
    [SHEET_NUMBER] = {"number", {"编号", "Number"}, 0, 1},
    [SHEET_STAGE] = {"stage", {"报送阶段", "Report"}, 0, 1},
    [SHEET_FIRST_SEEN] = {"first_seen", {"发现时间", "First seen"}, 0, 0},
    [SHEET_UNIT] = {"unit", {"报送单位", "Reporting unit"}, 1, 1},
    [SHEET_PERSON] = {"person", {"报送人", "Reported by"}, 1, 1},
    [SHEET_SOURCE] = {"source", {"来源", "Source"}, 0, 0},
    [SHEET_LINK] = {"link", {"链接", "Link"}, 0, 0},
    [SHEET_TIER] = {"tier", {"级别", "Tier"}, 0, 1},
    [SHEET_ATTENTION] = {"attention", {"关注度", "Attention"}, 0, 1},
    [SHEET_CLAUSES] = {"clauses", {"符合条款", "Clauses"}, 0, 0},
    [SHEET_ABOUT] = {"about", {"主要内容", "About"}, 0, 0},
    [SHEET_PLACES] = {"places", {"涉及地点", "Places"}, 0, 1},
    [SHEET_VENUES] = {"venues", {"发布渠道", "Venues"}, 0, 1},
    [SHEET_REACH] = {"reach", {"帖数与传播", "Posts and reach"}, 0, 0},
    [SHEET_COURSE] = {"course", {"发展经过", "Course"}, 0, 0},
    [SHEET_WORDS] = {"words", {"判定词语", "Words"}, 0, 0},
    [SHEET_ROUTES] = {"routes", {"报告对象", "Tell"}, 0, 0},
    [SHEET_STEP] = {"step", {"建议措施", "Next step"}, 0, 0},
    [SHEET_DEADLINE] = {"deadline", {"办理时限", "Deadline"}, 0, 0},
    [SHEET_RESPONSIBLE] = {"responsible", {"责任单位", "Responsible unit"}, 1, 0},
    [SHEET_INSTRUCTION] = {"instruction", {"领导批示", "Instruction"}, 2, 0},
    [SHEET_VERIFIED] = {"verified", {"核实情况", "Verified facts"}, 2, 0},
    [SHEET_ANSWER] = {"answer", {"回应内容", "Answer given"}, 2, 0},
    [SHEET_ANSWERED] = {"answered", {"回应时间", "Time of answer"}, 1, 1},
    [SHEET_BRIEFING] = {"briefing", {"新闻发布会", "Press briefing"}, 1, 1},
    [SHEET_RESULT] = {"result", {"处置结果", "Result"}, 2, 0},
    [SHEET_APPROVED] = {"approved", {"审批", "Approved by"}, 1, 0},
    [SHEET_HISTORY] = {"history", {"填报记录", "Filled in"}, 0, 0},
};

const char *sheet_field_name(const char *field, report_language l) {
    for (int row = 0; row < SHEET_ROWS; row++) {
        if (!strcmp(rows[row].key, field)) return rows[row].names[l];
    }
    return field;
}

void deadline_append(tocsin_buffer *out, const report_deadline *d, report_language l) {
    text_printf(out, "%s%s", sheet_field_name(d->field, l), say(l, "：", ": by "));
    time_append(out, d->time);
    text_puts(out, say(l, " 前", ""));
    if (d->own) text_puts(out, say(l, "（本队定）", " (set here)"));
    if (d->overdue) {
        text_puts(out, say(l, "，已超时", ", overdue"));
    } else if (d->met != TOCSIN_TIME_UNKNOWN) {
        text_puts(out, say(l, "，已办 ", ", done "));
        time_append(out, d->met);
    }
}

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

void report_step_append(tocsin_buffer *out, const report_incident *i, report_language l) {
    const int major = i->severe;
    if (!i->over && !strcmp(i->state, "open"))
        text_puts(out, say(l, "先受理并指定专人。", "Acknowledge it and assign it. "));
    if (!i->over && (*report_field_text(i, "answer") || *report_field_text(i, "briefing"))) {
        text_puts(out, say(l, "已回应：持续跟踪，有新情况及时更新。",
                           "Answered: follow on, and update it when facts change."));
    } else if (i->over) {
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

/* A box for each stage; the time of the report, and the person. */
static void append_stage(tocsin_buffer *out, const report_incident *i, report_language l) {
    for (int stage = 0; stage < DESK_STAGES; stage++) {
        const report_field *last = NULL;
        for (size_t h = 0; h < i->history.count; h++) {
            const report_field *f = &i->history.items[h];
            if (!strcmp(f->name, "stage") && desk_stage_of(f->text) == stage) last = f;
        }
        text_printf(out, "%s%s %s", stage ? "\n" : "", last ? "☑" : "☐", desk_stage_name(stage, l == REPORT_ENGLISH));
        if (!last) continue;
        text_puts(out, " ");
        time_append(out, last->time);
        text_printf(out, " %s", last->who);
    }
}

static void append_deadlines(tocsin_buffer *out, const report_incident *i, report_language l) {
    for (size_t d = 0; d < i->deadline_count; d++) {
        text_puts(out, d ? "\n" : "");
        deadline_append(out, &i->deadlines[d], l);
    }
}

static void append_history(tocsin_buffer *out, const report_incident *i, report_language l) {
    const size_t from = i->history.count > SHOWN_HISTORY ? i->history.count - SHOWN_HISTORY : 0;
    if (from) text_printf(out, say(l, "此前 %zu 项\n", "%zu before\n"), from);
    for (size_t h = from; h < i->history.count; h++) {
        const report_field *f = &i->history.items[h];
        text_puts(out, h > from ? "\n" : "");
        time_append(out, f->time);
        text_printf(out, " %s %s", f->who, sheet_field_name(f->name, l));
    }
}

/* What people filled in; otherwise the known facts. */
static void append_filled(tocsin_buffer *out, const report_incident *i, sheet_row row, const char *otherwise) {
    const char *text = report_field_text(i, rows[row].key);
    text_puts(out, *text ? text : otherwise);
}

/* The text of a row, with newlines between its lines; "" for a row that people fill in. */
static void append_row(tocsin_buffer *out, const report_data *data, const report_incident *i, sheet_row row,
                       report_language l) {
    switch (row) {
        case SHEET_NUMBER:
            text_puts(out, i->number);
            if (i->returns) text_printf(out, say(l, "（接续 %s）", " (takes up %s)"), i->returns_number);
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
        case SHEET_STEP: report_step_append(out, i, l); break;
        case SHEET_STAGE: append_stage(out, i, l); break;
        case SHEET_SOURCE: append_filled(out, i, row, *i->source ? i->source : "—"); break;
        case SHEET_LINK: append_filled(out, i, row, *i->link ? i->link : "—"); break;
        case SHEET_DEADLINE: append_deadlines(out, i, l); break;
        case SHEET_HISTORY: append_history(out, i, l); break;
        default: append_filled(out, i, row, ""); break;
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
        int halves = 0;
        text_printf(out, "<article class=\"sheet\"><h1>%s</h1><table><tbody>\n", title_of(l));
        for (int row = 0; row < SHEET_ROWS; row++) {
            row_text(&text, data, &data->incidents[k], row, l);
            const int second = row && rows[row].half && rows[row - 1].half && !(halves % 2 == 0);
            halves = rows[row].half ? halves + 1 : 0;
            text_printf(out, "%s<th scope=\"row\">%s</th><td", second ? "" : "<tr>", rows[row].names[l]);
            if (!rows[row].half) text_puts(out, " colspan=\"3\"");
            if (rows[row].filled) text_printf(out, " class=\"fill%d\"", rows[row].filled);
            if (row == SHEET_COURSE || row == SHEET_HISTORY) text_puts(out, " class=\"course\"");
            text_puts(out, ">");
            html_lines(out, &text);
            text_puts(out, rows[row].half && !second ? "</td>" : "</td></tr>\n");
        }
        text_puts(out, "</tbody></table></article>\n");
    }
    text_puts(out, "</main></body></html>\n");
    tocsin_buffer_release(&text);
}

/* Escapes characters that Markdown would interpret. */
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

static void put_counts(tocsin_buffer *out, const char *key, const report_counts *counts) {
    json_put_key(out, key);
    text_puts(out, "{");
    for (size_t i = 0; i < counts->count; i++) {
        json_put_element(out);
        utf8_append_json(out, counts->items[i].name, strlen(counts->items[i].name));
        text_printf(out, ":%" PRId64, counts->items[i].posts);
    }
    text_puts(out, "}");
}

static void put_ids(tocsin_buffer *out, const char *key, const report_counts *ids) {
    json_put_key(out, key);
    text_puts(out, "[");
    for (size_t i = 0; i < ids->count; i++) {
        json_put_element(out);
        utf8_append_json(out, ids->items[i].name, strlen(ids->items[i].name));
    }
    text_puts(out, "]");
}

static void put_events(tocsin_buffer *out, const report_incident *i) {
    json_put_key(out, "course");
    text_puts(out, "[");
    for (size_t e = 0; e < i->event_count; e++) {
        json_put_element(out);
        text_puts(out, "{");
        json_put_time(out, "time", i->events[e].time);
        json_put_text(out, "event", i->events[e].kind);
        json_put_text(out, "detail", i->events[e].detail);
        text_puts(out, "}");
    }
    text_puts(out, "]");
}

static void put_deadlines(tocsin_buffer *out, const report_incident *i) {
    json_put_key(out, "deadlines");
    text_puts(out, "[");
    for (size_t d = 0; d < i->deadline_count; d++) {
        json_put_element(out);
        text_puts(out, "{");
        json_put_text(out, "field", i->deadlines[d].field);
        json_put_time(out, "time", i->deadlines[d].time);
        json_put_time(out, "done", i->deadlines[d].met);
        json_put_flag(out, "overdue", i->deadlines[d].overdue);
        text_puts(out, "}");
    }
    text_puts(out, "]");
}

static void put_history(tocsin_buffer *out, const report_incident *i) {
    json_put_key(out, "history");
    text_puts(out, "[");
    for (size_t h = 0; h < i->history.count; h++) {
        json_put_element(out);
        text_puts(out, "{");
        json_put_text(out, "field", i->history.items[h].name);
        json_put_text(out, "text", i->history.items[h].text);
        json_put_text(out, "who", i->history.items[h].who);
        json_put_time(out, "time", i->history.items[h].time);
        text_puts(out, "}");
    }
    text_puts(out, "]");
}

/* The fields that tocsin desk fill reads. */
static void put_fields(tocsin_buffer *out, const report_incident *i) {
    for (size_t f = 0; desk_field_name(f); f++) {
        const char *name = desk_field_name(f);
        const char *text = report_field_text(i, name);
        if (!strcmp(name, "tier")) continue; /* it belongs to the incident */
        if (!*text && !strcmp(name, "link")) text = i->link;
        json_put_text(out, name, text);
    }
}

static void put_sheet(tocsin_buffer *out, const report_incident *i) {
    text_puts(out, "{");
    json_put_number(out, "incident", i->id);
    json_put_text(out, "number", i->number);
    json_put_number(out, "returns", i->returns);
    json_put_time(out, "first_seen", i->first_time);
    json_put_time(out, "last_seen", i->last_time);
    json_put_text(out, "tier", i->tier_id);
    put_ids(out, "clauses", &i->clauses);
    json_put_text(out, "about", i->about);
    json_put_text(out, "source", i->source);
    put_counts(out, "places", &i->places);
    put_counts(out, "venues", &i->venues);
    json_put_number(out, "posts", i->posts);
    json_put_number(out, "reach", i->reach);
    json_put_text(out, "attention", say_attention(REPORT_ENGLISH, i->attention));
    json_put_text(out, "raised_by", say_raised_by(REPORT_ENGLISH, i->raised_by));
    put_events(out, i);
    put_counts(out, "words", &i->words);
    put_ids(out, "routes", &i->routes);
    put_fields(out, i);
    put_deadlines(out, i);
    put_history(out, i);
    json_put_text(out, "state", i->state);
    json_put_text(out, "assigned", i->assigned);
    json_put_flag(out, "over", i->over);
    text_puts(out, "}");
}

void sheet_render_json(tocsin_buffer *out, const report_data *data) {
    text_puts(out, "[");
    for (size_t k = 0; k < data->incident_count; k++) {
        if (k) text_puts(out, ",\n");
        put_sheet(out, &data->incidents[k]);
    }
    text_puts(out, "]\n");
}
