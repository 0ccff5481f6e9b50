/* A thread of its own writes the file, so that changes during a wait are written too. */
#include "program/metrics_file.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/output.h"

struct metrics_file {
    const char *path;
    metrics_render render;
    void *context;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int ending; /* under the lock */
    int failed;
    tocsin_buffer written; /* used only by the thread */
};

void metrics_append_label(tocsin_buffer *out, const char *text) {
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') text_puts(out, "\\");
        text_printf(out, *text == '\n' ? "\\n" : "%c", *text);
    }
}

void metrics_append_head(tocsin_buffer *out, const char *name, const char *type, const char *what) {
    text_printf(out, "# HELP %s %s\n# TYPE %s %s\n", name, what, name, type);
}

void metrics_append_one(tocsin_buffer *out, const char *name, const char *type, const char *what, uint64_t value) {
    metrics_append_head(out, name, type, what);
    text_printf(out, "%s %" PRIu64 "\n", name, value);
}

static int write_file(const char *path, const tocsin_buffer *text) {
    output *out = output_open(path);
    const int ok = out && output_write(out, text->data, text->length) == OUTPUT_OK && output_commit(out) == OUTPUT_OK;
    output_close(out);
    return ok;
}

/* Writes the file if its content has changed. */
static void write_changes(metrics_file *m) {
    tocsin_buffer text;
    tocsin_buffer_init(&text, NULL);
    m->render(m->context, &text);
    if (!m->failed && (text.length != m->written.length || memcmp(text.data, m->written.data, text.length) != 0)) {
        m->failed = !write_file(m->path, &text);
        if (m->failed) console_error("%s: no metrics are written from now on", m->path);
    }
    tocsin_buffer_release(&m->written);
    m->written = text;
}

static void *run(void *context) {
    metrics_file *m = context;
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

metrics_file *metrics_file_start(const char *path, metrics_render render, void *context) {
    metrics_file *m = tool_allocate(1, sizeof *m);
    m->path = path;
    m->render = render;
    m->context = context;
    tocsin_buffer_init(&m->written, NULL);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->wake, NULL);
    if (!pthread_create(&m->thread, NULL, run, m)) return m;
    console_error("no metrics can be written: %s", strerror(errno));
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->wake);
    tool_free(m);
    return NULL;
}

void metrics_file_stop(metrics_file *m) {
    if (!m) return;
    pthread_mutex_lock(&m->lock);
    m->ending = 1;
    pthread_cond_signal(&m->wake);
    pthread_mutex_unlock(&m->lock);
    pthread_join(m->thread, NULL);
    pthread_mutex_destroy(&m->lock);
    pthread_cond_destroy(&m->wake);
    tocsin_buffer_release(&m->written);
    tool_free(m);
}
