/*
 * A merge sort, bottom-up: engines report occurrences nearly in order, and parts that are in order are left alone. The
 * qsort of the standard library may allocate, and may take quadratic time.
 */
#include "match/hit_order.h"

#include <string.h>

#include "base/assert.h"

#define FEW 24 /* up to this many are sorted by insertion */

static int comes_before(const tocsin__hit *a, const tocsin__hit *b) {
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end > b->end;
    return a->pattern < b->pattern;
}

static void sort_few(tocsin__hit *hits, size_t count) {
    for (size_t i = 1; i < count; i++) {
        const tocsin__hit moving = hits[i];
        size_t at = i;
        for (; at > 0 && comes_before(&moving, &hits[at - 1]); at--) hits[at] = hits[at - 1];
        hits[at] = moving;
    }
}

/* Merges two sorted neighbours; the left one is copied first. */
static void merge(tocsin__hit *hits, size_t middle, size_t count, tocsin__hit *room) {
    size_t left = 0, right = middle, at = 0;
    memcpy(room, hits, middle * sizeof *room);
    while (left < middle) {
        const int take_right = right < count && comes_before(&hits[right], &room[left]);
        hits[at++] = take_right ? hits[right++] : room[left++];
    }
}

TOCSIN__FOR_ASSERTS static int is_sorted(const tocsin__hit *hits, size_t count) {
    for (size_t i = 1; i < count; i++) {
        if (comes_before(&hits[i], &hits[i - 1])) return 0;
    }
    return 1;
}

tocsin_status tocsin__hits_sort(tocsin__hits *hits, tocsin__hit_list *room) {
    tocsin__hit *list = hits->list.data;
    const size_t count = hits->list.length;
    for (size_t at = 0; at < count; at += FEW) sort_few(list + at, count - at < FEW ? count - at : FEW);
    for (size_t width = FEW; width < count; width *= 2) {
        for (size_t low = 0; count - low > width; low += 2 * width) {
            const size_t both = count - low < 2 * width ? count - low : 2 * width;
            if (!comes_before(&list[low + width], &list[low + width - 1])) {
                if (both < 2 * width) break;
                continue;
            }
            if (tocsin__vec_reserve(room, width, &hits->allocator)) return TOCSIN_ERROR_MEMORY;
            merge(list + low, width, both, room->data);
            if (both < 2 * width) break;
        }
    }
    tocsin__assert_all(is_sorted(list, count));
    return TOCSIN_OK;
}
