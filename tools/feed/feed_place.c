/*
 * A file is recognised by a hash of its first bytes and a hash of the bytes before the place that was reached. Its
 * inode only says where to look first: a file that is written anew keeps its inode, and a copy has another one.
 */
#define _XOPEN_SOURCE 700 /* pread */

#include "feed/feed_place.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "feed/tool_hash.h"

#define MARK_BYTES 256u
#define SURE_BYTES 16u

/* Reads a number after a sign, as LENGTH in LENGTH-HASH; moves *at past it. */
static uint64_t take_number(const char **at, int base) {
    char *end = NULL;
    const uint64_t number = strtoull(*at, &end, base);
    *at = end;
    return number;
}

place_facts place_read(const follow_place *place) {
    place_facts facts = {0};
    const char *at = place->head;
    if (*at >= '0' && *at <= '9') {
        facts.head_length = (uint32_t)take_number(&at, 10);
        if (*at == '-') at++, facts.head_hash = take_number(&at, 16);
    }
    for (char sign = *at; sign; sign = *at) {
        at++;
        if (sign == '/') {
            facts.tail_length = (uint32_t)take_number(&at, 10);
            if (*at == '-') at++, facts.tail_hash = take_number(&at, 16);
        } else if (sign == '+') {
            facts.pending = take_number(&at, 10);
        } else if (sign == '=') {
            facts.taken = take_number(&at, 10);
        } else if (sign == '#') {
            facts.round = take_number(&at, 10);
        }
    }
    return facts;
}

void place_write(follow_place *place, const place_facts *facts) {
    char *out = place->head;
    size_t room = sizeof place->head;
    int n = snprintf(out, room, "%" PRIu32 "-%016" PRIx64, facts->head_length, facts->head_hash);
    out += n, room -= (size_t)n;
    if (facts->tail_length) {
        n = snprintf(out, room, "/%" PRIu32 "-%016" PRIx64, facts->tail_length, facts->tail_hash);
        out += n, room -= (size_t)n;
    }
    if (facts->pending) {
        n = snprintf(out, room, "+%" PRIu64, facts->pending);
        out += n, room -= (size_t)n;
    }
    if (facts->taken) {
        n = snprintf(out, room, "=%" PRIu64, facts->taken);
        out += n, room -= (size_t)n;
    }
    if (facts->round) (void)snprintf(out, room, "#%" PRIu64, facts->round);
}

/* 0 if the bytes are not there. */
static int hash_bytes(int fd, uint64_t from, uint32_t length, uint64_t *hash) {
    unsigned char bytes[MARK_BYTES];
    if (length > MARK_BYTES || pread(fd, bytes, length, (off_t)from) != (ssize_t)length) return 0;
    *hash = tool_hash(bytes, length, 0);
    return 1;
}

void place_remember(follow_place *place, int fd, uint64_t known) {
    place_facts facts = place_read(place);
    facts.head_length = known < MARK_BYTES ? (uint32_t)known : MARK_BYTES;
    facts.tail_length = place->offset && known > MARK_BYTES ? MARK_BYTES : 0;
    facts.taken = 0;
    if (!hash_bytes(fd, 0, facts.head_length, &facts.head_hash)) facts.head_length = 0;
    if (!hash_bytes(fd, known - facts.tail_length, facts.tail_length, &facts.tail_hash)) facts.tail_length = 0;
    place_write(place, &facts);
}

int place_agrees(const follow_place *place, int fd) {
    const place_facts facts = place_read(place);
    struct stat about;
    uint64_t hash;
    if (fstat(fd, &about)) return 0;
    /* Offset 1 without a head comes from a file that version 0.1 read as a whole. */
    if ((uint64_t)about.st_size < place->offset && place->head[0]) return 0;
    if (!hash_bytes(fd, 0, facts.head_length, &hash) || (facts.head_length && hash != facts.head_hash)) return 0;
    if (!facts.tail_length) return 1;
    return hash_bytes(fd, place->offset - facts.tail_length, facts.tail_length, &hash) && hash == facts.tail_hash;
}

int place_agrees_surely(const follow_place *place, int fd) {
    return place->offset && place_read(place).head_length >= SURE_BYTES && place_agrees(place, fd);
}

int place_is_inode(const follow_place *place, const struct stat *about) {
    return place->inode && (int64_t)about->st_dev == place->device && (int64_t)about->st_ino == place->inode;
}
