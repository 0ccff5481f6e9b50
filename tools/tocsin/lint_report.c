/*
 * The text is for the author of a plan: every error and warning, notes by kind, the advice for each kind once, and the
 * interesting parts of a sample. JSON contains everything.
 */
#include "tocsin/lint_report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/message.h"
#include "tocsin/lint_lists.h"

#define NOTES_SHOWN 3   /* of a code */
#define TERMS_SHOWN 15  /* of a sample, for each kind */
#define LEAST_SHARE 1.0 /* per cent of a term's hits that make a longer word worth mentioning */
#define CODES_MOST 256

static const tocsin_diagnostic *finding_at(const lint_report *r, size_t index) {
    const size_t count = tocsin_diagnostics_count(r->list);
    if (index < count) return tocsin_diagnostics_at(r->list, index);
    return index - count < r->folder.count ? &r->folder.list[index - count] : NULL;
}

static size_t count_severity(const lint_report *r, tocsin_severity severity) {
    return tocsin_diagnostics_count_severity(r->list, severity) +
           (severity == TOCSIN_SEVERITY_WARNING ? r->folder.count : 0);
}

/* A number and its unit: one format for one, another for more. */
static void append_count(tocsin_buffer *out, size_t count, const char *one, const char *many) {
    text_printf(out, message_plural(one, many, count), count);
}

/* Codes and how often each occurred. */
typedef struct code_count {
    const char *code;
    size_t count, hidden;
} code_count;

static code_count *count_code(code_count *codes, size_t *used, const char *code) {
    size_t i = 0;
    while (i < *used && strcmp(codes[i].code, code) != 0) i++;
    if (i == *used && *used < CODES_MOST) codes[(*used)++] = (code_count){code, 0, 0};
    if (i == CODES_MOST) i--;
    codes[i].count++;
    return &codes[i];
}

static int by_number(const void *a, const void *b) {
    return strcmp(tocsin_diagnostic_number(((const code_count *)a)->code),
                  tocsin_diagnostic_number(((const code_count *)b)->code));
}

static void append_finding(tocsin_buffer *out, tocsin_buffer *line, const tocsin_diagnostic *d) {
    line->length = 0;
    message_append_diagnostic(line, d);
    utf8_append_visible(out, line->data, line->length, 0);
    text_puts(out, "\n");
}

static void append_findings(tocsin_buffer *out, const lint_report *r) {
    code_count codes[CODES_MOST];
    size_t used = 0;
    tocsin_buffer line;
    const tocsin_diagnostic *d;
    tocsin_buffer_init(&line, NULL);
    for (size_t i = 0; (d = finding_at(r, i)); i++) {
        code_count *code = count_code(codes, &used, d->code);
        if (d->severity == TOCSIN_SEVERITY_NOTE && !r->all_notes && code->count > NOTES_SHOWN) {
            code->hidden++;
        } else {
            append_finding(out, &line, d);
        }
    }
    tocsin_buffer_release(&line);
    if (tocsin_diagnostics_dropped(r->list))
        text_printf(out, message("and %zu more\n"), tocsin_diagnostics_dropped(r->list));
    qsort(codes, used, sizeof *codes, by_number);
    for (size_t i = 0; i < used; i++) {
        text_printf(out, "%s %s", tocsin_diagnostic_number(codes[i].code), codes[i].code);
        if (codes[i].hidden) text_printf(out, message(" (and %zu more, --notes prints them)"), codes[i].hidden);
        text_printf(out, ": %s\n", message(tocsin_diagnostic_advice(codes[i].code)));
    }
}

static double share(uint64_t part, uint64_t whole) { return whole ? 100.0 * (double)part / (double)whole : 0; }

/* Terms by their effect, the largest first; the order is always the same. */
typedef struct ranked {
    uint64_t first, second;
    uint32_t term;
} ranked;

static int by_rank(const void *a, const void *b) {
    const ranked *x = a, *y = b;
    if (x->first != y->first) return x->first < y->first ? 1 : -1;
    if (x->second != y->second) return x->second < y->second ? 1 : -1;
    return (x->term > y->term) - (x->term < y->term);
}

enum {
    BY_DOCUMENTS,
    BY_ALONE, /* documents that have a tier through this term alone */
    BY_ABOUT  /* documents that are about the plan's subject partly through it */
};

/* Terms without documents are left out. */
static ranked *rank(const lint_sample *s, int by, size_t *count) {
    ranked *list = tool_allocate(s->term_count + 1, sizeof *list);
    *count = 0;
    for (uint32_t i = 0; i < s->term_count; i++) {
        const sample_term *t = &s->terms[i];
        const ranked made = {by == BY_ALONE   ? t->alone
                             : by == BY_ABOUT ? t->about
                                              : t->documents,
                             by == BY_ALONE ? t->documents : t->alone, i};
        if (made.first) list[(*count)++] = made;
    }
    qsort(list, *count, sizeof *list, by_rank);
    return list;
}

static void append_term(tocsin_buffer *out, const lint_sample *s, uint64_t documents, uint32_t number) {
    tocsin_term term = {0};
    (void)tocsin_plan_get_term(s->plan, number, &term);
    text_printf(out, "%12" PRIu64 "  %6.3f %%  ", documents, share(documents, s->documents));
    utf8_append_visible(out, term.text.data, term.text.length, 0);
    text_printf(out, message(" of %s, %s:%" PRIu32 "\n"), tocsin_plan_topic(s->info->plan, term.topic)->id, term.file,
                term.line);
}

static void append_words(tocsin_buffer *out, const sample_term *term) {
    neighbour words[NEIGHBOURS_SHOWN];
    size_t count = neighbours_most(term->words, words);
    while (count && share(words[count - 1].count, term->hits) < LEAST_SHARE) count--;
    if (!count) return;
    text_puts(out, message("                         in "));
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "%s%s %.0f %%", i ? ", " : "", words[i].text, share(words[i].count, term->hits));
    }
    text_puts(out, "\n");
}

/* Reports how many documents pass `about`. */
static void append_about(tocsin_buffer *out, const lint_sample *s) {
    if (!s->info->about) return;
    text_printf(out, message("%12" PRIu64 "  %6.3f %%  about the plan's subject\n"), s->about,
                share(s->about, s->documents));
    if (!s->documents || s->about < s->documents) return;
    text_printf(out, message("warning: all documents of the sample pass (%.0f %%): `about` keeps none out\n"),
                share(s->about, s->documents));
}

/* Lists the words by which they pass. */
static void append_about_words(tocsin_buffer *out, const lint_sample *s) {
    size_t count;
    if (!s->info->about) return;
    ranked *list = rank(s, BY_ABOUT, &count);
    text_puts(out, message("\nwords of `about` in documents that pass\n"));
    for (size_t i = 0; i < count && i < TERMS_SHOWN; i++) append_term(out, s, list[i].first, list[i].term);
    tool_free(list);
}

static void append_sample(tocsin_buffer *out, const lint_sample *s) {
    size_t count, never = 0;
    text_printf(out, message("\nin %" PRIu64 " documents\n"), s->documents);
    append_about(out, s);
    for (size_t t = s->info->tier_count; t-- > 0;) {
        text_printf(out, message("%12" PRIu64 "  %6.3f %%  tier %s\n"), s->tiers[t], share(s->tiers[t], s->documents),
                    tocsin_plan_tier(s->info->plan, t)->id);
    }
    for (size_t i = 0; i < s->info->clause_count; i++) {
        text_printf(out, message("%12" PRIu64 "  %6.3f %%  clause %s\n"), s->clauses[i],
                    share(s->clauses[i], s->documents), tocsin_plan_clause(s->info->plan, i)->id);
    }
    append_about_words(out, s);
    text_puts(out, message("\nwords of most documents, and the longer words they stand in\n"));
    ranked *list = rank(s, BY_DOCUMENTS, &count);
    for (size_t i = 0; i < count && i < TERMS_SHOWN; i++) {
        append_term(out, s, list[i].first, list[i].term);
        append_words(out, &s->terms[list[i].term]);
    }
    never = s->term_count - count;
    tool_free(list);
    list = rank(s, BY_ALONE, &count);
    text_puts(out, message("\nwords that alone decide most tiers\n"));
    for (size_t i = 0; i < count && i < TERMS_SHOWN; i++) append_term(out, s, list[i].first, list[i].term);
    tool_free(list);
    text_printf(out, message("\n%zu of %zu terms count in none of them (--json lists them)\n"), never, s->term_count);
}

void lint_report_text(tocsin_buffer *out, const lint_report *r) {
    append_findings(out, r);
    if (r->info) {
        append_count(out, r->info->term_count, "%zu term in ", "%zu terms in ");
        append_count(out, r->info->topic_count, "%zu topic, ", "%zu topics, ");
        append_count(out, r->info->clause_count, "%zu clause in ", "%zu clauses in ");
        append_count(out, r->info->tier_count, "%zu tier, ", "%zu tiers, ");
        append_count(out, r->info->route_count, "%zu route, ", "%zu routes, ");
        append_count(out, r->info->venue_count, "%zu venue pattern; ", "%zu venue patterns; ");
    }
    append_count(out, count_severity(r, TOCSIN_SEVERITY_ERROR), "%zu error, ", "%zu errors, ");
    append_count(out, count_severity(r, TOCSIN_SEVERITY_WARNING), "%zu warning", "%zu warnings");
    if (count_severity(r, TOCSIN_SEVERITY_NOTE)) {
        append_count(out, count_severity(r, TOCSIN_SEVERITY_NOTE), ", %zu note", ", %zu notes");
    }
    text_puts(out, "\n");
    if (r->info && r->all_notes) lint_lists_text(out, r->info->plan);
    if (r->sample) append_sample(out, r->sample);
}

static void append_string(tocsin_buffer *out, const char *before, const char *text, size_t length) {
    text_puts(out, before);
    utf8_append_json(out, text, length);
}

static void append_json_term(tocsin_buffer *out, const lint_sample *s, uint32_t number) {
    const sample_term *t = &s->terms[number];
    neighbour words[NEIGHBOURS_SHOWN];
    const size_t count = neighbours_most(t->words, words);
    tocsin_term term = {0};
    (void)tocsin_plan_get_term(s->plan, number, &term);
    append_string(out, "{\"term\":", term.text.data, term.text.length);
    append_string(out, ",\"topic\":", tocsin_plan_topic(s->info->plan, term.topic)->id,
                  strlen(tocsin_plan_topic(s->info->plan, term.topic)->id));
    append_string(out, ",\"file\":", term.file, strlen(term.file));
    text_printf(out, ",\"line\":%" PRIu32 ",\"documents\":%" PRIu64 ",\"hits\":%" PRIu64 ",\"alone\":%" PRIu64,
                term.line, t->documents, t->hits, t->alone);
    if (s->info->about) text_printf(out, ",\"about\":%" PRIu64, t->about);
    text_puts(out, ",\"neighbours\":[");
    for (size_t i = 0; i < count; i++) {
        append_string(out, i ? ",{\"text\":" : "{\"text\":", words[i].text, strlen(words[i].text));
        text_printf(out, ",\"count\":%" PRIu64 "}", words[i].count);
    }
    text_puts(out, "]}");
}

static void append_json_sample(tocsin_buffer *out, const lint_sample *s) {
    size_t count;
    text_printf(out, ",\"sample\":{\"documents\":%" PRIu64, s->documents);
    if (s->info->about) text_printf(out, ",\"about\":%" PRIu64, s->about);
    text_puts(out, ",\"tiers\":{");
    for (size_t t = 0; t <= s->info->tier_count; t++) {
        const char *id = t < s->info->tier_count ? tocsin_plan_tier(s->info->plan, t)->id : "none";
        append_string(out, t ? "," : "", id, strlen(id));
        text_printf(out, ":%" PRIu64, s->tiers[t]);
    }
    text_puts(out, "},\"clauses\":{");
    for (size_t i = 0; i < s->info->clause_count; i++) {
        append_string(out, i ? "," : "", tocsin_plan_clause(s->info->plan, i)->id,
                      strlen(tocsin_plan_clause(s->info->plan, i)->id));
        text_printf(out, ":%" PRIu64, s->clauses[i]);
    }
    text_puts(out, "},\"terms\":[");
    ranked *list = rank(s, BY_DOCUMENTS, &count);
    for (size_t i = 0; i < count; i++) {
        if (i) text_puts(out, ",");
        append_json_term(out, s, list[i].term);
    }
    tool_free(list);
    text_puts(out, "],\"never\":[");
    for (uint32_t i = 0, n = 0; i < s->term_count; i++) {
        tocsin_term term = {0};
        if (s->terms[i].documents || !tocsin_plan_get_term(s->plan, i, &term)) continue;
        append_string(out, n++ ? ",{\"term\":" : "{\"term\":", term.text.data, term.text.length);
        append_string(out, ",\"file\":", term.file, strlen(term.file));
        text_printf(out, ",\"line\":%" PRIu32 "}", term.line);
    }
    text_puts(out, "]}");
}

void lint_report_json(tocsin_buffer *out, const lint_report *r) {
    const tocsin_diagnostic *d;
    append_string(out, "{\"plan\":", r->path, strlen(r->path));
    if (r->problem) append_string(out, ",\"problem\":", r->problem, strlen(r->problem));
    text_puts(out, ",\"diagnostics\":[");
    for (size_t i = 0; (d = finding_at(r, i)); i++) {
        text_puts(out, i ? "," : "");
        if (tocsin_diagnostic_to_json(d, out) != TOCSIN_OK) break;
    }
    text_printf(out, "],\"dropped\":%zu,\"errors\":%zu,\"warnings\":%zu,\"notes\":%zu",
                tocsin_diagnostics_dropped(r->list), count_severity(r, TOCSIN_SEVERITY_ERROR),
                count_severity(r, TOCSIN_SEVERITY_WARNING), count_severity(r, TOCSIN_SEVERITY_NOTE));
    if (r->info) {
        text_printf(out, ",\"tiers\":%zu,\"clauses\":%zu,\"routes\":%zu,\"topics\":%zu,\"terms\":%zu",
                    r->info->tier_count, r->info->clause_count, r->info->route_count, r->info->topic_count,
                    r->info->term_count);
        text_printf(out, ",\"patterns\":%zu,\"regexes\":%zu,\"venues\":%zu", r->info->pattern_count,
                    r->info->regex_count, r->info->venue_count);
        lint_lists_json(out, r->info->plan);
    }
    if (r->sample) append_json_sample(out, r->sample);
    text_puts(out, "}\n");
}

void lint_report_codes(tocsin_buffer *out) {
    code_count codes[CODES_MOST];
    size_t used = 0;
    const char *code;
    for (size_t i = 0; (code = tocsin_diagnostic_code(i)) && i < CODES_MOST; i++) {
        codes[used++] = (code_count){code, 0, 0};
    }
    qsort(codes, used, sizeof *codes, by_number);
    for (size_t i = 0; i < used; i++) {
        text_printf(out, "%s  %-22s %s\n", tocsin_diagnostic_number(codes[i].code), codes[i].code,
                    message(tocsin_diagnostic_advice(codes[i].code)));
    }
}
