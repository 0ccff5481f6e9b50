/* The frame of each page. Every text from outside goes through page_text or page_lines. */
#include "serve/serve_page.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "store/day_query.h"

#define HOUR_MS INT64_C(3600000)

const char *page_say(const serve_page *page, const char *chinese, const char *english) {
    return say(page->language, chinese, english);
}

void page_rows(serve_page *page, page_query query, const page_ask *ask, page_row row, void *context) {
    page_ask asked = *ask;
    asked.english = page->language == REPORT_ENGLISH;
    page_read(&page->db, query, &asked, row, context);
}

static void append_part(tocsin_buffer *out, const char *text, size_t length) {
    char *part = tool_allocate(length + 1, 1);
    memcpy(part, text, length);
    html_append(out, part);
    tool_free(part);
}

void page_text(serve_page *page, const char *text) {
    text_puts(page->out, "<bdi>");
    html_append(page->out, text);
    text_puts(page->out, "</bdi>");
}

static void append_lines(tocsin_buffer *out, const char *text, size_t length) {
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        const size_t part = end ? (size_t)(end - text) - at : length - at;
        append_part(out, text + at, part);
        if (end) text_puts(out, "\n");
        at += part + (end != NULL);
    }
}

void page_lines(serve_page *page, const char *text) {
    text_puts(page->out, "<bdi class=\"lines\">");
    append_lines(page->out, text, strlen(text));
    text_puts(page->out, "</bdi>");
}

/* One byte for each byte of the text: 1 where a mark covers it. Marks may overlap. */
static char *read_marks(const char *marks, size_t length) {
    char *covered = tool_allocate(length + 1, 1);
    while (*marks) {
        char *end;
        const size_t from = strtoul(marks, &end, 10), to = strtoul(end, &end, 10);
        if (from < to && to <= length) memset(covered + from, 1, to - from);
        marks = *end ? end + 1 : end;
    }
    return covered;
}

void page_marked(serve_page *page, const char *text, const char *marks, size_t most) {
    const size_t length = utf8_cut(text, strlen(text), most);
    char *covered = read_marks(marks, length);
    text_puts(page->out, "<bdi class=\"lines\">");
    for (size_t at = 0, end; at < length; at = end) {
        for (end = at; end < length && covered[end] == covered[at]; end++) continue;
        if (covered[at]) text_puts(page->out, "<mark>");
        append_lines(page->out, text + at, end - at);
        if (covered[at]) text_puts(page->out, "</mark>");
    }
    if (text[length]) text_puts(page->out, "…");
    text_puts(page->out, "</bdi>");
    tool_free(covered);
}

int64_t page_number(const char *text) { return strtoll(text, NULL, 10); }

void page_time(serve_page *page, const char *milliseconds) {
    text_puts(page->out, "<time>");
    time_append(page->out, *milliseconds ? page_number(milliseconds) : TOCSIN_TIME_UNKNOWN);
    text_puts(page->out, "</time>");
}

/* Accepts only web addresses. */
static int is_web(const char *url) {
    const char *at = !strncasecmp(url, "http://", 7) ? url + 7 : !strncasecmp(url, "https://", 8) ? url + 8 : "";
    for (const char *c = url; *c; c++) {
        if ((unsigned char)*c <= ' ' || *c == 0x7F) return 0;
    }
    return *at && *at != '/';
}

void page_link(serve_page *page, const char *url) {
    if (!*url) return;
    if (!is_web(url)) {
        page_text(page, url);
        return;
    }
    text_puts(page->out, "<a rel=\"noopener noreferrer nofollow\" target=\"_blank\" href=\"");
    html_append(page->out, url);
    text_puts(page->out, "\">");
    page_text(page, url);
    text_puts(page->out, "</a>");
}

static void put_nav(serve_page *page, page_place place) {
    static const char *const places[][3] = {
        {"/", "今天", "Today"}, {"/search", "查找", "Search"}, {"/plan", "预案", "Plan"}};
    tocsin_buffer *out = page->out;
    text_printf(out, "<nav aria-label=\"%s\">", page_say(page, "页面", "pages"));
    for (int i = 0; i < 3; i++) {
        text_printf(out, "<a href=\"%s\"%s>%s</a>", places[i][0], i == (int)place ? " aria-current=\"page\"" : "",
                    page_say(page, places[i][1], places[i][2]));
    }
    text_printf(out, "<a href=\"?lang=%s\" lang=\"%s\">%s</a>", page_say(page, "en", "zh"),
                page_say(page, "en", "zh-CN"), page_say(page, "English", "中文"));
    text_puts(out, "</nav>");
    if (page->app->access.kind == ACCESS_OPEN || !page->session.admitted) return;
    text_printf(out,
                "<form class=\"out\" method=\"post\" action=\"/logout\"><input type=\"hidden\" name=\"token\""
                " value=\"%s\">",
                page->token);
    page_text(page, page->session.name);
    text_printf(out, " <button class=\"plain\">%s</button></form>", page_say(page, "退出", "Log out"));
}

void page_begin(serve_page *page, const char *title, page_place place, const char *kind) {
    tocsin_buffer *out = page->out;
    text_printf(out,
                "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\"><meta name=\"viewport\""
                " content=\"width=device-width,initial-scale=1\"><title>",
                page_say(page, "zh-CN", "en"));
    html_append(out, title);
    text_printf(out,
                "</title><link rel=\"stylesheet\" href=\"/desk.css\"><link rel=\"icon\" href=\"/icon.svg\"><script"
                " src=\"/desk.js\" defer></script></head>\n<body><a class=\"skip\" href=\"#main\">%s</a><header><a"
                " class=\"brand\" href=\"/\">tocsin</a>",
                page_say(page, "跳到正文", "Skip to content"));
    put_nav(page, place);
    text_printf(out, "</header>\n<main id=\"main\" class=\"%s\">\n", kind);
}

void page_end(serve_page *page) {
    tocsin_buffer *out = page->out;
    const int hours = utc_offset_hours(page->now);
    text_printf(out, "</main>\n<footer>%s ", page_say(page, "生成于", "Made at"));
    time_append(out, page->now);
    text_printf(out, " (UTC%+d)</footer></body></html>\n", hours);
}

void page_go_to(serve_page *page, const char *path) {
    page->answer->status = 303;
    page->out->length = 0;
    page->answer->location.length = 0;
    text_puts(&page->answer->location, path);
}

static int is_carried(const http_field *field) {
    static const char *const own[] = {"token", "seen", "password", "secret"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (!strcmp(field->name, own[i])) return 0;
    }
    return 1;
}

/* Shows entered text, so that it can be copied. */
static void put_typed(serve_page *page) {
    static const char *const unseen[] = {"form", "action", "to", "lang"};
    for (size_t i = 0; i < page->request->form_count; i++) {
        const http_field *f = &page->request->form[i];
        int shown = is_carried(f) && *f->value && strncmp(f->name, "was_", 4) != 0;
        for (size_t k = 0; k < sizeof unseen / sizeof *unseen; k++) shown = shown && strcmp(f->name, unseen[k]) != 0;
        if (!shown) continue;
        text_puts(page->out, "<p class=\"typed\"><b>");
        html_append(page->out, f->name);
        text_puts(page->out, "</b> ");
        page_lines(page, f->value);
        text_puts(page->out, "</p>\n");
    }
}

static void begin_problem(serve_page *page, unsigned status, const char *what, const char *detail) {
    page->answer->status = status;
    page->out->length = 0;
    page_begin(page, what, PLACE_NONE, "problem");
    text_puts(page->out, "<h1>");
    html_append(page->out, what);
    text_puts(page->out, "</h1>\n<p role=\"alert\">");
    html_append(page->out, detail);
    text_puts(page->out, "</p>\n");
    if (page->request->form_count && page->request->fault == HTTP_GOOD) put_typed(page);
}

void page_problem(serve_page *page, unsigned status, const char *what, const char *detail) {
    begin_problem(page, status, what, detail);
    text_printf(page->out, "<p><a href=\"/\">%s</a></p>\n", page_say(page, "回到今天", "Back to today"));
    page_end(page);
}

void page_send_again(serve_page *page, unsigned status, const char *what, const char *detail, const char *button,
                     int as_new) {
    tocsin_buffer *out = page->out;
    char once[33];
    if (!secret_random_text(once, 16)) once[0] = '\0';
    begin_problem(page, status, what, detail);
    text_puts(out, "<form method=\"post\" action=\"");
    html_append(out, page->request->path);
    text_printf(out, "\"><input type=\"hidden\" name=\"token\" value=\"%s\">", page->token);
    text_printf(out, "<input type=\"hidden\" name=\"seen\" value=\"%" PRId64 "\">", INT64_MAX);
    for (size_t i = 0; i < page->request->form_count; i++) {
        const http_field *f = &page->request->form[i];
        if (!is_carried(f) || (as_new && !strcmp(f->name, "form"))) continue;
        text_puts(out, "<textarea hidden name=\"");
        html_append(out, f->name);
        text_puts(out, "\">\n");
        append_lines(out, f->value, strlen(f->value));
        text_puts(out, "</textarea>");
    }
    if (as_new) text_printf(out, "<input type=\"hidden\" name=\"form\" value=\"%s\">", once);
    text_printf(out, "<p><button class=\"main\">%s</button> <a href=\"", button);
    html_append(out, page->request->path);
    text_printf(out, "\">%s</a></p></form>\n", page_say(page, "不发送，返回", "Do not send it; go back"));
    page_end(page);
}

void page_form(serve_page *page, const char *path, const char *kind, int64_t seen) {
    char once[33];
    if (!secret_random_text(once, 16)) once[0] = '\0';
    text_printf(page->out, "<form method=\"post\" class=\"%s\" action=\"", kind);
    html_append(page->out, path);
    text_printf(page->out,
                "\"><button hidden disabled></button><input type=\"hidden\" name=\"token\" value=\"%s\"><input"
                " type=\"hidden\" name=\"form\" value=\"%s\"><input type=\"hidden\" name=\"seen\" value=\"%" PRId64
                "\">",
                page->token, once, seen);
}

void page_name_field(serve_page *page, const char *id) {
    tocsin_buffer *out = page->out;
    if (page->app->access.kind != ACCESS_OPEN) return;
    text_printf(out,
                "<p class=\"who\"><label for=\"%s\">%s</label> <input id=\"%s\" name=\"by\" required maxlength=\"33\""
                " autocomplete=\"name\" value=\"",
                id, page_say(page, "经办人", "Your name"), id);
    html_append(out, page->session.name);
    text_puts(out, "\"></p>");
}

const char *page_actor(const serve_page *page) {
    return page->app->access.kind == ACCESS_OPEN ? http_form(page->request, "by") : page->session.name;
}

const char *page_state(const serve_page *page, const char *state) {
    if (!strcmp(state, "open")) return page_say(page, "待处理", "open");
    if (!strcmp(state, "acknowledged")) return page_say(page, "处理中", "in hand");
    return strcmp(state, "closed") ? page_say(page, "误报", "false alarm") : page_say(page, "已办结", "closed");
}

void page_tier(serve_page *page, const char *label, int top) {
    text_printf(page->out, "<span class=\"tier%s\">", top ? " top" : "");
    html_append(page->out, label);
    text_puts(page->out, "</span>");
}

void page_silence(serve_page *page, int64_t latest) {
    const int64_t hours = page->due_now == page->now ? (page->now - latest) / HOUR_MS : 0;
    if (latest == TOCSIN_TIME_UNKNOWN || hours <= 0) return;
    text_printf(page->out,
                page_say(page, "<span class=\"late\">已 %" PRId64 " 小时没有新内容</span> ",
                         "<span class=\"late\">nothing new for %" PRId64 " h</span> "),
                hours);
}

int page_is_overdue(serve_page *page, const char *const *cells) {
    report_incident incident = {.id = page_number(cells[DESK_ID]), .tier = page_number(cells[DESK_TIER])};
    int overdue = 0;
    incident.first_time = *cells[DESK_FIRST] ? page_number(cells[DESK_FIRST]) : TOCSIN_TIME_UNKNOWN;
    incident.state = tool_copy(cells[DESK_STATE]);
    day_read_deadlines(&page->db, &incident, page->due_now);
    for (size_t i = 0; i < incident.deadline_count; i++) {
        overdue |= incident.deadlines[i].overdue;
        tool_free(incident.deadlines[i].field);
    }
    tool_free(incident.deadlines);
    tool_free(incident.state);
    return overdue;
}

static int has_kind(const char *kinds, const char *kind) {
    const size_t length = strlen(kind);
    for (const char *at = strstr(kinds, kind); at; at = strstr(at + 1, kind)) {
        if ((at == kinds || at[-1] == ',') && (at[length] == ',' || !at[length])) return 1;
    }
    return 0;
}

static void put_badges(serve_page *page, const char *const *cells) {
    static const char *const badges[][3] = {
        {"tier", "升级", "escalated"},          {"attention", "关注度升高", "more attention"},
        {"outgrown", "误报已超出", "outgrown"}, {"returned", "再度炒作", "returned"},
        {"answered", "已回应", "answered"},     {"refuted", "已辟谣", "refuted"},
        {"doubted", "有质疑", "doubted"},       {"merged", "合并", "merged"}};
    if (page_is_overdue(page, cells)) {
        text_printf(page->out, " <span class=\"badge late\">%s</span>", page_say(page, "逾期", "overdue"));
    }
    for (size_t i = 0; i < sizeof badges / sizeof *badges; i++) {
        if (!has_kind(cells[DESK_KINDS], badges[i][0])) continue;
        text_printf(page->out, " <span class=\"badge\">%s</span>", page_say(page, badges[i][1], badges[i][2]));
    }
}

void page_desk_row(serve_page *page, const char *const *cells) {
    tocsin_buffer *out = page->out;
    text_printf(out, "<li class=\"row%s\"><p class=\"about\">", cells[DESK_TOP][0] == '1' ? " top" : "");
    page_tier(page, cells[DESK_TIER_LABEL], cells[DESK_TOP][0] == '1');
    text_printf(out, " <a href=\"/incident/%" PRId64 "\">", page_number(cells[DESK_ID]));
    page_text(page, *cells[DESK_ABOUT] ? cells[DESK_ABOUT] : cells[DESK_NUMBER]);
    text_puts(out, "</a>");
    put_badges(page, cells);
    text_puts(out, "</p><p class=\"facts\"><span>");
    html_append(out, cells[DESK_NUMBER]);
    text_printf(out, "</span> <span>%s", page_state(page, cells[DESK_STATE]));
    if (*cells[DESK_WHO]) text_puts(out, " · ");
    if (*cells[DESK_WHO]) page_text(page, cells[DESK_WHO]);
    if (*cells[DESK_ASSIGNED]) text_puts(out, " → ");
    if (*cells[DESK_ASSIGNED]) page_text(page, cells[DESK_ASSIGNED]);
    text_printf(out,
                page_say(page, "</span> <span>帖 %" PRId64 " · 传播 %" PRId64,
                         "</span> <span>posts %" PRId64 " · reach %" PRId64),
                page_number(cells[DESK_POSTS]), page_number(cells[DESK_REACH]));
    text_printf(out, " · %s %s", page_say(page, "关注度", "attention"),
                say_attention(page->language, page_number(cells[DESK_ATTENTION])));
    text_puts(out, "</span> <span>");
    page_time(page, cells[DESK_LAST]);
    if (cells[DESK_OVER][0] == '1') text_printf(out, " %s", page_say(page, "已平息", "over"));
    text_puts(out, "</span>");
    if (*cells[DESK_DECIDED] && page_number(cells[DESK_NEWS])) {
        text_printf(out,
                    page_say(page, " <span class=\"news\">受理后新情况 %" PRId64 "</span>",
                             " <span class=\"news\">%" PRId64 " events since</span>"),
                    page_number(cells[DESK_NEWS]));
    }
    text_puts(out, "</p></li>\n");
}

void page_event(serve_page *page, const char *kind, const char *detail, const char *name) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    event_append(&text, page->language, kind, detail, name);
    page_text(page, text.data);
    tocsin_buffer_release(&text);
}

int64_t page_incident_of(const char *text) {
    const char *dash = strrchr(text, '-'), *digits = dash ? dash + 1 : text;
    int64_t id = 0;
    while (*digits == ' ') digits++;
    for (; *digits >= '0' && *digits <= '9' && id < INT64_MAX / 10 - 1; digits++) id = id * 10 + (*digits - '0');
    while (*digits == ' ') digits++;
    return *digits ? 0 : id;
}
