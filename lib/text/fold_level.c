/*
 * Chooses the instruction set for folding. A folder asks the processor once, when it is made, so that one library
 * serves every machine and no call pays for the question.
 */
#include "text/fold_level.h"

#include "text/folder.h"
#include "text/text_units.h"

/* The function of a level, or NULL if this processor or this build does not have the level. */
static tocsin__fold_run_function *level_function(tocsin__fold_level level) {
    switch (level) {
        case TOCSIN__FOLD_PORTABLE: return tocsin__fold_run_portable;
#ifdef TOCSIN__FOLD_X86
        case TOCSIN__FOLD_AVX2: return tocsin__has_avx2() ? tocsin__fold_run_avx2 : NULL;
        case TOCSIN__FOLD_AVX512: return tocsin__has_avx512() ? tocsin__fold_run_avx512 : NULL;
#elif defined(TOCSIN__FOLD_ARM)
        case TOCSIN__FOLD_NEON: return tocsin__fold_run_neon;
#endif
        default: return NULL;
    }
}

tocsin__fold_run_function *tocsin__fold_level_best(void) {
    for (int level = TOCSIN__FOLD_LEVELS - 1; level > TOCSIN__FOLD_PORTABLE; level--) {
        tocsin__fold_run_function *run = level_function((tocsin__fold_level)level);
        if (run) return run;
    }
    return tocsin__fold_run_portable;
}

int tocsin__fold_set_level(struct tocsin_folder *folder, tocsin__fold_level level) {
    tocsin__fold_run_function *run = level_function(level);
    if (!run) return 0;
    folder->run = run;
    return 1;
}
