/* Snapshots of a tracker: what is restored continues alike, earlier layouts are opened, damaged ones are refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "codec/compress.h"
#include "codec/container.h"
#include "codec/pack.h"
#include "tracker_posts.h"

#define KEPT(number) TOCSIN_SOURCE_DIR "/tests/snapshots/tracker." number ".snapshot"

static void save(const desk *d, tocsin_buffer *out) {
    tocsin_buffer_init(out, NULL);
    ck_assert_int_eq(tocsin_tracker_save_to_buffer(d->tracker, out, NULL), TOCSIN_OK);
}

/* Posts about several matters, with bursts, late and missing times, and sometimes reach. */
static void run_feed(desk *d, int from, int to) {
    char text[128];
    for (int i = from; i < to; i++) {
        state = (uint32_t)i * 7919u + 1;
        (void)below(2);
        write_matter(text, i % 40 < 30 ? (uint32_t)i / 400 : below(300));
        const int64_t time = below(20) ? START + i * MINUTE / 2 - (int64_t)below(90) * MINUTE : TOCSIN_TIME_UNKNOWN;
        (void)post(d, text, time, below(30) ? 0 : below(3000));
    }
}

/* Saved and restored at any point, the tracker ends with the same snapshot as one that ran through. */
START_TEST(a_restored_tracker_continues_alike) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    options.max_incidents = 100;
    desk whole = open_desk(&options), parts = open_desk(&options);
    tocsin_buffer one, other;
    for (int i = 0; i < 8; i++) {
        run_feed(&parts, i * 500, i * 500 + 500);
        save(&parts, &other);
        tocsin_tracker_free(parts.tracker);
        parts.tracker = NULL;
        ck_assert_int_eq(tocsin_tracker_restore(other.data, other.length, NULL, &parts.tracker, NULL), TOCSIN_OK);
        tocsin_buffer_release(&other);
    }
    run_feed(&whole, 0, 4000);
    save(&whole, &one);
    save(&parts, &other);
    ck_assert_uint_eq(one.length, other.length);
    ck_assert_mem_eq(one.data, other.data, one.length);
    ck_assert_uint_gt(tocsin_tracker_count(whole.tracker), 50);
    tocsin_buffer_release(&one);
    tocsin_buffer_release(&other);
    close_desk(&whole);
    close_desk(&parts);
}
END_TEST

static size_t read_kept(const char *path, char *into, size_t size) {
    FILE *file = fopen(path, "rb");
    ck_assert_ptr_nonnull(file);
    const size_t length = fread(into, 1, size, file);
    ck_assert_int_eq(fclose(file), 0);
    return length;
}

/*
 * A snapshot that an earlier version wrote after 200 posts of this feed: restored, it has the same content and
 * continues. For each new format another file is added (TOCSIN_WRITE_SNAPSHOT=1 in the environment writes it); older
 * ones are opened or refused with TOCSIN_ERROR_UNSUPPORTED.
 */
static const char *const kept_snapshots[] = {KEPT("2"), KEPT("3"), KEPT("4")};

START_TEST(a_snapshot_of_an_earlier_version_is_opened) {
    static char kept[1 << 20];
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_tracker *tracker = NULL;
    tocsin_buffer now;
    options.max_incidents = 20;
    desk d = open_desk(&options);
    run_feed(&d, 0, 200);
    save(&d, &now);
    if (getenv("TOCSIN_WRITE_SNAPSHOT")) {
        FILE *out = fopen(KEPT("4"), "wb");
        ck_assert(out && fwrite(now.data, 1, now.length, out) == now.length && !fclose(out));
    }
    size_t length = read_kept(KEPT("1"), kept, sizeof kept);
    ck_assert_int_eq(tocsin_tracker_restore(kept, length, NULL, &tracker, NULL), TOCSIN_ERROR_UNSUPPORTED);
    length = read_kept(kept_snapshots[_i], kept, sizeof kept);
    ck_assert_int_eq(tocsin_tracker_restore(kept, length, NULL, &tracker, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_tracker_count(tracker), tocsin_tracker_count(d.tracker));
    for (size_t i = 0; i < tocsin_tracker_count(tracker); i++) {
        const tocsin_incident *was = tocsin_tracker_at(tracker, i), *is = tocsin_tracker_at(d.tracker, i);
        ck_assert(was->id == is->id && was->posts == is->posts && was->attention == is->attention);
        ck_assert_str_eq(was->tier_id, is->tier_id);
        ck_assert_str_eq(was->sample, is->sample);
        ck_assert(was->reach == is->reach && was->first_time == is->first_time && was->last_hour == is->last_hour);
        ck_assert_mem_eq(was->venues, is->venues, sizeof is->venues);
        ck_assert_mem_eq(was->clauses, is->clauses, sizeof is->clauses);
    }
    tocsin_tracker_free(d.tracker);
    d.tracker = tracker;
    const uint64_t before = tocsin_tracker_at(tracker, 0)->posts;
    run_feed(&d, 200, 400);
    ck_assert_uint_ge(tocsin_tracker_count(tracker), 1);
    ck_assert_uint_gt(before, 0);
    tocsin_buffer_release(&now);
    close_desk(&d);
}
END_TEST

/* Each estate in words of its own; in both rounds a post names it. */
static const char *const estates[] = {"阳光", "碧水", "翠竹", "书香", "锦绣", "金桂", "东方", "望江"};
#define ESTATES (sizeof estates / sizeof *estates)

static tocsin_tracked tell_of_estate(desk *d, size_t estate, uint32_t round) {
    char text[256];
    write_matter(text, 7000 + round * 100 + (uint32_t)estate);
    (void)sprintf(text + strlen(text), "，合肥市%s花园", estates[estate]);
    return post(d, text, START + (int64_t)round * HOUR, 0);
}

/*
 * Layout 6 had the same structs and other keys of places. The snapshot holds the first round, written before kinds of
 * places became bits of their keys: a post that names a place in other words still joins the incident of that place.
 */
START_TEST(places_of_an_earlier_version_are_recognised) {
    static char kept[1 << 20];
    desk d = open_desk(NULL);
    tocsin_tracker_free(d.tracker);
    d.tracker = NULL;
    const size_t length = read_kept(KEPT("3.places"), kept, sizeof kept);
    ck_assert_int_eq(tocsin_tracker_restore(kept, length, NULL, &d.tracker, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_tracker_count(d.tracker), ESTATES);
    for (size_t i = 0; i < ESTATES; i++) {
        const tocsin_tracked tracked = tell_of_estate(&d, i, 1);
        ck_assert_uint_eq(tracked.incident, i + 1);
        ck_assert_int_eq(tracked.joined_by, TOCSIN_JOINED_BY_MATTER);
    }
    close_desk(&d);
}
END_TEST

START_TEST(damaged_snapshots_are_refused) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_tracker *tracker = NULL;
    tocsin_buffer bytes;
    options.max_incidents = 20;
    desk d = open_desk(&options);
    run_feed(&d, 0, 200);
    save(&d, &bytes);
    for (size_t i = 0; i < bytes.length; i++) {
        bytes.data[i] = (char)(bytes.data[i] ^ 1 << i % 8);
        tocsin_status status = tocsin_tracker_restore(bytes.data, bytes.length, NULL, &tracker, NULL);
        ck_assert(status == TOCSIN_ERROR_IMAGE || (status == TOCSIN_ERROR_UNSUPPORTED && i >= 8 && i < 12));
        bytes.data[i] = (char)(bytes.data[i] ^ 1 << i % 8);
        ck_assert_int_eq(tocsin_tracker_restore(bytes.data, i, NULL, &tracker, NULL), TOCSIN_ERROR_IMAGE);
    }
    ck_assert_ptr_null(tracker);
    tocsin_buffer_release(&bytes);
    close_desk(&d);
}
END_TEST

/* An image of a plan has the same container and correct checksums, but is refused. */
START_TEST(an_image_is_refused_as_a_snapshot) {
    desk d = open_desk(NULL);
    tocsin_tracker *tracker = NULL;
    tocsin_buffer bytes;
    tocsin_error error = {0};
    tocsin_buffer_init(&bytes, NULL);
    ck_assert_int_eq(tocsin_plan_save_to_buffer(d.plan, &bytes, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_restore(bytes.data, bytes.length, NULL, &tracker, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_str_eq(error.message, "this is not a snapshot of a tracker");
    ck_assert_ptr_null(tracker);
    tocsin_buffer_release(&bytes);
    close_desk(&d);
}
END_TEST

static const char *const forged_snapshots[] = {NULL, KEPT("2"), KEPT("3.places")};

/*
 * Numbers inside are changed and the checksums corrected: the snapshot is refused, or the tracker works. NULL: a
 * snapshot of this version.
 */
START_TEST(forged_snapshots_do_no_harm) {
    static char file[1 << 20];
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_buffer bytes, packed, frame, forged;
    tocsin__container c;
    size_t restored = 0, refused = 0;
    options.max_incidents = 20;
    desk d = open_desk(&options);
    run_feed(&d, 0, 200);
    save(&d, &bytes);
    if (forged_snapshots[_i]) {
        bytes.length = 0;
        const size_t length = read_kept(forged_snapshots[_i], file, sizeof file);
        ck_assert_int_eq(tocsin_buffer_append(&bytes, file, length), TOCSIN_OK);
    }
    tocsin_buffer_init(&packed, NULL);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){bytes.data, bytes.length}, &c, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__section_read(&c.sections[0], &packed, NULL), TOCSIN_OK);
    for (int i = 0; i < 2000; i++) {
        state = (uint32_t)i + 99;
        (void)below(2);
        const size_t at = below(3) ? below((uint32_t)packed.length) : 8 + below(64);
        const char kept = packed.data[at];
        packed.data[at] = (char)(kept + 1 + (int)below(255));
        tocsin_buffer_init(&frame, NULL);
        tocsin_buffer_init(&forged, NULL);
        ck_assert_int_eq(tocsin__compress((tocsin_bytes){packed.data, packed.length}, &frame), TOCSIN_OK);
        c.sections[0].stored = (tocsin_bytes){frame.data, frame.length};
        ck_assert_int_eq(tocsin__container_write(&c, &forged), TOCSIN_OK);
        desk other = {d.plan, d.scanner, NULL};
        tocsin_status status = tocsin_tracker_restore(forged.data, forged.length, NULL, &other.tracker, NULL);
        if (!status) run_feed(&other, 200, 230);
        restored += !status;
        refused += status != TOCSIN_OK;
        tocsin_tracker_free(other.tracker);
        packed.data[at] = kept;
        tocsin_buffer_release(&frame);
        tocsin_buffer_release(&forged);
    }
    ck_assert_uint_gt(restored, 100);
    ck_assert_uint_gt(refused, 100);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&packed);
    close_desk(&d);
}
END_TEST

/* The next id, two bytes long, is replaced by one of ten bytes. */
static tocsin_status restore_with_next_id(tocsin_bytes packed, uint64_t next_id, tocsin_tracker **tracker) {
    tocsin__unpacker at = {packed, 0, 1};
    tocsin_buffer changed, frame, forged;
    tocsin_buffer_init(&changed, NULL);
    tocsin_buffer_init(&frame, NULL);
    tocsin_buffer_init(&forged, NULL);
    (void)tocsin__unpack_array_of(&at, sizeof(uint64_t), 1);
    for (int option = 0; option < 9; option++) (void)tocsin__unpack_number(&at);
    tocsin__packer packer = {&changed, TOCSIN_OK};
    tocsin_buffer_append(&changed, packed.data, at.at);
    tocsin__pack_number(&packer, next_id);
    ck_assert_uint_eq(changed.length, at.at + 10);
    tocsin_buffer_append(&changed, packed.data + at.at + 2, packed.length - at.at - 2);
    ck_assert_int_eq(tocsin__compress((tocsin_bytes){changed.data, changed.length}, &frame), TOCSIN_OK);
    tocsin__container c = {.version = TOCSIN__CONTAINER_VERSION, .writer = "", .count = 1};
    c.sections[0] = (tocsin__section){
        .name = "tracker", .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = changed.length};
    ck_assert_int_eq(tocsin__container_write(&c, &forged), TOCSIN_OK);
    const tocsin_status status = tocsin_tracker_restore(forged.data, forged.length, NULL, tracker, NULL);
    tocsin_buffer_release(&changed);
    tocsin_buffer_release(&frame);
    tocsin_buffer_release(&forged);
    return status;
}

START_TEST(ids_of_a_snapshot_never_wrap_to_0) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_buffer bytes, packed;
    tocsin__container c;
    options.max_incidents = 20;
    options.first_id = 1000;
    desk d = open_desk(&options);
    run_feed(&d, 0, 200);
    save(&d, &bytes);
    tocsin_buffer_init(&packed, NULL);
    ck_assert_int_eq(tocsin__container_read((tocsin_bytes){bytes.data, bytes.length}, &c, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin__section_read(&c.sections[0], &packed, NULL), TOCSIN_OK);
    desk other = {d.plan, d.scanner, NULL};
    const tocsin_bytes whole = {packed.data, packed.length};
    ck_assert_int_eq(restore_with_next_id(whole, (uint64_t)INT64_MAX + 1000, &other.tracker), TOCSIN_OK);
    run_feed(&other, 200, 600);
    tocsin_tracker_free(other.tracker);
    other.tracker = NULL;
    const tocsin_status status = restore_with_next_id(whole, UINT64_MAX, &other.tracker);
    if (!status) run_feed(&other, 200, 600);
    ck_assert_int_eq(status, TOCSIN_ERROR_IMAGE);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&packed);
    close_desk(&d);
}
END_TEST

TOCSIN_SUITE("snapshot",
             TOCSIN_CASE(a_restored_tracker_continues_alike)
                 TOCSIN_LOOP(a_snapshot_of_an_earlier_version_is_opened, kept_snapshots)
                     TOCSIN_CASE(places_of_an_earlier_version_are_recognised) TOCSIN_CASE(damaged_snapshots_are_refused)
                         TOCSIN_CASE(an_image_is_refused_as_a_snapshot)
                             TOCSIN_LOOP(forged_snapshots_do_no_harm, forged_snapshots)
                                 TOCSIN_CASE(ids_of_a_snapshot_never_wrap_to_0))
