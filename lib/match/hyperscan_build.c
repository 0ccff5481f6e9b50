/*
 * Compiles Hyperscan databases: one for literals through the pure literal interface, one for regexes. Each has one set
 * of flags for all its patterns, because mixed flags make Hyperscan slow. For literals it reports where matches start,
 * which costs a third more memory and little speed. For regexes it only reports where matches end: with starts, it
 * refuses many regexes as too large and takes a hundred times as long to compile others. Databases are for any x86-64
 * CPU that Hyperscan supports, unless the caller asks for this CPU. Hyperscan takes memory from its own allocator,
 * which is one for the whole process; tocsin never sets it.
 */
#include <hs_compile.h>
#include <limits.h>

#include "base/fail.h"
#include "match/hyperscan_internal.h"

typedef struct columns {
    const char **data;
    unsigned *flags;
    unsigned *ids;
    size_t *lengths;
} columns;

static void free_columns(columns *c, size_t count, const tocsin_allocator *allocator) {
    tocsin__deallocate(allocator, (void *)c->data, count * sizeof *c->data);
    tocsin__deallocate(allocator, c->flags, count * sizeof *c->flags);
    tocsin__deallocate(allocator, c->ids, count * sizeof *c->ids);
    tocsin__deallocate(allocator, c->lengths, count * sizeof *c->lengths);
}

static tocsin_status fill_columns(columns *c, const tocsin__pattern *patterns, size_t count, unsigned flags,
                                  const tocsin_allocator *allocator) {
    *c = (columns){
        tocsin__allocate(allocator, count * sizeof *c->data), tocsin__allocate(allocator, count * sizeof *c->flags),
        tocsin__allocate(allocator, count * sizeof *c->ids), tocsin__allocate(allocator, count * sizeof *c->lengths)};
    if (!c->data || !c->flags || !c->ids || !c->lengths) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) {
        c->data[i] = patterns[i].data;
        c->flags[i] = flags;
        c->ids[i] = (unsigned)i;
        c->lengths[i] = patterns[i].length;
    }
    return TOCSIN_OK;
}

static tocsin_status say(const hs_compile_error_t *said, hs_error_t code, size_t *bad, tocsin_error *error) {
    *bad = said && said->expression >= 0 ? (size_t)said->expression : SIZE_MAX;
    if (code == HS_NOMEM) return tocsin__fail(error, TOCSIN_ERROR_MEMORY, "Hyperscan is out of memory");
    return tocsin__fail(error, TOCSIN_ERROR_ENGINE, "Hyperscan: %s", said && said->message ? said->message : "error");
}

static tocsin_status compile(const tocsin__pattern *patterns, size_t count, const tocsin__engine_options *options,
                             int literals, void **engine, size_t *bad, tocsin_error *error) {
    const unsigned flags = literals ? TOCSIN__LITERAL_FLAGS : TOCSIN__REGEX_FLAGS;
    const hs_platform_info_t generic = {HS_TUNE_FAMILY_GENERIC, 0, 0, 0};
    const hs_platform_info_t *platform = options->native_cpu ? NULL : &generic;
    hs_compile_error_t *said = NULL;
    hs_error_t code = HS_SUCCESS;
    columns c;
    *bad = SIZE_MAX;
    if (count > UINT_MAX / 2) return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "%zu patterns", count);
    const tocsin_status sound = tocsin__hyperscan_check(literals, error);
    if (sound) return sound;
    tocsin__hyperscan *made = tocsin__allocate_zeroed(&options->allocator, sizeof *made);
    if (made) made->allocator = options->allocator;
    tocsin_status status = fill_columns(&c, patterns, count, flags, &options->allocator);
    if (!made) status = TOCSIN_ERROR_MEMORY;
    if (!status) {
        for (size_t i = 0; i < count; i++) {
            if (patterns[i].length > made->longest) made->longest = patterns[i].length;
        }
        unsigned n = (unsigned)count;
        code = literals ? hs_compile_lit_multi(c.data, c.flags, c.ids, c.lengths, n, HS_MODE_BLOCK, platform,
                                               &made->database, &said)
                        : hs_compile_multi(c.data, c.flags, c.ids, n, HS_MODE_BLOCK, platform, &made->database, &said);
        if (code == HS_SUCCESS) code = hs_database_size(made->database, &made->bytes);
        if (code != HS_SUCCESS) status = say(said, code, bad, error);
    }
    hs_free_compile_error(said);
    free_columns(&c, count, &options->allocator);
    if (status) {
        tocsin__hyperscan_free(made);
        return status;
    }
    *engine = made;
    return TOCSIN_OK;
}

tocsin_status tocsin__hyperscan_compile_literals(const tocsin__pattern *patterns, size_t count,
                                                 const tocsin__engine_options *options, void **engine, size_t *bad,
                                                 tocsin_error *error) {
    return compile(patterns, count, options, 1, engine, bad, error);
}

tocsin_status tocsin__hyperscan_compile_regexes(const tocsin__pattern *patterns, size_t count,
                                                const tocsin__engine_options *options, void **engine, size_t *bad,
                                                tocsin_error *error) {
    return compile(patterns, count, options, 0, engine, bad, error);
}

void tocsin__hyperscan_free(void *engine) {
    tocsin__hyperscan *e = engine;
    if (!e) return;
    tocsin_allocator allocator = e->allocator;
    if (e->database) hs_free_database(e->database);
    tocsin__deallocate(&allocator, e, sizeof *e);
}
