#ifndef TOCSIN_IMAGE_H
#define TOCSIN_IMAGE_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/bytes.h>
#include <tocsin/diagnostics.h>
#include <tocsin/error.h>
#include <tocsin/plan.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A plan as one file: its sources as they were read, compressed and checked. An image holds no compiled data, so an
 * image from a stranger is as safe as a plan's files from a stranger. docs/FORMAT.md specifies it. The same plan and
 * the same versions of tocsin and zstd give the same bytes, whatever the process or the time. Immutable; shared by any
 * number of threads at once. Images of tocsin 0.1 have a third section, `blobs`, which is not read.
 */
typedef struct tocsin_image tocsin_image;

/** Information about an image; the pointers live as long as the image. */
typedef struct tocsin_image_info {
    uint32_t format;    /**< version of the format */
    const char *writer; /**< version of the library that wrote it */
    uint64_t content;   /**< a hash over everything that decides verdicts; equal plans have equal hashes */
    uint64_t tables;    /**< identifies the writer's fold tables */
    int same_tables;    /**< 1: the same as this library's tables; 0: verdicts may differ */
    uint64_t bytes;     /**< of the image */
    const char *name;   /**< of the plan */
    const char *version;
    uint32_t tier_count;
    uint32_t clause_count;
    uint32_t route_count;
    uint32_t topic_count;
    uint64_t term_count;
    uint64_t pattern_count;
    uint64_t regex_count;
    uint64_t venue_count;
    size_t source_count;
    size_t section_count;
} tocsin_image_info;

/** A file that the plan was compiled from. Borrowed from the image. */
typedef struct tocsin_image_source {
    const char *name; /**< as the plan spells it; the first source is the plan itself */
    tocsin_bytes bytes;
} tocsin_image_source;

/** A part of the file, for people. Borrowed from the image. */
typedef struct tocsin_image_section {
    const char *name;
    uint64_t offset;   /**< in the file */
    uint64_t stored;   /**< bytes there */
    uint64_t length;   /**< bytes after decompression */
    uint64_t checksum; /**< XXH3 of the stored bytes */
} tocsin_image_section;

/**
 * Writes the plan to path. It is written under a temporary name, made durable, and renamed, so that path always holds
 * the whole old image or the whole new one, which gets the mode of the old one. A symbolic link is followed; a device
 * or a pipe is written into, never replaced. TOCSIN_ERROR_IO (the old image stays), TOCSIN_ERROR_UNSUPPORTED (the plan
 * was compiled without_sources), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY. error may be NULL. Thread-safe always; of
 * several writers at once, one wins and its file is whole.
 */
TOCSIN_API tocsin_status tocsin_plan_save(const tocsin_plan *plan, const char *path, tocsin_error *error);

/** Appends the image to out, which is unchanged after a failure; statuses as tocsin_plan_save. */
TOCSIN_API tocsin_status tocsin_plan_save_to_buffer(const tocsin_plan *plan, tocsin_buffer *out, tocsin_error *error);

/**
 * Returns 1 if the bytes begin as an image does, otherwise 0, also for NULL; eight bytes suffice. Thread-safe always.
 */
TOCSIN_API int tocsin_image_recognises(const void *bytes, size_t length);

/**
 * Reads and checks an image. allocator NULL means the default one. *image belongs to the caller and is left untouched
 * on failure: TOCSIN_ERROR_IMAGE (damaged, truncated, or not an image; the message names the byte, error->offset has
 * it), TOCSIN_ERROR_UNSUPPORTED (a later version of the format), TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_IO,
 * TOCSIN_ERROR_TOO_LARGE (over TOCSIN_MAX_IMAGE_BYTES, also decompressed), TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY.
 * error may be NULL. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_image_open(const char *path, const tocsin_allocator *allocator, tocsin_image **image,
                                           tocsin_error *error);

#define TOCSIN_MAX_IMAGE_BYTES ((uint64_t)1 << 30)

/**
 * As tocsin_image_open, from length bytes in memory, at any alignment; they are copied. Statuses as there, without
 * TOCSIN_ERROR_NOT_FOUND and TOCSIN_ERROR_IO. error may be NULL. Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_image_read(const void *bytes, size_t length, const tocsin_allocator *allocator,
                                           tocsin_image **image, tocsin_error *error);

/** Frees it; plans that were compiled from it stay valid. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_image_free(tocsin_image *image);

/** Borrowed: lives as long as the image. NULL for NULL. Thread-safe always. */
TOCSIN_API const tocsin_image_info *tocsin_image_get_info(const tocsin_image *image);

/**
 * The index-th source, 0-based; NULL if there is none, and for NULL. Borrowed: lives as long as the image. Thread-safe
 * always.
 */
TOCSIN_API const tocsin_image_source *tocsin_image_get_source(const tocsin_image *image, size_t index);

/** The index-th section, 0-based; lifetime and NULL as for tocsin_image_get_source. Thread-safe always. */
TOCSIN_API const tocsin_image_section *tocsin_image_get_section(const tocsin_image *image, size_t index);

/**
 * The plan of an image: the one that was saved. An engine or a limit that is 0 in options keeps the value with which
 * the plan was compiled. Otherwise as tocsin_plan_compile_file, with the sources of the image in place of files. If
 * info->same_tables is 1, verdicts are the same as when the image was written. If it is 0, they may differ, and a
 * diagnostic with the code "image-tables" says so.
 */
TOCSIN_API tocsin_status tocsin_plan_from_image(const tocsin_image *image, const tocsin_plan_options *options,
                                                tocsin_diagnostics *diagnostics, tocsin_plan **plan,
                                                tocsin_error *error);

/**
 * Opens a plan in any form: a plan file, a folder with a plan.yaml, or an image, which is recognised by its first
 * bytes. options, diagnostics and error may be NULL. *plan belongs to the caller (tocsin_plan_release) and is left
 * untouched on failure. Statuses: as tocsin_plan_compile_file; for an image, as tocsin_image_open and
 * tocsin_plan_from_image. Thread-safe when no other call uses the same diagnostics.
 */
TOCSIN_API tocsin_status tocsin_plan_load(const char *path, const tocsin_plan_options *options,
                                          tocsin_diagnostics *diagnostics, tocsin_plan **plan, tocsin_error *error);

#ifdef __cplusplus
}
#endif

#endif
