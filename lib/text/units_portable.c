/* The portable level of text_units.h, what all levels ask of single characters, and the choice of the level. */
#include "text/fold_tables.h"
#include "text/units_plain.h"

#define FIRST_HAN_BEYOND 0x20000 /* emoji, which are most, stand before: they have no variant class */

/* Whether a character beyond the basic plane stays as it is. */
static int beyond_is_plain(const uint16_t *plane, uint32_t c) {
    if (tocsin__fold_entry(c) != TOCSIN__FOLD_SIMPLE) return 0;
    if (plane != tocsin__fold_plane_hans || c < FIRST_HAN_BEYOND) return 1;
    size_t low = 0, high = tocsin__fold_class_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (tocsin__fold_classes[middle][0] < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == tocsin__fold_class_count || tocsin__fold_classes[low][0] != c;
}

static int is_plain(const uint16_t *plane, uint32_t c) {
    if (c == TOCSIN__UTF8_MALFORMED) return 0;
    return c < 0x10000 ? plane[c] != 0 : beyond_is_plain(plane, c);
}

size_t tocsin__plain_width(const tocsin__view *view, size_t at) {
    size_t next;
    const uint32_t c = tocsin__utf8_next(view->text, view->length, at, &next);
    return is_plain(view->plane, c) ? next - at : 0;
}

int tocsin__units_portable(const tocsin__view *view, size_t from, size_t end, int narrow, tocsin__units *out) {
    const uint16_t *plane = view->plane;
    size_t count = 0;
    for (size_t at = from, next; at < end; at = next) {
        uint32_t c = tocsin__utf8_next(view->text, view->length, at, &next);
        if (plane && !is_plain(plane, c)) return 0;
        if (plane && c < 0x10000) c = plane[c];
        out->units[count] = c == TOCSIN__UTF8_MALFORMED ? 0 : tocsin__unit_of(c);
        out->places[count] = (uint16_t)(at - from);
        count += narrow || next - at == 3;
    }
    out->count = count;
    tocsin__units_end(out);
    return 1;
}

int tocsin__has_avx2(void) {
#ifdef TOCSIN__FOLD_X86
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2") &&
           __builtin_cpu_supports("popcnt");
#else
    return 0;
#endif
}

tocsin__units_function *tocsin__units_best(void) {
#ifdef TOCSIN__FOLD_X86
    if (tocsin__has_avx2()) return tocsin__units_avx2;
#endif
    return tocsin__units_portable;
}

int tocsin__is_plain(const tocsin__view *view) {
    tocsin__units_function *read_piece = tocsin__units_best();
    tocsin__units units;
    for (size_t at = 0; at < view->length;) {
        size_t end = view->length - at < TOCSIN__UNITS_PIECE ? view->length : at + TOCSIN__UNITS_PIECE;
        const size_t most = view->length - end < 3 ? view->length : end + 3;
        while (end < most && ((unsigned char)view->text[end] & 0xC0) == 0x80) end++;
        if (!read_piece(view, at, end, 0, &units)) return 0;
        at = end;
    }
    return 1;
}
