#ifndef TOCSIN_TOOLS_FEED_PLACE_H
#define TOCSIN_TOOLS_FEED_PLACE_H

/* How far a file was read, and the data by which it is recognised. */

#include <stdint.h>
#include <sys/stat.h>

typedef struct follow_place {
    int64_t device, inode;
    uint64_t offset; /* bytes of complete lines; for a file that is read as a whole 0, and its size after it was read */
    uint64_t lines;
    char head[128]; /* the data for recognition, as text: place_facts */
} follow_place;

/* The content of follow_place.head. */
typedef struct place_facts {
    uint32_t head_length, tail_length; /* bytes hashed: of its beginning, and before the end of the known part */
    uint64_t head_hash, tail_hash;
    uint64_t pending; /* bytes after offset that were taken as a line without an end */
    uint64_t taken;   /* the number of the line after offset up to which lines were taken; 0: none */
    uint64_t round;   /* earlier files of the feed's name */
} place_facts;

place_facts place_read(const follow_place *place);
void place_write(follow_place *place, const place_facts *facts);

/*
 * Stores what identifies the open file after `known` bytes were read, and that no later line was taken. The rest of the
 * facts stays.
 */
void place_remember(follow_place *place, int fd, uint64_t known);

/* Whether the open file equals the file of the place, as far as that was read. */
int place_agrees(const follow_place *place, int fd);

/*
 * The same for a file that may have any name: the known part must be long enough that two files hardly agree by chance.
 */
int place_agrees_surely(const follow_place *place, int fd);

int place_is_inode(const follow_place *place, const struct stat *about);

#endif
