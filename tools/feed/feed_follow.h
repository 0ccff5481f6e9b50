#ifndef TOCSIN_TOOLS_FEED_FOLLOW_H
#define TOCSIN_TOOLS_FEED_FOLLOW_H

/*
 * A feed that is read on and on: a file that others write to, with what it was renamed to when another one took its
 * name; a compressed file or standard input, up to its end; or a folder into which whole files are put.
 */

#include "feed/line_reader.h"

/* Where reading a file goes on. */
typedef struct follow_place {
    int64_t device, inode;
    uint64_t offset; /* bytes, of whole lines; 0 for what is read by lines */
    uint64_t lines;
    char head[32]; /* hash of what the file begins with, to know it again */
} follow_place;

typedef struct feed_follow feed_follow;

typedef enum follow_status {
    FOLLOW_READY, /* the batch has lines, or none at the end of what was read at once */
    FOLLOW_IDLE,  /* there is nothing at the moment */
    FOLLOW_ENDED, /* and there will be nothing any more */
    FOLLOW_FAILED /* feed_follow_problem; the next call tries again, or goes on with the next file */
} follow_status;

/* What is known of a file by its name; 0 when nothing is. Called with the names that feed_follow_name gives. */
typedef int (*follow_recall)(void *context, const char *name, follow_place *place);

/* path and options are borrowed until the end. once: what is there is all, no later line is waited for. */
feed_follow *feed_follow_open(const char *path, const input_options *options, int once, follow_recall recall,
                              void *context);
void feed_follow_close(feed_follow *feed);

/* The next lines. Numbers of lines count from the beginning of the file. */
follow_status feed_follow_next(feed_follow *feed, line_batch *batch);

/* The file that the last batch or problem is of: the path, or in a folder the path of a file in it. */
const char *feed_follow_name(const feed_follow *feed);

/*
 * Where to go on when the last batch has been taken. 0: not known in the middle of what was read at once; or the feed
 * cannot be found again, as standard input cannot.
 */
int feed_follow_place(const feed_follow *feed, follow_place *place);

/* Whether what was read at once has been handed out: time to turn to another feed. */
int feed_follow_settled(const feed_follow *feed);

const char *feed_follow_problem(const feed_follow *feed);

/* What the watcher should tell: that a file was cut short, or is gone. NULL: nothing; each once. */
const char *feed_follow_notice(feed_follow *feed);

#endif
