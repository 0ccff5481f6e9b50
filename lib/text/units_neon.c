/*
 * The NEON level of text_units.h: eight characters of three bytes at a time, ASCII by 16; the plane table is read entry
 * by entry, because NEON has no gather. Everything else is read as at the portable level.
 */
#include "text/units_one_to_one.h"

#ifdef TOCSIN__FOLD_ARM

#include "text/neon_three.h"

#define EIGHT 24 /* bytes of eight characters */

/* The units of a reading, and how far it has come. */
typedef struct reading {
    const tocsin__view *view;
    size_t from, at;
    uint16_t *units, *places; /* where the next unit and place go */
} reading;

/* Reads eight well-formed characters of three bytes, all one-to-one; otherwise returns 0 and does nothing. */
static inline int read_eight(reading *r) {
    static const uint16_t threes[8] = {0, 3, 6, 9, 12, 15, 18, 21};
    const uint16_t *plane = r->view->plane;
    const uint8x8x3_t raw = vld3_u8((const uint8_t *)r->view->text + r->at);
    if (!tocsin__neon_are_three(&raw)) return 0;
    uint16x8_t c = tocsin__neon_points(&raw);
    const uint16x8_t surrogates = vceqq_u16(vandq_u16(c, vdupq_n_u16(0xF800)), vdupq_n_u16(0xD800));
    if (vminvq_u16(c) < 0x800 || vmaxvq_u16(surrogates)) return 0;
    if (plane) {
        uint16_t points[8];
        vst1q_u16(points, c);
        for (int i = 0; i < 8; i++) points[i] = plane[points[i]];
        c = vld1q_u16(points);
        if (!vminvq_u16(c)) return 0;
    }
    vst1q_u16(r->units, c);
    vst1q_u16(r->places, vaddq_u16(vld1q_u16(threes), vdupq_n_u16((uint16_t)(r->at - r->from))));
    r->units += 8;
    r->places += 8;
    r->at += EIGHT;
    return 1;
}

/* Reads sixteen bytes of ASCII without U+0000; otherwise returns 0 and does nothing. */
static inline int read_16(reading *r, int narrow) {
    const uint16_t *plane = r->view->plane;
    const uint8_t *s = (const uint8_t *)r->view->text + r->at;
    const uint8x16_t bytes = vld1q_u8(s);
    if (vmaxvq_u8(bytes) >= 0x80 || !vminvq_u8(bytes)) return 0;
    if (narrow) {
        for (size_t i = 0; i < 16; i++) {
            r->units[i] = plane ? plane[s[i]] : s[i];
            r->places[i] = (uint16_t)(r->at - r->from + i);
        }
        r->units += 16;
        r->places += 16;
    }
    r->at += 16;
    return 1;
}

/* Reads one character of any kind; returns 0 if it is not one-to-one. */
static inline int read_one(reading *r, int narrow) {
    const tocsin__view *view = r->view;
    size_t next;
    uint32_t c = tocsin__utf8_next(view->text, view->length, r->at, &next);
    if (view->plane) {
        if (!tocsin__one_to_one_width(view, r->at)) return 0;
        if (c < 0x10000) c = view->plane[c];
    }
    *r->units = c == TOCSIN__UTF8_MALFORMED ? 0 : tocsin__unit_of(c);
    *r->places = (uint16_t)(r->at - r->from);
    const int counts = narrow || next - r->at == 3;
    r->units += counts;
    r->places += counts;
    r->at = next;
    return 1;
}

size_t tocsin__units_neon(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                          uint16_t *places, int *spaceless) {
    reading r = {view, from, from, units, places};
    *spaceless = 0;
    while (r.at < end) {
        const unsigned char first = (unsigned char)view->text[r.at];
        if (first < 0x80 ? end - r.at >= 16 && read_16(&r, narrow)
                         : first >= 0xE0 && end - r.at >= EIGHT && read_eight(&r)) {
            continue;
        }
        if (!read_one(&r, narrow)) return SIZE_MAX;
    }
    tocsin__units_end(r.units);
    return (size_t)(r.units - units);
}

#endif
