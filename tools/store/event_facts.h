#ifndef TOCSIN_TOOLS_EVENT_FACTS_H
#define TOCSIN_TOOLS_EVENT_FACTS_H

/* What a watcher says of an event. */

#include <tocsin/document.h>
#include <tocsin/verdict.h>

typedef struct event_facts {
    int64_t incident;
    int64_t time; /* of the documents; TOCSIN_TIME_UNKNOWN */
    const char *kind, *detail;
    int64_t last_hour;               /* posts of the hour before its latest one */
    const tocsin_document *document; /* that made it happen; it is in the database already. NULL: none */
    const tocsin_verdict *verdict;   /* of the document */
    const char *url;                 /* of the document; NULL: none */
} event_facts;

#endif
