/* The filter's loops with AVX-512; the build compiles this file for F, BW, VL, VBMI and VBMI2. */
#include "match/filter_loop.h"

#ifdef TOCSIN__FOLD_X86

void tocsin__filter_run_avx512(tocsin__filter_run *run) { run_windows(run); }

#endif
