#ifndef TOCSIN_TOOLS_TOOL_MEMORY_H
#define TOCSIN_TOOLS_TOOL_MEMORY_H

/* Memory for the command line: if there is none, the program ends with a message, so no caller tests for NULL. */

#include <stddef.h>

/* count × size bytes, cleared; an overflow counts as "no memory". */
void *tool_allocate(size_t count, size_t size);

/* Grows or makes an array; new bytes are not cleared. */
void *tool_reallocate(void *memory, size_t count, size_t size);

void tool_free(void *memory);

char *tool_copy(const char *text);

/* Prints a message to standard error and ends the program with exit status 3. */
_Noreturn void tool_out_of_memory(void);

#endif
