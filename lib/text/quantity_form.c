/*
 * The filter looks for the longer literal part with a character that no numeral contains. Such a part never stands
 * inside a numeral, so each numeral is read once for each list of terms, and the whole takes linear time.
 */
#include "text/quantity_form.h"

#include <string.h>

#include "base/utf8.h"
#include "text/numeral.h"

static const char mark[] = {'{', 'n', '}'};

/* The first mark from `at` on; text.length when there is none. */
static size_t find_mark(tocsin_bytes text, size_t at) {
    while (at + sizeof mark <= text.length && memcmp(text.data + at, mark, sizeof mark) != 0) at++;
    return at + sizeof mark <= text.length ? at : text.length;
}

static int has_own_character(tocsin_bytes text) {
    for (size_t at = 0; at < text.length;) {
        const uint32_t c = tocsin__utf8_next(text.data, text.length, at, &at);
        if (c != ' ' && !tocsin__numeral_has(c)) return 1;
    }
    return 0;
}

const char *tocsin__quantity_form_read(tocsin_bytes folded, tocsin__quantity_form *form) {
    const size_t at = find_mark(folded, 0);
    if (at == folded.length) return "has no {n}, which stands for the number";
    if (find_mark(folded, at + sizeof mark) < folded.length) return "has two {n}: write one";
    tocsin__quantity_form made = {
        {folded.data, at}, {folded.data + at + sizeof mark, folded.length - at - sizeof mark}, 0};
    while (made.before.length && made.before.data[made.before.length - 1] == ' ') made.before.length--;
    while (made.after.length && *made.after.data == ' ')
        made.after = (tocsin_bytes){made.after.data + 1, made.after.length - 1};
    const int before = has_own_character(made.before), after = has_own_character(made.after);
    if (!made.before.length && !made.after.length) return "is a number alone: write text before or after {n}";
    if (!before && !after) return "has only characters beside {n} that numbers are made of: add another one";
    made.anchored_after = after && (!before || tocsin__utf8_count(made.after.data, made.after.length) >=
                                                   tocsin__utf8_count(made.before.data, made.before.length));
    *form = made;
    return NULL;
}
