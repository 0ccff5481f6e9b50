#ifndef TOCSIN_TOOLS_CONFINE_H
#define TOCSIN_TOOLS_CONFINE_H

/*
 * A program that reads what anybody writes gives up what it does not need before it reads it, by Linux's Landlock
 * (kernel.org/doc/html/latest/userspace-api/landlock.html): whatever a text should make of it then writes into no other
 * folder, starts no program and opens no connection.
 */

#include <stddef.h>

/*
 * From now on this thread, and those it starts, may make, write, rename and delete files only in the folders that hold
 * the files given, execute none, and neither bind nor connect by TCP, as far as the running kernel can see to it. A
 * file may be NULL or "-", and need not be there. What is open already stays as it was, and everything may be read. To
 * be called before other threads are started. Where the kernel has no Landlock, or does not let it be used, all stays
 * allowed, which is no error.
 */
void confine(const char *const *files, size_t count);

#endif
