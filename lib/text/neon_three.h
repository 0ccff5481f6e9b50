#ifndef TOCSIN_TEXT_NEON_THREE_H
#define TOCSIN_TEXT_NEON_THREE_H

/* Splits eight characters of three bytes with NEON's load, for fold_neon.c and units_neon.c. */

#include <arm_neon.h>

/* Whether all eight have the bits of a first byte of three and of two continuation bytes. */
static inline int tocsin__neon_are_three(const uint8x8x3_t *raw) {
    const uint8x8_t after = vdup_n_u8(0xC0), marks = vdup_n_u8(0x80);
    const uint8x8_t odd =
        vorr_u8(veor_u8(vand_u8(raw->val[0], vdup_n_u8(0xF0)), vdup_n_u8(0xE0)),
                vorr_u8(veor_u8(vand_u8(raw->val[1], after), marks), veor_u8(vand_u8(raw->val[2], after), marks)));
    return !vmaxv_u8(odd);
}

/* Their code points; those below U+0800 are overlong. */
static inline uint16x8_t tocsin__neon_points(const uint8x8x3_t *raw) {
    const uint8x8_t six = vdup_n_u8(0x3F);
    return vorrq_u16(
        vshlq_n_u16(vmovl_u8(raw->val[0]), 12),
        vorrq_u16(vshlq_n_u16(vmovl_u8(vand_u8(raw->val[1], six)), 6), vmovl_u8(vand_u8(raw->val[2], six))));
}

#endif
