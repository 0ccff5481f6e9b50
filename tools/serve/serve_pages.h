#ifndef TOCSIN_TOOLS_SERVE_PAGES_H
#define TOCSIN_TOOLS_SERVE_PAGES_H

/* The pages. Each writes the body of the answer; the database of the page is open. */

#include "serve/serve_page.h"
#include "store/incident_query.h"

/* What must be done now: new, escalated, returned, refuted and overdue incidents, and the other open ones. */
void serve_today(serve_page *page);

/* One incident and the possible decisions about it. */
void serve_incident(serve_page *page, int64_t incident);

/* Its handling sheet: to fill in, with its history, and to print. */
void serve_sheet(serve_page *page, int64_t incident);

void serve_search(serve_page *page);

/* The plan in use, and how often people agreed with it. */
void serve_plan(serve_page *page);

/* Forms: a decision about an incident; fields of its sheet. The database is open for writing. */
void serve_decide(serve_page *page, int64_t incident);
void serve_fill(serve_page *page, int64_t incident);

/* Login and logout, without the database. */
void serve_login(serve_page *page);
void serve_take_login(serve_page *page);

/*
 * Reads the incident as it is shown into cells, which the caller frees with serve_free_cells; 0 after a page that
 * reports that there is none.
 */
int serve_find(serve_page *page, int64_t incident, char **cells);
void serve_free_cells(char **cells);

/* Reads the incident as a report has it, for report_data_release; 0 if there is none. */
int serve_read_report(serve_page *page, int64_t incident, report_data *data);

/* Lists the deadlines, one a line. */
void serve_put_deadlines(serve_page *page, const report_incident *incident);

/* The number of the last action on any incident. */
int64_t serve_last_action(serve_page *page);

/*
 * Adds an action. On success *problem is NULL; otherwise, also if the form was sent before with other content, the
 * caller frees it.
 */
desk_result serve_add(serve_page *page, const desk_action *action, char **problem);

/* Answers with the page for an action that was not carried out. */
void serve_refuse(serve_page *page, desk_result result, const char *problem);

/* The label of a field of the sheet. */
const char *serve_field_label(const serve_page *page, const char *field);

#endif
