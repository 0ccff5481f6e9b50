/*
 * Feeds reuse ids: in a new file, or on a new day. So an id alone does not identify a post. The least hashes of all
 * pairs of characters in two texts agree about as often as the texts have content in common.
 */
#include "store/post_sketch.h"

#include <string.h>

#include "feed/tool_hash.h"

#define LIKE 6 /* one part of this many must be common */

static int64_t hash_two(tocsin_bytes one, tocsin_bytes two) {
    return (int64_t)tool_hash(two.data, two.length, tool_hash(one.data, one.length, 0));
}

int64_t post_key(const tocsin_document *document) {
    if (!document->id.length) return 0;
    const int64_t key = hash_two(document->source, document->id);
    return key ? key : 1;
}

/* Whether it is greater than all of a full sketch, as nearly all are. */
static int is_beyond(const post_sketch *sketch, uint32_t value) {
    const unsigned char *last = sketch->lows[POST_SKETCH_LOWS - 1];
    return sketch->count == POST_SKETCH_LOWS &&
           value >= ((uint32_t)last[0] << 24 | (uint32_t)last[1] << 16 | (uint32_t)last[2] << 8 | (uint32_t)last[3]);
}

static void put_low(post_sketch *sketch, uint32_t value) {
    if (is_beyond(sketch, value)) return;
    const unsigned char low[4] = {(unsigned char)(value >> 24), (unsigned char)(value >> 16),
                                  (unsigned char)(value >> 8), (unsigned char)value};
    size_t at = sketch->count;
    while (at && memcmp(low, sketch->lows[at - 1], sizeof low) < 0) at--;
    if (at == POST_SKETCH_LOWS || (at && !memcmp(low, sketch->lows[at - 1], sizeof low))) return;
    if (sketch->count < POST_SKETCH_LOWS) sketch->count++;
    memmove(sketch->lows[at + 1], sketch->lows[at], (sketch->count - 1 - at) * sizeof low);
    memcpy(sketch->lows[at], low, sizeof low);
}

static size_t next_character(tocsin_bytes text, size_t at) {
    if (at < text.length) at++;
    while (at < text.length && ((unsigned char)text.data[at] & 0xC0) == 0x80) at++;
    return at;
}

static void put_text(post_sketch *sketch, tocsin_bytes text) {
    size_t from = 0, middle = next_character(text, 0);
    while (from < text.length) {
        const size_t end = next_character(text, middle);
        put_low(sketch, (uint32_t)(tool_hash(text.data + from, end - from, 0) >> 32));
        from = end < text.length ? middle : end;
        middle = end;
    }
}

void post_sketch_make(post_sketch *sketch, const tocsin_document *document) {
    *sketch = (post_sketch){.wording = hash_two(document->title, document->text)};
    put_text(sketch, document->title);
    put_text(sketch, document->text);
}

tocsin_bytes post_sketch_bytes(const post_sketch *sketch) {
    return (tocsin_bytes){(const char *)sketch->lows, sketch->count * sizeof *sketch->lows};
}

double post_sketch_likeness(const post_sketch *sketch, tocsin_bytes kept) {
    const unsigned char *other = (const unsigned char *)kept.data;
    const size_t width = sizeof *sketch->lows, others = kept.length / width;
    size_t i = 0, k = 0, common = 0, all = 0;
    while ((i < sketch->count || k < others) && all < POST_SKETCH_LOWS) {
        const int order = i == sketch->count ? 1 : k == others ? -1 : memcmp(sketch->lows[i], other + k * width, width);
        common += !order;
        all++;
        i += order <= 0;
        k += order >= 0;
    }
    return all ? (double)common / (double)all : 1;
}

int post_sketch_is_like(const post_sketch *sketch, tocsin_bytes kept) {
    return post_sketch_likeness(sketch, kept) * LIKE >= 1 - 1e-9;
}
