/*
 * Lines go in, verdicts come out. A job owns everything that it produces, so any number of workers may finish jobs in
 * any order, and they are still written in the order of the input. A document that could not be graded is treated as a
 * rejected line: it is named, and never counted as "none".
 */
#include "tocsin/classify_job.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/feed_faults.h"
#include "tocsin/verdict_sheet.h"

void classify_tally_init(classify_tally *tally, size_t tier_count) {
    *tally = (classify_tally){0};
    tally->tier_count = tier_count;
    tally->tiers = tool_allocate(tier_count + 1, sizeof *tally->tiers);
}

void classify_tally_release(classify_tally *tally) {
    tool_free(tally->tiers);
    *tally = (classify_tally){0};
}

void classify_tally_add(classify_tally *total, const classify_tally *part) {
    total->documents += part->documents;
    total->rejected += part->rejected;
    total->incomplete += part->incomplete;
    total->malformed += part->malformed;
    total->empty += part->empty;
    total->garbled += part->garbled;
    total->further += part->further;
    for (size_t i = 0; i <= total->tier_count; i++) total->tiers[i] += part->tiers[i];
}

void classify_job_init(classify_job *job, size_t tier_count) {
    *job = (classify_job){0};
    tocsin_buffer_init(&job->verdicts, NULL);
    tocsin_buffer_init(&job->reasons, NULL);
    classify_tally_init(&job->tally, tier_count);
}

void classify_job_release(classify_job *job) {
    line_batch_release(&job->batch);
    tocsin_buffer_release(&job->verdicts);
    tocsin_buffer_release(&job->reasons);
    tool_free(job->rejects);
    classify_tally_release(&job->tally);
}

static void clear(classify_job *job) {
    classify_tally *tally = &job->tally;
    job->verdicts.length = job->reasons.length = 0;
    job->reject_count = 0;
    job->stopped = 0;
    memset(job->faults, 0, sizeof job->faults);
    tally->documents = tally->rejected = tally->incomplete = tally->malformed = tally->empty = tally->garbled = 0;
    tally->further = 0;
    memset(tally->tiers, 0, (tally->tier_count + 1) * sizeof *tally->tiers);
}

/* Writes the answer for a line without a verdict among the verdicts. */
static void answer(const classify_worker *worker, classify_job *job, size_t line, const char *reason) {
    if (!worker->line_by_line) return;
    text_printf(&job->verdicts, "{\"line\":%" PRIu64 ",\"error\":", job->batch.lines[line].number);
    utf8_append_json(&job->verdicts, reason, strlen(reason));
    text_puts(&job->verdicts, "}\n");
}

static void add_reject(const classify_worker *worker, classify_job *job, size_t line, const char *reason) {
    answer(worker, job, line, reason);
    if (job->reject_count == job->reject_capacity) {
        job->reject_capacity = job->reject_capacity ? 2 * job->reject_capacity : 16;
        job->rejects = tool_reallocate(job->rejects, job->reject_capacity, sizeof *job->rejects);
    }
    job->rejects[job->reject_count++] = (job_reject){line, job->reasons.length};
    text_append(&job->reasons, reason, strlen(reason) + 1);
    job->tally.rejected++;
}

static void note_faults(classify_job *job, const document_reader *reader, uint64_t line) {
    if (!document_reader_has_faults(reader)) return;
    for (int i = 0; i < FEED_FAULT_COUNT; i++) {
        const char *what = document_reader_fault(reader, (feed_fault)i);
        if (!what) continue;
        if (!job->faults[i].count++) {
            job->faults[i].line = line;
            job->faults[i].what = job->reasons.length;
            text_append(&job->reasons, what, strlen(what) + 1);
        }
    }
}

static void add_verdict(const classify_worker *worker, classify_job *job, const tocsin_document *document,
                        const tocsin_verdict *verdict) {
    classify_tally *tally = &job->tally;
    int none = verdict->tier == TOCSIN_TIER_NONE;
    tally->documents++;
    tally->incomplete += verdict->incomplete != 0;
    tally->malformed += verdict->malformed != 0;
    tally->tiers[none ? tally->tier_count : (size_t)verdict->tier]++;
    if (none && !worker->all) return;
    if (worker->as_csv) {
        verdict_sheet_put(&job->verdicts, document, verdict);
        return;
    }
    document_reader_put_verdict(worker->reader, verdict, &job->verdicts);
    text_puts(&job->verdicts, "\n");
}

static void grade(classify_worker *worker, classify_job *job, size_t line, const tocsin_document *document) {
    const tocsin_verdict *verdict = NULL;
    tocsin_error error; /* large, and read only if there is one */
    error.message[0] = '\0';
    tocsin_status status = tocsin_classify(worker->scanner, document, &verdict, &error);
    if (status == TOCSIN_OK) {
        const size_t length = document->text.length + document->title.length;
        job->tally.empty += (uint64_t)feed_text_is_blank(document);
        job->tally.garbled += verdict->malformed && verdict->malformed >= length / 4;
        add_verdict(worker, job, document, verdict);
        return;
    }
    char reason[TOCSIN_ERROR_MESSAGE_SIZE + 32];
    const char *detail = error.message[0] ? error.message : tocsin_status_string(status);
    snprintf(reason, sizeof reason, "no verdict: %s", detail);
    add_reject(worker, job, line, reason);
}

void classify_worker_release(classify_worker *worker) {
    tocsin_scanner_free(worker->scanner);
    document_reader_free(worker->reader);
}

void classify_worker_run(classify_worker *worker, classify_job *job) {
    clear(job);
    for (size_t i = 0; i < job->batch.count && !job->stopped; i++) {
        tocsin_document document;
        document_status status = document_reader_line(worker->reader, &job->batch, &job->batch.lines[i], &document);
        for (size_t part = 0; !part || status != DOCUMENT_BLANK; part++) {
            job->tally.further += part > 0;
            switch (status) {
                case DOCUMENT_BLANK: answer(worker, job, i, "the line is blank"); break;
                case DOCUMENT_READY:
                    note_faults(job, worker->reader, job->batch.lines[i].number);
                    grade(worker, job, i, &document);
                    break;
                case DOCUMENT_REJECTED: add_reject(worker, job, i, document_reader_reason(worker->reader)); break;
            }
            status = document_reader_next(worker->reader, &document);
        }
        job->stopped = worker->stop_at_error && job->reject_count > 0;
    }
    document_reader_trim(worker->reader);
}
