#ifndef TOCSIN_TRACK_INCIDENT_FACTS_H
#define TOCSIN_TRACK_INCIDENT_FACTS_H

/*
 * The facts of an incident only grow: tier, clauses, attention, reach and span. A post adds to them by these functions,
 * and so does another incident that is merged into it.
 */

#include <tocsin/track.h>

/* An id that is too long is cut. */
void tocsin__incident_add_clause(tocsin_incident *incident, const char *id);

/* Takes a tier that is higher, or the first one. Returns whether an earlier tier rose. */
int tocsin__incident_take_tier(tocsin_incident *incident, int32_t tier, const char *id);

void tocsin__incident_raise(tocsin_incident *incident, tocsin_attention attention, tocsin_raised_by why, int64_t time);
void tocsin__incident_add_reach(tocsin_incident *incident, uint64_t more);

/* Extends the span of its posts to these times; TOCSIN_TIME_UNKNOWN changes nothing. */
void tocsin__incident_reach_to(tocsin_incident *incident, int64_t first, int64_t last);

#endif
