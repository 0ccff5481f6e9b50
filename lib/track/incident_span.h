#ifndef TOCSIN_TRACK_INCIDENT_SPAN_H
#define TOCSIN_TRACK_INCIDENT_SPAN_H

/* Whether the span of an incident's posts covers a time. */

#include <stdint.h>

#include <tocsin/track.h>

/*
 * The relation of an incident to a time: it covers it, also within a time of quiet around its posts; or it was over
 * before, or began after.
 */
typedef enum tocsin__when {
    TOCSIN__WHEN_COVERED,
    TOCSIN__WHEN_OVER,
    TOCSIN__WHEN_BEFORE
} tocsin__when;

tocsin__when tocsin__tracker_when(const tocsin_tracker *tracker, const tocsin_incident *incident, int64_t time);

/* The time that counts for a document. */
typedef struct tocsin__moment {
    int64_t time;
    int replaced; /* it is not the document's own time */
    int follows;  /* the document comes so soon after the end of its incident that the incident goes on */
} tocsin__moment;

/* The relation of the incident to the document's time; TOCSIN__WHEN_BEFORE also if it was evicted. */
tocsin__when tocsin__tracker_when_of(const tocsin_tracker *tracker, const tocsin_incident *incident,
                                     const tocsin__moment *now);

#endif
