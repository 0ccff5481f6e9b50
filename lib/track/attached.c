/*
 * Decides how a document without a tier relates to its incident, according to the plan: as an answer, a rebuttal, or an
 * echo. Such documents are counted apart. Talk about an incident must not make it look older, wider or more severe than
 * it is.
 */
#include <tocsin/plan.h>

#include "track/incident_facts.h"
#include "track/tracker_internal.h"

tocsin_role tocsin__topic_role(const tocsin_verdict *verdict, size_t i) {
    const tocsin_plan_item *topic = tocsin_plan_topic(verdict->plan, tocsin_verdict_topic(verdict, i)->index);
    return topic ? topic->role : TOCSIN_ROLE_NONE;
}

static int has_role(const tocsin_verdict *verdict, tocsin_role role) {
    for (size_t i = 0; i < verdict->topic_count; i++) {
        if (tocsin__topic_role(verdict, i) == role) return 1;
    }
    return 0;
}

tocsin_attached_as tocsin__attached_as(const tocsin_verdict *verdict, tocsin_turn *turn) {
    const int own = verdict->venue == TOCSIN_VENUE_OWN || has_role(verdict, TOCSIN_ROLE_ANSWER);
    *turn = TOCSIN_TURN_NONE;
    if (verdict->tier != TOCSIN_TIER_NONE) return TOCSIN_ATTACHED_AS_NOTHING;
    if (has_role(verdict, TOCSIN_ROLE_REBUTTAL)) {
        *turn = own ? TOCSIN_TURN_REFUTED : TOCSIN_TURN_DOUBTED;
        return TOCSIN_ATTACHED_AS_REBUTTAL;
    }
    if (!own) return TOCSIN_ATTACHED_AS_ECHO;
    *turn = TOCSIN_TURN_ANSWERED;
    return TOCSIN_ATTACHED_AS_ANSWER;
}

void tocsin__tracker_attach(const tocsin_tracker *t, tocsin_incident *incident, const tocsin__moment *now,
                            tocsin_tracked *tracked) {
    const uint32_t bit = tracked->turn ? UINT32_C(1) << tracked->turn : 0;
    const int goes_on = tocsin__tracker_when(t, incident, now->time) == TOCSIN__WHEN_COVERED;
    incident->attached[tracked->attached_as]++;
    if (incident->turns & bit) tracked->turn = TOCSIN_TURN_NONE;
    incident->turns |= bit;
    /* As long as people talk of it, it is not over. */
    if (goes_on && incident->first_time != TOCSIN_TIME_UNKNOWN && now->time > incident->last_time) {
        incident->last_time = now->time;
    }
    tracked->attention = incident->attention;
}

void tocsin__tracker_detach(tocsin_incident *incident, tocsin_tracked *tracked) {
    if ((unsigned)tracked->attached_as < TOCSIN_ATTACHED_COUNT && incident->attached[tracked->attached_as]) {
        incident->attached[tracked->attached_as]--;
    }
    if (tracked->turn > TOCSIN_TURN_NONE && tracked->turn <= TOCSIN_TURN_DOUBTED) {
        incident->turns &= ~(UINT32_C(1) << tracked->turn);
    }
    tracked->attached_as = TOCSIN_ATTACHED_AS_NOTHING;
    tracked->turn = TOCSIN_TURN_NONE;
}
