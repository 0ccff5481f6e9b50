/* The structs of layout 5, unchanged; members that are new since then are unknown for an incident, and 0. */
#include "track/snapshot_old.h"

#include <string.h>

#include "base/hash.h"
#include "track/place_names.h"

#define VENUES 7

typedef struct old_incident {
    uint64_t id, returns;
    int32_t tier;
    char tier_id[32];
    char clauses[TOCSIN_INCIDENT_CLAUSES][32];
    uint32_t clause_count;
    int64_t first_time, last_time;
    uint64_t posts, reach;
    uint64_t venues[VENUES];
    tocsin_attention attention;
    tocsin_raised_by raised_by;
    int64_t raised_time;
    uint64_t last_hour;
    int over;
    char document[64];
    char sample[256];
} old_incident;

typedef struct old_tracked {
    old_incident shown;
    tocsin__rate rate;
    tocsin__sketch sketch;
    uint32_t placed, digest;
    tocsin__matter_key matter;
    tocsin__centroid centroid;
    uint64_t indexed;
    uint32_t heavy_count;
    uint32_t heavy[TOCSIN__HEAVY];
} old_tracked;

uint64_t tocsin__snapshot_key(uint64_t layout, size_t tracked_size, size_t incident_size) {
    const uint64_t facts[] = {layout, tracked_size, incident_size, TOCSIN__SKETCH, UINT64_C(0x0102030405060708)};
    return tocsin__hash(facts, sizeof facts);
}

int tocsin__snapshot_old_layout(uint64_t key) {
    if (key == tocsin__snapshot_key(5, sizeof(old_tracked), sizeof(old_incident))) return 5;
    return key == tocsin__snapshot_key(6, sizeof(tocsin__tracked_incident), sizeof(tocsin_incident)) ? 6 : 0;
}

/*
 * Until layout 6 the bits that now say what kind of place it is belonged to the hash. A wide place may be a name of the
 * plan's list or not, so it is left out: it only separates posts, and further posts name it again.
 */
static void convert_places(tocsin__matter_key *matter) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < matter->count && i < TOCSIN__MATTER_KEY_PLACES; i++) {
        if (matter->places[i] & TOCSIN__PLACE_WIDE) continue;
        matter->places[kept++] = matter->places[i] & ~(TOCSIN__PLACE_LISTED | TOCSIN__PLACE_TOWN);
    }
    if (matter->count <= TOCSIN__MATTER_KEY_PLACES) matter->count = kept;
}

static tocsin_incident incident_of(const old_incident *old) {
    tocsin_incident made = {.id = old->id,
                            .returns = old->returns,
                            .tier = old->tier,
                            .clause_count = old->clause_count,
                            .first_time = old->first_time,
                            .last_time = old->last_time,
                            .posts = old->posts,
                            .reach = old->reach,
                            .attention = old->attention,
                            .raised_by = old->raised_by,
                            .raised_time = old->raised_time,
                            .last_hour = old->last_hour,
                            .over = old->over};
    memcpy(made.tier_id, old->tier_id, sizeof made.tier_id);
    memcpy(made.clauses, old->clauses, sizeof made.clauses);
    memcpy(made.venues, old->venues, sizeof old->venues);
    memcpy(made.document, old->document, sizeof made.document);
    memcpy(made.sample, old->sample, sizeof made.sample);
    return made;
}

static void unpack_layout_5(tocsin__unpacker *u, tocsin__tracked_incident *out) {
    const old_tracked *old = tocsin__unpack_array_of(u, sizeof *old, 1);
    if (!u->sound) return;
    *out = (tocsin__tracked_incident){.shown = incident_of(&old->shown),
                                      .rate = old->rate,
                                      .sketch = old->sketch,
                                      .placed = old->placed,
                                      .digest = old->digest,
                                      .matter = old->matter,
                                      .centroid = old->centroid,
                                      .indexed = old->indexed,
                                      .heavy_count = old->heavy_count};
    memcpy(out->heavy, old->heavy, sizeof out->heavy);
}

void tocsin__snapshot_old_unpack(tocsin__unpacker *u, int layout, tocsin__tracked_incident *out) {
    if (layout == 5) {
        unpack_layout_5(u, out);
    } else {
        const tocsin__tracked_incident *old = tocsin__unpack_array_of(u, sizeof *old, 1);
        if (u->sound) *out = *old;
    }
    if (u->sound) convert_places(&out->matter);
}
