/*
 * Any bytes, folded: text, spans and the count of malformed parts equal those of ICU alone, with each instruction set
 * in turn; and folding folded text changes nothing, unless gaps are closed. The first byte chooses the options.
 */
#include <stdlib.h>
#include <string.h>

#include "../fold_oracle.h"
#include "fuzz_target.h"

#define OPTIONS 128
#define MOST 4000u /* the oracle is slow */

static void fold_again(tocsin_folder *folder, const char *text, size_t length) {
    tocsin_bytes once, twice;
    if (tocsin_fold(folder, text, length, &once)) fuzz_failed("a text is not folded");
    char *copy = malloc(once.length + 1);
    if (!copy) fuzz_failed("out of memory");
    const size_t copied = once.length;
    if (copied) memcpy(copy, once.data, copied);
    if (tocsin_fold(folder, copy, copied, &twice)) fuzz_failed("folded text is not folded");
    if (twice.length != copied || (copied && memcmp(copy, twice.data, copied) != 0)) fuzz_failed("folding is not done");
    free(copy);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static tocsin_folder *folders[OPTIONS];
    static tocsin_fold_options options[OPTIONS];
    if (!size || size > MOST) return 0;
    const unsigned which = data[0] % OPTIONS;
    if (!folders[which]) {
        options[which] = (tocsin_fold_options){0};
        options[which].profile = which & 1 ? TOCSIN_FOLD_NFKC_CF : TOCSIN_FOLD_NFKC_CF_HANS;
        options[which].between_han = which >> 1 & 7;
        options[which].between_latin = which >> 4 & 7;
        if (tocsin_folder_create(&options[which], NULL, &folders[which])) fuzz_failed("no folder");
    }
    const char *text = (const char *)data + 1;
    oracle_compare(folders[which], &options[which], text, size - 1);
    if (which < 2) fold_again(folders[which], text, size - 1);
    return 0;
}
