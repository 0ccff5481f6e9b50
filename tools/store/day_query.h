#ifndef TOCSIN_TOOLS_DAY_QUERY_H
#define TOCSIN_TOOLS_DAY_QUERY_H

/* Counts events of incidents between two times: the six figures of the report, the growing incidents, the deadlines. */

#include "store/database.h"
#include "store/incident_query.h"

/* Fills in figures and last_event of data, whose due_now, quiet_ms and period are set. */
void day_read_figures(database *db, report_data *data, const report_filter *filter);
void day_release_figures(report_data *data);

/*
 * The time against which deadlines are measured: wall-clock time, also while nothing is posted. If the feed is from
 * another time (its latest post is more than a day old, and was so when it was read): the time of the latest post.
 */
int64_t day_due_now(database *db, int64_t wall);

/* Reads the deadlines of an incident whose fields and state have already been read. */
void day_read_deadlines(database *db, report_incident *incident, int64_t due_now);

/* Counts posts of the last six clock hours, and of the six before them. */
void day_read_growth(database *db, report_incident *incident, int64_t now);

/* The last event and time that the last report with --since-last had read; 0 if there was none. */
int day_read_mark(database *db, int64_t *event, int64_t *time);

#endif
