#ifndef TOCSIN_PLAN_FILES_READ_H
#define TOCSIN_PLAN_FILES_READ_H

/*
 * Reads the files of a plan's folder; no other part of the library opens files that a plan names. For one thread at a
 * time.
 */

#include <tocsin/error.h>
#include <tocsin/plan.h>

typedef struct tocsin__plan_files tocsin__plan_files;

/*
 * Finds the plan: path is a file, or a folder that holds plan.yaml. The plan's folder is the one where the file really
 * is, after symbolic links; every name is read from there. max_bytes, which is not 0, is the size of the largest file
 * that is read. TOCSIN_ERROR_NOT_FOUND, TOCSIN_ERROR_IO, TOCSIN_ERROR_ARGUMENT (an empty path) and TOCSIN_ERROR_MEMORY
 * leave
 * *files untouched and fill in *error, which may be NULL.
 */
tocsin_status tocsin__plan_files_open(const char *path, uint64_t max_bytes, const tocsin_allocator *allocator,
                                      tocsin__plan_files **files, tocsin_error *error);

/* NULL does nothing. */
void tocsin__plan_files_close(tocsin__plan_files *files);

/* The plan's own name in its folder, the first file to read: "plan.yaml". Borrowed until files are closed. */
const char *tocsin__plan_files_plan_name(const tocsin__plan_files *files);

/*
 * A tocsin_source_reader whose context is a tocsin__plan_files: appends the bytes of the file to out, which is
 * unchanged after a failure. TOCSIN_ERROR_OUTSIDE for a name that is absolute, that leaves the folder with .., or that
 * a symbolic link leads out of it; TOCSIN_ERROR_TOO_LARGE; TOCSIN_ERROR_NOT_FOUND; TOCSIN_ERROR_IO for a file that
 * cannot be read or is not regular; TOCSIN_ERROR_MEMORY.
 */
tocsin_status tocsin__plan_files_read(void *context, const char *name, tocsin_buffer *out);

/* The details of the last failed read, for people; its status is TOCSIN_OK if no read has failed. Borrowed. */
const tocsin_error *tocsin__plan_files_last_error(const tocsin__plan_files *files);

#endif
