/* Centroids: which pairs are kept, which are heavy, and how likely a post belongs to an incident. */
#include <string.h>

#include "suite.h"
#include "track/centroid.h"

static tocsin__stream_pairs stream;
static uint32_t state;

static uint32_t draw(void) {
    state = state * 1664525u + 1013904223u;
    return state >> 4;
}

/* Pairs first, first + 1, … of a post. */
static tocsin__profile profile_of(uint32_t first, uint32_t count) {
    tocsin__profile made = {.count = count};
    for (uint32_t i = 0; i < count; i++) made.hashes[i] = first + i;
    return made;
}

/* Wordings that have some usual pairs and some of their own. */
static void fill_stream(void) {
    memset(&stream, 0, sizeof stream);
    for (uint32_t i = 0; i < 200; i++) {
        tocsin__profile p = profile_of(1, 10);
        for (uint32_t k = 10; k < 30; k++) p.hashes[p.count++] = 1000 + i * 50 + k;
        tocsin__stream_pairs_add(&stream, &p);
    }
}

static double evidence_of(const tocsin__centroid *centroid, const tocsin__profile *profile) {
    unsigned char explained[TOCSIN__PROFILE] = {0};
    return tocsin__centroid_evidence(centroid, &stream, profile, explained);
}

START_TEST(only_rare_pairs_are_evidence) {
    tocsin__centroid centroid = {0};
    fill_stream();
    tocsin__profile told = profile_of(1, 10), usual = profile_of(1, 10), rare = profile_of(30000, 3);
    for (uint32_t k = 0; k < 6; k++) told.hashes[told.count++] = 30000 + k;
    tocsin__stream_pairs_add(&stream, &told);
    tocsin__centroid_add(&centroid, &stream, &told);
    ck_assert_double_lt(evidence_of(&centroid, &usual), 2);
    ck_assert_double_gt(evidence_of(&centroid, &rare), 9);
    const tocsin__profile other = profile_of(50000, 20);
    ck_assert_double_le(evidence_of(&centroid, &other), 0);
    /* Evidence that another incident already explains does not count twice. */
    unsigned char explained[TOCSIN__PROFILE] = {1, 1, 1};
    ck_assert_double_le(tocsin__centroid_evidence(&centroid, &stream, &rare, explained), 0);
    ck_assert_int_eq(explained[0], 1);
}
END_TEST

/* Two halves of one matter share rare pairs: their use in the other half does not make them usual. */
START_TEST(pairs_shared_by_two_halves_stay_rare) {
    tocsin__centroid one = {0}, other = {0};
    fill_stream();
    for (uint32_t i = 0; i < 12; i++) {
        tocsin__profile told = profile_of(30000, 4);
        told.hashes[told.count++] = 40000 + i;
        tocsin__stream_pairs_add(&stream, &told);
        tocsin__centroid_add(i % 2 ? &one : &other, &stream, &told);
    }
    const tocsin__profile post = profile_of(30000, 4);
    const double alone = evidence_of(&one, &post);
    const double beside = tocsin__centroid_evidence_beside(&one, &stream, post.hashes, post.count, &other);
    ck_assert_double_gt(beside, alone + 4);
    /* One word in common is not enough, however rare its pairs are. */
    ck_assert_double_le(tocsin__centroid_evidence_beside(&one, &stream, post.hashes, 2, &other), 10);
    const tocsin__profile stranger = profile_of(50000, 4);
    ck_assert_double_le(tocsin__centroid_evidence_beside(&one, &stream, stranger.hashes, 4, &other), 0);
    memset(&stream, 0, sizeof stream);
    ck_assert_double_le(tocsin__centroid_evidence_beside(&one, &stream, post.hashes, post.count, &other), 0);
}
END_TEST

/* Before the stream shows which pairs are usual, nothing is evidence. */
START_TEST(a_new_stream_gives_no_evidence) {
    tocsin__centroid centroid = {0};
    memset(&stream, 0, sizeof stream);
    const tocsin__profile told = profile_of(1, 40);
    tocsin__stream_pairs_add(&stream, &told);
    tocsin__centroid_add(&centroid, &stream, &told);
    ck_assert_double_le(evidence_of(&centroid, &told), 0);
}
END_TEST

START_TEST(the_heaviest_pairs_are_kept) {
    tocsin__centroid centroid = {0};
    fill_stream();
    const tocsin__profile kept = profile_of(5, 40);
    uint32_t heaviest[8];
    for (uint32_t i = 0; i < 100; i++) {
        tocsin__profile p = kept;
        for (uint32_t k = 0; k < 20; k++) p.hashes[p.count++] = 100000 + i * 20 + k;
        tocsin__stream_pairs_add(&stream, &p);
        tocsin__centroid_add(&centroid, &stream, &p);
        ck_assert_uint_le(centroid.count, TOCSIN__CENTROID);
        for (uint32_t k = 1; k < centroid.count; k++) ck_assert_uint_lt(centroid.hashes[k - 1], centroid.hashes[k]);
    }
    ck_assert_uint_eq(centroid.wordings, 100);
    for (uint32_t i = 10; i < kept.count; i++) { /* the pairs that all wordings of the incident share, and no others */
        uint32_t at = 0;
        while (at < centroid.count && centroid.hashes[at] != kept.hashes[i]) at++;
        ck_assert_uint_lt(at, centroid.count);
        ck_assert_uint_eq(centroid.posts[at], 100);
    }
    ck_assert_uint_eq(tocsin__centroid_heaviest(&centroid, &stream, heaviest, 8), 8);
    for (uint32_t i = 0; i < 8; i++) ck_assert(heaviest[i] >= 11 && heaviest[i] < 45);
}
END_TEST

/* Two halves of one matter agree, two matters do not; the merged halves equal one whole. */
START_TEST(halves_of_one_matter_agree) {
    tocsin__centroid halves[2] = {{0}, {0}}, other = {0}, whole = {0};
    fill_stream();
    state = 7;
    for (uint32_t i = 0; i < 20; i++) {
        tocsin__profile p = profile_of(40000, 6);
        for (uint32_t k = 0; k < 20; k++) p.hashes[p.count++] = 50000 + i * 1000 + k * 40 + draw() % 40;
        tocsin__stream_pairs_add(&stream, &p);
        tocsin__centroid_add(&halves[i % 2], &stream, &p);
        tocsin__centroid_add(&whole, &stream, &p);
        p = profile_of(200000, 6);
        tocsin__stream_pairs_add(&stream, &p);
        tocsin__centroid_add(&other, &stream, &p);
    }
    ck_assert_double_gt(tocsin__centroid_agreement(&halves[0], &halves[1], &stream), 9);
    ck_assert_double_le(tocsin__centroid_agreement(&halves[0], &other, &stream), 0);
    tocsin__centroid_merge(&halves[0], &stream, &halves[1]);
    ck_assert_uint_eq(halves[0].wordings, whole.wordings);
    ck_assert_uint_eq(halves[0].posts[0], whole.posts[0]);
}
END_TEST

/* All counts are halved at once and never overflow. */
START_TEST(counts_of_a_long_stream_are_halved) {
    memset(&stream, 0, sizeof stream);
    const tocsin__profile p = profile_of(9, 1);
    for (uint32_t i = 0; i < 200000; i++) tocsin__stream_pairs_add(&stream, &p);
    ck_assert_uint_lt(stream.wordings, 40000);
    ck_assert_uint_le(stream.counts[9], stream.wordings + 1);
    ck_assert_float_le(tocsin__stream_pairs_weight(&stream, 9), 0.01f);
    ck_assert_float_ge(tocsin__stream_pairs_weight(&stream, 10), 9);
}
END_TEST

TOCSIN_SUITE("centroid",
             TOCSIN_CASE(only_rare_pairs_are_evidence) TOCSIN_CASE(pairs_shared_by_two_halves_stay_rare)
                 TOCSIN_CASE(a_new_stream_gives_no_evidence) TOCSIN_CASE(the_heaviest_pairs_are_kept)
                     TOCSIN_CASE(halves_of_one_matter_agree) TOCSIN_CASE(counts_of_a_long_stream_are_halved))
