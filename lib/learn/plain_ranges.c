/*
 * One pass over folded characters, so that full-width marks and upper-case schemes are found too. Limits keep a stray
 * mark from swallowing a sentence: a name or an emoji that is too long is none, and only its first character is a mark.
 */
#include "learn/plain_ranges.h"

#include "text/icu_properties.h"

#define NAME_UNITS 30u  /* of a user name; a character beyond ASCII counts as two */
#define EMOJI_LETTERS 8 /* between the brackets of [允悲] */
#define HOST_LETTERS 64 /* before the path of a link */

static int is_plain_letter(uint32_t c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'); }

/* Pictures: ☀ … ➿, and those beyond the basic plane. */
static int is_picture(uint32_t c) { return (c >= 0x2600 && c < 0x27C0) || (c >= 0x1F000 && c < 0x1FB00); }

/* The highest bit is set if x is 0. As wide as a unit, so that compilers test many units at a time. */
static inline uint16_t zero_bit(unsigned x) { return (uint16_t)((x - 1) & ~x); }

int tocsin__may_have_marks(const tocsin__text *text) {
    const uint16_t *units = text->units.units.data;
    uint16_t any = 0;
    if (!text->units.count || !text->units.all) return 1;
    for (size_t i = 0; i < text->units.count; i++) {
        const uint16_t u = units[i];
        const uint16_t ascii = zero_bit(u ^ '@') | zero_bit(u ^ '[') | zero_bit(u ^ '#') | zero_bit(u ^ '/');
        any |= ascii | zero_bit((u & 0xFE00) ^ 0x2600U) | zero_bit((u & 0xF800) ^ 0xD800U);
    }
    return any >> 15;
}

/* The end of the name that starts at `at`; `at` if there is none. */
static size_t name_end(const tocsin__view *view, size_t at) {
    const size_t start = at;
    uint32_t units = 0;
    for (size_t next; at < view->length; at = next) {
        const uint32_t c = tocsin__view_next(view, at, &next);
        if (!is_plain_letter(c) && c != '_' && c != '-' && c != 0xB7 && !tocsin__is_letter_or_decimal(c)) return at;
        units += c < 0x80 ? 1 : 2;
        if (units > NAME_UNITS) return start;
    }
    return at;
}

/* The end of [允悲], whose first letter is at `at`; 0 if it is none. */
static size_t bracket_end(const tocsin__view *view, size_t at) {
    for (int letters = 0; at < view->length && letters <= EMOJI_LETTERS; letters++) {
        const uint32_t c = tocsin__view_next(view, at, &at);
        if (c == ']') return letters ? at : 0;
        if (!tocsin__is_letter_or_decimal(c)) return 0;
    }
    return 0;
}

static int is_of_link(uint32_t c) {
    return c > ' ' && c < 0x7F && c != '<' && c != '>' && c != '"' && c != '\\' && c != '^' && c != '`' &&
           (c < '{' || c > '}');
}

/* What follows `at`, or 0 at the end. */
static uint32_t peek(const tocsin__view *view, size_t at, size_t *next) {
    *next = at;
    return at < view->length ? tocsin__view_next(view, at, next) : 0;
}

/* The end of a link that starts here: letters and ://, or a host whose last part is letters, with a path. 0: none. */
static size_t link_end(const tocsin__view *view, size_t at) {
    size_t end = at, next = at;
    uint32_t c = peek(view, end, &next);
    int letters = 0, digits = 0, dots = 0, last = 0; /* digits and letters after the last dot */
    for (; is_plain_letter(c) || c == '.' || c == '-'; c = peek(view, end, &next)) {
        if (++letters > HOST_LETTERS) return 0;
        dots += c == '.';
        last = c == '.' ? 0 : last + 1;
        digits = c == '.' ? 0 : digits | (c >= '0' && c <= '9');
        end = next;
    }
    const uint32_t mark = c, after = peek(view, next, &next);
    const int is_scheme = !dots && mark == ':' && after == '/' && peek(view, next, &next) == '/';
    if (!is_scheme && !(mark == '/' && dots && last > 1 && !digits && is_of_link(after))) return 0;
    while (is_of_link(peek(view, end, &next))) end = next;
    return end;
}

/* Where the mark ends that begins with the character c; `at` if none does. */
static size_t mark_end(const tocsin__view *view, size_t at, size_t next, uint32_t c, int in_word) {
    size_t end = 0;
    if (c == '#' || is_picture(c)) return next;
    if (c == '@' && !in_word) return name_end(view, next);
    if (c == '[') end = bracket_end(view, next);
    if (is_plain_letter(c) && !in_word) end = link_end(view, at);
    return end ? end : at;
}

void tocsin__plain_begin(tocsin__plain_walk *walk, const tocsin__view *view) {
    *walk = (tocsin__plain_walk){view, 0, 0, 0};
    (void)tocsin__plain_next(walk);
}

int tocsin__plain_next(tocsin__plain_walk *walk) {
    const tocsin__view *view = walk->view;
    size_t at = walk->at, from = at, next;
    int in_word = 0; /* an ASCII letter or digit stands before */
    for (; at < view->length; at = next) {
        const uint32_t c = tocsin__view_next(view, at, &next);
        const size_t end = mark_end(view, at, next, c, in_word);
        in_word = is_plain_letter(c);
        if (end == at) continue;
        if (at > from) break;
        from = next = end;
        in_word = 0;
    }
    walk->from = from;
    walk->to = walk->at = at;
    return from < at;
}
