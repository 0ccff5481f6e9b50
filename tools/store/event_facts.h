#ifndef TOCSIN_TOOLS_EVENT_FACTS_H
#define TOCSIN_TOOLS_EVENT_FACTS_H

/* The facts of an event from a watcher. */

#include <tocsin/document.h>
#include <tocsin/verdict.h>

typedef struct event_facts {
    int64_t incident;
    int64_t time; /* of the documents; TOCSIN_TIME_UNKNOWN */
    const char *kind, *detail;
    int64_t last_hour;               /* posts in the last hour of the incident */
    const tocsin_document *document; /* the document that caused it; already in the database. NULL: none */
    const tocsin_verdict *verdict;   /* of the document */
    const char *url;                 /* of the document; NULL: none */
} event_facts;

#endif
