#ifndef TOCSIN_BASE_ARGUMENTS_H
#define TOCSIN_BASE_ARGUMENTS_H

/*
 * Checks of a caller's arguments. A failure is TOCSIN_ERROR_ARGUMENT unless said otherwise, with a message that names
 * the argument or the member. Nothing of a struct is read before its size is checked.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/error.h>

/* "<name> is NULL". */
tocsin_status tocsin__null_argument(tocsin_error *error, const char *name);

/*
 * Checks the size of a caller's struct, whose first member is struct_size: `least` is the size in its first version,
 * `known` its size in this version. A shorter struct than `known` comes from an older program. A longer one comes from
 * a newer program and may not ask for anything that this version does not know: every byte beyond `known` must be zero.
 * `name` is the name of the argument.
 */
tocsin_status tocsin__check_struct(const void *given, const char *name, const char *init, size_t known, size_t least,
                                   tocsin_error *error);

/*
 * Takes such a struct. On entry *out, of `size` bytes, holds the defaults; members that the caller's program does not
 * know keep them. given may be NULL.
 */
tocsin_status tocsin__take_struct(const void *given, const char *name, const char *init, void *out, size_t size,
                                  size_t least, tocsin_error *error);

/* As tocsin__allocator_resolve; `name` is the name of the argument or member. */
tocsin_status tocsin__take_allocator(const tocsin_allocator *given, const char *name, tocsin_allocator *resolved,
                                     tocsin_error *error);

/*
 * Refuses NULL with a length, and more bytes than any object can hold (TOCSIN_ERROR_TOO_LARGE); the bytes are not read.
 * `owner` stands before the name, as "document->".
 */
tocsin_status tocsin__check_bytes(tocsin_bytes bytes, const char *owner, const char *name, tocsin_error *error);

/* A value of 0 to count - 1, those of the enumeration `type`; `owner` stands before the name, as "item->". */
tocsin_status tocsin__check_value(int value, int count, const char *owner, const char *name, const char *type,
                                  tocsin_error *error);

/* TOCSIN_ERROR_TOO_LARGE: bytes over TOCSIN_FOLD_MAX. `owner` stands before the name, as "document->". */
tocsin_status tocsin__too_large(tocsin_error *error, const char *owner, const char *name, uint64_t length);

/*
 * Does what an initialiser of a header does, for programs that cannot use it: copies up to `size` bytes of `defaults`,
 * which has `known` bytes, zeroes the members that only a newer program has, and writes `size` into the first member.
 * TOCSIN_ERROR_ARGUMENT: made is NULL, or size is less than `least` or larger than the size of any version.
 */
tocsin_status tocsin__init_struct(void *made, size_t size, const void *defaults, size_t known, size_t least);

#endif
