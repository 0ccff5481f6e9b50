/* The common parts of all pages: head, style, the script that sorts; and the appendix of a report. */
#include <inttypes.h>

#include "feed/utf8_text.h"
#include "tocsin/report_curve.h"
#include "tocsin/report_render.h"

/* The styles for phone, screen and paper. A tier has one colour everywhere. */
static const char style[] =
    ":root{color-scheme:light;--r0:#a11212;--r1:#b85c00;--r2:#8a7400;--r3:#1d5f96;--r4:#555}*{box-sizing:border-box}"
    "body{font:16px/1.5 system-ui,'Noto Sans CJK SC','Microsoft YaHei',sans-serif;color:#1a1a1a;background:#fff;"
    "margin:0 auto;max-width:64rem;padding:1rem;overflow-wrap:anywhere}"
    "h1{font-size:1.5rem;margin:0}h2{font-size:1.2rem;margin:1.2rem 0 .4rem}h3{font-size:1.05rem;margin:.2rem 0}"
    "p{margin:.3rem 0}header p{color:#444;font-size:.9rem}a{color:#0b4f8a}"
    "a:focus,button:focus,summary:focus{outline:3px solid #b35900}.skip{position:absolute;left:-99rem}"
    ".skip:focus{left:1rem}table{border-collapse:collapse;width:100%;margin:.5rem 0}"
    "caption{text-align:left;font-weight:600}"
    "th,td{padding:.2rem .4rem;border-bottom:1px solid #bbb;text-align:left;vertical-align:top;font-weight:400}"
    "thead "
    "th{font-weight:600;white-space:nowrap}.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}"
    "thead button{font:inherit;font-weight:600;background:none;border:0;padding:0;color:#0b4f8a;cursor:pointer;"
    "text-decoration:underline}.tier{border-radius:.2rem;padding:0 .4rem;color:#fff;white-space:nowrap}"
    ".r0{background:var(--r0)}.r1{background:var(--r1)}.r2{background:var(--r2)}.r3{background:var(--r3)}"
    ".r4{background:var(--r4)}.key{display:inline-block;width:.8em;height:.8em;margin-right:.2em}"
    ".late{color:#a11212;font-weight:600}.figures th{white-space:nowrap;font-weight:600;width:1%}"
    ".figures .n{width:1%;font-size:1.1rem}.figures .was{white-space:nowrap;width:1%;color:#444}"
    ".card,.incident{border:1px solid #999;border-radius:.3rem;padding:.5rem .8rem;margin:.6rem 0;break-inside:avoid}"
    ".edge0{border-left:.4rem solid var(--r0)}.edge1{border-left:.4rem solid var(--r1)}"
    ".edge2{border-left:.4rem solid var(--r2)}.edge3{border-left:.4rem solid var(--r3)}"
    ".edge4{border-left:.4rem solid var(--r4)}.pair{display:grid;grid-template-columns:1fr 22rem;gap:1rem}"
    ".do{background:#f3f3f3;padding:.2rem .4rem}"
    ".columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(14rem,1fr));gap:1rem;align-items:start}"
    "figure{margin:.3rem 0;max-width:30rem}figcaption{font-size:.8rem;color:#444}svg{display:block;width:100%}"
    ".which a{white-space:nowrap}"
    "svg text{font-size:10px;fill:#333}svg .y{text-anchor:end}svg .x,svg .v{text-anchor:middle}svg .v{font-weight:600}"
    "svg .axis{stroke:#555}svg .grid{stroke:#ccc;stroke-dasharray:2 2}svg .r0{fill:var(--r0)}svg .r1{fill:var(--r1)}"
    "svg .r2{fill:var(--r2)}svg .r3{fill:var(--r3)}svg .r4{fill:var(--r4)}.rise{fill:#222;color:#222}"
    ".lines td{white-space:nowrap}.lines .n{padding-left:.8rem}.lines "
    ".about{white-space:normal;width:99%;min-width:12rem}"
    ".sheet{width:100%;max-width:46rem;margin:0 auto 2rem}.sheet h1{text-align:center;font-size:1.3rem;margin:.2rem}"
    ".sheet th{width:8.5rem;font-weight:600;border:1px solid #333}.sheet td{border:1px solid #333}"
    ".sheet table{width:99.8%}.sheet .fill1{height:1.8rem}.sheet .fill2{height:3rem}.sheet .course{font-size:.85rem}"
    "@media screen and (max-width:44rem){body{padding:.6rem}.pair{grid-template-columns:1fr;gap:0}"
    ".lines,.lines tbody{display:block}.lines thead{display:none}"
    ".lines tr{display:flex;flex-wrap:wrap;gap:0 .7rem;border-bottom:1px solid #bbb;padding:.4rem 0}"
    ".lines td,.lines .n{border:0;padding:0}.lines .about{flex-basis:100%;min-width:0}"
    ".lines td[data-l]::before{content:attr(data-l) ' ';color:#555}"
    ".figures tr{display:grid;grid-template-columns:1fr auto auto;border-bottom:1px solid #bbb}"
    ".figures th,.figures td{border:0;width:auto}.figures .which{grid-column:1/4}.figures .which:empty{display:none}"
    ".sheet table,.sheet tbody{display:block}.sheet tr{display:grid;grid-template-columns:6.5rem 1fr}"
    ".sheet th,.sheet td{width:auto;margin:0 -1px -1px 0}.sheet .fill1,.sheet .fill2{height:auto;min-height:2rem}}"
    "@media print{body{max-width:none;padding:0;font-size:9.5pt;line-height:1.3}a{color:inherit;text-decoration:none}"
    ".day{font-size:8.5pt}.day h1{font-size:14pt}.day h2{font-size:11pt;margin:.5rem 0 .2rem;break-after:avoid}"
    ".day h3{font-size:9.5pt}.card{padding:.2rem .5rem;margin:.3rem 0}.day p{margin:.1rem 0}"
    ".pair{grid-template-columns:1fr 16rem}.figures .n{font-size:9.5pt}.tier,.key,svg *,.do{"
    "print-color-adjust:exact;-webkit-print-color-adjust:exact}.lines{font-size:8pt}"
    ".lines th,.lines td{padding:.1rem .25rem;white-space:nowrap}.lines .n{padding-left:.25rem}"
    ".lines .about{max-width:0;min-width:0;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}"
    ".lines tr{break-inside:avoid}.card .list{display:inline}.card .list+.list::before{content:' · '}"
    "figcaption{font-size:7pt}.figures th,.figures td{padding:.1rem .4rem}"
    "thead button{color:inherit;text-decoration:none}"
    ".sheet{break-after:page;break-inside:avoid;max-width:none;margin:0}.sheet:last-child{break-after:auto}"
    ".sheet th,.sheet td{padding:.08rem .4rem}.sheet table{font-size:8.5pt}.sheet .course{font-size:7.5pt}"
    ".sheet .fill1{height:1.4rem}.sheet .fill2{height:2.3rem}nav,.skip{display:none}}"
    "@page{size:A4;margin:12mm}";

/* Sorts a table by the column whose heading is clicked; without scripts the table stays as it is. */
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

/* The number of documents of each tier, the highest first, none last. */
static void render_totals(tocsin_buffer *out, const report_data *data, report_language l) {
    const size_t columns = data->tiers.count + 1;
    text_printf(out, say(l, "<p>共分级 %" PRId64 " 篇：", "<p>%" PRId64 " documents graded: "), data->documents);
    for (size_t row = 0; row < columns; row++) {
        const size_t t = row < data->tiers.count ? data->tiers.count - 1 - row : row;
        int64_t sum = 0;
        for (size_t d = 0; d < data->day_count; d++) sum += data->graded[d * columns + t];
        text_puts(out, row ? say(l, "，", ", ") : "");
        html_append(out, t < data->tiers.count ? data->tiers.items[t].name : say(l, "不属于", "none"));
        text_printf(out, " %" PRId64, sum);
    }
    text_puts(out, say(l, "。</p>\n", ".</p>\n"));
}

void report_render_appendix(tocsin_buffer *out, const report_data *data, report_language l) {
    text_printf(out, "<h2>%s</h2>\n", say(l, "附录：每天的分级", "Appendix: documents by the day"));
    render_totals(out, data, l);
    curve_append_days(out, data, l);
    if (data->incident_count) {
        text_printf(out, "<h2>%s</h2>\n", say(l, "附录：事件详情", "Appendix: incidents in full"));
    }
    for (size_t i = 0; i < data->incident_count; i++) report_render_incident(out, data, &data->incidents[i], l);
}

void report_render_end(tocsin_buffer *out) { text_printf(out, "</main><script>%s</script></body></html>\n", script); }
