/*
 * Exactly once: verdicts and offsets are in one transaction. A transaction that was certainly aborted is sent again
 * from memory. If it is unknown whether a transaction was committed (its producer was fenced off, or broke), another
 * producer of the same name ends it either way, and reading goes on from the offsets that are then committed.
 *
 * At least once: offsets are committed after the brokers have acknowledged every verdict.
 *
 * A record that a topic refuses does not stop the worker: a refused verdict becomes a rejected message on the errors
 * topic, with the reason. A message that the errors topic refuses too goes there in part, or is reported in the log.
 */
#include "tocsin-kafka/kafka_deliver.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"

#define SHORT_CUT 65536
#define CALL_MILLISECONDS 5000 /* after this time the group is polled, and the call repeated */
#define FLUSH_MILLISECONDS 1000
#define ABORT_SECONDS 5.0
#define STOP_SECONDS 5.0 /* a worker that must end waits this long for answers */
#define FIRST_PAUSE 100
#define LONGEST_PAUSE 20000
#define SHOWN_REJECTS 20

typedef enum deliver_result {
    DELIVER_DONE,
    DELIVER_ANEW,  /* at once: refused records now go elsewhere */
    DELIVER_AGAIN, /* after a pause */
    DELIVER_LOST,  /* the result is unknown */
    DELIVER_STOPPED
} deliver_result;

static void add_text(rd_kafka_headers_t *headers, const char *name, tocsin_bytes value) {
    if (rd_kafka_header_add(headers, name, -1, value.data, (ssize_t)value.length)) tool_out_of_memory();
}

__attribute__((format(printf, 3, 4))) static void add_header(rd_kafka_headers_t *headers, const char *name,
                                                             const char *format, ...) {
    char text[400];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    add_text(headers, name, (tocsin_bytes){text, (size_t)length < sizeof text ? (size_t)length : sizeof text - 1});
}

/* Adds the place of the message as headers, which identify it wherever its verdict goes. */
static void add_input(rd_kafka_headers_t *headers, const rd_kafka_message_t *message) {
    add_header(headers, "tocsin-input", "%s/%" PRId32 "/%" PRId64, rd_kafka_topic_name(message->rkt),
               message->partition, message->offset);
}

/* Sends one record; waits while the producer's queue is full. */
static rd_kafka_resp_err_t produce(kafka_worker *worker, const char *topic, tocsin_bytes key, tocsin_bytes value,
                                   rd_kafka_headers_t *headers, size_t number) {
    for (;;) {
        const rd_kafka_resp_err_t error = rd_kafka_producev(
            worker->producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
            RD_KAFKA_V_KEY(key.data, key.length), RD_KAFKA_V_VALUE((void *)(uintptr_t)value.data, value.length),
            RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_OPAQUE((void *)(uintptr_t)(number + 1)), /**/
            RD_KAFKA_V_END);
        if (error != RD_KAFKA_RESP_ERR__QUEUE_FULL) {
            if (error) rd_kafka_headers_destroy(headers);
            return error;
        }
        rd_kafka_poll(worker->producer, 100);
        worker_keep_alive(worker);
    }
}

static rd_kafka_resp_err_t send_verdict(kafka_worker *worker, const kafka_item *item, size_t number) {
    const kafka_batch *batch = &worker->batch;
    const rd_kafka_message_t *message = item->message;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(5);
    tocsin_bytes key = {message->key, message->key_len};
    if (!key.length) key = kafka_batch_text(batch, &item->key);
    add_text(headers, "tocsin-tier", kafka_batch_text(batch, &item->tier_id));
    add_text(headers, "tocsin-plan-version", kafka_batch_text(batch, &item->version));
    add_text(headers, "tocsin-plan-content", kafka_batch_text(batch, &item->content));
    add_header(headers, "tocsin-generation", "%" PRIu64, item->generation);
    add_input(headers, message);
    return produce(worker, worker->options->output, key, kafka_batch_text(batch, &item->value), headers, number);
}

static rd_kafka_resp_err_t send_rejected(kafka_worker *worker, const kafka_item *item, size_t number) {
    const rd_kafka_message_t *message = item->message;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(4);
    const tocsin_bytes key = {message->key, message->key_len};
    tocsin_bytes value = {message->payload, message->len};
    add_text(headers, "tocsin-reason", kafka_batch_text(&worker->batch, &item->value));
    add_input(headers, message);
    if (item->cut != CUT_NONE) {
        add_header(headers, "tocsin-whole-bytes", "%zu", message->len);
        value.length = item->cut == CUT_ALL ? 0 : value.length < SHORT_CUT ? value.length : SHORT_CUT;
    }
    return produce(worker, worker->options->errors, key, value, headers, number);
}

/*
 * Waits until every record is answered, the transaction has failed, the worker must end, or no answer came for longer
 * than librdkafka keeps a record. The last case happens: librdkafka 2.0 never answers a record that it was about to
 * send again if the topic is refused meanwhile, and rd_kafka_commit_transaction() and rd_kafka_abort_transaction() with
 * a timeout of -1 would wait for that record for ever.
 */
static void flush(kafka_worker *worker) {
    const int transaction = !worker->options->at_least_once;
    int waiting = rd_kafka_outq_len(worker->producer);
    double answered = tool_seconds();
    while (rd_kafka_flush(worker->producer, FLUSH_MILLISECONDS) == RD_KAFKA_RESP_ERR__TIMED_OUT) {
        const int left = rd_kafka_outq_len(worker->producer);
        worker_keep_alive(worker);
        if (left != waiting) answered = tool_seconds();
        waiting = left;
        if (transaction && worker->failures) return;
        const double silence = tool_seconds() - answered;
        if (silence > worker->answer_seconds || (worker_stopped(worker) && silence > STOP_SECONDS)) return;
    }
}

/* Handles records that flush() left: the producer will not answer them any more. */
static deliver_result unanswered(kafka_worker *worker) {
    if (worker_stopped(worker)) return DELIVER_STOPPED;
    worker_problem(worker, "%d records were not answered for %.0f s", rd_kafka_outq_len(worker->producer),
                   worker->answer_seconds);
    return DELIVER_LOST;
}

/* Logs a rejected message with its details if no topic takes it. */
static void say_rejected(const kafka_worker *worker, const kafka_item *item) {
    const tocsin_bytes reason = kafka_batch_text(&worker->batch, &item->value);
    const rd_kafka_message_t *message = item->message;
    tocsin_buffer fields;
    tocsin_buffer_init(&fields, NULL);
    text_puts(&fields, "\"topic\":");
    utf8_append_json(&fields, rd_kafka_topic_name(message->rkt), strlen(rd_kafka_topic_name(message->rkt)));
    text_printf(&fields, ",\"partition\":%" PRId32 ",\"offset\":%" PRId64 ",\"reason\":", message->partition,
                message->offset);
    utf8_append_json(&fields, reason.data, reason.length);
    console_event("warning", fields.data, "%s/%" PRId32 "/%" PRId64 ": %.*s", rd_kafka_topic_name(message->rkt),
                  message->partition, message->offset, (int)reason.length, reason.data);
    tocsin_buffer_release(&fields);
}

static int is_refusal(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || error == RD_KAFKA_RESP_ERR_INVALID_MSG ||
           error == RD_KAFKA_RESP_ERR_INVALID_RECORD || error == RD_KAFKA_RESP_ERR__INVALID_ARG;
}

/* The record that was sent last was refused permanently: chooses what is sent in its place. */
static void refuse(kafka_worker *worker, kafka_item *item) {
    if (item->outcome == ITEM_VERDICT) {
        kafka_batch_reject(&worker->batch, item, "the topic %s does not take the verdict of %zu bytes: %s",
                           worker->options->output, item->value.length, rd_kafka_err2str(item->failure));
        kafka_status_add(worker->status, STATUS_REFUSED, 1);
    } else {
        item->cut++;
    }
    item->alone = 0;
    item->failure = RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* Whether the topic would certainly refuse it. */
static int is_too_large(const kafka_worker *worker, const kafka_item *item) {
    const int verdict = item->outcome == ITEM_VERDICT;
    const uint64_t limit = verdict ? worker->output_limit : worker->errors_limit;
    const size_t whole = verdict ? item->value.length : item->message->len;
    const size_t sent = verdict || item->cut == CUT_NONE ? whole
                        : item->cut == CUT_ALL           ? 0
                        : whole < SHORT_CUT              ? whole
                                                         : SHORT_CUT;
    return limit && !worker->compresses && sent > limit;
}

/* A record that was too large together with others is sent by itself. */
static rd_kafka_resp_err_t send_record(kafka_worker *worker, const kafka_item *item, size_t number) {
    if (is_too_large(worker, item)) return RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE;
    if (item->alone) flush(worker);
    const rd_kafka_resp_err_t error =
        item->outcome == ITEM_VERDICT ? send_verdict(worker, item, number) : send_rejected(worker, item, number);
    if (item->alone) flush(worker);
    return error;
}

/* Tries until the record is on its way or no topic takes it; returns an error that is not caused by the record. */
static rd_kafka_resp_err_t send_item(kafka_worker *worker, kafka_item *item, size_t number) {
    for (;;) {
        rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
        if (item->outcome == ITEM_NOTHING) return error;
        if (item->outcome == ITEM_REJECTED && (!worker->options->errors || item->cut == CUT_GIVEN_UP)) return error;
        error = send_record(worker, item, number);
        if (!is_refusal(error)) return error;
        item->failure = error;
        refuse(worker, item);
    }
}

static rd_kafka_resp_err_t send_all(kafka_worker *worker) {
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;
    worker->failures = 0;
    for (size_t i = 0; i < worker->batch.count && !error; i++) {
        kafka_item *item = &worker->batch.items[i];
        item->failure = RD_KAFKA_RESP_ERR_NO_ERROR;
        item->sent = !item->dropped && !item->delivered;
        if (item->sent) error = send_item(worker, item, i);
        if (i % 1024 == 0) rd_kafka_poll(worker->producer, 0);
    }
    return error;
}

/* After all answers: sends refused records elsewhere; returns whether anything else failed. */
static deliver_result sort_failures(kafka_worker *worker) {
    rd_kafka_resp_err_t other = RD_KAFKA_RESP_ERR_NO_ERROR;
    int refused = 0;
    for (size_t i = 0; i < worker->batch.count; i++) {
        kafka_item *item = &worker->batch.items[i];
        if (item->dropped || !item->failure) continue;
        if (is_refusal(item->failure)) {
            if (!refused) worker_ask_limits(worker);
            refused = 1;
            const int others = item->failure == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE && !item->alone;
            if (others && !is_too_large(worker, item)) {
                item->alone = 1;
            } else {
                refuse(worker, item);
            }
        } else if (item->failure != RD_KAFKA_RESP_ERR__PURGE_QUEUE &&
                   item->failure != RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
            other = item->failure;
        }
    }
    /* A refused record makes the records after it fail too: without it they are sent again at once. */
    if (refused) return DELIVER_ANEW;
    if (other) worker_problem(worker, "verdicts cannot be written: %s", rd_kafka_err2str(other));
    return other ? DELIVER_AGAIN : DELIVER_DONE;
}

/* Decides how to go on after an error of a transaction. */
static deliver_result judge(kafka_worker *worker, rd_kafka_error_t *error) {
    deliver_result result = DELIVER_LOST;
    if (!error) return DELIVER_DONE;
    if (!rd_kafka_error_is_fatal(error) && rd_kafka_error_txn_requires_abort(error)) result = DELIVER_AGAIN;
    if (result == DELIVER_LOST) worker_problem(worker, "the transaction is lost: %s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return result;
}

/* Repeats the call with the same arguments until it succeeds or fails permanently. */
static rd_kafka_error_t *send_offsets(kafka_worker *worker, const rd_kafka_topic_partition_list_t *ends) {
    rd_kafka_consumer_group_metadata_t *group = rd_kafka_consumer_group_metadata(worker->consumer);
    rd_kafka_error_t *error = NULL;
    if (!group) return rd_kafka_error_new(RD_KAFKA_RESP_ERR__STATE, "there is no group");
    while ((error = rd_kafka_send_offsets_to_transaction(worker->producer, ends, group, CALL_MILLISECONDS))) {
        if (rd_kafka_error_is_fatal(error) || rd_kafka_error_txn_requires_abort(error) ||
            !rd_kafka_error_is_retriable(error)) {
            break;
        }
        worker_problem(worker, "brokers are slow: %s", rd_kafka_error_string(error));
        if (worker_stopped(worker)) break;
        rd_kafka_error_destroy(error);
        worker_keep_alive(worker);
    }
    rd_kafka_consumer_group_metadata_destroy(group);
    return error;
}

/*
 * Commits or aborts the transaction. Each call continues the previous one after its timeout. The group is not polled
 * meanwhile, so that no partition is taken away while it is unknown whether its offsets are committed.
 */
static rd_kafka_error_t *end_transaction(kafka_worker *worker, rd_kafka_error_t *(*end)(rd_kafka_t *, int),
                                         double seconds) {
    const double until = tool_seconds() + seconds;
    rd_kafka_error_t *error;
    while ((error = end(worker->producer, CALL_MILLISECONDS)) &&
           rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__TIMED_OUT && !rd_kafka_error_txn_requires_abort(error) &&
           !worker_stopped(worker) && tool_seconds() < until) {
        worker_problem(worker, "brokers are slow: %s", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
    }
    return error;
}

/* Aborts the transaction for a given reason. If that takes long, another producer is faster. */
static deliver_result give_up(kafka_worker *worker, const char *reason) {
    rd_kafka_error_t *error = end_transaction(worker, rd_kafka_abort_transaction, ABORT_SECONDS);
    kafka_status_add(worker->status, STATUS_ABORTS, 1);
    if (error) {
        worker_problem(worker, "the transaction is lost: %s", rd_kafka_error_string(error));
        rd_kafka_error_destroy(error);
        return DELIVER_LOST;
    }
    const deliver_result sorted = sort_failures(worker);
    if (sorted == DELIVER_DONE && reason) worker_problem(worker, "a transaction was given up: %s", reason);
    return sorted == DELIVER_DONE ? DELIVER_AGAIN : sorted;
}

static deliver_result transact(kafka_worker *worker) {
    const uint64_t dropped = worker->dropped;
    char reason[256] = "partitions went to another worker";
    rd_kafka_error_t *error = rd_kafka_begin_transaction(worker->producer);
    if (error) return judge(worker, error) == DELIVER_AGAIN ? give_up(worker, NULL) : DELIVER_LOST;
    const rd_kafka_resp_err_t failed = send_all(worker);
    if (failed) return give_up(worker, rd_kafka_err2str(failed));
    if (worker->dropped != dropped) return give_up(worker, reason);
    rd_kafka_topic_partition_list_t *ends = kafka_batch_ends(&worker->batch);
    deliver_result result = DELIVER_AGAIN;
    error = send_offsets(worker, ends);
    if (!error) flush(worker);
    if (!error && worker->dropped == dropped) {
        if (rd_kafka_outq_len(worker->producer) && !worker->failures) {
            rd_kafka_topic_partition_list_destroy(ends);
            return unanswered(worker);
        }
        error = end_transaction(worker, rd_kafka_commit_transaction, worker->answer_seconds);
        if (!error) result = DELIVER_DONE;
    }
    if (error) {
        snprintf(reason, sizeof reason, "%s", rd_kafka_error_string(error));
        result = judge(worker, error);
    }
    if (result == DELIVER_DONE) worker_committed(worker, ends);
    rd_kafka_topic_partition_list_destroy(ends);
    return result == DELIVER_AGAIN ? give_up(worker, reason) : result;
}

/* Writes everything, then commits the offsets. */
static deliver_result acknowledge(kafka_worker *worker) {
    const rd_kafka_resp_err_t failed = send_all(worker);
    flush(worker);
    if (rd_kafka_outq_len(worker->producer)) return unanswered(worker);
    for (size_t i = 0; i < worker->batch.count && !failed; i++) {
        kafka_item *item = &worker->batch.items[i];
        if (item->sent) item->delivered = !item->failure;
    }
    if (rd_kafka_fatal_error(worker->producer, NULL, 0)) return DELIVER_LOST;
    if (failed) worker_problem(worker, "verdicts cannot be written: %s", rd_kafka_err2str(failed));
    const deliver_result sorted = failed ? DELIVER_AGAIN : sort_failures(worker);
    if (sorted != DELIVER_DONE) return sorted;
    rd_kafka_topic_partition_list_t *ends = kafka_batch_ends(&worker->batch);
    const rd_kafka_resp_err_t error =
        ends->cnt ? rd_kafka_commit(worker->consumer, ends, 1) : RD_KAFKA_RESP_ERR_NO_ERROR;
    if (error) worker_problem(worker, "offsets could not be committed: %s", rd_kafka_err2str(error));
    worker_committed(worker, ends);
    rd_kafka_topic_partition_list_destroy(ends);
    return DELIVER_DONE;
}

/* Makes another producer and finds the place to go on from; tries again, with pauses, until it works. */
static int recover(kafka_worker *worker) {
    for (int pause = FIRST_PAUSE * 10;; pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE) {
        if (worker_stopped(worker)) return 0;
        const int again = worker_restart_producer(worker);
        if (again && (worker->options->at_least_once || worker_rewind(worker))) return 1;
        if (worker_wait(worker, pause)) return 0;
    }
}

/* Counts the results of a finished batch. */
static void account(kafka_worker *worker) {
    for (size_t i = 0; i < worker->batch.count; i++) {
        const kafka_item *item = &worker->batch.items[i];
        if ((item->dropped && !item->delivered) || item->outcome != ITEM_REJECTED) continue;
        const int lost = !worker->options->errors || item->cut == CUT_GIVEN_UP;
        if (lost) kafka_status_add(worker->status, STATUS_LOST, 1);
        if (lost && kafka_status_get(worker->status, STATUS_LOST) <= SHOWN_REJECTS) say_rejected(worker, item);
    }
    kafka_status_take(worker->status, &worker->batch);
    worker_recovered(worker);
}

int kafka_deliver(kafka_worker *worker) {
    int pause = FIRST_PAUSE;
    for (;;) {
        const deliver_result result = worker->options->at_least_once ? acknowledge(worker) : transact(worker);
        if (result == DELIVER_DONE) account(worker);
        if (result == DELIVER_DONE || worker->failed) return !worker->failed;
        if (result == DELIVER_STOPPED) return 0;
        if (result == DELIVER_LOST && !recover(worker)) return 0;
        if (result == DELIVER_LOST && !worker->options->at_least_once) return 1;
        kafka_status_add(worker->status, STATUS_RETRIES, 1);
        if (result == DELIVER_AGAIN) {
            if (worker_wait(worker, pause)) return 0;
            pause = pause * 2 < LONGEST_PAUSE ? pause * 2 : LONGEST_PAUSE;
        }
        if (kafka_batch_live(&worker->batch)) continue;
        if (worker->options->at_least_once) kafka_status_take(worker->status, &worker->batch);
        return 1;
    }
}
