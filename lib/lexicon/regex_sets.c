/*
 * Which characters a dot, a class, \d or \p{…} takes. Names of PCRE are translated to sets of ICU with the meaning that
 * they have under the option UCP; properties and scripts are ICU's own.
 */
#include <stdio.h>
#include <string.h>

#include "base/vec.h"
#include "lexicon/regex_ast.h"
#include "text/icu_sets.h"
#include "text/line_ends.h"

#define LAST_CODE 0x10FFFFu

typedef struct range_list {
    TOCSIN_VEC(tocsin__code_range) ranges;
    const tocsin_allocator *allocator;
} range_list;

static tocsin_status add_range(void *context, uint32_t first, uint32_t last) {
    range_list *list = context;
    return tocsin__vec_push(&list->ranges, list->allocator, (tocsin__code_range){first, last});
}

/* By the letter of \d and the like, and by the name in [:name:]. */
static const struct {
    const char *name, *set;
} names[] = {
    {"d", "[:Nd:]"},
    {"s", "[[:Z:]\\u0009-\\u000D\\u0085\\u180E]"},
    {"h", "[\\u0009\\u0020\\u00A0\\u1680\\u180E\\u2000-\\u200A\\u202F\\u205F\\u3000]"},
    {"v", "[\\u000A-\\u000D\\u0085\\u2028\\u2029]"},
    {"w", "[[:L:][:N:]_]"},
    {"alnum", "[[:L:][:N:]]"},
    {"alpha", "[:L:]"},
    {"ascii", "[\\u0000-\\u007F]"},
    {"blank", "[\\u0009\\u0020\\u00A0\\u1680\\u180E\\u2000-\\u200A\\u202F\\u205F\\u3000]"},
    {"cntrl", "[:Cc:]"},
    {"digit", "[:Nd:]"},
    {"graph", "[[:L:][:M:][:N:][:P:][:S:][:Cf:]-[\\u061C\\u180E\\u2066-\\u2069]]"},
    {"lower", "[:Ll:]"},
    {"print", "[[:L:][:M:][:N:][:P:][:S:][:Cf:][:Zs:]-[\\u061C\\u180E\\u2066-\\u2069]]"},
    {"punct", "[[:P:]$+<=>\\^`|~]"},
    {"space", "[[:Z:]\\u0009-\\u000D\\u0085\\u180E]"},
    {"upper", "[:Lu:]"},
    {"word", "[[:L:][:N:]_]"},
    {"xdigit", "[0-9A-Fa-f]"},
};

static const char *set_named(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (strlen(names[i].name) == length && !memcmp(names[i].name, name, length)) return names[i].set;
    }
    return NULL;
}

/* The set in the syntax of ICU, without its negation; 0 if its name is too long. */
static int spell(const tocsin__regex_set *set, char out[128], int *negated) {
    const char *text = set->text, *name = text + 2;
    size_t length = set->length - 2;
    *negated = 0;
    if (*text == '[') {
        *negated = *name == '^';
        name += *negated;
        length -= (size_t)*negated + 2;
    } else if (text[1] == 'p' || text[1] == 'P') {
        if (*name == '{') {
            name++;
            length -= 2;
        }
        const int caret = *name == '^';
        *negated = (text[1] == 'P') != caret;
        name += caret;
        length -= (size_t)caret;
        if (length == 2 && name[1] == '&') name = "LC"; /* L& */
        if (length == 3 && !memcmp(name, "Any", 3)) name = "Any";
        return snprintf(out, 128, "[:%.*s:]", (int)(length < 100 ? length : 100), name) < 120;
    } else {
        char lower = text[1];
        *negated = lower >= 'A' && lower <= 'Z';
        lower = (char)(*negated ? lower - 'A' + 'a' : lower);
        return snprintf(out, 128, "%s", set_named(&lower, 1)) < 128;
    }
    return snprintf(out, 128, "%s", set_named(name, length)) < 128;
}

size_t tocsin__ranges_merge(tocsin__code_range *a, size_t n) {
    size_t kept = 0;
    for (size_t gap = n / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < n; i++) {
            const tocsin__code_range moving = a[i];
            size_t at = i;
            for (; at >= gap && moving.first < a[at - gap].first; at -= gap) a[at] = a[at - gap];
            a[at] = moving;
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (kept && a[i].first <= a[kept - 1].last + 1) {
            if (a[i].last > a[kept - 1].last) a[kept - 1].last = a[i].last;
        } else {
            a[kept++] = a[i];
        }
    }
    return kept;
}

/* Replaces the ranges from `from` to the end of the list, which are sorted, by the other code points. */
static tocsin_status complement(range_list *list, size_t from) {
    range_list others = {.allocator = list->allocator};
    tocsin_status status = TOCSIN_OK;
    uint32_t next = 0;
    for (size_t i = from; i < list->ranges.length && !status; i++) {
        const tocsin__code_range r = list->ranges.data[i];
        if (r.first > next) status = add_range(&others, next, r.first - 1);
        next = r.last + 1;
    }
    if (!status && next <= LAST_CODE) status = add_range(&others, next, LAST_CODE);
    list->ranges.length = from;
    for (size_t i = 0; i < others.ranges.length && !status; i++) {
        status = add_range(list, others.ranges.data[i].first, others.ranges.data[i].last);
    }
    tocsin__vec_release(&others.ranges, others.allocator);
    return status;
}

static tocsin_status add_set(range_list *list, const tocsin__regex_set *set, int *known) {
    const size_t from = list->ranges.length;
    char icu[128];
    int negated = 0, found = spell(set, icu, &negated);
    tocsin_status status = found ? tocsin__icu_set(icu, add_range, list, &found) : TOCSIN_OK;
    if (!found) *known = 0;
    return !status && negated ? complement(list, from) : status;
}

static tocsin_status add_all(range_list *list, const tocsin__regex_node *node, int *known) {
    tocsin_status status = TOCSIN_OK;
    if (node->kind == TOCSIN__REGEX_CHARACTER) return add_range(list, node->code_point, node->code_point);
    if (node->kind == TOCSIN__REGEX_DOT) {
        static const tocsin__code_range line_ends[] = TOCSIN__LINE_ENDS;
        for (size_t i = 0; i < sizeof line_ends / sizeof *line_ends && !status && !node->all_lines; i++) {
            status = add_range(list, line_ends[i].first, line_ends[i].last);
        }
        return status ? status : complement(list, 0);
    }
    for (uint32_t i = 0; i < node->member_count && !status; i++) {
        status = add_range(list, node->members[i].first, node->members[i].last);
    }
    for (uint32_t i = 0; i < node->set_count && !status; i++) status = add_set(list, &node->sets[i], known);
    if (status) return status;
    list->ranges.length = tocsin__ranges_merge(list->ranges.data, list->ranges.length);
    return node->negated ? complement(list, 0) : TOCSIN_OK;
}

tocsin_status tocsin__regex_resolve(const tocsin__regex_node *node, tocsin__arena *arena,
                                    const tocsin__code_range **ranges, uint32_t *count, int *known) {
    range_list list = {.allocator = &arena->allocator};
    *known = 1;
    tocsin_status status = add_all(&list, node, known);
    const size_t size = list.ranges.length * sizeof *list.ranges.data;
    tocsin__code_range *copy = status ? NULL : tocsin__arena_allocate(arena, size);
    if (!status && !copy) status = TOCSIN_ERROR_MEMORY;
    if (copy && size) memcpy(copy, list.ranges.data, size);
    *ranges = copy;
    *count = (uint32_t)list.ranges.length;
    tocsin__vec_release(&list.ranges, list.allocator);
    return status;
}
