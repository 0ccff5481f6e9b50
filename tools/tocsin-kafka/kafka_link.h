#ifndef TOCSIN_TOOLS_KAFKA_LINK_H
#define TOCSIN_TOOLS_KAFKA_LINK_H

/* A worker's place in the cluster: its consumer in the group, its producer, and the partitions that it has. */

#include <librdkafka/rdkafka.h>

#include "kafka/client.h"
#include "tocsin-kafka/kafka_batch.h"
#include "tocsin-kafka/kafka_status.h"

#define LINK_MAX_INPUTS 16

typedef struct link_options {
    const char *brokers, *group, *instance, *output, *errors; /* instance and errors may be NULL */
    const char *inputs[LINK_MAX_INPUTS];
    size_t input_count;
    const kafka_settings *settings;
    int at_least_once;
    int once;        /* until what is there has been read */
    uint64_t batch;  /* messages */
    uint64_t linger; /* milliseconds */
    int stop_fd;     /* readable when the worker is to end */
} link_options;

typedef struct kafka_link {
    const link_options *options;
    kafka_status *status; /* borrowed, set before link_open */
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
} kafka_link;

/* Both clients, the topics that must be there, and the group; graders is how many threads grade. 0 after a message. */
int link_open(kafka_link *link, const link_options *options, size_t graders);

/* Leaves the group. */
void link_close(kafka_link *link);

/* Fills the batch; 0 when there was nothing for a moment. */
int link_collect(kafka_link *link);

/* While the batch is waited for: the group sees that the worker lives, and no more is read. */
void link_keep_alive(kafka_link *link);

/* After that. */
void link_resume(kafka_link *link);

/* Waits so long, or until the worker is to end, which it returns. */
int link_wait(kafka_link *link, int milliseconds);

int link_stopped(const kafka_link *link);

/* Says what stands in the way, again only after a while, and that the worker is not well. */
__attribute__((format(printf, 2, 3))) void link_problem(kafka_link *link, const char *format, ...);

/* All is well again. */
void link_recovered(kafka_link *link);

/* The offsets of the batch are committed. */
void link_committed(kafka_link *link, const rd_kafka_topic_partition_list_t *ends);

/* Asks again how large records may be. */
void link_ask_limits(kafka_link *link);

/* Another producer in place of one that cannot go on; 0 after a message. */
int link_restart_producer(kafka_link *link);

/* Reads again from what was committed, and forgets the batch; 0: try again later. */
int link_rewind(kafka_link *link);

/* Whether, with `once`, everything has been read. */
int link_finished(kafka_link *link);

#endif
