#ifndef TOCSIN_TOOLS_KAFKA_STATUS_H
#define TOCSIN_TOOLS_KAFKA_STATUS_H

/*
 * What a worker counts, and how it is: a metrics file, and a health file that goes on being written as long as the
 * worker's own thread gets on. All calls come from that thread.
 */

#include <librdkafka/rdkafka.h>

#include <tocsin/tocsin.h>

#include "program/plan_watch.h"
#include "tocsin-kafka/kafka_batch.h"

typedef enum status_count {
    STATUS_REJECTED, /* messages that are no documents */
    STATUS_REFUSED,  /* verdicts that the output topic did not take; in STATUS_REJECTED too */
    STATUS_LOST,     /* rejected messages that there is no topic for, or that it did not take either */
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

/* Writes the last of both and frees it. NULL does nothing. */
void kafka_status_stop(kafka_status *status);

void kafka_status_add(kafka_status *status, status_count what, uint64_t count);

/* Seconds that a batch took to be graded. */
void kafka_status_graded(kafka_status *status, double seconds);

/* A batch that is written and committed. */
void kafka_status_take(kafka_status *status, const kafka_batch *batch);

/* "starting", "running", "degraded" and why, "stopping"; both are copied. The worker is alive besides. */
void kafka_status_state(kafka_status *status, const char *state, const char *why);

/* How many partitions the worker has, and how many messages in them come after what was committed; alive as well. */
void kafka_status_lag(kafka_status *status, rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *assigned);

uint64_t kafka_status_get(const kafka_status *status, status_count what);

/* Documents that were graded. */
uint64_t kafka_status_documents(const kafka_status *status);

/* Appends "52 major, 8 general, 300 none" of what was graded. */
void kafka_status_summary(const kafka_status *status, tocsin_buffer *out);

#endif
