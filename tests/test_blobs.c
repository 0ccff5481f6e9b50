/* What was compiled, taken from an image instead of compiled again: the same plan, or the sources when it does not fit.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "codec/compress.h"
#include "codec/container.h"
#include "codec/little_endian.h"
#include "codec/pack.h"
#include "failing_allocator.h"
#include "image_plan.h"
#include "match/expression_engine.h"
#include "named_sources.h"
#include "suite.h"

#define GOLDEN TOCSIN_SOURCE_DIR "/tests/images/small.2.tocsin"

/* The plan of an image and whether it was compiled from the sources, as a note says then. */
static tocsin_plan *open_noted(const tocsin_buffer *bytes, const tocsin_plan_options *options, const char **why) {
    static char message[256];
    tocsin_image *image = NULL;
    tocsin_plan *plan = NULL;
    tocsin_diagnostics *list = NULL;
    tocsin_error error = {0};
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    ck_assert_msg(!tocsin_image_read(bytes->data, bytes->length, NULL, &image, &error), "%s", error.message);
    ck_assert_msg(!tocsin_plan_from_image(image, options, list, &plan, &error), "%s", error.message);
    tocsin_image_free(image); /* the plan goes on without it */
    *why = NULL;
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        ck_assert_str_eq(d->code, "image-blobs");
        ck_assert_int_eq(d->severity, TOCSIN_SEVERITY_NOTE);
        (void)snprintf(message, sizeof message, "%s", d->message);
        *why = message;
    }
    tocsin_diagnostics_free(list);
    return plan;
}

static void assert_note(const char *why, const char *wanted) {
    if (!wanted) {
        ck_assert_msg(!why, "%s", why);
    } else {
        ck_assert_ptr_nonnull(why);
        ck_assert_msg(strstr(why, wanted) != NULL, "%s", why);
    }
}

START_TEST(every_engine_comes_back) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_AUTO, TOCSIN_ENGINE_GATE, TOCSIN_ENGINE_HYPERSCAN,
                                            TOCSIN_ENGINE_NAIVE};
    for (size_t i = 0; i < sizeof engines / sizeof *engines; i++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_buffer first, second;
        const char *why;
        options.engine = engines[i];
        tocsin_plan *plan = image_make_plan(&options);
        image_save(plan, &first);
        tocsin_plan *again = open_noted(&first, NULL, &why);
        assert_note(why, NULL);
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

START_TEST(what_is_asked_otherwise_is_compiled) {
    tocsin_buffer bytes;
    const char *why;
    tocsin_plan *plan = image_make_plan(NULL), *other;
    image_save(plan, &bytes);
    for (int i = 0; i < 4; i++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        if (i == 0) options.without_blobs = 1;
        if (i == 1) options.engine = TOCSIN_ENGINE_NAIVE;
        if (i == 2) options.max_terms = 100;
        if (i == 3) options.native_cpu = 1;
        other = open_noted(&bytes, &options, &why);
        assert_note(why, i % 2 ? "another version, engine or machine" : NULL);
        image_assert_same_verdicts(plan, other);
        tocsin_plan_release(other);
    }
    tocsin_plan_release(plan);
    tocsin_buffer_release(&bytes);
}
END_TEST

START_TEST(a_plan_may_be_saved_without) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_buffer with, without;
    tocsin_image *image = NULL;
    const char *why;
    options.without_blobs = 1;
    tocsin_plan *plan = image_make_plan(&options);
    image_save(plan, &without);
    image_make(&with);
    ck_assert_uint_lt(without.length, with.length);
    ck_assert_int_eq(tocsin_image_read(without.data, without.length, NULL, &image, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_image_get_info(image)->section_count, 2);
    tocsin_image_free(image);
    tocsin_plan *again = open_noted(&without, NULL, &why);
    assert_note(why, NULL);
    image_assert_same_verdicts(plan, again);
    tocsin_plan_release(plan);
    tocsin_plan_release(again);
    tocsin_buffer_release(&with);
    tocsin_buffer_release(&without);
}
END_TEST

/* An image with other blobs in it, every checksum right. */
static void forge(const tocsin_buffer *image, tocsin_bytes blobs, tocsin__codec codec, tocsin_buffer *out) {
    tocsin__container c;
    tocsin_buffer frame;
    tocsin_buffer_init(&frame, NULL);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){image->data, image->length}, &c, NULL), TOCSIN_OK);
    ck_assert_str_eq(c.sections[2].name, "blobs");
    c.sections[2].codec = codec;
    c.sections[2].length = blobs.length;
    c.sections[2].stored = blobs;
    if (codec == TOCSIN__CODEC_ZSTD) {
        ck_assert_int_eq(tocsin__compress(blobs, &frame), TOCSIN_OK);
        c.sections[2].stored = (tocsin_bytes){frame.data, frame.length};
    }
    tocsin_buffer_init(out, NULL);
    ck_assert_int_eq(tocsin__container_write(&c, out), TOCSIN_OK);
    tocsin_buffer_release(&frame);
}

static void read_blobs(const tocsin_buffer *image, tocsin_buffer *blobs) {
    tocsin__container c;
    tocsin_buffer_init(blobs, NULL);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){image->data, image->length}, &c, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__section_read(tocsin__container_find(&c, "blobs"), blobs, NULL), TOCSIN_OK);
}

static void check_forged(const tocsin_plan *plan, const tocsin_buffer *image, tocsin_bytes blobs, tocsin__codec codec,
                         const char *wanted) {
    tocsin_buffer forged;
    const char *why;
    forge(image, blobs, codec, &forged);
    tocsin_plan *again = open_noted(&forged, NULL, &why);
    assert_note(why, wanted);
    image_assert_same_verdicts(plan, again);
    tocsin_plan_release(again);
    tocsin_buffer_release(&forged);
}

START_TEST(what_does_not_fit_is_compiled) {
    tocsin_buffer image, blobs;
    tocsin_plan *plan = image_make_plan(NULL);
    image_save(plan, &image);
    read_blobs(&image, &blobs);
    const tocsin_bytes all = {blobs.data, blobs.length};
    check_forged(plan, &image, all, TOCSIN__CODEC_ZSTD, NULL);
    check_forged(plan, &image, all, TOCSIN__CODEC_RAW, NULL);
    check_forged(plan, &image, (tocsin_bytes){"", 0}, TOCSIN__CODEC_RAW, "damaged");
    check_forged(plan, &image, (tocsin_bytes){blobs.data, 15}, TOCSIN__CODEC_ZSTD, "damaged");
    blobs.data[0] ^= 1;
    check_forged(plan, &image, all, TOCSIN__CODEC_RAW, "another version, engine or machine");
    blobs.data[0] ^= 1;
    blobs.data[8] ^= 1;
    check_forged(plan, &image, all, TOCSIN__CODEC_RAW, "damaged");
    blobs.data[8] ^= 1;
    for (size_t length = 16; length < blobs.length; length += 1 + length / 64) {
        check_forged(plan, &image, (tocsin_bytes){blobs.data, length}, TOCSIN__CODEC_RAW, "damaged");
    }
    ck_assert_int_eq(tocsin_buffer_append(&blobs, "", 1), TOCSIN_OK);
    check_forged(plan, &image, (tocsin_bytes){blobs.data, blobs.length}, TOCSIN__CODEC_RAW, "damaged");
    tocsin_plan_release(plan);
    tocsin_buffer_release(&image);
    tocsin_buffer_release(&blobs);
}
END_TEST

static uint32_t state = 7;

static uint32_t below(uint32_t n) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

/* Somewhere that is not empty, where most of what is told lies. */
static size_t somewhere(const tocsin_buffer *blobs) {
    size_t at = 16 + below((uint32_t)blobs->length - 20);
    while (at < blobs->length - 5 && !blobs->data[at]) at++;
    return at;
}

/* Whatever the blobs say, the plan grades: by them, or by the sources. Which is seen to happen both. */
START_TEST(forged_blobs_do_no_harm) {
    static const char *const posts[] = {"火灾险起火了起火啊了，推诿，出警慢", "烟", "起火abc了推诿推诿"};
    static const uint32_t numbers[] = {0, 1, 2, 0x7F, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0};
    tocsin_buffer image, blobs, forged, verdicts;
    size_t taken = 0, refused = 0;
    image_make(&image);
    read_blobs(&image, &blobs);
    for (int i = 0; i < 3000; i++) {
        char kept[4];
        const char *why;
        const size_t at = somewhere(&blobs);
        memcpy(kept, blobs.data + at, 4);
        if (below(3)) {
            blobs.data[at] = (char)(blobs.data[at] + 1 + (int)below(255));
        } else {
            tocsin__put32(blobs.data + at, numbers[below(sizeof numbers / sizeof *numbers)]);
        }
        forge(&image, (tocsin_bytes){blobs.data, blobs.length}, TOCSIN__CODEC_RAW, &forged);
        tocsin_plan *plan = open_noted(&forged, NULL, &why);
        image_grade(plan, posts, sizeof posts / sizeof *posts, &verdicts);
        taken += !why;
        refused += why != NULL;
        tocsin_plan_release(plan);
        tocsin_buffer_release(&forged);
        tocsin_buffer_release(&verdicts);
        memcpy(blobs.data + at, kept, 4);
    }
    ck_assert_uint_gt(taken, 100);
    ck_assert_uint_gt(refused, 100);
    tocsin_buffer_release(&image);
    tocsin_buffer_release(&blobs);
}
END_TEST

/* A plan of expressions for the automaton and, by their classes, for Hyperscan. */
static tocsin_plan *make_mixed(tocsin_engine engine) {
    static named_source sources[] = {
        {"plan.yaml", "plan: mixed\nversion: \"1\"\ntopics: {fire: {terms: fire.csv}}\n"
                      "tiers: [{id: low, clauses: [{id: L1, when: fire}]}]\n"},
        {"fire.csv",
         "term,kind\n火灾,literal\n起火.?了,regex\n水压\\d{2}兆,regex\n(?:烟|雾)[浓大],regex\n楼\\p{Han}塌,regex\n"},
        {NULL, NULL},
    };
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    options.engine = engine;
    ck_assert_msg(!tocsin_plan_compile(read_named_source, sources, "plan.yaml", &options, NULL, &plan, &error), "%s",
                  error.message);
    return plan;
}

static void assert_same_on_mixed(const tocsin_plan *plan, const tocsin_plan *other) {
    static const char *const posts[] = {"水压35兆", "水压兆",           "楼顶塌了，起火啊了",
                                        "楼x塌",    "烟大，雾浓，火灾", "水压９８兆"};
    tocsin_buffer one, two;
    image_grade(plan, posts, sizeof posts / sizeof *posts, &one);
    image_grade(other, posts, sizeof posts / sizeof *posts, &two);
    ck_assert_str_eq(one.data, two.data);
    ck_assert_ptr_nonnull(strstr(one.data, "水压35兆"));
    ck_assert_ptr_nonnull(strstr(one.data, "楼顶塌"));
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&two);
}

/* A failure on the way to the blobs is no reason to compile instead. */
START_TEST(memory_that_fails_is_given_back) {
    static const tocsin_engine engines[] = {TOCSIN_ENGINE_GATE, TOCSIN_ENGINE_HYPERSCAN, TOCSIN_ENGINE_AUTO};
    for (size_t e = 0; e < 3; e++) {
        tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
        tocsin_buffer bytes;
        tocsin_image *image = NULL;
        options.engine = engines[e];
        tocsin_plan *made = e < 2 ? image_make_plan(&options) : make_mixed(options.engine);
        image_save(made, &bytes);
        tocsin_plan_release(made);
        ck_assert_int_eq(tocsin_image_read(bytes.data, bytes.length, NULL, &image, NULL), TOCSIN_OK);
        for (size_t n = 1;; n++) {
            failing_allocator memory = {.fail_at = n};
            tocsin_plan *plan = NULL;
            options.allocator = failing_allocator_get(&memory);
            tocsin_status status = tocsin_plan_from_image(image, &options, NULL, &plan, NULL);
            tocsin_plan_release(plan);
            ck_assert_uint_eq(memory.live, 0);
            ck_assert_uint_eq(memory.wrong, 0);
            if (!status) break;
            ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
            ck_assert_uint_lt(n, 2000);
        }
        tocsin_image_free(image);
        tocsin_buffer_release(&bytes);
    }
}
END_TEST

START_TEST(what_is_left_for_hyperscan_comes_back_too) {
    tocsin_plan *plan = make_mixed(TOCSIN_ENGINE_AUTO), *naive = make_mixed(TOCSIN_ENGINE_NAIVE);
    tocsin_buffer bytes, second, blobs, forged;
    const char *why;
    image_save(plan, &bytes);
    tocsin_plan *again = open_noted(&bytes, NULL, &why);
    assert_note(why, NULL);
    assert_same_on_mixed(plan, again);
    assert_same_on_mixed(naive, again);
    image_save(again, &second);
    ck_assert_uint_eq(bytes.length, second.length);
    ck_assert_mem_eq(bytes.data, second.data, bytes.length);
    tocsin_plan_release(again);
    /* What Hyperscan compiled has a checksum of its own. */
    read_blobs(&bytes, &blobs);
    blobs.data[blobs.length / 2] ^= 1;
    forge(&bytes, (tocsin_bytes){blobs.data, blobs.length}, TOCSIN__CODEC_ZSTD, &forged);
    again = open_noted(&forged, NULL, &why);
    assert_note(why, "damaged");
    assert_same_on_mixed(plan, again);
    tocsin_plan_release(again);
    tocsin_plan_release(plan);
    tocsin_plan_release(naive);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&second);
    tocsin_buffer_release(&blobs);
    tocsin_buffer_release(&forged);
}
END_TEST

/* A plan with more in it than the small one: weights, notes, many files, many expressions. */
START_TEST(the_fire_service_plan_is_taken_whole) {
    static const char *const posts[] = {
        "消防车半小时才到，水枪没水",      "某地火灾致3人死亡",  "感谢消防员",      "火锅店开业",
        "打了119等了四十分钟，消防队推诿", "消防验收被指收红包", "消防演练圆满结束"};
    const size_t count = sizeof posts / sizeof *posts;
    tocsin_plan *plan = NULL;
    tocsin_buffer bytes, again_bytes, one, two;
    const char *why;
    ck_assert_int_eq(tocsin_plan_compile_file(TOCSIN_SOURCE_DIR "/examples/fire-service", NULL, NULL, &plan, NULL),
                     TOCSIN_OK);
    image_save(plan, &bytes);
    tocsin_plan *again = open_noted(&bytes, NULL, &why);
    assert_note(why, NULL);
    image_grade(plan, posts, count, &one);
    image_grade(again, posts, count, &two);
    ck_assert_str_eq(one.data, two.data);
    image_save(again, &again_bytes);
    ck_assert_uint_eq(bytes.length, again_bytes.length);
    ck_assert_mem_eq(bytes.data, again_bytes.data, bytes.length);
    ck_assert_int_eq(tocsin_plan_check_examples(again, NULL, NULL, NULL), TOCSIN_OK);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&again_bytes);
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&two);
    tocsin_plan_release(plan);
    tocsin_plan_release(again);
}
END_TEST

/*
 * An image that was written when blobs were new; never to be written again. Where its key is that of this library, what
 * is compiled now must be what it holds: otherwise a layout changed and its number did not.
 */
START_TEST(a_layout_is_not_changed_under_its_number) {
    tocsin_image *image = NULL;
    tocsin_plan *now = image_make_plan(NULL), *plan = NULL;
    tocsin_buffer golden, fresh, golden_blobs, fresh_blobs;
    const char *why;
    tocsin_buffer_init(&golden, NULL);
    FILE *file = fopen(GOLDEN, "rb");
    ck_assert_ptr_nonnull(file);
    char bytes[65536];
    ck_assert_int_eq(tocsin_buffer_append(&golden, bytes, fread(bytes, 1, sizeof bytes, file)), TOCSIN_OK);
    ck_assert_int_eq(fclose(file), 0);
    ck_assert_int_eq(tocsin_image_open(GOLDEN, NULL, &image, NULL), TOCSIN_OK);
    tocsin_image_free(image);
    plan = open_noted(&golden, NULL, &why);
    image_assert_same_verdicts(plan, now);
    image_save(now, &fresh);
    read_blobs(&golden, &golden_blobs);
    read_blobs(&fresh, &fresh_blobs);
    if (!memcmp(golden_blobs.data, fresh_blobs.data, 8)) {
        ck_assert_uint_eq(golden_blobs.length, fresh_blobs.length);
        ck_assert_mem_eq(golden_blobs.data, fresh_blobs.data, fresh_blobs.length);
    } else {
        assert_note(why, "another version, engine or machine");
    }
    tocsin_buffer_release(&golden);
    tocsin_buffer_release(&fresh);
    tocsin_buffer_release(&golden_blobs);
    tocsin_buffer_release(&fresh_blobs);
    tocsin_plan_release(plan);
    tocsin_plan_release(now);
}
END_TEST

START_TEST(numbers_texts_and_arrays_are_packed) {
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX};
    static const uint32_t words[] = {1, 2, 3};
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    tocsin__packer packer = {&out, TOCSIN_OK};
    for (size_t i = 0; i < 7; i++) tocsin__pack_number(&packer, numbers[i]);
    tocsin__pack_text(&packer, (tocsin_bytes){"火", 3});
    tocsin__pack_array(&packer, words, 3, sizeof *words);
    tocsin__pack_array(&packer, NULL, 0, 8);
    ck_assert_int_eq(packer.status, TOCSIN_OK);
    for (size_t length = out.length;; length--) {
        tocsin__unpacker u = {{out.data, length}, 0, 1};
        for (size_t i = 0; i < 7; i++) {
            const uint64_t number = tocsin__unpack_number(&u);
            ck_assert(number == numbers[i] || !u.sound);
        }
        const tocsin_bytes text = tocsin__unpack_text(&u);
        size_t count;
        const uint32_t *array = tocsin__unpack_array(&u, sizeof *array, &count);
        if (u.sound) ck_assert_mem_eq(text.data, "火", 4);
        if (u.sound) ck_assert(count == 3 && !memcmp(array, words, sizeof words) && (uintptr_t)array % 8 == 0);
        (void)tocsin__unpack_array_of(&u, 8, 0);
        ck_assert_int_eq(u.sound, length == out.length);
        if (!length) break;
    }
    tocsin_buffer_release(&out);
}
END_TEST

/* One way to write each number, texts without what cannot be in them, and no more than there is. */
START_TEST(what_nobody_packs_is_a_fault) {
    static const struct {
        const char *bytes;
        size_t length;
    } numbers[] = {{"\x80", 1},
                   {"\x80\x00", 2},
                   {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10},
                   {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11}},
      texts[] = {{"\x02"
                  "a\0\0",
                  4},
                 {"\x01"
                  "ab",
                  3},
                 {"\x01\xFF\0", 3},
                 {"\x05"
                  "a",
                  2},
                 {"\x01"
                  "a",
                  2}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        tocsin__unpacker u = {{numbers[i].bytes, numbers[i].length}, 0, 1};
        ck_assert_uint_eq(tocsin__unpack_number(&u), 0);
        ck_assert_int_eq(u.sound, 0);
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        tocsin__unpacker u = {{texts[i].bytes, texts[i].length}, 0, 1};
        ck_assert_uint_eq(tocsin__unpack_text(&u).length, 0);
        ck_assert_int_eq(u.sound, 0);
    }
    tocsin__unpacker u = {{"\x05", 1}, 0, 1};
    ck_assert_uint_eq(tocsin__unpack_number_up_to(&u, 4), 0);
    ck_assert_int_eq(u.sound, 0);
}
END_TEST

/* More crossings than there are bytes for are not made room for. */
START_TEST(very_many_crossings_are_refused) {
    static const uint64_t counts[] = {3, 1000000000};
    for (size_t i = 0; i < 2; i++) {
        const tocsin__engine_options options = {*tocsin_allocator_default(), 0, 0};
        tocsin__expressions *made = NULL;
        tocsin_buffer bytes;
        tocsin_buffer_init(&bytes, NULL);
        tocsin__packer packer = {&bytes, TOCSIN_OK};
        tocsin__pack_number(&packer, counts[i]);
        tocsin__unpacker u = {{bytes.data, bytes.length}, 0, 1};
        ck_assert_int_eq(tocsin__expressions_unpack(&u, NULL, 0, &options, &made), TOCSIN_OK);
        ck_assert_int_eq(u.sound, 0);
        ck_assert_ptr_null(made);
        tocsin_buffer_release(&bytes);
    }
}
END_TEST

TOCSIN_SUITE("blobs", TOCSIN_CASE(every_engine_comes_back) TOCSIN_CASE(what_is_asked_otherwise_is_compiled)
                          TOCSIN_CASE(a_plan_may_be_saved_without) TOCSIN_CASE(what_does_not_fit_is_compiled)
                              TOCSIN_CASE(forged_blobs_do_no_harm) TOCSIN_CASE(memory_that_fails_is_given_back)
                                  TOCSIN_CASE(what_is_left_for_hyperscan_comes_back_too)
                                      TOCSIN_CASE(the_fire_service_plan_is_taken_whole)
                                          TOCSIN_CASE(a_layout_is_not_changed_under_its_number)
                                              TOCSIN_CASE(numbers_texts_and_arrays_are_packed)
                                                  TOCSIN_CASE(what_nobody_packs_is_a_fault)
                                                      TOCSIN_CASE(very_many_crossings_are_refused))
