#ifndef TOCSIN_TOOLS_REPORT_WORDS_H
#define TOCSIN_TOOLS_REPORT_WORDS_H

/* The two languages of reports and sheets, with their forms of times and text. */

#include <stdint.h>

#include <tocsin/bytes.h>

typedef enum report_language {
    REPORT_CHINESE,
    REPORT_ENGLISH
} report_language;

/* One of two. */
static inline const char *say(report_language language, const char *chinese, const char *english) {
    return language == REPORT_CHINESE ? chinese : english;
}

const char *say_venue(report_language language, const char *venue);
const char *say_attention(report_language language, int64_t attention);

/* What raised it; "" if nothing did. */
const char *say_raised_by(report_language language, int64_t raised_by);

/* "words", "matter", "centroid": why a post joined its incident. */
const char *say_joined_by(report_language language, const char *name);

/* The detail of an event; name is the plan's name for it, or the detail itself. */
void event_append(tocsin_buffer *out, report_language language, const char *kind, const char *detail, const char *name);

/* Appends text to HTML: nothing in it becomes a tag, and characters that reorder or hide text are made visible. */
void html_append(tocsin_buffer *out, const char *text);

/* Appends 2026-11-26 14:51 in this machine's time zone; a dash if it is unknown. */
void time_append(tocsin_buffer *out, int64_t milliseconds);

/* The same in another form, one of strftime: "%m-%d %H:%M". */
void time_append_part(tocsin_buffer *out, int64_t milliseconds, const char *form);

/* Hours by which this machine's time zone is ahead of UTC at that time. */
int utc_offset_hours(int64_t milliseconds);

#endif
