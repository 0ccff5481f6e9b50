/*
 * Folds plain characters with NEON, which every aarch64 processor has: eight characters of three bytes at a time. The
 * load itself splits them and the store joins them again. NEON has no gather: the plane table is read eight times.
 * Characters that change their length, and single characters, are left to the portable steps. ASCII is read 16 bytes at
 * a time.
 */
#include "text/fold_step.h"

#ifdef TOCSIN__FOLD_ARM

#include "text/neon_three.h"

#define EIGHT 24 /* bytes of eight characters */

/* Folds eight characters of three bytes that become characters of three bytes; otherwise returns 0 and does nothing. */
static inline int take_eight(const tocsin__fold_run *run, tocsin__fold_cursor *at) {
    const uint8x8x3_t raw = vld3_u8((const uint8_t *)at->s);
    const uint8x8_t six = vdup_n_u8(0x3F);
    if (!tocsin__neon_are_three(&raw)) return 0;
    uint16_t points[8];
    const uint16x8_t c = tocsin__neon_points(&raw);
    vst1q_u16(points, c);
    for (int i = 0; i < 8; i++) points[i] = run->plane[points[i]];
    const uint16x8_t folded = vld1q_u16(points);
    if (vminvq_u16(vminq_u16(folded, c)) < 0x800) return 0;
    uint8x8x3_t made;
    made.val[0] = vorr_u8(vmovn_u16(vshrq_n_u16(folded, 12)), vdup_n_u8(0xE0));
    made.val[1] = vorr_u8(vand_u8(vmovn_u16(vshrq_n_u16(folded, 6)), six), vdup_n_u8(0x80));
    made.val[2] = vorr_u8(vand_u8(vmovn_u16(folded), six), vdup_n_u8(0x80));
    vst3_u8((uint8_t *)at->out, made);
    at->s += EIGHT;
    at->out += EIGHT;
    return 1;
}

/* Folds 16 bytes of ASCII, none of them U+0000. */
static inline int take_16(tocsin__fold_cursor *at) {
    const uint8x16_t bytes = vld1q_u8((const uint8_t *)at->s);
    if (vmaxvq_u8(bytes) >= 0x80 || !vminvq_u8(bytes)) return 0;
    const uint8x16_t capital = vcltq_u8(vsubq_u8(bytes, vdupq_n_u8('A')), vdupq_n_u8(26));
    vst1q_u8((uint8_t *)at->out, vaddq_u8(bytes, vandq_u8(capital, vdupq_n_u8(0x20))));
    at->s += 16;
    at->out += 16;
    return 1;
}

void tocsin__fold_run_neon(tocsin__fold_run *run) {
    const tocsin__fold_run fixed = *run;
    tocsin__fold_cursor at = {run->text + run->at, run->out + run->written, run->segments + run->segment_count};
    const char *end = run->text + run->length, *stop = run->text + run->stop;
    while (at.s < stop) {
        const unsigned char first = (unsigned char)*at.s;
        const size_t left = (size_t)(end - at.s);
        if (first < 0x80) {
            if (left >= 16 && take_16(&at)) continue;
            if (left >= 8 && tocsin__fold_take_ascii(&at)) continue;
        } else if (first >= 0xE0) {
            if (left >= EIGHT && take_eight(&fixed, &at)) continue;
            if (left >= 3 && tocsin__fold_take_three(&fixed, &at, tocsin__load_3(at.s))) continue;
        }
        if (!tocsin__fold_take_one(&fixed, &at)) break;
    }
    run->at = (size_t)(at.s - run->text);
    run->written = (size_t)(at.out - run->out);
    run->segment_count = (size_t)(at.segment - run->segments);
}

#endif
