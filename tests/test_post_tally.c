/* Counts that are summed before they are written, compared with a plain list. */
#include <string.h>

#include "random_text.h"
#include "store/post_tally.h"
#include "suite.h"

#define ADDED 40000
#define KEYS (POST_TALLY_TEXTS - 1)

static const char *const words[] = {"", "a", "ab", "b", "abc"};

static tocsin_bytes word(void) {
    const char *chosen = words[random_text_below(sizeof words / sizeof *words)];
    return (tocsin_bytes){*chosen ? chosen : NULL, strlen(chosen)};
}

/* The index of a row's count, found by its numbers and all texts except the last; tally->count if there is none. */
static uint32_t place_of(const post_tally *tally, const post_count *row, const tocsin_bytes *texts) {
    for (uint32_t i = 0; i < tally->count; i++) {
        const post_count *one = &tally->counts[i];
        int same = one->kind == row->kind && one->incident == row->incident && one->hour == row->hour;
        for (int k = 0; k < KEYS; k++) {
            const tocsin_bytes text = post_tally_text(tally, one, k);
            same = same && text.length == texts[k].length &&
                   !memcmp(text.data, texts[k].length ? texts[k].data : "", text.length);
        }
        if (same) return i;
    }
    return tally->count;
}

START_TEST(equal_rows_share_one_count) {
    static post_tally tally;
    uint32_t cleared = 0, more = 0;
    tocsin_buffer_init(&tally.texts, NULL);
    for (int n = 0; n < ADDED; n++) {
        const tocsin_bytes texts[POST_TALLY_TEXTS] = {word(), word(), word(), {n % 2 ? "x" : "y", 1}};
        const post_count row = {.kind = (post_tally_kind)random_text_below(5),
                                .incident = random_text_below(4),
                                .hour = random_text_below(2),
                                .reach = n};
        const uint32_t place = place_of(&tally, &row, texts), count = tally.count;
        const post_count before = place < count ? tally.counts[place] : (post_count){.posts = 0};
        if (!post_tally_add(&tally, &row, texts)) {
            ck_assert(count == POST_TALLY_ENTRIES && place == count);
            post_tally_clear(&tally);
            cleared++;
            continue;
        }
        const post_count *now = &tally.counts[place];
        ck_assert_uint_eq(tally.count, place < count ? count : count + 1);
        ck_assert_int_eq(now->posts, before.posts + 1);
        ck_assert_int_eq(now->reach, before.reach + n);
        ck_assert_uint_eq(place_of(&tally, &row, texts), place);
        /* The last text is that of the first post. */
        if (place == count) ck_assert_int_eq(post_tally_text(&tally, now, KEYS).data[0], texts[KEYS].data[0]);
        more += place < count;
    }
    ck_assert(cleared > 1 && more > 1000);
    tocsin_buffer_release(&tally.texts);
}
END_TEST

TOCSIN_SUITE("post_tally", TOCSIN_CASE(equal_rows_share_one_count))
