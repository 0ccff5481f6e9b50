/* A time of quiet around its posts belongs to the span of an incident: it is over only after that. */
#include "track/incident_span.h"

#include "track/tracker_internal.h"

tocsin__when tocsin__tracker_when(const tocsin_tracker *t, const tocsin_incident *incident, int64_t time) {
    if (time == TOCSIN_TIME_UNKNOWN || incident->last_time == TOCSIN_TIME_UNKNOWN) return TOCSIN__WHEN_COVERED;
    if (tocsin__time_gap(incident->last_time, time) > t->options.quiet_ms) return TOCSIN__WHEN_OVER;
    return tocsin__time_gap(time, incident->first_time) > t->options.quiet_ms ? TOCSIN__WHEN_BEFORE
                                                                              : TOCSIN__WHEN_COVERED;
}

tocsin__when tocsin__tracker_when_of(const tocsin_tracker *t, const tocsin_incident *incident,
                                     const tocsin__moment *now) {
    const int live = incident->last_time != TOCSIN_TIME_UNKNOWN && t->clock.now != TOCSIN_TIME_UNKNOWN &&
                     tocsin__time_gap(incident->last_time, t->clock.now) <= t->options.quiet_ms;
    if (now->replaced && live) return TOCSIN__WHEN_COVERED;
    const tocsin__when state = tocsin__tracker_when(t, incident, now->time);
    if (state != TOCSIN__WHEN_OVER) return state;
    const int64_t gap = tocsin__time_gap(incident->last_time, now->time);
    return gap > t->options.remember_ms ? TOCSIN__WHEN_BEFORE : TOCSIN__WHEN_OVER;
}
