/*
 * The numbers belong to the worker; two threads that write files read them under a lock. Latency is the time from a
 * message's timestamp in Kafka to the commit of its verdict, because a person waits for the verdict that long.
 */
#include "tocsin-kafka/kafka_status.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "feed/json_members.h"
#include "feed/time_parse.h"
#include "feed/tool_clock.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/metrics_file.h"

#define STALLED_MS 10000 /* without a sign of life from the worker's thread, which brokers may delay */

#define BUCKETS (sizeof bounds / sizeof *bounds)

/* Upper bounds of the latency histogram, milliseconds. */
static const int64_t bounds[] = {5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10000, 30000, 60000, 300000, 3600000};

typedef struct partition_lag {
    char topic[256];
    int32_t partition;
    int64_t lag; /* negative: unknown */
} partition_lag;

struct kafka_status {
    const tocsin_plan_info *info;
    tocsin_slot *slot;
    plan_watch *watch;
    metrics_file *metrics, *health;
    pthread_mutex_t lock; /* protects the following members */
    uint64_t counts[STATUS_COUNT];
    uint64_t *tiers; /* documents of each; the last counts those without a tier */
    uint64_t latency[BUCKETS + 1];
    double latency_seconds, grading_seconds;
    partition_lag *lags;
    size_t partitions, lag_capacity;
    char state[16], why[256];
    int64_t alive, committed; /* milliseconds since 1970 */
};

/* Under the lock. */
static const char *state_of(const kafka_status *s, const char **why) {
    const int stalled = tool_now() - s->alive > STALLED_MS;
    *why = stalled && !*s->why ? "the brokers keep it waiting" : s->why;
    return stalled && !strcmp(s->state, "running") ? "degraded" : s->state;
}

static void append_tiers(const kafka_status *s, tocsin_buffer *out) {
    metrics_append_head(out, "tocsin_documents_total", "counter", "Documents graded, by tier.");
    for (size_t t = 0; t <= s->info->tier_count; t++) {
        text_puts(out, "tocsin_documents_total{tier=\"");
        metrics_append_label(out, t < s->info->tier_count ? tocsin_plan_tier(s->info->plan, t)->id : "none");
        text_printf(out, "\"} %" PRIu64 "\n", s->tiers[t]);
    }
}

static void append_latency(const kafka_status *s, tocsin_buffer *out) {
    uint64_t below = 0;
    metrics_append_head(out, "tocsin_latency_seconds", "histogram",
                        "From the time of a message to the commit of its verdict.");
    for (size_t i = 0; i < BUCKETS; i++) {
        below += s->latency[i];
        text_printf(out, "tocsin_latency_seconds_bucket{le=\"%g\"} %" PRIu64 "\n", (double)bounds[i] / 1000, below);
    }
    below += s->latency[BUCKETS];
    text_printf(out, "tocsin_latency_seconds_bucket{le=\"+Inf\"} %" PRIu64 "\n", below);
    text_printf(out, "tocsin_latency_seconds_sum %.3f\ntocsin_latency_seconds_count %" PRIu64 "\n", s->latency_seconds,
                below);
}

static void append_lag(const kafka_status *s, tocsin_buffer *out) {
    metrics_append_one(out, "tocsin_assigned_partitions", "gauge", "Partitions that this worker reads.", s->partitions);
    metrics_append_head(out, "tocsin_lag_messages", "gauge", "Messages after the last one that was committed.");
    for (size_t i = 0; i < s->partitions; i++) {
        if (s->lags[i].lag < 0) continue;
        text_puts(out, "tocsin_lag_messages{topic=\"");
        metrics_append_label(out, s->lags[i].topic);
        text_printf(out, "\",partition=\"%" PRId32 "\"} %" PRId64 "\n", s->lags[i].partition, s->lags[i].lag);
    }
}

static void append_counts(const kafka_status *s, tocsin_buffer *out) {
    static const struct {
        const char *name, *what;
    } known[STATUS_COUNT] = {
        {"tocsin_rejected_messages_total", "Messages that could not be read, or whose verdict was refused."},
        {"tocsin_refused_verdicts_total", "Verdicts that the output topic did not take."},
        {"tocsin_unrouted_messages_total", "Rejected messages that no errors topic took: they are in the log."},
        {"tocsin_incomplete_documents_total", "Documents over a limit."},
        {"tocsin_malformed_documents_total", "Documents with malformed UTF-8."},
        {"tocsin_message_bytes_total", "Bytes of messages read."},
        {"tocsin_commits_total", "Batches that were committed."},
        {"tocsin_aborts_total", "Transactions that were given up, and begun again."},
        {"tocsin_retries_total", "Times that a batch was sent again."},
        {"tocsin_producer_restarts_total", "Times that a new producer had to be made."},
        {"tocsin_rebalances_total", "Times that partitions were given or taken."}};
    for (size_t i = 0; i < STATUS_COUNT; i++) {
        metrics_append_one(out, known[i].name, "counter", known[i].what, s->counts[i]);
    }
    metrics_append_head(out, "tocsin_grading_seconds_total", "counter", "Time that grading took.");
    text_printf(out, "tocsin_grading_seconds_total %.6f\n", s->grading_seconds);
}

static void render_metrics(void *context, tocsin_buffer *out) {
    kafka_status *s = context;
    const char *why;
    pthread_mutex_lock(&s->lock);
    append_tiers(s, out);
    append_counts(s, out);
    append_latency(s, out);
    append_lag(s, out);
    metrics_append_one(out, "tocsin_healthy", "gauge", "1 while messages are read and verdicts are written.",
                       !strcmp(state_of(s, &why), "running"));
    pthread_mutex_unlock(&s->lock);
    plan_metrics_append(out, s->info, s->slot, s->watch);
}

static void append_moment(tocsin_buffer *out, const char *name, int64_t time) {
    text_printf(out, ",\"%s\":", name);
    if (!time) {
        text_puts(out, "null");
        return;
    }
    text_puts(out, "\"");
    time_append_utc(out, time);
    text_puts(out, "\"");
}

/* Identifies the plan, so that workers of one group with different plans can be told apart. */
static void append_plan(const kafka_status *s, tocsin_buffer *out) {
    uint64_t generation = 1;
    const tocsin_plan *plan = tocsin_slot_acquire(s->slot, &generation);
    const tocsin_plan_info *info = plan ? tocsin_plan_get_info(plan) : s->info;
    char content[24];
    snprintf(content, sizeof content, "%016" PRIx64, info->content);
    json_put_number(out, "generation", (int64_t)generation);
    json_put_key(out, "plan");
    text_puts(out, "{");
    json_put_text(out, "name", info->name);
    json_put_text(out, "version", info->version);
    json_put_text(out, "content", content);
    text_puts(out, "}");
    tocsin_plan_release(plan);
}

static void render_health(void *context, tocsin_buffer *out) {
    kafka_status *s = context;
    int64_t lag = 0;
    const char *why;
    pthread_mutex_lock(&s->lock);
    const char *state = state_of(s, &why);
    int known = !strcmp(state, "running"); /* otherwise it is old */
    for (size_t i = 0; i < s->partitions; i++) {
        known &= s->lags[i].lag >= 0;
        lag += s->lags[i].lag;
    }
    text_printf(out, "{\"state\":\"%s\"", state);
    if (*why) {
        text_puts(out, ",\"why\":");
        utf8_append_json(out, why, strlen(why));
    }
    append_moment(out, "alive", s->alive);
    append_moment(out, "committed", s->committed);
    text_printf(out, ",\"partitions\":%zu,\"lag\":", s->partitions);
    if (known) {
        text_printf(out, "%" PRId64, lag);
    } else {
        text_puts(out, "\"unknown\"");
    }
    pthread_mutex_unlock(&s->lock);
    append_plan(s, out);
    text_puts(out, "}\n");
}

kafka_status *kafka_status_start(const char *metrics_path, const char *health_path, const tocsin_plan_info *info,
                                 tocsin_slot *slot, plan_watch *watch) {
    kafka_status *s = tool_allocate(1, sizeof *s);
    s->info = info;
    s->slot = slot;
    s->watch = watch;
    s->tiers = tool_allocate(info->tier_count + 1, sizeof *s->tiers);
    pthread_mutex_init(&s->lock, NULL);
    kafka_status_state(s, "starting", NULL);
    if (metrics_path && !(s->metrics = metrics_file_start(metrics_path, render_metrics, s))) goto fail;
    if (health_path && !(s->health = metrics_file_start(health_path, render_health, s))) goto fail;
    return s;
fail:
    kafka_status_stop(s);
    return NULL;
}

void kafka_status_stop(kafka_status *s) {
    if (!s) return;
    metrics_file_stop(s->metrics);
    metrics_file_stop(s->health);
    pthread_mutex_destroy(&s->lock);
    tool_free(s->tiers);
    tool_free(s->lags);
    tool_free(s);
}

void kafka_status_add(kafka_status *s, status_count what, uint64_t count) {
    pthread_mutex_lock(&s->lock);
    s->counts[what] += count;
    pthread_mutex_unlock(&s->lock);
}

void kafka_status_graded(kafka_status *s, double seconds) {
    pthread_mutex_lock(&s->lock);
    s->grading_seconds += seconds;
    pthread_mutex_unlock(&s->lock);
}

static void take_latency(kafka_status *s, const rd_kafka_message_t *message, int64_t now) {
    rd_kafka_timestamp_type_t type;
    const int64_t then = rd_kafka_message_timestamp(message, &type);
    size_t bucket = 0;
    if (type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || then < 0) return;
    const int64_t waited = now > then ? now - then : 0;
    while (bucket < BUCKETS && waited > bounds[bucket]) bucket++;
    s->latency[bucket]++;
    s->latency_seconds += (double)waited / 1000;
}

void kafka_status_take(kafka_status *s, const kafka_batch *batch) {
    const int64_t now = tool_now();
    pthread_mutex_lock(&s->lock);
    for (size_t i = 0; i < batch->count; i++) {
        const kafka_item *item = &batch->items[i];
        if (item->dropped && !item->delivered) continue; /* the present reader of the partition counts it */
        s->counts[STATUS_BYTES] += item->message->len;
        take_latency(s, item->message, now);
        if (item->outcome == ITEM_REJECTED) {
            s->counts[STATUS_REJECTED]++;
            continue;
        }
        const size_t none = s->info->tier_count;
        s->counts[STATUS_INCOMPLETE] += item->incomplete != 0;
        s->counts[STATUS_MALFORMED] += item->malformed != 0;
        s->tiers[item->tier < 0 ? none : (size_t)item->tier]++;
    }
    s->counts[STATUS_COMMITS]++;
    s->committed = s->alive = now;
    pthread_mutex_unlock(&s->lock);
}

static void set_text(char *room, size_t size, const char *text) {
    const size_t length = text ? strlen(text) : 0;
    const size_t kept = length < size ? length : utf8_cut(text, length, size - 1);
    if (kept) memcpy(room, text, kept);
    room[kept] = '\0';
}

void kafka_status_state(kafka_status *s, const char *state, const char *why) {
    pthread_mutex_lock(&s->lock);
    set_text(s->state, sizeof s->state, state);
    set_text(s->why, sizeof s->why, why);
    s->alive = tool_now();
    pthread_mutex_unlock(&s->lock);
}

void kafka_status_lag(kafka_status *s, rd_kafka_t *consumer, const rd_kafka_topic_partition_list_t *assigned) {
    pthread_mutex_lock(&s->lock);
    s->partitions = 0;
    if (s->lag_capacity < (size_t)assigned->cnt) {
        s->lag_capacity = (size_t)assigned->cnt;
        s->lags = tool_reallocate(s->lags, s->lag_capacity, sizeof *s->lags);
    }
    for (int i = 0; i < assigned->cnt; i++) {
        const rd_kafka_topic_partition_t *place = &assigned->elems[i];
        partition_lag *lag = &s->lags[s->partitions++];
        int64_t low = 0, high = 0;
        set_text(lag->topic, sizeof lag->topic, place->topic);
        lag->partition = place->partition;
        lag->lag = -1;
        if (place->offset == RD_KAFKA_OFFSET_INVALID) continue;
        if (rd_kafka_get_watermark_offsets(consumer, place->topic, place->partition, &low, &high)) continue;
        const int64_t from = place->offset >= 0 ? place->offset : low;
        if (high >= 0 && from >= 0) lag->lag = high > from ? high - from : 0;
    }
    s->alive = tool_now();
    pthread_mutex_unlock(&s->lock);
}

uint64_t kafka_status_get(const kafka_status *s, status_count what) { return s->counts[what]; }

uint64_t kafka_status_documents(const kafka_status *s) {
    uint64_t documents = 0;
    for (size_t t = 0; t <= s->info->tier_count; t++) documents += s->tiers[t];
    return documents;
}

void kafka_status_summary(const kafka_status *s, tocsin_buffer *out) {
    for (size_t t = s->info->tier_count; t-- > 0;) {
        text_printf(out, "%" PRIu64 " %s, ", s->tiers[t], tocsin_plan_tier(s->info->plan, t)->id);
    }
    text_printf(out, "%" PRIu64 " none", s->tiers[s->info->tier_count]);
}
