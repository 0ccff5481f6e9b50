#ifndef TOCSIN_MATCH_FILTER_BUILD_H
#define TOCSIN_MATCH_FILTER_BUILD_H

/* The state of building a filter, for filter_build.c and filter_branches.c. */

#include "match/filter_frequency.h"
#include "match/filter_internal.h"

/* The window under which a literal is entered. */
typedef struct tocsin__filter_window {
    uint64_t key;
    uint16_t at;   /* units of the literal before it */
    uint16_t size; /* units, 1 to 3 */
    uint32_t slot; /* where the window stands */
} tocsin__filter_window;

struct tocsin__filter_spelling;

typedef struct tocsin__filter_build {
    tocsin__filter *filter; /* its tables are those below */
    uint32_t *one_bits, *words;
    unsigned most; /* units of the longest window */
    tocsin__filter_slot *slots;
    tocsin__filter_entry *entries;
    tocsin__filter_leaf *leaves;
    const tocsin__pattern *patterns;
    size_t count;
    const tocsin__frequency *frequency;
    tocsin__frequency *own_frequency; /* NULL: the caller's is used */
    tocsin__filter_window *windows;   /* by pattern */
    struct tocsin__filter_spelling *literal;
    size_t with[3]; /* windows of one, two and three units */
} tocsin__filter_build;

/*
 * filter_branches.c: sorts the leaves, which are in the order of their slots, and gives the slots their branches.
 * TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__filter_sort_branches(tocsin__filter_build *build);

#endif
