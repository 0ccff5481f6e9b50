/*
 * Two incidents become one. Counts are added up; the one that began first keeps its number, first document and sample.
 */
#include <string.h>

#include "track/incident_facts.h"
#include "track/tracker_internal.h"

static void merge_shown(tocsin_incident *into, const tocsin_incident *from) {
    (void)tocsin__incident_take_tier(into, from->tier, from->tier_id);
    tocsin__incident_raise(into, from->attention, from->raised_by, from->raised_time);
    for (uint32_t i = 0; i < from->clause_count; i++) tocsin__incident_add_clause(into, from->clauses[i]);
    tocsin__incident_reach_to(into, from->first_time, from->last_time);
    tocsin__incident_add_reach(into, from->reach);
    into->posts += from->posts;
    for (int v = 0; v < TOCSIN_VENUE_COUNT; v++) into->venues[v] += from->venues[v];
    for (int a = 0; a < TOCSIN_ATTACHED_COUNT; a++) into->attached[a] += from->attached[a];
    into->turns |= from->turns;
    into->severe |= from->severe;
    into->over = into->over && from->over;
    if (!into->returns && from->returns != into->id) into->returns = from->returns;
}

/* Frees a slot. */
static void drop(tocsin_tracker *t, uint32_t slot) {
    const uint32_t place = tocsin__tracker_place(t, t->slots[slot].shown.id);
    memmove(&t->order[place], &t->order[place + 1], (t->count - place - 1) * sizeof *t->order);
    t->count--;
    t->slots[slot].shown.id = 0;
    tocsin__sketch_index_drop(t->index, slot);
    tocsin__inverted_index_put(&t->places, slot, NULL, 0);
    tocsin__inverted_index_put(&t->heavy, slot, NULL, 0);
    t->unused[t->unused_count++] = slot;
}

void tocsin__tracker_merge(tocsin_tracker *t, uint32_t kept, uint32_t absorbed) {
    tocsin__tracked_incident *into = &t->slots[kept], *from = &t->slots[absorbed];
    const uint64_t id = from->shown.id;
    merge_shown(&into->shown, &from->shown);
    tocsin__rate_merge(&into->rate, &from->rate);
    into->shown.last_hour = tocsin__rate_last_hour(&into->rate);
    tocsin__tracker_add_matter_key(t, kept, &from->matter);
    tocsin__centroid_merge(&into->centroid, t->stream, &from->centroid);
    tocsin__tracker_index_centroid(t, kept);
    tocsin__wordings_move(&t->wordings, absorbed, kept, into->shown.id);
    tocsin__wordings_add(&t->wordings, t->index,
                         &(tocsin__wording){into->shown.id, t->next_id - 1, kept, from->placed, from->sketch});
    for (uint32_t i = 0; i < t->count; i++) {
        tocsin_incident *one = &t->slots[t->order[i]].shown;
        if (one->returns == id) one->returns = one->id == into->shown.id ? 0 : into->shown.id;
    }
    drop(t, absorbed);
}
