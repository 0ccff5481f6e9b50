/* Parses classes. Members may be ranges; \d, \p{…} and [:alpha:] stay sets, which are kept as text. */
#include <string.h>

#include "base/utf8.h"
#include "lexicon/regex_parser.h"

typedef struct class_reader {
    tocsin__regex_parser *p;
    tocsin__regex_node *node;
    size_t start;
} class_reader;

typedef struct class_member {
    size_t offset;
    uint32_t code_point;
    int is_set;
    int is_folded; /* \x{…}: the code of a folded character */
} class_member;

/* Makes room for one more element after `count`; the room doubles at powers of two. NULL if there is no memory. */
static void *grow(tocsin__regex_parser *p, void *list, size_t count, size_t size) {
    if (p->problems.status || (count & (count - 1))) return p->problems.status ? NULL : list;
    void *grown = tocsin__arena_allocate(p->arena, (count ? 2 * count : 1) * size);
    if (!grown) p->problems.status = TOCSIN_ERROR_MEMORY;
    if (grown && count) memcpy(grown, list, count * size);
    return grown;
}

static void add_set(class_reader *r, size_t start, int wide) {
    tocsin__regex_parser *p = r->p;
    tocsin__regex_set *sets = grow(p, r->node->sets, r->node->set_count, sizeof *sets);
    if (!sets) return;
    r->node->sets = sets;
    sets[r->node->set_count++] = (tocsin__regex_set){p->pattern.data + start, (uint32_t)(p->at - start), wide};
}

/* [:name:], [:^name:]; p->at is at its bracket. */
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
    add_set(r, start, 1);
}

/* One member that is not a closing bracket; 0 if it was a problem. */
static int read_member(class_reader *r, class_member *m) {
    tocsin__regex_parser *p = r->p;
    *m = (class_member){p->at, 0, 0, 0};
    char c = tocsin__regex_peek(p, 0), next = tocsin__regex_peek(p, 1);
    if (c == '[' && (next == ':' || next == '.' || next == '=')) {
        size_t errors = p->problems.errors;
        read_posix(r);
        m->is_set = 1;
        return p->problems.errors == errors;
    }
    if (c != '\\') {
        m->code_point = tocsin__utf8_next(p->pattern.data, p->pattern.length, p->at, &p->at);
        return 1;
    }
    tocsin__regex_escape escape = tocsin__regex_read_escape(p, 1);
    m->code_point = escape.code_point;
    m->is_folded = escape.kind == TOCSIN__REGEX_ESCAPE_CODE;
    m->is_set = escape.kind == TOCSIN__REGEX_ESCAPE_SET;
    if (m->is_set) add_set(r, m->offset, escape.wide);
    return escape.kind != TOCSIN__REGEX_ESCAPE_REFUSED;
}

static void add_member(class_reader *r, const class_member *from, const class_member *to) {
    tocsin__regex_parser *p = r->p;
    if (from->is_set || to->is_set) {
        tocsin__regex_error(p, "regex-syntax", from->offset, "a range needs a character at both ends");
        return;
    }
    if (from->code_point > to->code_point) {
        tocsin__regex_error(p, "regex-syntax", from->offset, "this range runs backwards");
        return;
    }
    tocsin__regex_member *members = grow(p, r->node->members, r->node->member_count, sizeof *members);
    if (!members) return;
    r->node->members = members;
    members[r->node->member_count++] = (tocsin__regex_member){
        from->code_point, to->code_point, from->offset, to->offset, from->is_folded != 0, to->is_folded != 0};
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
        if (good && !p->problems.status) add_member(r, &from, &to);
    }
    if (p->problems.status) return;
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

tocsin__regex_node *tocsin__regex_class(tocsin__regex_parser *p) {
    class_reader r = {p, tocsin__regex_new(p, TOCSIN__REGEX_CLASS, p->at), p->at};
    const size_t errors = p->problems.errors;
    if (!r.node) return NULL;
    p->at++;
    r.node->negated = tocsin__regex_peek(p, 0) == '^';
    p->at += r.node->negated;
    read_members(&r);
    if (p->problems.errors > errors) r.node->kind = TOCSIN__REGEX_EMPTY;
    return p->problems.status ? NULL : r.node;
}
