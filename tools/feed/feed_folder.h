#ifndef TOCSIN_TOOLS_FEED_FOLDER_H
#define TOCSIN_TOOLS_FEED_FOLDER_H

/* The files of a folder, and which of them have something that was not read. */

#include "feed/feed_place.h"

typedef struct folder_file {
    char *name;         /* in the folder */
    follow_place place; /* how far it was read; its inode is 0 when it was not */
    struct stat read;   /* what it was when it was read last; st_ino 0: it was not */
    int has_rest;       /* it ends in a line without an end, which was not taken */
    double rest_since;  /* seconds of a clock that only goes forward */
    int present;        /* it was there when the folder was listed last */
} folder_file;

typedef struct feed_folder feed_folder;

/* What is known of a file by its path, or when path is NULL by its inode; 0 when nothing is. */
typedef int (*follow_recall)(void *context, const char *path, int64_t device, int64_t inode, follow_place *place);

/* path is borrowed. patterns: names that are looked at, as a shell has them, each ended by NUL, and an empty one; NULL:
 * all. */
feed_folder *feed_folder_open(const char *path, const char *patterns, follow_recall recall, void *context);
void feed_folder_close(feed_folder *folder);

/*
 * The next file that is new, has changed, or has a rest that has rested long enough (at once, when `once`); NULL at the
 * end of each look, and with *error when the folder cannot be read. Looks follow one another no faster than a tenth of
 * the time allows.
 */
folder_file *feed_folder_next(feed_folder *folder, int once, int *error);

/* The file ends in a line without an end, which is not taken yet. */
void feed_folder_rest(folder_file *file);

/* Whether a name of the folder is looked at. */
int feed_folder_wants(const char *patterns, const char *name);

/* What the caller should tell: that a name is another one of a file that is read already. NULL: nothing; each once. */
const char *feed_folder_notice(feed_folder *folder);

#endif
