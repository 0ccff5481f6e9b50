/*
 * A post and a merged incident both add facts through these functions, so that facts are cut, capped and compared
 * alike.
 */
#include "track/incident_facts.h"

#include <string.h>

#include "base/fail.h"

void tocsin__incident_add_clause(tocsin_incident *incident, const char *id) {
    char cut[sizeof incident->clauses[0]] = {0}; /* every byte of it is stored */
    tocsin__copy_cut(cut, sizeof cut, id, strlen(id));
    for (uint32_t i = 0; i < incident->clause_count; i++) {
        if (!strcmp(incident->clauses[i], cut)) return;
    }
    if (incident->clause_count < TOCSIN_INCIDENT_CLAUSES)
        memcpy(incident->clauses[incident->clause_count++], cut, sizeof cut);
}

int tocsin__incident_take_tier(tocsin_incident *incident, int32_t tier, const char *id) {
    const int first = !incident->tier_id[0];
    if (!first && tier <= incident->tier) return 0;
    incident->tier = tier;
    tocsin__copy_cut(incident->tier_id, sizeof incident->tier_id, id, strlen(id));
    return !first;
}

void tocsin__incident_raise(tocsin_incident *incident, tocsin_attention attention, tocsin_raised_by why, int64_t time) {
    if (attention <= incident->attention) return;
    incident->attention = attention;
    incident->raised_by = why;
    incident->raised_time = time;
}

void tocsin__incident_add_reach(tocsin_incident *incident, uint64_t more) {
    incident->reach = incident->reach > UINT64_MAX - more ? UINT64_MAX : incident->reach + more;
}

void tocsin__incident_reach_to(tocsin_incident *incident, int64_t first, int64_t last) {
    if (first == TOCSIN_TIME_UNKNOWN) return;
    if (first < incident->first_time || incident->first_time == TOCSIN_TIME_UNKNOWN) incident->first_time = first;
    if (last > incident->last_time) incident->last_time = last;
}
