#ifndef TOCSIN_TRACK_SNAPSHOT_OLD_H
#define TOCSIN_TRACK_SNAPSHOT_OLD_H

/*
 * Reads snapshots of the two layouts before. Incidents of layout 5 have no class of venue for the service itself and no
 * attached documents. In both, the keys of places do not say whether a place is a small town or in the plan's list.
 */

#include "codec/pack.h"
#include "track/tracker_internal.h"

/* The key of the section when these bytes were written directly from memory. */
uint64_t tocsin__snapshot_key(uint64_t layout, size_t tracked_size, size_t incident_size);

/* Which of these layouts has this key; 0: none of them. */
int tocsin__snapshot_old_layout(uint64_t key);

/* Reads an incident of that layout; if it is malformed, *out is left untouched and the unpacker is no longer sound. */
void tocsin__snapshot_old_unpack(tocsin__unpacker *unpacker, int layout, tocsin__tracked_incident *out);

#endif
