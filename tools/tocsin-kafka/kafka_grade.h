#ifndef TOCSIN_TOOLS_KAFKA_GRADE_H
#define TOCSIN_TOOLS_KAFKA_GRADE_H

/* Messages to verdicts, by any number of threads. */

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "tocsin-kafka/kafka_batch.h"

typedef struct kafka_grade_options {
    feed_names names;
    int all;           /* verdicts of tier none too */
    int with_document; /* in the verdict, for a watcher */
} kafka_grade_options;

typedef struct kafka_grader kafka_grader;

/* Thread 0 is whoever calls kafka_grader_run. NULL after a message. options are borrowed until it is freed. */
kafka_grader *kafka_grader_create(tocsin_slot *slot, size_t threads, const kafka_grade_options *options);

/* NULL does nothing. */
void kafka_grader_free(kafka_grader *grader);

/* Grades every message of the batch, which has a text for each thread. */
void kafka_grader_run(kafka_grader *grader, kafka_batch *batch);

#endif
