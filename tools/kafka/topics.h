#ifndef TOCSIN_TOOLS_KAFKA_TOPICS_H
#define TOCSIN_TOOLS_KAFKA_TOPICS_H

/* What a cluster says of its topics. */

#include <stdint.h>

#include <librdkafka/rdkafka.h>

/*
 * Whether there is a topic of that name, asked for at most so long: how many partitions it has; 0 after a message that
 * says what stands against it.
 */
int kafka_topic_partitions(rd_kafka_t *client, const char *brokers, const char *topic, int milliseconds);

/* The most bytes that a batch of records may have there (max.message.bytes); 0 when the cluster does not tell. */
uint64_t kafka_topic_limit(rd_kafka_t *client, const char *topic, int milliseconds);

#endif
