/*
 * Partitions are assigned, not shared by a group: there is one watcher, and the place in each partition is committed
 * together with the results of the messages before it, in one transaction of the database. Messages of open Kafka
 * transactions are not read.
 */
#include "tocsin/watch_kafka.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/document_reader.h"
#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "kafka/client.h"
#include "kafka/topics.h"
#include "program/console.h"
#include "tocsin/message_order.h"

#define START_MILLISECONDS 20000
#define TURN_SECONDS 0.1
#define MOST_HELD 200000
#define MOST_BYTES ((size_t)256 << 20)

typedef struct kafka_lane {
    char *topic;
    int32_t partition;
    int ended;
    int64_t noted; /* the place in the database, and a hash of the later messages already taken */
    char *noted_taken;
} kafka_lane;

struct watch_kafka {
    const watch_kafka_options *options;
    watch_session *session;
    rd_kafka_t *consumer;
    char *cluster;
    kafka_lane *lanes; /* numbered like those of the order */
    size_t lane_count;
    message_order *order;
    document_reader *inside, *plain; /* for a verdict with its document, and for a document */
    document_reader *last;           /* the one that read the last message */
    size_t held_bytes;
    uint64_t bytes;
    char told[256];
};

static void tell(watch_kafka *kafka, const char *topic, const char *problem) {
    char text[sizeof kafka->told];
    snprintf(text, sizeof text, "topic %s: %s", topic, problem);
    if (!strcmp(text, kafka->told)) return;
    memcpy(kafka->told, text, sizeof text);
    console_error("%s", text);
}

static void on_error(rd_kafka_t *client, int code, const char *reason, void *context) {
    (void)client;
    if (code != RD_KAFKA_RESP_ERR__TRANSPORT) tell(context, "?", reason);
}

/* Adds the partitions of a topic, each from its place in the database. */
static int add_topic(watch_kafka *kafka, const char *topic, rd_kafka_topic_partition_list_t *list) {
    const int count = kafka_topic_partitions(kafka->consumer, kafka->options->brokers, topic, START_MILLISECONDS);
    if (!kafka->cluster) {
        char *cluster = rd_kafka_clusterid(kafka->consumer, START_MILLISECONDS);
        kafka->cluster = tool_copy(cluster ? cluster : "");
        rd_kafka_mem_free(kafka->consumer, cluster);
    }
    for (int32_t p = 0; p < count; p++) {
        int64_t next = RD_KAFKA_OFFSET_BEGINNING;
        tocsin_buffer taken;
        tocsin_buffer_init(&taken, NULL);
        (void)incident_store_find_messages(kafka->session->store, kafka->cluster, topic, p, &next, &taken);
        kafka->lanes = tool_reallocate(kafka->lanes, kafka->lane_count + 1, sizeof *kafka->lanes);
        kafka->lanes[kafka->lane_count++] = (kafka_lane){tool_copy(topic), p, 0, -1, NULL};
        message_order_lane(kafka->order, next < 0 ? 0 : next, taken.length ? taken.data : "");
        rd_kafka_topic_partition_list_add(list, topic, p)->offset = next;
        tocsin_buffer_release(&taken);
    }
    return count;
}

static int start_reading(watch_kafka *kafka) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    int ok = 1;
    for (int i = 0; i < kafka->options->topic_count && ok; i++) ok = add_topic(kafka, kafka->options->topics[i], list);
    if (ok) {
        const rd_kafka_resp_err_t error = rd_kafka_assign(kafka->consumer, list);
        ok = !error;
        if (error) console_error("cannot read: %s", rd_kafka_err2str(error));
    }
    rd_kafka_topic_partition_list_destroy(list);
    return ok;
}

watch_kafka *watch_kafka_open(const watch_kafka_options *options, watch_session *session) {
    static const char *const defaults[] = {
        "client.id", "tocsin-watch", "auto.offset.reset", "earliest", "isolation.level", "read_committed", NULL};
    static const feed_names inside = {.names = {"document.id", "document.time", "document.source", "document.venue",
                                                "document.reach", "document.title", "document.text", "",
                                                "document.url"}};
    const char *const fixed[] = {
        "bootstrap.servers",    options->brokers, "group.id", "tocsin-watch", "enable.auto.commit", "false",
        "enable.partition.eof", "true",           NULL};
    watch_kafka *kafka = tool_allocate(1, sizeof *kafka);
    kafka->options = options;
    kafka->session = session;
    kafka->order = message_order_create(options->wait, MOST_HELD);
    kafka->inside = document_reader_create(&inside);
    kafka->plain = document_reader_create(options->names);
    rd_kafka_conf_t *configuration = kafka_settings_configure(options->settings, defaults, fixed);
    rd_kafka_conf_set_opaque(configuration, kafka);
    rd_kafka_conf_set_error_cb(configuration, on_error);
    kafka->consumer = kafka_client_create(RD_KAFKA_CONSUMER, configuration);
    if (kafka->consumer) rd_kafka_poll_set_consumer(kafka->consumer);
    if (kafka->consumer && start_reading(kafka)) return kafka;
    watch_kafka_close(kafka);
    return NULL;
}

void watch_kafka_close(watch_kafka *kafka) {
    rd_kafka_message_t *message;
    if (!kafka) return;
    while ((message = message_order_next(kafka->order, 0, 1))) rd_kafka_message_destroy(message);
    if (kafka->consumer) {
        rd_kafka_consumer_close(kafka->consumer);
        rd_kafka_destroy(kafka->consumer);
    }
    for (size_t i = 0; i < kafka->lane_count; i++) {
        tool_free(kafka->lanes[i].topic);
        tool_free(kafka->lanes[i].noted_taken);
    }
    tool_free(kafka->lanes);
    tool_free(kafka->cluster);
    message_order_free(kafka->order);
    document_reader_free(kafka->inside);
    document_reader_free(kafka->plain);
    tool_free(kafka);
}

uint64_t watch_kafka_bytes(const watch_kafka *kafka) { return kafka->bytes; }

static size_t lane_of(const watch_kafka *kafka, const rd_kafka_message_t *message) {
    const char *topic = rd_kafka_topic_name(message->rkt);
    size_t i = 0;
    while (kafka->lanes[i].partition != message->partition || strcmp(kafka->lanes[i].topic, topic) != 0) i++;
    return i;
}

/* The document of a message, or NULL and the reason; valid until the next one. */
static const tocsin_document *read_document(watch_kafka *kafka, const rd_kafka_message_t *message,
                                            tocsin_document *document, const char **reason) {
    *reason = "no value: a tombstone";
    if (!message->payload) return NULL;
    document_status status = document_reader_value(kafka->inside, message->payload, message->len, document);
    kafka->last = kafka->inside;
    if (status == DOCUMENT_READY) return document;
    kafka->last = kafka->plain;
    status = document_reader_value(kafka->plain, message->payload, message->len, document);
    *reason = status == DOCUMENT_BLANK ? "the value is empty" : document_reader_reason(kafka->plain);
    return status == DOCUMENT_READY ? document : NULL;
}

static void take_message(watch_kafka *kafka, rd_kafka_message_t *message) {
    tocsin_document document;
    const char *reason;
    const size_t lane = lane_of(kafka, message);
    const int64_t time =
        read_document(kafka, message, &document, &reason) ? document.time : (int64_t)TOCSIN_TIME_UNKNOWN;
    kafka->lanes[lane].ended = 0;
    kafka->bytes += message->len;
    if (!message_order_add(kafka->order, lane, message->offset, time, tool_seconds(), message)) {
        rd_kafka_message_destroy(message);
    } else {
        kafka->held_bytes += message->len;
    }
}

static int is_full(const watch_kafka *kafka) {
    return kafka->held_bytes > MOST_BYTES || message_order_held(kafka->order) > MOST_HELD;
}

/* Reads messages for a while; returns whether any came. */
static int read_messages(watch_kafka *kafka) {
    const double until = tool_seconds() + TURN_SECONDS;
    int any = 0;
    while (!is_full(kafka) && tool_seconds() < until) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, any ? 0 : (int)(TURN_SECONDS * 1000));
        if (!message) break;
        if (!message->err) {
            any = 1;
            take_message(kafka, message);
            continue;
        }
        if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
            kafka->lanes[lane_of(kafka, message)].ended = 1;
        } else {
            tell(kafka, message->rkt ? rd_kafka_topic_name(message->rkt) : "?", rd_kafka_message_errstr(message));
        }
        rd_kafka_message_destroy(message);
    }
    return any;
}

static void give(watch_kafka *kafka, const rd_kafka_message_t *message, kafka_reject reject, void *context) {
    tocsin_document document;
    tocsin_error error;
    const char *reason;
    char where[320];
    const int length = snprintf(where, sizeof where, "%s/%" PRId32 "/%" PRId64, rd_kafka_topic_name(message->rkt),
                                message->partition, message->offset);
    error.message[0] = '\0';
    if (!read_document(kafka, message, &document, &reason)) {
        reject(context, where, reason);
        return;
    }
    const int is_named = document.id.length > 0;
    if (!document.id.data) document.id = (tocsin_bytes){where, (size_t)length};
    rd_kafka_timestamp_type_t type;
    const int64_t written = rd_kafka_message_timestamp(message, &type);
    const int64_t arrived = type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || written < 0 ? 0 : written;
    const watch_origin origin = {document_reader_url(kafka->last), arrived, is_named};
    if (!watch_session_take(kafka->session, &document, &origin, &error)) reject(context, where, error.message);
}

/* Stores where each lane must be read from, if that has changed. */
static void note_places(watch_kafka *kafka) {
    tocsin_buffer taken;
    tocsin_buffer_init(&taken, NULL);
    for (size_t i = 0; i < kafka->lane_count; i++) {
        kafka_lane *lane = &kafka->lanes[i];
        taken.length = 0;
        text_puts(&taken, "");
        const int64_t next = message_order_place(kafka->order, i, &taken);
        const char *text = taken.length ? taken.data : "";
        if (next == lane->noted && lane->noted_taken && !strcmp(lane->noted_taken, text)) continue;
        tool_free(lane->noted_taken);
        lane->noted = next;
        lane->noted_taken = tool_copy(text);
        watch_session_note_messages(kafka->session, kafka->cluster, lane->topic, lane->partition, next, text);
    }
    tocsin_buffer_release(&taken);
}

static int all_ended(const watch_kafka *kafka) {
    for (size_t i = 0; i < kafka->lane_count; i++) {
        if (!kafka->lanes[i].ended) return 0;
    }
    return 1;
}

kafka_turn watch_kafka_turn(watch_kafka *kafka, kafka_reject reject, void *context) {
    rd_kafka_message_t *message;
    const int read = read_messages(kafka);
    const int over = kafka->options->once && all_ended(kafka);
    const double until = tool_seconds() + TURN_SECONDS;
    int taken = 0;
    while ((over || tool_seconds() < until) &&
           (message = message_order_next(kafka->order, tool_seconds(), over || is_full(kafka)))) {
        kafka->held_bytes -= message->len;
        give(kafka, message, reject, context);
        rd_kafka_message_destroy(message);
        taken = 1;
    }
    if (read || taken) note_places(kafka);
    document_reader_trim(kafka->inside);
    document_reader_trim(kafka->plain);
    if (over) return KAFKA_ENDED;
    return read || taken ? KAFKA_TOOK : KAFKA_IDLE;
}
