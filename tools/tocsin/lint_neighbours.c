/*
 * A limited number of counters for words; if a new word finds no free one, all are decremented, and those that reach 0
 * become free. So frequent words stay, memory is bounded, and a count is never too high (Misra and Gries 1982).
 */
#include "tocsin/lint_neighbours.h"

#include <string.h>

#include "feed/tool_memory.h"

#define ROOM 48
#define TELLS_THE_SAME 0.8 /* a longer word with this share of a shorter one's count replaces it */
#define LEAST 2            /* times */

struct neighbours {
    neighbour words[ROOM];
    size_t count;
};

static int is_han(const unsigned char *s, size_t left) {
    return left >= 3 && ((s[0] == 0xE3 && s[1] >= 0x90) || (s[0] >= 0xE4 && s[0] <= 0xE9)) && (s[1] & 0xC0) == 0x80;
}

/* The start of up to `count` Han characters before `at`. */
static size_t step_left(tocsin_bytes field, size_t at, int count) {
    for (; count > 0 && at >= 3 && is_han((const unsigned char *)field.data + at - 3, 3); count--) at -= 3;
    return at;
}

static size_t step_right(tocsin_bytes field, size_t at, int count) {
    for (; count > 0 && is_han((const unsigned char *)field.data + at, field.length - at); count--) at += 3;
    return at;
}

static void count_down(neighbours *list) {
    size_t kept = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (--list->words[i].count) list->words[kept++] = list->words[i];
    }
    list->count = kept;
}

static void count_word(neighbours *list, const char *text, size_t length) {
    if (length >= NEIGHBOUR_BYTES) return;
    for (size_t i = 0; i < list->count; i++) {
        if (strncmp(list->words[i].text, text, length) || list->words[i].text[length]) continue;
        list->words[i].count++;
        return;
    }
    if (list->count == ROOM) {
        count_down(list);
        return;
    }
    neighbour *made = &list->words[list->count++];
    memcpy(made->text, text, length);
    made->text[length] = '\0';
    made->count = 1;
}

void neighbours_add(neighbours **list, tocsin_bytes field, size_t start, size_t end) {
    size_t before = start, after = end;
    if (!*list) *list = tool_allocate(1, sizeof **list);
    for (int count = 1; count <= 2; count++) {
        const size_t left = step_left(field, start, count), right = step_right(field, end, count);
        if (left < before) count_word(*list, field.data + left, end - left);
        if (right > after) count_word(*list, field.data + start, right - start);
        before = left;
        after = right;
    }
}

/*
 * Whether a word is dropped for another one: a longer one with nearly the same count, or a shorter one with a higher
 * count.
 */
static int gives_way(const neighbour *word, const neighbour *other) {
    const size_t length = strlen(word->text), others = strlen(other->text);
    if (length < others && strstr(other->text, word->text)) {
        return (double)other->count >= TELLS_THE_SAME * (double)word->count;
    }
    if (length > others && strstr(word->text, other->text)) {
        return (double)word->count < TELLS_THE_SAME * (double)other->count;
    }
    return 0;
}

static int stands(const neighbours *list, const neighbour *word) {
    if (word->count < LEAST) return 0;
    for (size_t i = 0; i < list->count; i++) {
        if (&list->words[i] != word && gives_way(word, &list->words[i])) return 0;
    }
    return 1;
}

static int is_before(const neighbour *a, const neighbour *b) {
    return a->count != b->count ? a->count > b->count : strcmp(a->text, b->text) < 0;
}

size_t neighbours_most(const neighbours *list, neighbour *out) {
    size_t count = 0;
    for (size_t i = 0; list && i < list->count; i++) {
        const neighbour *word = &list->words[i];
        if (!stands(list, word)) continue;
        size_t at = count < NEIGHBOURS_SHOWN ? count++ : NEIGHBOURS_SHOWN;
        if (at == NEIGHBOURS_SHOWN && !is_before(word, &out[--at])) continue;
        for (; at > 0 && is_before(word, &out[at - 1]); at--) out[at] = out[at - 1];
        out[at] = *word;
    }
    return count;
}

void neighbours_free(neighbours *list) { tool_free(list); }
