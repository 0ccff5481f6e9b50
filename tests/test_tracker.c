/* Incidents: which posts join, how attention rises, implausible times, and which incidents are evicted. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "failing_allocator.h"
#include "track/tracker_internal.h"
#include "tracker_posts.h"

#define FIRST "新界大埔宏福苑发生火灾，多栋楼宇外墙棚架起火，现场浓烟滚滚"
#define OTHER "某地化工厂昨夜起火，消防员赶到后扑灭，原因正在调查"

START_TEST(reposts_are_one_incident) {
    desk d = open_desk(NULL);
    ck_assert_uint_eq(post(&d, FIRST, START, 10).incident, 1);
    ck_assert_uint_eq(post(&d, "太可怕了！转发：" FIRST " 愿平安", START + MINUTE, 20).incident, 1);
    ck_assert_uint_eq(post(&d, OTHER, START + 2 * MINUTE, 0).incident, 2);
    ck_assert_uint_eq(post(&d, "新界大埔宏福苑發生火災，多棟樓宇外牆棚架起火", START + 3 * MINUTE, 5).incident, 1);
    ck_assert_uint_eq(post(&d, "今天天气不错", START + 4 * MINUTE, 0).incident, 0);
    ck_assert_uint_eq(post(&d, FIRST "，已致4人遇难", START - MINUTE, 0).incident, 1);
    ck_assert_uint_eq(tocsin_tracker_count(d.tracker), 2);
    const tocsin_incident *one = tocsin_tracker_get(d.tracker, 1);
    ck_assert_uint_eq(one->posts, 4);
    ck_assert_uint_eq(one->reach, 35);
    ck_assert_uint_eq(one->venues[TOCSIN_VENUE_ACCOUNT], 4);
    ck_assert_int_eq(one->first_time, START - MINUTE);
    ck_assert_int_eq(one->last_time, START + 3 * MINUTE);
    ck_assert_str_eq(one->tier_id, "high");
    ck_assert_uint_eq(one->clause_count, 2);
    ck_assert_str_eq(one->clauses[0], "L1");
    ck_assert_str_eq(one->clauses[1], "H1");
    ck_assert_str_eq(one->document, "p");
    ck_assert_str_eq(one->sample, FIRST);
    ck_assert(!one->over && !one->returns && one->attention == TOCSIN_ATTENTION_LOW);
    ck_assert_uint_eq(tocsin_tracker_at(d.tracker, 1)->id, 2);
    ck_assert_ptr_null(tocsin_tracker_at(d.tracker, 2));
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, 3));
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, 0));
    close_desk(&d);
}
END_TEST

#define ESTATE "红旗路阳光花园三号楼昨夜起火，浓烟滚滚，居民自己逃了出来"

/* Place, topic and time show that it is the same matter; another place shows that it is not. */
START_TEST(other_words_of_one_place_are_one_incident) {
    desk d = open_desk(NULL);
    tocsin_tracked t = post(&d, ESTATE, START, 0);
    ck_assert(t.incident == 1 && t.is_new && t.joined_by == TOCSIN_JOINED_BY_NOTHING);
    t = post(&d, "阳光花园的火灾已有三人遇难，家属在等一个说法", START + HOUR, 0);
    ck_assert(t.incident == 1 && !t.is_new && t.joined_by == TOCSIN_JOINED_BY_MATTER && t.tier_rose);
    ck_assert_uint_eq(t.new_clauses, 1);
    t = post(&d, "红旗路碧水花园二号楼昨夜起火，浓烟滚滚，居民自己逃了出来", START + HOUR, 0);
    ck_assert_msg(t.incident == 1, "the road is the same");
    t = post(&d, "长江路碧水山庄二号楼昨夜起火，浓烟滚滚，居民自己逃了出来", START + HOUR, 0);
    ck_assert_msg(t.incident == 2 && t.is_new, "the same words of another place");
    ck_assert_uint_eq(post(&d, OTHER, START + 23 * HOUR, 0).incident, 3);
    t = post(&d, "听说阳光花园的火灾原因查明了", START + 40 * HOUR, 0);
    ck_assert_msg(t.incident == 4 && t.is_new, "it is over, and comes back");
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 4)->returns, 1);
    close_desk(&d);
}
END_TEST

/* A threshold above 100 switches joining by matter off. */
START_TEST(joining_by_matter_can_be_switched_off) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    options.matter_percent = 101;
    options.first_id = 77;
    desk d = open_desk(&options);
    ck_assert_uint_eq(post(&d, ESTATE, START, 0).incident, 77);
    ck_assert_uint_eq(post(&d, "阳光花园的火灾已有三人遇难，家属在等一个说法", START, 0).incident, 78);
    /* A larger id is accepted and numbering continues from it; a smaller one is not used again. */
    static const uint64_t firsts[] = {90, 5, 91}, ids[] = {90, 91, 92};
    static const char *const texts[] = {"书香苑的火灾烧了一夜，楼上的人喊救命",
                                        "碧水湾火灾后没有人来登记，物业躲着不见", "学府里火灾那晚的录像少了两小时"};
    for (size_t i = 0; i < 3; i++) {
        options.first_id = firsts[i];
        ck_assert_int_eq(tocsin_tracker_set_options(d.tracker, &options, NULL), TOCSIN_OK);
        ck_assert_uint_eq(post(&d, texts[i], START, 0).incident, ids[i]);
    }
    ck_assert_uint_eq(tocsin_tracker_get_options(d.tracker)->first_id, 77);
    close_desk(&d);
}
END_TEST

/* Words of a topic with the role "place" are listed once, as first written; a copy keeps them. */
START_TEST(verdicts_list_places) {
    named_source placed[] = {
        {"plan.yaml", "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}, town: {terms: town.txt, role: place}}\n"
                      "tiers:\n  - {id: low, clauses: [{id: L1, when: fire}]}\n"},
        {"fire.txt", "起火\n"},
        {"town.txt", "合肥\n巢湖\n"},
        {NULL, NULL},
    };
    tocsin_plan *plan = NULL;
    tocsin_scanner *scanner = NULL;
    const tocsin_verdict *verdict = NULL;
    tocsin_verdict *copy = NULL;
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, placed, "plan.yaml", NULL, NULL, &plan, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_plan_topic(plan, 1)->role, TOCSIN_ROLE_PLACE);
    ck_assert_int_eq(tocsin_plan_topic(plan, 0)->role, TOCSIN_ROLE_NONE);
    ck_assert_int_eq(tocsin_scanner_create(plan, NULL, &scanner, NULL), TOCSIN_OK);
    document.title = (tocsin_bytes){"巢湖起火", 12};
    document.text = (tocsin_bytes){"合肥巢湖合肥", 18};
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_verdict_copy(verdict, NULL, &copy), TOCSIN_OK);
    document.title.length = document.text.length = 0;
    ck_assert_int_eq(tocsin_classify(scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_uint_eq(verdict->place_count, 0);
    ck_assert_uint_eq(copy->place_count, 2);
    ck_assert_int_eq(memcmp(tocsin_verdict_place(copy, 0)->term.data, "巢湖", 6), 0);
    ck_assert_str_eq(tocsin_verdict_place(copy, 1)->topic_id, "town");
    tocsin_verdict_free(copy);
    tocsin_scanner_free(scanner);
    tocsin_plan_release(plan);
    tocsin_error error = {0};
    placed[0].text = "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt, role: plaice}}\n"
                     "tiers:\n  - {id: low, clauses: [{id: L1, when: fire}]}\n";
    ck_assert_int_eq(tocsin_plan_compile(read_named_source, placed, "plan.yaml", NULL, NULL, &plan, &error),
                     TOCSIN_ERROR_PLAN);
    ck_assert_msg(strstr(error.message, "did you mean \"place\"?") != NULL, "%s", error.message);
}
END_TEST

/* Thresholds may change while the tracker runs; its size and numbers may not. */
START_TEST(options_can_be_changed) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    options.max_incidents = 7;
    desk d = open_desk(&options);
    options.max_incidents = 9;
    options.matter_percent = 101;
    ck_assert_int_eq(tocsin_tracker_set_options(d.tracker, &options, NULL), TOCSIN_OK);
    ck_assert_uint_eq(tocsin_tracker_get_options(d.tracker)->max_incidents, 7);
    ck_assert_uint_eq(tocsin_tracker_get_options(d.tracker)->same_percent, 92);
    ck_assert_uint_eq(post(&d, ESTATE, START, 0).incident, 1);
    ck_assert_uint_eq(post(&d, "阳光花园的火灾已有三人遇难，家属在等一个说法", START, 0).incident, 2);
    ck_assert_int_eq(tocsin_tracker_now(d.tracker), START);
    options.same_percent = 200;
    ck_assert_int_eq(tocsin_tracker_set_options(d.tracker, &options, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_set_options(NULL, &options, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_now(NULL), TOCSIN_TIME_UNKNOWN);
    ck_assert_ptr_null(tocsin_tracker_get_options(NULL));
    close_desk(&d);
}
END_TEST

/*
 * A post without a tier joins by a topic most of whose posts have one, also after so many posts that the counts are
 * halved.
 */
START_TEST(a_topic_still_joins_after_very_many_posts) {
    named_source placed[] = {
        {"plan.yaml", "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}}\n"
                      "tiers: [{id: low, clauses: [{id: L1, when: fire & venue == account}]}]\n"},
        {"fire.txt", "火灾\n起火\n"},
        {NULL, NULL},
    };
    static const uint32_t starts[] = {0, UINT32_MAX / 4 - 2};
    for (size_t i = 0; i < 2; i++) {
        desk d = open_desk_of(placed, NULL);
        ck_assert_uint_eq(post(&d, OTHER, START, 0).incident, 1);
        for (uint32_t t = 0; t < TOCSIN__TOPICS; t++) {
            tocsin__topic_use *use = &d.tracker->topics[t];
            if (use->seen) *use = (tocsin__topic_use){starts[i], starts[i], starts[i]};
        }
        for (int n = 1; n < 8; n++) ck_assert_uint_eq(post(&d, OTHER, START + n * MINUTE, 0).incident, 1);
        ck_assert_uint_eq(post_to(&d, OTHER, START + HOUR, 0, TOCSIN_VENUE_SITE).incident, 1);
        close_desk(&d);
    }
}
END_TEST

/* A topic counts once in each post: of five posts with both topics and one with a tier neither topic is enough. */
START_TEST(a_topic_counts_once_in_a_post) {
    static const char text[] = "幸福小区发生火灾，两人遇难，火灾已灭，遇难者是住户，火灾原因不明，遇难者家属到场";
    named_source placed[] = {
        {"plan.yaml", "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}, toll: {terms: toll.txt}}\n"
                      "tiers: [{id: low, clauses: [{id: L1, when: fire & toll & venue == account}]}]\n"},
        {"fire.txt", "火灾\n"},
        {"toll.txt", "遇难\n"},
        {NULL, NULL},
    };
    desk d = open_desk_of(placed, NULL);
    ck_assert_uint_eq(post(&d, text, START, 0).incident, 1);
    for (int n = 1; n < 8; n++) {
        const tocsin_tracked found = post_to(&d, text, START + n * MINUTE, 0, TOCSIN_VENUE_SITE);
        ck_assert_uint_eq(found.incident, n < 4 ? 1 : 0);
    }
    close_desk(&d);
}
END_TEST

/* Two towns may have a place of the same name: other words about it join in the same town, not in another. */
START_TEST(towns_distinguish_places_of_one_name) {
    static const char *const others[] = {"合肥市幸福小区起火，消防员赶到现场处置",
                                         "芜湖市幸福小区起火，消防员赶到现场处置"};
    for (size_t i = 0; i < 2; i++) {
        desk d = open_desk(NULL);
        ck_assert_uint_eq(post(&d, "合肥市幸福小区发生火灾，浓烟滚滚，多名居民撤离", START, 0).incident, 1);
        const tocsin_tracked other = post(&d, others[i], START + MINUTE, 0);
        ck_assert_uint_eq(other.incident, i + 1);
        if (!i) ck_assert_int_eq(other.joined_by, TOCSIN_JOINED_BY_MATTER);
        close_desk(&d);
    }
}
END_TEST

/* A post of a few words does not join a longer post that contains them. */
START_TEST(short_posts_do_not_join_longer_ones) {
    desk d = open_desk(NULL);
    ck_assert_uint_eq(post(&d, "起火了", START, 0).incident, 1);
    ck_assert_uint_eq(post(&d, "城东一家商场四楼起火了，烟很大，有人被困", START, 0).incident, 2);
    ck_assert_uint_eq(post(&d, "起火了！！", START, 0).incident, 1);
    close_desk(&d);
}
END_TEST

/* Ids and titles are kept as far as there is room, in whole characters. */
START_TEST(long_texts_are_cut_at_characters) {
    static const char *const first[] = {"", "a", "ab", "火abc"};
    static const size_t id_bytes[] = {63, 61, 62, 63}, sample_bytes[] = {255, 253, 254, 255};
    desk d = open_desk(NULL);
    for (size_t i = 0; i < 4; i++) {
        tocsin_document document = TOCSIN_DOCUMENT_INIT;
        const tocsin_verdict *verdict = NULL;
        tocsin_tracked tracked;
        char text[400];
        size_t length = (size_t)sprintf(text, "%s", first[i]);
        write_matter(text + length, (uint32_t)i);
        length += strlen(text + length);
        while (length + 4 < sizeof text) length += (size_t)sprintf(text + length, "火");
        document.id = document.title = (tocsin_bytes){text, length};
        ck_assert_int_eq(tocsin_classify(d.scanner, &document, &verdict, NULL), TOCSIN_OK);
        ck_assert_int_eq(tocsin_tracker_add(d.tracker, &document, verdict, &tracked, NULL), TOCSIN_OK);
        const tocsin_incident *one = tocsin_tracker_get(d.tracker, tracked.incident);
        ck_assert_uint_eq(strlen(one->document), id_bytes[i]);
        ck_assert_uint_eq(strlen(one->sample), sample_bytes[i]);
        ck_assert_mem_eq(one->document, text, id_bytes[i]);
        ck_assert_mem_eq(one->sample, text, sample_bytes[i]);
    }
    close_desk(&d);
}
END_TEST

START_TEST(a_burst_raises_attention) {
    desk d = open_desk(NULL);
    tocsin_tracked tracked = {0};
    for (int hour = 0; hour < 6; hour++) {
        for (int i = 0; i < 3; i++) tracked = post(&d, FIRST, START + hour * HOUR + i * 20 * MINUTE, 0);
    }
    ck_assert_int_eq(tracked.attention, TOCSIN_ATTENTION_LOW);
    int64_t raised_at[2] = {0, 0};
    for (int i = 0; i < 250; i++) {
        const int64_t time = START + 6 * HOUR + i * MINUTE / 6;
        tracked = post(&d, FIRST, time, 0);
        if (tracked.raised) raised_at[tracked.attention - 1] = time;
    }
    const tocsin_incident *one = tocsin_tracker_get(d.tracker, 1);
    ck_assert_int_eq(one->attention, TOCSIN_ATTENTION_HIGH);
    ck_assert_int_eq(one->raised_by, TOCSIN_RAISED_BY_RATE);
    ck_assert_int_eq(one->raised_time, raised_at[1]);
    ck_assert(raised_at[0] && raised_at[0] < raised_at[1]);
    ck_assert_str_eq(one->tier_id, "high"); /* by H2, which needs attention: it rose during the incident */
    ck_assert_str_eq(one->clauses[one->clause_count - 1], "H2");
    close_desk(&d);
}
END_TEST

START_TEST(reach_raises_attention) {
    desk d = open_desk(NULL);
    for (int i = 0; i < 9; i++)
        ck_assert_int_eq(post(&d, FIRST, START + i * HOUR, 100).attention, TOCSIN_ATTENTION_LOW);
    ck_assert_int_eq(post(&d, FIRST, START + 9 * HOUR, 100).attention, TOCSIN_ATTENTION_ELEVATED);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->raised_by, TOCSIN_RAISED_BY_REACH);
    ck_assert_int_eq(post(&d, FIRST, START + 10 * HOUR, 60000).attention, TOCSIN_ATTENTION_HIGH);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->raised_by, TOCSIN_RAISED_BY_POST);
    ck_assert_int_eq(post(&d, FIRST, START + 11 * HOUR, UINT64_MAX).attention, TOCSIN_ATTENTION_HIGH);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->reach, UINT64_MAX);
    close_desk(&d);
}
END_TEST

/* Any posts in any order: without a burst and without reach, attention never rises. */
/* The last post is seen again with more reach. */
static tocsin_tracked again(desk *d, uint64_t incident, const char *text, uint64_t more) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    const tocsin_verdict *verdict = NULL;
    tocsin_tracked tracked;
    document.text = (tocsin_bytes){text, strlen(text)};
    document.venue = TOCSIN_VENUE_ACCOUNT;
    ck_assert_int_eq(tocsin_classify(d->scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_add_again(d->tracker, incident, verdict, more, &tracked, NULL), TOCSIN_OK);
    return tracked;
}

START_TEST(a_post_seen_again_adds_only_reach) {
    desk d = open_desk(NULL);
    post(&d, FIRST, START, 100);
    post(&d, FIRST, START + HOUR, 100);
    const int64_t last_hour = (int64_t)tocsin_tracker_get(d.tracker, 1)->last_hour;
    tocsin_tracked tracked = again(&d, 1, FIRST, 700);
    const tocsin_incident *incident = tocsin_tracker_get(d.tracker, 1);
    ck_assert_uint_eq(tracked.incident, 1);
    ck_assert(!tracked.raised && !tracked.is_new && !tracked.tier_rose && !tracked.new_clauses);
    ck_assert_int_eq(tracked.time, START + HOUR);
    ck_assert_uint_eq(incident->posts, 2);
    ck_assert_uint_eq(incident->reach, 900);
    ck_assert_int_eq((int64_t)incident->last_hour, last_hour);
    tracked = again(&d, 1, FIRST, 100);
    ck_assert(tracked.raised);
    ck_assert_int_eq(tracked.attention, TOCSIN_ATTENTION_ELEVATED);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->raised_by, TOCSIN_RAISED_BY_REACH);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->raised_time, START + HOUR);
    again(&d, 1, FIRST, UINT64_MAX);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->reach, UINT64_MAX);
    ck_assert_uint_eq(again(&d, 0, FIRST, 5).incident, 0);
    ck_assert_uint_eq(again(&d, 7, FIRST, 5).incident, 0);
    ck_assert_uint_eq(tocsin_tracker_count(d.tracker), 1);
    close_desk(&d);
}
END_TEST

START_TEST(attention_needs_a_burst_or_reach) {
    desk d = open_desk(NULL);
    char text[128];
    for (int i = 0; i < 20000; i++) {
        write_matter(text, below(100));
        /* 100 matters in 20 000 minutes: each gets an hour's worth of posts in every hundred, never 20. */
        const tocsin_tracked tracked = post(&d, text, START + i * MINUTE - (int64_t)below(60) * MINUTE, 0);
        ck_assert_int_eq(tracked.attention, TOCSIN_ATTENTION_LOW);
        ck_assert(!tracked.raised);
    }
    ck_assert_uint_ge(tocsin_tracker_count(d.tracker), 100);
    close_desk(&d);
}
END_TEST

/* A few plain reposts in each quiet time. */
START_TEST(a_few_late_reposts_are_not_a_return) {
    desk d = open_desk(NULL);
    ck_assert_uint_eq(post(&d, FIRST, START, 0).incident, 1);
    for (int i = 1; i < 4; i++) (void)post(&d, OTHER, START + i * 16 * HOUR, 0);
    for (int day = 2; day < 12; day++) {
        for (int i = 0; i < 5; i++) {
            ck_assert_uint_eq(post(&d, "转发微博//@路人:" FIRST, START + day * 25 * HOUR + i * HOUR, 0).incident, 1);
        }
        (void)post(&d, OTHER, START + day * 25 * HOUR + 20 * HOUR, 0);
    }
    const tocsin_tracked tracked =
        post(&d, FIRST "，今天传出四人遇难，家属说等了一夜没有人来，这是后来的事", START + 12 * 25 * HOUR, 0);
    ck_assert(tracked.is_new && tracked.returns == 1);
    close_desk(&d);
}
END_TEST

START_TEST(a_returning_incident_names_the_earlier_one) {
    desk d = open_desk(NULL);
    ck_assert_uint_eq(post(&d, FIRST, START, 0).incident, 1);
    ck_assert_uint_eq(post(&d, FIRST, START + 20 * HOUR, 0).incident, 1);
    for (int i = 0; i < 30; i++) (void)post(&d, OTHER, START + 20 * HOUR + i * HOUR, 0);
    ck_assert(tocsin_tracker_get(d.tracker, 1)->over);
    for (int i = 0; i < 5; i++) { /* now and then somebody repeats it for days */
        ck_assert_uint_eq(post(&d, FIRST, START + (i < 2 ? 48 : 50) * HOUR, 100).incident, 1);
        ck_assert(tocsin_tracker_get(d.tracker, 1)->over);
        ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->last_time, START + 20 * HOUR);
    }
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->posts, 7);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->reach, 500);
    const tocsin_tracked tracked = post(&d, FIRST, START + 50 * HOUR, 0);
    ck_assert(tracked.is_new && tracked.incident == 3); /* many do at once */
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 3)->returns, 1);
    ck_assert_uint_eq(post(&d, FIRST, START + 51 * HOUR, 0).incident, 3);
    for (int i = 0; i < 500; i++) (void)post(&d, OTHER, START + 51 * HOUR + i * HOUR, 0);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, post(&d, FIRST, START + 551 * HOUR, 0).incident)->returns, 0);
    close_desk(&d);
}
END_TEST

#define RETURNING "听说阳光花园的火灾原因查明了"

/* An incident that lasted a day may pause a day longer than the quiet time. */
START_TEST(long_incidents_may_pause_longer) {
    for (int lasted = 1; lasted < 24; lasted += 22) {
        desk d = open_desk(NULL);
        (void)post(&d, ESTATE, START, 0);
        (void)post(&d, ESTATE, START + lasted * HOUR, 0);
        for (int i = 0; i < 3; i++) (void)post(&d, OTHER, START + (lasted + 14 * i) * HOUR, 0);
        const int64_t time = START + (lasted + 40) * HOUR;
        const tocsin_tracked tracked = post(&d, RETURNING, time, 0);
        ck_assert_uint_eq(tracked.returns, lasted == 1 ? 1 : 0);
        ck_assert_int_eq(tracked.is_new, lasted == 1);
        ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->last_time, lasted == 1 ? START + HOUR : time);
        close_desk(&d);
    }
}
END_TEST

/* A late post may fill the pause before a return: then the incident was never over. */
START_TEST(a_late_post_cancels_a_return) {
    desk d = open_desk(NULL);
    (void)post(&d, ESTATE, START, 0);
    (void)post(&d, OTHER, START + 20 * HOUR, 0);
    ck_assert_uint_eq(post(&d, RETURNING, START + 40 * HOUR, 0).returns, 1);
    const tocsin_tracked tracked = post(&d, ESTATE, START + 20 * HOUR, 0);
    ck_assert(tracked.incident == 1 && tracked.merged == 3 && tracked.merged_into == 1);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->posts, 3);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 1)->returns, 0);
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, 3));
    close_desk(&d);
}
END_TEST

/* A return remains one if the incident that showed it is merged. */
START_TEST(a_return_survives_a_merge) {
    desk d = open_desk(NULL);
    (void)post(&d, ESTATE, START, 0);
    for (int i = 1; i < 4; i++) (void)post(&d, OTHER, START + i * 20 * HOUR, 0);
    ck_assert(post(&d, "包河一小区火灾，三人遇难，楼道堆满杂物", START + 60 * HOUR, 0).is_new);
    ck_assert_uint_eq(post(&d, RETURNING, START + 61 * HOUR, 0).returns, 1);
    tocsin__tracker_merge(d.tracker, 2, 3);
    ck_assert_uint_eq(tocsin_tracker_get(d.tracker, 3)->returns, 1);
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, 4));
    close_desk(&d);
}
END_TEST

/* A digest repeats two incidents and joins neither; it does not merge them, even if it is forwarded. */
#define ELSEWHERE "碧水山庄昨夜起火，消防员赶到后扑灭，原因正在调查"

START_TEST(a_digest_joins_no_incident) {
    desk d = open_desk(NULL);
    (void)post(&d, ESTATE, START, 0);
    (void)post(&d, ELSEWHERE, START, 0);
    for (int i = 0; i < 3; i++) {
        const tocsin_tracked tracked = post(&d, "早报：" ESTATE "；" ELSEWHERE, START + (i + 1) * MINUTE, 0);
        ck_assert(tracked.incident == 3 && tracked.is_new == !i && !tracked.merged);
    }
    ck_assert_uint_eq(post(&d, ESTATE, START + HOUR, 0).incident, 1);
    ck_assert_uint_eq(post(&d, ELSEWHERE, START + HOUR, 0).incident, 2);
    ck_assert_uint_eq(tocsin_tracker_count(d.tracker), 3);
    close_desk(&d);
}
END_TEST

/* A longer report about one place contains posts that do not name it: it is not a digest. */
START_TEST(a_longer_report_is_no_digest) {
    desk d = open_desk(NULL);
    (void)post(&d, ESTATE, START, 0);
    (void)post(&d, OTHER, START, 0);
    const tocsin_tracked tracked = post(&d, ESTATE "；" OTHER, START + MINUTE, 0);
    ck_assert(tracked.incident == 1 && !tracked.is_new && tracked.joined_by == TOCSIN_JOINED_BY_WORDS);
    close_desk(&d);
}
END_TEST

START_TEST(implausible_times_are_replaced) {
    desk d = open_desk(NULL);
    ck_assert(post(&d, FIRST, TOCSIN_TIME_UNKNOWN, 0).time_replaced);
    ck_assert(!post(&d, FIRST, START, 0).time_replaced);
    ck_assert(post(&d, FIRST, 0, 0).time_replaced);                      /* 1970 */
    ck_assert(post(&d, FIRST, INT64_C(4294967295000), 0).time_replaced); /* 2106 */
    ck_assert(post(&d, FIRST, INT64_MAX, 0).time_replaced);
    ck_assert(post(&d, FIRST, INT64_MIN + 1, 0).time_replaced);
    ck_assert(!post(&d, FIRST, START - 5 * 24 * HOUR, 0).time_replaced); /* late is ordinary */
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->last_time, START);
    ck_assert(!post(&d, FIRST, START + HOUR, 0).time_replaced);
    /* The feed continues three days later: after some posts the tracker accepts the new time. */
    int believed = 0;
    for (int i = 0; i < 25; i++) believed += !post(&d, OTHER, START + 72 * HOUR + i * MINUTE, 0).time_replaced;
    ck_assert_int_eq(believed, 6);
    ck_assert(tocsin_tracker_get(d.tracker, 1)->over);
    close_desk(&d);
}
END_TEST

START_TEST(the_least_important_incident_is_evicted_first) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    char text[256];
    options.max_incidents = 64;
    desk d = open_desk(&options);
    const uint64_t major = post(&d, FIRST "，已致4人遇难", START, 0).incident;
    for (uint32_t i = 0; i < 20000; i++) {
        write_matter(text, 1000 + i);
        (void)post(&d, text, START + i * 1000, 0);
        ck_assert_uint_le(tocsin_tracker_count(d.tracker), 64);
    }
    ck_assert_ptr_nonnull(tocsin_tracker_get(d.tracker, major));
    ck_assert_uint_eq(post(&d, FIRST, START + 20000 * 1000, 0).incident, major);
    /* Once over, it is evicted before ongoing ones. */
    for (uint32_t i = 0; i < 2000; i++) {
        write_matter(text, 50000 + i);
        (void)post(&d, text, START + 6 * HOUR + i * MINUTE, 0);
    }
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, major));
    close_desk(&d);
}
END_TEST

/* The same documents, the same incidents: compared as bytes. */
START_TEST(results_are_deterministic) {
    desk one = open_desk(NULL), other = open_desk(NULL);
    char text[128];
    for (int pass = 0; pass < 2; pass++) {
        state = 4;
        for (int i = 0; i < 3000; i++) {
            write_matter(text, below(200));
            (void)post(pass ? &other : &one, text, START + (int64_t)below(100) * HOUR, below(50));
        }
    }
    ck_assert_uint_eq(tocsin_tracker_count(one.tracker), tocsin_tracker_count(other.tracker));
    for (size_t i = 0; i < tocsin_tracker_count(one.tracker); i++) {
        ck_assert_mem_eq(tocsin_tracker_at(one.tracker, i), tocsin_tracker_at(other.tracker, i),
                         sizeof(tocsin_incident));
    }
    close_desk(&one);
    close_desk(&other);
}
END_TEST

START_TEST(memory_that_fails_is_given_back) {
    for (size_t n = 1;; n++) {
        failing_allocator memory = {.fail_at = n};
        tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
        tocsin_tracker *tracker = NULL;
        options.allocator = failing_allocator_get(&memory);
        options.max_incidents = 100;
        tocsin_status status = tocsin_tracker_create(&options, &tracker, NULL);
        if (!status) {
            desk d = open_desk(NULL);
            tocsin_tracker_free(d.tracker);
            d.tracker = tracker;
            tocsin_document document = TOCSIN_DOCUMENT_INIT;
            const tocsin_verdict *verdict = NULL;
            tocsin_tracked tracked;
            document.text = (tocsin_bytes){FIRST, strlen(FIRST)};
            ck_assert_int_eq(tocsin_classify(d.scanner, &document, &verdict, NULL), TOCSIN_OK);
            status = tocsin_tracker_add(tracker, &document, verdict, &tracked, NULL);
            ck_assert_uint_eq(tocsin_tracker_count(tracker), !status);
            close_desk(&d);
        }
        ck_assert_uint_eq(memory.live, 0);
        ck_assert_uint_eq(memory.wrong, 0);
        if (!status) break;
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_uint_lt(n, 100);
    }
}
END_TEST

START_TEST(what_is_not_allowed_is_refused) {
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    tocsin_tracker *tracker = NULL;
    tocsin_error error = {0};
    options.same_percent = 101;
    ck_assert_int_eq(tocsin_tracker_create(&options, &tracker, NULL), TOCSIN_ERROR_ARGUMENT);
    options.same_percent = 0;
    options.quiet_ms = -1;
    ck_assert_int_eq(tocsin_tracker_create(&options, &tracker, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_create(NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_add(NULL, NULL, NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_ptr_null(tracker);
    ck_assert_uint_eq(tocsin_tracker_count(NULL), 0);
    ck_assert_ptr_null(tocsin_tracker_at(NULL, 0));
    ck_assert_ptr_null(tocsin_tracker_get(NULL, 1));
    ck_assert_int_eq(tocsin_tracker_save_to_buffer(NULL, NULL, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_restore(NULL, 0, NULL, &tracker, NULL), TOCSIN_ERROR_ARGUMENT);
    ck_assert_int_eq(tocsin_tracker_restore("no", 2, NULL, &tracker, &error), TOCSIN_ERROR_IMAGE);
    ck_assert_str_eq(error.message, "this is not a snapshot of a tracker");
    tocsin_tracker_raise(NULL, NULL, NULL, NULL, NULL);
    tocsin_tracker_free(NULL);
}
END_TEST

TOCSIN_SUITE(
    "tracker",
    TOCSIN_CASE(reposts_are_one_incident) TOCSIN_CASE(other_words_of_one_place_are_one_incident)
        TOCSIN_CASE(joining_by_matter_can_be_switched_off) TOCSIN_CASE(verdicts_list_places)
            TOCSIN_CASE(options_can_be_changed) TOCSIN_CASE(a_topic_still_joins_after_very_many_posts)
                TOCSIN_CASE(a_topic_counts_once_in_a_post) TOCSIN_CASE(towns_distinguish_places_of_one_name)
                    TOCSIN_CASE(short_posts_do_not_join_longer_ones) TOCSIN_CASE(long_texts_are_cut_at_characters)
                        TOCSIN_CASE(a_burst_raises_attention) TOCSIN_CASE(reach_raises_attention)
                            TOCSIN_CASE(a_post_seen_again_adds_only_reach) TOCSIN_CASE(attention_needs_a_burst_or_reach)
                                TOCSIN_CASE(a_returning_incident_names_the_earlier_one) TOCSIN_CASE(
                                    a_few_late_reposts_are_not_a_return) TOCSIN_CASE(long_incidents_may_pause_longer)
                                    TOCSIN_CASE(a_late_post_cancels_a_return) TOCSIN_CASE(a_return_survives_a_merge)
                                        TOCSIN_CASE(a_digest_joins_no_incident)
                                            TOCSIN_CASE(a_longer_report_is_no_digest)
                                                TOCSIN_CASE(implausible_times_are_replaced)
                                                    TOCSIN_CASE(the_least_important_incident_is_evicted_first)
                                                        TOCSIN_CASE(results_are_deterministic)
                                                            TOCSIN_CASE(memory_that_fails_is_given_back)
                                                                TOCSIN_CASE(what_is_not_allowed_is_refused))
