/* Documents attached to an incident, places that belong to the plan's owner, and severe tiers. */
#include <stdio.h>

#include <tocsin/tocsin.h>

#include "tracker_desk.h"

static named_source sources[] = {
    {"plan.yaml",
     "plan: x\nversion: 1\n"
     "about: \"fire | crew\"\n"
     "topics: {crew: {terms: crew.txt}, fire: {terms: fire.txt}, water: {terms: water.txt}, late: {terms: late.txt}, "
     "reply: {terms: reply.txt, role: answer}, denial: {terms: denial.txt, role: rebuttal}, "
     "town: {terms: town.txt, role: place}, ours: {terms: ours.txt, role: home}}\n"
     "attention: {reach: {elevated: 1000, high: 50000}}\n"
     "tiers:\n  - {id: low, clauses: [{id: L1, when: fire & water & late}]}\n"
     "  - {id: high, clauses: [{id: H1, when: fire & water & reach < 5000 & attention >= elevated}]}\n"},
    {"crew.txt", "消防\n"},
    {"fire.txt", "火灾\n起火\n"},
    {"water.txt", "消防栓\n没水\n"},
    {"late.txt", "迟到\n"},
    {"reply.txt", "消防支队通报\n"},
    {"denial.txt", "不实\n"},
    {"town.txt", "合肥\n"},
    {"ours.txt", "云岭景区\n"},
    {NULL, NULL},
};

static tocsin_document document_of(const char *text, int64_t time, uint64_t reach, tocsin_venue venue) {
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    document.text = (tocsin_bytes){text, strlen(text)};
    document.time = time;
    document.reach = reach;
    document.venue = venue;
    return document;
}

/* With one verdict. */
static tocsin_tracked say(desk *d, const tocsin_document *document) {
    const tocsin_verdict *verdict = NULL;
    tocsin_tracked tracked;
    ck_assert_int_eq(tocsin_classify(d->scanner, document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(tocsin_tracker_add(d->tracker, document, verdict, &tracked, NULL), TOCSIN_OK);
    return tracked;
}

static tocsin_tracked post(desk *d, const char *text, int64_t time) {
    const tocsin_document document = document_of(text, time, 10, TOCSIN_VENUE_ACCOUNT);
    return say(d, &document);
}

#define ACCUSED "红旗路阳光花园三号楼昨夜起火，消防栓没水，消防车迟到四十分钟"
#define ECHOED "阳光花园昨夜起火，消防栓没水，消防队员在现场"
#define ANSWERED "关于阳光花园火情，消防支队通报：十九时十二分接警"
#define OWN "阳光花园一事我们正在核查，结果会向社会公布"
#define DOUBTED "阳光花园的消防不实，大家别再传了"
#define REFUTED "消防支队通报：网传阳光花园消防车一事不实"

/* Posts after which the words of the plan are evidence, then one document of each kind. */
static desk open_incident(void) {
    desk d = open_desk_of(sources, NULL);
    ck_assert_int_eq(post(&d, ACCUSED, START).is_new, 1);
    ck_assert_uint_eq(post(&d, "阳光花园起火，消防栓没水，消防车又迟到了，住户在楼下哭", START + MINUTE).incident, 1);
    return d;
}

static const struct {
    const char *text;
    tocsin_venue venue;
    tocsin_attached_as as;
    tocsin_turn turn;
} kinds[] = {
    {ECHOED, TOCSIN_VENUE_ACCOUNT, TOCSIN_ATTACHED_AS_ECHO, TOCSIN_TURN_NONE},
    {ANSWERED, TOCSIN_VENUE_SITE, TOCSIN_ATTACHED_AS_ANSWER, TOCSIN_TURN_ANSWERED},
    {OWN, TOCSIN_VENUE_OWN, TOCSIN_ATTACHED_AS_ANSWER, TOCSIN_TURN_ANSWERED},
    {DOUBTED, TOCSIN_VENUE_ACCOUNT, TOCSIN_ATTACHED_AS_REBUTTAL, TOCSIN_TURN_DOUBTED},
    {REFUTED, TOCSIN_VENUE_MAINSTREAM_SITE, TOCSIN_ATTACHED_AS_REBUTTAL, TOCSIN_TURN_REFUTED},
    {DOUBTED, TOCSIN_VENUE_OWN, TOCSIN_ATTACHED_AS_REBUTTAL, TOCSIN_TURN_REFUTED},
};

/* An attached document of any kind and reach leaves the incident unchanged; the turn is counted once. */
START_TEST(attached_documents_do_not_change_the_incident) {
    desk d = open_incident();
    const tocsin_incident before = *tocsin_tracker_get(d.tracker, 1);
    const tocsin_document document = document_of(kinds[_i].text, START - HOUR, 10000000, kinds[_i].venue);
    const tocsin_tracked told = say(&d, &document), again = say(&d, &document);
    ck_assert(told.incident == 1 && !told.is_new && !told.raised && !told.tier_rose && !told.new_clauses);
    ck_assert_int_eq(told.attached_as, kinds[_i].as);
    ck_assert_int_eq(told.turn, kinds[_i].turn);
    ck_assert_int_eq(told.attention, TOCSIN_ATTENTION_LOW);
    ck_assert(told.joined_by != TOCSIN_JOINED_BY_NOTHING && told.score > 0);
    ck_assert(again.incident == 1 && again.attached_as == kinds[_i].as && again.turn == TOCSIN_TURN_NONE);
    tocsin_incident after = *tocsin_tracker_get(d.tracker, 1);
    ck_assert_uint_eq(after.attached[kinds[_i].as], 2);
    ck_assert_uint_eq(after.turns, kinds[_i].turn ? UINT32_C(1) << kinds[_i].turn : 0);
    memcpy(after.attached, before.attached, sizeof after.attached);
    after.turns = before.turns;
    ck_assert_mem_eq(&after, &before, sizeof after);
    close_desk(&d);
}
END_TEST

START_TEST(attached_documents_begin_no_incident) {
    desk d = open_desk_of(sources, NULL);
    const tocsin_document document = document_of(kinds[_i].text, START, 0, kinds[_i].venue);
    const tocsin_tracked told = say(&d, &document);
    ck_assert(!told.incident && told.attached_as == TOCSIN_ATTACHED_AS_NOTHING && told.turn == TOCSIN_TURN_NONE);
    close_desk(&d);
}
END_TEST

/* Unrelated posts let time pass. */
static void pass_days(desk *d, int from, int to) {
    for (int hour = from; hour <= to; hour += 10) (void)post(d, "今天天气真好", START + hour * HOUR);
}

/*
 * An incident continues while posts about it arrive. One that is over stays over, but an answer is still attached to
 * it.
 */
START_TEST(late_answers_are_attached) {
    desk d = open_incident();
    ck_assert_uint_eq(post(&d, ECHOED, START + 20 * HOUR).incident, 1);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, 1)->last_time, START + 20 * HOUR);
    pass_days(&d, 20, 50);
    ck_assert_uint_eq(post(&d, ECHOED, START + 50 * HOUR).incident, 0);
    const tocsin_tracked told = post(&d, ANSWERED, START + 60 * HOUR);
    ck_assert(told.incident == 1 && told.turn == TOCSIN_TURN_ANSWERED);
    const tocsin_incident *incident = tocsin_tracker_get(d.tracker, 1);
    ck_assert(incident->over && incident->last_time == START + 20 * HOUR);
    pass_days(&d, 60, 500);
    ck_assert_uint_eq(post(&d, ANSWERED, START + 500 * HOUR).incident, 0);
    close_desk(&d);
}
END_TEST

/* The attention of the incident may give the document a tier: from then on it is a post. */
START_TEST(a_document_that_gets_a_tier_becomes_a_post) {
    desk d = open_incident();
    tocsin_document document = document_of(ECHOED, START + 2 * MINUTE, 5000, TOCSIN_VENUE_FORUM);
    const tocsin_verdict *verdict = NULL;
    tocsin_document loud = document_of(ACCUSED, START + MINUTE, 5000, TOCSIN_VENUE_ACCOUNT);
    ck_assert_int_eq(say(&d, &loud).raised, 1);
    document.reach = 20;
    tocsin_tracked told = say(&d, &document);
    ck_assert(told.attached_as == TOCSIN_ATTACHED_AS_ECHO && told.attention == TOCSIN_ATTENTION_ELEVATED);
    document.attention = told.attention;
    ck_assert_int_eq(tocsin_classify(d.scanner, &document, &verdict, NULL), TOCSIN_OK);
    ck_assert_int_eq(verdict->tier, 1);
    ck_assert_int_eq(tocsin_tracker_raise(d.tracker, &document, verdict, &told, NULL), TOCSIN_OK);
    ck_assert(told.attached_as == TOCSIN_ATTACHED_AS_NOTHING && told.tier_rose && told.new_clauses == 1);
    const tocsin_incident *incident = tocsin_tracker_get(d.tracker, 1);
    ck_assert(incident->posts == 4 && incident->reach == 5040 && !incident->attached[TOCSIN_ATTACHED_AS_ECHO]);
    ck_assert(incident->venues[TOCSIN_VENUE_FORUM] == 1 && incident->last_time == START + 2 * MINUTE);
    ck_assert_str_eq(incident->tier_id, "high");
    close_desk(&d);
}
END_TEST

/*
 * Two matters at the owner's own place do not join because of that place; places whose names only begin like it still
 * join.
 */
START_TEST(the_owners_own_place_joins_no_incidents) {
    desk d = open_desk_of(sources, NULL);
    ck_assert_uint_eq(post(&d, "云岭景区索道起火，游客滞留，救援没水又迟到", START).incident, 1);
    ck_assert_uint_eq(post(&d, "云岭景区食堂后厨火灾，报警后迟到半小时，到了没水", START + MINUTE).incident, 2);
    ck_assert_uint_eq(post(&d, "云岭景区旁望湖小区起火，没水可救，消防又迟到", START + 2 * MINUTE).incident, 3);
    ck_assert_uint_eq(post(&d, "望湖小区火灾，住户等到天亮，都说是迟到、没水", START + 3 * MINUTE).incident, 3);
    close_desk(&d);
}
END_TEST

static named_source marked[] = {{"plan.yaml", NULL}, {"fire.txt", "起火\n"}, {"late.txt", "迟到\n"}, {NULL, NULL}};

static const struct {
    const char *tiers; /* marks of the lowest, the middle and the highest tier */
    int severe[3];
} marks[] = {
    {",,", {0, 0, 1}},
    {"severe: true,,", {1, 0, 0}},
    {",severe: true,severe: true", {0, 1, 1}},
    {",severe: false,severe: false", {0, 0, 0}},
    {",severe: true,", {0, 1, 0}},
};

static void mark_tiers(char *plan, size_t size, const char *list) {
    char one[64], other[64] = "", third[64] = "";
    const char *comma = strchr(list, ','), *last = strrchr(list, ',');
    snprintf(one, sizeof one, "%.*s", (int)(comma - list), list);
    snprintf(other, sizeof other, "%.*s", (int)(last - comma - 1), comma + 1);
    snprintf(third, sizeof third, "%s", last + 1);
    snprintf(plan, size,
             "plan: x\nversion: 1\ntopics: {fire: {terms: fire.txt}, late: {terms: late.txt}}\ntiers:\n"
             "  - {id: a, %s%sclauses: [{id: A, when: fire}]}\n  - {id: b, %s%sclauses: [{id: B, when: fire & late}]}\n"
             "  - {id: c, %s%sclauses: [{id: C, when: count(fire) > 3}]}\n",
             one, *one ? ", " : "", other, *other ? ", " : "", third, *third ? ", " : "");
}

START_TEST(severe_tiers_are_the_marked_ones) {
    char plan[512];
    mark_tiers(plan, sizeof plan, marks[_i].tiers);
    marked[0].text = plan;
    desk d = open_desk_of(marked, NULL);
    for (size_t t = 0; t < 3; t++) ck_assert_int_eq(tocsin_plan_tier(d.plan, t)->severe, marks[_i].severe[t]);
    const uint64_t id = post(&d, "阳光花园起火", START).incident;
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, id)->severe, marks[_i].severe[0]);
    ck_assert_uint_eq(post(&d, "阳光花园起火，消防车迟到", START).incident, id);
    ck_assert_int_eq(tocsin_tracker_get(d.tracker, id)->severe, marks[_i].severe[0] || marks[_i].severe[1]);
    close_desk(&d);
}
END_TEST

/* When the tracker is full, severe incidents are kept longer than those of a higher tier. */
START_TEST(severe_incidents_are_evicted_last) {
    char plan[512], text[128];
    tocsin_tracker_options options = TOCSIN_TRACKER_OPTIONS_INIT;
    options.max_incidents = 4;
    mark_tiers(plan, sizeof plan, "severe: true,,");
    marked[0].text = plan;
    desk d = open_desk_of(marked, &options);
    ck_assert_uint_eq(post(&d, "阳光花园起火", START).incident, 1);
    marked[0].text = plan;
    mark_tiers(plan, sizeof plan, ",,severe: true");
    desk other = open_desk_of(marked, NULL);
    tocsin_scanner *const severe = d.scanner;
    d.scanner = other.scanner;
    for (int i = 0; i < 8; i++) {
        snprintf(text, sizeof text, "%c%c%c起火%c%c%c迟到%c%c", 'a' + i, 'k' + i, 'c' + i, 'd' + i, 'x' - i, 'q' - i,
                 'm' + i, 'z' - i);
        ck_assert_int_eq(post(&d, text, START + (i + 1) * MINUTE).is_new, 1);
    }
    ck_assert_ptr_nonnull(tocsin_tracker_get(d.tracker, 1));
    ck_assert_ptr_null(tocsin_tracker_get(d.tracker, 2));
    d.scanner = severe;
    close_desk(&other);
    close_desk(&d);
}
END_TEST

TOCSIN_SUITE("attached",
             TOCSIN_LOOP(attached_documents_do_not_change_the_incident, kinds)
                 TOCSIN_LOOP(attached_documents_begin_no_incident, kinds) TOCSIN_CASE(late_answers_are_attached)
                     TOCSIN_CASE(a_document_that_gets_a_tier_becomes_a_post)
                         TOCSIN_CASE(the_owners_own_place_joins_no_incidents)
                             TOCSIN_LOOP(severe_tiers_are_the_marked_ones, marks)
                                 TOCSIN_CASE(severe_incidents_are_evicted_last))
