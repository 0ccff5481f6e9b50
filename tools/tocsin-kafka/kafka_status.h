#ifndef TOCSIN_TOOLS_KAFKA_STATUS_H
#define TOCSIN_TOOLS_KAFKA_STATUS_H

/*
 * A worker's counters and state: a metrics file, and a health file that is written as long as the worker's own thread
 * makes progress. All calls come from that thread.
 */

#include <librdkafka/rdkafka.h>

#include <tocsin/tocsin.h>

#include "program/plan_watch.h"
#include "tocsin-kafka/kafka_batch.h"

typedef enum status_count {
    STATUS_REJECTED, /* messages that are no documents */
    STATUS_REFUSED,  /* verdicts that the output topic refused; they count as STATUS_REJECTED too */
    STATUS_LOST,     /* rejected messages without a topic, or that it refused too */
    STATUS_INCOMPLETE,
    STATUS_MALFORMED,
    STATUS_BYTES, /* of messages */
    STATUS_COMMITS,
    STATUS_ABORTS,
    STATUS_RETRIES,
    STATUS_RESTARTS, /* of the producer */
    STATUS_REBALANCES,
    STATUS_COUNT
} status_count;

typedef struct kafka_status kafka_status;

/* info is that of the first plan, whose tiers are counted; paths may be NULL. NULL after a message. */
kafka_status *kafka_status_start(const char *metrics_path, const char *health_path, const tocsin_plan_info *info,
                                 tocsin_slot *slot, plan_watch *watch);

/* Writes both files for the last time and frees everything. */
void kafka_status_stop(kafka_status *status);

void kafka_status_add(kafka_status *status, status_count what, uint64_t count);

/* Adds the seconds that grading a batch took. */
void kafka_status_graded(kafka_status *status, double seconds);

/* Counts a batch that was written and committed. */
void kafka_status_take(kafka_status *status, const kafka_batch *batch);

/*
 * Sets "starting", "running", "degraded" with a reason, or "stopping"; both texts are copied. It also counts as a sign
 * of life.
 */
void kafka_status_state(kafka_status *status, const char *state, const char *why);

/*
 * Sets the number of the worker's partitions, and of their messages after the committed offsets; also a sign of life.
 */
void kafka_status_lag(kafka_status *status, rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *assigned);

uint64_t kafka_status_get(const kafka_status *status, status_count what);

/* The number of graded documents. */
uint64_t kafka_status_documents(const kafka_status *status);

/* Appends "52 major, 8 general, 300 none" for the graded documents. */
void kafka_status_summary(const kafka_status *status, tocsin_buffer *out);

#endif
