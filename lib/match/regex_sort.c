/*
 * A heap sort: the data comes from texts of strangers, so the worst case counts, and a sort that allocates memory could
 * fail. A list that is already in order, the usual case, takes one pass.
 */
#include "match/regex_sort.h"

static void sift(tocsin__sortable *list, size_t at, size_t count) {
    const tocsin__sortable moving = list[at];
    for (size_t child = 2 * at + 1; child < count; child = 2 * at + 1) {
        if (child + 1 < count && tocsin__sorts_before(&list[child], &list[child + 1])) child++;
        if (!tocsin__sorts_before(&moving, &list[child])) break;
        list[at] = list[child];
        at = child;
    }
    list[at] = moving;
}

void tocsin__sort(tocsin__sortable *list, size_t count) {
    size_t sorted = 1;
    while (sorted < count && !tocsin__sorts_before(&list[sorted], &list[sorted - 1])) sorted++;
    if (sorted >= count) return;
    for (size_t i = count / 2; i > 0; i--) sift(list, i - 1, count);
    for (size_t end = count - 1; end > 0; end--) {
        const tocsin__sortable last = list[end];
        list[end] = list[0];
        list[0] = last;
        sift(list, 0, end);
    }
}
