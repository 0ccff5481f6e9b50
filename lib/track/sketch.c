/*
 * Bottom-k sketches (Broder 1997): up to the greatest hash that both keep, both are complete, and the share of common
 * hashes there estimates the share of all. The question is whether one post contains the other: a repost has a comment
 * before it, or is cut short, so a similarity of the whole texts (SimHash, Jaccard) would fall with every added word.
 */
#include "track/sketch.h"

#include <string.h>

#include <tocsin/fold.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "text/icu_properties.h"
#include "track/place_names.h"
#include "track/post_text.h"

#define FIELDS 2

struct tocsin__signer {
    tocsin_allocator allocator;
    tocsin_folder *folder;
    TOCSIN_VEC(uint32_t) hashes; /* of the post, all different */
    size_t own_from[FIELDS]; /* in each field, the hashes of its longest part: the user's own words, or a quoted post */
    size_t own_to[FIELDS];
    TOCSIN_VEC(uint32_t) own; /* these hashes */
    size_t own_sorted;        /* at the front, the least of them, ascending */
    TOCSIN_VEC(uint32_t) set; /* all hashes as a hash set, by their lowest bits; 0: none */
    uint32_t set_mask;
    tocsin__place_ends ends;
    tocsin__post_text posts[FIELDS]; /* title and text of the post */
    TOCSIN_VEC(char) folded; /* both, folded, and then the names in them, with a TOCSIN__POST_BREAK after each */
    size_t names_at;         /* start of the names in `folded` */
    TOCSIN_VEC(char) said;
};

tocsin_status tocsin__signer_create(const tocsin_allocator *allocator, tocsin__signer **signer) {
    tocsin__signer *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    tocsin__place_ends_init(&made->ends);
    tocsin_status status = tocsin_folder_create(NULL, allocator, &made->folder);
    if (status) {
        tocsin__signer_free(made);
        return status;
    }
    *signer = made;
    return TOCSIN_OK;
}

void tocsin__signer_free(tocsin__signer *signer) {
    if (!signer) return;
    tocsin_allocator allocator = signer->allocator;
    tocsin_folder_free(signer->folder);
    tocsin__vec_release(&signer->hashes, &allocator);
    tocsin__vec_release(&signer->own, &allocator);
    tocsin__vec_release(&signer->set, &allocator);
    for (int f = 0; f < FIELDS; f++) tocsin__post_text_release(&signer->posts[f], &allocator);
    tocsin__vec_release(&signer->folded, &allocator);
    tocsin__vec_release(&signer->said, &allocator);
    tocsin__deallocate(&allocator, signer, sizeof *signer);
}

/* Mixes all bits of both characters into all bits of the hash. */
static uint32_t hash_pair(uint32_t first, uint32_t second) {
    uint64_t x = ((uint64_t)first << 32 | second) * UINT64_C(0x9E3779B97F4A7C15);
    x ^= x >> 29;
    x *= UINT64_C(0xBF58476D1CE4E5B9);
    return (uint32_t)(x >> 32) | (uint32_t)(x >> 32 == 0); /* never 0 */
}

static int counts(uint32_t c) {
    if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
    return (c >= 0x4E00 && c <= 0x9FFF) || tocsin__is_han(c) || tocsin__is_word_character(c);
}

int tocsin__matter_key_add_place(tocsin__matter_key *m, uint32_t place) {
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->places[i] == place) return 0;
    }
    if (m->count == TOCSIN__MATTER_KEY_PLACES) return 0;
    m->places[m->count++] = place;
    return 1;
}

/* Makes room for the pairs of one more field; the earlier ones keep their places. */
static tocsin_status make_room(tocsin__signer *s, size_t bytes) {
    const size_t most = s->hashes.length + bytes + 1;
    size_t size = 64;
    while (size < 2 * most) size *= 2;
    tocsin_status status = tocsin__vec_reserve(&s->hashes, most, &s->allocator);
    if (!status) status = tocsin__vec_reserve(&s->set, size, &s->allocator);
    if (status) return status;
    s->set_mask = (uint32_t)(size - 1);
    memset(s->set.data, 0, size * sizeof *s->set.data);
    for (size_t i = 0; i < s->hashes.length; i++) {
        uint32_t at = s->hashes.data[i] & s->set_mask;
        while (s->set.data[at]) at = (at + 1) & s->set_mask;
        s->set.data[at] = s->hashes.data[i];
    }
    return TOCSIN_OK;
}

static void add_hash(tocsin__signer *s, uint32_t hash) {
    uint32_t at = hash & s->set_mask;
    for (; s->set.data[at]; at = (at + 1) & s->set_mask) {
        if (s->set.data[at] == hash) return;
    }
    s->set.data[at] = hash;
    s->hashes.data[s->hashes.length++] = hash;
}

/* Keeps folded text for later searches. */
static tocsin_status keep_folded(tocsin__signer *s, tocsin_bytes folded) {
    tocsin_status status = tocsin__vec_reserve(&s->folded, s->folded.length + folded.length + 1, &s->allocator);
    if (status) return status;
    if (folded.length) memcpy(s->folded.data + s->folded.length, folded.data, folded.length);
    s->folded.length += folded.length;
    s->folded.data[s->folded.length++] = TOCSIN__POST_BREAK;
    return TOCSIN_OK;
}

/* Ends a part of the field: remembers it if it is the longest so far. Returns where the next part begins. */
static size_t end_post(tocsin__signer *s, int field, size_t from) {
    const size_t to = s->hashes.length;
    if (to - from > s->own_to[field] - s->own_from[field]) {
        s->own_from[field] = from;
        s->own_to[field] = to;
    }
    return to;
}

static tocsin_status add_field(tocsin__signer *s, int field, tocsin__matter_key *matter) {
    const tocsin__post_text *post = &s->posts[field];
    tocsin_bytes folded;
    uint32_t before = 0;
    size_t from = s->own_from[field] = s->own_to[field] = s->hashes.length;
    tocsin__place_window window = {.count = 0};
    tocsin_status status = tocsin_fold(s->folder, post->kept.data, post->kept.length, &folded);
    if (!status) status = make_room(s, folded.length);
    for (size_t at = 0; !status && at < folded.length;) {
        const uint32_t c = tocsin__utf8_next(folded.data, folded.length, at, &at);
        if (c < 0x4E00 || c > 0x9FFF) {
            tocsin__place_window_break(&window);
        } else {
            const uint32_t place = tocsin__place_window_take(&window, &s->ends, c);
            if (place) (void)tocsin__matter_key_add_place(matter, place);
        }
        if (c == TOCSIN__POST_BREAK || c == TOCSIN__POST_QUOTE) before = 0;
        if (c == TOCSIN__POST_QUOTE) from = end_post(s, field, from);
        if (c == TOCSIN__UTF8_MALFORMED || !counts(c)) continue;
        if (before) add_hash(s, hash_pair(before, c));
        before = c;
    }
    (void)end_post(s, field, from);
    return status ? status : keep_folded(s, folded);
}

static tocsin_status add_fields(tocsin__signer *s, tocsin_bytes title, tocsin_bytes text, tocsin__matter_key *matter) {
    const tocsin_bytes fields[FIELDS] = {title, text};
    tocsin_status status = TOCSIN_OK;
    tocsin_bytes folded;
    s->hashes.length = s->folded.length = 0;
    for (int f = 0; f < FIELDS && !status; f++) {
        status = tocsin__post_text_take(&s->posts[f], fields[f], &s->allocator);
        if (!status) status = add_field(s, f, matter);
    }
    s->names_at = s->folded.length;
    for (int f = 0; f < FIELDS && !status; f++) {
        if (!s->posts[f].names.length) continue;
        status = tocsin_fold(s->folder, s->posts[f].names.data, s->posts[f].names.length, &folded);
        if (!status) status = keep_folded(s, folded);
    }
    return status;
}

/* A heap, in place and without memory. */
static void sift(uint32_t *list, size_t at, size_t count) {
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && list[child + 1] > list[child];
        if (list[at] >= list[child]) return;
        const uint32_t moved = list[at];
        list[at] = list[child];
        list[child] = moved;
    }
}

static void sort(uint32_t *list, size_t count) {
    for (size_t i = count / 2; i-- > 0;) sift(list, i, count);
    for (size_t end = count; end-- > 1;) {
        const uint32_t greatest = list[0];
        list[0] = list[end];
        list[end] = greatest;
        sift(list, 0, end);
    }
}

/*
 * Brings hashes to the front, of which `wanted` are the least; hashes are evenly spread, so nearly always a few
 * suffice.
 */
static size_t keep_least(uint32_t *list, size_t count, size_t wanted) {
    if (count <= 2 * wanted) return count;
    const uint32_t bound = (uint32_t)((UINT64_C(3) * wanted << 31) / count);
    size_t below = 0, kept = 0;
    for (size_t i = 0; i < count; i++) below += list[i] < bound;
    if (below < wanted) return count;
    for (size_t i = 0; i < count; i++) {
        const uint32_t hash = list[i];
        list[i] = list[kept];
        list[kept] = hash;
        kept += hash < bound;
    }
    return kept;
}

void tocsin__signer_profile(const tocsin__signer *s, tocsin__profile *profile) {
    profile->count = s->own_sorted < TOCSIN__PROFILE ? (uint32_t)s->own_sorted : TOCSIN__PROFILE;
    if (profile->count) memcpy(profile->hashes, s->own.data, profile->count * sizeof *profile->hashes);
}

/* Bytes of a mark that only led to something that was removed; 0 if this is none. */
static size_t leading_mark(const char *text, size_t length) {
    static const char *const marks[] = {":", ",", "/", ".", "：", "，", "。", "、", "／"};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        const size_t bytes = strlen(marks[i]);
        if (length >= bytes && !memcmp(text, marks[i], bytes)) return bytes;
    }
    return 0;
}

/*
 * Joins words to one line: one space between them, none at the ends, and without marks that led to a removed name or
 * phrase.
 */
static tocsin_status make_said(tocsin__signer *s) {
    const tocsin__post_text *post = s->posts[0].kept.length ? &s->posts[0] : &s->posts[1];
    tocsin_status status = tocsin__vec_reserve(&s->said, post->kept.length + 1, &s->allocator);
    s->said.length = 0;
    for (size_t i = 0; !status && i < post->kept.length; i++) {
        const char c = post->kept.data[i];
        const int parts = c == ' ' || c == TOCSIN__POST_BREAK || c == TOCSIN__POST_QUOTE || (c >= '\t' && c <= '\r');
        const size_t leading = s->said.length ? 0 : leading_mark(post->kept.data + i, post->kept.length - i);
        if (leading) i += leading - 1;
        if (leading || (parts && !s->said.length)) continue;
        if (!parts) {
            s->said.data[s->said.length++] = c;
        } else if (s->said.data[s->said.length - 1] != ' ') {
            s->said.data[s->said.length++] = ' ';
        }
    }
    if (s->said.length && s->said.data[s->said.length - 1] == ' ') s->said.length--;
    return status;
}

tocsin_bytes tocsin__signer_said(const tocsin__signer *s) { return (tocsin_bytes){s->said.data, s->said.length}; }

/* Makes a sketch of different hashes and reorders them; returns how many of the least are then sorted in front. */
static size_t make_sketch(uint32_t *hashes, size_t count, tocsin__sketch *sketch) {
    const size_t least = keep_least(hashes, count, TOCSIN__PROFILE);
    sort(hashes, least);
    sketch->pairs = count < UINT32_MAX ? (uint32_t)count : UINT32_MAX;
    sketch->count = least < TOCSIN__SKETCH ? (uint32_t)least : TOCSIN__SKETCH;
    if (least) memcpy(sketch->hashes, hashes, sketch->count * sizeof *sketch->hashes);
    return least;
}

static tocsin_status keep_own(tocsin__signer *s) {
    tocsin_status status = tocsin__vec_reserve(&s->own, s->hashes.length + 1, &s->allocator);
    s->own.length = 0;
    for (int f = 0; f < FIELDS && !status; f++) {
        const size_t count = s->own_to[f] - s->own_from[f];
        if (count) memcpy(s->own.data + s->own.length, s->hashes.data + s->own_from[f], count * sizeof *s->own.data);
        s->own.length += count;
    }
    return status;
}

tocsin_status tocsin__sign(tocsin__signer *s, tocsin_bytes title, tocsin_bytes text, tocsin__sketch *sketch,
                           tocsin__sketch *own, tocsin__matter_key *matter) {
    memset(sketch, 0, sizeof *sketch);
    memset(own, 0, sizeof *own);
    tocsin_status status = add_fields(s, title, text, matter);
    if (!status) status = keep_own(s);
    if (!status) status = make_said(s);
    if (status) return status;
    s->own_sorted = make_sketch(s->own.data, s->own.length, own);
    if (own->pairs == s->hashes.length) {
        *sketch = *own;
    } else {
        (void)make_sketch(s->hashes.data, s->hashes.length, sketch);
    }
    return TOCSIN_OK;
}

static int holds(const char *data, size_t length, tocsin_bytes what) {
    const char *const end = data + length;
    while ((size_t)(end - data) >= what.length) {
        const char *at = memchr(data, what.data[0], (size_t)(end - data) - what.length + 1);
        if (!at) return 0;
        if (!memcmp(at, what.data, what.length)) return 1;
        data = at + 1;
    }
    return 0;
}

/* Whether these words only occur in the names of users. */
static int is_name_alone(const tocsin__signer *s, tocsin_bytes folded) {
    const size_t names = s->folded.length - s->names_at;
    return names && holds(s->folded.data + s->names_at, names, folded) && !holds(s->folded.data, s->names_at, folded);
}

/* The key of a name in a plan's list; 0 if it has only one character. */
static uint32_t listed_key(tocsin_bytes folded) {
    size_t at = 0;
    const uint32_t first = folded.length ? tocsin__utf8_next(folded.data, folded.length, 0, &at) : 0;
    if (at == folded.length) return 0;
    return tocsin__place_key(first, tocsin__utf8_next(folded.data, folded.length, at, &at));
}

tocsin_status tocsin__sign_place(tocsin__signer *s, tocsin_bytes name, tocsin__matter_key *matter) {
    tocsin_bytes folded;
    tocsin_status status = tocsin_fold(s->folder, name.data, name.length, &folded);
    if (status || !folded.length || is_name_alone(s, folded)) return status;
    const uint32_t key = listed_key(folded);
    if (key) (void)tocsin__matter_key_add_place(matter, key);
    return TOCSIN_OK;
}

static void take_away(tocsin__matter_key *m, uint32_t place) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        if (m->places[i] != place) m->places[kept++] = m->places[i];
    }
    m->count = kept;
}

tocsin_status tocsin__sign_home(tocsin__signer *s, tocsin_bytes name, tocsin__matter_key *matter) {
    tocsin_bytes folded;
    tocsin__place_window window = {.count = 0};
    tocsin_status status = tocsin_fold(s->folder, name.data, name.length, &folded);
    if (status) return status;
    take_away(matter, listed_key(folded));
    for (size_t at = 0; at < folded.length;) {
        const uint32_t c = tocsin__utf8_next(folded.data, folded.length, at, &at);
        take_away(matter, tocsin__place_window_take(&window, &s->ends, c));
    }
    return TOCSIN_OK;
}

/* The greatest hash up to which the sketch has all hashes of the post. */
static uint32_t complete_to(const tocsin__sketch *s) {
    return s->pairs > s->count ? s->hashes[s->count - 1] : UINT32_MAX;
}

double tocsin__sketch_overlap(const tocsin__sketch *a, const tocsin__sketch *b) {
    const tocsin__sketch *shorter = a->pairs <= b->pairs ? a : b, *longer = shorter == a ? b : a;
    if (!shorter->count) return 0;
    const uint32_t one = complete_to(a), other = complete_to(b), end = one < other ? one : other;
    uint32_t asked = 0, common = 0, at = 0;
    for (; asked < shorter->count && shorter->hashes[asked] <= end; asked++) {
        while (at < longer->count && longer->hashes[at] < shorter->hashes[asked]) at++;
        common += at < longer->count && longer->hashes[at] == shorter->hashes[asked];
    }
    return asked ? (double)common / asked : 0;
}
