#ifndef TOCSIN_PLAN_FILES_READ_H
#define TOCSIN_PLAN_FILES_READ_H

/* The files of a plan's folder; the only part of the library that opens files which a plan names. For one thread at a
 * time. */

#include <tocsin/error.h>
#include <tocsin/plan.h>

typedef struct tocsin__plan_files tocsin__plan_files;

/*
 * Finds the plan: path is a file, or a folder whose plan.yaml is meant. The plan's folder is the one where the file
 * really is, symbolic links followed, and every name is read from there. max_bytes, not 0, is the largest file that is
 * read. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_IO, TOCSIN_ERROR_ARGUMENT (an empty path) and TOCSIN_ERROR_MEMORY leave
 * *files untouched and fill in *error, which may be NULL.
 */
tocsin_status tocsin__plan_files_open(const char *path, uint64_t max_bytes, const tocsin_allocator *allocator,
                                      tocsin__plan_files **files, tocsin_error *error);

/* NULL does nothing. */
void tocsin__plan_files_close(tocsin__plan_files *files);

/* The plan's own name in its folder, what to read first: "plan.yaml". Borrowed until files are closed. */
const char *tocsin__plan_files_plan_name(const tocsin__plan_files *files);

/*
 * A tocsin_source_reader, context a tocsin__plan_files: appends the bytes of the file to out, which is as it was after
 * a failure. TOCSIN_ERROR_OUTSIDE for a name that is absolute, that leaves the folder with .., or that a symbolic link
 * leads out of it; TOCSIN_ERROR_TOO_LARGE; TOCSIN_ERROR_NOT_FOUND; TOCSIN_ERROR_IO for what cannot be read or is not a
 * regular file; TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__plan_files_read(void *context, const char *name, tocsin_buffer *out);

/* What the last read that failed met, for people; status TOCSIN_OK before there was one. Borrowed. */
const tocsin_error *tocsin__plan_files_last_error(const tocsin__plan_files *files);

#endif
