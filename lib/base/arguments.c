/* Words the refusals of arguments in one place, so that every function reports the same mistake alike. */
#include "base/arguments.h"

#include <stdalign.h>
#include <string.h>

#include <tocsin/fold.h>

#include "base/fail.h"
#include "base/memory.h"

/* Bytes: far more than any version of a struct will have, so that a wrong size is detected. */
#define MOST_STRUCT ((size_t)4096)

tocsin_status tocsin__null_argument(tocsin_error *error, const char *name) {
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s is NULL", name);
}

tocsin_status tocsin__check_value(int value, int count, const char *owner, const char *name, const char *type,
                                  tocsin_error *error) {
    if (value >= 0 && value < count) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s%s is %d, which is not a %s", owner, name, value, type);
}

tocsin_status tocsin__init_struct(void *made, size_t size, const void *defaults, size_t known, size_t least) {
    if (!made || size < least || size > MOST_STRUCT) return TOCSIN_ERROR_ARGUMENT;
    memset(made, 0, size);
    memcpy(made, defaults, size < known ? size : known);
    memcpy(made, &size, sizeof size);
    return TOCSIN_OK;
}

tocsin_status tocsin__check_struct(const void *given, const char *name, const char *init, size_t known, size_t least,
                                   tocsin_error *error) {
    size_t size;
    memcpy(&size, given, sizeof size);
    if (size < least || size > MOST_STRUCT || size % alignof(size_t)) {
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s->struct_size is %zu: start from %s", name, size, init);
    }
    for (size_t at = known; at < size; at++) {
        if (!((const char *)given)[at]) continue;
        return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT,
                            "%s->struct_size is %zu, and a member after the %zu bytes that this library knows is set",
                            name, size, known);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin__take_struct(const void *given, const char *name, const char *init, void *out, size_t size,
                                  size_t least, tocsin_error *error) {
    size_t given_size;
    if (!given) return TOCSIN_OK;
    tocsin_status status = tocsin__check_struct(given, name, init, size, least, error);
    if (status) return status;
    memcpy(&given_size, given, sizeof given_size);
    memcpy(out, given, given_size < size ? given_size : size);
    memcpy(out, &size, sizeof size);
    return TOCSIN_OK;
}

tocsin_status tocsin__take_allocator(const tocsin_allocator *given, const char *name, tocsin_allocator *resolved,
                                     tocsin_error *error) {
    if (tocsin__allocator_resolve(given, resolved)) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s has some of its three functions only: set all or none", name);
}

tocsin_status tocsin__too_large(tocsin_error *error, const char *owner, const char *name, uint64_t length) {
    return tocsin__fail(error, TOCSIN_ERROR_TOO_LARGE, "%s%s has %llu bytes, more than the %zu that are ever read",
                        owner, name, (unsigned long long)length, TOCSIN_FOLD_MAX);
}

tocsin_status tocsin__check_bytes(tocsin_bytes bytes, const char *owner, const char *name, tocsin_error *error) {
    if (bytes.length > TOCSIN_FOLD_MAX) return tocsin__too_large(error, owner, name, bytes.length);
    if (bytes.data || !bytes.length) return TOCSIN_OK;
    return tocsin__fail(error, TOCSIN_ERROR_ARGUMENT, "%s%s.data is NULL, and its length is %zu", owner, name,
                        bytes.length);
}
