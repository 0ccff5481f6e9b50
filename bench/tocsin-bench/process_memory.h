#ifndef TOCSIN_BENCH_PROCESS_MEMORY_H
#define TOCSIN_BENCH_PROCESS_MEMORY_H

/* Resident memory of this process, in bytes; 0 where the system does not say. */

#include <stdint.h>

uint64_t process_memory_now(void);
uint64_t process_memory_peak(void);

/* Gives back what is free and lets the peak start again from what is held now. */
void process_memory_restart(void);

#endif
