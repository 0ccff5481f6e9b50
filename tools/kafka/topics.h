#ifndef TOCSIN_TOOLS_KAFKA_TOPICS_H
#define TOCSIN_TOOLS_KAFKA_TOPICS_H

/* What a cluster says of its topics. */

#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

/*
 * Whether there is a topic of that name, asked for at most so long: how many partitions it has; 0 after a message that
 * says what stands against it.
 */
int kafka_topic_partitions(rd_kafka_t *client, const char *brokers, const char *topic, int milliseconds);

/*
 * The most bytes that a batch of records may have in each of these topics (max.message.bytes); 0 where the cluster does
 * not tell, or not within that time.
 */
void kafka_topic_limits(rd_kafka_t *client, const char *const *topics, size_t count, uint64_t *limits,
                        int milliseconds);

#endif
