/*
 * Finds literals that share a window with many others: addresses of one street, numbers of one exchange. They are
 * sorted by the units before the window and then by all their units, so that a comparison narrows down to the literals
 * that begin as the text does, as in a trie, and reads a shared beginning once. A list would have to be walked to its
 * end.
 */
#include "match/filter_build.h"

static int comes_before(const tocsin__filter_leaf *a, const tocsin__filter_leaf *b) {
    if (a->before != b->before) return a->before < b->before;
    const size_t shorter = a->length < b->length ? a->length : b->length;
    for (size_t i = 0; i < shorter; i++) {
        if (a->units[i] != b->units[i]) return a->units[i] < b->units[i];
    }
    return a->length != b->length ? a->length < b->length : a->pattern < b->pattern;
}

/* A merge sort, bottom-up: the one of the standard library may allocate. */
static void sort(tocsin__filter_leaf *leaves, size_t count, tocsin__filter_leaf *room) {
    for (size_t width = 1; width < count; width *= 2) {
        for (size_t low = 0; count - low > width; low += 2 * width) {
            const size_t both = count - low < 2 * width ? count - low : 2 * width;
            size_t left = 0, right = low + width;
            const size_t end = low + both;
            if (comes_before(&leaves[right], &leaves[right - 1])) {
                memcpy(room, leaves + low, width * sizeof *room);
                for (size_t at = low; left < width; at++) {
                    const int take_right = right < end && comes_before(&leaves[right], &room[left]);
                    leaves[at] = take_right ? leaves[right++] : room[left++];
                }
            }
            if (both < 2 * width) break;
        }
    }
}

/* The number of different lengths before the window. */
static size_t count_branches(const tocsin__filter_leaf *leaves, size_t count) {
    size_t branches = 1;
    for (size_t i = 1; i < count; i++) branches += leaves[i].before != leaves[i - 1].before;
    return branches;
}

/* Makes the branches of sorted leaves; returns how many there are. */
static size_t put_branches(const tocsin__filter_leaf *all, size_t first, size_t count, tocsin__filter_branch *out) {
    size_t branches = 0;
    for (size_t i = first; i < first + count; i++) {
        if (i == first || all[i].before != all[i - 1].before) {
            out[branches++] = (tocsin__filter_branch){(uint32_t)i, 0, all[i].before, 0};
        }
        out[branches - 1].count++;
    }
    out[branches - 1].is_last = 1;
    return branches;
}

tocsin_status tocsin__filter_sort_branches(tocsin__filter_build *b) {
    tocsin__filter *filter = b->filter;
    tocsin__filter_leaf *room = tocsin__allocate(&filter->allocator, filter->leaf_count * sizeof *room);
    size_t branches = 0;
    if (!room) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0, first = 0; i <= tocsin__filter_slot_mask(filter); i++) {
        if (b->slots[i].sharers <= TOCSIN__FILTER_FEW) continue;
        sort(b->leaves + first, b->slots[i].sharers, room);
        branches += count_branches(b->leaves + first, b->slots[i].sharers);
        first += b->slots[i].sharers;
    }
    tocsin__deallocate(&filter->allocator, room, filter->leaf_count * sizeof *room);
    tocsin__filter_branch *made = tocsin__allocate(&filter->allocator, branches * sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    filter->branches = made;
    filter->branch_count = branches;
    size_t next = 0;
    for (size_t i = 0, first = 0; i <= tocsin__filter_slot_mask(filter); i++) {
        if (b->slots[i].sharers <= TOCSIN__FILTER_FEW) continue;
        b->slots[i].value = TOCSIN__FILTER_MANY | (uint32_t)next;
        next += put_branches(b->leaves, first, b->slots[i].sharers, made + next);
        first += b->slots[i].sharers;
    }
    return TOCSIN_OK;
}
