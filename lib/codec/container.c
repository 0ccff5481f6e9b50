/*
 * Offsets of the fields stand here once, as docs/FORMAT.md describes them. All numbers are read byte by byte at these
 * offsets, so that neither alignment nor byte order matters. Checks that need no hash come first, so that the message
 * for a truncated file says "cut short".
 */
#include "codec/container.h"

#include <stdio.h>
#include <string.h>

#include "base/buffer.h"
#include "base/fail.h"
#include "base/hash.h"
#include "codec/compress.h"
#include "codec/little_endian.h"

enum {
    MAGIC = 8,
    AT_VERSION = 8,
    AT_COUNT = 12,
    AT_SIZE = 16,
    AT_CONTENT = 24,
    AT_TABLES = 32,
    AT_WRITER = 40,
    AT_RESERVED = 56, /* zero */
    AT_CHECKSUM = 64  /* over the header before it and the table after it */
};

enum {
    ENTRY_CODEC = 8,
    ENTRY_RESERVED = 12, /* zero */
    ENTRY_OFFSET = 16,
    ENTRY_STORED = 24,
    ENTRY_LENGTH = 32,
    ENTRY_CHECKSUM = 40
};

/*
 * The first byte begins no text in the encodings that are read here, and a program that rewrites line ends changes the
 * last ones.
 */
static const char magic[MAGIC] = {'\x89', 'T', 'O', 'C', 'S', 'I', 'N', '\n'};

static uint64_t aligned(uint64_t offset) { return (offset + 7) / 8 * 8; }

static uint64_t header_checksum(const char *file, size_t count) {
    char covered[AT_CHECKSUM + TOCSIN__CONTAINER_SECTIONS * TOCSIN__CONTAINER_ENTRY];
    const size_t table = count * TOCSIN__CONTAINER_ENTRY;
    memcpy(covered, file, AT_CHECKSUM);
    memcpy(covered + AT_CHECKSUM, file + TOCSIN__CONTAINER_HEADER, table);
    return tocsin__hash(covered, AT_CHECKSUM + table);
}

static void put_entry(char *at, const tocsin__section *section, uint64_t offset) {
    memset(at, 0, TOCSIN__CONTAINER_ENTRY);
    memcpy(at, section->name, strlen(section->name));
    tocsin__put32(at + ENTRY_CODEC, section->codec);
    tocsin__put64(at + ENTRY_OFFSET, offset);
    tocsin__put64(at + ENTRY_STORED, section->stored.length);
    tocsin__put64(at + ENTRY_LENGTH, section->length);
    tocsin__put64(at + ENTRY_CHECKSUM, tocsin__hash(section->stored.data, section->stored.length));
}

tocsin_status tocsin__container_write(const tocsin__container *c, tocsin_buffer *out) {
    const size_t start = out->length;
    uint64_t size = TOCSIN__CONTAINER_HEADER + c->count * TOCSIN__CONTAINER_ENTRY;
    for (size_t i = 0; i < c->count; i++) size = aligned(size) + c->sections[i].stored.length;
    tocsin_status status = tocsin__buffer_reserve(out, (size_t)size);
    if (status) return status;
    char *file = out->data + start;
    memset(file, 0, (size_t)size + 1);
    memcpy(file, magic, MAGIC);
    tocsin__put32(file + AT_VERSION, c->version);
    tocsin__put32(file + AT_COUNT, (uint32_t)c->count);
    tocsin__put64(file + AT_SIZE, size);
    tocsin__put64(file + AT_CONTENT, c->content);
    tocsin__put64(file + AT_TABLES, c->tables);
    memcpy(file + AT_WRITER, c->writer, strlen(c->writer));
    uint64_t offset = TOCSIN__CONTAINER_HEADER + c->count * TOCSIN__CONTAINER_ENTRY;
    for (size_t i = 0; i < c->count; i++) {
        const tocsin__section *section = &c->sections[i];
        offset = aligned(offset);
        put_entry(file + TOCSIN__CONTAINER_HEADER + i * TOCSIN__CONTAINER_ENTRY, section, offset);
        if (section->stored.length) memcpy(file + offset, section->stored.data, section->stored.length);
        offset += section->stored.length;
    }
    tocsin__put64(file + AT_CHECKSUM, header_checksum(file, c->count));
    out->length += (size_t)size;
    return TOCSIN_OK;
}

int tocsin__container_recognises(tocsin_bytes start) {
    return start.length >= MAGIC && !memcmp(start.data, magic, MAGIC);
}

#define DAMAGED(error, at, ...) fail_at_byte((error), TOCSIN_ERROR_IMAGE, (at), __VA_ARGS__)

__attribute__((format(printf, 4, 5))) static tocsin_status fail_at_byte(tocsin_error *error, tocsin_status status,
                                                                        uint64_t at, const char *format, ...) {
    char text[120];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    (void)tocsin__fail(error, status, "byte %llu: %s", (unsigned long long)at, text);
    if (error) error->offset = at;
    return status;
}

static int all_zero(const char *at, uint64_t length) {
    for (uint64_t i = 0; i < length; i++) {
        if (at[i]) return 0;
    }
    return 1;
}

/* Reads text that is padded with zeros up to size; 0 if a byte follows the first zero. */
static int get_padded(char *out, const char *at, size_t size) {
    size_t length = 0;
    while (length < size && at[length]) length++;
    memcpy(out, at, length);
    out[length] = '\0';
    return all_zero(at + length, size - length);
}

static tocsin_status read_header(tocsin_bytes file, tocsin__container *c, tocsin_error *error) {
    if (file.length < MAGIC || memcmp(file.data, magic, MAGIC) != 0) {
        return DAMAGED(error, 0, "this is not an image of a plan");
    }
    if (file.length < TOCSIN__CONTAINER_HEADER) return DAMAGED(error, file.length, "the image is cut short");
    c->version = tocsin__get32(file.data + AT_VERSION);
    if (c->version != TOCSIN__CONTAINER_VERSION) {
        return fail_at_byte(error, TOCSIN_ERROR_UNSUPPORTED, AT_VERSION,
                            "the format of the image is version %u; this library reads version %d", c->version,
                            TOCSIN__CONTAINER_VERSION);
    }
    const uint64_t size = tocsin__get64(file.data + AT_SIZE);
    if (size > file.length)
        return DAMAGED(error, file.length, "the image is cut short: it had %llu bytes", (unsigned long long)size);
    if (size < file.length) return DAMAGED(error, size, "something stands behind the end of the image");
    c->count = tocsin__get32(file.data + AT_COUNT);
    const uint64_t table = TOCSIN__CONTAINER_HEADER + (uint64_t)c->count * TOCSIN__CONTAINER_ENTRY;
    if (c->count > TOCSIN__CONTAINER_SECTIONS || table > size) {
        return DAMAGED(error, AT_COUNT, "the image is damaged: %zu sections", c->count);
    }
    if (header_checksum(file.data, c->count) != tocsin__get64(file.data + AT_CHECKSUM)) {
        return DAMAGED(error, AT_CHECKSUM, "the image is damaged: the header is not what was written");
    }
    c->content = tocsin__get64(file.data + AT_CONTENT);
    c->tables = tocsin__get64(file.data + AT_TABLES);
    if (!get_padded(c->writer, file.data + AT_WRITER, TOCSIN__CONTAINER_WRITER) ||
        !all_zero(file.data + AT_RESERVED, AT_CHECKSUM - AT_RESERVED)) {
        return DAMAGED(error, AT_WRITER, "the image is damaged: the header has no such form");
    }
    return TOCSIN_OK;
}

/* Sections follow one another, each at the next multiple of 8, and the last one ends the file. */
static tocsin_status read_section(tocsin_bytes file, size_t at, tocsin__section *section, uint64_t *end,
                                  tocsin_error *error) {
    const char *entry = file.data + at;
    const uint64_t offset = tocsin__get64(entry + ENTRY_OFFSET), stored = tocsin__get64(entry + ENTRY_STORED);
    const uint32_t codec = tocsin__get32(entry + ENTRY_CODEC);
    section->length = tocsin__get64(entry + ENTRY_LENGTH);
    section->checksum = tocsin__get64(entry + ENTRY_CHECKSUM);
    if (!get_padded(section->name, entry, TOCSIN__CONTAINER_NAME) || !section->name[0] || codec > TOCSIN__CODEC_ZSTD ||
        tocsin__get32(entry + ENTRY_RESERVED) || (codec == TOCSIN__CODEC_RAW && section->length != stored)) {
        return DAMAGED(error, at, "the image is damaged: a section has no such form");
    }
    if (offset != aligned(*end) || offset > file.length || stored > file.length - offset) {
        return DAMAGED(error, at + ENTRY_OFFSET, "the image is damaged: section %s lies where it cannot",
                       section->name);
    }
    if (!all_zero(file.data + *end, offset - *end)) {
        return DAMAGED(error, *end, "the image is damaged: something stands between its sections");
    }
    section->codec = (tocsin__codec)codec;
    section->stored = (tocsin_bytes){file.data + offset, (size_t)stored};
    if (tocsin__hash(section->stored.data, section->stored.length) != section->checksum) {
        return DAMAGED(error, offset, "the image is damaged: section %s is not what was written", section->name);
    }
    *end = offset + stored;
    return TOCSIN_OK;
}

tocsin_status tocsin__container_read(tocsin_bytes file, tocsin__container *container, tocsin_error *error) {
    memset(container, 0, sizeof *container);
    tocsin_status status = read_header(file, container, error);
    uint64_t end = TOCSIN__CONTAINER_HEADER + (uint64_t)container->count * TOCSIN__CONTAINER_ENTRY;
    for (size_t i = 0; i < container->count && !status; i++) {
        tocsin__section *section = &container->sections[i];
        status = read_section(file, TOCSIN__CONTAINER_HEADER + i * TOCSIN__CONTAINER_ENTRY, section, &end, error);
        for (size_t j = 0; j < i && !status; j++) {
            if (strcmp(container->sections[j].name, section->name)) continue;
            status = DAMAGED(error, TOCSIN__CONTAINER_HEADER + i * TOCSIN__CONTAINER_ENTRY,
                             "the image is damaged: section %s stands twice", section->name);
        }
    }
    if (!status && end != file.length) {
        status = DAMAGED(error, end, "the image is damaged: something stands behind its sections");
    }
    return status;
}

const tocsin__section *tocsin__container_find(const tocsin__container *container, const char *name) {
    for (size_t i = 0; i < container->count; i++) {
        if (!strcmp(container->sections[i].name, name)) return &container->sections[i];
    }
    return NULL;
}

tocsin_status tocsin__section_read(const tocsin__section *section, tocsin_buffer *out, tocsin_error *error) {
    tocsin_status status = section->codec == TOCSIN__CODEC_RAW
                               ? tocsin_buffer_append(out, section->stored.data, section->stored.length)
                               : tocsin__decompress(section->stored, section->length, out);
    if (status == TOCSIN_ERROR_IMAGE) {
        return tocsin__fail(error, status, "the image is damaged: section %s cannot be decompressed", section->name);
    }
    return status ? tocsin__fail(error, status, "out of memory") : TOCSIN_OK;
}
