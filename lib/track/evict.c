/*
 * Chooses what is evicted if there is no room: incidents that are over before ongoing ones, then those that are not
 * severe, then lower tiers, then lower attention, then those quiet for longest. A sixteenth is evicted at once, so that
 * a million different incidents cost one sort now and then, not one search each.
 */
#include "track/tracker_internal.h"

/* Whether a is evicted before b. */
static int goes_before(const tocsin_incident *a, const tocsin_incident *b) {
    if (a->over != b->over) return a->over > b->over;
    if (a->severe != b->severe) return a->severe < b->severe;
    if (a->tier != b->tier) return a->tier < b->tier;
    if (a->attention != b->attention) return a->attention < b->attention;
    if (a->last_time != b->last_time) return a->last_time < b->last_time;
    return a->id < b->id;
}

static const tocsin_incident *at(const tocsin_tracker *t, uint32_t slot) { return &t->slots[slot].shown; }

/* A heap of slots; the one that is evicted last is at its top. */
static void sift(const tocsin_tracker *t, uint32_t *heap, size_t i, size_t count) {
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        child += child + 1 < count && goes_before(at(t, heap[child]), at(t, heap[child + 1]));
        if (!goes_before(at(t, heap[i]), at(t, heap[child]))) return;
        const uint32_t moved = heap[i];
        heap[i] = heap[child];
        heap[child] = moved;
    }
}

void tocsin__tracker_make_room(tocsin_tracker *t) {
    uint32_t *heap = t->unused; /* no slot is unused, so the whole array is free */
    const uint32_t wanted = t->options.max_incidents / 16 + 1;
    if (t->unused_count) return;
    for (uint32_t i = 0; i < t->count; i++) {
        const uint32_t slot = t->order[i];
        if (i < wanted) {
            heap[i] = slot;
            for (size_t k = i + 1 == wanted ? wanted / 2 : 0; k-- > 0;) sift(t, heap, k, wanted);
        } else if (goes_before(at(t, slot), at(t, heap[0]))) {
            heap[0] = slot;
            sift(t, heap, 0, wanted);
        }
    }
    t->unused_count = wanted < t->count ? wanted : t->count;
    for (uint32_t i = 0; i < t->unused_count; i++) {
        t->slots[heap[i]].shown.id = 0;
        tocsin__sketch_index_drop(t->index, heap[i]);
        tocsin__inverted_index_put(&t->places, heap[i], NULL, 0);
        tocsin__inverted_index_put(&t->heavy, heap[i], NULL, 0);
    }
    uint32_t kept = 0;
    for (uint32_t i = 0; i < t->count; i++) {
        if (t->slots[t->order[i]].shown.id) t->order[kept++] = t->order[i];
    }
    t->count = kept;
}
