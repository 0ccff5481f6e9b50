/*
 * Recognises one matter in different words, by places and topics. A narrow place counts by the number of incidents that
 * have it: an estate belongs to one incident. A town belongs to everybody's; it only separates. Common places are
 * weighed together with the topics and the time since the last post.
 */
#include <string.h>

#include "track/place_names.h"
#include "track/tracker_internal.h"

#define LONGEST_WALK 256u /* entries of a chain that are looked at: a place with more says nothing */
#define PLACE_PART 0.5    /* share of places in the agreement */
#define TOPIC_PART 0.3
#define TIME_PART 0.2
#define FEW 3.0        /* incidents that may share a narrow place: parts of one, or several at a hospital */
#define OTHER_TOWN 0.6 /* factor of the agreement if both name a town, and none in common */

static int has(const tocsin__matter_key *matter, uint32_t place) {
    for (uint32_t i = 0; i < matter->count; i++) {
        if (matter->places[i] == place) return 1;
    }
    return 0;
}

static int is_narrow(uint32_t place) { return !(place & TOCSIN__PLACE_WIDE); }

int tocsin__matter_key_is_placed(const tocsin__matter_key *matter) {
    for (uint32_t i = 0; i < matter->count; i++) {
        if (is_narrow(matter->places[i])) return 1;
    }
    return 0;
}

int tocsin__matter_key_shares(const tocsin__matter_key *one, const tocsin__matter_key *other) {
    for (uint32_t i = 0; i < one->count; i++) {
        if (is_narrow(one->places[i]) && has(other, one->places[i])) return 1;
    }
    return 0;
}

int tocsin__matter_key_shares_within_town(const tocsin__matter_key *one, const tocsin__matter_key *other) {
    for (uint32_t i = 0; i < one->count; i++) {
        const uint32_t place = one->places[i];
        if (is_narrow(place) && !(place & TOCSIN__PLACE_TOWN) && has(other, place)) return 1;
    }
    return 0;
}

int tocsin__matter_key_differs(const tocsin__matter_key *one, const tocsin__matter_key *other) {
    return tocsin__matter_key_is_placed(one) && tocsin__matter_key_is_placed(other) &&
           !tocsin__matter_key_shares(one, other);
}

/* Adds what one place contributes for each incident that has it; returns the new length of t->agreed. */
static uint32_t weigh_place(tocsin_tracker *t, uint32_t place, uint32_t agreed) {
    uint32_t walk = LONGEST_WALK, count = 0;
    for (uint32_t e = tocsin__inverted_index_first(&t->places, place, &walk); e != TOCSIN__NO_ENTRY;
         e = tocsin__inverted_index_next(&t->places, e, &walk)) {
        count++;
    }
    if (!count || !walk) return agreed;
    walk = LONGEST_WALK;
    for (uint32_t e = tocsin__inverted_index_first(&t->places, place, &walk); e != TOCSIN__NO_ENTRY;
         e = tocsin__inverted_index_next(&t->places, e, &walk)) {
        const uint32_t slot = tocsin__inverted_index_owner(&t->places, e);
        if (t->agreeing[slot] <= 0) t->agreed[agreed++] = slot;
        t->agreeing[slot] += count <= FEW ? 1.0 : FEW / count;
    }
    return agreed;
}

/* Whether both have places of this kind, a bit of their keys, and none in common. */
static int parts(const tocsin__matter_key *one, const tocsin__matter_key *other, uint32_t kind) {
    int of_one = 0, of_other = 0;
    for (uint32_t i = 0; i < one->count; i++) {
        if (!(one->places[i] & kind)) continue;
        if (has(other, one->places[i])) return 0;
        of_one = 1;
    }
    for (uint32_t i = 0; i < other->count; i++) of_other |= (other->places[i] & kind) != 0;
    return of_one && of_other;
}

/* Cities share the names of districts, so 鼓楼区 in common does not join what the plan's list tells apart. */
int tocsin__matter_key_is_elsewhere(const tocsin__matter_key *one, const tocsin__matter_key *other) {
    return parts(one, other, TOCSIN__PLACE_LISTED) || parts(one, other, TOCSIN__PLACE_WIDE);
}

int tocsin__matter_key_is_apart(const tocsin__matter_key *one, const tocsin__matter_key *other) {
    return tocsin__matter_key_differs(one, other) || tocsin__matter_key_is_elsewhere(one, other);
}

static double topics_in_common(uint64_t a, uint64_t b) {
    const int of_a = __builtin_popcountll(a), of_b = __builtin_popcountll(b), less = of_a < of_b ? of_a : of_b;
    return less ? (double)__builtin_popcountll(a & b) / less : 0;
}

/* 1 if they happen at once, 0 if the incident is over. */
static double closeness(const tocsin_tracker *t, const tocsin_incident *incident, int64_t time) {
    if (time == TOCSIN_TIME_UNKNOWN || incident->last_time == TOCSIN_TIME_UNKNOWN) return 0;
    int64_t gap = tocsin__time_gap(incident->last_time, time);
    if (gap < 0) gap = tocsin__time_gap(time, incident->first_time);
    if (gap <= 0) return 1;
    return gap < t->options.quiet_ms ? 1 - (double)gap / (double)t->options.quiet_ms : 0;
}

static double agreement(const tocsin_tracker *t, uint32_t slot, const tocsin__matter_key *matter, double place,
                        int64_t time) {
    const tocsin__tracked_incident *one = &t->slots[slot];
    if (tocsin__matter_key_differs(matter, &one->matter)) return 0;
    if (tocsin__time_gap(one->shown.last_time, time) > t->options.remember_ms) return 0;
    const double topics = topics_in_common(matter->topics, one->matter.topics);
    if (place > 1) place = 1;
    return (tocsin__matter_key_is_elsewhere(matter, &one->matter) ? OTHER_TOWN * place : place) *
           (PLACE_PART + TOPIC_PART * topics + TIME_PART * closeness(t, &one->shown, time));
}

uint32_t tocsin__tracker_find_by_matter_key(tocsin_tracker *t, const tocsin__matter_key *matter, int64_t time,
                                            double *score) {
    uint32_t agreed = 0, best = UINT32_MAX;
    double most = t->options.matter_percent / 100.0;
    if (most > 1) return best;
    for (uint32_t i = 0; i < matter->count; i++) {
        if (is_narrow(matter->places[i])) agreed = weigh_place(t, matter->places[i], agreed);
    }
    for (uint32_t i = 0; i < agreed; i++) {
        const uint32_t slot = t->agreed[i];
        const double value = agreement(t, slot, matter, t->agreeing[slot], time);
        t->agreeing[slot] = 0;
        if (value < most || (best != UINT32_MAX && value <= most && t->slots[best].shown.id > t->slots[slot].shown.id))
            continue;
        most = value;
        best = slot;
    }
    *score = most;
    return best;
}

void tocsin__tracker_add_matter_key(tocsin_tracker *t, uint32_t slot, const tocsin__matter_key *matter) {
    tocsin__matter_key *known = &t->slots[slot].matter;
    known->topics |= matter->topics;
    for (uint32_t i = 0; i < matter->count; i++) {
        if (tocsin__matter_key_add_place(known, matter->places[i])) {
            tocsin__inverted_index_add(&t->places, slot, matter->places[i]);
        }
    }
}
