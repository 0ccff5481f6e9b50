#ifndef TOCSIN_TOOLS_FEED_PLACE_H
#define TOCSIN_TOOLS_FEED_PLACE_H

/* How far a file was read, and how it is known again. */

#include <stdint.h>
#include <sys/stat.h>

typedef struct follow_place {
    int64_t device, inode;
    uint64_t offset; /* bytes, of whole lines; of a file that is read at once 0, and its size when it has been read */
    uint64_t lines;
    char head[128]; /* what the file is known by, as text: place_facts */
} follow_place;

/* What stands in follow_place.head. */
typedef struct place_facts {
    uint32_t head_length, tail_length; /* bytes: of its beginning, and of those before what is known of it */
    uint64_t head_hash, tail_hash;
    uint64_t pending; /* bytes behind offset that were taken as a line without an end */
    uint64_t taken;   /* the number of a line behind offset up to which they were taken; 0: none */
    uint64_t round;   /* files of the feed's name before this one */
} place_facts;

place_facts place_read(const follow_place *place);
void place_write(follow_place *place, const place_facts *facts);

/*
 * Notes by what the open file is known again, of which `known` bytes were read, and that no line behind them was taken.
 * The rest of the facts stays.
 */
void place_remember(follow_place *place, int fd, uint64_t known);

/* Whether the open file has, up to what is known of it, what the file of the place had. */
int place_agrees(const follow_place *place, int fd);

/* The same, where a name says nothing: enough is known that two files would hardly agree. */
int place_agrees_surely(const follow_place *place, int fd);

int place_is_inode(const follow_place *place, const struct stat *about);

#endif
