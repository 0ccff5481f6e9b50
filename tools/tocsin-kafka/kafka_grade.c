/*
 * Each thread takes a slice of the batch at a time, so that one long document does not leave the others without work.
 * Each thread writes into its own text, and into the items of its slice; they share only the number of the next slice.
 */
#include "tocsin-kafka/kafka_grade.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "feed/json_members.h"
#include "feed/time_parse.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"

#define SLICE 32

typedef struct grade_hand {
    struct kafka_grader *grader;
    uint32_t number;
    pthread_t thread;
    tocsin_scanner *scanner;
    document_reader *reader;
    uint64_t generation; /* of the plan whose names are in this text: */
    item_text version, content;
    tocsin_buffer plan; /* the plan's part of each verdict */
} grade_hand;

struct kafka_grader {
    const kafka_grade_options *options;
    grade_hand *hands;
    size_t count, started;
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    kafka_batch *batch; /* this and the following are protected by the lock */
    uint64_t turn;
    size_t busy;
    int ending;
    atomic_size_t next;
};

static void append_field(tocsin_buffer *out, const char *name, tocsin_bytes text) {
    if (!text.data) return;
    text_printf(out, ",\"%s\":", name);
    utf8_append_json(out, text.data, text.length);
}

/* Writes the known fields under their own names; other fields of the message are left out. */
static void append_document(tocsin_buffer *out, const tocsin_document *document, const char *url) {
    text_puts(out, ",\"document\":{\"time\":");
    if (document->time == TOCSIN_TIME_UNKNOWN) {
        text_puts(out, "null");
    } else {
        text_puts(out, "\"");
        time_append_utc(out, document->time);
        text_puts(out, "\"");
    }
    append_field(out, "id", document->id);
    append_field(out, "source", document->source);
    if (url) append_field(out, "url", (tocsin_bytes){url, strlen(url)});
    if (document->venue != TOCSIN_VENUE_UNKNOWN) {
        text_printf(out, ",\"venue\":\"%s\"", tocsin_venue_name(document->venue));
    }
    if (document->reach) text_printf(out, ",\"reach\":%" PRIu64, document->reach);
    append_field(out, "title", document->title);
    append_field(out, "text", document->text);
    text_puts(out, "}");
}

static item_text append(kafka_batch *batch, uint32_t text, const char *data, size_t length) {
    const item_text piece = {text, batch->texts[text].length, length};
    text_append(&batch->texts[text], data, length);
    return piece;
}

static void set_reason(kafka_batch *batch, kafka_item *item, uint32_t text, const char *reason) {
    item->outcome = ITEM_REJECTED;
    item->value = append(batch, text, reason, strlen(reason));
}

/* Writes once what all verdicts of a plan share. */
static void take_plan(grade_hand *hand, kafka_batch *batch, const tocsin_verdict *verdict) {
    const tocsin_plan_info *info = tocsin_plan_get_info(verdict->plan);
    char content[24];
    hand->generation = verdict->generation;
    snprintf(content, sizeof content, "%016" PRIx64, info->content);
    hand->version = append(batch, hand->number, info->version, strlen(info->version));
    hand->content = append(batch, hand->number, content, strlen(content));
    hand->plan.length = 0;
    json_put_text(&hand->plan, "name", info->name);
    json_put_text(&hand->plan, "version", info->version);
    json_put_text(&hand->plan, "content", content);
}

static void set_verdict(grade_hand *hand, kafka_batch *batch, kafka_item *item, const tocsin_document *document,
                        const tocsin_verdict *verdict) {
    const kafka_grade_options *options = hand->grader->options;
    tocsin_buffer *out = &batch->texts[hand->number];
    item->tier = verdict->tier;
    item->generation = verdict->generation;
    item->incomplete = verdict->incomplete;
    item->malformed = verdict->malformed != 0;
    item->outcome = verdict->tier == TOCSIN_TIER_NONE && !options->all ? ITEM_NOTHING : ITEM_VERDICT;
    if (item->outcome == ITEM_NOTHING) return;
    if (hand->generation != verdict->generation) take_plan(hand, batch, verdict);
    item->version = hand->version;
    item->content = hand->content;
    item->tier_id = append(batch, hand->number, verdict->tier_id, strlen(verdict->tier_id));
    if (!item->message->key_len) item->key = append(batch, hand->number, document->id.data, document->id.length);
    const size_t start = out->length;
    if (!options->with_document) {
        document_reader_put_verdict(hand->reader, verdict, out);
        out->length--; /* the closing brace */
    } else {           /* places in the text beside them */
        if (tocsin_verdict_to_json(verdict, out) != TOCSIN_OK) tool_out_of_memory();
        out->length--; /* the closing brace */
        append_document(out, document, document_reader_url(hand->reader));
    }
    text_puts(out, ",\"plan\":{");
    text_append(out, hand->plan.data, hand->plan.length);
    text_puts(out, "}}");
    item->value = (item_text){hand->number, start, out->length - start};
}

static void grade_item(grade_hand *hand, kafka_batch *batch, kafka_item *item) {
    const rd_kafka_message_t *message = item->message;
    const tocsin_verdict *verdict = NULL;
    tocsin_document document;
    tocsin_error error;
    char id[320];
    if (!message->payload) {
        set_reason(batch, item, hand->number, "no value: a tombstone");
        return;
    }
    switch (document_reader_value(hand->reader, message->payload, message->len, &document)) {
        case DOCUMENT_BLANK: set_reason(batch, item, hand->number, "the value is empty"); return;
        case DOCUMENT_REJECTED: set_reason(batch, item, hand->number, document_reader_reason(hand->reader)); return;
        case DOCUMENT_READY: break;
    }
    if (!document.id.data) {
        const int length = snprintf(id, sizeof id, "%s/%" PRId32 "/%" PRId64, rd_kafka_topic_name(message->rkt),
                                    message->partition, message->offset);
        document.id = (tocsin_bytes){id, (size_t)length};
    }
    error.message[0] = '\0';
    const tocsin_status status = tocsin_classify(hand->scanner, &document, &verdict, &error);
    if (status == TOCSIN_OK) {
        set_verdict(hand, batch, item, &document, verdict);
    } else {
        set_reason(batch, item, hand->number, error.message[0] ? error.message : tocsin_status_string(status));
    }
}

static void grade_slices(grade_hand *hand, kafka_batch *batch) {
    hand->generation = UINT64_MAX;
    for (;;) {
        const size_t first = atomic_fetch_add(&hand->grader->next, SLICE);
        const size_t last = first + SLICE < batch->count ? first + SLICE : batch->count;
        if (first >= batch->count) break;
        for (size_t i = first; i < last; i++) {
            if (!batch->items[i].dropped) grade_item(hand, batch, &batch->items[i]);
        }
    }
    document_reader_trim(hand->reader);
}

static void *run(void *context) {
    grade_hand *hand = context;
    kafka_grader *grader = hand->grader;
    uint64_t turn = 0;
    pthread_mutex_lock(&grader->lock);
    for (;;) {
        while (grader->turn == turn && !grader->ending) pthread_cond_wait(&grader->work, &grader->lock);
        if (grader->ending) break;
        turn = grader->turn;
        kafka_batch *batch = grader->batch;
        pthread_mutex_unlock(&grader->lock);
        grade_slices(hand, batch);
        pthread_mutex_lock(&grader->lock);
        if (!--grader->busy) pthread_cond_signal(&grader->done);
    }
    pthread_mutex_unlock(&grader->lock);
    return NULL;
}

static int make_hands(kafka_grader *grader, tocsin_slot *slot) {
    tocsin_error error = {0};
    for (size_t i = 0; i < grader->count; i++) {
        grade_hand *hand = &grader->hands[i];
        hand->grader = grader;
        hand->number = (uint32_t)i;
        tocsin_buffer_init(&hand->plan, NULL);
        hand->reader = document_reader_create(&grader->options->names);
        const tocsin_status status = tocsin_scanner_create_for_slot(slot, NULL, &hand->scanner, &error);
        if (status != TOCSIN_OK) {
            console_error("cannot start: %s", error.message[0] ? error.message : tocsin_status_string(status));
            return 0;
        }
        if (i && pthread_create(&hand->thread, NULL, run, hand)) {
            console_error("cannot start a thread: %s", strerror(errno));
            return 0;
        }
        grader->started = i + 1;
    }
    return 1;
}

kafka_grader *kafka_grader_create(tocsin_slot *slot, size_t threads, const kafka_grade_options *options) {
    kafka_grader *grader = tool_allocate(1, sizeof *grader);
    grader->options = options;
    grader->count = threads;
    grader->hands = tool_allocate(threads, sizeof *grader->hands);
    pthread_mutex_init(&grader->lock, NULL);
    pthread_cond_init(&grader->work, NULL);
    pthread_cond_init(&grader->done, NULL);
    if (make_hands(grader, slot)) return grader;
    kafka_grader_free(grader);
    return NULL;
}

void kafka_grader_free(kafka_grader *grader) {
    if (!grader) return;
    pthread_mutex_lock(&grader->lock);
    grader->ending = 1;
    pthread_cond_broadcast(&grader->work);
    pthread_mutex_unlock(&grader->lock);
    for (size_t i = 1; i < grader->started; i++) pthread_join(grader->hands[i].thread, NULL);
    for (size_t i = 0; i < grader->count; i++) {
        tocsin_scanner_free(grader->hands[i].scanner);
        document_reader_free(grader->hands[i].reader);
        tocsin_buffer_release(&grader->hands[i].plan);
    }
    pthread_cond_destroy(&grader->done);
    pthread_cond_destroy(&grader->work);
    pthread_mutex_destroy(&grader->lock);
    tool_free(grader->hands);
    tool_free(grader);
}

void kafka_grader_run(kafka_grader *grader, kafka_batch *batch) {
    const int together = grader->count > 1 && batch->count > SLICE;
    atomic_store(&grader->next, 0);
    if (together) {
        pthread_mutex_lock(&grader->lock);
        grader->batch = batch;
        grader->turn++;
        grader->busy = grader->count - 1;
        pthread_cond_broadcast(&grader->work);
        pthread_mutex_unlock(&grader->lock);
    }
    grade_slices(&grader->hands[0], batch);
    if (!together) return;
    pthread_mutex_lock(&grader->lock);
    while (grader->busy) pthread_cond_wait(&grader->done, &grader->lock);
    pthread_mutex_unlock(&grader->lock);
}
