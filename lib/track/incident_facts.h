#ifndef TOCSIN_TRACK_INCIDENT_FACTS_H
#define TOCSIN_TRACK_INCIDENT_FACTS_H

/*
 * What is told of an incident only grows: tier, clauses, attention, reach and span. A post adds to it by these
 * functions, and so does another incident that becomes a part of it.
 */

#include <tocsin/track.h>

/* id is cut where it is longer than what is kept. */
void tocsin__incident_add_clause(tocsin_incident *incident, const char *id);

/* Takes a tier that is higher, or the first one. Whether one that was there rose. */
int tocsin__incident_take_tier(tocsin_incident *incident, int32_t tier, const char *id);

void tocsin__incident_raise(tocsin_incident *incident, tocsin_attention attention, tocsin_raised_by why, int64_t time);
void tocsin__incident_add_reach(tocsin_incident *incident, uint64_t more);

/* Its posts reach from one time to the other; TOCSIN_TIME_UNKNOWN changes nothing. */
void tocsin__incident_reach_to(tocsin_incident *incident, int64_t first, int64_t last);

#endif
