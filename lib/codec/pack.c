/* Numbers are written seven bits a byte, the lowest first; the top bit says that more follow. */
#include "codec/pack.h"

#include <string.h>

#include "base/buffer.h"

#define ALIGNMENT ((size_t)8)
#define NUMBER_MOST 10 /* bytes of the largest number of 64 bits */

static void append(tocsin__packer *packer, const void *data, size_t length) {
    if (!packer->status) packer->status = tocsin_buffer_append(packer->out, data, length);
}

void tocsin__pack_number(tocsin__packer *packer, uint64_t value) {
    char bytes[NUMBER_MOST];
    size_t length = 0;
    for (; value > 0x7F; value >>= 7) bytes[length++] = (char)(unsigned char)(value | 0x80);
    bytes[length++] = (char)value;
    append(packer, bytes, length);
}

void tocsin__pack_array(tocsin__packer *packer, const void *data, size_t count, size_t size) {
    static const char zeros[ALIGNMENT];
    tocsin__pack_number(packer, count);
    append(packer, zeros, (ALIGNMENT - packer->out->length % ALIGNMENT) % ALIGNMENT);
    append(packer, count ? data : "", count * size);
}

static uint64_t fault(tocsin__unpacker *unpacker) {
    unpacker->sound = 0;
    return 0;
}

uint64_t tocsin__unpack_number(tocsin__unpacker *unpacker) {
    const unsigned char *bytes = (const unsigned char *)unpacker->data.data;
    uint64_t value = 0;
    if (!unpacker->sound) return 0;
    for (unsigned shift = 0; unpacker->at < unpacker->data.length && shift < 64; shift += 7) {
        const uint64_t byte = bytes[unpacker->at++];
        if (shift == 63 && byte > 1) break;
        value |= (byte & 0x7F) << shift;
        if (byte < 0x80) return byte || !shift ? value : fault(unpacker);
    }
    return fault(unpacker);
}

uint32_t tocsin__unpack_number_up_to(tocsin__unpacker *unpacker, uint32_t most) {
    const uint64_t value = tocsin__unpack_number(unpacker);
    return (uint32_t)(value <= most ? value : fault(unpacker));
}

const void *tocsin__unpack_array(tocsin__unpacker *unpacker, size_t size, size_t *count) {
    static const uint64_t nothing;
    const uint64_t wanted = tocsin__unpack_number(unpacker);
    const size_t start = (unpacker->at + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    *count = 0;
    if (!unpacker->sound || start > unpacker->data.length || wanted > (unpacker->data.length - start) / size) {
        fault(unpacker);
        return &nothing;
    }
    for (size_t i = unpacker->at; i < start; i++) {
        if (unpacker->data.data[i]) fault(unpacker);
    }
    *count = (size_t)wanted;
    unpacker->at = start + *count * size;
    return unpacker->data.data + start;
}

const void *tocsin__unpack_array_of(tocsin__unpacker *unpacker, size_t size, size_t count) {
    size_t found;
    const void *array = tocsin__unpack_array(unpacker, size, &found);
    if (found != count) fault(unpacker);
    return array;
}
