#ifndef TOCSIN_TOOLS_REPORT_CURVE_H
#define TOCSIN_TOOLS_REPORT_CURVE_H

/* Curves as SVG, with axis, values and legend; readable on a phone and on paper. */

#include "store/incident_query.h"
#include "tocsin/report_words.h"

/*
 * Posts of an incident by the hour, or by several hours if there are many, and the times when its tier or attention
 * rose.
 */
void curve_append_incident(tocsin_buffer *out, const report_data *data, const report_incident *incident,
                           report_language language);

/* Graded documents by day, the tiers stacked; documents without a tier are left out. */
void curve_append_days(tocsin_buffer *out, const report_data *data, report_language language);

/* The class of a tier's colour: r0 for the highest, r1 for the next, … r4. */
int tier_rank(const report_data *data, int64_t tier);

/* Appends the name of a tier in its colour. */
void tier_append(tocsin_buffer *out, const report_data *data, int64_t tier, const char *tier_id);

#endif
