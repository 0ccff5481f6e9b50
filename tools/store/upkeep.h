#ifndef TOCSIN_TOOLS_UPKEEP_H
#define TOCSIN_TOOLS_UPKEEP_H

/* Keeps a database small, and copies it. */

#include <stdint.h>

#include "store/database.h"

/*
 * Removes incidents whose last post is before a time (milliseconds), with all data that only they use, except people's
 * decisions, and hourly counts before that time; in small transactions, beside a watcher. *incidents counts them.
 */
int upkeep_prune(database *db, int64_t before, int64_t *incidents);

/* The latest time of a document; TOCSIN_TIME_UNKNOWN if there is none. */
int64_t upkeep_now(database *db);

/* Writes a copy of the database at one moment to a file that must not exist. */
int upkeep_copy(database *db, const char *path);

#endif
