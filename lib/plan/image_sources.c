/* The sources of a plan, kept so that it can be saved. */
#include "base/hash.h"
#include "codec/compress.h"
#include "codec/little_endian.h"
#include "plan/image_internal.h"
#include "plan/plan_build.h"

#include <string.h>

tocsin_status tocsin__image_put_source(tocsin_buffer *records, tocsin_bytes name, tocsin_bytes source) {
    char header[TOCSIN__SOURCE_HEADER];
    const size_t before = records->length;
    tocsin__put32(header, (uint32_t)name.length);
    tocsin__put64(header + 4, source.length);
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

static int is_kept(tocsin_bytes records, const char *wanted) {
    tocsin_bytes name, source;
    for (size_t at = 0; at < records.length;) {
        if (!tocsin__image_next_source(records, &at, &name, &source)) return 0;
        if (name.length == strlen(wanted) && !memcmp(name.data, wanted, name.length)) return 1;
    }
    return 0;
}

tocsin_status tocsin__plan_keep_source(tocsin__plan_build *build, const char *name, const tocsin_buffer *bytes) {
    tocsin_buffer *kept = &build->sources;
    if (is_kept((tocsin_bytes){kept->data, kept->length}, name)) return TOCSIN_OK;
    build->plan->sources.count++;
    return tocsin__image_put_source(kept, (tocsin_bytes){name, strlen(name)},
                                    (tocsin_bytes){bytes->data, bytes->length});
}

tocsin_status tocsin__plan_pack_sources(tocsin__plan_build *build) {
    tocsin__plan_sources *packed = &build->plan->sources;
    packed->content = tocsin__hash(build->sources.data, build->sources.length);
    if (build->options.without_sources) return TOCSIN_OK;
    packed->length = build->sources.length;
    return tocsin__compress((tocsin_bytes){build->sources.data, build->sources.length}, &packed->frame);
}
