/*
 * Grades documents that come in pieces. The pieces are joined and graded by the same code as all other documents:
 * clauses look at the whole document (counts, distances, `unless` after a term), so its hits would have to be kept
 * anyway, and a second way of reading might give other results. The price is a copy of the text, about a thousandth of
 * the cost of grading it.
 */
#include <tocsin/stream.h>

#include <string.h>

#include "base/arguments.h"
#include "base/buffer.h"
#include "base/busy.h"
#include "base/fail.h"
#include "base/memory.h"
#include "classify/scanner_internal.h"
#include "classify/scanner_slot.h"
#include "plan/plan_slot_owners.h"

/* The memory that a stream keeps for its next document. */
#define KEPT_BYTES ((size_t)64 * 1024)

struct tocsin_stream {
    tocsin__busy busy;
    tocsin_allocator allocator;
    size_t room;              /* of a field */
    tocsin_scanner *scanner;  /* not used before a document ends: another thread may be using it */
    tocsin_slot *slot;        /* the scanner's */
    const tocsin_plan *plan;  /* of a slot: the plan at the start of the document, retained */
    uint64_t generation;      /* of that plan */
    tocsin_scanner *late;     /* graded the last document, whose plan the scanner no longer has; otherwise NULL */
    tocsin_document document; /* its bytes are set when it ends */
    tocsin_buffer fields[TOCSIN_FIELD_COUNT]; /* at most one byte over the limit, which shows that there was more */
    uint64_t lengths[TOCSIN_FIELD_COUNT];     /* of the whole document so far, whether kept or not */
    tocsin_buffer id, source;
    tocsin_status failure; /* of a write */
    int is_open;
};

static tocsin_stream *make(tocsin_scanner *scanner) {
    tocsin_stream *made = tocsin__allocate_zeroed(&scanner->options.allocator, sizeof *made);
    if (!made) return NULL;
    made->allocator = scanner->options.allocator;
    made->room = (size_t)scanner->options.max_document_bytes + 1;
    made->scanner = scanner;
    made->slot = tocsin__slot_retain(scanner->slot);
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) tocsin_buffer_init(&made->fields[i], &made->allocator);
    tocsin_buffer_init(&made->id, &made->allocator);
    tocsin_buffer_init(&made->source, &made->allocator);
    return made;
}

tocsin_status tocsin_stream_create(tocsin_scanner *scanner, tocsin_stream **stream, tocsin_error *error) {
    if (!scanner) return tocsin__null_argument(error, "scanner");
    if (!stream) return tocsin__null_argument(error, "stream");
    if (!tocsin__busy_take(&scanner->busy)) return tocsin__is_busy(error, "scanner");
    tocsin_stream *made = make(scanner);
    tocsin__busy_give(&scanner->busy);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "no memory for a stream");
    *stream = made;
    return TOCSIN_OK;
}

void tocsin_stream_free(tocsin_stream *stream) {
    if (!stream) return;
    tocsin_allocator allocator = stream->allocator;
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) tocsin_buffer_release(&stream->fields[i]);
    tocsin_buffer_release(&stream->id);
    tocsin_buffer_release(&stream->source);
    tocsin_scanner_free(stream->late);
    tocsin_plan_release(stream->plan);
    tocsin_slot_free(stream->slot);
    tocsin__deallocate(&allocator, stream, sizeof *stream);
}

static void empty(tocsin_buffer *buffer) {
    if (buffer->capacity > KEPT_BYTES) tocsin_buffer_release(buffer);
    buffer->length = 0;
}

static void abandon(tocsin_stream *stream) {
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) empty(&stream->fields[i]);
    empty(&stream->id);
    empty(&stream->source);
    tocsin_scanner_free(stream->late);
    stream->late = NULL;
    memset(stream->lengths, 0, sizeof stream->lengths);
    stream->is_open = 0;
    stream->failure = TOCSIN_OK;
}

tocsin_status tocsin_stream_abandon(tocsin_stream *stream) {
    if (!stream) return TOCSIN_OK;
    if (!tocsin__busy_take(&stream->busy)) return TOCSIN_ERROR_BUSY;
    abandon(stream);
    tocsin__busy_give(&stream->busy);
    return TOCSIN_OK;
}

/* Takes the plan that the slot holds now; does not touch the scanner, which may be reading in another thread. */
static void take_plan(tocsin_stream *stream) {
    if (!stream->slot || tocsin_slot_generation(stream->slot) == stream->generation) return;
    tocsin_plan_release(stream->plan);
    stream->plan = tocsin_slot_acquire(stream->slot, &stream->generation);
}

/* As much of a piece as the field still takes; nothing of one that makes it too large to be graded. */
static tocsin_status add(tocsin_stream *stream, tocsin_field field, tocsin_bytes piece) {
    tocsin_buffer *kept = &stream->fields[field];
    const size_t room = stream->room - kept->length;
    const uint64_t before = stream->lengths[field];
    stream->lengths[field] = piece.length > UINT64_MAX - before ? UINT64_MAX : before + piece.length;
    if (stream->lengths[field] > TOCSIN_FOLD_MAX) return TOCSIN_OK;
    return tocsin_buffer_append(kept, piece.data, piece.length < room ? piece.length : room);
}

static tocsin_status take_facts(tocsin_stream *stream, const tocsin_document *facts) {
    tocsin_status status = tocsin_buffer_append(&stream->id, facts->id.data, facts->id.length);
    if (!status) status = tocsin_buffer_append(&stream->source, facts->source.data, facts->source.length);
    if (!status) status = add(stream, TOCSIN_FIELD_TITLE, facts->title);
    if (!status) status = add(stream, TOCSIN_FIELD_TEXT, facts->text);
    stream->document = *facts;
    return status;
}

static tocsin_status begin(tocsin_stream *stream, const tocsin_document *facts, tocsin_error *error) {
    abandon(stream);
    take_plan(stream);
    tocsin_status status = take_facts(stream, facts);
    if (status) {
        abandon(stream);
        return tocsin__fail(error, status, "no memory for what is known of a document");
    }
    stream->is_open = 1;
    return TOCSIN_OK;
}

tocsin_status tocsin_stream_begin(tocsin_stream *stream, const tocsin_document *facts, tocsin_error *error) {
    static const tocsin_document nothing = TOCSIN_DOCUMENT_INIT;
    tocsin_document taken = nothing;
    if (!stream) return tocsin__null_argument(error, "stream");
    tocsin_status status = facts ? tocsin__take_document(facts, "facts", &taken, error) : TOCSIN_OK;
    if (status) return status;
    if (!tocsin__busy_take(&stream->busy)) return tocsin__is_busy(error, "stream");
    status = begin(stream, &taken, error);
    tocsin__busy_give(&stream->busy);
    return status;
}

static tocsin_status failed_before(const tocsin_stream *stream, tocsin_error *error) {
    return tocsin__fail(error, stream->failure, "a piece of the document is lost: %s",
                        tocsin_status_string(stream->failure));
}

static tocsin_status write_piece(tocsin_stream *stream, tocsin_field field, tocsin_bytes piece, tocsin_error *error) {
    if (!stream->is_open) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "no document is begun");
    if (!stream->failure) stream->failure = add(stream, field, piece);
    return stream->failure ? failed_before(stream, error) : TOCSIN_OK;
}

tocsin_status tocsin_stream_write(tocsin_stream *stream, tocsin_field field, const char *bytes, size_t length,
                                  tocsin_error *error) {
    if (!stream) return tocsin__null_argument(error, "stream");
    tocsin_status status = tocsin__check_value((int)field, TOCSIN_FIELD_COUNT, "", "field", "tocsin_field", error);
    if (status) return status;
    if (!bytes && length) return tocsin__null_argument(error, "bytes");
    if (!tocsin__busy_take(&stream->busy)) return tocsin__is_busy(error, "stream");
    status = write_piece(stream, field, (tocsin_bytes){bytes, length}, error);
    tocsin__busy_give(&stream->busy);
    return status;
}

/*
 * Chooses the scanner for the plan of the document's start: the stream's own, which may have to take that plan, or a
 * new one if the scanner or the slot has a later plan.
 */
static tocsin_status choose_scanner(tocsin_stream *stream, tocsin_scanner **chosen, tocsin_error *error) {
    tocsin_scanner *scanner = *chosen = stream->scanner;
    if (scanner->generation == stream->generation) return TOCSIN_OK;
    if (tocsin_slot_generation(stream->slot) == stream->generation) {
        tocsin_status status = tocsin__scanner_refresh(scanner, error);
        if (status || scanner->generation == stream->generation) return status;
    }
    tocsin_status status = tocsin_scanner_create(stream->plan, &scanner->options, &stream->late, error);
    if (status) return status;
    stream->late->generation = stream->generation;
    *chosen = stream->late;
    return TOCSIN_OK;
}

static tocsin_bytes bytes_of(const tocsin_buffer *buffer) {
    return (tocsin_bytes){buffer->length ? buffer->data : "", buffer->length};
}

/* Ends the document, whatever the result is. */
static tocsin_status end(tocsin_stream *stream, const tocsin_verdict **verdict, tocsin_error *error) {
    stream->is_open = 0;
    if (stream->failure) return failed_before(stream, error);
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) {
        if (stream->lengths[i] <= TOCSIN_FOLD_MAX) continue;
        return tocsin__too_large(error, "", tocsin_field_name((tocsin_field)i), stream->lengths[i]);
    }
    stream->document.id = bytes_of(&stream->id);
    stream->document.source = bytes_of(&stream->source);
    stream->document.title = bytes_of(&stream->fields[TOCSIN_FIELD_TITLE]);
    stream->document.text = bytes_of(&stream->fields[TOCSIN_FIELD_TEXT]);
    tocsin_scanner *scanner;
    tocsin_status status = choose_scanner(stream, &scanner, error);
    return status ? status : tocsin__classify(scanner, &stream->document, verdict, error);
}

/* Takes both flags or none: while another call uses the scanner, the document stays open. */
static tocsin_status end_unless_busy(tocsin_stream *stream, const tocsin_verdict **verdict, tocsin_error *error) {
    if (!stream->is_open) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "no document is begun");
    if (!tocsin__busy_take(&stream->scanner->busy)) return tocsin__is_busy(error, "scanner");
    tocsin_status status = end(stream, verdict, error);
    tocsin__busy_give(&stream->scanner->busy);
    return status;
}

tocsin_status tocsin_stream_end(tocsin_stream *stream, const tocsin_verdict **verdict, tocsin_error *error) {
    if (!stream) return tocsin__null_argument(error, "stream");
    if (!verdict) return tocsin__null_argument(error, "verdict");
    if (!tocsin__busy_take(&stream->busy)) return tocsin__is_busy(error, "stream");
    tocsin_status status = end_unless_busy(stream, verdict, error);
    tocsin__busy_give(&stream->busy);
    return status;
}
