#ifndef TOCSIN_TOOLS_UPKEEP_H
#define TOCSIN_TOOLS_UPKEEP_H

/* What keeps a database small, and a copy of it. */

#include <stdint.h>

#include "store/database.h"

/*
 * Takes out incidents whose last post is before a time (milliseconds), with everything that is of them alone but what
 * people decided, and counts of hours before it; in small transactions, beside a watcher. *incidents counts them.
 */
int upkeep_prune(database *db, int64_t before, int64_t *incidents);

/* The latest time of a document; TOCSIN_TIME_UNKNOWN when there is none. */
int64_t upkeep_now(database *db);

/* Writes a copy, as it is at one moment, into a file that is not there yet. */
int upkeep_copy(database *db, const char *path);

#endif
