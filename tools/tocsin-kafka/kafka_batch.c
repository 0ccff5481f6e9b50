/*
 * A batch owns its messages until they are finished: messages that a broker did not take are sent again from here,
 * without reading them again. Only if the end of a transaction is unknown are they dropped and read again.
 */
#include "tocsin-kafka/kafka_batch.h"

#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

void kafka_batch_init(kafka_batch *batch, size_t texts) {
    *batch = (kafka_batch){.text_count = texts + 1};
    batch->texts = tool_allocate(batch->text_count, sizeof *batch->texts);
    for (size_t i = 0; i < batch->text_count; i++) tocsin_buffer_init(&batch->texts[i], NULL);
}

void kafka_batch_release(kafka_batch *batch) {
    kafka_batch_clear(batch);
    for (size_t i = 0; i < batch->text_count; i++) tocsin_buffer_release(&batch->texts[i]);
    tool_free(batch->texts);
    tool_free(batch->items);
    *batch = (kafka_batch){0};
}

void kafka_batch_add(kafka_batch *batch, rd_kafka_message_t *message) {
    if (batch->count == batch->capacity) {
        batch->capacity = batch->capacity ? 2 * batch->capacity : 256;
        batch->items = tool_reallocate(batch->items, batch->capacity, sizeof *batch->items);
    }
    batch->items[batch->count++] = (kafka_item){.message = message};
    batch->bytes += message->len;
}

/* A delivery may still be reading them, so they are freed with the batch. */
size_t kafka_batch_drop(kafka_batch *batch, const char *topic, int32_t partition) {
    size_t dropped = 0;
    for (size_t i = 0; i < batch->count; i++) {
        kafka_item *item = &batch->items[i];
        const rd_kafka_message_t *message = item->message;
        if (item->dropped || message->partition != partition) continue;
        if (strcmp(rd_kafka_topic_name(message->rkt), topic) != 0) continue;
        item->dropped = 1;
        dropped++;
    }
    return dropped;
}

/* Frees a text that a few large verdicts enlarged. */
static void clear_text(tocsin_buffer *text) {
    if (text->capacity > (size_t)8 << 20) {
        tocsin_buffer_release(text);
        tocsin_buffer_init(text, NULL);
    }
    text->length = 0;
}

void kafka_batch_clear(kafka_batch *batch) {
    for (size_t i = 0; i < batch->count; i++) rd_kafka_message_destroy(batch->items[i].message);
    for (size_t i = 0; i < batch->text_count; i++) clear_text(&batch->texts[i]);
    batch->count = batch->bytes = 0;
}

size_t kafka_batch_live(const kafka_batch *batch) {
    size_t live = 0;
    for (size_t i = 0; i < batch->count; i++) live += !batch->items[i].dropped;
    return live;
}

void kafka_batch_reject(kafka_batch *batch, kafka_item *item, const char *format, ...) {
    const uint32_t last = (uint32_t)batch->text_count - 1;
    tocsin_buffer *text = &batch->texts[last];
    const size_t offset = text->length;
    va_list arguments;
    va_start(arguments, format);
    text_vprintf(text, format, arguments);
    va_end(arguments);
    item->outcome = ITEM_REJECTED;
    item->value = (item_text){last, offset, text->length - offset};
}

tocsin_bytes kafka_batch_text(const kafka_batch *batch, const item_text *text) {
    const tocsin_buffer *all = &batch->texts[text->text];
    return (tocsin_bytes){text->length ? all->data + text->offset : "", text->length};
}

static rd_kafka_topic_partition_list_t *places(const kafka_batch *batch, int ends) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(8);
    rd_kafka_topic_partition_t *place = NULL;
    for (size_t i = 0; i < batch->count; i++) {
        const rd_kafka_message_t *message = batch->items[i].message;
        if (batch->items[i].dropped) continue;
        const char *topic = rd_kafka_topic_name(message->rkt);
        if (!place || place->partition != message->partition || strcmp(place->topic, topic) != 0) {
            place = rd_kafka_topic_partition_list_find(list, topic, message->partition);
        }
        if (!place) {
            place = rd_kafka_topic_partition_list_add(list, topic, message->partition);
            place->offset = message->offset;
        }
        if (ends) place->offset = message->offset + 1;
    }
    return list;
}

rd_kafka_topic_partition_list_t *kafka_batch_starts(const kafka_batch *batch) { return places(batch, 0); }

rd_kafka_topic_partition_list_t *kafka_batch_ends(const kafka_batch *batch) { return places(batch, 1); }
