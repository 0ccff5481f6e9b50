/* A ring: an incident that is gone is recognised by its id, so its wordings are skipped until they are overwritten. */
#include "track/wordings.h"

tocsin_status tocsin__wordings_init(tocsin__wordings *w, const tocsin_allocator *allocator, uint32_t size) {
    w->ring = tocsin__allocate_zeroed(allocator, size * sizeof *w->ring);
    w->size = size;
    return w->ring ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

void tocsin__wordings_release(tocsin__wordings *w, const tocsin_allocator *allocator) {
    tocsin__deallocate(allocator, w->ring, w->size * sizeof *w->ring);
    *w = (tocsin__wordings){0};
}

void tocsin__wordings_add(tocsin__wordings *w, tocsin__sketch_index *index, const tocsin__wording *wording) {
    w->ring[w->next] = *wording;
    tocsin__sketch_index_put(index, w->size + w->next, &wording->sketch);
    w->next = (w->next + 1) % w->size;
    if (w->count < w->size) w->count++;
}

void tocsin__wordings_move(tocsin__wordings *w, uint64_t from, uint64_t to, uint32_t slot) {
    for (uint32_t i = 0; i < w->count; i++) {
        if (w->ring[i].incident != from) continue;
        w->ring[i].incident = to;
        w->ring[i].slot = slot;
    }
}
