/* From a builder to a plan: the compiler reads the written sources, and its reports get the callers' labels. */
#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"
#include "plan/builder_internal.h"
#include "plan/plan_build.h"

tocsin_status tocsin__builder_read_source(void *context, const char *name, tocsin_buffer *out) {
    const tocsin__builder_sources *sources = context;
    for (size_t i = 0; i < sources->list.length; i++) {
        const tocsin__builder_source *s = &sources->list.data[i];
        const tocsin_bytes text = s->file ? s->lent : (tocsin_bytes){s->text.data, s->text.length};
        if (!strcmp(s->name, name)) return tocsin_buffer_append(out, text.data, text.length);
    }
    return TOCSIN_ERROR_NOT_FOUND;
}

static const tocsin__builder_source *find_source(const tocsin__builder_sources *sources, const char *name) {
    for (size_t i = 0; i < sources->list.length; i++) {
        if (!strcmp(sources->list.data[i].name, name)) return &sources->list.data[i];
    }
    return NULL;
}

static tocsin__learned_file *kept_weights(void *context, const char *name) {
    const tocsin__builder_source *source = find_source(context, name);
    return source ? source->file : NULL;
}

static const tocsin__lexicon_row *kept_rows(void *context, const char *name, size_t *count) {
    const tocsin__builder_source *source = find_source(context, name);
    *count = source ? source->rows.length : 0;
    return *count ? source->rows.data : NULL;
}

/* Whether no venue was added to those of the base or removed. */
static int has_venues_of_base(const tocsin_builder *b) {
    if (!b->base || b->venues.length != b->base->venues->entries.length) return 0;
    for (size_t i = 0; i < b->venues.length; i++) {
        if (b->venues.data[i].removed) return 0;
    }
    return 1;
}

static uint32_t take_number(const char **at) {
    uint32_t number = 0;
    while (**at >= '0' && **at <= '9') number = number * 10 + (uint32_t)(*(*at)++ - '0');
    return number;
}

/* A place inside a message, "terms-3.csv:12:1" or "venues.csv, line 7", becomes a label too. */
static tocsin_status put_message(const tocsin__builder_sources *w, const char *message, tocsin_buffer *out) {
    tocsin_status status = TOCSIN_OK;
    out->length = 0;
    while (*message && !status) {
        size_t i = 0, length = 0;
        uint32_t line = 0;
        const char *end = message + 1;
        for (; i < w->list.length; i++) {
            length = strlen(w->list.data[i].name);
            if (!strncmp(message, w->list.data[i].name, length)) break;
        }
        if (i < w->list.length) {
            const char *at = message + length;
            if (!strncmp(at, ", line ", 7)) {
                at += 7;
                line = take_number(&at);
                end = at;
            } else if (*at == ':') {
                at++;
                line = take_number(&at);
                if (line && *at == ':') {
                    at++;
                    (void)take_number(&at);
                }
                end = at;
            }
        }
        if (!line) {
            status = tocsin_buffer_append(out, message++, 1);
            continue;
        }
        const tocsin__place place = tocsin__builder_locate(w, w->list.data[i].name, line, 0);
        status = tocsin__buffer_printf(out, place.line ? "%s:%u:%u" : "%s", place.file, place.line, place.column);
        message = end;
    }
    return status;
}

static tocsin_status hand_over(const tocsin__builder_sources *w, const tocsin_diagnostics *found,
                               tocsin_diagnostics *diagnostics) {
    const tocsin_diagnostic *d;
    tocsin_status status = TOCSIN_OK;
    tocsin_buffer message;
    tocsin_buffer_init(&message, &w->builder->allocator);
    for (size_t i = 0; !status && (d = tocsin_diagnostics_at(found, i)) != NULL; i++) {
        status = put_message(w, d->message, &message);
        if (status) break;
        status =
            tocsin__diagnose(diagnostics, d->severity, d->code, tocsin__builder_locate(w, d->file, d->line, d->column),
                             "%s", message.data ? message.data : "");
    }
    tocsin_buffer_release(&message);
    return status;
}

typedef struct labels {
    tocsin__builder_cursor cursor;
    tocsin__arena *arena;    /* of the places */
    const char *last, *copy; /* the name of the last file, and its copy in the arena */
} labels;

static int relabel_place(labels *l, tocsin__place *place) {
    tocsin__place found = tocsin__builder_locate_next(&l->cursor, place->file, place->line, place->column);
    if (found.file != l->last) {
        l->copy = tocsin__arena_copy(l->arena, found.file, strlen(found.file));
        l->last = found.file;
    }
    found.file = l->copy;
    *place = found;
    return l->copy != NULL;
}

/*
 * Terms and venues of the plan, which no other thread has yet, also get their labels, because lint names them. A shared
 * catalogue has them already.
 */
static tocsin_status relabel(const tocsin__builder_sources *w, tocsin_plan *plan) {
    labels l = {.cursor = {.sources = w}, .arena = &plan->arena};
    tocsin__term *terms = (tocsin__term *)(uintptr_t)plan->lexicon.terms;
    for (size_t i = 0; i < plan->lexicon.term_count; i++) {
        if (!relabel_place(&l, &terms[i].place)) return TOCSIN_ERROR_MEMORY;
    }
    if (w->builder->base && plan->venues == w->builder->base->venues) return TOCSIN_OK;
    l.arena = &plan->venues->arena; /* it may outlive the plan */
    l.last = NULL;
    for (size_t i = 0; i < plan->venues->entries.length; i++) {
        if (!relabel_place(&l, &plan->venues->entries.data[i].place)) return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

tocsin_status tocsin_builder_compile(const tocsin_builder *builder, const tocsin_plan_options *options,
                                     tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error) {
    tocsin__builder_sources sources;
    tocsin_diagnostics *found = NULL;
    tocsin_plan *made = NULL;
    tocsin_error said = {0};
    if (!builder) return tocsin__null_argument(error, "builder");
    if (!plan) return tocsin__null_argument(error, "plan");
    tocsin_status status = tocsin__builder_write(builder, &sources);
    if (!status) status = tocsin_diagnostics_create(&builder->allocator, &found);
    if (status) {
        (void)tocsin__fail(&said, status, "no memory for the sources of a builder");
    } else {
        const tocsin__plan_kept kept = {builder->base, kept_weights, kept_rows, has_venues_of_base(builder)};
        status = tocsin__plan_compile(tocsin__builder_read_source, &sources, sources.list.data[0].name, options,
                                      builder->base ? &kept : NULL, found, &made, &said);
    }
    tocsin_status told = diagnostics && found ? hand_over(&sources, found, diagnostics) : TOCSIN_OK;
    if (!status && !told) told = relabel(&sources, made);
    if (!status && told) {
        tocsin_plan_release(made);
        status = tocsin__fail(&said, told, "no memory for the labels of a plan");
    }
    if (!status) {
        *plan = made;
    } else if (error) {
        const tocsin__place place = tocsin__builder_locate(&sources, said.file, said.line, said.column);
        *error = said;
        error->line = place.line;
        error->column = place.column;
        error->offset = 0;
        tocsin__copy_cut(error->file, sizeof error->file, place.file, strlen(place.file));
    }
    tocsin_diagnostics_free(found);
    tocsin__builder_sources_release(&sources);
    return status;
}
