#ifndef TOCSIN_TOOLS_REPORT_RENDER_H
#define TOCSIN_TOOLS_REPORT_RENDER_H

/* Pages about the content of a database. They load nothing from anywhere. */

#include "store/incident_query.h"
#include "tocsin/report_words.h"

/*
 * The page of a duty hour: new events, the incidents that need attention as cards, the others with one line each. With
 * an appendix: documents by day, and each incident in full.
 */
void report_render_day(tocsin_buffer *out, const report_data *data, int appendix, report_language language);
void report_render_appendix(tocsin_buffer *out, const report_data *data, report_language language);

/* The section of one incident. */
void report_render_incident(tocsin_buffer *out, const report_data *data, const report_incident *incident,
                            report_language language);

/* Handling sheets, one for each A4 page; or one after the other as Markdown, or as a JSON array. */
void sheet_render_html(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_markdown(tocsin_buffer *out, const report_data *data, report_language language);
void sheet_render_json(tocsin_buffer *out, const report_data *data);

/* Begins a page: head, styles, the language of the reader; and ends its <main>, with the script that sorts tables. */
void report_render_head(tocsin_buffer *out, const char *title, report_language language);
void report_render_end(tocsin_buffer *out);

/* A link to an incident if it is on the page; otherwise only its number. */
void report_link_append(tocsin_buffer *out, const report_data *data, int64_t id, const char *number);

/* The next step, by the plan's first principle: verify, and publish the facts early. */
void report_step_append(tocsin_buffer *out, const report_incident *incident, report_language language);

/* The sheet's label for a field; the field's own name if it has none. */
const char *sheet_field_name(const char *field, report_language language);

/* A deadline, and whether it was met. */
void deadline_append(tocsin_buffer *out, const report_deadline *deadline, report_language language);

#endif
