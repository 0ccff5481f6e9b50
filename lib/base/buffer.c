/*
 * The growing run of bytes that everything is written into. A failed append leaves the buffer as it was, so that a
 * caller can stop half-way and cut the buffer back to a length that it noted.
 */
#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "base/vec.h"

void tocsin_buffer_init(tocsin_buffer *buffer, const tocsin_allocator *allocator) {
    if (!buffer) return;
    memset(buffer, 0, sizeof *buffer);
    if (!tocsin__allocator_resolve(allocator, &buffer->allocator)) buffer->allocator = *allocator;
}

void tocsin_buffer_release(tocsin_buffer *buffer) {
    if (!buffer) return;
    tocsin__deallocate(&buffer->allocator, buffer->data, buffer->capacity);
    buffer->data = NULL;
    buffer->length = buffer->capacity = 0;
}

tocsin_status tocsin__buffer_reserve(tocsin_buffer *buffer, size_t more) {
    tocsin__assert(buffer->length < buffer->capacity || (!buffer->length && !buffer->capacity));
    if (more < buffer->capacity - buffer->length) return TOCSIN_OK;
    if (more > SIZE_MAX / 4 - buffer->length) return TOCSIN_ERROR_MEMORY;
    if (!tocsin__allocator_resolve(&buffer->allocator, &buffer->allocator)) return TOCSIN_ERROR_ARGUMENT;
    void *data = buffer->data;
    size_t need = buffer->length + more + 1;
    tocsin_status status = tocsin__vec_reserve_(&data, &buffer->capacity, need < 64 ? 64 : need, 1, &buffer->allocator);
    buffer->data = data;
    return status;
}

/* Growing the buffer moves its bytes, so a source inside the buffer would no longer be at its old address. */
static int is_within(const tocsin_buffer *buffer, const void *data, size_t length) {
    const uintptr_t at = (uintptr_t)data, own = (uintptr_t)buffer->data;
    return length && buffer->data && at < own + buffer->capacity && (at >= own || length > own - at);
}

tocsin_status tocsin_buffer_append(tocsin_buffer *buffer, const void *data, size_t length) {
    if (!buffer || (!data && length)) return TOCSIN_ERROR_ARGUMENT;
    if (length > SIZE_MAX / 4) return TOCSIN_ERROR_MEMORY;
    if (is_within(buffer, data, length)) return TOCSIN_ERROR_ARGUMENT;
    tocsin_status status = tocsin__buffer_reserve(buffer, length);
    if (status) return status;
    if (length) memcpy(buffer->data + buffer->length, data, length);
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return TOCSIN_OK;
}

tocsin_status tocsin__buffer_puts(tocsin_buffer *buffer, const char *text) {
    return tocsin_buffer_append(buffer, text, strlen(text));
}

tocsin_status tocsin__buffer_printf(tocsin_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    tocsin_status status = length < 0 ? TOCSIN_ERROR_ARGUMENT : tocsin__buffer_reserve(buffer, (size_t)length);
    if (!status) {
        (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
        buffer->length += (size_t)length;
    }
    va_end(again);
    return status;
}

static tocsin_status json_escape(tocsin_buffer *buffer, unsigned char c) {
    switch (c) {
        case '"': return tocsin__buffer_puts(buffer, "\\\"");
        case '\\': return tocsin__buffer_puts(buffer, "\\\\");
        case '\n': return tocsin__buffer_puts(buffer, "\\n");
        case '\r': return tocsin__buffer_puts(buffer, "\\r");
        case '\t': return tocsin__buffer_puts(buffer, "\\t");
        default: return tocsin__buffer_printf(buffer, "\\u%04x", c);
    }
}

tocsin_status tocsin__buffer_json_string(tocsin_buffer *buffer, const char *data, size_t length) {
    size_t before = buffer->length, plain = 0, at = 0;
    tocsin_status status = tocsin__buffer_puts(buffer, "\"");
    while (!status && at < length) {
        unsigned char c = (unsigned char)data[at];
        size_t next = at + 1;
        int malformed = c >= 0x80 && tocsin__utf8_next(data, length, at, &next) == TOCSIN__UTF8_MALFORMED;
        if (!malformed && c >= 0x20 && c != 0x7f && c != '"' && c != '\\') {
            at = next;
            continue;
        }
        status = tocsin_buffer_append(buffer, data + plain, at - plain);
        if (!status) status = malformed ? tocsin__buffer_puts(buffer, "\xEF\xBF\xBD") : json_escape(buffer, c);
        at = plain = next;
    }
    if (!status) status = tocsin_buffer_append(buffer, length ? data + plain : "", length - plain);
    if (!status) status = tocsin__buffer_puts(buffer, "\"");
    if (status && buffer->data) buffer->data[buffer->length = before] = '\0';
    return status;
}
