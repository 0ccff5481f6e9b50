/* The portable level of text_units.h, and the functions for single characters that all levels call. */
#include "text/fold_tables.h"
#include "text/units_one_to_one.h"

#define FIRST_HAN_BEYOND 0x20000 /* emoji, the most frequent of these, are below it and have no variant class */

/* Whether a character beyond the basic plane stays as it is. */
static int beyond_stays(const uint16_t *plane, uint32_t c) {
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

static int is_one_to_one(const uint16_t *plane, uint32_t c) {
    if (c == TOCSIN__UTF8_MALFORMED) return 0;
    return c < 0x10000 ? plane[c] != 0 : beyond_stays(plane, c);
}

size_t tocsin__one_to_one_width(const tocsin__view *view, size_t at) {
    size_t next;
    const uint32_t c = tocsin__utf8_next(view->text, view->length, at, &next);
    return is_one_to_one(view->plane, c) ? next - at : 0;
}

size_t tocsin__units_portable(const tocsin__view *view, size_t from, size_t end, int narrow, uint16_t *units,
                              uint16_t *places, int *spaceless) {
    const uint16_t *plane = view->plane;
    size_t count = 0;
    *spaceless = 0;
    for (size_t at = from, next; at < end; at = next) {
        uint32_t c = tocsin__utf8_next(view->text, view->length, at, &next);
        if (plane && !is_one_to_one(plane, c)) return SIZE_MAX;
        if (plane && c < 0x10000) c = plane[c];
        units[count] = c == TOCSIN__UTF8_MALFORMED ? 0 : tocsin__unit_of(c);
        places[count] = (uint16_t)(at - from);
        count += narrow || next - at == 3;
    }
    tocsin__units_end(units + count);
    return count;
}

#define AT_ONCE 16 /* units that compilers test together */

static int is_space(uint16_t c) { return (c == ' ') | (c == '\t') | (c == 0x1680); }

size_t tocsin__next_space_portable(const uint16_t *units, size_t at, size_t count) {
    for (; at + AT_ONCE <= count; at += AT_ONCE) {
        int any = 0;
        for (size_t i = 0; i < AT_ONCE; i++) any |= is_space(units[at + i]);
        if (any) break;
    }
    while (at < count && !is_space(units[at])) at++;
    return at;
}
