/*
 * An image: the bytes as they are, or, when they begin with a 1, three sections whose checksums and key are put right,
 * so that what is behind them is met too. It opens or is refused; what opens grades, and when its blobs were not taken,
 * as its sources do.
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

/* The key that blobs of this library have. */
static void put_key(char *at) {
    static char key[8];
    static int known;
    if (!known) {
        tocsin__container c;
        tocsin_buffer image, blobs;
        tocsin_plan *plan = fuzz_make_plan(TOCSIN_ENGINE_AUTO, TOCSIN_FOLD_NFKC_CF_HANS);
        tocsin_buffer_init(&image, NULL);
        tocsin_buffer_init(&blobs, NULL);
        keep(tocsin_plan_save_to_buffer(plan, &image, NULL));
        keep(tocsin__container_read((tocsin_bytes){image.data, image.length}, &c, NULL));
        keep(tocsin__section_read(tocsin__container_find(&c, "blobs"), &blobs, NULL));
        memcpy(key, blobs.data, sizeof key);
        known = 1;
        tocsin_buffer_release(&image);
        tocsin_buffer_release(&blobs);
        tocsin_plan_release(plan);
    }
    memcpy(at, key, sizeof key);
}

/* The next part: its length in four bytes, cut to what is there. */
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
    tocsin_buffer frame, blobs;
    size_t at = 1;
    const tocsin_bytes facts = part(data, size, &at), records = part(data, size, &at);
    tocsin_buffer_init(&frame, NULL);
    tocsin_buffer_init(&blobs, NULL);
    keep(tocsin__compress(records, &frame));
    tocsin__container c = {.version = 1,
                           .tables = tocsin__fold_tables_id,
                           .writer = TOCSIN_VERSION_STRING,
                           .content = tocsin__hash(records.data, records.length),
                           .count = 3};
    char head[16];
    put_key(head);
    tocsin__put64(head + 8, c.content);
    keep(tocsin_buffer_append(&blobs, head, sizeof head));
    keep(tocsin_buffer_append(&blobs, data + at, size - at));
    c.sections[0] = (tocsin__section){.name = "facts", .stored = facts, .length = facts.length};
    c.sections[1] = (tocsin__section){
        .name = "sources", .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = records.length};
    c.sections[2] = (tocsin__section){.name = "blobs", .stored = {blobs.data, blobs.length}, .length = blobs.length};
    keep(tocsin__container_write(&c, out));
    tocsin_buffer_release(&frame);
    tocsin_buffer_release(&blobs);
}

static tocsin_plan *open_image(const tocsin_buffer *bytes, uint32_t without_blobs, int *noted) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_image *image = NULL;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    tocsin_diagnostics *list = NULL;
    options.without_blobs = without_blobs;
    keep(tocsin_diagnostics_create(NULL, &list));
    tocsin_status status = tocsin_image_read(bytes->data ? bytes->data : "", bytes->length, NULL, &image, &error);
    if (!status) status = tocsin_plan_from_image(image, &options, list, &plan, &error);
    if (status && !error.message[0]) fuzz_failed("an image is refused without a word");
    *noted = 0;
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        *noted |= !strcmp(tocsin_diagnostics_at(list, i)->code, "image-blobs");
    }
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
    tocsin_buffer bytes, one, other;
    int noted, ignored;
    tocsin_buffer_init(&bytes, NULL);
    tocsin_buffer_init(&one, NULL);
    tocsin_buffer_init(&other, NULL);
    if (size && data[0] == 1) {
        build((const char *)data, size, &bytes);
    } else {
        keep(tocsin_buffer_append(&bytes, data, size));
    }
    tocsin_plan *plan = open_image(&bytes, 0, &noted);
    if (plan) grade(plan, &one);
    if (plan && noted) {
        tocsin_plan *bare = open_image(&bytes, 1, &ignored);
        if (!bare) fuzz_failed("the sources compile with blobs that do not fit, and not without");
        grade(bare, &other);
        if (one.length != other.length || memcmp(one.data, other.data, one.length) != 0) fuzz_failed("verdicts differ");
        tocsin_plan_release(bare);
    }
    tocsin_plan_release(plan);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&other);
    return 0;
}
