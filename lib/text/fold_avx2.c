/* Room for the plain run with AVX2: until it is written the portable one stands in. */
#include "text/fold_level.h"

#ifdef TOCSIN__FOLD_X86
void tocsin__fold_run_avx2(tocsin__fold_run *run) { tocsin__fold_run_portable(run); }
#endif
