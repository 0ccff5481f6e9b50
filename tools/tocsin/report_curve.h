#ifndef TOCSIN_TOOLS_REPORT_CURVE_H
#define TOCSIN_TOOLS_REPORT_CURVE_H

/* Curves as SVG, with axis, values and legend; readable on a phone and on paper. */

#include "store/incident_query.h"
#include "tocsin/report_words.h"

#define CURVE_NARROW 320 /* the width of a phone, and half the width of a sheet of paper: text stays readable */
#define CURVE_WIDE 720

/* One picture. */
typedef struct curve_look {
    int width;
    const char *class_name; /* "", or ' class="…"' */
    int is_numbered;        /* each event by its number in the list; otherwise when tier or attention rose */
} curve_look;

/* The picture alone of curve_append_incident; nothing for an incident without a post whose time is known. */
void curve_append_hours(tocsin_buffer *out, const report_data *data, const report_incident *incident,
                        report_language language, const curve_look *look);

/*
 * For an incident that has a picture: returns the span of a bar in a picture of that width, and appends the time that
 * the picture covers.
 */
const char *curve_unit(const report_data *data, const report_incident *incident, report_language language, int width);
void curve_append_period(tocsin_buffer *out, const report_data *data, const report_incident *incident);

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
