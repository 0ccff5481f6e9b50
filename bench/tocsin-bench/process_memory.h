#ifndef TOCSIN_BENCH_PROCESS_MEMORY_H
#define TOCSIN_BENCH_PROCESS_MEMORY_H

/* Resident memory of this process, in bytes; 0 where the system does not say. */

#include <stdint.h>

uint64_t process_memory_now(void);
uint64_t process_memory_peak(void);

/* Returns free memory to the system, so that the peak is counted from the present size. */
void process_memory_restart(void);

#endif
