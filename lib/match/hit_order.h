#ifndef TOCSIN_MATCH_HIT_ORDER_H
#define TOCSIN_MATCH_HIT_ORDER_H

/* The order in which occurrences are passed on: by start, longest first, then by pattern. */

#include "match/engine.h"

typedef TOCSIN_VEC(tocsin__hit) tocsin__hit_list;

/* Sorts; `room` grows to half as many as there are hits and is kept for the next time. TOCSIN_ERROR_MEMORY. */
tocsin_status tocsin__hits_sort(tocsin__hits *hits, tocsin__hit_list *room);

#endif
