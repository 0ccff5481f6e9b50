#ifndef TOCSIN_TOOLS_DESK_SPLIT_H
#define TOCSIN_TOOLS_DESK_SPLIT_H

/* Makes a separate incident from posts that the tracker joined with others by mistake. */

#include "store/desk_store.h"

/*
 * Call it within a transaction. posts: ids of the feed, separated by newlines, of one incident and not all of its
 * posts. *made is the new incident, *from the old one. Later posts that are more like those of *made go there.
 */
desk_result desk_split_posts(database *db, int64_t shown, const char *posts, int64_t *made, int64_t *from);

/*
 * For an incident from which posts were split off: tier, clauses and times of its remaining posts; ?1 is the incident.
 */
extern const char desk_split_facts[];

#endif
