#ifndef TOCSIN_TRACK_SNAPSHOT_OLD_H
#define TOCSIN_TRACK_SNAPSHOT_OLD_H

/* Snapshots of the layout before: their incidents had no class of venue for the service itself and nothing attached. */

#include "codec/pack.h"
#include "track/tracker_internal.h"

/* Of the section: what these bytes were when they were memory. */
uint64_t tocsin__snapshot_key(uint64_t layout, size_t tracked_size, size_t incident_size);

uint64_t tocsin__snapshot_old_key(void);

/* Reads an incident of that layout; *out is left untouched, and the unpacker not sound, when there is none. */
void tocsin__snapshot_old_unpack(tocsin__unpacker *unpacker, tocsin__tracked_incident *out);

#endif
