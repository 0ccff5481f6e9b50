#ifndef TOCSIN_TOOLS_EXPLAIN_INCIDENT_H
#define TOCSIN_TOOLS_EXPLAIN_INCIDENT_H

/* Which incident of a watcher's database a document would join, and why. */

#include <tocsin/tocsin.h>

/* Appends a line for people or, for json, a member of an object, `,"incident":{…}`; 0 after a message. */
int explain_incident(const char *database, const tocsin_document *document, const tocsin_verdict *verdict, int json,
                     tocsin_buffer *out);

#endif
