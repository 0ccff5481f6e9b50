/*
 * A ring: an incident that is gone is recognised by its id, so its wordings are skipped until they are overwritten. The
 * wordings of one incident are linked by age. The oldest wording of the ring is the oldest of its incident, so only the
 * end of a chain is ever overwritten.
 */
#include "track/wordings.h"

#include <string.h>

#define NONE TOCSIN__NO_WORDING

tocsin_status tocsin__wordings_init(tocsin__wordings *w, const tocsin_allocator *allocator, uint32_t size) {
    w->ring = tocsin__allocate_zeroed(allocator, size * sizeof *w->ring);
    w->links = tocsin__allocate(allocator, size * sizeof *w->links);
    w->latest = tocsin__allocate(allocator, size * sizeof *w->latest);
    w->size = size;
    if (!w->ring || !w->links || !w->latest) return TOCSIN_ERROR_MEMORY;
    memset(w->latest, 0xFF, size * sizeof *w->latest);
    return TOCSIN_OK;
}

void tocsin__wordings_release(tocsin__wordings *w, const tocsin_allocator *allocator) {
    tocsin__deallocate(allocator, w->ring, w->size * sizeof *w->ring);
    tocsin__deallocate(allocator, w->links, w->size * sizeof *w->links);
    tocsin__deallocate(allocator, w->latest, w->size * sizeof *w->latest);
    *w = (tocsin__wordings){0};
}

void tocsin__wordings_link(tocsin__wordings *w, uint32_t place) {
    uint32_t *latest = &w->latest[w->ring[place].slot];
    w->links[place] = (tocsin__wording_links){*latest, NONE};
    if (*latest != NONE) w->links[*latest].later = place;
    *latest = place;
}

/* Takes the oldest wording out of its chain. */
static void unlink_oldest(tocsin__wordings *w, uint32_t place) {
    uint32_t *latest = &w->latest[w->ring[place].slot];
    const uint32_t later = w->links[place].later;
    if (later != NONE) w->links[later].earlier = NONE;
    if (*latest == place) *latest = NONE;
}

void tocsin__wordings_add(tocsin__wordings *w, tocsin__sketch_index *index, const tocsin__wording *wording) {
    if (w->count == w->size) unlink_oldest(w, w->next);
    w->ring[w->next] = *wording;
    tocsin__wordings_link(w, w->next);
    tocsin__sketch_index_put(index, w->size + w->next, &wording->sketch);
    w->next = (w->next + 1) % w->size;
    if (w->count < w->size) w->count++;
}

void tocsin__wordings_begin(tocsin__wordings *w, uint32_t slot) { w->latest[slot] = NONE; }

/* How many wordings were kept after this one. */
static uint32_t age(const tocsin__wordings *w, uint32_t place) { return (w->next + w->size - 1 - place) % w->size; }

/* Takes the later one of two wordings from its chain. */
static uint32_t take_later(const tocsin__wordings *w, uint32_t *one, uint32_t *other) {
    uint32_t *from = *other == NONE || (*one != NONE && age(w, *one) < age(w, *other)) ? one : other;
    const uint32_t taken = *from;
    *from = w->links[taken].earlier;
    return taken;
}

void tocsin__wordings_move(tocsin__wordings *w, uint32_t from, uint32_t to, uint64_t id) {
    uint32_t moved = w->latest[from], own = w->latest[to], later = NONE;
    for (uint32_t place = moved; place != NONE; place = w->links[place].earlier) {
        w->ring[place].incident = id;
        w->ring[place].slot = to;
    }
    w->latest[from] = w->latest[to] = NONE;
    while (moved != NONE || own != NONE) {
        const uint32_t place = take_later(w, &moved, &own);
        w->links[place] = (tocsin__wording_links){NONE, later};
        if (later == NONE) w->latest[to] = place;
        if (later != NONE) w->links[later].earlier = place;
        later = place;
    }
}
