/*
 * Folds plain characters in plain C. For characters of three bytes, nearly all of Chinese text, it needs one load, one
 * test of all three bytes and one look-up; characters that keep their length are always encoded anew, because in
 * traditional text a branch could not predict which ones changed. ASCII is read eight bytes at a time.
 */
#include "text/fold_step.h"

void tocsin__fold_run_portable(tocsin__fold_run *run) {
    const tocsin__fold_run fixed =
        *run; /* a local copy: stores of characters cannot change it, so nothing is read again */
    tocsin__fold_cursor at = {run->text + run->at, run->out + run->written, run->segments + run->segment_count};
    const char *end = run->text + run->length, *stop = run->text + run->stop;
    while (at.s < stop) {
        unsigned char first = (unsigned char)*at.s;
        size_t left = (size_t)(end - at.s);
        if (first < 0x80) {
            if (left >= 8 && tocsin__fold_take_ascii(&at)) continue;
        } else if (first >= 0xE0) {
            const char *before = at.s, *limit = left < 4 ? at.s : stop < end - 3 ? stop : end - 3;
            while (at.s < limit && tocsin__fold_take_three(&fixed, &at, tocsin__load_4(at.s))) continue;
            if (at.s > before) continue;
            if (left == 3 && tocsin__fold_take_three(&fixed, &at, tocsin__load_3(at.s))) continue;
        }
        if (!tocsin__fold_take_one(&fixed, &at)) break;
    }
    run->at = (size_t)(at.s - run->text);
    run->written = (size_t)(at.out - run->out);
    run->segment_count = (size_t)(at.segment - run->segments);
}
