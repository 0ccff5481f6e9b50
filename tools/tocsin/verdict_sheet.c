/* People sort and filter a sheet, so a column holds one kind of value, and a missing value is an empty cell. */
#include "tocsin/verdict_sheet.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "feed/sheet_cell.h"
#include "feed/tool_clock.h"
#include "feed/utf8_text.h"

void verdict_sheet_begin(tocsin_buffer *out) {
    text_puts(out, SHEET_MARK
              "id,time,venue,source,reach,tier,tier_name,clauses,routes,attention,words,title,text,incomplete\r\n");
}

void verdict_sheet_clauses(tocsin_buffer *out, const tocsin_verdict *verdict) {
    for (size_t i = 0; i < verdict->clause_count; i++)
        text_printf(out, "%s%s", i ? " " : "", tocsin_verdict_clause(verdict, i)->id);
}

void verdict_sheet_words(tocsin_buffer *out, const tocsin_verdict *verdict) {
    const size_t start = out->length;
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        const tocsin_evidence *e = tocsin_verdict_evidence(verdict, i);
        size_t before = 0;
        while (before < i && (tocsin_verdict_evidence(verdict, before)->field != e->field ||
                              tocsin_verdict_evidence(verdict, before)->start != e->start ||
                              strcmp(tocsin_verdict_evidence(verdict, before)->topic_id, e->topic_id) != 0)) {
            before++;
        }
        if (before < i) continue;
        if (out->length > start) text_puts(out, "; ");
        text_printf(out, "%s ", e->topic_id);
        text_append(out, e->text.data, e->text.length);
    }
}

static void put_bytes(tocsin_buffer *out, tocsin_bytes bytes) {
    sheet_put_cell(out, bytes.length ? bytes.data : "", bytes.length, 0);
}

/* The form of times in spreadsheets: without a zone, in that of --time-zone. */
static void put_time(tocsin_buffer *out, int64_t milliseconds) {
    char text[40] = "";
    struct tm parts;
    if (tool_local_time(milliseconds, &parts)) {
        (void)snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", parts.tm_year + 1900, parts.tm_mon + 1,
                       parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
    }
    sheet_put_text(out, text);
}

static const char *tier_name(const tocsin_verdict *verdict) {
    const tocsin_plan_item *tier =
        verdict->tier == TOCSIN_TIER_NONE ? NULL : tocsin_plan_tier(verdict->plan, (size_t)verdict->tier);
    return tier && tier->name ? tier->name : "";
}

void verdict_sheet_put(tocsin_buffer *out, const tocsin_document *document, const tocsin_verdict *verdict) {
    tocsin_buffer cell;
    char number[32] = "";
    tocsin_buffer_init(&cell, NULL);
    put_bytes(out, document->id);
    put_time(out, document->time);
    sheet_put_text(out, verdict->venue == TOCSIN_VENUE_UNKNOWN ? "" : tocsin_venue_name(verdict->venue));
    put_bytes(out, document->source);
    if (document->reach) (void)snprintf(number, sizeof number, "%" PRIu64, document->reach);
    sheet_put_text(out, number);
    sheet_put_text(out, verdict->tier_id);
    sheet_put_text(out, tier_name(verdict));
    verdict_sheet_clauses(&cell, verdict);
    put_bytes(out, (tocsin_bytes){cell.data, cell.length});
    cell.length = 0;
    for (size_t i = 0; i < verdict->route_count; i++)
        text_printf(&cell, "%s%s", i ? " " : "", tocsin_verdict_route(verdict, i));
    put_bytes(out, (tocsin_bytes){cell.data, cell.length});
    sheet_put_text(out, tocsin_attention_name(verdict->attention));
    cell.length = 0;
    verdict_sheet_words(&cell, verdict);
    put_bytes(out, (tocsin_bytes){cell.data, cell.length});
    put_bytes(out, document->title);
    put_bytes(out, document->text);
    sheet_put_cell(out, "yes", verdict->incomplete ? 3 : 0, 1);
    tocsin_buffer_release(&cell);
}
