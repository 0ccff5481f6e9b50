/*
 * One walk over the tree, which folds it and computes a shape of each part; the checks look at the shape of the whole.
 * Problems do not stop it: a faulty part counts as empty, and the checks of the whole are then left out, so that one
 * mistake is not reported twice.
 */
#include "lexicon/regex_admission.h"

#include "lexicon/regex_folding.h"
#include "lexicon/regex_shape.h"

static tocsin__regex_shape visit(tocsin__regex_folding *f, tocsin__regex_node *node);

static tocsin__regex_shape visit_class(tocsin__regex_folding *f, tocsin__regex_node *node) {
    uint32_t count = 0;
    int known = 1, wide = node->negated;
    const tocsin__code_range *ranges;
    tocsin__regex_fold_class(f, node);
    if (node->kind == TOCSIN__REGEX_CHARACTER) return tocsin__regex_shape_literal(node->code_point);
    if (f->problems.status || node->kind == TOCSIN__REGEX_EMPTY) return tocsin__regex_shape_empty();
    for (uint32_t i = 0; i < node->member_count; i++) count += node->members[i].last - node->members[i].first + 1;
    for (uint32_t i = 0; i < node->set_count; i++) wide |= node->sets[i].wide;
    if (node->set_count) f->problems.status = tocsin__regex_resolve(node, f->arena, &ranges, &(uint32_t){0}, &known);
    if (!known) tocsin__regex_error(f, "regex-syntax", node->offset, "there is no property of this name");
    return tocsin__regex_shape_class(wide || count > TOCSIN__REGEX_NARROW_CLASS);
}

static tocsin__regex_shape visit_repeat(tocsin__regex_folding *f, tocsin__regex_node *node) {
    const size_t errors = f->problems.errors;
    tocsin__regex_node *inside = node->first;
    if (tocsin__regex_is_raw(inside)) tocsin__regex_fold_one(f, inside, 1);
    tocsin__regex_shape shape = visit(f, inside);
    if (shape.max == 0 && !f->problems.errors) {
        tocsin__regex_error(f, "regex-syntax", node->offset, "there is nothing to repeat here");
    }
    if (node->most > 1 && (uint64_t)shape.wide * node->most > TOCSIN__REGEX_MAX_WIDE_REPEAT) {
        tocsin__regex_error(f, "regex-wide-repeat", node->offset,
                            "a class of more than %u characters is repeated more than %u times",
                            TOCSIN__REGEX_NARROW_CLASS, TOCSIN__REGEX_MAX_WIDE_REPEAT);
    }
    if (node->most > 1 && (shape.starts || shape.ends)) {
        tocsin__regex_error(f, "regex-unsupported", node->offset, "an anchor cannot be repeated");
    }
    if (f->problems.errors == errors) return tocsin__regex_shape_repeat(shape, node->least, node->most);
    shape.wide = 0;
    return shape;
}

static void refuse_anchor(tocsin__regex_folding *f, size_t offset) {
    tocsin__regex_error(f, "regex-unsupported", offset, "an anchor in the middle of a pattern is not supported");
}

/* The shape of a sequence with one more part; *end_anchor is the place of one of its anchors to the end. */
static tocsin__regex_shape append(tocsin__regex_folding *f, tocsin__regex_shape all, tocsin__regex_shape next,
                                  size_t offset, size_t *end_anchor) {
    if (all.ends && next.max) {
        refuse_anchor(f, *end_anchor);
        all.ends = 0;
    }
    if (next.starts && all.max) {
        refuse_anchor(f, offset);
        next.starts = 0;
    }
    if (next.ends && !all.ends) *end_anchor = offset;
    return tocsin__regex_shape_sequence(all, next);
}

static const tocsin__regex_node *repeated_character(const tocsin__regex_node *node) {
    return node && node->kind == TOCSIN__REGEX_REPEAT && tocsin__regex_is_raw(node->first) ? node->first : NULL;
}

static tocsin__regex_shape visit_sequence(tocsin__regex_folding *f, tocsin__regex_node *node) {
    tocsin__regex_shape all = tocsin__regex_shape_empty();
    size_t end_anchor = 0;
    tocsin__regex_node **link = &node->first;
    while (*link && !f->problems.status) {
        const size_t offset = (*link)->offset;
        if (tocsin__regex_is_raw(*link)) {
            const tocsin__regex_node *rest = *link;
            while (tocsin__regex_is_raw(rest)) rest = rest->next;
            tocsin__regex_node **end = tocsin__regex_fold_run(f, link, repeated_character(rest));
            for (const tocsin__regex_node *one = *link; one != *end; one = one->next) {
                all = append(f, all, tocsin__regex_shape_literal(one->code_point), offset, &end_anchor);
            }
            link = end;
            continue;
        }
        /* The repeated part of a repeat or a group is reported at its start. */
        const size_t start = (*link)->kind == TOCSIN__REGEX_REPEAT ? (*link)->first->offset : offset;
        all = append(f, all, visit(f, *link), start, &end_anchor);
        link = &(*link)->next;
    }
    return all;
}

static tocsin__regex_shape visit_alternatives(tocsin__regex_folding *f, tocsin__regex_node *node) {
    const uint32_t tail = f->tail;
    tocsin__regex_shape all = visit(f, node->first);
    for (tocsin__regex_node *child = node->first->next; child && !f->problems.status; child = child->next) {
        f->tail = tail;
        all = tocsin__regex_shape_either(all, visit(f, child));
    }
    return all;
}

static tocsin__regex_shape visit(tocsin__regex_folding *f, tocsin__regex_node *node) {
    if (f->problems.status) return tocsin__regex_shape_empty();
    switch (node->kind) {
        case TOCSIN__REGEX_EMPTY: break;
        case TOCSIN__REGEX_CHARACTER:
            if (tocsin__regex_is_raw(node)) {
                tocsin__regex_fold_one(f, node, 0);
                return visit(f, node);
            }
            if (node->spelling == TOCSIN__REGEX_CODED) tocsin__regex_check_coded(f, node);
            node->spelling = TOCSIN__REGEX_FOLDED;
            return tocsin__regex_shape_literal(node->code_point);
        case TOCSIN__REGEX_DOT: f->tail = 0; return tocsin__regex_shape_class(1);
        case TOCSIN__REGEX_CLASS: return visit_class(f, node);
        case TOCSIN__REGEX_EDGE: f->tail = 0; return tocsin__regex_shape_anchor(node->edge <= TOCSIN__REGEX_TEXT_START);
        case TOCSIN__REGEX_SEQUENCE: return visit_sequence(f, node);
        case TOCSIN__REGEX_ALTERNATIVES: return visit_alternatives(f, node);
        case TOCSIN__REGEX_GROUP: return visit(f, node->first);
        case TOCSIN__REGEX_REPEAT: return visit_repeat(f, node);
    }
    return tocsin__regex_shape_empty();
}

static void check_whole(tocsin__regex_folding *f, const tocsin__regex_shape *shape) {
    if (f->problems.errors || f->problems.status) return;
    if (shape->min == 0) {
        tocsin__regex_error(f, "regex-empty-match", 0, "the pattern matches the empty text");
        return;
    }
    if (shape->certain < TOCSIN__REGEX_ONE_HAN || (shape->certain == TOCSIN__REGEX_ONE_HAN && shape->min < 2)) {
        tocsin__regex_error(f, "regex-no-literal", 0,
                            "every alternative needs two literal characters in a row, or one Han character and "
                            "something beside it");
    }
    if (shape->cost > TOCSIN__REGEX_MAX_COST) {
        tocsin__regex_error(f, "regex-too-costly", 0,
                            "the pattern has %u characters when its repeats are written out, %u is the limit",
                            shape->cost, TOCSIN__REGEX_MAX_COST);
    }
}

tocsin_status tocsin__regex_admit(tocsin_folder *folder, tocsin_bytes pattern, const tocsin_allocator *allocator,
                                  tocsin__regex_report report, void *context, tocsin_buffer *out,
                                  tocsin__regex_width *width, int *admitted) {
    tocsin__arena arena;
    tocsin__regex_node *tree = NULL;
    tocsin__arena_init(&arena, allocator);
    tocsin__regex_folding f = {.arena = &arena, .folder = folder, .problems = {.report = report, .context = context}};
    tocsin_buffer_init(&f.run, allocator);
    tocsin_buffer_init(&f.folded, allocator);
    f.problems.status =
        tocsin__regex_parse(pattern.data, pattern.length, &arena, report, context, &tree, &f.problems.errors);
    tocsin__regex_shape shape = tocsin__regex_shape_empty();
    if (!f.problems.status) shape = visit(&f, tree);
    check_whole(&f, &shape);
    if (!f.problems.status && !f.problems.errors) f.problems.status = tocsin__regex_print(tree, out);
    tocsin_buffer_release(&f.folded);
    tocsin_buffer_release(&f.run);
    tocsin__arena_release(&arena);
    if (f.problems.status) return f.problems.status;
    *admitted = !f.problems.errors;
    if (!f.problems.errors) *width = (tocsin__regex_width){shape.min, shape.max};
    return TOCSIN_OK;
}
