#ifndef TOCSIN_TOOLS_FEED_FOLLOW_H
#define TOCSIN_TOOLS_FEED_FOLLOW_H

/*
 * A feed that is read on and on: a file that others write to, with what it was renamed to when another one took its
 * name; a compressed file or standard input, up to its end; or a folder whose files come, grow and are replaced.
 */

#include "feed/feed_folder.h"
#include "feed/feed_place.h"
#include "feed/line_reader.h"

typedef struct feed_follow feed_follow;

typedef enum follow_status {
    FOLLOW_READY,   /* the batch has lines, or none at the end of what was read at once */
    FOLLOW_IDLE,    /* there is nothing at the moment */
    FOLLOW_ENDED,   /* and there will be nothing any more */
    FOLLOW_SKIPPED, /* feed_follow_problem: a file is left as it is until it changes; the next call goes on */
    FOLLOW_FAILED   /* feed_follow_problem; the next call tries again */
} follow_status;

typedef struct follow_options {
    const input_options *input;
    int once;           /* what is there is all, no later line is waited for */
    feed_format format; /* of all files; FEED_AUTO: it is found */
    const feed_names *names;
    const char *patterns; /* of names in a folder, see feed_folder_open */
    follow_recall recall;
    void *context;
} follow_options;

/* path and what options point to are borrowed until the end. */
feed_follow *feed_follow_open(const char *path, const follow_options *options);
void feed_follow_close(feed_follow *feed);

int feed_follow_is_folder(const feed_follow *feed);

/* The next lines, rows or elements. Numbers of lines count from the beginning of the file. */
follow_status feed_follow_next(feed_follow *feed, line_batch *batch);

/* The file that the last batch or problem is of: the path, or in a folder the path of a file in it. */
const char *feed_follow_name(const feed_follow *feed);

/* The same as the place of it is kept: from the root, whatever the path was given as. */
const char *feed_follow_key(const feed_follow *feed);

/* How many files of the name were before this one. */
uint64_t feed_follow_round(const feed_follow *feed);

/*
 * Where to go on when the last batch has been taken. 0: not known in the middle of what was read at once; or the feed
 * cannot be found again, as standard input cannot.
 */
int feed_follow_place(const feed_follow *feed, follow_place *place);

/*
 * Where to go on when the last batch has been taken up to a line of it, in the middle of what was read at once. 0: the
 * feed cannot be found again.
 */
int feed_follow_place_after(const feed_follow *feed, const line_batch *batch, size_t line, follow_place *place);

/* Whether what was read at once has been handed out: time to turn to another feed. */
int feed_follow_settled(const feed_follow *feed);

const char *feed_follow_problem(const feed_follow *feed);

/* What the watcher should tell: that a file was cut short, or is gone. NULL: nothing; each once. */
const char *feed_follow_notice(feed_follow *feed);

/* How often a file was gone or written anew before it was known to be read to its end. */
uint64_t feed_follow_lost(const feed_follow *feed);

#endif
