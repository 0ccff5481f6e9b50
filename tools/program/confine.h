#ifndef TOCSIN_TOOLS_CONFINE_H
#define TOCSIN_TOOLS_CONFINE_H

/*
 * A program that reads text of strangers first gives up the rights it does not need, with Linux's Landlock
 * (kernel.org/doc/html/latest/userspace-api/landlock.html). Even if a text takes control of it, it then writes into no
 * other folder, starts no program and opens no connection.
 */

#include <stddef.h>

/*
 * From now on this thread, and those it starts, may make, write, rename and delete files only in the folders of the
 * given files, may execute none, and may neither bind nor connect by TCP, as far as the running kernel can enforce it.
 * A file may be NULL or "-", and need not exist. Open files stay as they are, and everything may be read. Call it
 * before other threads start. If the kernel has no Landlock, or does not allow it, everything stays allowed, and that
 * is no error.
 */
void confine(const char *const *files, size_t count);

#endif
