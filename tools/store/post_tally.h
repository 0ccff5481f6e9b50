#ifndef TOCSIN_TOOLS_POST_TALLY_H
#define TOCSIN_TOOLS_POST_TALLY_H

/*
 * What posts add to counts of their incidents, summed before it is written: reposts add to the same hours, words,
 * places and routes again and again.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

#define POST_TALLY_ENTRIES 1024u
#define POST_TALLY_TEXTS 4

typedef enum post_tally_kind {
    POST_TALLY_HOUR,
    POST_TALLY_PLACE,
    POST_TALLY_ROUTE,
    POST_TALLY_VENUE, /* from here on, nothing that an event shows */
    POST_TALLY_WORD
} post_tally_kind;

/* The count of one row. Rows differ in kind, incident, hour, and all texts but the last one. */
typedef struct post_count {
    post_tally_kind kind;
    int64_t incident, hour, reach;
    int64_t posts; /* 0: written since */
    size_t at[POST_TALLY_TEXTS], length[POST_TALLY_TEXTS];
} post_count;

typedef struct post_tally {
    post_count counts[POST_TALLY_ENTRIES];
    uint32_t count;
    uint16_t places[2 * POST_TALLY_ENTRIES]; /* hash table: index of a count and 1; 0: none */
    tocsin_buffer texts;
} post_tally;

/* One post more, with texts of which POST_TALLY_TEXTS are copied. 0 if there is no room; nothing is added then. */
int post_tally_add(post_tally *tally, const post_count *row, const tocsin_bytes *texts);

/* A text of a count; lives until the next call of post_tally_add. */
tocsin_bytes post_tally_text(const post_tally *tally, const post_count *count, int text);

/* Forgets all counts. */
void post_tally_clear(post_tally *tally);

#endif
