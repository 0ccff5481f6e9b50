/* Searches by any text of an incident: its number, posts, places, links, decisions; and by tier, state and day. */
#define _GNU_SOURCE /* strptime */

#include <string.h>
#include <time.h>

#include "feed/utf8_text.h"
#include "serve/serve_pages.h"

#define MOST_FOUND 100
#define DAY_MS INT64_C(86400000)

typedef struct found_list {
    serve_page *page;
    size_t count;
} found_list;

static void take_found(void *context, const char *const *cells) {
    found_list *list = context;
    if (list->count++ < MOST_FOUND) page_desk_row(list->page, cells);
}

typedef struct tier_choice {
    serve_page *page;
    const char *chosen;
} tier_choice;

static void put_choice(serve_page *page, const char *value, const char *text, const char *chosen) {
    text_puts(page->out, "<option value=\"");
    html_append(page->out, value);
    text_printf(page->out, "\"%s>", !strcmp(value, chosen) ? " selected" : "");
    html_append(page->out, text);
    text_puts(page->out, "</option>");
}

static void put_tier_choice(void *context, const char *const *cells) {
    const tier_choice *choice = context;
    put_choice(choice->page, cells[0], cells[1], choice->chosen);
}

/* Reads the start of a day in this machine's time zone, `later` after it; 0: the text names no day. Empty: keeps *day.
 */
static int read_day(const char *text, int64_t later, int64_t *day) {
    struct tm parts = {0};
    if (!*text) return 1;
    const char *end = strptime(text, "%Y-%m-%d", &parts);
    const int month_day = parts.tm_mday;
    parts.tm_isdst = -1;
    const time_t start = end && !*end ? mktime(&parts) : -1;
    if (!end || *end || parts.tm_mday != month_day) return 0;
    *day = (int64_t)start * 1000 + later;
    return 1;
}

static void put_day(serve_page *page, const char *name, const char *label) {
    text_printf(page->out, "<p><label for=\"%s\">%s</label> <input type=\"date\" id=\"%s\" name=\"%s\" value=\"", name,
                label, name, name);
    html_append(page->out, http_query(page->request, name));
    text_puts(page->out, "\"></p>");
}

static void put_form(serve_page *page) {
    static const char *const states[] = {"open", "acknowledged", "closed", "false_alarm"};
    tocsin_buffer *out = page->out;
    const char *any = page_say(page, "不限", "any");
    tier_choice choice = {page, http_query(page->request, "tier")};
    text_printf(out,
                "<form class=\"search\" role=\"search\" action=\"/search\"><p class=\"words\"><label "
                "for=\"q\">%s</label> <input"
                " type=\"search\" id=\"q\" name=\"q\" value=\"",
                page_say(page, "编号、词语、地点、来源、链接、经办人", "Number, words, place, source, link, person"));
    html_append(out, http_query(page->request, "q"));
    text_printf(out, "\"></p><p><label for=\"tier\">%s</label> <select id=\"tier\" name=\"tier\">",
                page_say(page, "级别", "Tier"));
    put_choice(page, "", any, choice.chosen);
    page_rows(page, PAGE_TIERS, &(page_ask){0}, put_tier_choice, &choice);
    text_printf(out, "</select></p><p><label for=\"state\">%s</label> <select id=\"state\" name=\"state\">",
                page_say(page, "状态", "State"));
    put_choice(page, "", any, http_query(page->request, "state"));
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        put_choice(page, states[i], page_state(page, states[i]), http_query(page->request, "state"));
    }
    text_puts(out, "</select></p>");
    put_day(page, "since", page_say(page, "从", "From"));
    put_day(page, "until", page_say(page, "到", "To"));
    text_printf(out, "<p><button class=\"main\">%s</button></p></form>\n", page_say(page, "查找", "Search"));
}

static const char *or_null(const char *text) { return *text ? text : NULL; }

static void put_found(serve_page *page, const page_ask *ask) {
    found_list list = {page, 0};
    text_puts(page->out, "<ol class=\"rows\">\n");
    page_rows(page, PAGE_SEARCH, ask, take_found, &list);
    text_puts(page->out, "</ol>\n");
    if (!list.count) text_printf(page->out, "<p class=\"none\">%s</p>", page_say(page, "没有找到。", "There is none."));
    if (list.count > MOST_FOUND) {
        text_printf(page->out,
                    page_say(page, "<p>只列出最近 %d 件；请缩小范围。</p>", "<p>The latest %d; narrow the search.</p>"),
                    MOST_FOUND);
    }
}

static void put_no_day(serve_page *page, const char *text) {
    text_puts(page->out, "<p role=\"alert\" class=\"wrong\">");
    html_append(page->out, text);
    text_printf(page->out, "%s</p>\n",
                page_say(page, " 不是日期；请写成 2026-11-30。", " is no day: write it as 2026-11-30."));
}

void serve_search(serve_page *page) {
    const http_request *r = page->request;
    const char *since = http_query(r, "since"), *until = http_query(r, "until");
    page_ask ask = {.text = or_null(http_query(r, "q")),
                    .tier = or_null(http_query(r, "tier")),
                    .state = or_null(http_query(r, "state")),
                    .since = INT64_MIN,
                    .until = INT64_MAX,
                    .limit = MOST_FOUND + 1};
    const int since_is_day = read_day(since, 0, &ask.since), until_is_day = read_day(until, DAY_MS, &ask.until);
    page_begin(page, page_say(page, "查找", "Search"), PLACE_SEARCH, "find");
    text_printf(page->out, "<h1>%s</h1>\n", page_say(page, "查找", "Search"));
    put_form(page);
    if (!since_is_day) put_no_day(page, since);
    if (!until_is_day) put_no_day(page, until);
    if (since_is_day && until_is_day) put_found(page, &ask);
    page_end(page);
}
