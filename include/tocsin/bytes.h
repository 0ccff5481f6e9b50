#ifndef TOCSIN_BYTES_H
#define TOCSIN_BYTES_H

#include <stddef.h>

#include <tocsin/allocator.h>
#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A borrowed run of bytes; not terminated. data may be NULL when length is 0. */
typedef struct tocsin_bytes {
    const char *data;
    size_t length; /**< bytes */
} tocsin_bytes;

/**
 * A growing run of bytes, owned by the code that initialised it. After the first write, data[length] is always a NUL
 * that does not count; before, data may be NULL.
 */
typedef struct tocsin_buffer {
    char *data;
    size_t length;   /**< bytes in use */
    size_t capacity; /**< bytes allocated, including the NUL */
    tocsin_allocator allocator;
} tocsin_buffer;

/**
 * Makes an empty buffer; allocator NULL means the default one. Cannot fail. buffer NULL does nothing. One thread at a
 * time.
 */
TOCSIN_API void tocsin_buffer_init(tocsin_buffer *buffer, const tocsin_allocator *allocator);

/** Gives the memory back and leaves an empty buffer that can be used again. NULL does nothing. One thread at a time. */
TOCSIN_API void tocsin_buffer_release(tocsin_buffer *buffer);

/**
 * Appends length bytes. They must not be bytes of the buffer itself. TOCSIN_ERROR_MEMORY (no memory, or more bytes than
 * an object can have) and TOCSIN_ERROR_ARGUMENT (a NULL, bytes of the buffer itself, an incomplete allocator) leave the
 * buffer unchanged. Thread-safe when no other thread uses the same buffer.
 */
TOCSIN_API tocsin_status tocsin_buffer_append(tocsin_buffer *buffer, const void *data, size_t length);

#ifdef __cplusplus
}
#endif

#endif
