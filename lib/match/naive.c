/*
 * The engine that is too simple to be wrong: at every byte, for every length that a pattern has, it asks a map whether
 * the bytes there are a pattern. Tests compare other engines with it.
 */

#include "base/hash.h"
#include "match/engine.h"

typedef struct naive {
    tocsin_allocator allocator;
    tocsin__map map;
    TOCSIN_VEC(uint32_t) lengths; /* that occur, ascending */
} naive;

static void free_engine(void *engine) {
    naive *e = engine;
    if (!e) return;
    tocsin_allocator allocator = e->allocator;
    tocsin__map_release(&e->map);
    tocsin__vec_release(&e->lengths, &allocator);
    tocsin__deallocate(&allocator, e, sizeof *e);
}

static tocsin_status note_length(naive *e, uint32_t length) {
    size_t at = 0;
    while (at < e->lengths.length && e->lengths.data[at] < length) at++;
    if (at < e->lengths.length && e->lengths.data[at] == length) return TOCSIN_OK;
    tocsin_status status = tocsin__vec_push(&e->lengths, &e->allocator, length);
    for (size_t i = e->lengths.length - 1; !status && i > at; i--) e->lengths.data[i] = e->lengths.data[i - 1];
    if (!status) e->lengths.data[at] = length;
    return status;
}

static tocsin_status compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                             void **engine, size_t *bad, tocsin_error *error) {
    naive *e = tocsin__allocate_zeroed(&options->allocator, sizeof *e);
    tocsin_status status = e ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    (void)error;
    *bad = SIZE_MAX;
    if (!status) {
        e->allocator = options->allocator;
        tocsin__map_init(&e->map, &e->allocator);
    }
    for (uint32_t i = 0; i < count && !status; i++) {
        uint32_t id = i;
        status = tocsin__map_add(&e->map, patterns[i].data, patterns[i].length, &id);
        if (!status) status = note_length(e, patterns[i].length);
    }
    if (status) {
        free_engine(e);
        return status;
    }
    *engine = e;
    return TOCSIN_OK;
}

static size_t memory(const void *engine) {
    const naive *e = engine;
    return sizeof *e + tocsin__map_memory(&e->map) + e->lengths.capacity * sizeof *e->lengths.data;
}

static tocsin_status create_scratch(const void *engine, const tocsin_allocator *allocator, void **scratch) {
    (void)engine;
    (void)allocator;
    *scratch = NULL;
    return TOCSIN_OK;
}

static void free_scratch(void *scratch) { (void)scratch; }

static tocsin_status scan(const void *engine, void *scratch, const tocsin__text *text, size_t from, size_t to,
                          tocsin__hits *hits) {
    const naive *e = engine;
    const tocsin__view *view = &text->view;
    tocsin_status status = TOCSIN_OK;
    (void)scratch;
    for (size_t at = from; at < to && !status; at++) {
        for (size_t i = 0; i < e->lengths.length && !status; i++) {
            size_t n = e->lengths.data[i];
            if (n > view->length - at) break;
            uint32_t id = tocsin__map_find(&e->map, view->text + at, n);
            if (id != TOCSIN__MAP_NONE) status = tocsin__hits_add(hits, (uint32_t)at, (uint32_t)(at + n), id);
        }
    }
    return status;
}

const tocsin__engine_kind tocsin__engine_naive = {.name = "naive",
                                                  .compile = compile,
                                                  .free_engine = free_engine,
                                                  .memory = memory,
                                                  .create_scratch = create_scratch,
                                                  .free_scratch = free_scratch,
                                                  .scan = scan};
