/* The page around the incidents: what was read, how it was graded day by day, and a list to find an incident in. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "tocsin/report_render.h"

#define DAY_MS INT64_C(86400000)
#define PLOT_WIDTH 640
#define PLOT_HEIGHT 120

static const char style[] =
    ":root{color-scheme:light}*{box-sizing:border-box}body{font:16px/1.5 system-ui,'Noto Sans CJK SC','Microsoft "
    "YaHei',"
    "sans-serif;color:#1a1a1a;background:#fff;margin:0 auto;max-width:60rem;padding:1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem}h2{font-size:1.25rem;margin-top:2rem}h3{font-size:1.05rem;margin:.2rem 0}a{color:#0b4f8a}"
    "a:focus,button:focus,summary:focus{outline:3px solid "
    "#b35900}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}"
    "table{border-collapse:collapse;width:100%;margin:.5rem 0}caption{text-align:left;font-weight:600}"
    "th,td{padding:.2rem .5rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top;font-weight:400}"
    "thead th{font-weight:600}.n{text-align:right;font-variant-numeric:tabular-nums}thead "
    "button{font:inherit;font-weight:600;"
    "background:none;border:0;padding:0;color:#0b4f8a;cursor:pointer;text-decoration:underline}"
    ".scroll{overflow-x:auto}.scroll th,.scroll td{white-space:nowrap}.scroll "
    "td.about{white-space:normal;min-width:16rem}.tier{border:1px solid #555;border-radius:.2rem;padding:0 .4rem;"
    "background:#eee}.top{background:#8f1313;color:#fff;border-color:#8f1313}.incident{border:1px solid "
    "#999;border-radius:"
    ".3rem;padding:.8rem;margin:1rem 0;break-inside:avoid}.columns{display:grid;grid-template-columns:repeat(auto-fit,"
    "minmax(14rem,1fr));gap:1rem;align-items:start}figure{margin:.5rem "
    "0}figcaption{font-size:.85rem;color:#444}svg{width:100%;height:auto;"
    "max-height:10rem}svg rect{fill:#2b5f8f}svg .t0{fill:#c07a1c}svg .t1{fill:#8f1313}svg .axis{stroke:#555}"
    ".sheet{width:100%;max-width:46rem;margin:0 auto 2rem}.sheet h1{text-align:center;font-size:1.3rem;margin:.2rem}"
    ".sheet th{width:8.5rem;font-weight:600;border:1px solid #333}.sheet td{border:1px solid #333}.sheet "
    "table{width:99.8%}.sheet .fill{height:4.2rem}"
    ".sheet .course{font-size:.85rem}"
    "@media print{body{max-width:none;padding:0;font-size:10.5pt;line-height:1.3}a{color:inherit;text-decoration:none}"
    ".sheet{break-after:page;break-inside:avoid;max-width:none;margin:0}.sheet:last-child{break-after:auto}nav,.skip{"
    "display:none}}"
    "@page{size:A4;margin:14mm}";

/* Sorts a table by the column whose heading is pressed; without it the table stands as it is. */
static const char script[] =
    "document.querySelectorAll('table.sort thead th').forEach(function(th,c){var b=document.createElement('button');"
    "b.type='button';b.textContent=th.textContent;th.textContent='';th.appendChild(b);b.onclick=function(){"
    "var t=th.closest('table'),d=th.getAttribute('aria-sort')=='descending'?1:-1,r=Array.from(t.tBodies[0].rows);"
    "t.querySelectorAll('th[aria-sort]').forEach(function(o){o.removeAttribute('aria-sort')});"
    "th.setAttribute('aria-sort',d<0?'descending':'ascending');r.sort(function(x,y){var p=x.cells[c].dataset.v||"
    "x.cells[c].textContent,q=y.cells[c].dataset.v||y.cells[c].textContent;return d*((isNaN(p)||isNaN(q))?"
    "p.localeCompare(q):p-q)});r.forEach(function(o){t.tBodies[0].appendChild(o)})}});";

void report_render_head(tocsin_buffer *out, const char *title, report_language l) {
    text_printf(out,
                "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
                "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
                "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline';"
                " script-src 'unsafe-inline'; img-src data:\"><link rel=\"icon\" href=\"data:,\"><title>",
                say(l, "zh-CN", "en"));
    html_append(out, title);
    text_printf(out, "</title><style>%s</style></head>\n", style);
}

static int64_t graded(const report_data *data, size_t day, size_t tier) {
    return data->graded[day * (data->tiers.count + 1) + tier];
}

static int64_t day_start(const report_data *data, size_t day) {
    const int64_t start = (data->first_day + (int64_t)day) * DAY_MS;
    return start - utc_offset_hours(start) * INT64_C(3600000);
}

/* Documents with a tier, day by day, the highest on top. */
static void render_days(tocsin_buffer *out, const report_data *data, report_language l) {
    int64_t most = 1;
    for (size_t d = 0; d < data->day_count; d++) {
        int64_t sum = 0;
        for (size_t t = 0; t < data->tiers.count; t++) sum += graded(data, d, t);
        most = sum > most ? sum : most;
    }
    const double step = (double)PLOT_WIDTH / (double)(data->day_count ? data->day_count : 1);
    text_printf(out, "<figure><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">", PLOT_WIDTH, PLOT_HEIGHT + 4,
                say(l, "每天各等级帖数", "documents of each tier by the day"));
    for (size_t d = 0; d < data->day_count; d++) {
        double top = PLOT_HEIGHT;
        for (size_t t = 0; t < data->tiers.count; t++) {
            const double height = PLOT_HEIGHT * (double)graded(data, d, t) / (double)most;
            if (height <= 0) continue;
            top -= height;
            text_printf(out, "<rect class=\"t%d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"><title>",
                        t + 1 == data->tiers.count, step * (double)d, top, step > 40 ? 36 : step * 0.9, height);
            time_append(out, day_start(data, d));
            text_puts(out, " ");
            html_append(out, data->tiers.items[t].name);
            text_printf(out, ": %" PRId64 "</title></rect>", graded(data, d, t));
        }
    }
    text_printf(out, "<line x1=\"0\" y1=\"%d\" x2=\"%d\" y2=\"%d\" class=\"axis\"/></svg><figcaption>", PLOT_HEIGHT + 1,
                PLOT_WIDTH, PLOT_HEIGHT + 1);
    time_append(out, data->day_count ? day_start(data, 0) : TOCSIN_TIME_UNKNOWN);
    text_printf(out, say(l, " 起 %zu 天，每天最多 %" PRId64 " 帖", " and %zu days on, at most %" PRId64 " a day"),
                data->day_count, most);
    text_puts(out, "</figcaption></figure>\n");
}

static void render_totals(tocsin_buffer *out, const report_data *data, report_language l) {
    text_printf(out,
                say(l, "<p>共分级 %" PRId64 " 篇；事件 %" PRId64 " 件，本报告列出 %zu 件。",
                    "<p>%" PRId64 " documents graded; %" PRId64 " incidents, %zu of them below. "),
                data->documents, data->matching, data->incident_count);
    text_puts(out, say(l, "截至 ", "As of "));
    time_append(out, data->now);
    text_puts(out, "</p>\n<table class=\"small\"><tbody>");
    for (size_t row = 0; row <= data->tiers.count; row++) { /* the highest first, none last */
        const size_t t = row < data->tiers.count ? data->tiers.count - 1 - row : row;
        int64_t sum = 0;
        for (size_t d = 0; d < data->day_count; d++) sum += graded(data, d, t);
        text_puts(out, "<tr><th scope=\"row\">");
        html_append(out, t < data->tiers.count ? data->tiers.items[t].name : say(l, "不属于", "none"));
        text_printf(out, "</th><td class=\"n\">%" PRId64 "</td></tr>", sum);
    }
    text_puts(out, "</tbody></table>\n");
}

static void render_row(tocsin_buffer *out, const report_data *data, const report_incident *i, report_language l) {
    text_printf(out, "<tr><td><a href=\"#i%" PRId64 "\">", i->id);
    text_puts(out, i->number);
    text_printf(out, "</a></td><td data-v=\"%" PRId64 "\"><span class=\"tier%s\">", i->tier,
                (size_t)i->tier + 1 == data->tiers.count ? " top" : "");
    html_append(out, report_name_of(&data->tiers, i->tier_id));
    text_puts(out, "</span></td><td>");
    text_puts(out, i->over ? say(l, "已平息", "over") : say(l, "进行中", "going on"));
    text_puts(out, "</td><td class=\"about\">");
    html_append(out, i->about);
    text_printf(out,
                "</td><td class=\"n\">%" PRId64 "</td><td class=\"n\">%" PRId64 "</td><td data-v=\"%" PRId64
                "\">%s</td><td>",
                i->posts, i->reach, i->attention, say_attention(l, i->attention));
    time_append(out, i->last_time);
    text_puts(out, "</td></tr>\n");
}

static void render_list(tocsin_buffer *out, const report_data *data, report_language l) {
    static const char *const heads[][2] = {{"编号", "number"},      {"等级", "tier"},  {"状态", "state"},
                                           {"内容", "about"},       {"帖数", "posts"}, {"传播", "reach"},
                                           {"关注度", "attention"}, {"最近", "latest"}};
    text_puts(out, "<div class=\"scroll\" tabindex=\"0\"><table class=\"sort\"><thead><tr>");
    for (size_t h = 0; h < sizeof heads / sizeof *heads; h++)
        text_printf(out, "<th scope=\"col\">%s</th>", heads[h][l]);
    text_puts(out, "</tr></thead><tbody>\n");
    for (size_t i = 0; i < data->incident_count; i++) render_row(out, data, &data->incidents[i], l);
    text_puts(out, "</tbody></table></div>\n");
}

void report_render_page(tocsin_buffer *out, const report_data *data, report_language l) {
    const char *title = say(l, "网络舆情监测报告", "Report of incidents");
    report_render_head(out, title, l);
    text_printf(out, "<body><a class=\"skip\" href=\"#main\">%s</a><header><h1>%s</h1><p>",
                say(l, "跳到正文", "skip to content"), title);
    html_append(out, data->plan);
    text_puts(out, " ");
    html_append(out, data->plan_version);
    text_printf(out, "</p></header>\n<main id=\"main\"><h2>%s</h2>\n", say(l, "概况", "Overview"));
    render_totals(out, data, l);
    render_days(out, data, l);
    text_printf(out, "<h2>%s</h2>\n", say(l, "事件", "Incidents"));
    if (data->incident_count) {
        render_list(out, data, l);
    } else {
        text_printf(out, "<p>%s</p>\n", say(l, "没有符合条件的事件。", "There are none."));
    }
    for (size_t i = 0; i < data->incident_count; i++) report_render_incident(out, data, &data->incidents[i], l);
    text_printf(out, "</main><script>%s</script></body></html>\n", script);
}
