#ifndef TOCSIN_TOOLS_FEED_ROTATION_H
#define TOCSIN_TOOLS_FEED_ROTATION_H

/*
 * Finds the files of a feed that were renamed or copied while no program watched. The caller frees paths with
 * tool_free.
 */

#include "feed/feed_place.h"

/* The path of the place's file, under any name in the folder of path, and the open file; NULL: it is not there. */
char *rotation_find(const char *path, const follow_place *place, int *fd);

/*
 * The same for a copy of it, whose name begins like that of path and which is at least as long as the part that was
 * read.
 */
char *rotation_find_copy(const char *path, const follow_place *place, int *fd);

/*
 * If path was renamed to old, and later files to names of the same series (path.2 and path.1, or path-20260102 and
 * path-20260103): the path of the file that came directly after old; NULL: there is none, and path itself is next.
 */
char *rotation_next(const char *path, const char *old);

#endif
