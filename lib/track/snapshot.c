/*
 * Writes a tracker as bytes and reads it back. Everything that influences the next document is kept, even which slots
 * are free and the order in which they will be used, because that order decides between equal matches. Hash indexes are
 * built anew, in the order in which incidents began, which is the order in which they were first built.
 */
#include <string.h>

#include <tocsin/image.h>
#include <tocsin/version.h>

#include "base/arguments.h"
#include "base/fail.h"
#include "codec/compress.h"
#include "codec/container.h"
#include "codec/pack.h"
#include "track/snapshot_old.h"
#include "track/tracker_internal.h"

#define SECTION "tracker"
#define LAST_STEP (INT64_MAX / TOCSIN__RATE_STEP + 1)
#define LAST_NEXT_ID (UINT64_MAX / 4 * 3) /* the ids that follow must not come round to 0 */
#define LAYOUT 7u                         /* is raised whenever the packed data or its form changes */

static uint64_t key_of(void) {
    return tocsin__snapshot_key(LAYOUT, sizeof(tocsin__tracked_incident), sizeof(tocsin_incident));
}

static void pack_options(tocsin__packer *p, const tocsin_tracker_options *o) {
    const uint64_t numbers[] = {o->max_incidents,         o->same_percent,       (uint64_t)o->quiet_ms,
                                (uint64_t)o->remember_ms, (uint64_t)o->ahead_ms, o->rising_posts,
                                o->burst_posts,           o->matter_percent,     o->first_id};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) tocsin__pack_number(p, numbers[i]);
}

static void pack(const tocsin_tracker *t, tocsin__packer *p) {
    const uint64_t key = key_of();
    tocsin__pack_array(p, &key, 1, sizeof key);
    pack_options(p, &t->options);
    tocsin__pack_number(p, t->next_id);
    tocsin__pack_array(p, &t->clock, 1, sizeof t->clock);
    tocsin__pack_array(p, t->topics, TOCSIN__TOPICS, sizeof *t->topics);
    tocsin__pack_array(p, t->stream, 1, sizeof *t->stream);
    tocsin__pack_number(p, t->indexings);
    tocsin__pack_number(p, t->turn);
    tocsin__pack_number(p, t->wordings.next);
    tocsin__pack_array(p, t->wordings.ring, t->wordings.count, sizeof *t->wordings.ring);
    tocsin__pack_array(p, t->unused, t->unused_count, sizeof *t->unused);
    tocsin__pack_array(p, t->order, t->count, sizeof *t->order);
    for (uint32_t i = 0; i < t->count; i++) tocsin__pack_array(p, &t->slots[t->order[i]], 1, sizeof *t->slots);
}

tocsin_status tocsin_tracker_save_to_buffer(const tocsin_tracker *tracker, tocsin_buffer *out, tocsin_error *error) {
    tocsin_buffer packed, frame;
    if (!tracker) return tocsin__null_argument(error, "tracker");
    if (!out) return tocsin__null_argument(error, "out");
    tocsin__busy *busy = &((tocsin_tracker *)(uintptr_t)tracker)->busy; /* reading does not change the tracker itself */
    if (!tocsin__busy_take(busy)) return tocsin__is_busy(error, "tracker");
    tocsin_buffer_init(&packed, &tracker->allocator);
    tocsin_buffer_init(&frame, &tracker->allocator);
    tocsin__packer packer = {&packed, TOCSIN_OK};
    pack(tracker, &packer);
    tocsin__busy_give(busy);
    tocsin_status status = packer.status;
    if (!status) status = tocsin__compress((tocsin_bytes){packed.data, packed.length}, &frame);
    tocsin__container c = {.version = TOCSIN__CONTAINER_VERSION, .writer = TOCSIN_VERSION_STRING, .count = 1};
    c.sections[0] = (tocsin__section){
        .name = SECTION, .codec = TOCSIN__CODEC_ZSTD, .stored = {frame.data, frame.length}, .length = packed.length};
    if (!status) status = tocsin__container_write(&c, out);
    tocsin_buffer_release(&packed);
    tocsin_buffer_release(&frame);
    return status ? tocsin__fail(error, status, "out of memory") : TOCSIN_OK;
}

static tocsin_tracker_options unpack_options(tocsin__unpacker *u) {
    tocsin_tracker_options o = TOCSIN_TRACKER_OPTIONS_INIT;
    o.max_incidents = tocsin__unpack_number_up_to(u, UINT32_MAX);
    o.same_percent = tocsin__unpack_number_up_to(u, 100);
    o.quiet_ms = (int64_t)tocsin__unpack_number(u);
    o.remember_ms = (int64_t)tocsin__unpack_number(u);
    o.ahead_ms = (int64_t)tocsin__unpack_number(u);
    o.rising_posts = tocsin__unpack_number_up_to(u, UINT32_MAX);
    o.burst_posts = tocsin__unpack_number_up_to(u, UINT32_MAX);
    o.matter_percent = tocsin__unpack_number_up_to(u, UINT32_MAX);
    o.first_id = tocsin__unpack_number(u);
    return o;
}

static int is_text(const char *text, size_t size) { return memchr(text, '\0', size) != NULL; }

static int is_sound_sketch(const tocsin__sketch *s) {
    int sound = s->count <= TOCSIN__SKETCH && s->count <= s->pairs;
    for (uint32_t h = 1; sound && h < s->count; h++) sound = s->hashes[h - 1] < s->hashes[h];
    return sound;
}

static int is_sound(const tocsin__tracked_incident *one, uint64_t after, uint64_t next_id) {
    const tocsin_incident *i = &one->shown;
    const tocsin__centroid *centre = &one->centroid;
    int sound = i->id > after && i->id < next_id && i->clause_count <= TOCSIN_INCIDENT_CLAUSES;
    sound = sound && (unsigned)i->attention < TOCSIN_ATTENTION_COUNT && is_sound_sketch(&one->sketch);
    sound = sound && centre->count <= TOCSIN__CENTROID && one->heavy_count <= TOCSIN__HEAVY;
    sound = sound && one->rate.latest <= LAST_STEP && one->rate.latest >= -LAST_STEP;
    sound = sound && is_text(i->tier_id, sizeof i->tier_id) && is_text(i->document, sizeof i->document) &&
            is_text(i->sample, sizeof i->sample);
    for (uint32_t c = 0; sound && c < i->clause_count; c++) sound = is_text(i->clauses[c], sizeof i->clauses[c]);
    sound = sound && one->matter.count <= TOCSIN__MATTER_KEY_PLACES;
    for (uint32_t p = 1; sound && p < centre->count; p++) sound = centre->hashes[p - 1] < centre->hashes[p];
    return sound;
}

/* Reads the ring of wordings. */
static void unpack_wordings(tocsin__unpacker *u, tocsin_tracker *t) {
    size_t count;
    const uint32_t next = tocsin__unpack_number_up_to(u, t->wordings.size);
    const tocsin__wording *ring = tocsin__unpack_array(u, sizeof *ring, &count);
    u->sound = u->sound && count <= t->wordings.size && next < t->wordings.size &&
               (count == t->wordings.size || next == count);
    for (size_t i = 0; u->sound && i < count; i++) {
        u->sound = is_sound_sketch(&ring[i].sketch) && ring[i].slot < t->options.max_incidents;
    }
    if (!u->sound) return;
    if (count) memcpy(t->wordings.ring, ring, count * sizeof *ring);
    t->wordings.count = (uint32_t)count;
    t->wordings.next = next;
}

/* Links the wordings of each incident, from the oldest on. */
static void link_wordings(tocsin_tracker *t) {
    tocsin__wordings *w = &t->wordings;
    const uint32_t oldest = w->count == w->size ? w->next : 0;
    for (uint32_t i = 0; i < w->count; i++) {
        const uint32_t place = (oldest + i) % w->size;
        const tocsin__wording *one = &w->ring[place];
        w->links[place] = (tocsin__wording_links){TOCSIN__NO_WORDING, TOCSIN__NO_WORDING};
        if (one->incident && one->incident == t->slots[one->slot].shown.id) tocsin__wordings_link(w, place);
    }
}

/* Puts the wordings that were kept before an incident began into the index, from the oldest on; returns how many. */
static uint32_t put_wordings(tocsin_tracker *t, uint32_t kept, uint64_t id) {
    const tocsin__wordings *w = &t->wordings;
    const uint32_t oldest = w->count == w->size ? w->next : 0;
    for (; kept < w->count; kept++) {
        const uint32_t place = (oldest + kept) % w->size;
        if (w->ring[place].after >= id) break;
        tocsin__sketch_index_put(t->index, w->size + place, &w->ring[place].sketch);
    }
    return kept;
}

static void sift_indexed(const tocsin_tracker *t, uint32_t *heap, size_t at, size_t count) {
    for (size_t child; (child = 2 * at + 1) < count; at = child) {
        child += child + 1 < count && t->slots[heap[child]].indexed < t->slots[heap[child + 1]].indexed;
        if (t->slots[heap[at]].indexed >= t->slots[heap[child]].indexed) return;
        const uint32_t moved = heap[at];
        heap[at] = heap[child];
        heap[child] = moved;
    }
}

/* Puts the heaviest pairs of the centroids into the index, in their original order. */
static void put_heavy(tocsin_tracker *t) {
    uint32_t *heap = t->agreed;
    if (t->count) memcpy(heap, t->order, t->count * sizeof *heap);
    for (size_t i = t->count / 2; i-- > 0;) sift_indexed(t, heap, i, t->count);
    for (size_t end = t->count; end-- > 1;) {
        const uint32_t last = heap[0];
        heap[0] = heap[end];
        heap[end] = last;
        sift_indexed(t, heap, 0, end);
    }
    for (uint32_t i = 0; i < t->count; i++) {
        const tocsin__tracked_incident *one = &t->slots[heap[i]];
        tocsin__inverted_index_put(&t->heavy, heap[i], one->heavy, one->heavy_count);
    }
}

/* Reads an incident of this or (old_layout) an earlier layout; if it is malformed, the unpacker is no longer sound. */
static void unpack_incident(tocsin__unpacker *u, int old_layout, tocsin__tracked_incident *out) {
    if (old_layout) {
        tocsin__snapshot_old_unpack(u, old_layout, out);
        return;
    }
    const tocsin__tracked_incident *one = tocsin__unpack_array_of(u, sizeof *one, 1);
    if (u->sound) *out = *one;
}

/* Reads the slots, each once, among the free ones or those in use; the slots in use are filled. */
static void unpack_slots(tocsin__unpacker *u, int old_layout, tocsin_tracker *t) {
    const uint32_t most = t->options.max_incidents;
    size_t unused, count;
    uint64_t before = 0;
    uint32_t kept = 0;
    const uint32_t *free_slots = tocsin__unpack_array(u, sizeof *free_slots, &unused);
    const uint32_t *order = tocsin__unpack_array(u, sizeof *order, &count);
    u->sound = u->sound && unused <= most && count == most - unused;
    for (size_t i = 0; u->sound && i < count; i++) {
        u->sound = order[i] < most && !t->slots[order[i]].shown.id;
        if (!u->sound) return;
        tocsin__tracked_incident *one = &t->slots[order[i]];
        unpack_incident(u, old_layout, one);
        if (!u->sound || !is_sound(one, before, t->next_id)) {
            one->shown.id = 0;
            u->sound = 0;
            return;
        }
        kept = put_wordings(t, kept, one->shown.id);
        before = one->shown.id;
        t->order[t->count++] = order[i];
        tocsin__sketch_index_put(t->index, order[i], &one->sketch);
        tocsin__inverted_index_put(&t->places, order[i], one->matter.places, one->matter.count);
    }
    if (u->sound) put_wordings(t, kept, UINT64_MAX);
    if (u->sound) link_wordings(t);
    if (u->sound) put_heavy(t);
    for (size_t i = 0; u->sound && i < unused; i++) {
        u->sound = free_slots[i] < most && !t->slots[free_slots[i]].shown.id;
        t->unused[i] = free_slots[i];
    }
    t->unused_count = (uint32_t)unused;
}

static void unpack(tocsin__unpacker *u, int old_layout, tocsin_tracker *t) {
    t->next_id = tocsin__unpack_number(u);
    u->sound = u->sound && t->next_id && t->next_id <= LAST_NEXT_ID;
    const tocsin__feed_clock *clock = tocsin__unpack_array_of(u, sizeof *clock, 1);
    if (u->sound) t->clock = *clock;
    const void *topics = tocsin__unpack_array_of(u, sizeof *t->topics, TOCSIN__TOPICS);
    const tocsin__stream_pairs *stream = tocsin__unpack_array_of(u, sizeof *stream, 1);
    t->indexings = tocsin__unpack_number(u);
    t->turn = tocsin__unpack_number_up_to(u, UINT32_MAX - 1);
    if (!u->sound) return;
    memcpy(t->topics, topics, sizeof t->topics);
    *t->stream = *stream;
    unpack_wordings(u, t);
    unpack_slots(u, old_layout, t);
    if (u->at != u->data.length) u->sound = 0;
}

static tocsin_status restore(tocsin_bytes packed, const tocsin_allocator *allocator, tocsin_tracker **tracker,
                             tocsin_error *error) {
    tocsin__unpacker u = {packed, 0, 1};
    tocsin_tracker *made = NULL;
    const uint64_t *key = tocsin__unpack_array_of(&u, sizeof *key, 1);
    const int old_layout = u.sound ? tocsin__snapshot_old_layout(*key) : 0;
    if (u.sound && !old_layout && *key != key_of()) {
        return tocsin__fail(error, TOCSIN_ERROR_UNSUPPORTED, "the snapshot is from another version or machine");
    }
    tocsin_tracker_options options = unpack_options(&u);
    options.allocator = *allocator;
    /* A forged number must not ask for more memory than the packed slots justify. */
    if (!u.sound || options.max_incidents > packed.length / sizeof(uint32_t)) u.sound = 0;
    tocsin_status status = u.sound ? tocsin_tracker_create(&options, &made, error) : TOCSIN_OK;
    if (status && status != TOCSIN_ERROR_ARGUMENT) return status;
    if (made) unpack(&u, old_layout, made);
    if (made && u.sound) {
        *tracker = made;
        return TOCSIN_OK;
    }
    tocsin_tracker_free(made);
    return tocsin__fail(error, TOCSIN_ERROR_IMAGE, "the snapshot is damaged: section " SECTION " has no such form");
}

tocsin_status tocsin_tracker_restore(const void *bytes, size_t length, const tocsin_allocator *allocator,
                                     tocsin_tracker **tracker, tocsin_error *error) {
    tocsin_allocator resolved;
    tocsin__container c;
    tocsin_buffer packed;
    if (!bytes) return tocsin__null_argument(error, "bytes");
    if (!tracker) return tocsin__null_argument(error, "tracker");
    tocsin_status status = tocsin__take_allocator(allocator, "allocator", &resolved, error);
    if (status) return status;
    if (!tocsin__container_recognises((tocsin_bytes){bytes, length})) {
        return tocsin__fail(error, TOCSIN_ERROR_IMAGE, "this is not a snapshot of a tracker");
    }
    status = tocsin__container_read((tocsin_bytes){bytes, length}, &c, error);
    if (status) return status;
    const tocsin__section *section = tocsin__container_find(&c, SECTION);
    if (!section || section->length > TOCSIN_MAX_IMAGE_BYTES) {
        return tocsin__fail(error, TOCSIN_ERROR_IMAGE, "this is not a snapshot of a tracker");
    }
    tocsin_buffer_init(&packed, &resolved);
    status = tocsin__section_read(section, &packed, error);
    if (!status) {
        status = restore((tocsin_bytes){packed.data ? packed.data : "", packed.length}, &resolved, tracker, error);
    }
    tocsin_buffer_release(&packed);
    return status;
}
