/* Shows everything about one incident on one page, with the forms beside it; a telephone shows them below. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/message.h"
#include "serve/serve_pages.h"
#include "tocsin/report_curve.h"
#include "tocsin/report_render.h"

#define SHOWN_POSTS 40
#define SHOWN_BYTES 4000 /* of a post */

static void put_clause(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<li><b>");
    html_append(page->out, cells[0]);
    text_puts(page->out, "</b> ");
    page_text(page, cells[1]);
    text_puts(page->out, "</li>");
}

static void put_route(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<li>");
    page_text(page, cells[1]);
    text_puts(page->out, "</li>");
}

static void put_venue(void *context, const char *const *cells) {
    serve_page *page = context;
    text_printf(page->out, "<tr><th scope=\"row\">%s</th><td class=\"n\">%s</td></tr>",
                say_venue(page->language, cells[0]), cells[1]);
}

static void put_place(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<tr><th scope=\"row\">");
    page_text(page, cells[0]);
    text_printf(page->out, "</th><td class=\"n\">%s</td></tr>", cells[1]);
}

static void put_word(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<tr><th scope=\"row\">");
    page_text(page, cells[0]);
    text_puts(page->out, "</th><td>");
    page_text(page, cells[1]);
    text_printf(page->out, "</td><td class=\"n\">%s</td></tr>", cells[2]);
}

static void put_event(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<li>");
    page_time(page, cells[1]);
    text_puts(page->out, " ");
    page_event(page, cells[2], cells[3], cells[4]);
    text_puts(page->out, "</li>");
}

/* A word of the database in the language of the page, or as it is. */
static const char *word_text(const serve_page *page, const char *const (*names)[3], size_t count, const char *word) {
    for (size_t i = 0; i < count; i++) {
        if (!strcmp(names[i][0], word)) return page_say(page, names[i][1], names[i][2]);
    }
    return word;
}
#define WORD_TEXT(page, names, word) word_text(page, names, sizeof(names) / sizeof *(names), word)

static void put_action(void *context, const char *const *cells) {
    static const char *const names[][3] = {{"acknowledge", "受理", "acknowledged"},
                                           {"assign", "交办给", "assigned to"},
                                           {"close", "办结", "closed"},
                                           {"false_alarm", "判为误报", "false alarm"},
                                           {"merge", "并入", "merged into"},
                                           {"split", "拆出", "split off"},
                                           {"note", "备注", "noted"},
                                           {"set", "填写", "filled in"}};
    serve_page *page = context;
    text_puts(page->out, "<li>");
    page_time(page, cells[1]);
    text_puts(page->out, " ");
    page_text(page, cells[3]);
    text_puts(page->out, " ");
    html_append(page->out, WORD_TEXT(page, names, cells[2]));
    text_puts(page->out, " ");
    if (*cells[5]) {
        html_append(page->out, serve_field_label(page, cells[5]));
        text_puts(page->out, ": ");
    }
    if (page_number(cells[6])) {
        text_printf(page->out, "<a href=\"/incident/%s\">%s</a>", cells[6], cells[6]);
    } else {
        page_lines(page, cells[4]);
    }
    text_puts(page->out, "</li>\n");
}

static void put_told(void *context, const char *const *cells) {
    static const char *const kinds[][3] = {{"news", "通知", "message"},
                                           {"reminder", "催办", "reminder"},
                                           {"escalation", "无人受理，升级通知", "escalation"},
                                           {"digest", "汇总", "digest"}};
    static const char *const states[][3] = {{"sent", "已送达", "sent"},
                                            {"dead", "未送达", "not delivered"},
                                            {"waiting", "待发", "waiting"},
                                            {"sending", "发送中", "being sent"},
                                            {"dropped", "不再发", "dropped"}};
    serve_page *page = context;
    text_puts(page->out, "<li>");
    page_time(page, cells[0]);
    text_puts(page->out, " ");
    page_text(page, cells[1]);
    text_puts(page->out, " ");
    html_append(page->out, WORD_TEXT(page, kinds, cells[2]));
    text_printf(page->out, " <span class=\"%s\">", strcmp(cells[3], "dead") ? "" : "late");
    html_append(page->out, WORD_TEXT(page, states, cells[3]));
    text_puts(page->out, "</span> ");
    page_text(page, message_told(cells[4]));
    text_puts(page->out, "</li>\n");
}

/* Appends the rows of a query as a table or a list with its heading; nothing if there are none. */
static void put_part(serve_page *page, page_query query, int64_t incident, const char *title, const char *begin,
                     const char *end, page_row row) {
    tocsin_buffer *out = page->out;
    const size_t before = out->length;
    text_printf(out, "<section><h2>%s</h2>%s", title, begin);
    const size_t empty = out->length;
    page_rows(page, query, &(page_ask){.incident = incident}, row, page);
    if (out->length == empty) {
        out->length = before;
    } else {
        text_printf(out, "%s</section>\n", end);
    }
}

static const char *joined_text(const serve_page *page, const char *joined) {
    static const char *const names[4][2] = {{"本事件首帖", "it began the incident"},
                                            {"文字相同", "the same words"},
                                            {"地点、主题、时间相同", "the same place, topics and time"},
                                            {"内容相近", "the words that the incident has most of"}};
    const int64_t by = page_number(joined);
    return by >= 0 && by < 4 ? names[by][page->language] : "";
}

/* What a post is that is about the incident and not one of its posts. */
static const char *attached_text(const serve_page *page, const char *attached) {
    static const char *const names[4][2] = {{"", ""}, {"回应", "answer"}, {"辟谣", "rebuttal"}, {"其他提及", "echo"}};
    const int64_t as = page_number(attached);
    return as >= 0 && as < 4 ? names[as][page->language] : "";
}

typedef struct post_list {
    serve_page *page;
    int64_t last;
    int count;
} post_list;

static void put_post_text(serve_page *page, const char *const *cells) {
    if (*cells[POST_TITLE]) {
        text_puts(page->out, "<p class=\"title\">");
        page_marked(page, cells[POST_TITLE], cells[POST_TITLE_MARKS], SHOWN_BYTES);
        text_puts(page->out, "</p>");
    }
    text_puts(page->out, "<p>");
    if (cells[POST_HAS_TEXT][0] == '1') {
        page_marked(page, cells[POST_TEXT], cells[POST_TEXT_MARKS], SHOWN_BYTES);
    } else {
        text_puts(page->out, page_say(page, "（未存正文）", "(the text is not kept) "));
        text_puts(page->out, "<mark>");
        page_text(page, cells[POST_WORDS]);
        text_puts(page->out, "</mark>");
    }
    text_puts(page->out, "</p>");
}

static void put_post(void *context, const char *const *cells) {
    post_list *list = context;
    serve_page *page = list->page;
    tocsin_buffer *out = page->out;
    list->count++;
    if (list->count > SHOWN_POSTS) return;
    list->last = page_number(cells[POST_NUMBER]);
    text_puts(out, "<li class=\"post\"><p class=\"facts\"><span>");
    page_time(page, cells[POST_TIME]);
    text_printf(out, "</span> <span>%s ", say_venue(page->language, cells[POST_VENUE]));
    page_text(page, cells[POST_SOURCE]);
    text_printf(out, page_say(page, "</span> <span>传播 %s</span> <span>", "</span> <span>reach %s</span> <span>"),
                cells[POST_REACH]);
    if (page_number(cells[POST_ATTACHED])) {
        text_puts(out, attached_text(page, cells[POST_ATTACHED]));
    } else {
        page_text(page, cells[POST_TIER]);
        text_puts(out, " ");
        page_text(page, cells[POST_CLAUSES]);
    }
    text_printf(out, "</span> <span class=\"joined\">%s", joined_text(page, cells[POST_JOINED]));
    if (page_number(cells[POST_JOINED])) text_printf(out, " %.4s", cells[POST_SCORE]);
    text_puts(out, "</span></p>");
    put_post_text(page, cells);
    text_puts(out, "<p class=\"link\">");
    if (*cells[POST_URL]) {
        page_link(page, cells[POST_URL]);
    } else {
        page_text(page, cells[POST_ID]);
    }
    text_puts(out, "</p></li>\n");
}

static void put_posts(serve_page *page, int64_t incident) {
    post_list list = {.page = page};
    const int64_t from = page_number(http_query(page->request, "before"));
    text_printf(page->out, "<section id=\"posts\" class=\"posts\"><h2>%s</h2><ol>\n", page_say(page, "帖文", "Posts"));
    page_rows(page, PAGE_POSTS, &(page_ask){.incident = incident, .from = from, .limit = SHOWN_POSTS + 1}, put_post,
              &list);
    text_puts(page->out, "</ol>");
    if (list.count > SHOWN_POSTS) {
        text_printf(page->out, "<p><a href=\"/incident/%" PRId64 "?before=%" PRId64 "#posts\">%s</a></p>", incident,
                    list.last, page_say(page, "更早的帖文", "Earlier posts"));
    }
    text_puts(page->out, "</section>\n");
}

static void put_button(serve_page *page, const char *kind, const char *action, const char *text) {
    text_printf(page->out, "<button class=\"%s\" name=\"action\" value=\"%s\">%s</button> ", kind, action, text);
}

/* Lists each part of an incident that can be split off again. */
static void put_split(void *context, const char *const *cells) {
    serve_page *page = context;
    if (!page_number(cells[3])) return;
    text_printf(page->out, "<p><button name=\"action\" value=\"split-%s\">%s</button> ", cells[0],
                page_say(page, "拆出", "Split off"));
    html_append(page->out, cells[1]);
    text_puts(page->out, " ");
    page_text(page, cells[2]);
    text_puts(page->out, "</p>");
}

static void put_tier(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<option value=\"");
    html_append(page->out, cells[0]);
    text_puts(page->out, "\">");
    html_append(page->out, cells[1]);
    text_puts(page->out, "</option>");
}

static void put_rare_forms(serve_page *page, int64_t incident) {
    tocsin_buffer *out = page->out;
    text_printf(out, "<details><summary>%s</summary>",
                page_say(page, "更正级别、合并、拆分", "Correct the tier, merge, split"));
    text_printf(out, "<p><label for=\"tier\">%s</label> <span class=\"pair\"><select id=\"tier\" name=\"tier\">",
                page_say(page, "应为级别", "The tier should be"));
    page_rows(page, PAGE_TIERS, &(page_ask){0}, put_tier, page);
    text_printf(out, "<option value=\"none\">%s</option></select> ", page_say(page, "不属于", "none"));
    put_button(page, "", "tier", page_say(page, "更正", "Correct"));
    text_printf(out,
                "</span></p><p><label for=\"into\">%s</label> <span class=\"pair\"><input id=\"into\" name=\"into\""
                " placeholder=\"20261126-12\"> ",
                page_say(page, "并入事件（编号）", "Merge into incident (number)"));
    put_button(page, "", "merge", page_say(page, "并入", "Merge"));
    text_puts(out, "</span></p>");
    page_rows(page, PAGE_MERGED, &(page_ask){.incident = incident}, put_split, page);
    text_puts(out, "</details>");
}

/* One form for all decisions, so that the name is typed once; the button names the decision. */
static void put_forms(serve_page *page, int64_t incident, const char *state) {
    tocsin_buffer *out = page->out;
    char path[48];
    const int again = !strcmp(state, "acknowledged");
    snprintf(path, sizeof path, "/incident/%" PRId64, incident);
    text_printf(out, "<section class=\"actions\"><h2>%s</h2>", page_say(page, "处置", "Actions"));
    page_form(page, path, "act", serve_last_action(page));
    page_name_field(page, "by");
    text_printf(out,
                "<p><label for=\"text\">%s</label><textarea id=\"text\" name=\"text\" rows=\"3\"></textarea></p><p"
                " class=\"buttons\">",
                page_say(page, "备注或原因", "Note or reason"));
    put_button(page, strcmp(state, "open") ? "" : "main", "ack",
               again ? page_say(page, "再次受理", "Acknowledge again") : page_say(page, "受理", "Acknowledge"));
    put_button(page, "", "note", page_say(page, "记备注", "Add note"));
    put_button(page, "", "close", page_say(page, "办结", "Close"));
    put_button(page, "", "false_alarm", page_say(page, "误报", "False alarm"));
    text_printf(out,
                "</p><p><label for=\"to\">%s</label> <span class=\"pair\"><input id=\"to\" name=\"whom\""
                " maxlength=\"33\"> ",
                page_say(page, "交办给", "Assign to"));
    put_button(page, "", "assign", page_say(page, "交办", "Assign"));
    text_puts(out, "</span></p>");
    put_rare_forms(page, incident);
    text_printf(out, "</form>\n<p><a href=\"/incident/%" PRId64 "/sheet\">%s</a></p></section>\n", incident,
                page_say(page, "处置表", "Handling sheet"));
}

/* The next step and its deadline. */
static void put_next(serve_page *page, const report_data *data) {
    text_puts(page->out, "<p class=\"next\">");
    report_step_append(page->out, &data->incidents[0], page->language);
    text_puts(page->out, "</p>");
    serve_put_deadlines(page, &data->incidents[0]);
}

static void put_head(serve_page *page, char **cells, const report_data *data) {
    tocsin_buffer *out = page->out;
    text_puts(out, "<div class=\"head\"><p class=\"number\">");
    html_append(out, cells[DESK_NUMBER]);
    text_puts(out, "</p><h1>");
    page_tier(page, cells[DESK_TIER_LABEL], cells[DESK_TOP][0] == '1');
    text_puts(out, " ");
    page_text(page, cells[DESK_ABOUT]);
    text_printf(out, "</h1><p class=\"facts\"><span class=\"state\">%s", page_state(page, cells[DESK_STATE]));
    if (*cells[DESK_WHO]) {
        text_puts(out, " · ");
        page_text(page, cells[DESK_WHO]);
        text_puts(out, " ");
        page_time(page, cells[DESK_DECIDED]);
    }
    if (*cells[DESK_ASSIGNED]) text_printf(out, " → ");
    if (*cells[DESK_ASSIGNED]) page_text(page, cells[DESK_ASSIGNED]);
    text_printf(out, "</span> <span>%s</span> ",
                cells[DESK_OVER][0] == '1' ? page_say(page, "已平息", "over") : page_say(page, "进行中", "going on"));
    if (data) page_silence(page, data->now);
    text_printf(out,
                page_say(page, "<span>帖 %s · 传播 %s · 关注度 %s</span> <span>",
                         "<span>posts %s · reach %s · attention %s</span> <span>"),
                cells[DESK_POSTS], cells[DESK_REACH],
                say_attention(page->language, page_number(cells[DESK_ATTENTION])));
    page_time(page, cells[DESK_FIRST]);
    text_puts(out, " – ");
    page_time(page, cells[DESK_LAST]);
    text_puts(out, "</span>");
    if (page_number(cells[DESK_RETURNS])) {
        text_printf(out, " <span>%s <a href=\"/incident/%s\">%s</a></span>",
                    page_say(page, "再度炒作，接续", "takes up"), cells[DESK_RETURNS], cells[DESK_RETURNS]);
    }
    if (page_is_overdue(page, (const char *const *)cells)) {
        text_printf(out, " <span class=\"badge late\">%s</span>", page_say(page, "逾期", "overdue"));
    }
    text_puts(out, "</p>");
    if (data) put_next(page, data);
    text_puts(out, "</div>\n");
}

/* Drawn in two sizes, of which the style shows one: a reduced picture cannot be read on a phone. */
static void put_curve(serve_page *page, const report_data *data) {
    static const curve_look wide = {CURVE_WIDE, " class=\"curve wide\"", 1},
                            narrow = {CURVE_NARROW, " class=\"curve narrow\"", 1};
    if (!data->incidents[0].hour_count) return;
    text_puts(page->out, "<figure>");
    curve_append_hours(page->out, data, &data->incidents[0], page->language, &wide);
    curve_append_hours(page->out, data, &data->incidents[0], page->language, &narrow);
    text_printf(page->out, "<figcaption><span class=\"only wide\">%s</span><span class=\"only narrow\">%s</span> · ",
                curve_unit(data, &data->incidents[0], page->language, CURVE_WIDE),
                curve_unit(data, &data->incidents[0], page->language, CURVE_NARROW));
    curve_append_period(page->out, data, &data->incidents[0]);
    text_printf(page->out, " · %s</figcaption></figure>\n",
                page_say(page, "竖线为“经过”中的编号", "lines are the numbers of the timeline"));
}

/* Reports the result of a form that was just sent. */
static void put_said(serve_page *page) {
    if (!strcmp(http_query(page->request, "said"), "done")) {
        text_printf(page->out, "<p class=\"said\" role=\"status\">%s</p>\n", page_say(page, "已保存。", "It is kept."));
    }
}

void serve_incident(serve_page *page, int64_t incident) {
    char *cells[DESK_CELLS];
    if (!serve_find(page, incident, cells)) return;
    const int64_t id = page_number(cells[DESK_ID]);
    report_data data;
    const int read = serve_read_report(page, id, &data);
    page_begin(page, *cells[DESK_ABOUT] ? cells[DESK_ABOUT] : cells[DESK_NUMBER], PLACE_NONE, "incident");
    put_said(page);
    put_head(page, cells, read ? &data : NULL);
    put_forms(page, id, cells[DESK_STATE]);
    text_puts(page->out, "<div class=\"body\">");
    if (read) put_curve(page, &data);
    report_data_release(&data);
    put_part(page, PAGE_CLAUSES, id, page_say(page, "符合条款", "Clauses"), "<ul class=\"plain\">", "</ul>",
             put_clause);
    put_part(page, PAGE_EVENTS, id, page_say(page, "经过", "Timeline"), "<ol class=\"events\">", "</ol>", put_event);
    text_puts(page->out, "<div class=\"columns\">");
    put_part(page, PAGE_VENUES, id, page_say(page, "发布渠道", "Venues"), "<table>", "</table>", put_venue);
    put_part(page, PAGE_PLACES, id, page_say(page, "地点", "Places"), "<table>", "</table>", put_place);
    put_part(page, PAGE_WORDS, id, page_say(page, "判定词语", "Words"), "<table>", "</table>", put_word);
    put_part(page, PAGE_ROUTES, id, page_say(page, "报告对象", "Tell"), "<ul class=\"plain\">", "</ul>", put_route);
    text_puts(page->out, "</div>");
    put_part(page, PAGE_ACTIONS, id, page_say(page, "处置记录", "Decisions"), "<ol class=\"plain\">", "</ol>",
             put_action);
    put_part(page, PAGE_TOLD, id, page_say(page, "通知记录", "Who was told"), "<ol class=\"plain\">", "</ol>",
             put_told);
    put_posts(page, id);
    text_puts(page->out, "</div>");
    page_end(page);
    serve_free_cells(cells);
}
