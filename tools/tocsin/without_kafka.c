/* Replaces Kafka topics in a build without librdkafka: watch reads files, and reports an error for a topic. */
#include <stddef.h>

#include "program/console.h"
#include "tocsin/watch_kafka.h"

static void say_missing(void) { console_error("this tocsin was built without Kafka (TOCSIN_BUILD_KAFKA)"); }

kafka_settings *kafka_settings_create(void) { return NULL; }

void kafka_settings_free(kafka_settings *settings) { (void)settings; }

int kafka_settings_take(kafka_settings *settings, const char *setting) {
    (void)settings;
    (void)setting;
    say_missing();
    return 0;
}

watch_kafka *watch_kafka_open(const watch_kafka_options *options, watch_session *desk) {
    (void)options;
    (void)desk;
    say_missing();
    return NULL;
}

void watch_kafka_close(watch_kafka *kafka) { (void)kafka; }

kafka_turn watch_kafka_turn(watch_kafka *kafka, kafka_reject reject, void *context) {
    (void)kafka;
    (void)reject;
    (void)context;
    return KAFKA_ENDED;
}

uint64_t watch_kafka_bytes(const watch_kafka *kafka) {
    (void)kafka;
    return 0;
}
