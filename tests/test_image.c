/*
 * Plans saved as images and opened again: same bytes and verdicts; any change of the bytes gives a clear error or an
 * equal plan.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tocsin/tocsin.h>

#include "base/hash.h"
#include "codec/compress.h"
#include "codec/container.h"
#include "codec/little_endian.h"
#include "codec/whole_file.h"
#include "failing_allocator.h"
#include "image_plan.h"
#include "plan/image_internal.h"
#include "suite.h"

#define GOLDEN TOCSIN_SOURCE_DIR "/tests/images/small.1.tocsin"

START_TEST(a_plan_survives_saving_and_opening) {
    tocsin_plan *plan = image_make_plan(NULL), *again = NULL;
    tocsin_buffer first, second;
    image_save(plan, &first);
    ck_assert_int_eq(image_open_bytes(first.data, first.length, &again, NULL), TOCSIN_OK);
    image_assert_same_verdicts(plan, again);
    image_save(again, &second);
    ck_assert_uint_eq(first.length, second.length);
    ck_assert_mem_eq(first.data, second.data, first.length);
    ck_assert_str_eq(tocsin_plan_get_info(again)->name, "小");
    tocsin_buffer_release(&first);
    tocsin_buffer_release(&second);
    tocsin_plan_release(plan);
    tocsin_plan_release(again);
}
END_TEST

START_TEST(every_engine_survives_saving_and_opening) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, TOCSIN_ENGINE_FILTER, HYPERSCAN_ENGINE,
                                            TOCSIN_ENGINE_NAIVE};
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_plan *again = NULL;
        tocsin_buffer first, second;
        options.engine = engines[i];
        tocsin_plan *plan = image_make_plan(&options);
        image_save(plan, &first);
        ck_assert_int_eq(image_open_bytes(first.data, first.length, &again, NULL), TOCSIN_OK);
        ck_assert_str_eq(tocsin_plan_get_info(plan)->engine, tocsin_plan_get_info(again)->engine);
        image_assert_same_verdicts(plan, again);
        image_save(again, &second);
        ck_assert_uint_eq(first.length, second.length);
        ck_assert_mem_eq(first.data, second.data, first.length);
        tocsin_plan_release(plan);
        tocsin_plan_release(again);
        tocsin_buffer_release(&first);
        tocsin_buffer_release(&second);
    }
}
END_TEST

START_TEST(an_image_describes_itself) {
    tocsin_buffer bytes;
    tocsin_image *image = NULL;
    image_make(&bytes);
    char *odd = malloc(bytes.length + 1); /* at any alignment */
    ck_assert_ptr_nonnull(odd);
    memcpy(odd + 1, bytes.data, bytes.length);
    ck_assert_int_eq(tocsin_image_read(odd + 1, bytes.length, NULL, &image, NULL), TOCSIN_OK);
    free(odd);
    const tocsin_image_info *info = tocsin_image_get_info(image);
    ck_assert_uint_eq(info->format, 1);
    ck_assert_str_eq(info->writer, TOCSIN_VERSION_STRING);
    ck_assert_int_eq(info->same_tables, 1);
    ck_assert_uint_eq(info->bytes, bytes.length);
    ck_assert_str_eq(info->version, "7");
    ck_assert_uint_eq(info->tier_count, 2);
    ck_assert_uint_eq(info->clause_count, 3);
    ck_assert_uint_eq(info->topic_count, 2);
    ck_assert_uint_eq(info->term_count, 7);
    ck_assert_uint_eq(info->regex_count, 1);
    ck_assert_uint_eq(info->venue_count, 1);
    ck_assert_uint_eq(info->source_count, 4); /* two topics name more.txt, the image has it once */
    for (size_t i = 0; i < info->source_count; i++) {
        const tocsin_image_source *source = tocsin_image_get_source(image, i);
        tocsin_buffer wanted;
        tocsin_buffer_init(&wanted, NULL);
        ck_assert_int_eq(image_read_source(NULL, source->name, &wanted), TOCSIN_OK);
        ck_assert_uint_eq(source->bytes.length, wanted.length);
        ck_assert_mem_eq(source->bytes.data, wanted.data, wanted.length);
        tocsin_buffer_release(&wanted);
    }
    ck_assert_str_eq(tocsin_image_get_source(image, 0)->name, "plan.yaml");
    ck_assert_ptr_null(tocsin_image_get_source(image, 4));
    ck_assert_uint_eq(info->section_count, 2);
    ck_assert_str_eq(tocsin_image_get_section(image, 1)->name, "sources");
    ck_assert_ptr_null(tocsin_image_get_section(image, 2));
    ck_assert_ptr_null(tocsin_image_get_info(NULL));
    tocsin_image_free(image);
    tocsin_image_free(NULL);
    tocsin_buffer_release(&bytes);
}
END_TEST

/* If the caller gives no options, those of the image are used. */
START_TEST(options_are_kept) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_buffer bytes;
    tocsin_image *image = NULL;
    tocsin_plan *plan = NULL;
    options.engine = TOCSIN_ENGINE_NAIVE;
    options.max_terms = 7;
    plan = image_make_plan(&options);
    image_save(plan, &bytes);
    tocsin_plan_release(plan);
    ck_assert_int_eq(tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_from_image(image, NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_str_eq(tocsin_plan_get_info(plan)->engine, "naive");
    tocsin_plan_release(plan);
    options.engine = HYPERSCAN_ENGINE;
    options.max_terms = 6;
    ck_assert_int_eq(tocsin_plan_from_image(image, &options, NULL, &plan, NULL), TOCSIN_ERROR_PLAN);
    options.max_terms = 0;
    ck_assert_int_eq(tocsin_plan_from_image(image, &options, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_str_eq(tocsin_plan_get_info(plan)->engine, HYPERSCAN_ENGINE_NAME);
    tocsin_plan_release(plan);
    options.struct_size = 1;
    ck_assert_int_eq(tocsin_plan_from_image(image, &options, NULL, &plan, NULL), TOCSIN_ERROR_ARGUMENT);
    tocsin_image_free(image);
    tocsin_buffer_release(&bytes);
}
END_TEST

START_TEST(a_plan_without_sources_cannot_be_saved) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_buffer bytes;
    tocsin_error error = {0};
    options.without_sources = 1;
    tocsin_plan *plan = image_make_plan(&options);
    tocsin_buffer_init(&bytes, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(plan, &bytes, &error), TOCSIN_ERROR_UNSUPPORTED);
    ck_assert_str_eq(error.message, "the plan was compiled without keeping its sources");
    ck_assert_int_eq(tocsin_plan_save(plan, "/tmp/never.tocsin", NULL), TOCSIN_ERROR_UNSUPPORTED);
    ck_assert_int_eq(tocsin_plan_save(NULL, "x", NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_plan_save(plan, "", NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_uint_eq(bytes.length, 0);
    tocsin_plan_release(plan);
}
END_TEST

/* The whole fire-service plan. */
START_TEST(the_fire_service_plan_survives_saving_and_opening) {
    static const char *const posts[] = {"消防车半小时才到，水枪没水", "某地火灾致3人死亡", "感谢消防员", "火锅店开业"};
    tocsin_plan *plan = NULL, *again = NULL;
    tocsin_buffer bytes, one, two;
    ck_assert_int_eq(tocsin_plan_compile_file(TOCSIN_SOURCE_DIR "/examples/fire-service", NULL, NULL, &plan, NULL),
                     TOCSIN_OK);
    image_save(plan, &bytes);
    ck_assert_int_eq(image_open_bytes(bytes.data, bytes.length, &again, NULL), TOCSIN_OK);
    image_grade(plan, posts, 4, &one);
    image_grade(again, posts, 4, &two);
    ck_assert_str_eq(one.data, two.data);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&two);
    tocsin_plan_release(plan);
    tocsin_plan_release(again);
}
END_TEST

/* Changes every bit of every byte: checksums cover all, so no change is accepted. */
START_TEST(every_changed_byte_is_detected) {
    tocsin_buffer bytes;
    image_make(&bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        for (int bit = 0; bit < 8; bit++) {
            tocsin_plan *plan = NULL;
            tocsin_error error = {0};
            bytes.data[i] = (char)(bytes.data[i] ^ (1 << bit));
            tocsin_status status = image_open_bytes(bytes.data, bytes.length, &plan, &error);
            ck_assert_msg(status == TOCSIN_ERROR_IMAGE || (status == TOCSIN_ERROR_UNSUPPORTED && i >= 8 && i < 12),
                          "byte %zu bit %d: status %d", i, bit, (int)status);
            ck_assert_ptr_null(plan);
            ck_assert(strstr(error.message, "byte ") == error.message);
            bytes.data[i] = (char)(bytes.data[i] ^ (1 << bit));
        }
    }
    tocsin_buffer_release(&bytes);
}
END_TEST

START_TEST(every_truncation_is_detected) {
    tocsin_buffer bytes;
    image_make(&bytes);
    for (size_t length = 0; length < bytes.length; length++) {
        char *cut = malloc(length + 1); /* so that a sanitizer detects a read past its end */
        tocsin_image *image = NULL;
        ck_assert_ptr_nonnull(cut);
        memcpy(cut, bytes.data, length);
        ck_assert_int_eq(tocsin_image_read(cut, length, NULL, &image, NULL), TOCSIN_ERROR_IMAGE);
        free(cut);
    }
    ck_assert_int_eq(tocsin_buffer_append(&bytes, "", 1), TOCSIN_OK);
    tocsin_image *image = NULL;
    tocsin_error error = {0};
    ck_assert_int_eq(tocsin_image_read(bytes.data, bytes.length, NULL, &image, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_uint_eq(error.offset, bytes.length - 1);
    tocsin_buffer_release(&bytes);
}
END_TEST

/* A container of facts and records as another program might write it, with correct checksums. */
static tocsin_status open_forged(const tocsin_buffer *facts, const tocsin_buffer *records, uint64_t length,
                                 const char *extra, tocsin_error *error) {
    tocsin_buffer frame, file;
    tocsin_plan *plan = NULL;
    tocsin_buffer_init(&frame, NULL);
    tocsin_buffer_init(&file, NULL);
    ck_assert_int_eq(tocsin__compress((tocsin_bytes){records->data, records->length}, &frame), TOCSIN_OK);
    tocsin__container c = {.version = 1, .content = tocsin__hash(records->data, records->length), .count = 2};
    c.sections[0] = (tocsin__section){.name = "facts", .stored = {facts->data, facts->length}, .length = facts->length};
    c.sections[1] = (tocsin__section){
        .name = "sources", .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = length};
    if (extra) {
        c.sections[c.count++] = (tocsin__section){.stored = {"x", 1}, .length = 1};
        memcpy(c.sections[2].name, extra, strlen(extra));
    }
    ck_assert_int_eq(tocsin__container_write(&c, &file), TOCSIN_OK);
    tocsin_status status = image_open_bytes(file.data, file.length, &plan, error);
    tocsin_plan_release(plan);
    tocsin_buffer_release(&frame);
    tocsin_buffer_release(&file);
    return status;
}

static void take_apart(tocsin_buffer *facts, tocsin_buffer *records) {
    tocsin_buffer bytes;
    tocsin__container container;
    image_make(&bytes);
    tocsin_buffer_init(facts, NULL);
    tocsin_buffer_init(records, NULL);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){bytes.data, bytes.length}, &container, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__section_read(tocsin__container_find(&container, "facts"), facts, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__section_read(tocsin__container_find(&container, "sources"), records, NULL), TOCSIN_OK);
    tocsin_buffer_release(&bytes);
}

static uint32_t state = 5;

static uint32_t below(uint32_t n) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

/* Lengths, counts and texts of the sections are changed at random, and the checksums corrected. */
START_TEST(forged_sections_open_or_are_refused) {
    static const uint32_t numbers[] = {0, 1, 2, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 100};
    tocsin_buffer facts, records;
    tocsin_error error = {0};
    size_t opened = 0, refused = 0;
    take_apart(&facts, &records);
    ck_assert_int_eq(open_forged(&facts, &records, records.length, NULL, &error), TOCSIN_OK);
    for (int i = 0; i < 4000; i++) {
        tocsin_buffer *which = below(3) ? &records : &facts;
        const tocsin_bytes before = {which->data, which->length};
        char *kept = malloc(before.length + 1);
        ck_assert_ptr_nonnull(kept);
        memcpy(kept, before.data, before.length + 1);
        size_t at = below((uint32_t)before.length - 4);
        if (below(2)) {
            tocsin__put32(which->data + at, numbers[below(sizeof numbers / sizeof *numbers)]);
        } else if (below(2)) {
            which->data[at] = (char)below(256);
        } else {
            which->length = at;
        }
        tocsin_status status = open_forged(&facts, &records, records.length, NULL, &error);
        ck_assert_msg(status == TOCSIN_OK || status == TOCSIN_ERROR_IMAGE || status == TOCSIN_ERROR_PLAN ||
                          status == TOCSIN_ERROR_NOT_FOUND || status == TOCSIN_ERROR_TOO_LARGE,
                      "status %d: %s", (int)status, error.message);
        ck_assert(!status || error.message[0]);
        opened += !status;
        refused += status != TOCSIN_OK;
        memcpy(which->data, kept, before.length + 1);
        which->length = before.length;
        free(kept);
    }
    ck_assert_uint_gt(opened, 100);
    ck_assert_uint_gt(refused, 1000);
    tocsin_buffer_release(&facts);
    tocsin_buffer_release(&records);
}
END_TEST

/* Corrects the checksums of the header and of the table. */
static void seal(tocsin_buffer *file) {
    char covered[64 + 2 * TOCSIN__CONTAINER_ENTRY];
    memcpy(covered, file->data, 64);
    memcpy(covered + 64, file->data + TOCSIN__CONTAINER_HEADER, sizeof covered - 64);
    tocsin__put64(file->data + 64, tocsin__hash(covered, sizeof covered));
}

/* A file that is longer than its sections and states its length correctly. */
static void check_trailing_bytes(void) {
    tocsin_buffer file;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    image_make(&file);
    ck_assert_int_eq(tocsin_buffer_append(&file, "behind", 6), TOCSIN_OK);
    tocsin__put64(file.data + 16, file.length);
    seal(&file);
    ck_assert_int_eq(image_open_bytes(file.data, file.length, &plan, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "something stands behind its sections"));
    ck_assert_uint_eq(error.offset, file.length - 6);
    tocsin_buffer_release(&file);
}

START_TEST(forged_containers_are_refused) {
    check_trailing_bytes();
    tocsin_buffer facts, records;
    tocsin_error error = {0};
    take_apart(&facts, &records);
    ck_assert_int_eq(open_forged(&facts, &records, records.length - 1, NULL, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_str_eq(error.message, "the image is damaged: section sources cannot be decompressed");
    ck_assert_int_eq(open_forged(&facts, &records, records.length + 1, NULL, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_int_eq(open_forged(&facts, &records, UINT64_MAX, NULL, &error), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_int_eq(open_forged(&facts, &records, records.length, "facts", &error), TOCSIN_ERROR_IMAGE);
    ck_assert_ptr_nonnull(strstr(error.message, "section facts stands twice"));
    ck_assert_int_eq(open_forged(&facts, &records, records.length, "later", &error), TOCSIN_OK);
    tocsin_buffer_release(&facts);
    tocsin_buffer_release(&records);
}
END_TEST

#define FIRST TOCSIN__CONTAINER_HEADER /* the entry of "facts", stored without compression */
#define SECOND (TOCSIN__CONTAINER_HEADER + TOCSIN__CONTAINER_ENTRY) /* that of "sources", compressed */

/* Changes one number of the header or of an entry (docs/FORMAT.md) and corrects the checksum. */
static const struct {
    size_t at, bytes;
    uint64_t value;
    const char *problem;
} forged_fields[] = {
    {55, 1, 'x', "byte 40: the image is damaged: the header has no such form"},
    {56, 1, 1, "byte 40: the image is damaged: the header has no such form"},
    {63, 1, 1, "byte 40: the image is damaged: the header has no such form"},
    {FIRST, 8, 0, "byte 72: the image is damaged: a section has no such form"},
    {FIRST + 1, 1, 0, "byte 72: the image is damaged: a section has no such form"},
    {FIRST + 8, 4, 2, "byte 72: the image is damaged: a section has no such form"},
    {FIRST + 12, 4, 1, "byte 72: the image is damaged: a section has no such form"},
    {FIRST + 32, 8, 7, "byte 72: the image is damaged: a section has no such form"},
    {SECOND + 8, 4, 0, "byte 120: the image is damaged: a section has no such form"},
    {FIRST + 16, 8, 0, "byte 88: the image is damaged: section facts lies where it cannot"},
    {SECOND + 16, 8, 176, "byte 136: the image is damaged: section sources lies where it cannot"},
    {SECOND + 16, 8, UINT64_MAX, "byte 136: the image is damaged: section sources lies where it cannot"},
    {SECOND + 24, 8, 1 << 20, "byte 136: the image is damaged: section sources lies where it cannot"},
    {SECOND + 24, 8, UINT64_MAX, "byte 136: the image is damaged: section sources lies where it cannot"},
};

START_TEST(forged_fields_are_named) {
    tocsin_buffer file;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    char value[8];
    image_make(&file);
    tocsin__put64(value, forged_fields[_i].value);
    memcpy(file.data + forged_fields[_i].at, value, forged_fields[_i].bytes);
    seal(&file);
    ck_assert_int_eq(image_open_bytes(file.data, file.length, &plan, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_str_eq(error.message, forged_fields[_i].problem);
    ck_assert_uint_eq(error.offset, strtoull(error.message + 5, NULL, 10));
    ck_assert_ptr_null(plan);
    tocsin_buffer_release(&file);
}
END_TEST

START_TEST(failing_memory_leaks_nothing) {
    tocsin_buffer bytes;
    image_make(&bytes);
    for (size_t n = 1;; n++) {
        failing_allocator memory = {.fail_at = n};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin_image *image = NULL;
        tocsin_status status = tocsin_image_read(bytes.data, bytes.length, &allocator, &image, NULL);
        tocsin_image_free(image);
        ck_assert_uint_eq(memory.live, 0);
        ck_assert_uint_eq(memory.wrong, 0);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_uint_lt(n, 1000);
    }
    failing_allocator memory = {0};
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    options.allocator = failing_allocator_get(&memory);
    tocsin_plan *plan = image_make_plan(&options);
    for (size_t n = 1;; n++) {
        tocsin_buffer out;
        tocsin_buffer_init(&out, &options.allocator);
        memory.fail_at = memory.calls + n;
        tocsin_status status = tocsin_plan_save_to_buffer(plan, &out, NULL);
        memory.fail_at = 0;
        ck_assert(!status || !out.length);
        tocsin_buffer_release(&out);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_uint_lt(n, 1000);
    }
    tocsin_plan_release(plan);
    ck_assert_uint_eq(memory.live, 0);
    tocsin_buffer_release(&bytes);
}
END_TEST

static char folder[] = "/tmp/tocsin-image-XXXXXX";

/* The file system runs full while the file is written: the old image is kept, and no other file remains. */
START_TEST(a_full_disk_leaves_the_old_image) {
    char path[64], listing[80];
    tocsin_plan *plan = image_make_plan(NULL), *again = NULL;
    tocsin_error error = {0};
    struct rlimit before, small;
    struct stat old, now;
    ck_assert_ptr_nonnull(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/a.tocsin", folder);
    ck_assert_int_eq(tocsin_plan_save(plan, path, &error), TOCSIN_OK);
    ck_assert_int_eq(stat(path, &old), 0);
    signal(SIGXFSZ, SIG_IGN);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    small = before;
    small.rlim_cur = 100;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
    tocsin_status status = tocsin_plan_save(plan, path, &error);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    ck_assert_int_eq(status, TOCSIN_ERROR_IO);
    ck_assert_str_eq(error.message, "it cannot be written: File too large");
    ck_assert_str_eq(error.file, path);
    ck_assert_int_eq(stat(path, &now), 0);
    ck_assert(now.st_ino == old.st_ino);
    ck_assert_int_eq(tocsin_plan_load(path, NULL, NULL, &again, &error), TOCSIN_OK);
    image_assert_same_verdicts(plan, again);
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(tocsin_plan_load(path, NULL, NULL, &again, &error), TOCSIN_ERROR_NOT_FOUND);
    (void)snprintf(listing, sizeof listing, "%s/no/a.tocsin", folder);
    ck_assert_int_eq(tocsin_plan_save(plan, listing, &error), TOCSIN_ERROR_IO);
    ck_assert_int_eq(rmdir(folder), 0); /* the folder is empty */
    tocsin_plan_release(plan);
    tocsin_plan_release(again);
}
END_TEST

/* The limit is checked while the file is read, whatever size was stated before. */
START_TEST(a_file_over_the_limit_is_refused) {
    char path[] = "/tmp/tocsin-image-XXXXXX";
    tocsin_buffer out;
    tocsin_error error = {0};
    int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, "01234567890", 11), 11);
    ck_assert_int_eq(close(fd), 0);
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_buffer_append(&out, "before", 6), TOCSIN_OK);
    ck_assert_int_eq(tocsin__file_read(path, 10, &out, &error), TOCSIN_ERROR_TOO_LARGE);
    ck_assert_str_eq(error.message, "the file has more than 10 bytes");
    ck_assert_str_eq(error.file, path);
    ck_assert_uint_eq(out.length, 6);
    ck_assert_int_eq(tocsin__file_read(path, 11, &out, &error), TOCSIN_OK);
    ck_assert_str_eq(out.data, "before01234567890");
    tocsin_buffer_release(&out);
    ck_assert_int_eq(unlink(path), 0);
}
END_TEST

/* An image written with version 1 of the format; it must never be written again. */
START_TEST(golden_images_open) {
    tocsin_image *image = NULL;
    tocsin_plan *plan = NULL, *now = image_make_plan(NULL);
    tocsin_error error = {0};
    ck_assert_msg(tocsin_image_open(GOLDEN, NULL, &image, &error) == TOCSIN_OK, "%s", error.message);
    ck_assert_uint_eq(tocsin_image_get_info(image)->format, 1);
    ck_assert_int_eq(tocsin_plan_from_image(image, NULL, NULL, &plan, &error), TOCSIN_OK);
    image_assert_same_verdicts(plan, now);
    tocsin_plan_release(plan);
    tocsin_plan_release(now);
    tocsin_image_free(image);
}
END_TEST

/* An image of tocsin 0.1 also holds compiled data, which is not used; if that part is damaged the image is refused. */
START_TEST(compiled_sections_are_not_read) {
    tocsin_plan *now = image_make_plan(NULL), *plan = NULL;
    tocsin_buffer golden;
    tocsin__container container;
    tocsin_buffer_init(&golden, NULL);
    ck_assert_int_eq(tocsin__file_read(TOCSIN_SOURCE_DIR "/tests/images/small.2.tocsin", 1 << 20, &golden, NULL),
                     TOCSIN_OK);
    ck_assert_int_eq(image_open_bytes(golden.data, golden.length, &plan, NULL), TOCSIN_OK);
    image_assert_same_verdicts(plan, now);
    tocsin_plan_release(plan);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){golden.data, golden.length}, &container, NULL), TOCSIN_OK);
    const tocsin__section *blobs = tocsin__container_find(&container, "blobs");
    ck_assert_ptr_nonnull(blobs);
    const size_t first = (size_t)(blobs->stored.data - golden.data);
    for (size_t i = 0; i < blobs->stored.length; i += 7) {
        tocsin_error error = {0};
        golden.data[first + i] ^= 0x55;
        ck_assert_int_eq(image_open_bytes(golden.data, golden.length, &plan, &error), TOCSIN_ERROR_IMAGE);
        ck_assert_ptr_nonnull(strstr(error.message, "section blobs"));
        ck_assert_uint_ge(error.offset, first);
        golden.data[first + i] ^= 0x55;
    }
    tocsin_buffer_release(&golden);
    tocsin_plan_release(now);
}
END_TEST

START_TEST(a_plan_loads_from_any_form) {
    static const char *const folder_forms[] = {"/examples/water-utility", "/examples/water-utility/plan.yaml"};
    tocsin_plan *plans[3] = {NULL, NULL, NULL};
    char path[] = "/tmp/tocsin-load-XXXXXX";
    tocsin_error error = {0};
    for (size_t i = 0; i < 2; i++) {
        char source[512];
        (void)snprintf(source, sizeof source, "%s%s", TOCSIN_SOURCE_DIR, folder_forms[i]);
        ck_assert_int_eq(tocsin_plan_load(source, NULL, NULL, &plans[i], NULL), TOCSIN_OK);
    }
    const int fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(close(fd), 0);
    ck_assert_int_eq(tocsin_plan_save(plans[0], path, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_load(path, NULL, NULL, &plans[2], NULL), TOCSIN_OK);
    const size_t terms = tocsin_plan_get_info(plans[0])->term_count;
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_eq(tocsin_plan_get_info(plans[i])->term_count, terms);
        tocsin_plan_release(plans[i]);
        plans[i] = NULL;
    }
    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(tocsin_plan_load(path, NULL, NULL, &plans[0], &error), TOCSIN_ERROR_NOT_FOUND);
    ck_assert_int_eq(tocsin_plan_load(NULL, NULL, NULL, &plans[0], &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "path is NULL");
    ck_assert_int_eq(tocsin_plan_load(path, NULL, NULL, NULL, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "plan is NULL");
}
END_TEST

START_TEST(other_files_are_refused_by_kind) {
    static const struct {
        const char *bytes;
        size_t length;
    } others[] = {{"plan: x\n", 8}, {"", 0}, {"\x89TOCSIN\n", 8}, {"\x89TOCSIN\r\n", 9}};
    tocsin_image *image = NULL;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        ck_assert_int_eq(tocsin_image_recognises(others[i].bytes, others[i].length), i == 2);
        ck_assert_int_eq(tocsin_image_read(others[i].bytes, others[i].length, NULL, &image, NULL), TOCSIN_ERROR_IMAGE);
    }
    ck_assert_int_eq(tocsin_image_recognises(NULL, 0), 0);
    ck_assert_int_eq(tocsin_image_read(NULL, 0, NULL, &image, NULL), TOCSIN_ERROR_ARGUMENT);
    const tocsin_allocator half = {.allocate = tocsin_allocator_default()->allocate};
    tocsin_error error = {0};
    ck_assert_int_eq(tocsin_image_read("x", 1, &half, &image, &error), TOCSIN_ERROR_ARGUMENT);
    ck_assert_str_eq(error.message, "allocator has some of its three functions only: set all or none");
    ck_assert_int_eq(tocsin_image_open("/tmp", &half, &image, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_image_open("/tmp", NULL, &image, NULL), TOCSIN_ERROR_IO);
    ck_assert_int_eq(tocsin_image_open(NULL, NULL, &image, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_plan_from_image(NULL, NULL, NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(image);
}
END_TEST

TOCSIN_SUITE("image",
             TOCSIN_CASE(a_plan_survives_saving_and_opening) TOCSIN_CASE(every_engine_survives_saving_and_opening)
                 TOCSIN_CASE(an_image_describes_itself) TOCSIN_CASE(options_are_kept)
                     TOCSIN_CASE(a_plan_without_sources_cannot_be_saved)
                         TOCSIN_CASE(the_fire_service_plan_survives_saving_and_opening)
                             TOCSIN_CASE(every_changed_byte_is_detected) TOCSIN_CASE(every_truncation_is_detected)
                                 TOCSIN_CASE(forged_sections_open_or_are_refused)
                                     TOCSIN_CASE(forged_containers_are_refused)
                                         TOCSIN_LOOP(forged_fields_are_named, forged_fields)
                                             TOCSIN_CASE(failing_memory_leaks_nothing)
                                                 TOCSIN_CASE(a_full_disk_leaves_the_old_image)
                                                     TOCSIN_CASE(a_file_over_the_limit_is_refused)
                                                         TOCSIN_CASE(golden_images_open)
                                                             TOCSIN_CASE(compiled_sections_are_not_read)
                                                                 TOCSIN_CASE(a_plan_loads_from_any_form)
                                                                     TOCSIN_CASE(other_files_are_refused_by_kind))
