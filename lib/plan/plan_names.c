/*
 * Ids are written in expressions, so an id is whatever the rule language reads as one name. Only numbers begin with a
 * digit, and - stands between two characters, so that no id looks like something else. Han is recognised by block, not
 * by ICU's script property: the blocks of ideographs, and 々 and 〇. An unassigned code point in these blocks does no
 * harm in an id.
 */
#include "plan/plan_names.h"

#include <string.h>

#include "base/utf8.h"
#include "rule/rule_lexer.h"

static const struct {
    uint32_t first;
    uint32_t last;
} han[] = {{0x3005, 0x3005}, {0x3007, 0x3007}, {0x3400, 0x4DBF},
           {0x4E00, 0x9FFF}, {0xF900, 0xFAD9}, {0x20000, 0x323AF}};

static int is_han(uint32_t c) {
    for (size_t i = 0; i < sizeof han / sizeof *han; i++) {
        if (c >= han[i].first && c <= han[i].last) return 1;
    }
    return 0;
}

int tocsin__plan_has_han(const tocsin__plan_text *text) {
    for (size_t at = 0, next = 0; at < text->length; at = next) {
        if (is_han(tocsin__utf8_next(text->value, text->length, at, &next))) return 1;
    }
    return 0;
}

static int starts_id(uint32_t c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c > 0x7F && is_han(c));
}

static int continues_id(uint32_t c) { return starts_id(c) || (c >= '0' && c <= '9'); }

/* The first character that is not allowed, or the length. */
static size_t wrong_character(const tocsin__plan_text *id) {
    int after_dash = 0;
    for (size_t at = 0, next = 0; at < id->length; at = next) {
        uint32_t c = tocsin__utf8_next(id->value, id->length, at, &next);
        int dash = c == '-' && at > 0 && !after_dash && next < id->length;
        if (!dash && !(at ? continues_id(c) : starts_id(c))) return at;
        after_dash = dash;
    }
    return id->length;
}

static int is_reserved(const tocsin__plan_text *id) {
    for (size_t i = 0; tocsin__rule_word(i); i++) {
        const char *word = tocsin__rule_word(i);
        if (strlen(word) == id->length && !memcmp(word, id->value, id->length)) return 1;
    }
    return 0;
}

void tocsin__plan_check_id(tocsin__plan_report *report, const char *what, const tocsin__plan_text *id) {
    tocsin__shown shown = tocsin__show(id->value, id->length);
    if (id->length == 0) {
        TOCSIN__PLAN_ERROR(report, "bad-id", id->place, "the id of a %s is empty", what);
        return;
    }
    if (id->length > TOCSIN__PLAN_ID_MAX) {
        TOCSIN__PLAN_ERROR(report, "bad-id", id->place, "the id \"%s\" of a %s has more than %u bytes", shown.text,
                           what, TOCSIN__PLAN_ID_MAX);
        return;
    }
    size_t at = wrong_character(id), next = 0;
    if (at < id->length) {
        (void)tocsin__utf8_next(id->value, id->length, at, &next);
        TOCSIN__PLAN_ERROR(report, "bad-id", tocsin__plan_locate(id, at),
                           "the id \"%s\" of a %s has '%s' %s; ids are made of letters, Chinese characters, digits, _ "
                           "and single - between them, and start with a letter, a Chinese character or _",
                           shown.text, what, tocsin__show(id->value + at, next - at).text,
                           at == 0              ? "at its start"
                           : next == id->length ? "at its end"
                                                : "inside");
        return;
    }
    if (is_reserved(id)) {
        TOCSIN__PLAN_ERROR(report, "reserved-id", id->place,
                           "\"%s\" is a word of the rule language and cannot be a %s's id", shown.text, what);
    }
}

void tocsin__plan_check_unique(tocsin__plan_report *report, tocsin__map *seen, const char *what,
                               const tocsin__plan_text *id) {
    if (!id->length) return;
    size_t before = seen->count;
    uint32_t line = id->place.line;
    tocsin_status status = tocsin__map_add(seen, id->value, id->length, &line);
    tocsin__plan_report_note(report, status);
    if (status || seen->count > before) return;
    TOCSIN__PLAN_ERROR(report, "duplicate-id", id->place, "the %s id \"%s\" is taken already, in line %u", what,
                       tocsin__show(id->value, id->length).text, line);
}
