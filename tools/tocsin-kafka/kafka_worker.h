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
    int once;        /* end after reading the messages that are there */
    uint64_t batch;  /* messages */
    uint64_t linger; /* milliseconds */
    int stop_fd;     /* becomes readable when the worker must end */
} worker_options;

typedef struct kafka_worker {
    const worker_options *options;
    kafka_status *status; /* borrowed, set before worker_open */
    rd_kafka_t *consumer, *producer;
    kafka_batch batch; /* to be graded and written next */
    kafka_batch held;  /* came while the batch was being written */
    char transactional_id[300];
    rd_kafka_topic_partition_list_t *assigned; /* with their committed offsets */
    rd_kafka_topic_partition_list_t *ended;    /* those read to their end */
    rd_kafka_topic_partition_list_t *unread;   /* those whose committed offset could not be read */
    double unread_since;
    double idle_since;                   /* without partitions */
    uint64_t output_limit, errors_limit; /* bytes that a record may have; 0: unknown */
    int compresses;                      /* a record's own size then says little */
    int paused;
    int failed;            /* the worker cannot go on; already reported */
    uint64_t dropped;      /* messages so far that other workers read */
    size_t failures;       /* records of this attempt that were not delivered */
    double answer_seconds; /* the producer answers every record within this time */
    double polled, lagged;
    char problem[256];     /* the last reported problem */
    double told, troubled; /* when it was reported, and when the last sign of a problem came */
} kafka_worker;

/*
 * Opens both clients, checks the topics, and joins the group; graders is the number of threads that grade. 0 after a
 * message.
 */
int worker_open(kafka_worker *worker, const worker_options *options, size_t graders);

/* Leaves the group. */
void worker_close(kafka_worker *worker);

/* Fills the batch; 0 if there was nothing for a moment. */
int worker_collect(kafka_worker *worker);

/* Called while the batch is being written: the group sees that the worker lives, and no more is read. */
void worker_keep_alive(kafka_worker *worker);

/* After that. */
void worker_resume(kafka_worker *worker);

/* Waits that long, or until the worker must end; returns whether it must. */
int worker_wait(kafka_worker *worker, int milliseconds);

int worker_stopped(const kafka_worker *worker);

/* Reports a problem, repeated only after a while, and sets the state to degraded. */
__attribute__((format(printf, 2, 3))) void worker_problem(kafka_worker *worker, const char *format, ...);

/* Ends the degraded state. */
void worker_recovered(kafka_worker *worker);

/* Notes that the offsets of the batch are committed. */
void worker_committed(kafka_worker *worker, const rd_kafka_topic_partition_list_t *ends);

/* Asks the cluster again for the limits of records. */
void worker_ask_limits(kafka_worker *worker);

/* Replaces a producer that cannot go on; 0 after a message. */
int worker_restart_producer(kafka_worker *worker);

/* Reads again from the committed offsets, and drops the batch; 0: try again later. */
int worker_rewind(kafka_worker *worker);

/* With `once`: whether everything has been read. */
int worker_finished(kafka_worker *worker);

#endif
