#ifndef TOCSIN_TOOLS_FEED_ROTATION_H
#define TOCSIN_TOOLS_FEED_ROTATION_H

/* Where the files of a feed are that were renamed or copied while nobody looked. Paths are the caller's, for tool_free.
 */

#include "feed/feed_place.h"

/* The path of the place's file, under any name in the folder of path, and the file open; NULL: it is not there. */
char *rotation_find(const char *path, const follow_place *place, int *fd);

/* The same of a copy of it, whose name begins as that of path and which is no shorter than what was read. */
char *rotation_find_copy(const char *path, const follow_place *place, int *fd);

/*
 * When path was renamed to old and others after it to names of the same series (path.2 and path.1, or path-20260102 and
 * path-20260103): the path of the one that came next after old; NULL: none did, and path itself is next.
 */
char *rotation_next(const char *path, const char *old);

#endif
