/*
 * Finds the incident that an address or a form names, as it is shown: a merged incident leads to the one that contains
 * it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "serve/serve_pages.h"
#include "tocsin/report_render.h"

static void take_cells(void *context, const char *const *cells) {
    char **into = context;
    for (int i = 0; i < DESK_CELLS; i++) {
        tool_free(into[i]);
        into[i] = tool_copy(cells[i]);
    }
}

int serve_find(serve_page *page, int64_t incident, char **cells) {
    char detail[96];
    memset(cells, 0, DESK_CELLS * sizeof *cells);
    if (incident) page_rows(page, PAGE_DESK, &(page_ask){.incident = incident}, take_cells, cells);
    if (cells[0]) return 1;
    snprintf(detail, sizeof detail,
             page_say(page, "数据库中没有编号为 %" PRId64 " 的事件。", "There is no incident %" PRId64 "."), incident);
    if (!page->db.failed) page_problem(page, 404, page_say(page, "没有这个事件", "No such incident"), detail);
    return 0;
}

void serve_free_cells(char **cells) {
    for (int i = 0; i < DESK_CELLS; i++) tool_free(cells[i]);
}

static void take_number(void *context, const char *const *cells) { *(int64_t *)context = page_number(cells[5]); }

int64_t serve_last_action(serve_page *page) {
    int64_t number = 0;
    page_rows(page, PAGE_FACTS, &(page_ask){0}, take_number, &number);
    return number;
}

int serve_read_report(serve_page *page, int64_t incident, report_data *data) {
    const report_filter filter = {.incident = incident,
                                  .since = INT64_MIN,
                                  .until = INT64_MAX,
                                  .limit = 1,
                                  .wall = page->now,
                                  .english = page->language == REPORT_ENGLISH};
    const char *problem;
    const int read = report_data_read(data, page->app->database, &filter, &problem);
    return read && data->incident_count;
}

void serve_put_deadlines(serve_page *page, const report_incident *incident) {
    for (size_t i = 0; i < incident->deadline_count; i++) {
        const report_deadline *d = &incident->deadlines[i];
        text_printf(page->out, "<div%s>", d->overdue ? " class=\"late\"" : "");
        deadline_append(page->out, d, page->language);
        text_puts(page->out, "</div>");
    }
}
