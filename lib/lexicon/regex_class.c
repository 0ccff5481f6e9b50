/*
 * Classes. Members are gathered as ranges, folded, sorted and merged, so that a class is counted and written once
 * whatever spellings it lists: [火災灾] has two members. A range of at most TOCSIN__REGEX_NARROW_CLASS code points is a
 * list and is folded member by member; a longer one means a whole block or script, which holds its own folded forms.
 */
#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "lexicon/list_text.h"
#include "lexicon/regex_parser.h"

#define SPECIAL "\\[]^-&~"

typedef struct code_range {
    uint32_t first, last;
} code_range;

typedef struct class_reader {
    tocsin__regex_parser *p;
    size_t start;
    TOCSIN_VEC(code_range) ranges;
    tocsin_buffer sets; /* \d, [:alpha:], … as they are written */
    uint32_t set_cost;
    int wide;
} class_reader;

typedef struct class_member {
    size_t offset;
    uint32_t code_point;
    int is_set;
    int is_folded; /* a number of a folded character: \x{…} */
} class_member;

static void add_range(class_reader *r, uint32_t first, uint32_t last) {
    code_range *previous = r->ranges.length ? &r->ranges.data[r->ranges.length - 1] : NULL;
    if (previous && previous->last + 1 == first) {
        previous->last = last;
    } else if (!r->p->status) {
        r->p->status = tocsin__vec_push(&r->ranges, &r->p->allocator, (code_range){first, last});
    }
}

static void add_folded(class_reader *r, uint32_t c, size_t offset) {
    uint32_t folded = 0;
    unsigned count = tocsin__regex_fold_one(r->p, c, &folded);
    if (count == 1) add_range(r, folded, folded);
    if (count <= 1) return;
    char utf8[4], shown[TOCSIN__PREVIEW_SIZE];
    tocsin__regex_error(r->p, "regex-class-fold", offset,
                        "%s (U+%04X) folds to several characters, which no class can hold; write (?:...|...)",
                        tocsin__preview(shown, (tocsin_bytes){utf8, tocsin__utf8_put(utf8, c)}), c);
}

static void add_set(class_reader *r, size_t start, uint32_t cost, int wide) {
    tocsin__regex_parser *p = r->p;
    if (!p->status) p->status = tocsin_buffer_append(&r->sets, p->pattern.data + start, p->at - start);
    if (cost > r->set_cost) r->set_cost = cost;
    r->wide |= wide;
}

/* [:name:], [:^name:]; p->at stands on its bracket. */
static void read_posix(class_reader *r) {
    static const char *const names[] = {"alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph",
                                        "lower", "print", "punct", "space", "upper", "word",  "xdigit"};
    tocsin__regex_parser *p = r->p;
    size_t start = p->at, length = 0;
    p->at += 2;
    p->at += tocsin__regex_peek(p, 0) == '^';
    const char *name = p->pattern.data + p->at;
    while (tocsin__regex_peek(p, length) >= 'a' && tocsin__regex_peek(p, length) <= 'z') length++;
    int known = tocsin__regex_peek(p, length) == ':' && tocsin__regex_peek(p, length + 1) == ']', found = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names && known; i++) {
        found |= strlen(names[i]) == length && !memcmp(names[i], name, length);
    }
    p->at += length + (known ? 2 : 0);
    if (!found) {
        tocsin__regex_error(p, "regex-syntax", start, "this is not the name of a class; a bracket is written \\[");
        return;
    }
    add_set(r, start, TOCSIN__REGEX_WORD_COST, 1);
}

/* One member that is not a closing bracket; 0 when it was a problem. */
static int read_member(class_reader *r, class_member *m) {
    tocsin__regex_parser *p = r->p;
    *m = (class_member){p->at, 0, 0, 0};
    char c = tocsin__regex_peek(p, 0), next = tocsin__regex_peek(p, 1);
    if (c == '[' && (next == ':' || next == '.' || next == '=')) {
        size_t errors = p->errors;
        read_posix(r);
        m->is_set = 1;
        return p->errors == errors;
    }
    if (c != '\\') {
        m->code_point = tocsin__utf8_next(p->pattern.data, p->pattern.length, p->at, &p->at);
        return 1;
    }
    tocsin__regex_escape escape = tocsin__regex_read_escape(p, 1);
    m->code_point = escape.code_point;
    m->is_folded = escape.kind == TOCSIN__REGEX_CODE;
    m->is_set = escape.kind == TOCSIN__REGEX_SET;
    if (m->is_set) add_set(r, m->offset, escape.cost, escape.wide);
    return escape.kind != TOCSIN__REGEX_REFUSED;
}

static void add_members(class_reader *r, const class_member *from, const class_member *to) {
    uint32_t first = from->code_point, last = to->code_point;
    if (from->is_set || to->is_set) {
        tocsin__regex_error(r->p, "regex-syntax", from->offset, "a range needs a character at both ends");
        return;
    }
    if (first > last) {
        tocsin__regex_error(r->p, "regex-syntax", from->offset, "this range runs backwards");
        return;
    }
    if (from->is_folded || to->is_folded || last - first >= TOCSIN__REGEX_NARROW_CLASS) {
        add_range(r, first, last);
        return;
    }
    for (uint32_t c = first; c <= last && !r->p->status; c++) add_folded(r, c, from->offset);
}

static void read_members(class_reader *r) {
    tocsin__regex_parser *p = r->p;
    size_t read = 0;
    for (; tocsin__regex_more(p) && tocsin__regex_peek(p, 0) != ']'; read++) {
        class_member from, to;
        int good = read_member(r, &from);
        to = from;
        if (tocsin__regex_peek(p, 0) == '-' && p->at + 1 < p->pattern.length && tocsin__regex_peek(p, 1) != ']') {
            p->at++;
            good &= read_member(r, &to);
        } else if (from.is_set) {
            continue;
        }
        if (good && !p->status) add_members(r, &from, &to);
    }
    if (p->status) return;
    if (!tocsin__regex_more(p)) {
        tocsin__regex_error(p, "regex-syntax", r->start, "this class is not closed");
        return;
    }
    if (!read) {
        tocsin__regex_error(p, "regex-syntax", r->start,
                            "an empty class; a bracket that stands for itself is written "
                            "\\]");
    }
    p->at++;
}

static void sort_and_merge(class_reader *r) {
    code_range *a = r->ranges.data;
    size_t n = r->ranges.length, kept = 0;
    for (size_t gap = n / 2; gap > 0; gap /= 2) {
        for (size_t i = gap; i < n; i++) {
            code_range moving = a[i];
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
    r->ranges.length = kept;
}

static uint32_t count_members(const class_reader *r) {
    uint32_t count = 0;
    for (size_t i = 0; i < r->ranges.length; i++) count += r->ranges.data[i].last - r->ranges.data[i].first + 1;
    return count;
}

static tocsin__regex_shape emit_class(class_reader *r, int negated) {
    tocsin__regex_parser *p = r->p;
    uint32_t count = count_members(r);
    if (count == 1 && !negated && !r->sets.length) {
        tocsin__regex_emit_literal(p, r->ranges.data[0].first, r->start);
        return tocsin__regex_shape_literal(r->ranges.data[0].first);
    }
    tocsin__regex_emit(p, negated ? "[^" : "[", negated ? 2 : 1);
    for (size_t i = 0; i < r->ranges.length; i++) {
        tocsin__regex_emit_character(p, r->ranges.data[i].first, SPECIAL);
        if (r->ranges.data[i].last == r->ranges.data[i].first) continue;
        if (r->ranges.data[i].last > r->ranges.data[i].first + 1) tocsin__regex_emit(p, "-", 1);
        tocsin__regex_emit_character(p, r->ranges.data[i].last, SPECIAL);
    }
    tocsin__regex_emit(p, r->sets.data, r->sets.length);
    tocsin__regex_emit(p, "]", 1);
    p->tail = 0;
    int wide = negated || r->wide || count > TOCSIN__REGEX_NARROW_CLASS;
    uint32_t cost = wide ? 16 : 1;
    return tocsin__regex_shape_class(wide, cost > r->set_cost ? cost : r->set_cost);
}

tocsin__regex_shape tocsin__regex_class(tocsin__regex_parser *p) {
    class_reader r = {.p = p, .start = p->at};
    tocsin__regex_shape shape = tocsin__regex_shape_empty();
    size_t errors = p->errors;
    tocsin_buffer_init(&r.sets, &p->allocator);
    p->at++;
    int negated = tocsin__regex_peek(p, 0) == '^';
    p->at += (size_t)negated;
    read_members(&r);
    sort_and_merge(&r);
    if (!p->status && p->errors == errors && !r.ranges.length && !r.sets.length) {
        tocsin__regex_error(p, "regex-syntax", r.start, "folding removes every member of this class");
    } else if (!p->status && p->errors == errors) {
        shape = emit_class(&r, negated);
    }
    tocsin_buffer_release(&r.sets);
    tocsin__vec_release(&r.ranges, &p->allocator);
    return shape;
}
