/* The counts are copied under a lock, because another thread writes the file. */
#include "tocsin/classify_metrics.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/metrics_file.h"

struct classify_metrics {
    const tocsin_plan_info *info;
    tocsin_slot *slot;
    plan_watch *watch;
    metrics_file *file;
    pthread_mutex_t lock;
    classify_tally total; /* this and the following are protected by the lock */
    uint64_t bytes;
};

static void append_counts(const classify_metrics *m, tocsin_buffer *out) {
    metrics_append_head(out, "tocsin_documents_total", "counter", "Documents graded, by tier.");
    for (size_t t = 0; t <= m->info->tier_count; t++) {
        text_puts(out, "tocsin_documents_total{tier=\"");
        metrics_append_label(out, t < m->info->tier_count ? tocsin_plan_tier(m->info->plan, t)->id : "none");
        text_printf(out, "\"} %" PRIu64 "\n", m->total.tiers[t]);
    }
    metrics_append_one(out, "tocsin_rejected_lines_total", "counter", "Lines that could not be read.",
                       m->total.rejected);
    metrics_append_one(out, "tocsin_incomplete_documents_total", "counter", "Documents over a limit.",
                       m->total.incomplete);
    metrics_append_one(out, "tocsin_malformed_documents_total", "counter", "Documents with malformed UTF-8.",
                       m->total.malformed);
    metrics_append_one(out, "tocsin_text_bytes_total", "counter", "Bytes of text read.", m->bytes);
}

static void render(void *context, tocsin_buffer *out) {
    classify_metrics *m = context;
    pthread_mutex_lock(&m->lock);
    append_counts(m, out);
    pthread_mutex_unlock(&m->lock);
    plan_metrics_append(out, m->info, m->slot, m->watch);
}

classify_metrics *classify_metrics_start(const char *path, const tocsin_plan_info *info, tocsin_slot *slot,
                                         plan_watch *watch) {
    classify_metrics *m = tool_allocate(1, sizeof *m);
    m->info = info;
    m->slot = slot;
    m->watch = watch;
    classify_tally_init(&m->total, info->tier_count);
    pthread_mutex_init(&m->lock, NULL);
    if ((m->file = metrics_file_start(path, render, m))) return m;
    classify_metrics_stop(m);
    return NULL;
}

void classify_metrics_update(classify_metrics *m, const classify_tally *total, uint64_t bytes) {
    if (!m) return;
    pthread_mutex_lock(&m->lock);
    m->total.rejected = total->rejected;
    m->total.incomplete = total->incomplete;
    m->total.malformed = total->malformed;
    memcpy(m->total.tiers, total->tiers, (m->info->tier_count + 1) * sizeof *total->tiers);
    m->bytes = bytes;
    pthread_mutex_unlock(&m->lock);
}

void classify_metrics_stop(classify_metrics *m) {
    if (!m) return;
    metrics_file_stop(m->file);
    pthread_mutex_destroy(&m->lock);
    classify_tally_release(&m->total);
    tool_free(m);
}
