#ifndef TOCSIN_TOOLS_TOOL_MEMORY_H
#define TOCSIN_TOOLS_TOOL_MEMORY_H

/* Memory for the command line: what cannot be had ends the program with a message, so nobody tests for NULL. */

#include <stddef.h>

/* count × size bytes, cleared; an overflow counts as "no memory". */
void *tool_allocate(size_t count, size_t size);

/* Grows or makes an array; what is new in it is not cleared. */
void *tool_reallocate(void *memory, size_t count, size_t size);

void tool_free(void *memory);

char *tool_copy(const char *text);

/* Says so on standard error and ends the program with exit status 3. */
_Noreturn void tool_out_of_memory(void);

#endif
