/* A thread of its own writes, so that a feed that is waited for and a plan that was refused meanwhile are seen too. */
#include "tocsin/classify_metrics.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "tocsin/console.h"
#include "tocsin/output.h"

struct classify_metrics {
    const char *path;
    const tocsin_plan_info *info;
    tocsin_slot *slot;
    plan_watch *watch;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    classify_tally total; /* and what follows: under the lock */
    uint64_t bytes;
    int ending, failed;
    tocsin_buffer written; /* by the thread alone */
};

static void append_label(tocsin_buffer *out, const char *text) {
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') text_puts(out, "\\");
        text_printf(out, *text == '\n' ? "\\n" : "%c", *text);
    }
}

static void append_head(tocsin_buffer *out, const char *name, const char *type, const char *what) {
    text_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, what, name, type);
}

static void append_one(tocsin_buffer *out, const char *name, const char *type, const char *what, uint64_t value) {
    append_head(out, name, type, what);
    text_printf(out, "%s %" PRIu64 "\n", name, value);
}

static void append_plan(const classify_metrics *m, tocsin_buffer *out) {
    uint64_t generation = 1, taken = 0, refused = 0;
    const tocsin_plan *plan = m->slot ? tocsin_slot_acquire(m->slot, &generation) : NULL;
    const tocsin_plan_info *info = plan ? tocsin_plan_get_info(plan) : m->info;
    plan_watch_count(m->watch, &taken, &refused);
    append_head(out, "tocsin_plan_info", "gauge", "The plan that documents are graded by.");
    text_puts(out, "tocsin_plan_info{name=\"");
    append_label(out, info->name);
    text_puts(out, "\",version=\"");
    append_label(out, info->version);
    text_puts(out, "\"} 1\n");
    append_one(out, "tocsin_plan_terms", "gauge", "Terms of the plan.", info->term_count);
    append_one(out, "tocsin_plan_generation", "gauge", "Plans so far, with this one.", generation);
    append_one(out, "tocsin_plan_reloads_total", "counter", "Plans that took the place of another.", taken);
    append_one(out, "tocsin_plan_reload_failures_total", "counter", "Plans that were not taken.", refused);
    tocsin_plan_release(plan);
}

/* Under the lock. */
static void render(const classify_metrics *m, tocsin_buffer *out) {
    append_head(out, "tocsin_documents_total", "counter", "Documents graded, by tier.");
    for (size_t t = 0; t <= m->info->tier_count; t++) {
        text_puts(out, "tocsin_documents_total{tier=\"");
        append_label(out, t < m->info->tier_count ? m->info->tiers[t].id : "none");
        text_printf(out, "\"} %" PRIu64 "\n", m->total.tiers[t]);
    }
    append_one(out, "tocsin_rejected_lines_total", "counter", "Lines that could not be read.", m->total.rejected);
    append_one(out, "tocsin_incomplete_documents_total", "counter", "Documents over a limit.", m->total.incomplete);
    append_one(out, "tocsin_malformed_documents_total", "counter", "Documents with malformed UTF-8.",
               m->total.malformed);
    append_one(out, "tocsin_text_bytes_total", "counter", "Bytes of text read.", m->bytes);
    append_plan(m, out);
}

static void write_file(classify_metrics *m, const tocsin_buffer *text) {
    output *out = output_open(m->path);
    const int ok = out && output_write(out, text->data, text->length) == OUTPUT_OK && output_commit(out) == OUTPUT_OK;
    output_close(out);
    m->failed = !ok;
}

/* Writes what is not as it was when it was written last. */
static void write_changes(classify_metrics *m) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    pthread_mutex_lock(&m->lock);
    render(m, &text);
    pthread_mutex_unlock(&m->lock);
    if (!m->failed && (text.length != m->written.length || memcmp(text.data, m->written.data, text.length) != 0)) {
        write_file(m, &text);
        if (m->failed) console_error("%s: no metrics are written from now on", m->path);
    }
    tocsin_buffer_release(&m->written);
    m->written = text;
}

static void *run(void *context) {
    classify_metrics *m = context;
    for (int ending = 0; !ending;) {
        struct timespec until;
        write_changes(m);
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec++;
        pthread_mutex_lock(&m->lock);
        while (!m->ending && pthread_cond_timedwait(&m->wake, &m->lock, &until) != ETIMEDOUT) continue;
        ending = m->ending;
        pthread_mutex_unlock(&m->lock);
    }
    write_changes(m);
    return NULL;
}

classify_metrics *classify_metrics_start(const char *path, const tocsin_plan_info *info, tocsin_slot *slot,
                                         plan_watch *watch) {
    classify_metrics *m = tool_allocate(1, sizeof *m);
    m->path = path;
    m->info = info;
    m->slot = slot;
    m->watch = watch;
    classify_tally_init(&m->total, info->tier_count);
    tocsin_buffer_init(&m->written, NULL);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->wake, NULL);
    if (!pthread_create(&m->thread, NULL, run, m)) return m;
    console_error("no metrics can be written: %s", strerror(errno));
    classify_tally_release(&m->total);
    tool_free(m);
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
    pthread_mutex_lock(&m->lock);
    m->ending = 1;
    pthread_cond_signal(&m->wake);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->wake);
    classify_tally_release(&m->total);
    tocsin_buffer_release(&m->written);
    tool_free(m);
}
