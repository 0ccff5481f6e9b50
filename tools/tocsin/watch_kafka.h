#ifndef TOCSIN_TOOLS_WATCH_KAFKA_H
#define TOCSIN_TOOLS_WATCH_KAFKA_H

/*
 * The topics that a watcher reads: verdicts of tocsin-kafka with their documents, or plain documents. The place to go
 * on from is in the watcher's database, not in a Kafka group.
 */

#include "kafka/settings.h"
#include "tocsin/watch_session.h"

typedef struct watch_kafka_options {
    const char *brokers;
    char **topics;
    int topic_count;
    const kafka_settings *settings;
    const feed_names *names; /* of the fields of plain documents */
    int once;
    double wait; /* seconds for which a message is held, in case an earlier one comes */
} watch_kafka_options;

typedef struct watch_kafka watch_kafka;

typedef enum kafka_turn {
    KAFKA_TOOK,
    KAFKA_IDLE,
    KAFKA_ENDED /* with once */
} kafka_turn;

/* Called for a message that could not be taken, with the name of its place. */
typedef void (*kafka_reject)(void *context, const char *where, const char *reason);

/* options and session must stay until watch_kafka_close. NULL after a message. */
watch_kafka *watch_kafka_open(const watch_kafka_options *options, watch_session *session);
void watch_kafka_close(watch_kafka *kafka);

/* Reads new messages into the hold, and gives due ones to the session, together with their places. */
kafka_turn watch_kafka_turn(watch_kafka *kafka, kafka_reject reject, void *context);

/* Bytes of messages read. */
uint64_t watch_kafka_bytes(const watch_kafka *kafka);

#endif
