/* The base layer: arrays, arena, maps, bits, UTF-8, buffers, suggestions, diagnostics, statuses. */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "base/arena.h"
#include "base/bitset.h"
#include "base/buffer.h"
#include "base/diagnostics_add.h"
#include "base/fail.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "suite.h"

START_TEST(vec_keeps_pushed_elements) {
    TOCSIN_VEC(int) v = {0};
    for (int i = 0; i < 1000; i++) ck_assert_int_eq(tocsin__vec_push(&v, tocsin_allocator_default(), i), TOCSIN_OK);
    for (int i = 0; i < 1000; i++) ck_assert_int_eq(v.data[i], i);
    ck_assert_int_eq(tocsin__vec_reserve(&v, SIZE_MAX / 2, tocsin_allocator_default()), TOCSIN_ERROR_MEMORY);
    ck_assert_uint_eq(v.length, 1000);
    tocsin__vec_release(&v, tocsin_allocator_default());
}
END_TEST

START_TEST(arena_pointers_stay_valid) {
    tocsin__arena arena;
    tocsin__arena_init(&arena, tocsin_allocator_default());
    ck_assert_ptr_nonnull(tocsin__arena_allocate(&arena, 0));
    char *first = tocsin__arena_copy(&arena, "first", 5);
    for (size_t i = 1; i < 3000; i++) {
        char *p = tocsin__arena_allocate(&arena, i);
        ck_assert_ptr_nonnull(p);
        ck_assert_uint_eq((uintptr_t)p % sizeof(max_align_t) % 8, 0);
        memset(p, 0x55, i);
    }
    ck_assert_str_eq(first, "first");
    tocsin__arena_reset(&arena);
    ck_assert_ptr_nonnull(tocsin__arena_allocate(&arena, 1));
    tocsin__arena_release(&arena);
    ck_assert_ptr_nonnull(tocsin__arena_allocate(&arena, 0));
    tocsin__arena_release(&arena);
    ck_assert_uint_eq(arena.total, 0);
}
END_TEST

START_TEST(map_finds_added_keys) {
    static char keys[5000][8];
    tocsin__map map;
    tocsin__map_init(&map, tocsin_allocator_default());
    ck_assert_uint_eq(tocsin__map_find(&map, "x", 1), TOCSIN__MAP_NONE);
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t value = i;
        int n = snprintf(keys[i], sizeof keys[i], "k%u", i);
        ck_assert_int_eq(tocsin__map_add(&map, keys[i], (size_t)n, &value), TOCSIN_OK);
        ck_assert_uint_eq(value, i);
    }
    uint32_t again = 77;
    ck_assert_int_eq(tocsin__map_add(&map, "k3", 2, &again), TOCSIN_OK);
    ck_assert_uint_eq(again, 3);
    for (uint32_t i = 0; i < 5000; i++) ck_assert_uint_eq(tocsin__map_find(&map, keys[i], strlen(keys[i])), i);
    ck_assert_uint_eq(tocsin__map_find(&map, "k5000", 5), TOCSIN__MAP_NONE);
    ck_assert_uint_eq(map.count, 5000);
    tocsin__map_release(&map);
}
END_TEST

START_TEST(bits_are_counted_between_any_two_ends) {
    uint64_t words[4] = {0};
    for (size_t i = 0; i < 256; i += 3) tocsin__bits_set(words, i);
    for (size_t from = 0; from <= 256; from++) {
        for (size_t to = from; to <= 256; to++) {
            size_t count = 0, first = to;
            for (size_t i = from; i < to; i++) {
                count += i % 3 == 0;
                if (i % 3 == 0 && first == to) first = i;
            }
            ck_assert_uint_eq(tocsin__bits_count(words, from, to), count);
            ck_assert_uint_eq(tocsin__bits_next(words, from, to), first);
        }
    }
    tocsin__bits_clear(words, 3);
    ck_assert_int_eq(tocsin__bits_test(words, 3), 0);
    ck_assert_int_eq(tocsin__bits_test(words, 6), 1);
}
END_TEST

/* Malformed bytes and how many maximal subparts they make (Unicode Standard, tables 3-8 to 3-11, and more). */
static const struct {
    const char *bytes;
    size_t length, parts, malformed;
} utf8_cases[] = {
    {"a", 1, 1, 0},
    {"\xC0\x80", 2, 2, 2},
    {"\xC1\xBF", 2, 2, 2},
    {"\xE0\x80\x80", 3, 3, 3},
    {"\xED\xA0\x80", 3, 3, 3},
    {"\xF4\x90\x80\x80", 4, 4, 4},
    {"\xF0\x80\x80\x80", 4, 4, 4},
    {"\xE7\x81", 2, 1, 1},
    {"\xE7", 1, 1, 1},
    {"\xF0\x9F\x94", 3, 1, 1},
    {"\xF0\x9F", 2, 1, 1},
    {"\xE7\x81\x61", 3, 2, 1},
    {"\x80\x61", 2, 2, 1},
    {"\xFF\xFE", 2, 2, 2},
    {"\xE1\x80\xE2\xF0\x91\x92\xF1\xBF\x41", 9, 5, 4},
    {"\xC3\xA9\xE7\x81\xAB\xF0\x9F\x94\xA5", 9, 3, 0},
};

/* Long texts, in which one byte is changed, against reading them character by character. */
START_TEST(utf8_ends_where_a_character_is_malformed) {
    static const char *const pieces[] = {"火",           "a",           "é", "\xF0\x9F\x9A\x92", "0123456789", "，",
                                         "\xED\x9F\xBF", "\xEE\x80\x80"};
    uint32_t state = 1;
    for (int round = 0; round < 20000; round++) {
        char text[128];
        size_t length = 0, at = 0, next = 0;
        while (length < 100) {
            state = state * 1664525u + 1013904223u;
            const char *piece = pieces[state >> 29];
            memcpy(text + length, piece, strlen(piece));
            length += strlen(piece);
        }
        length -= state >> 16 & 3;
        state = state * 1664525u + 1013904223u;
        if (state >> 31) text[(state >> 8) % length] = (char)(state >> 20);
        for (; at < length; at = next) {
            if (tocsin__utf8_next(text, length, at, &next) == TOCSIN__UTF8_MALFORMED) break;
        }
        ck_assert_uint_eq(tocsin__utf8_valid_prefix(text, length), at);
    }
}
END_TEST

START_TEST(utf8_parts_are_maximal) {
    const char *s = utf8_cases[_i].bytes;
    size_t malformed = 0, n = utf8_cases[_i].length;
    for (size_t at = 0; at < n;) malformed += tocsin__utf8_next(s, n, at, &at) == TOCSIN__UTF8_MALFORMED;
    ck_assert_uint_eq(malformed, utf8_cases[_i].malformed);
    ck_assert_uint_eq(tocsin__utf8_count(s, n), utf8_cases[_i].parts);
    ck_assert_int_eq(tocsin__utf8_valid_prefix(s, n) == n, utf8_cases[_i].malformed == 0);
}
END_TEST

START_TEST(utf8_round_trips_every_code_point) {
    for (uint32_t c = 0; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000) continue;
        char out[4];
        size_t n = tocsin__utf8_put(out, c), next = 0;
        const int same = tocsin__utf8_next(out, n, 0, &next) == c && next == n && !tocsin__utf8_previous(out, n) &&
                         tocsin__utf8_count_valid(out, n) == 1;
        if (!same)
            ck_abort_msg("U+%04X", c); /* an assert for each reports its place, which takes longer than all else */
    }
    ck_assert_uint_eq(tocsin__utf8_previous("a\x80", 2), 1);
    ck_assert_uint_eq(tocsin__utf8_previous("\x80\x80\x80\x80\x80", 5), 4);
}
END_TEST

/* What tocsin__utf8_bytes_of promises, byte by byte. */
static size_t bytes_of(const char *text, size_t length, size_t count) {
    size_t begun = 0, at = 0;
    for (; at < length; at++) {
        begun += ((unsigned char)text[at] & 0xC0) != 0x80;
        if (begun > count) break;
    }
    return at < length || begun == count ? at : SIZE_MAX;
}

/* Characters of one to four bytes and stray bytes, in runs, so that ends fall everywhere in words and blocks. */
START_TEST(utf8_characters_are_measured) {
    static const char *const pieces[] = {"a", "0123456789abcdef", "é", "消防", "火", "🔥", "\x80", "\xE7\x81", "\xFF"};
    uint32_t state = 5;
    char text[400];
    for (int round = 0; round < 300; round++) {
        size_t length = 0;
        for (const size_t most = (size_t)round; length < most;) {
            state = state * 1664525u + 1013904223u;
            const char *piece = pieces[(state >> 16) % (sizeof pieces / sizeof *pieces)];
            for (size_t times = 1 + (state >> 28); times && length < most; times--) {
                memcpy(text + length, piece, strlen(piece));
                length += strlen(piece);
            }
        }
        for (size_t count = 0; count <= length + 1; count++) {
            const size_t found = tocsin__utf8_bytes_of(text, length, count);
            if (found != bytes_of(text, length, count)) ck_abort_msg("round %d, %zu characters", round, count);
        }
    }
}
END_TEST

START_TEST(json_strings_are_escaped) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    const char text[] = "a\"b\\c\n\t\r\x01\x7F\xE7\x81\xAB\xFFz\0q";
    ck_assert_int_eq(tocsin__buffer_json_string(&out, text, sizeof text - 1), TOCSIN_OK);
    ck_assert_str_eq(out.data, "\"a\\\"b\\\\c\\n\\t\\r\\u0001\\u007f\xE7\x81\xAB\xEF\xBF\xBDz\\u0000q\"");
    ck_assert_int_eq(tocsin__buffer_printf(&out, "%d", 5), TOCSIN_OK);
    ck_assert_int_eq(out.data[out.length - 1], '5');
    tocsin_buffer_release(&out);
    ck_assert_ptr_null(out.data);
}
END_TEST

START_TEST(similar_names_are_suggested) {
    const char *const names[] = {"subject", "negative", "place_inside", "place_outside"};
    ck_assert_uint_eq(tocsin__suggest("negatve", 7, names, 4), 1);
    ck_assert_uint_eq(tocsin__suggest("subjetc", 7, names, 4), 0);
    ck_assert_uint_eq(tocsin__suggest("place_outsid", 12, names, 4), 3);
    ck_assert_uint_eq(tocsin__suggest("weather", 7, names, 4), 4);
    ck_assert_uint_eq(tocsin__suggest("", 0, names, 4), 4);
}
END_TEST

START_TEST(diagnostics_are_sorted_counted_and_capped) {
    tocsin_diagnostics *list = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &list), TOCSIN_OK);
    tocsin__diagnose(list, TOCSIN_SEVERITY_ERROR, "b", (tocsin__place){"x.txt", 9, 1}, "second %d", 2);
    tocsin__diagnose(list, TOCSIN_SEVERITY_WARNING, "a", (tocsin__place){"x.txt", 2, 5}, "first");
    tocsin__diagnostics_sort(list);
    ck_assert_str_eq(tocsin_diagnostics_at(list, 0)->message, "first");
    ck_assert_ptr_null(tocsin_diagnostics_at(list, 2));
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    ck_assert_int_eq(tocsin_diagnostic_to_text(tocsin_diagnostics_at(list, 1), &out), TOCSIN_OK);
    ck_assert_str_eq(out.data, "x.txt:9:1: error: second 2 [T000 b]\n");
    tocsin_diagnostic odd = *tocsin_diagnostics_at(list, 1);
    odd.severity = (tocsin_severity)99; /* an invalid severity counts as the worst */
    out.length = 0;
    ck_assert_int_eq(tocsin_diagnostic_to_text(&odd, &out), TOCSIN_OK);
    ck_assert_str_eq(out.data, "x.txt:9:1: error: second 2 [T000 b]\n");
    out.length = 0;
    ck_assert_int_eq(tocsin_diagnostic_to_json(tocsin_diagnostics_at(list, 0), &out), TOCSIN_OK);
    ck_assert_str_eq(
        out.data,
        "{\"file\":\"x.txt\",\"line\":2,\"column\":5,\"severity\":\"warning\",\"number\":\"T000\",\"code\":\"a\","
        "\"message\":\"first\",\"advice\":\"\"}");
    tocsin_buffer_release(&out);
    for (size_t i = 0; i < TOCSIN_DIAGNOSTICS_MAX; i++) {
        tocsin__diagnose(list, TOCSIN_SEVERITY_ERROR, "c", (tocsin__place){"y.txt", 1, 1}, "more");
    }
    ck_assert_uint_eq(tocsin_diagnostics_count(list), TOCSIN_DIAGNOSTICS_MAX);
    ck_assert_uint_eq(tocsin_diagnostics_dropped(list), 2);
    ck_assert_uint_eq(tocsin_diagnostics_count_severity(list, TOCSIN_SEVERITY_ERROR), TOCSIN_DIAGNOSTICS_MAX + 1);
    tocsin_diagnostics_clear(list);
    ck_assert_uint_eq(tocsin_diagnostics_count(list), 0);
    tocsin_diagnostics_free(list);
    tocsin_diagnostics_free(NULL);
}
END_TEST

START_TEST(errors_are_cut_at_characters) {
    tocsin_error error;
    char text[2000];
    for (size_t i = 0; i + 3 < sizeof text; i += 3) memcpy(text + i, "\xE7\x81\xAB", 3);
    text[1998] = '\0';
    ck_assert_int_eq(tocsin__fail_at(&error, TOCSIN_ERROR_PLAN, "p.yaml", 3, 4, "%s", text), TOCSIN_ERROR_PLAN);
    ck_assert_uint_eq(strlen(error.message), 510);
    ck_assert_uint_eq(tocsin__utf8_valid_prefix(error.message, 510), 510);
    ck_assert_str_eq(error.file, "p.yaml");
    ck_assert_int_eq(tocsin__fail(NULL, TOCSIN_ERROR_IO, "x"), TOCSIN_ERROR_IO);
}
END_TEST

START_TEST(every_status_has_a_message) {
    static const tocsin_status all[] = {0, -1, -2, -3, -4, -5, -20, -40, -41, -42, -44, -60, -61, -80, -81};
    size_t known = 0;
    for (int status = 0; status >= -1000; status--) {
        known += strcmp(tocsin_status_string((tocsin_status)status), "unknown status") != 0;
    }
    ck_assert_uint_eq(known, sizeof all / sizeof *all);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ck_assert_str_ne(tocsin_status_string(all[i]), "unknown status");
        for (size_t j = 0; j < i; j++) ck_assert_str_ne(tocsin_status_string(all[i]), tocsin_status_string(all[j]));
    }
    ck_assert_str_eq(tocsin_status_string((tocsin_status)-77), "unknown status");
}
END_TEST

START_TEST(venues_and_their_names_map_both_ways) {
    for (int i = 0; i < TOCSIN_VENUE_COUNT; i++) {
        tocsin_venue venue = TOCSIN_VENUE_UNKNOWN;
        const char *name = tocsin_venue_name((tocsin_venue)i);
        ck_assert_int_eq(tocsin_venue_from_name(name, strlen(name), &venue), 1);
        ck_assert_int_eq((int)venue, i);
    }
    tocsin_venue untouched = TOCSIN_VENUE_SITE;
    ck_assert_int_eq(tocsin_venue_from_name("blog", 4, &untouched), 0);
    ck_assert_int_eq((int)untouched, (int)TOCSIN_VENUE_SITE);
    ck_assert_str_eq(tocsin_venue_name((tocsin_venue)99), "unknown");
    ck_assert_str_eq(tocsin_attention_name(TOCSIN_ATTENTION_HIGH), "high");
    ck_assert_str_eq(tocsin_field_name(TOCSIN_FIELD_TEXT), "text");
    ck_assert_str_eq(tocsin_version(), TOCSIN_VERSION_STRING);
}
END_TEST

TOCSIN_SUITE("base",
             TOCSIN_CASE(vec_keeps_pushed_elements) TOCSIN_CASE(arena_pointers_stay_valid)
                 TOCSIN_CASE(map_finds_added_keys) TOCSIN_CASE(bits_are_counted_between_any_two_ends)
                     TOCSIN_CASE(utf8_ends_where_a_character_is_malformed) TOCSIN_LOOP(utf8_parts_are_maximal,
                                                                                       utf8_cases)
                         TOCSIN_CASE(utf8_round_trips_every_code_point) TOCSIN_CASE(utf8_characters_are_measured)
                             TOCSIN_CASE(json_strings_are_escaped) TOCSIN_CASE(similar_names_are_suggested)
                                 TOCSIN_CASE(diagnostics_are_sorted_counted_and_capped)
                                     TOCSIN_CASE(errors_are_cut_at_characters) TOCSIN_CASE(every_status_has_a_message)
                                         TOCSIN_CASE(venues_and_their_names_map_both_ways))
