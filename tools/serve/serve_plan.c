/* Shows the server's plan beside the plan that graded the posts according to the database, and how people decided. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "serve/serve_file.h"
#include "serve/serve_pages.h"

#define MOST_SCORE 1048576

static void put_facts(void *context, const char *const *cells) {
    serve_page *page = context;
    text_printf(page->out, "<dl><dt>%s</dt><dd>", page_say(page, "数据库所用预案", "The plan of the database"));
    page_text(page, cells[0]);
    text_printf(page->out, "</dd><dt>%s</dt><dd>", page_say(page, "版本", "Version"));
    page_text(page, cells[1]);
    text_printf(page->out, "</dd><dt>%s</dt><dd>%s</dd><dt>%s</dt><dd>%s</dd></dl>\n",
                page_say(page, "已分级（篇）", "Documents graded"), cells[4], page_say(page, "事件", "Incidents"),
                cells[3]);
}

static void put_graded(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<tr><th scope=\"row\">");
    page_text(page, strcmp(cells[0], "none") ? cells[1] : page_say(page, "不属于", "none"));
    text_printf(page->out, "</th><td class=\"n\">%s</td></tr>", cells[2]);
}

/* How many of the decided incidents were right: no false alarm, and the same tier. */
static void put_decided(void *context, const char *const *cells) {
    serve_page *page = context;
    const int64_t decided = page_number(cells[2]), wrong = page_number(cells[3]), moved = page_number(cells[4]);
    text_puts(page->out, "<tr><th scope=\"row\">");
    page_text(page, cells[1]);
    text_printf(
        page->out,
        "</th><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%s</td><td class=\"n\">%.0f%%</td></tr>",
        cells[2], cells[3], cells[4],
        decided ? 100.0 * (double)(decided - wrong - moved < 0 ? 0 : decided - wrong - moved) / (double)decided : 0);
}

static void put_accuracy(serve_page *page) {
    tocsin_buffer *out = page->out;
    text_printf(out, "<section><h2>%s</h2><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>",
                page_say(page, "人工核定的准确情况", "Accuracy, by what people decided"));
    static const char *const heads[][2] = {
        {"级别", "Tier"}, {"已核定", "Decided"}, {"误报", "False alarms"}, {"改级别", "Corrected"}, {"判对", "Right"}};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_printf(out, "<th scope=\"col\"%s>%s</th>", i ? " class=\"n\"" : "", heads[i][page->language]);
    }
    text_puts(out, "</tr></thead><tbody>");
    const size_t before = out->length;
    page_rows(page, PAGE_DECISIONS, &(page_ask){0}, put_decided, page);
    if (out->length == before) {
        text_printf(out, "<tr><td colspan=\"5\">%s</td></tr>",
                    page_say(page, "还没有人工核定。", "Nobody has decided anything yet."));
    }
    text_puts(out, "</tbody></table></div></section>\n");
}

/* A proportion with its interval, as 0.92 (0.81–0.97). */
static void put_share(serve_page *page, const char *const *cells) {
    text_puts(page->out, "<td class=\"n\">");
    if (*cells[0]) {
        text_printf(page->out, "%.2f (%.2f–%.2f)", strtod(cells[0], NULL), strtod(cells[1], NULL),
                    strtod(cells[2], NULL));
    } else {
        text_puts(page->out, "—");
    }
    text_puts(page->out, "</td>");
}

static void put_scored(void *context, const char *const *cells) {
    serve_page *page = context;
    text_puts(page->out, "<tr><th scope=\"row\">");
    page_text(page, cells[1]);
    if (cells[0][0] == '1') text_puts(page->out, page_say(page, "及以上", " or higher"));
    text_puts(page->out, "</th>");
    put_share(page, cells + 5);
    put_share(page, cells + 8);
    text_printf(page->out, "<td class=\"n\">%s</td><td class=\"n\">%s</td></tr>", cells[3], cells[4]);
}

/* Shows the results of tocsin score --json on labelled documents, from the server's file. */
static void put_score(serve_page *page) {
    static const char *const heads[][2] = {
        {"级别", "Tier"}, {"查准率", "Precision"}, {"查全率", "Recall"}, {"判对", "Right"}, {"应判", "Wanted"}};
    tocsin_buffer *out = page->out;
    char *score = page->app->score ? serve_read_file(page->app->score, MOST_SCORE) : NULL;
    if (!page->app->score) return;
    text_printf(out, "<section><h2>%s</h2><div class=\"scroll\" tabindex=\"0\"><table><thead><tr>",
                page_say(page, "用标注文档测得的准确情况", "Accuracy, measured on labelled documents"));
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        text_printf(out, "<th scope=\"col\"%s>%s</th>", i ? " class=\"n\"" : "", heads[i][page->language]);
    }
    text_puts(out, "</tr></thead><tbody>");
    const size_t before = out->length;
    if (score) page_rows(page, PAGE_SCORE, &(page_ask){.text = score}, put_scored, page);
    if (out->length == before) {
        text_printf(out, "<tr><td colspan=\"5\">%s</td></tr>",
                    page_say(page, "文件读不出来，或不是 tocsin score --json 的结果。",
                             "The file cannot be read, or is not what tocsin score --json writes."));
    }
    text_puts(out, "</tbody></table></div></section>\n");
    tool_free(score);
}

static const char *name_of(const serve_page *page, const tocsin_plan_item *item) {
    return page_say(page, item->name, item->name_en);
}

static void put_clauses(serve_page *page, const tocsin_plan_info *info, uint32_t tier) {
    tocsin_buffer *out = page->out;
    text_puts(out, "<ul class=\"plain\">");
    for (size_t i = 0; i < info->clause_count; i++) {
        const tocsin_plan_item *c = tocsin_plan_clause(info->plan, i);
        if (c->tier != tier) continue;
        text_puts(out, "<li><b>");
        html_append(out, c->id);
        text_puts(out, "</b> ");
        page_text(page, name_of(page, c));
        text_puts(out, "<br><code>");
        html_append(out, c->when ? c->when : "");
        text_puts(out, "</code></li>");
    }
    text_puts(out, "</ul>");
}

static void put_items(serve_page *page, const char *title, size_t count,
                      const tocsin_plan_item *(*get)(const tocsin_plan *, size_t), const tocsin_plan *plan) {
    tocsin_buffer *out = page->out;
    if (!count) return;
    text_printf(out, "<section><details><summary>%s (%zu)</summary><ul class=\"plain\">", title, count);
    for (size_t i = 0; i < count; i++) {
        const tocsin_plan_item *item = get(plan, i);
        text_puts(out, "<li><b>");
        page_text(page, name_of(page, item));
        text_puts(out, "</b> ");
        if (item->when) {
            text_puts(out, "<br><code>");
            html_append(out, item->when);
            text_puts(out, "</code>");
        } else {
            text_printf(out, page_say(page, "词 %" PRIu32, "%" PRIu32 " terms"), item->tier);
        }
        text_puts(out, "</li>");
    }
    text_puts(out, "</ul></details></section>\n");
}

static char *text_of(tocsin_bytes bytes) {
    char *text = tool_allocate(bytes.length + 1, 1);
    if (bytes.length) memcpy(text, bytes.data, bytes.length);
    return text;
}

static void put_examples(serve_page *page, const tocsin_plan *plan) {
    tocsin_buffer *out = page->out;
    const size_t count = tocsin_plan_example_count(plan);
    size_t failed = 0;
    tocsin_example e;
    const tocsin_status status = count ? tocsin_plan_check_examples(plan, NULL, &failed, NULL) : TOCSIN_OK;
    text_printf(out, "<section><h2>%s</h2><p>", page_say(page, "示例", "Examples"));
    if (status != TOCSIN_OK && status != TOCSIN_ERROR_PLAN) {
        text_puts(out, tocsin_status_string(status));
    } else {
        text_printf(out, page_say(page, "共 %zu 条，%zu 条与预期一致。", "%zu, of which %zu come out as they should."),
                    count, count - failed);
    }
    text_printf(out, "</p><details><summary>%s</summary><ul class=\"plain\">", page_say(page, "列出", "List them"));
    for (size_t i = 0; tocsin_plan_get_example(plan, i, &e); i++) {
        char *text = text_of(e.text.length ? e.text : e.title);
        size_t at;
        text_puts(out, "<li>");
        page_tier(page,
                  tocsin_plan_find(plan, TOCSIN_PART_TIER, e.tier.data, e.tier.length, &at)
                      ? name_of(page, tocsin_plan_tier(plan, at))
                      : page_say(page, "不属于", "none"),
                  0);
        text_puts(out, " ");
        page_text(page, text);
        text_puts(out, "</li>");
        tool_free(text);
    }
    text_puts(out, "</ul></details></section>\n");
}

static void put_plan(serve_page *page, const tocsin_plan *plan) {
    tocsin_buffer *out = page->out;
    const tocsin_plan_info *info = tocsin_plan_get_info(plan);
    text_puts(out, "<section><h2>");
    page_text(page, page_say(page, info->name, info->name_en));
    text_printf(out, "</h2><dl><dt>%s</dt><dd>", page_say(page, "版本", "Version"));
    page_text(page, info->version);
    text_printf(out, "</dd><dt>%s</dt><dd><code>%016" PRIx64 "</code></dd><dt>%s</dt><dd>%zu</dd></dl>\n",
                page_say(page, "内容标识", "Content"), info->content, page_say(page, "词条", "Terms"),
                info->term_count);
    for (size_t t = info->tier_count; t-- > 0;) {
        text_puts(out, "<h3>");
        page_tier(page, name_of(page, tocsin_plan_tier(plan, t)), t + 1 == info->tier_count);
        text_puts(out, "</h3>");
        put_clauses(page, info, (uint32_t)t);
    }
    text_puts(out, "</section>\n");
    put_items(page, page_say(page, "报告对象", "Routes"), info->route_count, tocsin_plan_route, plan);
    put_items(page, page_say(page, "定义", "Defines"), info->define_count, tocsin_plan_define, plan);
    put_items(page, page_say(page, "主题词表", "Topics"), info->topic_count, tocsin_plan_topic, plan);
    put_examples(page, plan);
}

void serve_plan(serve_page *page) {
    tocsin_buffer *out = page->out;
    page_begin(page, page_say(page, "预案", "Plan"), PLACE_PLAN, "plan");
    text_printf(out, "<h1>%s</h1>\n", page_say(page, "预案", "Plan"));
    page_rows(page, PAGE_FACTS, &(page_ask){0}, put_facts, page);
    put_accuracy(page);
    put_score(page);
    text_printf(out, "<section><details><summary>%s</summary><table>",
                page_say(page, "各级别篇数", "Documents by tier"));
    page_rows(page, PAGE_GRADED, &(page_ask){0}, put_graded, page);
    text_puts(out, "</table></details></section>\n");
    if (page->app->plan) {
        const tocsin_plan *plan = tocsin_slot_acquire(page->app->plan, NULL);
        put_plan(page, plan);
        tocsin_plan_release(plan);
    } else {
        text_printf(out, "<p class=\"none\">%s</p>",
                    page_say(page, "启动时没有给出预案（-p），所以没有条款和示例。",
                             "The server was started without a plan (-p), so there are no clauses and examples."));
    }
    page_end(page);
}
