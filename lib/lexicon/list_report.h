#ifndef TOCSIN_LEXICON_LIST_REPORT_H
#define TOCSIN_LEXICON_LIST_REPORT_H

/* Problems of lists, each reported once and counted, and notes for lint. */

#include "base/vec.h"
#include "lexicon/lexicon.h"

typedef struct tocsin__list_reports {
    tocsin_diagnostics *diagnostics; /* may be NULL */
    tocsin__arena *arena;            /* of the notes */
    TOCSIN_VEC(tocsin__list_note) notes;
    size_t notes_dropped;
    size_t errors;
    size_t mistakes; /* errors; those of a list that is read again count again */
    size_t remarks;  /* everything that was reported or noted, also while a list is read again */
    int again;       /* the list was read before, for another topic: report nothing twice */
} tocsin__list_reports;

/* tocsin__diagnose for a list; Counts errors. While a list is read again it only counts them and reports nothing. */
__attribute__((format(printf, 5, 6))) tocsin_status tocsin__list_report(tocsin__list_reports *reports,
                                                                        tocsin_severity severity, const char *code,
                                                                        tocsin__place place, const char *format, ...);

/* Keeps a note for lint. */
__attribute__((format(printf, 4, 5))) tocsin_status tocsin__list_note_for_lint(tocsin__list_reports *reports,
                                                                               const char *code, tocsin__place place,
                                                                               const char *format, ...);

/* Reports that the limit of terms, or of something else, was reached, also while a list is read again. */
tocsin_status tocsin__list_report_full(tocsin__list_reports *reports, tocsin__place place, uint32_t limit,
                                       const char *what);

#endif
