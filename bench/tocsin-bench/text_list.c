/*
 * Texts side by side in one block. Bytes are kept together because that is how a batch of documents lies in memory when
 * it was read from a file or a socket: a measurement over scattered allocations would measure the allocator.
 */
#include "tocsin-bench/text_list.h"

#include <string.h>

#include <tocsin/tocsin.h>

#include "feed/tool_memory.h"
#include "tocsin-bench/bench_fail.h"

/* The engines may load a vector's width at the last byte. */
#define PADDING 64

void text_list_add(text_list *list, const char *text, size_t length) {
    if (list->length + length + PADDING > list->capacity) {
        list->capacity = (list->length + length + PADDING) * 2;
        list->bytes = tool_reallocate(list->bytes, list->capacity, 1);
    }
    if (list->count == list->end_capacity) {
        list->end_capacity = list->end_capacity ? list->end_capacity * 2 : 1024;
        list->ends = tool_reallocate(list->ends, list->end_capacity, sizeof *list->ends);
    }
    if (length) memcpy(list->bytes + list->length, text, length);
    list->length += length;
    memset(list->bytes + list->length, 0, PADDING);
    list->ends[list->count++] = list->length;
}

void text_list_release(text_list *list) {
    tool_free(list->bytes);
    tool_free(list->ends);
    *list = (text_list){0};
}

void text_list_fold(const text_list *list, text_list *folded) {
    tocsin_folder *folder = NULL;
    bench_require(tocsin_folder_create(NULL, NULL, &folder), "make a folder");
    for (size_t i = 0; i < list->count; i++) {
        tocsin_bytes text = text_list_at(list, i), one;
        bench_require(tocsin_fold(folder, text.data, text.length, &one), "fold a document");
        text_list_add(folded, one.data, one.length);
    }
    tocsin_folder_free(folder);
}

static int inside_character(char c) { return ((unsigned char)c & 0xC0) == 0x80; }

void text_list_cut(const text_list *list, size_t size, text_list *pieces) {
    text_list joined = {0};
    for (size_t i = 0; i < list->count; i++) {
        tocsin_bytes text = text_list_at(list, i);
        if (i) text_list_add(&joined, "\n", 1);
        text_list_add(&joined, text.data, text.length);
    }
    for (size_t at = 0; at < joined.length;) {
        size_t end = joined.length - at < size ? joined.length : at + size;
        while (end < joined.length && inside_character(joined.bytes[end])) end++;
        text_list_add(pieces, joined.bytes + at, end - at);
        at = end;
    }
    text_list_release(&joined);
}
