#ifndef TOCSIN_PLAN_VENUE_CATALOGUE_H
#define TOCSIN_PLAN_VENUE_CATALOGUE_H

/*
 * Finds the class of venue of a source. A pattern is
 *   a host, people.com.cn: it stands for itself and every host below it, at label boundaries; the longest one wins; a
 *   channel: anything with a / (weibo/火场观察) or without a dot (人民网): it stands for exactly itself; a family of
 * channels, weibo/ followed by *: everything that starts with what is before the *; the longest one wins. Channels go
 * before families, families before hosts. ASCII letters are compared without regard to case, all else byte by byte:
 * 例子.cn and its xn-- form are two hosts.
 */

#include <stdatomic.h>

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/document.h>

#include "base/arena.h"
#include "base/diagnostics_add.h"
#include "base/hash.h"
#include "base/vec.h"

#define TOCSIN__VENUE_PATTERN_MAX 512u /* bytes; a host name has at most 253 */
#define TOCSIN__VENUES_MAX (1u << 24)  /* the maps keep class and number of a pattern in 32 bits */

typedef struct tocsin__venue_entry {
    tocsin_bytes pattern; /* normalised: lower case, families without the * */
    tocsin__place place;
    tocsin_venue venue;
} tocsin__venue_entry;

/*
 * tocsin__venue_catalogue_add fills it; after that it is const and any number of threads may use it. Keys lie in the
 * arena.
 */
typedef struct tocsin__venue_catalogue {
    atomic_size_t owners; /* plans */
    tocsin__arena arena;
    TOCSIN_VEC(tocsin__venue_entry) entries; /* of all files, in order */
    tocsin__map hosts;                       /* values are numbers of entries times 8, plus the class */
    tocsin__map channels;
    tocsin__map families; /* keys end in / */
    size_t most_labels;   /* of a host */
    size_t longest_family;
    size_t errors; /* reported so far */
} tocsin__venue_catalogue;

/* An empty catalogue. allocator must be complete. TOCSIN_OK, or TOCSIN_ERROR_MEMORY with *catalogue untouched. */
tocsin_status tocsin__venue_catalogue_create(const tocsin_allocator *allocator, tocsin__venue_catalogue **catalogue);

/* Takes a share of it and returns it; from any thread. */
tocsin__venue_catalogue *tocsin__venue_catalogue_retain(tocsin__venue_catalogue *catalogue);

/* Gives one share back; without owners it is freed. NULL does nothing. */
void tocsin__venue_catalogue_release(tocsin__venue_catalogue *catalogue);

/*
 * Adds a file with the columns pattern, class and perhaps note. Every problem is added to diagnostics (NULL is allowed)
 * and every error counted; rows without errors are still taken. file is copied. TOCSIN_OK, TOCSIN_ERROR_MEMORY, or
 * TOCSIN_ERROR_FOLD when ICU fails to read GB18030; the catalogue must be released then.
 */
tocsin_status tocsin__venue_catalogue_add(tocsin__venue_catalogue *catalogue, const char *file, tocsin_bytes bytes,
                                          tocsin_diagnostics *diagnostics);

/*
 * The class of a source: a host (any case, with or without a port and a dot at its end), a URL (scheme, user and port
 * are skipped; ? and # end it), or a channel. TOCSIN_VENUE_UNKNOWN if no pattern matches, and for a NULL catalogue or
 * an empty source. Allocates nothing.
 */
tocsin_venue tocsin__venue_lookup(const tocsin__venue_catalogue *catalogue, tocsin_bytes source);

#endif
