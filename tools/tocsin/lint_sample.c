/*
 * Grades each document and counts the hits that count. If the document has a tier, grades it again without each of its
 * words in turn: a word that alone carries many verdicts is worth a second look, and so is one that never counts.
 */
#include "tocsin/lint_sample.h"

#include <string.h>

#include "feed/tool_memory.h"
#include "program/console.h"
#include "program/message.h"
#include "tocsin/command.h"

static void count_hits(lint_sample *s, const tocsin_document *document, int about) {
    tocsin_hit hit;
    s->seen_count = 0;
    for (size_t i = 0; tocsin_scanner_get_hit(s->scanner, i, &hit); i++) {
        sample_term *term = &s->terms[hit.term];
        term->hits++;
        const tocsin_bytes text = hit.field == TOCSIN_FIELD_TITLE ? document->title : document->text;
        neighbours_add(&term->words, text, hit.start, hit.end);
        tocsin_term own = {0};
        (void)tocsin_plan_get_term(s->plan, hit.term, &own);
        lint_fold_count(&s->fold, (tocsin_bytes){text.data + hit.start, hit.end - hit.start}, own.text);
        if (term->last == s->documents) continue;
        term->last = s->documents;
        term->documents++;
        term->about += (uint64_t)(about && tocsin_plan_topic(s->info->plan, hit.topic)->in_about);
        s->seen[s->seen_count++] = hit.term;
    }
}

static int count_alone(lint_sample *s, const tocsin_document *document, int32_t tier, tocsin_error *error) {
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < s->seen_count && status == TOCSIN_OK; i++) {
        const tocsin_verdict *verdict = NULL;
        tocsin_scanner_mute(s->scanner, s->seen[i]);
        status = tocsin_classify(s->scanner, document, &verdict, error);
        if (status == TOCSIN_OK && verdict->tier < tier) s->terms[s->seen[i]].alone++;
    }
    tocsin_scanner_mute(s->scanner, TOCSIN_NO_TERM);
    return status == TOCSIN_OK;
}

static int take(void *context, const tocsin_document *document, tocsin_error *error) {
    lint_sample *s = context;
    const tocsin_verdict *verdict = NULL;
    if (tocsin_classify(s->scanner, document, &verdict, error) != TOCSIN_OK) return 0;
    s->documents++;
    s->tiers[verdict->tier == TOCSIN_TIER_NONE ? s->info->tier_count : (size_t)verdict->tier]++;
    for (size_t i = 0; i < verdict->clause_count; i++) s->clauses[tocsin_verdict_clause(verdict, i)->index]++;
    const int32_t tier = verdict->tier;
    s->about += (uint64_t)verdict->about;
    count_hits(s, document, verdict->about);
    return tier == TOCSIN_TIER_NONE || count_alone(s, document, tier, error);
}

int lint_sample_run(lint_sample *s, const tocsin_plan *plan, document_walk *walk, char **files, int count) {
    tocsin_scanner_options options = TOCSIN_SCANNER_OPTIONS_INIT;
    tocsin_error error = {0};
    options.all_topics = 1;
    memset(s, 0, sizeof *s);
    s->plan = plan;
    s->info = tocsin_plan_get_info(plan);
    s->term_count = s->info->term_count;
    s->tiers = tool_allocate(s->info->tier_count + 1, sizeof *s->tiers);
    s->clauses = tool_allocate(s->info->clause_count + 1, sizeof *s->clauses);
    s->terms = tool_allocate(s->term_count + 1, sizeof *s->terms);
    s->seen = tool_allocate(s->term_count + 1, sizeof *s->seen);
    lint_fold_start(&s->fold, &s->info->fold);
    if (tocsin_scanner_create(plan, &options, &s->scanner, &error) != TOCSIN_OK) {
        console_error("cannot start: %s", message_told(error.message));
        return EXIT_IO;
    }
    walk->take = take;
    walk->context = s;
    return walk_files(walk, files, count);
}

void lint_sample_release(lint_sample *s) {
    for (size_t i = 0; s->terms && i < s->term_count; i++) neighbours_free(s->terms[i].words);
    tocsin_scanner_free(s->scanner);
    lint_fold_release(&s->fold);
    tool_free(s->tiers);
    tool_free(s->clauses);
    tool_free(s->terms);
    tool_free(s->seen);
}
