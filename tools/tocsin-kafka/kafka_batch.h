#ifndef TOCSIN_TOOLS_KAFKA_BATCH_H
#define TOCSIN_TOOLS_KAFKA_BATCH_H

/* The messages that pass through a worker together, with the result and the progress of each. */

#include <stddef.h>
#include <stdint.h>

#include <librdkafka/rdkafka.h>

#include <tocsin/bytes.h>

typedef enum item_outcome {
    ITEM_NOTHING, /* graded, with no output */
    ITEM_VERDICT,
    ITEM_REJECTED /* not a document that can be graded, or a verdict that the output topic refuses */
} item_outcome;

/* How much of a rejected message goes to the errors topic; a topic that refuses it gets less. */
typedef enum item_cut {
    CUT_NONE,
    CUT_SHORT,
    CUT_ALL,
    CUT_GIVEN_UP /* and the log reports it */
} item_cut;

/* A piece of one of the batch's texts. */
typedef struct item_text {
    uint32_t text;
    size_t offset, length;
} item_text;

typedef struct kafka_item {
    rd_kafka_message_t *message;
    int dropped; /* its partition went to another worker */
    item_outcome outcome;
    item_cut cut;
    int32_t tier; /* index, or TOCSIN_TIER_NONE */
    uint64_t generation;
    uint32_t incomplete, malformed;
    item_text value;   /* the verdict, or the reason for the rejection */
    item_text key;     /* the document's id, if the message has no key */
    item_text version; /* of the plan, and the hash of all its sources */
    item_text content;
    item_text tier_id;
    int sent;                    /* part of the present delivery */
    int delivered;               /* at least once: the brokers have it, even if the partition was lost meanwhile */
    int alone;                   /* sent in a request of its own, because it was too large together with others */
    rd_kafka_resp_err_t failure; /* of its last delivery */
} kafka_item;

typedef struct kafka_batch {
    kafka_item *items;
    size_t count, capacity;
    size_t bytes;         /* of their messages */
    tocsin_buffer *texts; /* one for each grader, and the last for the worker */
    size_t text_count;
} kafka_batch;

/* texts counts those of the graders. */
void kafka_batch_init(kafka_batch *batch, size_t texts);
void kafka_batch_release(kafka_batch *batch);

/* Takes ownership of the message. */
void kafka_batch_add(kafka_batch *batch, rd_kafka_message_t *message);

/* Drops the messages of a partition, which another worker now reads; returns how many. */
size_t kafka_batch_drop(kafka_batch *batch, const char *topic, int32_t partition);

/* Forgets all. */
void kafka_batch_clear(kafka_batch *batch);

/* The number of messages that were not dropped. */
size_t kafka_batch_live(const kafka_batch *batch);

/* Makes it a rejected message with this reason. */
__attribute__((format(printf, 3, 4))) void kafka_batch_reject(kafka_batch *batch, kafka_item *item, const char *format,
                                                              ...);

tocsin_bytes kafka_batch_text(const kafka_batch *batch, const item_text *text);

/* For each partition the first offset of its messages, or the offset after the last; the caller destroys it. */
rd_kafka_topic_partition_list_t *kafka_batch_starts(const kafka_batch *batch);
rd_kafka_topic_partition_list_t *kafka_batch_ends(const kafka_batch *batch);

#endif
