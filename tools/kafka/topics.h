#ifndef TOCSIN_TOOLS_KAFKA_TOPICS_H
#define TOCSIN_TOOLS_KAFKA_TOPICS_H

/* Information about topics from a cluster. */

#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

/* The number of partitions of a topic, after waiting at most this long; 0 after a message that gives the problem. */
int kafka_topic_partitions(rd_kafka_t *client, const char *brokers, const char *topic, int milliseconds);

/*
 * The most bytes that a batch of records may have in each of these topics (max.message.bytes); 0 if the cluster does
 * not report it, or not within that time.
 */
void kafka_topic_limits(rd_kafka_t *client, const char *const *topics, size_t count, uint64_t *limits,
                        int milliseconds);

#endif
