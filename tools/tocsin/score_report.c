/* The output of score: tables with Wilson intervals, JSON, and single documents with marked evidence. */
#include "tocsin/score_report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "learn/learn_stats.h"
#include "program/message.h"

static const char *tier_name(const tocsin_plan_info *info, int32_t tier) {
    return tier < 0 ? "none" : tocsin_plan_tier(info->plan, (size_t)tier)->id;
}

/* ---- tables ---- */

static void put_share(tocsin_buffer *out, uint64_t part, uint64_t whole) {
    double low, high;
    stats_wilson(part, whole, &low, &high);
    if (whole) {
        text_printf(out, "  %5.1f %% (%3.0f–%3.0f)", 100 * stats_share(part, whole), 100 * low, 100 * high);
    } else {
        text_puts(out, "        –         ");
    }
}

static void put_row(tocsin_buffer *out, const char *name, const score_pair *pair) {
    text_printf(out, "  %-22s%7" PRIu64 "%7" PRIu64 "%7" PRIu64, name, pair->found, pair->right, pair->wanted);
    put_share(out, pair->right, pair->found);
    put_share(out, pair->right, pair->wanted);
    text_puts(out, "\n");
}

static void put_confusion(tocsin_buffer *out, const tocsin_plan_info *info, const score_set *set) {
    const int32_t tiers = (int32_t)info->tier_count;
    text_puts(out, message("  label (rows) and verdict (columns)\n              "));
    for (int32_t t = -1; t < tiers; t++) text_printf(out, "  %10s", tier_name(info, t));
    text_puts(out, "\n");
    for (int32_t from = -1; from < tiers; from++) {
        text_printf(out, "  %12s", tier_name(info, from));
        for (int32_t to = -1; to < tiers; to++) {
            text_printf(out, "  %10" PRIu64,
                        set->confusion[(size_t)(from + 1) * (size_t)(tiers + 1) + (size_t)(to + 1)]);
        }
        text_puts(out, "\n");
    }
}

static void put_set(tocsin_buffer *out, const tocsin_plan_info *info, const score_set *set) {
    char name[64];
    put_confusion(out, info, set);
    text_puts(out, message("                          found  right wanted  precision (95 %)    recall (95 %)\n"));
    for (size_t t = 0; t < info->tier_count; t++) {
        snprintf(name, sizeof name, "tier >= %s", tocsin_plan_tier(info->plan, t)->id);
        put_row(out, name, &set->at_least[t]);
        if (t + 1 == info->tier_count) break;
        snprintf(name, sizeof name, "tier == %s", tocsin_plan_tier(info->plan, t)->id);
        put_row(out, name, &set->exact[t]);
    }
    for (size_t c = 0; c < info->clause_count; c++) {
        if (set->clauses[c].found || set->clauses[c].wanted)
            put_row(out, tocsin_plan_clause(info->plan, c)->id, &set->clauses[c]);
    }
}

static void put_venues(tocsin_buffer *out, const score_set *set) {
    text_puts(out, message("\nany tier by venue, clear labels\n"));
    for (int v = 0; v < TOCSIN_VENUE_COUNT; v++) {
        if (set->venue_documents[v]) put_row(out, tocsin_venue_name((tocsin_venue)v), &set->venues[v]);
    }
}

static void put_compared(tocsin_buffer *out, const score_compared *compared) {
    const char *const names[SCORE_SETS] = {message("all labels"), message("clear labels")};
    text_puts(out, message("\nagainst the other plan\n"));
    for (int s = 0; s < SCORE_SETS; s++) {
        text_printf(out, message("  %s: %" PRIu64 " corrected, %" PRIu64 " broken; McNemar p = %.3g\n"), names[s],
                    compared->corrected[s], compared->broken[s],
                    stats_mcnemar(compared->corrected[s], compared->broken[s]));
    }
}

void score_report_text(const score_counts *counts, const score_compared *compared, tocsin_buffer *out) {
    const score_set *all = &counts->sets[SCORE_ALL], *clear = &counts->sets[SCORE_CLEAR];
    text_printf(out, message("%" PRIu64 " labelled documents, %" PRIu64 " of them open\n"), all->documents,
                all->documents - clear->documents);
    text_printf(out, message("\nclear labels: %" PRIu64 " of %" PRIu64 " tiers are right\n"), clear->same,
                clear->documents);
    put_set(out, counts->info, clear);
    text_printf(out,
                message("\nall labels: %" PRIu64 " of %" PRIu64 " tiers are the label's, %" PRIu64 " are accepted\n"),
                all->same, all->documents, all->accepted);
    put_set(out, counts->info, all);
    put_venues(out, clear);
    if (compared) put_compared(out, compared);
}

/* ---- JSON ---- */

static void put_pair(tocsin_buffer *out, const char *key, const char *name, const score_pair *pair) {
    double low, high;
    text_printf(out, "{\"%s\":", key);
    utf8_append_json(out, name, strlen(name));
    text_printf(out, ",\"found\":%" PRIu64 ",\"right\":%" PRIu64 ",\"wanted\":%" PRIu64, pair->found, pair->right,
                pair->wanted);
    stats_wilson(pair->right, pair->found, &low, &high);
    text_printf(out, ",\"precision\":[%.4f,%.4f,%.4f]", stats_share(pair->right, pair->found), low, high);
    stats_wilson(pair->right, pair->wanted, &low, &high);
    text_printf(out, ",\"recall\":[%.4f,%.4f,%.4f]}", stats_share(pair->right, pair->wanted), low, high);
}

static void put_confusion_json(tocsin_buffer *out, const tocsin_plan_info *info, const score_set *set) {
    const int32_t tiers = (int32_t)info->tier_count;
    const char *separator = "";
    text_puts(out, ",\"confusion\":[");
    for (int32_t from = -1; from < tiers; from++) {
        for (int32_t to = -1; to < tiers; to++) {
            const uint64_t n = set->confusion[(size_t)(from + 1) * (size_t)(tiers + 1) + (size_t)(to + 1)];
            if (!n) continue;
            text_printf(out, "%s{\"label\":", separator);
            utf8_append_json(out, tier_name(info, from), strlen(tier_name(info, from)));
            text_puts(out, ",\"verdict\":");
            utf8_append_json(out, tier_name(info, to), strlen(tier_name(info, to)));
            text_printf(out, ",\"documents\":%" PRIu64 "}", n);
            separator = ",";
        }
    }
    text_puts(out, "]");
}

static void put_set_json(tocsin_buffer *out, const char *name, const tocsin_plan_info *info, const score_set *set) {
    const char *separator = "";
    text_printf(out, "\"%s\":{\"documents\":%" PRIu64 ",\"same\":%" PRIu64 ",\"accepted\":%" PRIu64, name,
                set->documents, set->same, set->accepted);
    put_confusion_json(out, info, set);
    text_puts(out, ",\"tiers\":[");
    for (size_t t = 0; t < info->tier_count; t++) {
        text_puts(out, t ? "," : "");
        put_pair(out, "at_least", tocsin_plan_tier(info->plan, t)->id, &set->at_least[t]);
        text_puts(out, ",");
        put_pair(out, "tier", tocsin_plan_tier(info->plan, t)->id, &set->exact[t]);
    }
    text_puts(out, "],\"clauses\":[");
    for (size_t c = 0; c < info->clause_count; c++) {
        if (!set->clauses[c].found && !set->clauses[c].wanted) continue;
        text_puts(out, separator);
        put_pair(out, "clause", tocsin_plan_clause(info->plan, c)->id, &set->clauses[c]);
        separator = ",";
    }
    text_puts(out, "],\"venues\":[");
    separator = "";
    for (int v = 0; v < TOCSIN_VENUE_COUNT; v++) {
        if (!set->venue_documents[v]) continue;
        text_puts(out, separator);
        put_pair(out, "venue", tocsin_venue_name((tocsin_venue)v), &set->venues[v]);
        separator = ",";
    }
    text_puts(out, "]}");
}

void score_report_json(const score_counts *counts, const score_compared *compared, tocsin_buffer *out) {
    put_set_json(out, "clear", counts->info, &counts->sets[SCORE_CLEAR]);
    text_puts(out, ",");
    put_set_json(out, "all", counts->info, &counts->sets[SCORE_ALL]);
    if (!compared) return;
    text_puts(out, ",\"compared\":{");
    for (int s = 0; s < SCORE_SETS; s++) {
        text_printf(out, "%s\"%s\":{\"mended\":%" PRIu64 ",\"broken\":%" PRIu64 ",\"p\":%.6g}", s ? "," : "",
                    s == SCORE_CLEAR ? "clear" : "all", compared->corrected[s], compared->broken[s],
                    stats_mcnemar(compared->corrected[s], compared->broken[s]));
    }
    text_puts(out, "}");
}

/* ---- single documents ---- */

typedef struct span {
    size_t start, end;
} span;

static int compare_spans(const void *left, const void *right) {
    const span *a = left, *b = right;
    return a->start != b->start ? (a->start > b->start) - (a->start < b->start) : (a->end > b->end) - (a->end < b->end);
}

static void put_marked(tocsin_buffer *out, const tocsin_verdict *verdict, tocsin_field field, tocsin_bytes text) {
    span *spans = tool_allocate(verdict->evidence_count + 1, sizeof *spans);
    size_t count = 0, at = 0;
    if (!text.length) {
        tool_free(spans);
        return;
    }
    for (size_t i = 0; i < verdict->evidence_count; i++) {
        if (tocsin_verdict_evidence(verdict, i)->field != field) continue;
        spans[count++] = (span){tocsin_verdict_evidence(verdict, i)->start, tocsin_verdict_evidence(verdict, i)->end};
    }
    qsort(spans, count, sizeof *spans, compare_spans);
    text_puts(out, "    ");
    for (size_t i = 0; i < count; i++) {
        if (spans[i].end <= at) continue;
        const size_t start = spans[i].start > at ? spans[i].start : at;
        utf8_append_visible(out, text.data + at, start - at, 0);
        text_puts(out, "【");
        utf8_append_visible(out, text.data + start, spans[i].end - start, 0);
        text_puts(out, "】");
        at = spans[i].end;
    }
    utf8_append_visible(out, text.data + at, text.length - at, 0);
    text_puts(out, "\n");
    tool_free(spans);
}

static void put_clauses(tocsin_buffer *out, const tocsin_plan_info *info, const uint64_t *clauses) {
    for (size_t c = 0; clauses && c < info->clause_count; c++) {
        if (clauses[c / 64] >> c % 64 & 1) text_printf(out, " %s", tocsin_plan_clause(info->plan, c)->id);
    }
}

void score_report_document(const tocsin_plan_info *info, const labelled_document *label, const tocsin_verdict *verdict,
                           const double *learned, tocsin_buffer *out) {
    utf8_append_visible(out, verdict->id.data, verdict->id.length, 0);
    text_printf(out, message(": label %s"), tier_name(info, label->tier));
    put_clauses(out, info, label->clauses);
    if (labelled_is_open(label)) text_puts(out, message(" (open)"));
    text_printf(out, message("; verdict %s"), verdict->tier_id);
    for (size_t i = 0; i < verdict->clause_count; i++) text_printf(out, " %s", tocsin_verdict_clause(verdict, i)->id);
    for (size_t i = 0; i < info->learned_count; i++)
        text_printf(out, "; %s %.2f", tocsin_plan_learned(info->plan, i)->id, learned[i]);
    text_puts(out, "\n");
    put_marked(out, verdict, TOCSIN_FIELD_TITLE, label->document.title);
    put_marked(out, verdict, TOCSIN_FIELD_TEXT, label->document.text);
}

void score_report_document_json(const tocsin_plan_info *info, const labelled_document *label,
                                const tocsin_verdict *verdict, const double *learned, tocsin_buffer *out) {
    text_puts(out, "{\"id\":");
    utf8_append_json(out, verdict->id.data, verdict->id.length);
    text_puts(out, ",\"label\":");
    utf8_append_json(out, tier_name(info, label->tier), strlen(tier_name(info, label->tier)));
    text_printf(out, ",\"open\":%s,\"accepted\":%s,\"verdict\":", labelled_is_open(label) ? "true" : "false",
                score_is_right(label, verdict) ? "true" : "false");
    utf8_append_json(out, verdict->tier_id, strlen(verdict->tier_id));
    text_puts(out, ",\"clauses\":[");
    for (size_t i = 0; i < verdict->clause_count; i++) {
        text_puts(out, i ? "," : "");
        utf8_append_json(out, tocsin_verdict_clause(verdict, i)->id, strlen(tocsin_verdict_clause(verdict, i)->id));
    }
    text_puts(out, "],\"learned\":{");
    for (size_t i = 0; i < info->learned_count; i++) {
        text_puts(out, i ? "," : "");
        utf8_append_json(out, tocsin_plan_learned(info->plan, i)->id, strlen(tocsin_plan_learned(info->plan, i)->id));
        text_printf(out, ":%.6f", learned[i]);
    }
    text_puts(out, "}}");
}
