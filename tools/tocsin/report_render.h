#ifndef TOCSIN_TOOLS_REPORT_RENDER_H
#define TOCSIN_TOOLS_REPORT_RENDER_H

/* Pages of what a database holds. Nothing in them is fetched from anywhere. */

#include "store/incident_query.h"
#include "tocsin/report_words.h"

/* The whole report: what there is, and each incident. */
void report_render_page(tocsin_buffer *out, const report_data *data, report_language language);

/* The section of one incident. */
void report_render_incident(tocsin_buffer *out, const report_data *data, const report_incident *incident,
                            report_language language);

/* Handling sheets, one a page of A4; or one after the other as Markdown, or as an array of JSON. */
void sheet_render_html(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_markdown(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_json(tocsin_buffer *out, const report_data *data);

/* Begins a page: head, styles, the language of the reader. */
void report_render_head(tocsin_buffer *out, const char *title, report_language language);

#endif
