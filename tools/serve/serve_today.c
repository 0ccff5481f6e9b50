/* Each incident is in every part that it belongs to, so that the number of each part is true. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "serve/serve_pages.h"

#define MOST_SHOWN 200 /* of each part */

enum {
    PART_OVERDUE,
    PART_NEW,
    PART_ESCALATED,
    PART_RETURNED,
    PART_REFUTED,
    PART_REST,
    PART_COUNT
};

static const struct {
    const char *id, *names[2];
} parts[PART_COUNT] = {
    [PART_OVERDUE] = {"overdue", {"逾期", "Overdue"}},
    [PART_NEW] = {"new", {"新发现", "New"}},
    [PART_ESCALATED] = {"escalated", {"升级", "Escalated"}},
    [PART_RETURNED] = {"returned", {"再度炒作", "Returned"}},
    [PART_REFUTED] = {"refuted", {"回应与辟谣", "Answered or refuted"}},
    [PART_REST] = {"rest", {"其余未办结", "The rest that is open"}},
};

typedef struct today_row {
    char *html;
    unsigned parts; /* a bit each */
} today_row;

typedef struct today_list {
    serve_page *page;
    today_row *rows;
    size_t count, of[PART_COUNT];
} today_list;

static int has_any(const char *kinds, const char *const *names) {
    for (; *names; names++) {
        if (strstr(kinds, *names)) return 1;
    }
    return 0;
}

static unsigned parts_of(serve_page *page, const char *const *cells) {
    static const char *const escalated[] = {"tier", "attention", "outgrown", NULL},
                             *const returned[] = {"returned", NULL}, *const refuted[] = {"answered", "refuted", NULL};
    unsigned found = 0;
    if (page_is_overdue(page, cells)) found |= 1u << PART_OVERDUE;
    if (cells[DESK_RECENT][0] == '1' && !strcmp(cells[DESK_STATE], "open")) found |= 1u << PART_NEW;
    if (has_any(cells[DESK_KINDS], escalated)) found |= 1u << PART_ESCALATED;
    if (has_any(cells[DESK_KINDS], returned)) found |= 1u << PART_RETURNED;
    if (has_any(cells[DESK_KINDS], refuted)) found |= 1u << PART_REFUTED;
    return found ? found : 1u << PART_REST;
}

static void take_row(void *context, const char *const *cells) {
    today_list *list = context;
    serve_page *page = list->page;
    tocsin_buffer row, *const out = page->out;
    tocsin_buffer_init(&row, NULL);
    page->out = &row;
    page_desk_row(page, cells);
    page->out = out;
    list->rows = tool_reallocate(list->rows, list->count + 1, sizeof *list->rows);
    const unsigned found = parts_of(page, cells);
    list->rows[list->count++] = (today_row){tool_copy(row.data), found};
    for (int i = 0; i < PART_COUNT; i++) list->of[i] += found >> i & 1;
    tocsin_buffer_release(&row);
}

static void put_part(today_list *list, int part) {
    serve_page *page = list->page;
    tocsin_buffer *out = page->out;
    if (!list->of[part]) return;
    text_printf(out, "<section id=\"%s\"><h2>%s <span class=\"count\">%zu</span></h2>\n", parts[part].id,
                parts[part].names[page->language], list->of[part]);
    text_puts(out, "<ol class=\"rows\">\n");
    size_t shown = 0;
    for (size_t i = 0; i < list->count && shown < MOST_SHOWN; i++) {
        if (!(list->rows[i].parts >> part & 1)) continue;
        text_puts(out, list->rows[i].html);
        shown++;
    }
    text_puts(out, "</ol>\n");
    if (shown < list->of[part]) {
        text_printf(out,
                    page_say(page, "<p>还有 %zu 件，见<a href=\"/search\">查找</a>。</p>",
                             "<p>%zu more: see <a href=\"/search\">Search</a>.</p>"),
                    list->of[part] - shown);
    }
    text_puts(out, "</section>\n");
}

static void put_facts(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<p class=\"facts\"><span>");
    page_text(page, cells[0]);
    text_puts(page->out, " ");
    page_text(page, cells[1]);
    text_printf(page->out, "</span> <span>%s ", page_say(page, "内容截至", "Posts up to"));
    page_time(page, cells[2]);
    text_puts(page->out, "</span> ");
    if (*cells[2]) page_silence(page, page_number(cells[2]));
    text_printf(page->out,
                page_say(page, "<span>事件 %s 件，分级 %s 篇</span></p>\n",
                         "<span>%s incidents, %s documents graded</span></p>\n"),
                cells[3], cells[4]);
}

static void put_tile(const today_list *list, int part) {
    tocsin_buffer *out = list->page->out;
    const char *name = parts[part].names[list->page->language];
    text_printf(out, "<li class=\"%s\">", list->of[part] && part == PART_OVERDUE ? "late" : "");
    if (list->of[part]) text_printf(out, "<a href=\"#%s\">", parts[part].id);
    text_printf(out, "<b>%zu</b> %s%s</li>", list->of[part], name, list->of[part] ? "</a>" : "");
}

void serve_today(serve_page *page) {
    today_list list = {.page = page};
    tocsin_buffer *out = page->out;
    page_begin(page, page_say(page, "今天", "Today"), PLACE_TODAY, "today");
    text_printf(out, "<h1>%s</h1>\n", page_say(page, "今天", "Today"));
    page_rows(page, PAGE_FACTS, &(page_ask){0}, put_facts, page);
    page_rows(page, PAGE_DESK, &(page_ask){0}, take_row, &list);
    text_printf(out, "<ul class=\"tiles\" aria-label=\"%s\">", page_say(page, "概览", "overview"));
    for (int i = 0; i < PART_COUNT; i++) put_tile(&list, i);
    text_puts(out, "</ul>\n");
    for (int i = 0; i < PART_COUNT; i++) put_part(&list, i);
    if (!list.count)
        text_printf(out, "<p class=\"none\">%s</p>\n", page_say(page, "没有未办结的事件。", "Nothing is open."));
    page_end(page);
    for (size_t i = 0; i < list.count; i++) tool_free(list.rows[i].html);
    tool_free(list.rows);
}
