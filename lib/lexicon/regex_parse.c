/*
 * A recursive descent that makes the tree. It is a parser of our own, because folding must know which characters stand
 * for themselves, and because a refusal names the place. Problems do not stop it: a faulty part becomes an empty node.
 */
#include "base/utf8.h"
#include "lexicon/regex_parser.h"

#define LARGEST_COUNT 99999u

typedef struct repeat {
    size_t offset;
    uint32_t least, most;
    int unbounded, possessive;
} repeat;

/* Reads digits from pattern[*at] on, at most LARGEST_COUNT; 0 if there are none. */
static int read_count(const tocsin__regex_parser *p, size_t *at, uint32_t *count) {
    size_t start = *at;
    *count = 0;
    while (*at < p->pattern.length && p->pattern.data[*at] >= '0' && p->pattern.data[*at] <= '9') {
        *count = *count * 10 + (uint32_t)(p->pattern.data[*at] - '0');
        if (*count > LARGEST_COUNT) *count = LARGEST_COUNT;
        ++*at;
    }
    return *at > start;
}

/* Reads a repeat from p->at; returns its end, or 0 if there is none. */
static size_t read_repeat(const tocsin__regex_parser *p, repeat *r) {
    size_t at = p->at + 1;
    *r = (repeat){p->at, 0, 1, 0, 0};
    switch (tocsin__regex_peek(p, 0)) {
        case '?': break;
        case '*': r->unbounded = 1; break;
        case '+':
            r->least = 1;
            r->unbounded = 1;
            break;
        case '{':
            if (!read_count(p, &at, &r->least)) return 0;
            r->most = r->least;
            if (at < p->pattern.length && p->pattern.data[at] == ',') {
                at++;
                r->unbounded = !read_count(p, &at, &r->most);
            }
            if (at >= p->pattern.length || p->pattern.data[at++] != '}') return 0;
            break;
        default: return 0;
    }
    if (at < p->pattern.length && p->pattern.data[at] == '?') return at + 1;
    r->possessive = at < p->pattern.length && p->pattern.data[at] == '+';
    return at + (size_t)r->possessive;
}

/* Checks the counts of a repeat and reports problems. */
static int check_repeat(tocsin__regex_parser *p, const repeat *r) {
    const size_t errors = p->problems.errors;
    if (r->unbounded) {
        tocsin__regex_error(p, "regex-unbounded", r->offset, "a repeat without an upper bound; write {%u,%u}", r->least,
                            r->least > 16 ? r->least : 16);
    } else if (r->most == 0 || r->most < r->least) {
        tocsin__regex_error(p, "regex-syntax", r->offset, "a repeat of %u to %u times", r->least, r->most);
    } else if (r->most > TOCSIN__REGEX_MAX_REPEAT) {
        tocsin__regex_error(p, "regex-repeat", r->offset, "more than %u repeats", TOCSIN__REGEX_MAX_REPEAT);
    }
    if (r->possessive) {
        tocsin__regex_error(p, "regex-unsupported", r->offset, "possessive repeats are not supported");
    }
    return p->problems.errors == errors;
}

/* The node that was just read, with the repeat that follows it, if any. */
static tocsin__regex_node *repeated(tocsin__regex_parser *p, tocsin__regex_node *one) {
    repeat r;
    const size_t end = one && tocsin__regex_more(p) ? read_repeat(p, &r) : 0;
    if (!end) return one;
    const int sound = check_repeat(p, &r);
    p->at = end;
    if (!sound) return one;
    tocsin__regex_node *made = tocsin__regex_new(p, TOCSIN__REGEX_REPEAT, r.offset);
    if (!made) return NULL;
    made->first = one;
    made->least = r.least;
    made->most = r.most;
    return made;
}

static tocsin__regex_node *stray_repeat(tocsin__regex_parser *p) {
    repeat r;
    const size_t start = p->at, end = read_repeat(p, &r);
    tocsin__regex_error(p, "regex-syntax", start,
                        end ? "there is nothing to repeat here" : "a brace that stands for itself is written \\{");
    p->at = end ? end : p->at + 1;
    return tocsin__regex_new(p, TOCSIN__REGEX_EMPTY, start);
}

static tocsin__regex_node *character(tocsin__regex_parser *p, size_t start, uint32_t c,
                                     tocsin__regex_spelling spelling) {
    tocsin__regex_node *made = tocsin__regex_new(p, TOCSIN__REGEX_CHARACTER, start);
    if (!made) return NULL;
    made->code_point = c;
    made->spelling = (uint8_t)spelling;
    return made;
}

static tocsin__regex_node *edge(tocsin__regex_parser *p, size_t start, tocsin__regex_edge which) {
    tocsin__regex_node *made = tocsin__regex_new(p, TOCSIN__REGEX_EDGE, start);
    if (made) made->edge = (uint8_t)which;
    return made;
}

static tocsin__regex_node *escaped(tocsin__regex_parser *p) {
    const size_t start = p->at;
    const tocsin__regex_escape escape = tocsin__regex_read_escape(p, 0);
    tocsin__regex_node *made;
    switch (escape.kind) {
        case TOCSIN__REGEX_ESCAPE_CHARACTER: return character(p, start, escape.code_point, TOCSIN__REGEX_RAW);
        case TOCSIN__REGEX_ESCAPE_CODE: return character(p, start, escape.code_point, TOCSIN__REGEX_CODED);
        case TOCSIN__REGEX_ESCAPE_EDGE: return edge(p, start, escape.edge);
        case TOCSIN__REGEX_ESCAPE_REFUSED: return tocsin__regex_new(p, TOCSIN__REGEX_EMPTY, start);
        case TOCSIN__REGEX_ESCAPE_SET: break;
    }
    made = tocsin__regex_new(p, TOCSIN__REGEX_CLASS, start);
    tocsin__regex_set *set = made ? tocsin__arena_allocate(p->arena, sizeof *set) : NULL;
    if (!set) {
        p->problems.status = TOCSIN_ERROR_MEMORY;
        return NULL;
    }
    *set = (tocsin__regex_set){p->pattern.data + start, (uint32_t)(p->at - start), escape.wide};
    made->sets = set;
    made->set_count = 1;
    return made;
}

static tocsin__regex_node *alternatives(tocsin__regex_parser *p);

/* Flags alone in parentheses hold up to the end of the group around them. */
static tocsin__regex_node *group_at(tocsin__regex_parser *p) {
    const size_t start = p->at;
    const int all_lines = p->all_lines, multi_line = p->multi_line;
    tocsin__regex_node *group = tocsin__regex_new(p, TOCSIN__REGEX_EMPTY, start);
    if (!group) return NULL;
    if (p->depth == TOCSIN__REGEX_MAX_DEPTH) {
        tocsin__regex_error(p, "regex-too-deep", start, "more than %u groups inside each other",
                            TOCSIN__REGEX_MAX_DEPTH);
        tocsin__regex_skip_group(p);
        return group;
    }
    if (!tocsin__regex_open_group(p)) return group;
    p->depth++;
    tocsin__regex_node *inside = alternatives(p);
    p->depth--;
    p->all_lines = all_lines;
    p->multi_line = multi_line;
    if (p->problems.status) return NULL;
    group->kind = TOCSIN__REGEX_GROUP;
    group->first = inside;
    if (tocsin__regex_peek(p, 0) != ')') {
        tocsin__regex_error(p, "regex-syntax", start, "this parenthesis is not closed");
    } else {
        p->at++;
    }
    return group;
}

static tocsin__regex_node *piece(tocsin__regex_parser *p) {
    const size_t start = p->at;
    tocsin__regex_node *made;
    switch (tocsin__regex_peek(p, 0)) {
        case '*':
        case '+':
        case '?':
        case '{': return stray_repeat(p);
        case '(': return repeated(p, group_at(p));
        case '[': return repeated(p, tocsin__regex_class(p));
        case '\\': return repeated(p, escaped(p));
        case '.':
            p->at++;
            made = tocsin__regex_new(p, TOCSIN__REGEX_DOT, start);
            if (made) made->all_lines = p->all_lines != 0;
            return repeated(p, made);
        case '^':
            p->at++;
            return repeated(p, edge(p, start, p->multi_line ? TOCSIN__REGEX_LINE_START : TOCSIN__REGEX_TEXT_START));
        case '$':
            p->at++;
            return repeated(p, edge(p, start, p->multi_line ? TOCSIN__REGEX_LINE_END : TOCSIN__REGEX_LAST_END));
        default: break;
    }
    const uint32_t c = tocsin__utf8_next(p->pattern.data, p->pattern.length, start, &p->at);
    return repeated(p, character(p, start, c, TOCSIN__REGEX_RAW));
}

static tocsin__regex_node *sequence(tocsin__regex_parser *p) {
    tocsin__regex_node *all = tocsin__regex_new(p, TOCSIN__REGEX_SEQUENCE, p->at), *last = NULL;
    while (tocsin__regex_more(p) && tocsin__regex_peek(p, 0) != '|' && tocsin__regex_peek(p, 0) != ')') {
        tocsin__regex_node *next = piece(p);
        if (!next) break;
        if (next->kind == TOCSIN__REGEX_EMPTY) continue;
        if (last) last->next = next;
        if (!last) all->first = next;
        last = next;
    }
    if (p->problems.status) return NULL;
    if (!all->first) all->kind = TOCSIN__REGEX_EMPTY;
    return all->first && !all->first->next ? all->first : all;
}

static tocsin__regex_node *alternatives(tocsin__regex_parser *p) {
    const size_t start = p->at;
    tocsin__regex_node *one = sequence(p), *last = one;
    if (!one || tocsin__regex_peek(p, 0) != '|') return one;
    tocsin__regex_node *all = tocsin__regex_new(p, TOCSIN__REGEX_ALTERNATIVES, start);
    if (!all) return NULL;
    all->first = one;
    while (tocsin__regex_more(p) && tocsin__regex_peek(p, 0) == '|') {
        p->at++;
        tocsin__regex_node *next = sequence(p);
        if (!next) return NULL;
        last->next = next;
        last = next;
    }
    return p->problems.status ? NULL : all;
}

tocsin_status tocsin__regex_parse(const char *pattern, size_t length, tocsin__arena *arena, tocsin__regex_report report,
                                  void *context, tocsin__regex_node **tree, size_t *errors) {
    tocsin__regex_parser p = {
        .pattern = {pattern, length}, .arena = arena, .problems = {.report = report, .context = context}};
    *tree = alternatives(&p);
    while (tocsin__regex_more(&p)) {
        tocsin__regex_error(&p, "regex-syntax", p.at, "this parenthesis closes nothing");
        p.at++;
        (void)alternatives(&p);
    }
    *errors = p.problems.errors;
    return p.problems.status;
}
