#ifndef TOCSIN_TOOLS_WATCH_KAFKA_H
#define TOCSIN_TOOLS_WATCH_KAFKA_H

/*
 * The topics that a watcher reads: verdicts of tocsin-kafka with their documents, or documents themselves. Where it
 * goes on is in the watcher's database, not in a group of Kafka's.
 */

#include "kafka/settings.h"
#include "tocsin/watch_session.h"

typedef struct watch_kafka_options {
    const char *brokers;
    char **topics;
    int topic_count;
    const kafka_settings *settings;
    const feed_names *names; /* of the fields of documents that stand by themselves */
    int once;
    double wait; /* seconds that a message is held, so that an earlier one may come */
} watch_kafka_options;

typedef struct watch_kafka watch_kafka;

typedef enum kafka_turn {
    KAFKA_TOOK,
    KAFKA_IDLE,
    KAFKA_ENDED /* with once */
} kafka_turn;

/* Told of a message that could not be taken, by the name of where it stands. */
typedef void (*kafka_reject)(void *context, const char *where, const char *reason);

/* options and session stay until it is closed. NULL after a message. */
watch_kafka *watch_kafka_open(const watch_kafka_options *options, watch_session *session);
void watch_kafka_close(watch_kafka *kafka);

/* What came, to those that are held; what is due, to the session, with the places that go with it. */
kafka_turn watch_kafka_turn(watch_kafka *kafka, kafka_reject reject, void *context);

/* Bytes of messages read. */
uint64_t watch_kafka_bytes(const watch_kafka *kafka);

#endif
