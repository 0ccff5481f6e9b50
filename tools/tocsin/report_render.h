#ifndef TOCSIN_TOOLS_REPORT_RENDER_H
#define TOCSIN_TOOLS_REPORT_RENDER_H

/* Pages of what a database holds. Nothing in them is fetched from anywhere. */

#include "store/incident_query.h"
#include "tocsin/report_words.h"

/*
 * The page of a duty hour: what is new, the incidents that need attention as cards, the others in a line each. With an
 * appendix: documents by the day, and each incident in full.
 */
void report_render_day(tocsin_buffer *out, const report_data *data, int appendix, report_language language);
void report_render_appendix(tocsin_buffer *out, const report_data *data, report_language language);

/* The section of one incident. */
void report_render_incident(tocsin_buffer *out, const report_data *data, const report_incident *incident,
                            report_language language);

/* Handling sheets, one a page of A4; or one after the other as Markdown, or as an array of JSON. */
void sheet_render_html(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_markdown(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_json(tocsin_buffer *out, const report_data *data);

/* Begins a page: head, styles, the language of the reader; and ends its <main>, with the script that sorts tables. */
void report_render_head(tocsin_buffer *out, const char *title, report_language language);
void report_render_end(tocsin_buffer *out);

/* A link to an incident where it is on the page, or else its number alone. */
void report_link_append(tocsin_buffer *out, const report_data *data, int64_t id, const char *number);

/* What is to be done next, by the plan's first principle: verify, and say early what is true. */
void report_step_append(tocsin_buffer *out, const report_incident *incident, report_language language);

/* What the sheet calls a field; the field itself when it has none of that name. */
const char *sheet_field_name(const char *field, report_language language);

/* Until when what is to be done, and whether it was. */
void deadline_append(tocsin_buffer *out, const report_deadline *deadline, report_language language);

#endif
