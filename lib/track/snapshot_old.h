#ifndef TOCSIN_TRACK_SNAPSHOT_OLD_H
#define TOCSIN_TRACK_SNAPSHOT_OLD_H

/*
 * Reads snapshots of the previous layout, whose incidents had no class of venue for the service itself and no attached
 * documents.
 */

#include "codec/pack.h"
#include "track/tracker_internal.h"

/* The key of the section when these bytes were written directly from memory. */
uint64_t tocsin__snapshot_key(uint64_t layout, size_t tracked_size, size_t incident_size);

uint64_t tocsin__snapshot_old_key(void);

/* Reads an incident of that layout; if it is malformed, *out is left untouched and the unpacker is no longer sound. */
void tocsin__snapshot_old_unpack(tocsin__unpacker *unpacker, tocsin__tracked_incident *out);

#endif
