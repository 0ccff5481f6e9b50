/* An open hash table over an array, so that counts are written in the order in which they first came. */
#include "store/post_tally.h"

#include <string.h>

#include "feed/tool_hash.h"
#include "feed/utf8_text.h"

#define PLACES (2 * POST_TALLY_ENTRIES)
#define KEYS (POST_TALLY_TEXTS - 1)

tocsin_bytes post_tally_text(const post_tally *tally, const post_count *count, int text) {
    return (tocsin_bytes){count->length[text] ? tally->texts.data + count->at[text] : "", count->length[text]};
}

static int is_row(const post_tally *tally, const post_count *count, const post_count *row, const tocsin_bytes *texts) {
    int same = count->kind == row->kind && count->incident == row->incident && count->hour == row->hour;
    for (int i = 0; same && i < KEYS; i++) {
        const tocsin_bytes text = post_tally_text(tally, count, i);
        same = text.length == texts[i].length && (!text.length || !memcmp(text.data, texts[i].data, text.length));
    }
    return same;
}

static size_t place_of(const post_count *row, const tocsin_bytes *texts) {
    const int64_t numbers[] = {row->kind, row->incident, row->hour};
    uint64_t hash = tool_hash(numbers, sizeof numbers, 0);
    for (int i = 0; i < KEYS; i++) {
        if (texts[i].length) hash = tool_hash(texts[i].data, texts[i].length, hash);
    }
    return hash % PLACES;
}

int post_tally_add(post_tally *tally, const post_count *row, const tocsin_bytes *texts) {
    size_t place = place_of(row, texts);
    for (; tally->places[place]; place = (place + 1) % PLACES) {
        post_count *count = &tally->counts[tally->places[place] - 1];
        if (!is_row(tally, count, row, texts)) continue;
        count->posts++;
        count->reach += row->reach;
        return 1;
    }
    if (tally->count == POST_TALLY_ENTRIES) return 0;
    post_count *made = &tally->counts[tally->count];
    *made = *row;
    made->posts = 1;
    for (int i = 0; i < POST_TALLY_TEXTS; i++) {
        made->at[i] = tally->texts.length;
        made->length[i] = texts[i].length;
        if (texts[i].length) text_append(&tally->texts, texts[i].data, texts[i].length);
    }
    tally->places[place] = (uint16_t)++tally->count;
    return 1;
}

void post_tally_clear(post_tally *tally) {
    tally->count = 0;
    tally->texts.length = 0;
    memset(tally->places, 0, sizeof tally->places);
}
