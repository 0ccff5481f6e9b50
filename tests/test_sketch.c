/* Sketches of posts: which posts count as the same, and the index compared with a search of all of them. */
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "suite.h"
#include "track/place_names.h"
#include "track/sketch_index.h"

#define OWNERS 300
#define SAME 0.6

static tocsin__signer *make_signer(void) {
    tocsin__signer *signer = NULL;
    ck_assert_int_eq(tocsin__signer_create(tocsin_allocator_default(), &signer), TOCSIN_OK);
    return signer;
}

static tocsin__sketch sign(tocsin__signer *signer, const char *text) {
    tocsin__sketch made, own;
    tocsin__matter_key matter = {.count = 0};
    ck_assert_int_eq(
        tocsin__sign(signer, (tocsin_bytes){NULL, 0}, (tocsin_bytes){text, strlen(text)}, &made, &own, &matter),
        TOCSIN_OK);
    return made;
}

#define POST "11月26日下午2时51分，新界大埔宏福苑发生火灾，多栋楼宇外墙棚架起火，消防处将火警升为五级，现场浓烟滚滚"

static const struct {
    const char *a, *b;
    int same;
} pairs[] = {
    {POST, POST, 1},
    {POST, "转发微博！太可怕了 // " POST, 1},
    {POST, POST " 愿平安，致敬逆行者，大家注意安全", 1},
    {POST, "11月26日下午2时51分，新界大埔宏福苑发生火灾，多栋楼宇外墙棚架起火", 1},
    {POST, "11月26日下午2時51分，新界大埔宏福苑發生火災，多棟樓宇外牆棚架起火，消防處將火警升為五級，現場濃煙滾滾", 1},
    {POST, "【11月26日下午2时51分】 新界·大埔·宏福苑 发生火灾!! 多栋楼宇外墙棚架起火; 消防处将火警升为五级", 1},
    {POST, "3月2日上午9时10分，九龙深水埗唐楼发生火警，消防员救出两名住户，起火原因待查", 0},
    {POST, "今天天气不错，适合出去走走", 0},
    {"某小区起火", "某商场起火", 0},
    {"", "", 0},
    {"。！", POST, 0},
};

START_TEST(reposts_have_the_same_sketch) {
    tocsin__signer *signer = make_signer();
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const tocsin__sketch a = sign(signer, pairs[i].a), b = sign(signer, pairs[i].b);
        const double overlap = tocsin__sketch_overlap(&a, &b);
        ck_assert_msg((overlap >= SAME) == pairs[i].same, "%zu: %.2f", i, overlap);
        ck_assert(overlap <= tocsin__sketch_overlap(&b, &a) && overlap >= tocsin__sketch_overlap(&b, &a));
        ck_assert(!a.count || tocsin__sketch_overlap(&a, &a) >= 1);
    }
    tocsin__signer_free(signer);
}
END_TEST

static const struct {
    const char *text;
    uint32_t places, narrow;
} names[] = {
    {"合肥市包河区阳光花园3号楼起火", 3, 1},
    {"我们小区的消防通道堵了", 0, 0},
    {"火灾发生在中山东路的万达广场", 2, 2},
    {"居民楼、消防站、办公大厦", 0, 0},
    {"新界大埔宏福苑", 1, 1},
    {"大埔宏福苑宏昌閣", 2, 2},
    {"在路边，到村里，这个小区", 0, 0},
    {"红星小学旁的化工厂，离红星小学不远", 1, 1},
    {"合肥市人民医院对面的锦山化工厂", 3, 2},
    {"", 0, 0},
    {"园", 0, 0},
    {"光花，园", 0, 0},
};

/* Places recognised by their endings, whatever text comes before. */
START_TEST(places_are_recognised_by_their_endings) {
    tocsin__signer *signer = make_signer();
    tocsin__sketch sketch, own;
    tocsin__matter_key matter = {.count = 0};
    uint32_t narrow = 0;
    const tocsin_bytes text = {names[_i].text, strlen(names[_i].text)};
    ck_assert_int_eq(tocsin__sign(signer, (tocsin_bytes){NULL, 0}, text, &sketch, &own, &matter), TOCSIN_OK);
    for (uint32_t i = 0; i < matter.count; i++) narrow += !(matter.places[i] & TOCSIN__PLACE_WIDE);
    ck_assert_msg(matter.count == names[_i].places && narrow == names[_i].narrow, "%s: %u, %u narrow", names[_i].text,
                  matter.count, narrow);
    tocsin__signer_free(signer);
}
END_TEST

/* Fields do not run into each other, and pairs are counted once. */
START_TEST(pairs_do_not_cross_fields) {
    tocsin__signer *signer = make_signer();
    tocsin__matter_key matter = {.count = 0};
    tocsin__sketch made, own, joined = sign(signer, "火灾");
    ck_assert_uint_eq(joined.pairs, 1);
    ck_assert_int_eq(tocsin__sign(signer, (tocsin_bytes){"火", 3}, (tocsin_bytes){"灾", 3}, &made, &own, &matter),
                     TOCSIN_OK);
    ck_assert_uint_eq(made.pairs, 0);
    joined = sign(signer, "火灾火灾火灾");
    ck_assert_uint_eq(joined.pairs, 2);
    joined = sign(signer, "a\xff"
                          "b");
    ck_assert_uint_eq(joined.pairs, 1);
    tocsin__signer_free(signer);
}
END_TEST

static uint32_t state = 3;

static uint32_t below(uint32_t n) {
    state = state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)state * n) >> 32);
}

/* Random Han characters from an alphabet of the given size, in a buffer of 3 bytes each and one more. */
static void write_text(char *out, uint32_t length, uint32_t alphabet) {
    for (uint32_t i = 0; i < length; i++) {
        const uint32_t c = 0x4E00 + below(alphabet);
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    *out = '\0';
}

/* The overlap estimated from sketches is close to that of all pairs: two long posts that share half have about half. */
START_TEST(overlap_of_long_posts_is_estimated) {
    static char half[3 * 2000 + 1], whole[3 * 6000 + 1], other[3 * 2000 + 1];
    tocsin__signer *signer = make_signer();
    double error = 0;
    for (int i = 0; i < 40; i++) {
        write_text(half, 2000, 4000);
        write_text(other, 2000, 4000);
        (void)strcpy(whole, half);
        write_text(whole + strlen(whole), 1900, 4000);
        const tocsin__sketch inside = sign(signer, half), around = sign(signer, whole);
        ck_assert(tocsin__sketch_overlap(&inside, &around) >= 0.99);
        (void)strcpy(whole, half);
        memcpy(whole + 3000, other, 3000); /* its second half comes from another post */
        const tocsin__sketch mixed = sign(signer, whole);
        const double overlap = tocsin__sketch_overlap(&inside, &mixed);
        ck_assert(overlap > 0.25 && overlap < 0.75);
        error += overlap - 0.5;
    }
    ck_assert(error / 40 > -0.05 && error / 40 < 0.05);
    tocsin__signer_free(signer);
}
END_TEST

/* The plain list with which the index is compared. */
static size_t find_slowly(const tocsin__sketch *kept, const char *has, const tocsin__sketch *sketch, double least,
                          tocsin__sketch_match *out) {
    size_t count = 0;
    for (uint32_t owner = 0; owner < OWNERS; owner++) {
        const double overlap = has[owner] ? tocsin__sketch_overlap(sketch, &kept[owner]) : 0;
        if (overlap < least || overlap <= 0) continue;
        size_t at = count++;
        for (; at > 0 && out[at - 1].overlap < overlap; at--) out[at] = out[at - 1];
        out[at] = (tocsin__sketch_match){owner, overlap};
    }
    return count;
}

START_TEST(the_index_finds_every_sketch) {
    static tocsin__sketch kept[OWNERS];
    static tocsin__sketch_match found[OWNERS], wanted[OWNERS];
    char has[OWNERS] = {0}, text[3 * 90 + 1];
    tocsin__signer *signer = make_signer();
    tocsin__sketch_index *index = NULL;
    size_t matches = 0;
    ck_assert_int_eq(tocsin__sketch_index_create(tocsin_allocator_default(), OWNERS, &index), TOCSIN_OK);
    for (int i = 0; i < 6000; i++) {
        const uint32_t owner = below(OWNERS);
        write_text(text, below(90), 40);
        const tocsin__sketch sketch = sign(signer, text);
        if (below(4)) {
            tocsin__sketch_index_put(index, owner, &sketch);
            kept[owner] = sketch;
            has[owner] = 1;
        } else {
            tocsin__sketch_index_drop(index, owner);
            has[owner] = 0;
        }
        write_text(text, below(40), 40);
        const tocsin__sketch asked = sign(signer, text);
        const double least = 0.05 + below(80) / 100.0;
        const size_t count = find_slowly(kept, has, &asked, least, wanted);
        const size_t most = below(2) ? OWNERS : 1 + below(5);
        const size_t got = tocsin__sketch_index_find(index, &asked, least, found, most);
        ck_assert_uint_eq(got, count < most ? count : most);
        for (size_t m = 0; m < got; m++) {
            ck_assert_uint_eq(found[m].owner, wanted[m].owner);
            ck_assert(found[m].overlap >= wanted[m].overlap && found[m].overlap <= wanted[m].overlap);
        }
        matches += got;
    }
    ck_assert_uint_gt(matches, 10000);
    tocsin__sketch_index_free(index);
    tocsin__sketch_index_free(NULL);
    tocsin__signer_free(signer);
}
END_TEST

/* The longest part of a forwarded post represents it, with its title. */
static const struct {
    const char *title, *text, *own_title, *own;
} passed_on[] = {
    {"", "求真相//@a:等一个结果//@b:" POST, "", POST},
    {"", "等一个结果，我们街坊都在等一个结果，没有人来说一句话//@b:起火了", "",
     "等一个结果，我们街坊都在等一个结果，没有人来说一句话"},
    {"火灾", "求真相//@a:" POST, "火灾", POST},
    {"", POST " @合肥消防 快来", "", POST " @合肥消防 快来"},
    {"", "", "", ""},
};

START_TEST(a_forwarded_post_is_sketched_by_its_own_text) {
    tocsin__signer *signer = make_signer();
    tocsin__sketch sketch, own, wanted, none;
    tocsin__profile profile;
    tocsin__matter_key matter = {.count = 0};
    const tocsin_bytes title = {passed_on[_i].title, strlen(passed_on[_i].title)};
    const tocsin_bytes own_title = {passed_on[_i].own_title, strlen(passed_on[_i].own_title)};
    const tocsin_bytes own_text = {passed_on[_i].own, strlen(passed_on[_i].own)};
    ck_assert_int_eq(tocsin__sign(signer, own_title, own_text, &wanted, &none, &matter), TOCSIN_OK);
    ck_assert_mem_eq(&wanted, &none, sizeof none);
    ck_assert_int_eq(tocsin__sign(signer, title, (tocsin_bytes){passed_on[_i].text, strlen(passed_on[_i].text)},
                                  &sketch, &own, &matter),
                     TOCSIN_OK);
    tocsin__signer_profile(signer, &profile);
    ck_assert_mem_eq(&own, &wanted, sizeof own);
    ck_assert_uint_eq(profile.count, own.pairs);
    ck_assert_mem_eq(profile.hashes, own.hashes, own.count * sizeof *own.hashes);
    ck_assert_uint_ge(sketch.pairs, own.pairs);
    tocsin__signer_free(signer);
}
END_TEST

START_TEST(memory_that_fails_is_given_back) {
    for (size_t n = 1;; n++) {
        failing_allocator memory = {.fail_at = n};
        const tocsin_allocator allocator = failing_allocator_get(&memory);
        tocsin__signer *signer = NULL;
        tocsin__sketch_index *index = NULL;
        tocsin__sketch sketch, own;
        tocsin__matter_key matter = {.count = 0};
        tocsin_status status = tocsin__signer_create(&allocator, &signer);
        if (!status)
            status = tocsin__sign(signer, (tocsin_bytes){"火灾", 6}, (tocsin_bytes){POST, strlen(POST)}, &sketch, &own,
                                  &matter);
        if (!status) status = tocsin__sign_place(signer, (tocsin_bytes){"合肥", 6}, &matter);
        if (!status) status = tocsin__sketch_index_create(&allocator, 10, &index);
        tocsin__signer_free(signer);
        tocsin__sketch_index_free(index);
        ck_assert_uint_eq(memory.live, 0);
        ck_assert_uint_eq(memory.wrong, 0);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_uint_lt(n, 100);
    }
}
END_TEST

TOCSIN_SUITE("sketch", TOCSIN_CASE(reposts_have_the_same_sketch) TOCSIN_CASE(pairs_do_not_cross_fields)
                           TOCSIN_CASE(overlap_of_long_posts_is_estimated) TOCSIN_CASE(the_index_finds_every_sketch)
                               TOCSIN_LOOP(places_are_recognised_by_their_endings, names)
                                   TOCSIN_LOOP(a_forwarded_post_is_sketched_by_its_own_text, passed_on)
                                       TOCSIN_CASE(memory_that_fails_is_given_back))
