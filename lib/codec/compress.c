/* One thread, one level, and no checksum of zstd's own: the container has a checksum over the stored bytes. */
#include "codec/compress.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "base/buffer.h"

#define LEVEL 3
#define ONE_GO ((uint64_t)64 << 20) /* bytes: buffers up to this size are decompressed in one call */
#define STEP ((size_t)1 << 20)      /* bytes that the output grows by at a time */

tocsin_status tocsin__compress(tocsin_bytes data, tocsin_buffer *out) {
    size_t bound = ZSTD_compressBound(data.length);
    tocsin_status status = tocsin__buffer_reserve(out, bound);
    if (status) return status;
    size_t size = ZSTD_compress(out->data + out->length, bound, data.data ? data.data : "", data.length, LEVEL);
    if (ZSTD_isError(size)) return TOCSIN_ERROR_MEMORY; /* with enough room no other error is possible */
    out->length += size;
    out->data[out->length] = '\0';
    return TOCSIN_OK;
}

/* One step; *left becomes 0 at the end of the frame. */
static tocsin_status step(ZSTD_DStream *stream, ZSTD_inBuffer *in, uint64_t most, tocsin_buffer *out, size_t *left) {
    size_t room = most < STEP ? (size_t)most + 1 : STEP; /* one byte more, to see whether the frame holds too much */
    tocsin_status status = tocsin__buffer_reserve(out, room);
    if (status) return status;
    ZSTD_outBuffer target = {out->data + out->length, room, 0};
    size_t before = in->pos;
    *left = ZSTD_decompressStream(stream, &target, in);
    if (ZSTD_isError(*left)) return TOCSIN_ERROR_IMAGE;
    out->length += target.pos;
    int stuck = *left && in->pos == before && !target.pos;
    return stuck || target.pos > most ? TOCSIN_ERROR_IMAGE : TOCSIN_OK;
}

/* The whole frame at once into room of its size, without a window beside it. */
static tocsin_status decompress_whole(tocsin_bytes frame, size_t length, tocsin_buffer *out) {
    tocsin_status status = tocsin__buffer_reserve(out, length);
    if (status) return status;
    const size_t size = ZSTD_decompress(out->data + out->length, length, frame.data, frame.length);
    if (ZSTD_isError(size) && ZSTD_getErrorCode(size) == ZSTD_error_memory_allocation) return TOCSIN_ERROR_MEMORY;
    if (size != length) return TOCSIN_ERROR_IMAGE;
    out->data[out->length += length] = '\0';
    return TOCSIN_OK;
}

tocsin_status tocsin__decompress(tocsin_bytes frame, uint64_t length, tocsin_buffer *out) {
    if (length <= ONE_GO && ZSTD_getFrameContentSize(frame.data, frame.length) == length) {
        return decompress_whole(frame, (size_t)length, out);
    }
    const size_t before = out->length;
    ZSTD_inBuffer in = {frame.data, frame.length, 0};
    ZSTD_DStream *stream = ZSTD_createDStream();
    tocsin_status status = stream ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (stream) (void)ZSTD_initDStream(stream);
    size_t left = 1;
    while (!status && left) status = step(stream, &in, length - (out->length - before), out, &left);
    if (!status && (out->length - before != length || in.pos != in.size)) status = TOCSIN_ERROR_IMAGE;
    ZSTD_freeDStream(stream);
    if (status && out->data) out->data[out->length = before] = '\0';
    if (!status) out->data[out->length] = '\0';
    return status;
}
