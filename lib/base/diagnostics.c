/*
 * The list of problems that compilers fill. Its strings live in an arena of the list. The counts by severity go on past
 * the cap, so that "does it compile" never depends on how many problems could be kept.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"
#include "base/vec.h"

#define SEVERITIES 3
#define MESSAGE_SIZE 1024

typedef struct entry {
    tocsin_diagnostic shown;
    size_t file_rank; /* order in which files were first named */
    size_t serial;
} entry;

struct tocsin_diagnostics {
    tocsin_allocator allocator;
    tocsin__arena arena;
    TOCSIN_VEC(entry) entries;
    TOCSIN_VEC(const char *) files;
    size_t counts[SEVERITIES];
    size_t dropped;
};

tocsin_status tocsin_diagnostics_create(const tocsin_allocator *allocator, tocsin_diagnostics **list) {
    tocsin_allocator resolved;
    if (!list || !tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    tocsin_diagnostics *made = tocsin__allocate_zeroed(&resolved, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = resolved;
    tocsin__arena_init(&made->arena, &resolved);
    *list = made;
    return TOCSIN_OK;
}

void tocsin_diagnostics_free(tocsin_diagnostics *list) {
    if (!list) return;
    tocsin_allocator allocator = list->allocator;
    tocsin__vec_release(&list->entries, &allocator);
    tocsin__vec_release(&list->files, &allocator);
    tocsin__arena_release(&list->arena);
    tocsin__deallocate(&allocator, list, sizeof *list);
}

void tocsin_diagnostics_clear(tocsin_diagnostics *list) {
    if (!list) return;
    list->entries.length = list->files.length = list->dropped = 0;
    memset(list->counts, 0, sizeof list->counts);
    tocsin__arena_reset(&list->arena);
}

size_t tocsin_diagnostics_count(const tocsin_diagnostics *list) { return list ? list->entries.length : 0; }

size_t tocsin_diagnostics_count_severity(const tocsin_diagnostics *list, tocsin_severity severity) {
    return list && (unsigned)severity < SEVERITIES ? list->counts[severity] : 0;
}

const tocsin_diagnostic *tocsin_diagnostics_at(const tocsin_diagnostics *list, size_t index) {
    return list && index < list->entries.length ? &list->entries.data[index].shown : NULL;
}

size_t tocsin_diagnostics_dropped(const tocsin_diagnostics *list) { return list ? list->dropped : 0; }

/* The kept name of a file and its rank; NULL when there is no memory. */
static const char *keep_file(tocsin_diagnostics *list, const char *file, size_t *rank) {
    for (size_t i = list->files.length; i-- > 0;) {
        *rank = i;
        if (!strcmp(list->files.data[i], file)) return list->files.data[i];
    }
    const char *copy = tocsin__arena_copy(&list->arena, file, strlen(file));
    if (!copy || tocsin__vec_push(&list->files, &list->allocator, copy)) return NULL;
    *rank = list->files.length - 1;
    return copy;
}

tocsin_status tocsin__diagnose(tocsin_diagnostics *list, tocsin_severity severity, const char *code,
                               tocsin__place place, const char *format, ...) {
    if (!list) return TOCSIN_OK;
    list->counts[severity]++;
    if (list->entries.length >= TOCSIN_DIAGNOSTICS_MAX) {
        list->dropped++;
        return TOCSIN_OK;
    }
    char message[MESSAGE_SIZE], cut[MESSAGE_SIZE];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    tocsin__copy_cut(cut, sizeof cut - 8, message, strlen(message));
    entry made = {{severity, code, NULL, place.line, place.column, NULL}, 0, list->entries.length};
    made.shown.file = keep_file(list, place.file ? place.file : "", &made.file_rank);
    made.shown.message = tocsin__arena_copy(&list->arena, cut, strlen(cut));
    if (!made.shown.file || !made.shown.message || tocsin__vec_push(&list->entries, &list->allocator, made)) {
        list->dropped++;
        return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

static int entry_before(const entry *a, const entry *b) {
    if (a->file_rank != b->file_rank) return a->file_rank < b->file_rank;
    if (a->shown.line != b->shown.line) return a->shown.line < b->shown.line;
    if (a->shown.column != b->shown.column) return a->shown.column < b->shown.column;
    return a->serial < b->serial;
}

/* Shell sort in place: at most TOCSIN_DIAGNOSTICS_MAX entries, and qsort may allocate. */
void tocsin__diagnostics_sort(tocsin_diagnostics *list) {
    if (!list) return;
    entry *e = list->entries.data;
    size_t n = list->entries.length;
    for (size_t gap = n / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < n; i++) {
            entry moving = e[i];
            size_t at = i;
            for (; at >= gap && entry_before(&moving, &e[at - gap]); at -= gap) e[at] = e[at - gap];
            e[at] = moving;
        }
    }
}

static const char *severity_name(tocsin_severity severity) {
    switch (severity) {
        case TOCSIN_SEVERITY_NOTE: return "note";
        case TOCSIN_SEVERITY_WARNING: return "warning";
        case TOCSIN_SEVERITY_ERROR: return "error";
    }
    return "error";
}

tocsin_status tocsin_diagnostic_to_text(const tocsin_diagnostic *d, tocsin_buffer *out) {
    if (!d || !out || !d->file || !d->code || !d->message) return TOCSIN_ERROR_ARGUMENT;
    size_t before = out->length;
    tocsin_status status = TOCSIN_OK;
    if (d->file[0]) status = tocsin__buffer_printf(out, "%s:", d->file);
    if (!status && d->line) status = tocsin__buffer_printf(out, "%u:", d->line);
    if (!status && d->line && d->column) status = tocsin__buffer_printf(out, "%u:", d->column);
    if (!status) {
        status = tocsin__buffer_printf(out, "%s%s: %s [%s %s]\n", d->file[0] ? " " : "", severity_name(d->severity),
                                       d->message, tocsin_diagnostic_number(d->code), d->code);
    }
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}

tocsin_status tocsin_diagnostic_to_json(const tocsin_diagnostic *d, tocsin_buffer *out) {
    if (!d || !out || !d->file || !d->code || !d->message) return TOCSIN_ERROR_ARGUMENT;
    size_t before = out->length;
    tocsin_status status = tocsin__buffer_puts(out, "{\"file\":");
    if (!status) status = tocsin__buffer_json_string(out, d->file, strlen(d->file));
    if (!status) {
        status = tocsin__buffer_printf(
            out,
            ",\"line\":%u,\"column\":%u,\"severity\":\"%s\",\"number\":\"%s\",\"code\":\"%s\",\"message\":", d->line,
            d->column, severity_name(d->severity), tocsin_diagnostic_number(d->code), d->code);
    }
    if (!status) status = tocsin__buffer_json_string(out, d->message, strlen(d->message));
    if (!status) {
        status = tocsin__buffer_printf(out, ",\"advice\":\"%s\"}", tocsin_diagnostic_advice(d->code));
    }
    if (status && out->data) out->data[out->length = before] = '\0';
    return status;
}
