/*
 * Any bytes as an image; if they begin with a 1, two sections whose checksums are corrected, so that the code behind
 * them is reached too. It opens or is refused with a message; a plan that opens grades documents.
 */
#include <string.h>

#include "base/hash.h"
#include "codec/compress.h"
#include "codec/container.h"
#include "codec/little_endian.h"
#include "fuzz_plan.h"
#include "fuzz_target.h"
#include "text/fold_tables.h"

static void keep(tocsin_status status) {
    if (status) fuzz_failed("out of memory");
}

/* The next part: its length in four bytes, limited to the bytes that are left. */
static tocsin_bytes part(const char *data, size_t size, size_t *at) {
    uint32_t length = 0;
    if (size - *at >= 4) {
        length = tocsin__get32(data + *at);
        *at += 4;
    }
    if (length > size - *at) length = (uint32_t)(size - *at);
    *at += length;
    return (tocsin_bytes){data + *at - length, length};
}

static void build(const char *data, size_t size, tocsin_buffer *out) {
    tocsin_buffer frame;
    size_t at = 1;
    const tocsin_bytes facts = part(data, size, &at), records = part(data, size, &at);
    tocsin_buffer_init(&frame, NULL);
    keep(tocsin__compress(records, &frame));
    tocsin__container c = {.version = 1,
                           .tables = tocsin__fold_tables_id,
                           .writer = TOCSIN_VERSION_STRING,
                           .content = tocsin__hash(records.data, records.length),
                           .count = 2};
    c.sections[0] = (tocsin__section){.name = "facts", .stored = facts, .length = facts.length};
    c.sections[1] = (tocsin__section){
        .name = "sources", .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = records.length};
    keep(tocsin__container_write(&c, out));
    tocsin_buffer_release(&frame);
}

static tocsin_plan *open_image(const tocsin_buffer *bytes) {
    tocsin_image *image = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_diagnostics *list = NULL;
    keep(tocsin_diagnostics_create(NULL, &list));
    tocsin_status status = tocsin_image_read(bytes->data ? bytes->data : "", bytes->length, NULL, &image, &error);
    if (!status) status = tocsin_plan_from_image(image, NULL, list, &plan, &error);
    if (status && !error.message[0]) fuzz_failed("an image is refused without a word");
    tocsin_image_free(image);
    tocsin_diagnostics_free(list);
    return plan;
}

static void grade(const tocsin_plan *plan, tocsin_buffer *out) {
    static const char *const texts[] = {"火灾险，推诿，大火灾起火啊了", "fire ab aab 烟 慢", "着火"};
    tocsin_scanner *scanner = NULL;
    keep(tocsin_scanner_create(plan, NULL, &scanner, NULL));
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        document.text = (tocsin_bytes){texts[i], strlen(texts[i])};
        fuzz_grade(scanner, &document, out);
    }
    tocsin_scanner_free(scanner);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    tocsin_buffer bytes, one;
    tocsin_buffer_init(&bytes, NULL);
    tocsin_buffer_init(&one, NULL);
    if (size && data[0] == 1) {
        build((const char *)data, size, &bytes);
    } else {
        keep(tocsin_buffer_append(&bytes, data, size));
    }
    tocsin_plan *plan = open_image(&bytes);
    if (plan) grade(plan, &one);
    tocsin_plan_release(plan);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&one);
    return 0;
}
