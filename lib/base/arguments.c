/* One place for the words of refused arguments, so that every function says the same of the same mistake. */
#include "base/arguments.h"

#include <string.h>

#include "base/fail.h"
#include "base/memory.h"

tocsin_status tocsin__null_argument(tocsin_error *error, const char *name) {
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s is NULL", name);
}

tocsin_status tocsin__init_struct(void *made, size_t size, const void *defaults, size_t known, size_t least) {
    if (!made || size < least || size > 4096) return TOCSIN_ERROR_ARGUMENT;
    memset(made, 0, size);
    memcpy(made, defaults, size < known ? size : known);
    memcpy(made, &size, sizeof size);
    return TOCSIN_OK;
}

tocsin_status tocsin__take_options(const void *given, const char *init, void *out, size_t size, size_t least,
                                   tocsin_error *error) {
    size_t given_size;
    if (!given) return TOCSIN_OK;
    memcpy(&given_size, given, sizeof given_size);
    if (given_size < least) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "options->struct_size is %zu: start from %s", given_size,
                            init);
    }
    if (given_size > size) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT,
                            "options->struct_size is %zu, this library knows %zu bytes: start from %s of its headers",
                            given_size, size, init);
    }
    memcpy(out, given, given_size);
    memcpy(out, &size, sizeof size);
    return TOCSIN_OK;
}

tocsin_status tocsin__take_allocator(const tocsin_allocator *given, const char *name, tocsin_allocator *resolved,
                                     tocsin_error *error) {
    if (tocsin__allocator_resolve(given, resolved)) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s has some of its three functions only: set all or none", name);
}

tocsin_status tocsin__check_bytes(tocsin_bytes bytes, const char *owner, const char *name, tocsin_error *error) {
    if (bytes.data || !bytes.length) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s%s.data is NULL, and its length is %zu", owner, name,
                        bytes.length);
}
