/* Messages of several lanes, read by readers that end at any moment: each is taken once, and in order if possible. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/document.h>

#include "feed/utf8_text.h"
#include "suite.h"
#include "tocsin/message_order.h"

#define LANES 4
#define MESSAGES 300

typedef struct post {
    int64_t time;
    int taken;
} post;

static uint32_t state;

static uint32_t draw(uint32_t below) {
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % below;
}

START_TEST(messages_are_ordered_by_time_within_the_wait) {
    message_order *order = message_order_create(2, 1000);
    static post posts[6] = {{30, 0}, {10, 0}, {20, 0}, {5, 0}, {TOCSIN_TIME_UNKNOWN, 0}, {40, 0}};
    message_order_lane(order, 0, "");
    message_order_lane(order, 0, "");
    message_order_add(order, 0, 0, posts[0].time, 0.0, &posts[0]);
    message_order_add(order, 1, 0, posts[1].time, 1.0, &posts[1]);
    ck_assert_ptr_null(message_order_next(order, 1.9, 0));
    message_order_add(order, 1, 1, posts[2].time, 1.9, &posts[2]);
    /* 30 is due, and earlier messages go first, however short they were held. */
    ck_assert_ptr_eq(message_order_next(order, 2.0, 0), &posts[1]);
    ck_assert_ptr_eq(message_order_next(order, 2.0, 0), &posts[2]);
    ck_assert_ptr_eq(message_order_next(order, 2.0, 0), &posts[0]);
    ck_assert_ptr_null(message_order_next(order, 2.0, 0));
    /* A late message that is due already goes at once. */
    message_order_add(order, 0, 1, posts[3].time, 2.1, &posts[3]);
    ck_assert_ptr_eq(message_order_next(order, 2.1, 0), &posts[3]);
    /* A message without a time counts as sent now. */
    message_order_add(order, 0, 2, posts[5].time, 2.2, &posts[5]);
    message_order_add(order, 1, 2, posts[4].time, 2.3, &posts[4]);
    ck_assert_ptr_null(message_order_next(order, 2.4, 0));
    ck_assert_ptr_eq(message_order_next(order, 2.4, 1), &posts[5]);
    ck_assert_ptr_eq(message_order_next(order, 2.4, 1), &posts[4]);
    ck_assert_uint_eq(message_order_held(order), 0);
    message_order_free(order);
}
END_TEST

START_TEST(held_messages_are_limited) {
    message_order *order = message_order_create(1e9, 10);
    static post posts[30];
    size_t taken = 0;
    int64_t last = -1;
    message_order_lane(order, 0, "");
    for (int i = 0; i < 30; i++) {
        post *next;
        posts[i].time = (i * 7) % 30;
        message_order_add(order, 0, i, posts[i].time, 0, &posts[i]);
        for (; (next = message_order_next(order, 0, 0)); taken++) next->taken = 1;
        ck_assert_uint_le(message_order_held(order), 10);
    }
    ck_assert_uint_eq(taken, 20);
    for (post *next; (next = message_order_next(order, 0, 1)); taken++) {
        ck_assert_int_gt(next->time, last);
        last = next->time;
    }
    ck_assert_uint_eq(taken, 30);
    message_order_free(order);
}
END_TEST

/* A reader that starts at the given offsets; returns 1 when it has read everything. It takes some messages and ends. */
static int read_on(post posts[LANES][MESSAGES], int64_t *next, tocsin_buffer *taken, int gap) {
    message_order *order = message_order_create(draw(5), 1 + draw(200));
    int64_t at[LANES];
    size_t left = draw(400);
    double now = 0;
    int over = 0;
    for (size_t i = 0; i < LANES; i++) {
        at[i] = next[i];
        message_order_lane(order, next[i], taken[i].length ? taken[i].data : "");
    }
    while (left && !over) {
        const size_t lane = draw(LANES);
        post *one;
        now += 0.01 * draw(40);
        /* Offsets may have gaps, as in Kafka. */
        while (at[lane] % gap == gap - 1) at[lane]++;
        if (at[lane] < (int64_t)MESSAGES) {
            post *p = &posts[lane][at[lane]];
            message_order_add(order, lane, at[lane], draw(9) ? p->time : TOCSIN_TIME_UNKNOWN, now, p);
            at[lane]++;
        }
        over = 1;
        for (size_t i = 0; i < LANES; i++) over &= at[i] >= (int64_t)MESSAGES;
        for (; left && (one = message_order_next(order, now, over)); left--) one->taken++;
        over = over && !message_order_held(order);
    }
    for (size_t i = 0; i < LANES; i++) {
        taken[i].length = 0;
        next[i] = message_order_place(order, i, &taken[i]);
    }
    while (message_order_next(order, now, 1)) continue;
    message_order_free(order);
    return over;
}

START_TEST(each_message_is_taken_once_whenever_readers_end) {
    static post posts[LANES][MESSAGES];
    for (uint32_t seed = 0; seed < 300; seed++) {
        int64_t next[LANES] = {0};
        tocsin_buffer taken[LANES];
        const int gap = 2 + (int)(seed % 7);
        int readers = 0;
        state = seed;
        memset(posts, 0, sizeof posts);
        for (size_t i = 0; i < LANES; i++) {
            tocsin_buffer_init(&taken[i], NULL);
            for (size_t j = 0; j < MESSAGES; j++) posts[i][j].time = (int64_t)(j * 10 + draw(300));
        }
        while (!read_on(posts, next, taken, gap)) readers++;
        ck_assert_int_gt(readers, 0);
        for (size_t i = 0; i < LANES; i++) {
            for (size_t j = 0; j < MESSAGES; j++) {
                ck_assert_int_eq(posts[i][j].taken, (int)(j % (size_t)gap) != gap - 1);
            }
            ck_assert_uint_eq(taken[i].length, 0);
            tocsin_buffer_release(&taken[i]);
        }
    }
}
END_TEST

TOCSIN_SUITE("message_order",
             TOCSIN_CASE(messages_are_ordered_by_time_within_the_wait) TOCSIN_CASE(held_messages_are_limited)
                 TOCSIN_CASE(each_message_is_taken_once_whenever_readers_end))
