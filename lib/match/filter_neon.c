/* The filter's loops with NEON, which every aarch64 processor has: hashes of eight windows at a time. */
#include "text/fold_level.h"

#ifdef TOCSIN__FOLD_ARM

#define TOCSIN__FILTER_NEON 1
#include "match/filter_loop.h"

void tocsin__filter_run_neon(tocsin__filter_run *run) { run_windows(run); }

#endif
