/*
 * Documents in pieces. Pieces are put together and graded by the code that grades all others: clauses look at the whole
 * document (counts, distances, `unless` behind a term), so its hits would have to be kept anyway, and a second way of
 * reading would be a second truth. The price is a copy of the text, of which a thousandth costs more to grade.
 */
#include <tocsin/stream.h>

#include <string.h>

#include "base/buffer.h"
#include "base/fail.h"
#include "base/memory.h"
#include "classify/scanner_layout.h"
#include "plan/slot_owners.h"

/* What a stream keeps for its next document. */
#define KEPT_BYTES ((size_t)64 * 1024)

struct tocsin_stream {
    tocsin_allocator allocator;
    size_t room;              /* of a field */
    tocsin_scanner *scanner;  /* looked at when a document ends, no sooner: another thread may be using it */
    tocsin_slot *slot;        /* the scanner's */
    const tocsin_plan *plan;  /* of a slot: what the document was begun with, retained */
    uint64_t generation;      /* of that plan */
    tocsin_scanner *late;     /* graded the last document, whose plan the scanner had left; else NULL */
    tocsin_document document; /* its bytes are set when it ends */
    tocsin_buffer fields[TOCSIN_FIELD_COUNT]; /* a byte over the limit at most, by which it is seen that more came */
    tocsin_buffer id, source;
    tocsin_status failure; /* of a write */
    int is_open;
};

tocsin_status tocsin_stream_create(tocsin_scanner *scanner, tocsin_stream **stream, tocsin_error *error) {
    if (!scanner || !stream) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument is not allowed");
    tocsin_stream *made = tocsin__allocate_zeroed(&scanner->allocator, sizeof *made);
    if (!made) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "no memory for a stream");
    made->allocator = scanner->allocator;
    made->room = (size_t)scanner->options.max_document_bytes + 1;
    made->scanner = scanner;
    made->slot = tocsin__slot_retain(scanner->slot);
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) tocsin_buffer_init(&made->fields[i], &scanner->allocator);
    tocsin_buffer_init(&made->id, &scanner->allocator);
    tocsin_buffer_init(&made->source, &scanner->allocator);
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

void tocsin_stream_abandon(tocsin_stream *stream) {
    if (!stream) return;
    for (int i = 0; i < TOCSIN_FIELD_COUNT; i++) empty(&stream->fields[i]);
    empty(&stream->id);
    empty(&stream->source);
    tocsin_scanner_free(stream->late);
    stream->late = NULL;
    stream->is_open = 0;
    stream->failure = TOCSIN_OK;
}

/* The plan that the slot holds now; asks no scanner, which may be reading in another thread. */
static void take_plan(tocsin_stream *stream) {
    if (!stream->slot || tocsin_slot_generation(stream->slot) == stream->generation) return;
    tocsin_plan_release(stream->plan);
    stream->plan = tocsin_slot_acquire(stream->slot, &stream->generation);
}

/* As much of a piece as the field still takes. */
static tocsin_status add(tocsin_stream *stream, tocsin_field field, tocsin_bytes piece) {
    tocsin_buffer *kept = &stream->fields[field];
    const size_t room = stream->room - kept->length;
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

tocsin_status tocsin_stream_begin(tocsin_stream *stream, const tocsin_document *facts, tocsin_error *error) {
    static const tocsin_document nothing = TOCSIN_DOCUMENT_INIT;
    if (!facts) facts = &nothing;
    if (!stream || !tocsin__document_is_sound(facts)) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument or a member of the document is not allowed");
    }
    tocsin_stream_abandon(stream);
    take_plan(stream);
    tocsin_status status = take_facts(stream, facts);
    if (status) {
        tocsin_stream_abandon(stream);
        return tocsin__fail(error, status, "no memory for what is known of a document");
    }
    stream->is_open = 1;
    return TOCSIN_OK;
}

static tocsin_status failed_before(const tocsin_stream *stream, tocsin_error *error) {
    return tocsin__fail(error, stream->failure, "a piece of the document is lost: %s",
                        tocsin_status_string(stream->failure));
}

tocsin_status tocsin_stream_write(tocsin_stream *stream, tocsin_field field, const char *bytes, size_t length,
                                  tocsin_error *error) {
    if (!stream || (unsigned)field >= TOCSIN_FIELD_COUNT || (!bytes && length)) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument is not allowed");
    }
    if (!stream->is_open) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "no document is begun");
    if (!stream->failure) stream->failure = add(stream, field, (tocsin_bytes){bytes, length});
    return stream->failure ? failed_before(stream, error) : TOCSIN_OK;
}

/*
 * Who grades by the plan that the document was begun with: the scanner, which may have to go on to that plan, or one
 * made for it when the scanner or the slot is past it.
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

tocsin_status tocsin_stream_end(tocsin_stream *stream, const tocsin_verdict **verdict, tocsin_error *error) {
    if (!stream || !verdict) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "an argument is not allowed");
    if (!stream->is_open) return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "no document is begun");
    stream->is_open = 0;
    if (stream->failure) return failed_before(stream, error);
    stream->document.id = bytes_of(&stream->id);
    stream->document.source = bytes_of(&stream->source);
    stream->document.title = bytes_of(&stream->fields[TOCSIN_FIELD_TITLE]);
    stream->document.text = bytes_of(&stream->fields[TOCSIN_FIELD_TEXT]);
    tocsin_scanner *scanner;
    tocsin_status status = choose_scanner(stream, &scanner, error);
    return status ? status : tocsin__classify(scanner, &stream->document, verdict, error);
}
