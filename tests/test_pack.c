/* Numbers and arrays as bytes: unpacking returns what was packed, and any other bytes are a fault. */
#include <stdint.h>
#include <string.h>

#include "codec/pack.h"
#include "suite.h"

START_TEST(numbers_and_arrays_are_packed) {
    static const uint64_t numbers[] = {0, 1, 127, 128, 300, UINT32_MAX, UINT64_MAX};
    static const uint32_t words[] = {1, 2, 3};
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    tocsin__packer packer = {&out, TOCSIN_OK};
    for (size_t i = 0; i < 7; i++) tocsin__pack_number(&packer, numbers[i]);
    tocsin__pack_array(&packer, words, 3, sizeof *words);
    tocsin__pack_array(&packer, NULL, 0, 8);
    ck_assert_int_eq(packer.status, TOCSIN_OK);
    for (size_t length = out.length;; length--) {
        tocsin__unpacker u = {{out.data, length}, 0, 1};
        for (size_t i = 0; i < 7; i++) {
            const uint64_t number = tocsin__unpack_number(&u);
            ck_assert(number == numbers[i] || !u.sound);
        }
        size_t count;
        const uint32_t *array = tocsin__unpack_array(&u, sizeof *array, &count);
        if (u.sound) ck_assert(count == 3 && !memcmp(array, words, sizeof words) && (uintptr_t)array % 8 == 0);
        (void)tocsin__unpack_array_of(&u, 8, 0);
        ck_assert_int_eq(u.sound, length == out.length);
        if (!length) break;
    }
    tocsin_buffer_release(&out);
}
END_TEST

/* Each number has one encoding, and no read goes past the end. */
START_TEST(other_bytes_are_a_fault) {
    static const struct {
        const char *bytes;
        size_t length;
    } numbers[] = {{"\x80", 1},
                   {"\x80\x00", 2},
                   {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x02", 10},
                   {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x01", 11}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        tocsin__unpacker u = {{numbers[i].bytes, numbers[i].length}, 0, 1};
        ck_assert_uint_eq(tocsin__unpack_number(&u), 0);
        ck_assert_int_eq(u.sound, 0);
    }
    tocsin__unpacker u = {{"\x05", 1}, 0, 1};
    ck_assert_uint_eq(tocsin__unpack_number_up_to(&u, 4), 0);
    ck_assert_int_eq(u.sound, 0);
}
END_TEST

TOCSIN_SUITE("pack", TOCSIN_CASE(numbers_and_arrays_are_packed) TOCSIN_CASE(other_bytes_are_a_fault))
