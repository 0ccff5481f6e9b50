/*
 * Documents come from programs that were compiled with this version of the struct, an older one or a newer one, and
 * from programs with mistakes. This file recognises all of these before any member of a document is used.
 */
#include "classify/document_check.h"

#include <stdio.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/arguments.h"
#include "base/fail.h"

#define LEAST_DOCUMENT (offsetof(tocsin_document, time) + sizeof(int64_t)) /* of version 0.1 */

tocsin_status tocsin_document_init(tocsin_document *document, size_t size) {
    static const tocsin_document defaults = TOCSIN_DOCUMENT_INIT;
    return tocsin__init_struct(document, size, &defaults, sizeof defaults, LEAST_DOCUMENT);
}

static tocsin_status check_size(const tocsin_document *given, const char *name, tocsin_error *error) {
    return tocsin__check_struct(given, name, "TOCSIN_DOCUMENT_INIT", sizeof *given, LEAST_DOCUMENT, error);
}

/* Bytes that exist, at most as many as an offset can count. */
static tocsin_status check_fields(const tocsin_document *d, const char *name, tocsin_error *error) {
    char owner[24];
    (void)snprintf(owner, sizeof owner, "%s->", name);
    tocsin_status status = tocsin__check_bytes(d->id, owner, "id", error);
    if (!status) status = tocsin__check_bytes(d->title, owner, "title", error);
    if (!status) status = tocsin__check_bytes(d->text, owner, "text", error);
    if (!status) status = tocsin__check_bytes(d->source, owner, "source", error);
    return status;
}

static int is_ordinary(tocsin_bytes bytes) {
    return (bytes.length <= TOCSIN_FOLD_MAX) & ((bytes.data != NULL) | !bytes.length);
}

static int has_ordinary_fields(const tocsin_document *d) {
    return is_ordinary(d->id) & is_ordinary(d->title) & is_ordinary(d->text) & is_ordinary(d->source);
}

tocsin_status tocsin__take_document(const tocsin_document *given, const char *name, tocsin_document *out,
                                    tocsin_error *error) {
    static const tocsin_document defaults = TOCSIN_DOCUMENT_INIT;
    if (!given) return tocsin__null_argument(error, name);
    if (given->struct_size == sizeof *out) {
        *out = *given;
    } else {
        tocsin_status status = check_size(given, name, error);
        if (status) return status;
        *out = defaults;
        memcpy(out, given, given->struct_size < sizeof *out ? given->struct_size : sizeof *out);
        out->struct_size = sizeof *out;
    }
    if ((unsigned)out->venue >= TOCSIN_VENUE_COUNT) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s->venue is %d, which is not a tocsin_venue", name,
                            (int)out->venue);
    }
    if ((unsigned)out->attention >= TOCSIN_ATTENTION_COUNT) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s->attention is %d, which is not a tocsin_attention", name,
                            (int)out->attention);
    }
    return has_ordinary_fields(out) ? TOCSIN_OK : check_fields(out, name, error);
}

/* Apart, so that the ordinary case needs no registers for it. */
static __attribute__((noinline)) tocsin_status take_copy(const tocsin_document *given, const char *name,
                                                         tocsin_document *out, tocsin_error *error) {
    return tocsin__take_document(given, name, out, error);
}

tocsin_status tocsin__use_document(const tocsin_document *given, const char *name, tocsin_document *room,
                                   const tocsin_document **document, tocsin_error *error) {
    const int is_plain = given && given->struct_size == sizeof *given && (unsigned)given->venue < TOCSIN_VENUE_COUNT &&
                         (unsigned)given->attention < TOCSIN_ATTENTION_COUNT && has_ordinary_fields(given);
    *document = is_plain ? given : room;
    return is_plain ? TOCSIN_OK : take_copy(given, name, room, error);
}

size_t tocsin__document_stride(const tocsin_document *first) {
    return check_size(first, "document", NULL) ? sizeof *first : first->struct_size;
}

tocsin_status tocsin__check_verdict(const tocsin_verdict *verdict, tocsin_error *error) {
    if (!verdict) return tocsin__null_argument(error, "verdict");
    if (verdict->struct_size == sizeof *verdict) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "verdict->struct_size is %zu: it is of no tocsin_classify",
                        verdict->struct_size);
}
