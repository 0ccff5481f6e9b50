/* The sources of a plan, kept so that it can be saved. */
#include "base/hash.h"
#include "codec/little_endian.h"
#include "plan/image_internal.h"
#include "plan/plan_build.h"

#include <string.h>

static void put_header(char *header, tocsin_bytes name, tocsin_bytes source) {
    tocsin__put32(header, (uint32_t)name.length);
    tocsin__put64(header + 4, source.length);
}

tocsin_status tocsin__image_put_source(tocsin_buffer *records, tocsin_bytes name, tocsin_bytes source) {
    char header[TOCSIN__SOURCE_HEADER];
    const size_t before = records->length;
    put_header(header, name, source);
    tocsin_status status = tocsin_buffer_append(records, header, sizeof header);
    if (!status) status = tocsin_buffer_append(records, name.data, name.length);
    if (!status) status = tocsin_buffer_append(records, source.data, source.length);
    if (status && records->data) records->data[records->length = before] = '\0';
    return status;
}

int tocsin__image_next_source(tocsin_bytes records, size_t *at, tocsin_bytes *name, tocsin_bytes *source) {
    size_t left = records.length - *at;
    if (left < TOCSIN__SOURCE_HEADER) return 0;
    const char *record = records.data + *at;
    const uint32_t name_length = tocsin__get32(record);
    const uint64_t length = tocsin__get64(record + 4);
    left -= TOCSIN__SOURCE_HEADER;
    if (!name_length || name_length > left || length > left - name_length) return 0;
    *name = (tocsin_bytes){record + TOCSIN__SOURCE_HEADER, name_length};
    *source = (tocsin_bytes){name->data + name_length, (size_t)length};
    *at += TOCSIN__SOURCE_HEADER + name_length + (size_t)length;
    return !memchr(name->data, '\0', name_length);
}

static int is_kept(const tocsin__plan_sources *sources, const char *name) {
    for (size_t i = 0; i < sources->list.length; i++) {
        if (!strcmp(sources->list.data[i].name, name)) return 1;
    }
    return 0;
}

tocsin_status tocsin__plan_keep_source(tocsin__plan_build *build, const char *name, tocsin_bytes bytes, int lent) {
    tocsin_plan *plan = build->plan;
    char header[TOCSIN__SOURCE_HEADER];
    if (is_kept(&plan->sources, name)) return TOCSIN_OK;
    const tocsin_bytes named = {name, strlen(name)};
    tocsin__plan_source source = {tocsin__arena_copy(&plan->arena, named.data, named.length), {"", 0}};
    if (!build->options.without_sources && bytes.length) {
        source.bytes = bytes;
        if (!lent) source.bytes.data = tocsin__arena_copy(&plan->arena, bytes.data, bytes.length);
    }
    if (!source.name || !source.bytes.data) return TOCSIN_ERROR_MEMORY;
    put_header(header, named, bytes);
    tocsin__hash_add(&build->hash, header, sizeof header);
    tocsin__hash_add(&build->hash, named.data, named.length);
    if (bytes.length) tocsin__hash_add(&build->hash, bytes.data, bytes.length);
    return tocsin__vec_push(&plan->sources.list, &plan->allocator, source);
}
