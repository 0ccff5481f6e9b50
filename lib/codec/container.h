#ifndef TOCSIN_CODEC_CONTAINER_H
#define TOCSIN_CODEC_CONTAINER_H

/* A checked file of sections; docs/FORMAT.md describes each byte. */

#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/error.h>

#include "base/vec.h"

enum {
    TOCSIN__CONTAINER_VERSION = 1,
    TOCSIN__CONTAINER_HEADER = 72, /* bytes */
    TOCSIN__CONTAINER_ENTRY = 48,  /* bytes of the table for each section */
    TOCSIN__CONTAINER_SECTIONS = 16,
    TOCSIN__CONTAINER_NAME = 8,
    TOCSIN__CONTAINER_WRITER = 16
};

typedef enum tocsin__codec {
    TOCSIN__CODEC_RAW = 0,
    TOCSIN__CODEC_ZSTD = 1
} tocsin__codec;

typedef struct tocsin__section {
    char name[TOCSIN__CONTAINER_NAME + 1];
    tocsin__codec codec;
    tocsin_bytes stored; /* as stored in the file, borrowed */
    uint64_t length;     /* bytes after decompression */
    uint64_t checksum;   /* of stored */
} tocsin__section;

typedef struct tocsin__container {
    uint32_t version;
    uint64_t content;                          /* a hash over everything that decides results */
    uint64_t tables;                           /* the hash of the writer's fold tables */
    char writer[TOCSIN__CONTAINER_WRITER + 1]; /* version of the library that wrote it */
    tocsin__section sections[TOCSIN__CONTAINER_SECTIONS];
    size_t count;
} tocsin__container;

/* Appends the file; sections give name, codec, stored and length. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__container_write(const tocsin__container *container, tocsin_buffer *out);

/*
 * Reads and checks a file, which must stay as long as the container. TOCSIN_ERROR_IMAGE for a file that is damaged, cut
 * short, too long or of another kind; the message and error->offset give the byte where this was seen.
 * TOCSIN_ERROR_UNSUPPORTED for an unknown format version.
 */
tocsin_status tocsin__container_read(tocsin_bytes file, tocsin__container *container, tocsin_error *error);

/* The section of that name; NULL when there is none. */
const tocsin__section *tocsin__container_find(const tocsin__container *container, const char *name);

/* Appends the decompressed content of a section. */
tocsin_status tocsin__section_read(const tocsin__section *section, tocsin_buffer *out, tocsin_error *error);

/* Whether the bytes begin as such a file does; the rest is not looked at. */
int tocsin__container_recognises(tocsin_bytes start);

#endif
