/*
 * The handling sheet. A field is written if its text differs from the one that the form began with; if another person
 * changed it meanwhile, both texts are shown and nothing is lost. In print it is a table without forms.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "serve/serve_pages.h"
#include "store/desk_store.h"
#include "tocsin/report_render.h"

typedef struct sheet_field {
    const char *field;
    int lines; /* 0: one line of text; -1: the choice of the report's stage */
} sheet_field;

/* In the order of the printed form; `tier` is corrected on the page of the incident. */
static const sheet_field fields[] = {
    {"stage", -1},      {"unit", 0},     {"person", 0},      {"link", 2},   {"deadline", 0},
    {"responsible", 0}, {"verified", 4}, {"instruction", 3}, {"answer", 4}, {"answered", 0},
    {"briefing", 0},    {"result", 3},   {"approved", 0},
};
#define FIELD_COUNT (sizeof fields / sizeof *fields)

const char *serve_field_label(const serve_page *page, const char *field) {
    if (!strcmp(field, "tier")) return page_say(page, "应为级别", "the tier should be");
    return sheet_field_name(field, page->language);
}

typedef struct sheet_value {
    char *text, *who, *time;
} sheet_value;

typedef struct sheet {
    serve_page *page;
    sheet_value now[FIELD_COUNT];
    tocsin_buffer history[FIELD_COUNT]; /* HTML */
    int64_t entries[FIELD_COUNT];
} sheet;

static size_t index_of(const char *field) {
    size_t i = 0;
    while (i < FIELD_COUNT && strcmp(fields[i].field, field) != 0) i++;
    return i;
}

static void take_value(void *context, const char *const *cells) {
    sheet *s = context;
    const size_t i = index_of(cells[0]);
    if (i == FIELD_COUNT) return;
    s->now[i] = (sheet_value){tool_copy(cells[1]), tool_copy(cells[2]), tool_copy(cells[3])};
}

static void take_entry(void *context, const char *const *cells) {
    sheet *s = context;
    const size_t i = index_of(cells[0]);
    if (i == FIELD_COUNT) return;
    tocsin_buffer *const out = s->page->out;
    s->page->out = &s->history[i];
    s->entries[i]++;
    text_puts(s->page->out, "<li>");
    page_time(s->page, page_number(cells[3]) ? cells[3] : "");
    text_puts(s->page->out, " ");
    page_text(s->page, cells[2]);
    text_puts(s->page->out, ": ");
    page_lines(s->page, cells[1]);
    text_puts(s->page->out, "</li>");
    s->page->out = out;
}

static void read_sheet(sheet *s, serve_page *page, int64_t incident) {
    *s = (sheet){.page = page};
    for (size_t i = 0; i < FIELD_COUNT; i++) tocsin_buffer_init(&s->history[i], NULL);
    page_rows(page, PAGE_FIELDS, &(page_ask){.incident = incident}, take_value, s);
    page_rows(page, PAGE_HISTORY, &(page_ask){.incident = incident}, take_entry, s);
}

static void release_sheet(sheet *s) {
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        tool_free(s->now[i].text);
        tool_free(s->now[i].who);
        tool_free(s->now[i].time);
        tocsin_buffer_release(&s->history[i]);
    }
}

static const char *value_of(const sheet *s, size_t i) { return s->now[i].text ? s->now[i].text : ""; }

static void put_escaped_lines(serve_page *page, const char *text) {
    while (*text) {
        const size_t length = strcspn(text, "\n");
        char *line = tool_copy(text);
        line[length] = '\0';
        html_append(page->out, line);
        tool_free(line);
        text += length;
        if (*text) text_puts(page->out, "\n");
        text += *text == '\n';
    }
}

static void put_stage(serve_page *page, const char *value) {
    const int stage = desk_stage_of(value);
    text_puts(page->out, "<select id=\"f-stage\" name=\"stage\"><option value=\"\"></option>");
    for (int i = 0; i < DESK_STAGES; i++) {
        /* The chosen value is sent back as it was written, so that saving the form does not change it. */
        text_printf(page->out, "<option value=\"%s\"%s>%s</option>", i == stage ? value : desk_stage_name(i, 0),
                    i == stage ? " selected" : "", desk_stage_name(i, page->language == REPORT_ENGLISH));
    }
    if (*value && stage < 0) {
        text_puts(page->out, "<option selected>");
        html_append(page->out, value);
        text_puts(page->out, "</option>");
    }
    text_puts(page->out, "</select>");
}

static void put_input(serve_page *page, const sheet_field *f, const char *value) {
    tocsin_buffer *out = page->out;
    if (f->lines < 0) {
        put_stage(page, value);
    } else if (f->lines > 0) {
        text_printf(out, "<textarea id=\"f-%s\" name=\"%s\" rows=\"%d\">\n", f->field, f->field, f->lines);
        put_escaped_lines(page, value);
        text_puts(out, "</textarea>");
    } else {
        text_printf(out, "<input id=\"f-%s\" name=\"%s\" value=\"", f->field, f->field);
        html_append(out, value);
        text_printf(out, "\"%s>",
                    !strcmp(f->field, "deadline") || !strcmp(f->field, "answered") ? " placeholder=\"2026-11-26 14:00\""
                                                                                   : "");
    }
}

/* typed: text that was entered and is not saved yet, or NULL. */
static void put_field(const sheet *s, size_t i, const char *typed) {
    serve_page *page = s->page;
    tocsin_buffer *out = page->out;
    const sheet_field *f = &fields[i];
    const char *value = value_of(s, i);
    text_printf(out, "<tr><th scope=\"row\"><label for=\"f-%s\">%s</label></th><td%s><div class=\"paper\">", f->field,
                serve_field_label(page, f->field), f->lines > 0 ? " class=\"tall\"" : "");
    page_lines(page, value);
    text_puts(out, "</div><div class=\"screen\">");
    put_input(page, f, typed ? typed : value);
    text_printf(out, "<textarea hidden name=\"was_%s\">\n", f->field);
    put_escaped_lines(page, value);
    text_puts(out, "</textarea>");
    if (typed) {
        text_printf(out, "<p class=\"other\" role=\"alert\"><b>%s ",
                    page_say(page, "别人已改为", "Meanwhile it became"));
        text_puts(out, "</b>");
        page_lines(page, value);
        text_puts(out, " — ");
        page_text(page, s->now[i].who ? s->now[i].who : "");
        text_printf(out, "<br>%s</p>",
                    page_say(page, "上面是您填的内容，尚未保存；再保存即替换。",
                             "Above is what you typed, not kept yet; save again to replace it."));
    }
    if (s->entries[i]) {
        text_printf(out, "<details><summary>%s (%" PRId64 ")</summary><ol class=\"plain\">",
                    page_say(page, "历次填写", "History"), s->entries[i]);
        text_append(out, s->history[i].data, s->history[i].length);
        text_puts(out, "</ol></details>");
    }
    text_puts(out, "</div></td></tr>\n");
}

static void put_listed(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<span class=\"item\">");
    page_text(page, cells[0]);
    text_puts(page->out, " ");
    page_text(page, cells[1]);
    text_puts(page->out, "</span> ");
}

static void put_listed_clause(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<div>");
    page_text(page, cells[0]);
    text_puts(page->out, " ");
    page_text(page, cells[1]);
    text_puts(page->out, "</div>");
}

static void put_listed_venue(void *context, const char *const *cells) {
    serve_page *page = context;
    text_printf(page->out, "<span class=\"item\">%s %s</span> ", say_venue(page->language, cells[0]), cells[1]);
}

static void put_listed_name(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<span class=\"item\">");
    page_text(page, cells[1]);
    text_puts(page->out, "</span> ");
}

static void put_listed_word(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<span class=\"item\">");
    page_text(page, cells[0]);
    text_printf(page->out, " %s</span> ", cells[2]);
}

static void put_listed_event(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<div>");
    page_time(page, cells[1]);
    text_puts(page->out, " ");
    page_event(page, cells[2], cells[3], cells[4]);
    text_puts(page->out, "</div>");
}

/* Begins a row with the printed form's heading for a field. */
static void begin_row(serve_page *page, const char *field) {
    text_printf(page->out, "<tr><th scope=\"row\">%s</th><td>", sheet_field_name(field, page->language));
}

static void put_row(serve_page *page, const char *field, page_query query, int64_t incident, page_row row) {
    begin_row(page, field);
    page_rows(page, query, &(page_ask){.incident = incident}, row, page);
    text_puts(page->out, "</td></tr>\n");
}

static void put_text_row(serve_page *page, const char *field, const char *text) {
    begin_row(page, field);
    page_text(page, text);
    text_puts(page->out, "</td></tr>\n");
}

/* Shows facts from the report: where it was first seen, the deadlines, what to do next. */
static void put_report(serve_page *page, int64_t id) {
    tocsin_buffer *out = page->out;
    report_data data;
    if (serve_read_report(page, id, &data)) {
        const report_incident *i = &data.incidents[0];
        text_printf(out, "<tr><th scope=\"row\">%s</th><td>", page_say(page, "首帖来源", "Source of the first post"));
        page_text(page, *i->source ? i->source : "—");
        text_printf(out, "</td></tr>\n<tr><th scope=\"row\">%s</th><td>",
                    page_say(page, "首帖链接", "Link of the first post"));
        page_link(page, i->link);
        text_printf(out, "</td></tr>\n<tr><th scope=\"row\">%s</th><td>", page_say(page, "时限", "Due"));
        serve_put_deadlines(page, i);
        text_puts(out, "</td></tr>\n");
        begin_row(page, "step");
        report_step_append(out, i, page->language);
        text_puts(out, "</td></tr>\n");
    }
    report_data_release(&data);
}

static void put_known(serve_page *page, char **cells, int64_t id) {
    tocsin_buffer *out = page->out;
    put_text_row(page, "number", cells[DESK_NUMBER]);
    begin_row(page, "first_seen");
    page_time(page, cells[DESK_FIRST]);
    text_puts(out, "</td></tr>\n");
    put_text_row(page, "tier", cells[DESK_TIER_LABEL]);
    put_row(page, "clauses", PAGE_CLAUSES, id, put_listed_clause);
    put_text_row(page, "about", cells[DESK_ABOUT]);
    put_row(page, "places", PAGE_PLACES, id, put_listed);
    put_row(page, "venues", PAGE_VENUES, id, put_listed_venue);
    begin_row(page, "reach");
    text_printf(
        out, page_say(page, "帖 %s 条，传播 %s，关注度%s</td></tr>\n", "posts %s, reach %s, attention %s</td></tr>\n"),
        cells[DESK_POSTS], cells[DESK_REACH], say_attention(page->language, page_number(cells[DESK_ATTENTION])));
    put_row(page, "course", PAGE_EVENTS, id, put_listed_event);
    put_row(page, "words", PAGE_WORDS, id, put_listed_word);
    put_row(page, "routes", PAGE_ROUTES, id, put_listed_name);
    put_report(page, id);
}

/* typed[i]: text for a field that is not saved yet; the array may be NULL. */
static void put_sheet(serve_page *page, char **cells, const sheet *s, const char *const *typed, const char *said) {
    tocsin_buffer *out = page->out;
    const int64_t id = page_number(cells[DESK_ID]);
    const char *title = page_say(page, "网络舆情突发事件处置表", "Handling sheet of an incident");
    char path[64];
    snprintf(path, sizeof path, "/incident/%" PRId64 "/sheet", id);
    page_begin(page, title, PLACE_NONE, "sheet");
    if (said) text_printf(out, "<p class=\"said\" role=\"status\">%s</p>\n", said);
    text_printf(out, "<p class=\"screen\"><a href=\"/incident/%" PRId64 "\">%s</a></p><h1>%s</h1>\n", id,
                page_say(page, "← 事件", "← the incident"), title);
    page_form(page, path, "fill", 0);
    text_puts(out, "<table><tbody>\n");
    put_known(page, cells, id);
    for (size_t i = 0; i < FIELD_COUNT; i++) put_field(s, i, typed ? typed[i] : NULL);
    text_puts(out, "</tbody></table><div class=\"screen save\">");
    page_name_field(page, "by");
    text_printf(out, "<p><button class=\"main\">%s</button> %s</p></div></form>\n", page_say(page, "保存", "Save"),
                page_say(page, "打印：用浏览器的打印（Ctrl+P）。", "To print it, use the browser (Ctrl+P)."));
    page_end(page);
}

void serve_sheet(serve_page *page, int64_t incident) {
    char *cells[DESK_CELLS];
    sheet s;
    if (!serve_find(page, incident, cells)) return;
    read_sheet(&s, page, page_number(cells[DESK_ID]));
    const int done = !strcmp(http_query(page->request, "said"), "done");
    put_sheet(page, cells, &s, NULL, done ? page_say(page, "已保存。", "It is kept.") : NULL);
    release_sheet(&s);
    serve_free_cells(cells);
}

/* Writes the changed fields that no other person changed; typed gets the others. */
static desk_result write_fields(serve_page *page, const sheet *s, int64_t id, const char **typed, size_t *conflicts,
                                char **problem) {
    char was[32], form[80];
    for (size_t i = 0; i < FIELD_COUNT; i++) {
        const char *field = fields[i].field, *value = http_form(page->request, field);
        snprintf(was, sizeof was, "was_%s", field);
        if (!http_has_form(page->request, field) || !strcmp(value, http_form(page->request, was))) continue;
        if (!strcmp(value, value_of(s, i))) continue;
        if (strcmp(http_form(page->request, was), value_of(s, i)) != 0) {
            typed[i] = value;
            ++*conflicts;
            continue;
        }
        snprintf(form, sizeof form, "%.64s.%s", http_form(page->request, "form"), field);
        const desk_action set = {.kind = DESK_SET,
                                 .incident = id,
                                 .who = page_actor(page),
                                 .field = field,
                                 .detail = value,
                                 .form = *http_form(page->request, "form") ? form : NULL};
        const desk_result result = serve_add(page, &set, problem);
        if (*problem) return result;
    }
    return DESK_DONE;
}

void serve_fill(serve_page *page, int64_t incident) {
    char *cells[DESK_CELLS], path[64], *problem = NULL;
    const char *typed[FIELD_COUNT] = {0};
    size_t conflicts = 0;
    sheet s;
    if (!serve_find(page, incident, cells)) return;
    const int64_t id = page_number(cells[DESK_ID]);
    read_sheet(&s, page, id);
    if (!*page_actor(page)) {
        page_problem(page, 422, page_say(page, "没有保存", "It was not kept"),
                     page_say(page, "请填写经办人姓名。", "Say who you are: the name is missing."));
    } else {
        const desk_result result = write_fields(page, &s, id, typed, &conflicts, &problem);
        if (page->app->access.kind == ACCESS_OPEN) access_put_name(&page->app->access, page_actor(page), page->answer);
        if (problem) {
            serve_refuse(page, result, problem);
        } else if (conflicts) {
            page->answer->status = 409;
            put_sheet(page, cells, &s, typed,
                      page_say(page, "有些栏目别人同时改了，请核对后再保存。",
                               "Somebody changed the same fields: look, then save again."));
        } else {
            snprintf(path, sizeof path, "/incident/%" PRId64 "/sheet?said=done", id);
            page_go_to(page, path);
        }
    }
    tool_free(problem);
    release_sheet(&s);
    serve_free_cells(cells);
}
