#ifndef TOCSIN_TOOLS_CLASSIFY_JOB_H
#define TOCSIN_TOOLS_CLASSIFY_JOB_H

/*
 * The middle of classify: a job is a batch of lines on its way in and their verdicts on the way out; a worker carries
 * out jobs. A worker belongs to one thread, a job to its present holder.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "feed/line_reader.h"
#include "program/feed_faults.h"

/* Counts that are summed over jobs. */
typedef struct classify_tally {
    uint64_t documents; /* graded */
    uint64_t rejected;  /* lines */
    uint64_t incomplete;
    uint64_t malformed; /* documents with malformed UTF-8 */
    uint64_t empty;     /* documents whose text and title are empty or blank */
    uint64_t further;   /* further documents of records */
    uint64_t garbled;   /* documents of which at least a quarter is malformed: they are in another encoding */
    feed_faults faults;
    uint64_t *tiers; /* documents of each tier, lowest first; [tier_count] counts those without a tier */
    size_t tier_count;
} classify_tally;

typedef struct job_reject {
    size_t line;   /* index into batch.lines */
    size_t reason; /* offset into reasons, NUL-terminated */
} job_reject;

/* Faults of one kind: their number, and the first one. */
typedef struct job_fault {
    uint64_t count, line;
    size_t what; /* offset into reasons, NUL-terminated */
} job_fault;

typedef struct classify_job {
    line_batch batch;
    const char *file;       /* the file of the lines */
    int stopped;            /* at the first rejected line, if the worker was asked to */
    tocsin_buffer verdicts; /* lines or rows, in the order of the batch */
    tocsin_buffer reasons;
    job_reject *rejects;
    size_t reject_count, reject_capacity;
    job_fault faults[FEED_FAULT_COUNT];
    classify_tally tally;
} classify_job;

typedef struct classify_worker {
    tocsin_scanner *scanner;
    document_reader *reader;
    int all;           /* also verdicts without a tier */
    int stop_at_error; /* at the first rejected line */
    int as_csv;        /* verdicts are rows */
    int line_by_line;  /* one answer for each line, also for one that is rejected or blank */
} classify_worker;

void classify_tally_init(classify_tally *tally, size_t tier_count);
void classify_tally_add(classify_tally *total, const classify_tally *part);
void classify_tally_release(classify_tally *tally);

void classify_job_init(classify_job *job, size_t tier_count);
void classify_job_release(classify_job *job);

/* Frees the scanner and the reader. */
void classify_worker_release(classify_worker *worker);

/* Grades the lines of job->batch; replaces the job's earlier results. */
void classify_worker_run(classify_worker *worker, classify_job *job);

#endif
