#ifndef TOCSIN_TEXT_FOLD_LEVEL_H
#define TOCSIN_TEXT_FOLD_LEVEL_H

/*
 * Folding of plain characters: those for which the plane table has an entry, nearly all. There is one function for each
 * instruction set, and all give the same bytes; the best that the processor has is chosen when a folder is made. A
 * character that is not plain ends a run, and the folder folds it.
 */

#include <stddef.h>
#include <stdint.h>

#include "text/offset_map.h"

typedef enum tocsin__fold_level {
    TOCSIN__FOLD_PORTABLE,
    TOCSIN__FOLD_AVX2,
    TOCSIN__FOLD_AVX512, /* with VBMI and VBMI2 */
    TOCSIN__FOLD_NEON,
    TOCSIN__FOLD_LEVELS
} tocsin__fold_level;

/*
 * A run goes from `at` up to the first character that is not plain, or until `at` reaches `stop` or goes less than
 * TOCSIN__FOLD_OVERSHOOT past it, whichever comes first. Characters are complete and well-formed at every end of a run.
 * The caller provides room after `written` for 3/2 of the bytes from `at` to `stop` and TOCSIN__FOLD_SLACK more, and
 * after `segment_count` for half as many map segments as bytes and TOCSIN__FOLD_SLACK more: at worst, folding makes
 * three bytes of two, and a map segment stands for at least two source bytes.
 */
typedef struct tocsin__fold_run {
    const uint16_t *plane;
    const char *text;
    size_t length; /* of text; nothing is read past it */
    size_t at;
    size_t stop; /* at most length */
    char *out;
    size_t written; /* folded bytes in `out` */
    tocsin__map_segment *segments;
    size_t segment_count;
} tocsin__fold_run;

#define TOCSIN__FOLD_OVERSHOOT 64
#define TOCSIN__FOLD_SLACK 256 /* room for one overshoot, and for whole vectors of which only a part counts */

typedef void tocsin__fold_run_function(tocsin__fold_run *run);

tocsin__fold_run_function tocsin__fold_run_portable;
#if defined(__x86_64__) && defined(__GNUC__) && !defined(TOCSIN_PORTABLE)
#define TOCSIN__FOLD_X86 1
tocsin__fold_run_function tocsin__fold_run_avx2;
tocsin__fold_run_function tocsin__fold_run_avx512;
#elif defined(__aarch64__) && defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ &&                        \
    !defined(TOCSIN_PORTABLE)
#define TOCSIN__FOLD_ARM 1
tocsin__fold_run_function tocsin__fold_run_neon;
#endif

/* The function of the highest available level. */
tocsin__fold_run_function *tocsin__fold_level_best(void);

struct tocsin_folder;

/* For tests: makes a folder use one level; returns 0 and changes nothing if the level is not available. */
int tocsin__fold_set_level(struct tocsin_folder *folder, tocsin__fold_level level);

#endif
