#ifndef TOCSIN_TOOLS_SERVE_PAGES_H
#define TOCSIN_TOOLS_SERVE_PAGES_H

/* The pages. Each writes the body of the answer; the database of the page is open. */

#include "serve/serve_page.h"
#include "store/incident_query.h"

/* What is to be done now: new, escalated, returned, refuted, overdue, and the rest that is open. */
void serve_today(serve_page *page);

/* One incident, and what can be decided of it. */
void serve_incident(serve_page *page, int64_t incident);

/* Its handling sheet: to fill in, with its history, and to print. */
void serve_sheet(serve_page *page, int64_t incident);

void serve_search(serve_page *page);

/* The plan that grades, and how often people agreed with it. */
void serve_plan(serve_page *page);

/* Forms: a decision of an incident; fields of its sheet. The database is open to write. */
void serve_decide(serve_page *page, int64_t incident);
void serve_fill(serve_page *page, int64_t incident);

/* To log in and out; without the database. */
void serve_login(serve_page *page);
void serve_take_login(serve_page *page);

/* The course of an incident by the hour, with marks where something happened. */
void serve_curve(serve_page *page, int64_t incident);

/* The incident as it is shown, into cells that the caller frees with serve_free_cells; 0 after a page that says so. */
int serve_find(serve_page *page, int64_t incident, char **cells);
void serve_free_cells(char **cells);

/* The incident as a report has it, for report_data_release; 0 when there is none. */
int serve_read_report(serve_page *page, int64_t incident, report_data *data);

/* Until when what is due, a line each. */
void serve_put_deadlines(serve_page *page, const report_incident *incident);

/* The number of the last action of any incident. */
int64_t serve_last_action(serve_page *page);

/*
 * Adds an action. *problem is NULL when it is there, otherwise the caller's, to be freed; also for a form that was sent
 * before with something else in it.
 */
desk_result serve_add(serve_page *page, const desk_action *action, char **problem);

/* The page for an action that was not done. */
void serve_refuse(serve_page *page, desk_result result, const char *problem);

/* A name of a field of the sheet. */
const char *serve_field_label(const serve_page *page, const char *field);

#endif
