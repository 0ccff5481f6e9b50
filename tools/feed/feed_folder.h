#ifndef TOCSIN_TOOLS_FEED_FOLDER_H
#define TOCSIN_TOOLS_FEED_FOLDER_H

/* Lists the files of a folder and finds those with unread data. */

#include "feed/feed_place.h"

typedef struct folder_file {
    char *name;         /* in the folder */
    follow_place place; /* how far it was read; inode 0: not read yet */
    struct stat read;   /* its state at the last reading; st_ino 0: not read yet */
    int has_rest;       /* it ends in a line without an end, which was not taken */
    double rest_since;  /* seconds of a monotonic clock */
    int present;        /* it was in the last listing of the folder */
} folder_file;

typedef struct feed_folder feed_folder;

/* The stored place of a file, by its path or, if path is NULL, by its inode; 0 if there is none. */
typedef int (*follow_recall)(void *context, const char *path, int64_t device, int64_t inode, follow_place *place);

/*
 * path is borrowed. patterns: shell patterns of file names, each with a NUL after it, ended by an empty one; NULL: all.
 */
feed_folder *feed_folder_open(const char *path, const char *patterns, follow_recall recall, void *context);
void feed_folder_close(feed_folder *folder);

/*
 * The next file that is new, has changed, or ends in a line without an end that is old enough (at once, with `once`);
 * NULL at the end of each round, with *error if the folder cannot be read. Rounds take at most a tenth of the time.
 */
folder_file *feed_folder_next(feed_folder *folder, int once, int *error);

/* Notes that the file ends in a line without an end, which was not taken yet. */
void feed_folder_rest(folder_file *file);

/* Whether a file name of the folder matches. */
int feed_folder_wants(const char *patterns, const char *name);

/*
 * A message for the user: a name is another name of a file that is already read. NULL: none; each message is given
 * once.
 */
const char *feed_folder_notice(feed_folder *folder);

#endif
