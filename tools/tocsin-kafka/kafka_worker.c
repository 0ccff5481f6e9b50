/*
 * One thread does everything except grading, so callbacks only happen when it polls: partitions never change hands
 * while a batch is graded. Messages of a partition that is taken away are dropped; its new owner reads them again from
 * the committed offset. While brokers are slow to take a batch, the partitions are paused and the group is still
 * polled, so that a waiting worker does not look dead.
 */
#include "tocsin-kafka/kafka_worker.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "kafka/topics.h"
#include "program/console.h"

#define START_MILLISECONDS 10000
#define INIT_SECONDS 60
#define IDLE_MILLISECONDS 200
#define COMMITTED_MILLISECONDS 300
#define LIMIT_MILLISECONDS 1500
#define IDLE_SECONDS 10.0
#define QUIET_SECONDS 20.0 /* longer than librdkafka waits between attempts to connect */
#define TELL_SECONDS 30.0
#define ANSWER_SECONDS 10.0 /* longer than the time for which librdkafka keeps a record */
#define BATCH_BYTES ((size_t)64 << 20)

int worker_stopped(const kafka_worker *worker) {
    struct pollfd one = {worker->options->stop_fd, POLLIN, 0};
    return poll(&one, 1, 0) > 0;
}

void worker_problem(kafka_worker *worker, const char *format, ...) {
    char text[sizeof worker->problem];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    const double now = worker->troubled = tool_seconds();
    kafka_status_state(worker->status, "degraded", text);
    if (!strcmp(text, worker->problem) && now - worker->told < TELL_SECONDS) return;
    worker->told = now;
    memcpy(worker->problem, text, sizeof text);
    console_error("%s", text);
}

void worker_recovered(kafka_worker *worker) {
    if (!worker->problem[0]) return;
    worker->problem[0] = '\0';
    console_event("info", NULL, "goes on");
    kafka_status_state(worker->status, "running", NULL);
}

static void say_partitions(const char *what, const rd_kafka_topic_partition_list_t *partitions, size_t dropped) {
    tocsin_buffer names;
    tocsin_buffer_init(&names, NULL);
    for (int i = 0; i < partitions->cnt; i++) {
        text_printf(&names, "%s%s/%" PRId32, i ? " " : "", partitions->elems[i].topic, partitions->elems[i].partition);
    }
    if (dropped) text_printf(&names, ", with %zu messages that were not finished", dropped);
    console_event("info", NULL, "%s: %s", what, names.length ? names.data : "nothing");
    tocsin_buffer_release(&names);
}

static int is_cooperative(rd_kafka_t *consumer) {
    const char *protocol = rd_kafka_rebalance_protocol(consumer);
    return protocol && !strcmp(protocol, "COOPERATIVE");
}

static void assign(kafka_worker *worker, rd_kafka_topic_partition_list_t *partitions, int cooperative) {
    rd_kafka_error_t *error = NULL;
    for (int i = 0; i < partitions->cnt; i++) {
        rd_kafka_topic_partition_list_add(worker->assigned, partitions->elems[i].topic, partitions->elems[i].partition);
    }
    if (cooperative) {
        error = rd_kafka_incremental_assign(worker->consumer, partitions);
    } else {
        rd_kafka_assign(worker->consumer, partitions);
    }
    if (error) console_error("partitions: %s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    /* A partition that was paused when it was taken away is still paused when it comes back. */
    if (worker->paused) {
        rd_kafka_pause_partitions(worker->consumer, partitions);
    } else {
        rd_kafka_resume_partitions(worker->consumer, partitions);
    }
    say_partitions("reads", partitions, 0);
}

/* Waits until offsets committed in the background are stored, before another worker reads them. */
static void confirm_offsets(kafka_worker *worker, const rd_kafka_topic_partition_list_t *partitions) {
    rd_kafka_topic_partition_list_t *places = rd_kafka_topic_partition_list_new(8);
    for (int i = 0; i < partitions->cnt; i++) {
        const rd_kafka_topic_partition_t *own = rd_kafka_topic_partition_list_find(
            worker->assigned, partitions->elems[i].topic, partitions->elems[i].partition);
        if (!own || own->offset < 0) continue;
        rd_kafka_topic_partition_list_add(places, own->topic, own->partition)->offset = own->offset;
    }
    if (places->cnt) (void)rd_kafka_commit(worker->consumer, places, 0);
    rd_kafka_topic_partition_list_destroy(places);
}

static void revoke(kafka_worker *worker, rd_kafka_topic_partition_list_t *partitions, int cooperative) {
    rd_kafka_error_t *error = NULL;
    const int lost = rd_kafka_assignment_lost(worker->consumer);
    size_t dropped = 0;
    if (worker->options->at_least_once && !lost) confirm_offsets(worker, partitions);
    if (worker->paused) rd_kafka_resume_partitions(worker->consumer, partitions);
    for (int i = 0; i < partitions->cnt; i++) {
        const rd_kafka_topic_partition_t *one = &partitions->elems[i];
        dropped += kafka_batch_drop(&worker->batch, one->topic, one->partition);
        dropped += kafka_batch_drop(&worker->held, one->topic, one->partition);
        rd_kafka_topic_partition_list_del(worker->assigned, one->topic, one->partition);
        rd_kafka_topic_partition_list_del(worker->ended, one->topic, one->partition);
        rd_kafka_topic_partition_list_del(worker->unread, one->topic, one->partition);
    }
    worker->dropped += dropped;
    say_partitions(lost ? "lost" : "gives up", partitions, dropped);
    if (cooperative) {
        error = rd_kafka_incremental_unassign(worker->consumer, partitions);
    } else {
        rd_kafka_assign(worker->consumer, NULL);
    }
    if (error) console_error("partitions: %s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
}

static void on_rebalance(rd_kafka_t *consumer, rd_kafka_resp_err_t what, rd_kafka_topic_partition_list_t *partitions,
                         void *context) {
    kafka_worker *worker = context;
    const int cooperative = is_cooperative(consumer);
    kafka_status_add(worker->status, STATUS_REBALANCES, 1);
    if (what == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        assign(worker, partitions, cooperative);
    } else {
        if (what != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) console_error("partitions: %s", rd_kafka_err2str(what));
        revoke(worker, partitions, cooperative);
    }
    worker->lagged = 0;
}

/* Handles a message that was not delivered; its opaque value is its number in the batch. */
static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *context) {
    kafka_worker *worker = context;
    const size_t index = (size_t)(uintptr_t)message->_private;
    (void)producer;
    worker->failures += message->err != 0;
    if (message->err && index && index <= worker->batch.count) worker->batch.items[index - 1].failure = message->err;
}

/*
 * A consumer with a fatal error ends; a producer is replaced. A callback, a special message, or both report the error.
 */
static void take_fatal(kafka_worker *worker, rd_kafka_t *client) {
    char text[256];
    const rd_kafka_resp_err_t fatal = rd_kafka_fatal_error(client, text, sizeof text);
    if (!fatal || worker->failed) return;
    if (client == worker->consumer && fatal == RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID) {
        console_error("another worker of this group has taken the name %s", worker->options->instance);
    } else {
        worker_problem(worker, "%s", text);
    }
    worker->failed = client == worker->consumer;
}

static void on_error(rd_kafka_t *client, int code, const char *reason, void *context) {
    kafka_worker *worker = context;
    if (code == RD_KAFKA_RESP_ERR__FATAL) {
        take_fatal(worker, client);
    } else if (code == RD_KAFKA_RESP_ERR__TRANSPORT) {
        worker->troubled = tool_seconds(); /* the log has it; other brokers may answer */
    } else {
        worker_problem(worker, "%s", reason);
    }
}

static void on_commit(rd_kafka_t *consumer, rd_kafka_resp_err_t error, rd_kafka_topic_partition_list_t *offsets,
                      void *context) {
    (void)consumer;
    (void)offsets;
    if (error && error != RD_KAFKA_RESP_ERR__NO_OFFSET) {
        worker_problem(context, "offsets could not be committed: %s", rd_kafka_err2str(error));
    }
}

static int open_consumer(kafka_worker *worker) {
    /*
     * librdkafka waits for a second if its queue is full, and a worker empties it sooner, so the queue is long. A
     * cooperative rebalance takes two rounds. If a named worker is killed between them and comes back, the group skips
     * the second round, and nobody reads the partitions that were about to move. So named workers rebalance in one
     * round.
     */
    const worker_options *options = worker->options;
    const char *const defaults[] = {"auto.offset.reset",
                                    "earliest",
                                    "partition.assignment.strategy",
                                    options->instance ? "range" : "cooperative-sticky",
                                    "client.id",
                                    "tocsin-kafka",
                                    "queued.min.messages",
                                    "300000",
                                    "queued.max.messages.kbytes",
                                    "65536",
                                    NULL};
    const char *const fixed[] = {"bootstrap.servers",
                                 options->brokers,
                                 "group.id",
                                 options->group,
                                 "enable.auto.commit",
                                 "false",
                                 "enable.auto.offset.store",
                                 "false",
                                 "enable.partition.eof",
                                 options->once ? "true" : "false",
                                 "group.instance.id",
                                 options->instance,
                                 NULL};
    rd_kafka_conf_t *configuration = kafka_settings_configure(options->settings, defaults, fixed);
    rd_kafka_conf_set_opaque(configuration, worker);
    rd_kafka_conf_set_rebalance_cb(configuration, on_rebalance);
    rd_kafka_conf_set_error_cb(configuration, on_error);
    rd_kafka_conf_set_offset_commit_cb(configuration, on_commit);
    worker->consumer = kafka_client_create(RD_KAFKA_CONSUMER, configuration);
    if (worker->consumer) rd_kafka_poll_set_consumer(worker->consumer);
    return worker->consumer != NULL;
}

void worker_ask_limits(kafka_worker *worker) {
    const char *const topics[] = {worker->options->output, worker->options->errors};
    uint64_t limits[] = {0, 0};
    kafka_topic_limits(worker->consumer, topics, worker->options->errors ? 2 : 1, limits, LIMIT_MILLISECONDS);
    worker->output_limit = limits[0];
    worker->errors_limit = limits[1];
}

static int begin_transactions(kafka_worker *worker) {
    rd_kafka_error_t *error;
    const double until = tool_seconds() + INIT_SECONDS;
    while ((error = rd_kafka_init_transactions(worker->producer, 2000)) && rd_kafka_error_is_retriable(error) &&
           tool_seconds() < until && !worker_stopped(worker)) {
        rd_kafka_error_destroy(error);
    }
    if (!error) return 1;
    worker_problem(worker, "transactions cannot be begun: %s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    return 0;
}

/* A time property of the producer, in seconds; 0 means for ever. */
static double producer_seconds(const kafka_worker *worker, const char *property) {
    char text[32];
    size_t size = sizeof text;
    if (rd_kafka_conf_get(rd_kafka_conf(worker->producer), property, text, &size)) return HUGE_VAL;
    const double milliseconds = strtod(text, NULL);
    return milliseconds > 0 ? milliseconds / 1000 : HUGE_VAL;
}

/* Records are sent in batches, and a topic's limit is for batches. */
static int open_producer(kafka_worker *worker) {
    const worker_options *options = worker->options;
    char batch[24], compression[32];
    size_t size = sizeof compression;
    uint64_t least = 1000000;
    if (worker->output_limit && worker->output_limit < least) least = worker->output_limit;
    if (worker->errors_limit && worker->errors_limit < least) least = worker->errors_limit;
    snprintf(batch, sizeof batch, "%" PRIu64, least);
    const char *const defaults[] = {
        "client.id", "tocsin-kafka", "partitioner", "murmur2_random",         "linger.ms",
        "5",         "batch.size",   batch,         "transaction.timeout.ms", options->at_least_once ? NULL : "60000",
        NULL};
    const char *const fixed[] = {"bootstrap.servers",
                                 options->brokers,
                                 "enable.idempotence",
                                 "true",
                                 "delivery.report.only.error",
                                 "true",
                                 "transactional.id",
                                 options->at_least_once ? NULL : worker->transactional_id,
                                 NULL};
    rd_kafka_conf_t *configuration = kafka_settings_configure(options->settings, defaults, fixed);
    rd_kafka_conf_set_opaque(configuration, worker);
    rd_kafka_conf_set_dr_msg_cb(configuration, on_delivery);
    rd_kafka_conf_set_error_cb(configuration, on_error);
    worker->producer = kafka_client_create(RD_KAFKA_PRODUCER, configuration);
    if (!worker->producer) return 0;
    worker->compresses = rd_kafka_conf_get(rd_kafka_conf(worker->producer), "compression.codec", compression, &size) ||
                         strcmp(compression, "none") != 0;
    worker->answer_seconds =
        ANSWER_SECONDS +
        producer_seconds(worker, options->at_least_once ? "message.timeout.ms" : "transaction.timeout.ms");
    return options->at_least_once || begin_transactions(worker);
}

static void close_producer(kafka_worker *worker) {
    if (!worker->producer) return;
    rd_kafka_purge(worker->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(worker->producer, 1000);
    rd_kafka_destroy(worker->producer);
    worker->producer = NULL;
}

int worker_restart_producer(kafka_worker *worker) {
    close_producer(worker);
    kafka_status_add(worker->status, STATUS_RESTARTS, 1);
    if (open_producer(worker)) return 1;
    close_producer(worker);
    return 0;
}

/* Named workers keep their name, so that a transaction of a dead worker ends as soon as it is back. */
static void name_transactions(kafka_worker *worker) {
    unsigned char random[8] = {0};
    if (worker->options->instance) {
        snprintf(worker->transactional_id, sizeof worker->transactional_id, "tocsin-%s-%s", worker->options->group,
                 worker->options->instance);
        return;
    }
    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) tool_out_of_memory();
    const int length =
        snprintf(worker->transactional_id, sizeof worker->transactional_id, "tocsin-%.200s-", worker->options->group);
    for (size_t i = 0; i < sizeof random; i++) {
        snprintf(worker->transactional_id + (size_t)length + 2 * i, 3, "%02x", random[i]);
    }
}

static int check_topics(const kafka_worker *worker) {
    const worker_options *options = worker->options;
    for (size_t i = 0; i < options->input_count; i++) {
        if (!kafka_topic_partitions(worker->consumer, options->brokers, options->inputs[i], START_MILLISECONDS))
            return 0;
    }
    if (!kafka_topic_partitions(worker->consumer, options->brokers, options->output, START_MILLISECONDS)) return 0;
    return !options->errors ||
           kafka_topic_partitions(worker->consumer, options->brokers, options->errors, START_MILLISECONDS) > 0;
}

static int subscribe(kafka_worker *worker) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(4);
    for (size_t i = 0; i < worker->options->input_count; i++) {
        rd_kafka_topic_partition_list_add(topics, worker->options->inputs[i], RD_KAFKA_PARTITION_UA);
    }
    const rd_kafka_resp_err_t error = rd_kafka_subscribe(worker->consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (error) console_error("cannot subscribe: %s", rd_kafka_err2str(error));
    return !error;
}

int worker_open(kafka_worker *worker, const worker_options *options, size_t graders) {
    worker->options = options;
    kafka_batch_init(&worker->batch, graders);
    kafka_batch_init(&worker->held, 0);
    worker->assigned = rd_kafka_topic_partition_list_new(8);
    worker->ended = rd_kafka_topic_partition_list_new(8);
    worker->unread = rd_kafka_topic_partition_list_new(8);
    name_transactions(worker);
    if (!open_consumer(worker) || !check_topics(worker)) return 0;
    worker_ask_limits(worker);
    return open_producer(worker) && subscribe(worker);
}

void worker_close(kafka_worker *worker) {
    if (!worker->options) return;
    kafka_batch_clear(&worker->batch);
    kafka_batch_clear(&worker->held);
    if (worker->consumer) {
        const rd_kafka_resp_err_t error = rd_kafka_consumer_close(worker->consumer);
        if (error && !worker->failed) console_error("the group could not be left: %s", rd_kafka_err2str(error));
    }
    kafka_batch_release(&worker->batch);
    kafka_batch_release(&worker->held);
    close_producer(worker);
    if (worker->consumer) rd_kafka_destroy(worker->consumer);
    rd_kafka_topic_partition_list_destroy(worker->assigned);
    rd_kafka_topic_partition_list_destroy(worker->ended);
    rd_kafka_topic_partition_list_destroy(worker->unread);
}

/* Messages of these partitions that were already read will be read again. */
static void forget_partitions(kafka_worker *worker, const rd_kafka_topic_partition_list_t *partitions) {
    for (int i = 0; i < partitions->cnt; i++) {
        const rd_kafka_topic_partition_t *one = &partitions->elems[i];
        kafka_batch_drop(&worker->batch, one->topic, one->partition);
        kafka_batch_drop(&worker->held, one->topic, one->partition);
        rd_kafka_topic_partition_list_del(worker->ended, one->topic, one->partition);
    }
}

/*
 * A partition whose committed offset could not be read is not consumed, and librdkafka does not try again by itself. So
 * the partition is given up and taken again, after a while.
 */
static void take_again(kafka_worker *worker) {
    const double now = tool_seconds();
    if (!worker->unread->cnt || now - worker->unread_since < 1) return;
    rd_kafka_topic_partition_list_t *again = worker->unread;
    rd_kafka_error_t *error = NULL;
    worker->unread = rd_kafka_topic_partition_list_new(8);
    forget_partitions(worker, is_cooperative(worker->consumer) ? again : worker->assigned);
    if (is_cooperative(worker->consumer)) {
        error = rd_kafka_incremental_unassign(worker->consumer, again);
        if (!error) error = rd_kafka_incremental_assign(worker->consumer, again);
    } else {
        rd_kafka_assign(worker->consumer, worker->assigned);
    }
    say_partitions("asks again for the offsets of", again, 0);
    if (error) console_error("partitions: %s", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    rd_kafka_topic_partition_list_destroy(again);
}

/* Errors of reading a group's offset, which fetching messages does not have. */
static int is_of_group(rd_kafka_resp_err_t error) {
    return error == RD_KAFKA_RESP_ERR_NOT_COORDINATOR || error == RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE ||
           error == RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS ||
           error == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED || error == RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT ||
           error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT ||
           error == RD_KAFKA_RESP_ERR__TRANSPORT;
}

static void note_unread(kafka_worker *worker, const rd_kafka_message_t *notice) {
    if (!notice->rkt || notice->partition < 0 || !is_of_group(notice->err)) return;
    const char *topic = rd_kafka_topic_name(notice->rkt);
    if (!rd_kafka_topic_partition_list_find(worker->assigned, topic, notice->partition)) return;
    if (rd_kafka_topic_partition_list_find(worker->unread, topic, notice->partition)) return;
    rd_kafka_topic_partition_list_add(worker->unread, topic, notice->partition);
    worker->unread_since = tool_seconds();
}

/* Handles a message that is no document but a notice. */
static void take_notice(kafka_worker *worker, const rd_kafka_message_t *notice) {
    if (notice->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        const char *topic = rd_kafka_topic_name(notice->rkt);
        if (rd_kafka_topic_partition_list_find(worker->assigned, topic, notice->partition) &&
            !rd_kafka_topic_partition_list_find(worker->ended, topic, notice->partition)) {
            rd_kafka_topic_partition_list_add(worker->ended, topic, notice->partition);
        }
        return;
    }
    take_fatal(worker, worker->consumer);
    note_unread(worker, notice);
    if (!worker->failed) worker_problem(worker, "reading: %s", rd_kafka_message_errstr(notice));
}

/* The next message; NULL if none came in time, or only a notice. */
static rd_kafka_message_t *poll_message(kafka_worker *worker, int milliseconds) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(worker->consumer, milliseconds);
    if (!message || !message->err) return message;
    take_notice(worker, message);
    rd_kafka_message_destroy(message);
    return NULL;
}

/* Takes the messages that came while the last batch was being written. */
static void take_held(kafka_worker *worker) {
    for (size_t i = 0; i < worker->held.count; i++) {
        kafka_batch_add(&worker->batch, worker->held.items[i].message);
        worker->batch.items[worker->batch.count - 1].dropped = worker->held.items[i].dropped;
    }
    worker->held.count = worker->held.bytes = 0;
}

/* For new partitions, reads what another worker has committed. */
static void ask_committed(kafka_worker *worker) {
    rd_kafka_topic_partition_list_t *unknown = rd_kafka_topic_partition_list_new(8);
    for (int i = 0; i < worker->assigned->cnt; i++) {
        const rd_kafka_topic_partition_t *own = &worker->assigned->elems[i];
        if (own->offset == RD_KAFKA_OFFSET_INVALID) {
            rd_kafka_topic_partition_list_add(unknown, own->topic, own->partition);
        }
    }
    if (unknown->cnt && !rd_kafka_committed(worker->consumer, unknown, COMMITTED_MILLISECONDS)) {
        for (int i = 0; i < unknown->cnt; i++) {
            if (unknown->elems[i].offset < 0) unknown->elems[i].offset = RD_KAFKA_OFFSET_BEGINNING;
        }
        worker_committed(worker, unknown);
    }
    rd_kafka_topic_partition_list_destroy(unknown);
}

static void measure_lag(kafka_worker *worker) {
    const double now = tool_seconds();
    if (now - worker->lagged < 1) return;
    worker->lagged = now;
    ask_committed(worker);
    kafka_status_lag(worker->status, worker->consumer, worker->assigned);
}

int worker_collect(kafka_worker *worker) {
    const worker_options *options = worker->options;
    const double linger = (double)options->linger / 1000;
    double now = tool_seconds(), until = now + linger;
    kafka_batch_clear(&worker->batch);
    take_held(worker);
    take_again(worker);
    measure_lag(worker);
    while (worker->batch.count < options->batch && worker->batch.bytes < BATCH_BYTES && !worker->failed) {
        const int begun = worker->batch.count > 0;
        if (begun && now >= until) break;
        const int patience = begun ? (int)((until - now) * 1000) + 1 : IDLE_MILLISECONDS;
        rd_kafka_message_t *message = poll_message(worker, patience);
        now = tool_seconds();
        if (!message && !begun) break;
        if (!message) continue;
        if (!begun) until = now + linger;
        kafka_batch_add(&worker->batch, message);
    }
    worker->polled = now;
    /* Without messages nothing can be written to show that all is well. */
    if (!worker->batch.count && now - worker->troubled > QUIET_SECONDS) worker_recovered(worker);
    return kafka_batch_live(&worker->batch) > 0;
}

void worker_keep_alive(kafka_worker *worker) {
    const double now = tool_seconds();
    if (now - worker->polled < 1) return;
    worker->polled = now;
    if (!worker->paused) {
        worker->paused = 1;
        rd_kafka_pause_partitions(worker->consumer, worker->assigned);
    }
    rd_kafka_message_t *message = poll_message(worker, 0);
    if (message) kafka_batch_add(&worker->held, message);
    measure_lag(worker);
}

void worker_resume(kafka_worker *worker) {
    if (!worker->paused) return;
    worker->paused = 0;
    rd_kafka_resume_partitions(worker->consumer, worker->assigned);
}

int worker_wait(kafka_worker *worker, int milliseconds) {
    const double until = tool_seconds() + (double)milliseconds / 1000;
    struct pollfd one = {worker->options->stop_fd, POLLIN, 0};
    for (double left; (left = until - tool_seconds()) > 0;) {
        if (poll(&one, 1, left > 0.2 ? 200 : (int)(left * 1000) + 1) > 0) return 1;
        worker_keep_alive(worker);
        if (worker->failed) return 1;
    }
    return worker_stopped(worker);
}

void worker_committed(kafka_worker *worker, const rd_kafka_topic_partition_list_t *ends) {
    for (int i = 0; i < ends->cnt; i++) {
        rd_kafka_topic_partition_t *own =
            rd_kafka_topic_partition_list_find(worker->assigned, ends->elems[i].topic, ends->elems[i].partition);
        if (own) own->offset = ends->elems[i].offset;
    }
}

int worker_rewind(kafka_worker *worker) {
    rd_kafka_topic_partition_list_t *starts = kafka_batch_starts(&worker->batch);
    rd_kafka_topic_partition_list_t *places = rd_kafka_topic_partition_list_copy(starts);
    rd_kafka_resp_err_t error =
        places->cnt ? rd_kafka_committed(worker->consumer, places, 10000) : RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; !error && i < places->cnt; i++) {
        /* If nothing was ever committed, the batch begins with the first message. */
        if (places->elems[i].offset < 0) places->elems[i].offset = starts->elems[i].offset;
    }
    if (!error && places->cnt) {
        rd_kafka_error_t *sought = rd_kafka_seek_partitions(worker->consumer, places, 10000);
        error = rd_kafka_error_code(sought);
        rd_kafka_error_destroy(sought);
    }
    for (int i = 0; !error && i < places->cnt; i++) error = places->elems[i].err;
    if (error) {
        worker_problem(worker, "cannot go back to what was committed: %s", rd_kafka_err2str(error));
    } else {
        forget_partitions(worker, places);
        kafka_batch_clear(&worker->batch);
    }
    rd_kafka_topic_partition_list_destroy(places);
    rd_kafka_topic_partition_list_destroy(starts);
    return !error;
}

/*
 * A worker without partitions may be about to get those that another worker gives up, so it waits longer than that
 * takes. A worker that has read all of its own may end: its partitions go to others.
 */
int worker_finished(kafka_worker *worker) {
    const double now = tool_seconds();
    if (!worker->options->once || worker->held.count || worker->unread->cnt) return 0;
    if (worker->assigned->cnt) {
        worker->idle_since = now;
        return worker->ended->cnt == worker->assigned->cnt;
    }
    if (worker->idle_since <= 0) worker->idle_since = now;
    return now - worker->idle_since > IDLE_SECONDS;
}
