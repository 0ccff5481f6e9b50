#ifndef TOCSIN_TOOLS_FEED_FOLLOW_H
#define TOCSIN_TOOLS_FEED_FOLLOW_H

/*
 * Reads a feed as it grows: a file that other programs write to, also after it was renamed and another file took its
 * name; a compressed file or standard input, to its end; or a folder whose files appear, grow and are replaced.
 */

#include "feed/feed_folder.h"
#include "feed/feed_place.h"
#include "feed/line_reader.h"

typedef struct feed_follow feed_follow;

typedef enum follow_status {
    FOLLOW_READY,   /* the batch has lines, or none at the end of a file that was read as a whole */
    FOLLOW_IDLE,    /* there is nothing at the moment */
    FOLLOW_ENDED,   /* and there will never be more */
    FOLLOW_SKIPPED, /* feed_follow_problem: a file is left as it is until it changes; the next call goes on */
    FOLLOW_FAILED   /* feed_follow_problem; the next call tries again */
} follow_status;

typedef struct follow_options {
    const input_options *input;
    int once;           /* read only what is there and wait for no later lines */
    feed_format format; /* of all files; FEED_AUTO: it is detected */
    const feed_names *names;
    const char *patterns; /* of names in a folder, see feed_folder_open */
    follow_recall recall;
    void *context;
} follow_options;

/* path and the strings in options are borrowed until feed_follow_close. */
feed_follow *feed_follow_open(const char *path, const follow_options *options);
void feed_follow_close(feed_follow *feed);

int feed_follow_is_folder(const feed_follow *feed);

/* The next lines, rows or elements. Numbers of lines count from the beginning of the file. */
follow_status feed_follow_next(feed_follow *feed, line_batch *batch);

/* The file of the last batch or problem: the path, or in a folder the path of a file in it. */
const char *feed_follow_name(const feed_follow *feed);

/* The same as an absolute path, under which its place is stored. */
const char *feed_follow_key(const feed_follow *feed);

/* The number of earlier files of this name. */
uint64_t feed_follow_round(const feed_follow *feed);

/*
 * Where to go on after the last batch. 0: unknown in the middle of a file that is read as a whole; or the feed cannot
 * be found again, as standard input cannot.
 */
int feed_follow_place(const feed_follow *feed, follow_place *place);

/*
 * Where to go on after the last batch was taken up to one of its lines, in the middle of a file that is read as a
 * whole.
 */
int feed_follow_place_after(const feed_follow *feed, const line_batch *batch, size_t line, follow_place *place);

const char *feed_follow_problem(const feed_follow *feed);

/* A message for the user: a file was cut short, or is gone. NULL: none; each message is given once. */
const char *feed_follow_notice(feed_follow *feed);

/* How often a file was gone or written anew before it was certainly read to its end. */
uint64_t feed_follow_lost(const feed_follow *feed);

#endif
