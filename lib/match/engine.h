#ifndef TOCSIN_MATCH_ENGINE_H
#define TOCSIN_MATCH_ENGINE_H

/*
 * The interface of engines, which find patterns in folded text. An engine is compiled once, is immutable and shared;
 * its scratch belongs to one thread. Every engine reports every occurrence of every pattern, overlapping ones too, in
 * any order.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/error.h>

#include "base/memory.h"
#include "base/vec.h"
#include "text/text_units.h"

/* A literal or a regex, in folded UTF-8. Ids are indexes into the array that was compiled. */
typedef struct tocsin__pattern {
    const char *data; /* terminated, without NUL inside; stays as long as the engine */
    uint32_t length;  /* bytes */
    uint32_t bounds;  /* of a regex, a number that the edge test interprets; 0 for a literal */
} tocsin__pattern;

typedef enum tocsin__edge {
    TOCSIN__EDGE_START = 0,
    TOCSIN__EDGE_END = 1
} tocsin__edge;

/*
 * Decides where matches of a regex may begin and end. The bounds are numbers of the caller; only the caller interprets
 * them.
 */
typedef struct tocsin__edge_test {
    /* Sets *open to whether an edge at byte `at` of the text satisfies the bounds. TOCSIN_ERROR_MEMORY, _FOLD. */
    tocsin_status (*is_open)(void *context, const tocsin__view *text, size_t at, tocsin__edge edge, uint32_t bounds,
                             int *open);
    void *context;
    uint32_t always_open; /* bounds that every edge satisfies: is_open is not called for them */
} tocsin__edge_test;

/* An occurrence: bytes [start, end) of the text that was read. */
typedef struct tocsin__hit {
    uint32_t start;
    uint32_t end;
    uint32_t pattern;
} tocsin__hit;

typedef struct tocsin__hits {
    tocsin_allocator allocator;
    TOCSIN_VEC(tocsin__hit) list;
    size_t limit; /* further occurrences are only counted, in `dropped` */
    uint64_t dropped;
} tocsin__hits;

static inline tocsin_status tocsin__hits_add(tocsin__hits *hits, uint32_t start, uint32_t end, uint32_t pattern) {
    if (hits->list.length >= hits->limit) {
        hits->dropped++;
        return TOCSIN_OK;
    }
    const tocsin__hit hit = {start, end, pattern};
    return tocsin__vec_push(&hits->list, &hits->allocator, hit);
}

struct tocsin__regexes;
struct tocsin__frequency;

typedef struct tocsin__engine_options {
    tocsin_allocator allocator;
    int native_cpu; /* compile for this CPU model alone, not for all of its family */
    size_t atoms;   /* the last patterns, which a kind that reads units reports with their first unit as the end */
    int leave_all;  /* for tests: leave regexes that could be matched around their atoms to Hyperscan too */
    /*
     * Regexes that were compiled before with the same allocator, and their patterns: what they have in common with the
     * new ones is shared, not compiled again. NULL: there are none.
     */
    const struct tocsin__regexes *known;
    const tocsin__pattern *known_patterns;
    const struct tocsin__frequency *frequency; /* NULL: it is made for this call */
} tocsin__engine_options;

/* The functions of one kind of engine. */
typedef struct tocsin__engine_kind {
    const char *name;
    int reads_units; /* it reads the units of a text, which need not be folded; otherwise it reads the view */
    int (*wants_all)(const void *engine); /* whether it needs units of all characters; NULL: it reads none */
    /* *bad becomes the pattern that caused a TOCSIN_ERROR_ENGINE, or SIZE_MAX. */
    tocsin_status (*compile)(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                             void **engine, size_t *bad, tocsin_error *error);
    void (*free_engine)(void *engine);
    size_t (*memory)(const void *engine); /* bytes */
    tocsin_status (*create_scratch)(const void *engine, const tocsin_allocator *allocator, void **scratch);
    void (*free_scratch)(void *scratch);
    /* Adds the occurrences that start in [from, to). */
    tocsin_status (*scan)(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                          tocsin__hits *hits);
} tocsin__engine_kind;

extern const tocsin__engine_kind tocsin__engine_filter;    /* literals; the patterns stay borrowed */
extern const tocsin__engine_kind tocsin__engine_hyperscan; /* literals */
extern const tocsin__engine_kind tocsin__engine_regex;     /* regexes; from must be 0 and to the length */
extern const tocsin__engine_kind tocsin__engine_naive;     /* literals */

#endif
