/*
 * A run of characters is folded as a whole, as text is: a letter and its combining mark become one character. Members
 * of classes are folded one by one, so that each character of a class is counted and written once, however it is
 * spelled: [火災灾] has two members. A range of at most TOCSIN__REGEX_NARROW_CLASS code points is a list and is folded
 * member by member; a longer one means a whole block or script, which holds its own folded forms.
 */
#include "lexicon/regex_folding.h"

#include <string.h>

#include "base/utf8.h"
#include "base/vec.h"
#include "lexicon/list_text.h"

/* How many code points c folds to, at most 2 ("several"); *folded is the first. */
static unsigned fold_character(tocsin__regex_folding *f, uint32_t c, uint32_t *folded) {
    char text[4];
    tocsin_bytes result = {NULL, 0};
    size_t next = 0;
    if (!f->problems.status) f->problems.status = tocsin_fold(f->folder, text, tocsin__utf8_put(text, c), &result);
    if (f->problems.status || !result.length) return 0;
    *folded = tocsin__utf8_next(result.data, result.length, 0, &next);
    return next < result.length ? 2 : 1;
}

static int stands_in_folded_text(tocsin__regex_folding *f, uint32_t c) {
    uint32_t folded = 0;
    return fold_character(f, c, &folded) == 1 && folded == c;
}

/* Whether folding keeps the tail and c apart. If c is no folded text itself, a warning was given before. */
static int stands_after_tail(tocsin__regex_folding *f, uint32_t c) {
    char pair[8];
    tocsin_bytes result = {NULL, 0};
    if (!stands_in_folded_text(f, f->tail) || !stands_in_folded_text(f, c)) return 1;
    size_t length = tocsin__utf8_put(pair, f->tail);
    length += tocsin__utf8_put(pair + length, c);
    if (!f->problems.status) f->problems.status = tocsin_fold(f->folder, pair, length, &result);
    return f->problems.status || (result.length == length && !memcmp(result.data, pair, length));
}

/* Whether folding may join c with what stands before it. That never happens to an ideograph, and most are. */
static int may_be_joined(uint32_t c) { return c >= 0x300 && !(c >= 0x3400 && c <= 0x9FFF); }

/*
 * Adds a folded character that matches itself; refuses it if folding would have joined it with a character of another
 * part.
 */
static void place(tocsin__regex_folding *f, uint32_t c, size_t offset) {
    if (f->tail >= 0x20 && may_be_joined(c) && !stands_after_tail(f, c)) {
        tocsin__regex_error(f, "regex-combining", offset,
                            "folding joins this character with the one before it; write them side by side");
    }
    f->tail = c;
}

static void append_raw(tocsin__regex_folding *f, uint32_t c) {
    char utf8[4];
    if (!f->problems.status) f->problems.status = tocsin_buffer_append(&f->run, utf8, tocsin__utf8_put(utf8, c));
}

static tocsin_bytes fold_part(tocsin__regex_folding *f, size_t start, size_t end) {
    tocsin_bytes folded = {NULL, 0};
    if (!f->problems.status) f->problems.status = tocsin_fold(f->folder, f->run.data + start, end - start, &folded);
    return folded;
}

static void keep_folded(tocsin__regex_folding *f, tocsin_bytes part) {
    if (!f->problems.status) f->problems.status = tocsin_buffer_append(&f->folded, part.data, part.length);
}

/* Checks that folding the last character of the run alone gives the same as folding it with the others. */
static void check_split(tocsin__regex_folding *f, size_t split, size_t offset) {
    f->folded.length = 0;
    keep_folded(f, fold_part(f, 0, split));
    keep_folded(f, fold_part(f, split, f->run.length));
    const tocsin_bytes whole = fold_part(f, 0, f->run.length);
    if (f->problems.status) return;
    if (whole.length == f->folded.length && (!whole.length || !memcmp(whole.data, f->folded.data, whole.length)))
        return;
    tocsin__regex_error(f, "regex-combining", offset,
                        "folding joins this character with the one before it; put what is repeated in (?:...)");
}

/* Puts the folded run as nodes at *link, with `rest` after them; returns the link that holds rest. */
static tocsin__regex_node **spell_run(tocsin__regex_folding *f, tocsin__regex_node **link, tocsin__regex_node *rest,
                                      size_t offset) {
    f->folded.length = 0;
    keep_folded(f, fold_part(f, 0, f->run.length));
    for (size_t at = 0; at < f->folded.length && !f->problems.status;) {
        tocsin__regex_node *made = tocsin__arena_allocate(f->arena, sizeof *made);
        if (!made) {
            f->problems.status = TOCSIN_ERROR_MEMORY;
            break;
        }
        memset(made, 0, sizeof *made);
        made->kind = TOCSIN__REGEX_CHARACTER;
        made->spelling = TOCSIN__REGEX_FOLDED;
        made->offset = offset;
        made->code_point = tocsin__utf8_next(f->folded.data, f->folded.length, at, &at);
        place(f, made->code_point, offset);
        *link = made;
        link = &made->next;
    }
    *link = rest;
    return link;
}

tocsin__regex_node **tocsin__regex_fold_run(tocsin__regex_folding *f, tocsin__regex_node **link,
                                            const tocsin__regex_node *repeated) {
    const size_t offset = (*link)->offset, errors = f->problems.errors;
    tocsin__regex_node *rest = *link;
    f->run.length = 0;
    for (; tocsin__regex_is_raw(rest); rest = rest->next) append_raw(f, rest->code_point);
    if (repeated) {
        const size_t split = f->run.length;
        append_raw(f, repeated->code_point);
        check_split(f, split, repeated->offset);
        f->run.length = split;
    }
    link = spell_run(f, link, rest, offset);
    if (f->problems.errors > errors) f->tail = 0; /* it is reported only once */
    return link;
}

void tocsin__regex_fold_one(tocsin__regex_folding *f, tocsin__regex_node *node, int is_repeated) {
    tocsin__regex_node *first = NULL;
    f->run.length = 0;
    append_raw(f, node->code_point);
    (void)spell_run(f, &first, NULL, node->offset);
    if (!first && is_repeated && !f->problems.status) {
        tocsin__regex_error(f, "regex-syntax", node->offset,
                            "folding removes this character, so it cannot be repeated");
    }
    node->spelling = TOCSIN__REGEX_FOLDED;
    node->kind = !first ? TOCSIN__REGEX_EMPTY : first->next ? TOCSIN__REGEX_SEQUENCE : TOCSIN__REGEX_CHARACTER;
    if (node->kind == TOCSIN__REGEX_SEQUENCE) node->first = first;
    if (node->kind == TOCSIN__REGEX_CHARACTER) node->code_point = first->code_point;
}

static void warn_unfolded(tocsin__regex_folding *f, uint32_t c, size_t offset) {
    if (f->problems.status || stands_in_folded_text(f, c) || f->problems.status) return;
    tocsin__regex_tell(&f->problems, TOCSIN_SEVERITY_WARNING, "regex-unfolded", offset,
                       "U+%04X does not occur in folded text", (unsigned)c);
}

void tocsin__regex_check_coded(tocsin__regex_folding *f, const tocsin__regex_node *node) {
    warn_unfolded(f, node->code_point, node->offset);
    place(f, node->code_point, node->offset);
}

typedef struct member_list {
    TOCSIN_VEC(tocsin__code_range) list;
} member_list;

static void add_range(tocsin__regex_folding *f, member_list *m, uint32_t first, uint32_t last) {
    tocsin__code_range *previous = m->list.length ? &m->list.data[m->list.length - 1] : NULL;
    if (previous && previous->last + 1 == first) {
        previous->last = last;
    } else if (!f->problems.status) {
        f->problems.status = tocsin__vec_push(&m->list, &f->arena->allocator, (tocsin__code_range){first, last});
    }
}

static void add_folded(tocsin__regex_folding *f, member_list *m, uint32_t c, size_t offset) {
    uint32_t folded = 0;
    const unsigned count = fold_character(f, c, &folded);
    if (count == 1) add_range(f, m, folded, folded);
    if (count <= 1) return;
    char utf8[4], shown[TOCSIN__PREVIEW_SIZE];
    tocsin__regex_error(f, "regex-class-fold", offset,
                        "%s (U+%04X) folds to several characters, which no class can hold; write (?:...|...)",
                        tocsin__preview(shown, (tocsin_bytes){utf8, tocsin__utf8_put(utf8, c)}), (unsigned)c);
}

static void add_member(tocsin__regex_folding *f, member_list *m, const tocsin__regex_member *member) {
    if (member->first_folded) warn_unfolded(f, member->first, member->offset);
    if (member->last_folded && member->last_offset != member->offset) {
        warn_unfolded(f, member->last, member->last_offset);
    }
    if (member->first_folded || member->last_folded || member->last - member->first >= TOCSIN__REGEX_NARROW_CLASS) {
        add_range(f, m, member->first, member->last);
        return;
    }
    for (uint32_t c = member->first; c <= member->last && !f->problems.status; c++) add_folded(f, m, c, member->offset);
}

static void keep_members(tocsin__regex_folding *f, tocsin__regex_node *node, const member_list *m) {
    const size_t size = m->list.length * sizeof *node->members;
    tocsin__regex_member *copy = tocsin__arena_allocate(f->arena, size);
    if (!copy) {
        f->problems.status = TOCSIN_ERROR_MEMORY;
        return;
    }
    for (size_t i = 0; i < m->list.length; i++) {
        copy[i] = (tocsin__regex_member){.first = m->list.data[i].first, .last = m->list.data[i].last};
    }
    node->members = copy;
    node->member_count = (uint32_t)m->list.length;
    f->tail = 0;
    if (m->list.length != 1 || copy->first != copy->last || node->negated || node->set_count) return;
    node->kind = TOCSIN__REGEX_CHARACTER;
    node->spelling = TOCSIN__REGEX_FOLDED;
    node->code_point = copy->first;
}

void tocsin__regex_fold_class(tocsin__regex_folding *f, tocsin__regex_node *node) {
    const size_t errors = f->problems.errors;
    const uint32_t tail = f->tail;
    member_list m = {0};
    for (uint32_t i = 0; i < node->member_count && !f->problems.status; i++) add_member(f, &m, &node->members[i]);
    m.list.length = tocsin__ranges_merge(m.list.data, m.list.length);
    if (!f->problems.status && f->problems.errors == errors && !m.list.length && !node->set_count) {
        tocsin__regex_error(f, "regex-syntax", node->offset, "folding removes every member of this class");
    }
    if (!f->problems.status && f->problems.errors == errors) keep_members(f, node, &m);
    if (f->problems.errors > errors) node->kind = TOCSIN__REGEX_EMPTY;
    if (!f->problems.status && node->kind == TOCSIN__REGEX_CHARACTER) {
        f->tail = tail;
        place(f, node->code_point, node->offset);
    }
    tocsin__vec_release(&m.list, &f->arena->allocator);
}
