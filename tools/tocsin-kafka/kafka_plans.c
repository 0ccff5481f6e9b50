/*
 * Every worker reads the whole topic for itself, not as a member of a group. At the start it tries the stored images
 * from the newest to the oldest, so that one bad image does not leave a worker without a plan; later images are offered
 * as they come, and a bad one changes nothing.
 */
#include "tocsin-kafka/kafka_plans.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "kafka/topics.h"
#include "program/console.h"
#include "program/plan_argument.h"

#define START_MILLISECONDS 20000
#define KEPT 16 /* of the images at the start, the newest */

struct kafka_plans {
    rd_kafka_t *consumer;
    const char *topic;
    int stop_fd;
    rd_kafka_message_t *kept[KEPT]; /* oldest first */
    size_t kept_count;
    plan_watch *watch;
    pthread_t thread;
    int gathered, following;
    atomic_int ending;
};

static int start_reading(kafka_plans *plans, const char *brokers) {
    const int partitions = kafka_topic_partitions(plans->consumer, brokers, plans->topic, START_MILLISECONDS);
    if (!partitions) return 0;
    if (partitions != 1) {
        console_error("topic %s: it has %d partitions; a topic of plans has one, so that the newest plan is the last",
                      plans->topic, partitions);
        return 0;
    }
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, plans->topic, 0)->offset = RD_KAFKA_OFFSET_BEGINNING;
    const rd_kafka_resp_err_t error = rd_kafka_assign(plans->consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    if (error) console_error("topic %s: %s", plans->topic, rd_kafka_err2str(error));
    return !error;
}

kafka_plans *kafka_plans_open(const kafka_settings *settings, const char *brokers, const char *topic, int stop_fd) {
    static const char *const defaults[] = {"client.id", "tocsin-kafka", "isolation.level", "read_committed", NULL};
    const char *const fixed[] = {
        "bootstrap.servers",    brokers, "group.id", "tocsin-plans", "enable.auto.commit", "false",
        "enable.partition.eof", "true",  NULL};
    kafka_plans *plans = tool_allocate(1, sizeof *plans);
    plans->topic = topic;
    plans->stop_fd = stop_fd;
    plans->consumer = kafka_client_create(RD_KAFKA_CONSUMER, kafka_settings_configure(settings, defaults, fixed));
    if (plans->consumer) rd_kafka_poll_set_consumer(plans->consumer);
    if (plans->consumer && start_reading(plans, brokers)) return plans;
    kafka_plans_close(plans);
    return NULL;
}

/* The next image; NULL if there is none at the moment. *at_end: nothing follows. */
static rd_kafka_message_t *next_image(kafka_plans *plans, int *at_end) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(plans->consumer, 200);
    *at_end = message && message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF;
    if (!message) return NULL;
    if (!message->err && message->payload) return message;
    if (message->err && !*at_end) console_error("topic %s: %s", plans->topic, rd_kafka_message_errstr(message));
    rd_kafka_message_destroy(message);
    return NULL;
}

static int is_over(const kafka_plans *plans) {
    struct pollfd one = {plans->stop_fd, POLLIN, 0};
    return atomic_load(&plans->ending) || poll(&one, 1, 0) > 0;
}

static void forget_kept(kafka_plans *plans) {
    for (size_t i = 0; i < plans->kept_count; i++) rd_kafka_message_destroy(plans->kept[i]);
    plans->kept_count = 0;
}

/* Reads the stored images; 0 if the worker must end. */
static int gather(kafka_plans *plans) {
    for (int at_end = 0; !at_end;) {
        rd_kafka_message_t *message = next_image(plans, &at_end);
        if (is_over(plans)) {
            if (message) rd_kafka_message_destroy(message);
            return 0;
        }
        if (!message) continue;
        if (plans->kept_count == KEPT) {
            rd_kafka_message_destroy(plans->kept[0]);
            memmove(plans->kept, plans->kept + 1, (KEPT - 1) * sizeof *plans->kept);
            plans->kept_count--;
        }
        plans->kept[plans->kept_count++] = message;
    }
    return 1;
}

static void name_of(const kafka_plans *plans, const rd_kafka_message_t *message, char *name, size_t size) {
    snprintf(name, size, "%s/%" PRId32 "/%" PRId64, plans->topic, message->partition, message->offset);
}

static tocsin_plan *load(const kafka_plans *plans, const rd_kafka_message_t *message) {
    char name[320];
    tocsin_plan *plan = NULL;
    name_of(plans, message, name, sizeof name);
    (void)plan_load_image(name, message->payload, message->len, &plan);
    return plan;
}

tocsin_plan *kafka_plans_first(kafka_plans *plans) {
    tocsin_plan *plan = NULL;
    int at_end;
    if (!gather(plans)) return NULL;
    plans->gathered = 1;
    for (size_t i = plans->kept_count; i-- > 0 && !plan;) plan = load(plans, plans->kept[i]);
    forget_kept(plans);
    if (!plan) console_event("info", NULL, "waits for a plan on the topic %s", plans->topic);
    while (!plan && !is_over(plans)) {
        rd_kafka_message_t *message = next_image(plans, &at_end);
        if (!message) continue;
        plan = load(plans, message);
        rd_kafka_message_destroy(message);
    }
    return plan;
}

static int offer(kafka_plans *plans, const rd_kafka_message_t *message) {
    char name[320];
    name_of(plans, message, name, sizeof name);
    return plan_watch_offer(plans->watch, name, message->payload, message->len);
}

static void *follow(void *context) {
    kafka_plans *plans = context;
    int at_end;
    if (!plans->gathered && !gather(plans)) return NULL;
    for (size_t i = plans->kept_count; i-- > 0 && !offer(plans, plans->kept[i]);) continue;
    forget_kept(plans);
    while (!atomic_load(&plans->ending)) {
        rd_kafka_message_t *message = next_image(plans, &at_end);
        if (!message) continue;
        (void)offer(plans, message);
        rd_kafka_message_destroy(message);
    }
    return NULL;
}

int kafka_plans_follow(kafka_plans *plans, plan_watch *watch) {
    plans->watch = watch;
    if (!plans->following && pthread_create(&plans->thread, NULL, follow, plans)) {
        console_error("cannot start a thread: %s", strerror(errno));
        return 0;
    }
    plans->following = 1;
    return 1;
}

void kafka_plans_close(kafka_plans *plans) {
    if (!plans) return;
    atomic_store(&plans->ending, 1);
    if (plans->following) pthread_join(plans->thread, NULL);
    forget_kept(plans);
    if (plans->consumer) {
        rd_kafka_consumer_close(plans->consumer);
        rd_kafka_destroy(plans->consumer);
    }
    tool_free(plans);
}
