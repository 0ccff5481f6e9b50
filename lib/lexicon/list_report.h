#ifndef TOCSIN_LEXICON_LIST_REPORT_H
#define TOCSIN_LEXICON_LIST_REPORT_H

/* What is wrong with lists: told once and counted, and notes for lint. */

#include "base/vec.h"
#include "lexicon/lexicon.h"

typedef struct tocsin__list_reports {
    tocsin_diagnostics *diagnostics; /* may be NULL */
    tocsin__arena *arena;            /* of the notes */
    TOCSIN_VEC(tocsin__list_note) notes;
    size_t notes_dropped;
    size_t errors;
    size_t mistakes; /* errors, those of a list that is read again counted again */
    int again;       /* the list was read before, for another topic: report nothing twice */
} tocsin__list_reports;

/* tocsin__diagnose for a list; errors are counted. Silent, but for the mistakes, while a list is read again. */
__attribute__((format(printf, 5, 6))) tocsin_status tocsin__list_report(tocsin__list_reports *reports,
                                                                        tocsin_severity severity, const char *code,
                                                                        tocsin__place place, const char *format, ...);

/* Keeps a note for lint. */
__attribute__((format(printf, 4, 5))) tocsin_status tocsin__list_note_for_lint(tocsin__list_reports *reports,
                                                                               const char *code, tocsin__place place,
                                                                               const char *format, ...);

/* Reports that the limit of terms, or of what else is said, was met, also while a list is read again. */
tocsin_status tocsin__list_report_full(tocsin__list_reports *reports, tocsin__place place, uint32_t limit,
                                       const char *what);

#endif
