#ifndef TOCSIN_TOOLS_KAFKA_GRADE_H
#define TOCSIN_TOOLS_KAFKA_GRADE_H

/* Turns messages into verdicts, with any number of threads. */

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "tocsin-kafka/kafka_batch.h"

typedef struct kafka_grade_options {
    feed_names names;
    int all;           /* also verdicts without a tier */
    int with_document; /* the verdict includes the document, for a watcher */
} kafka_grade_options;

typedef struct kafka_grader kafka_grader;

/* Thread 0 is the caller of kafka_grader_run. NULL after a message. options are borrowed until kafka_grader_free. */
kafka_grader *kafka_grader_create(tocsin_slot *slot, size_t threads, const kafka_grade_options *options);

/* NULL does nothing. */
void kafka_grader_free(kafka_grader *grader);

/* Grades every message of the batch, which must have a text for each thread. */
void kafka_grader_run(kafka_grader *grader, kafka_batch *batch);

#endif
