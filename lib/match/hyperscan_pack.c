/*
 * Databases to bytes and back. Hyperscan itself sees whether a database is of its version and for this processor; its
 * bytes are run by it as they are, and so must be trusted as code is.
 */
#include "match/hyperscan_layout.h"

void tocsin__hyperscan_pack(const void *engine, tocsin__packer *packer) {
    const tocsin__hyperscan *e = engine;
    char *bytes = NULL;
    size_t length = 0;
    if (packer->status) return;
    if (hs_serialize_database(e->database, &bytes, &length) != HS_SUCCESS) {
        packer->status = TOCSIN_ERROR_MEMORY;
        return;
    }
    tocsin__pack_number(packer, e->longest);
    tocsin__pack_array(packer, bytes, length, 1);
    tocsin__deallocate(tocsin_allocator_default(), bytes, length); /* Hyperscan's own is malloc, and so is this one */
}

tocsin_status tocsin__hyperscan_unpack(tocsin__unpacker *unpacker, const tocsin__pattern *patterns, size_t count,
                                       const tocsin__engine_options *options, void **engine) {
    size_t length, longest = 0;
    for (size_t i = 0; i < count; i++) {
        if (patterns[i].length > longest) longest = patterns[i].length;
    }
    if (tocsin__unpack_number(unpacker) != longest) unpacker->sound = 0;
    const char *bytes = tocsin__unpack_array(unpacker, 1, &length);
    if (!unpacker->sound) return TOCSIN_OK;
    /* Written by the same release, but perhaps on another processor. Then it is compiled anew, which says what is
     * wrong. */
    if (tocsin__hyperscan_check(0, NULL)) {
        unpacker->sound = 0;
        return TOCSIN_OK;
    }
    tocsin__hyperscan *made = tocsin__allocate_zeroed(&options->allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = options->allocator;
    made->longest = longest;
    hs_error_t code = hs_deserialize_database(bytes, length, &made->database);
    if (code == HS_SUCCESS) code = hs_database_size(made->database, &made->bytes);
    if (code == HS_SUCCESS) {
        *engine = made;
        return TOCSIN_OK;
    }
    tocsin__hyperscan_free(made);
    unpacker->sound &= code == HS_NOMEM;
    return code == HS_NOMEM ? TOCSIN_ERROR_MEMORY : TOCSIN_OK;
}
