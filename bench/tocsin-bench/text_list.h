#ifndef TOCSIN_BENCH_TEXT_LIST_H
#define TOCSIN_BENCH_TEXT_LIST_H

/* Many texts in one run of bytes, in the order they are read, as a feed that stands in memory has them. */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>

typedef struct text_list {
    char *bytes;
    size_t length, capacity; /* bytes */
    size_t *ends;            /* where each text ends */
    size_t count, end_capacity;
} text_list;

void text_list_add(text_list *list, const char *text, size_t length);
void text_list_release(text_list *list);

static inline tocsin_bytes text_list_at(const text_list *list, size_t i) {
    size_t start = i ? list->ends[i - 1] : 0;
    return (tocsin_bytes){list->bytes + start, list->ends[i] - start};
}

/* Every text folded by the default profile. */
void text_list_fold(const text_list *list, text_list *folded);

/* All texts joined by newlines and cut anew, at characters, into pieces of at least size bytes. */
void text_list_cut(const text_list *list, size_t size, text_list *pieces);

#endif
