#ifndef TOCSIN_TOOLS_DESK_SPLIT_H
#define TOCSIN_TOOLS_DESK_SPLIT_H

/* Posts that the tracker took for one matter, and people do not: they become an incident of their own. */

#include "store/desk_store.h"

/*
 * Within a transaction. posts: ids of the feed, parted by newlines, of one incident and not all of it. *made is the
 * new incident, *from the one that they were of. Posts that come later and read more like those of *made go there.
 */
desk_result desk_split_posts(database *db, int64_t shown, const char *posts, int64_t *made, int64_t *from);

/* Of an incident out of which posts were split: tier, clauses and times are those of the posts that it has; ?1 is it.
 */
extern const char desk_split_facts[];

#endif
