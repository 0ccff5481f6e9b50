#ifndef TOCSIN_TOOLS_KAFKA_WORKER_H
#define TOCSIN_TOOLS_KAFKA_WORKER_H

/* A worker's place in the cluster: its consumer in the group, its producer, and the partitions that it has. */

#include <librdkafka/rdkafka.h>

#include "kafka/client.h"
#include "tocsin-kafka/kafka_batch.h"
#include "tocsin-kafka/kafka_status.h"

#define WORKER_MAX_INPUTS 16

typedef struct worker_options {
    const char *brokers, *group, *instance, *output, *errors; /* instance and errors may be NULL */
    const char *inputs[WORKER_MAX_INPUTS];
    size_t input_count;
    const kafka_settings *settings;
    int at_least_once;
    int once;        /* until what is there has been read */
    uint64_t batch;  /* messages */
    uint64_t linger; /* milliseconds */
    int stop_fd;     /* readable when the worker is to end */
} worker_options;

typedef struct kafka_worker {
    const worker_options *options;
    kafka_status *status; /* borrowed, set before worker_open */
    rd_kafka_t *consumer, *producer;
    kafka_batch batch; /* what is graded and written next */
    kafka_batch held;  /* what came while the batch was waited for */
    char transactional_id[300];
    rd_kafka_topic_partition_list_t *assigned; /* with the offsets that were committed */
    rd_kafka_topic_partition_list_t *ended;    /* those read to their end */
    rd_kafka_topic_partition_list_t *unread;   /* those whose committed offset could not be had */
    double unread_since;
    double idle_since;                   /* without partitions */
    uint64_t output_limit, errors_limit; /* bytes that a record there may have; 0: not known */
    int compresses;                      /* and then a record's own size says little */
    int paused;
    int failed;            /* the worker cannot go on; said */
    uint64_t dropped;      /* messages so far that went to other workers */
    size_t failures;       /* records of this attempt that were not delivered */
    double answer_seconds; /* the producer answers every record within this time */
    double polled, lagged;
    char problem[256];     /* the one told last */
    double told, troubled; /* when it was said, and when there was the last sign of any */
} kafka_worker;

/* Both clients, the topics that must be there, and the group; graders is how many threads grade. 0 after a message. */
int worker_open(kafka_worker *worker, const worker_options *options, size_t graders);

/* Leaves the group. */
void worker_close(kafka_worker *worker);

/* Fills the batch; 0 when there was nothing for a moment. */
int worker_collect(kafka_worker *worker);

/* While the batch is waited for: the group sees that the worker lives, and no more is read. */
void worker_keep_alive(kafka_worker *worker);

/* After that. */
void worker_resume(kafka_worker *worker);

/* Waits so long, or until the worker is to end, which it returns. */
int worker_wait(kafka_worker *worker, int milliseconds);

int worker_stopped(const kafka_worker *worker);

/* Says what stands in the way, again only after a while, and that the worker is not well. */
__attribute__((format(printf, 2, 3))) void worker_problem(kafka_worker *worker, const char *format, ...);

/* All is well again. */
void worker_recovered(kafka_worker *worker);

/* The offsets of the batch are committed. */
void worker_committed(kafka_worker *worker, const rd_kafka_topic_partition_list_t *ends);

/* Asks again how large records may be. */
void worker_ask_limits(kafka_worker *worker);

/* Another producer in place of one that cannot go on; 0 after a message. */
int worker_restart_producer(kafka_worker *worker);

/* Reads again from what was committed, and forgets the batch; 0: try again later. */
int worker_rewind(kafka_worker *worker);

/* Whether, with `once`, everything has been read. */
int worker_finished(kafka_worker *worker);

#endif
