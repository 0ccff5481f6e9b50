/*
 * Expressions to bytes and back. Sets of positions and rows are used where they lie; the table by pair is made anew
 * from the anchors. Whatever the bytes are, matching reads within what is there and ends.
 */
#include <string.h>

#include "match/expression_draft.h"
#include "match/expression_layout.h"

static void pack_automaton(tocsin__packer *p, const tocsin__automaton *a) {
    const size_t set = a->words * sizeof(uint64_t);
    tocsin__pack_number(p, a->words);
    tocsin__pack_array(p, a->first, 1, set);
    tocsin__pack_array(p, a->last, 1, set);
    tocsin__pack_array(p, a->shift, 1, set);
    tocsin__pack_array(p, a->joins, a->join_count, 2 * set);
    tocsin__pack_array(p, a->rows, a->row_count, set);
    tocsin__pack_array(p, a->slots, (size_t)a->slot_mask + 1, sizeof *a->slots);
    tocsin__pack_array(p, a->intervals, a->interval_count, sizeof *a->intervals);
}

/* Crossings of one automaton stand together: it is told once, before the first of them. */
static void pack_crossings(tocsin__packer *p, const tocsin__expressions *e) {
    tocsin__pack_number(p, e->crossing_count);
    for (size_t i = 0; i < e->crossing_count; i++) {
        const tocsin__compiled_crossing *c = &e->crossings[i];
        const int again = i && c->automaton == c[-1].automaton;
        tocsin__pack_number(p, (unsigned)again | c->alone * 2U | c->right_first * 4U);
        tocsin__pack_number(p, c->expression);
        if (!again) pack_automaton(p, c->automaton);
        tocsin__pack_array(p, c->left, c->automaton->words, sizeof *c->left);
        tocsin__pack_array(p, c->right, c->automaton->words, sizeof *c->right);
    }
}

void tocsin__expressions_pack(const tocsin__expressions *e, tocsin__packer *p) {
    pack_crossings(p, e);
    tocsin__pack_array(p, e->anchors, e->anchor_count, sizeof *e->anchors);
    tocsin__pack_array(p, e->crossing_starts, e->anchor_count + 1, sizeof *e->crossing_starts);
    tocsin__pack_array(p, e->crossing_ids, e->crossing_starts[e->anchor_count], sizeof *e->crossing_ids);
    tocsin__pack_array(p, e->left_ids, e->left_count, sizeof *e->left_ids);
    if (e->left) tocsin__engine_regex.pack(e->left, p);
}

typedef struct reading {
    tocsin__unpacker *u;
    tocsin__expressions *made;
    size_t expressions;
} reading;

/* Rows are found by a search that ends at a free slot, or else at the first interval, which begins at 0. */
static int are_rows_sound(const tocsin__automaton *a) {
    size_t unused = 0;
    for (size_t i = 0; i <= a->slot_mask; i++) {
        unused += a->slots[i] == TOCSIN__SLOT_FREE;
        if (a->slots[i] != TOCSIN__SLOT_FREE && (a->slots[i] & TOCSIN__ROW_MASK) >= a->row_count) return 0;
    }
    return unused && a->interval_count && a->interval_count <= a->row_count && !a->intervals[0];
}

static tocsin_status unpack_automaton(reading *r, const tocsin__automaton **automaton) {
    tocsin__unpacker *u = r->u;
    size_t joins, rows, slots, intervals;
    tocsin__automaton *a = tocsin__arena_allocate(&r->made->arena, sizeof *a);
    if (!a) return TOCSIN_ERROR_MEMORY;
    a->words = tocsin__unpack_number_up_to(u, TOCSIN__EXPRESSION_WORDS);
    const size_t set = (a->words ? a->words : 1) * sizeof(uint64_t);
    a->first = tocsin__unpack_array_of(u, set, 1);
    a->last = tocsin__unpack_array_of(u, set, 1);
    a->shift = tocsin__unpack_array_of(u, set, 1);
    a->joins = tocsin__unpack_array(u, 2 * set, &joins);
    a->rows = tocsin__unpack_array(u, set, &rows);
    a->slots = tocsin__unpack_array(u, sizeof *a->slots, &slots);
    a->intervals = tocsin__unpack_array(u, sizeof *a->intervals, &intervals);
    a->join_count = (uint32_t)joins;
    a->row_count = (uint32_t)rows;
    a->interval_count = (uint32_t)intervals;
    a->slot_mask = (uint32_t)(slots - 1);
    if (!a->words || !slots || slots > UINT32_MAX / 2 || (slots & (slots - 1)) || joins > UINT32_MAX ||
        rows > UINT32_MAX || intervals > UINT32_MAX || !u->sound || !are_rows_sound(a)) {
        u->sound = 0;
    }
    *automaton = a;
    return TOCSIN_OK;
}

static tocsin_status unpack_crossing(reading *r, tocsin__compiled_crossing *c, const tocsin__automaton *before) {
    tocsin__unpacker *u = r->u;
    tocsin_status status = TOCSIN_OK;
    const unsigned flags = tocsin__unpack_number_up_to(u, 7);
    c->expression = tocsin__unpack_number_up_to(u, UINT32_MAX);
    c->alone = (flags & 2) != 0;
    c->right_first = (flags & 4) != 0;
    c->automaton = before;
    if (!(flags & 1)) status = unpack_automaton(r, &c->automaton);
    if (status || !u->sound || !c->automaton || c->expression >= r->expressions) {
        u->sound = 0;
        return status;
    }
    c->left = tocsin__unpack_array_of(u, sizeof *c->left, c->automaton->words);
    c->right = tocsin__unpack_array_of(u, sizeof *c->right, c->automaton->words);
    return status;
}

static tocsin_status unpack_crossings(reading *r) {
    const size_t count = tocsin__unpack_number_up_to(r->u, UINT32_MAX);
    tocsin_status status = TOCSIN_OK;
    if (count > r->u->data.length - r->u->at) {
        r->u->sound = 0;
        return status;
    }
    tocsin__compiled_crossing *crossings = tocsin__arena_allocate(&r->made->arena, count * sizeof *crossings);
    if (!crossings) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count && r->u->sound && !status; i++) {
        status = unpack_crossing(r, &crossings[i], i ? crossings[i - 1].automaton : NULL);
    }
    r->made->crossings = crossings;
    r->made->crossing_count = count;
    return status;
}

static void unpack_anchors(reading *r) {
    tocsin__expressions *made = r->made;
    size_t ids;
    made->anchors = tocsin__unpack_array(r->u, sizeof *made->anchors, &made->anchor_count);
    made->crossing_starts = tocsin__unpack_array_of(r->u, sizeof *made->crossing_starts, made->anchor_count + 1);
    made->crossing_ids = tocsin__unpack_array(r->u, sizeof *made->crossing_ids, &ids);
    made->left_ids = tocsin__unpack_array(r->u, sizeof *made->left_ids, &made->left_count);
    if (!r->u->sound) return;
    int sound = !made->crossing_starts[0] && made->crossing_starts[made->anchor_count] == ids;
    for (size_t i = 0; i < made->anchor_count; i++) {
        sound &=
            made->anchors[i].expression < r->expressions && made->crossing_starts[i] <= made->crossing_starts[i + 1];
    }
    for (size_t i = 0; i < ids; i++) sound &= made->crossing_ids[i] < made->crossing_count;
    for (size_t i = 0; i < made->left_count; i++) sound &= made->left_ids[i] < r->expressions;
    r->u->sound = sound;
}

/* Hyperscan's part, and the gate before it, which is made anew. */
static tocsin_status unpack_left(reading *r, const tocsin__pattern *expressions,
                                 const tocsin__engine_options *options) {
    tocsin__expressions *made = r->made;
    const tocsin_allocator *allocator = &options->allocator;
    const size_t count = made->left_count;
    if (!count || !r->u->sound) return TOCSIN_OK;
    tocsin__pattern *left = tocsin__allocate(allocator, count * sizeof *left);
    if (!left) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) left[i] = expressions[made->left_ids[i]];
    tocsin_status status = tocsin__engine_regex.unpack(r->u, left, count, options, &made->left);
    if (!status && r->u->sound) status = tocsin__expression_gate_create(left, count, allocator, &made->left_gate);
    tocsin__deallocate(allocator, left, count * sizeof *left);
    return status;
}

tocsin_status tocsin__expressions_unpack(tocsin__unpacker *unpacker, const tocsin__pattern *expressions, size_t count,
                                         const tocsin__engine_options *options, tocsin__expressions **compiled) {
    tocsin__expressions *made = tocsin__allocate_zeroed(&options->allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    reading r = {unpacker, made, count};
    made->allocator = options->allocator;
    tocsin__arena_init(&made->arena, &options->allocator);
    tocsin_status status = unpack_crossings(&r);
    if (!status && unpacker->sound) unpack_anchors(&r);
    if (!status && unpacker->sound) status = tocsin__expressions_index(made);
    if (!status) status = unpack_left(&r, expressions, options);
    if (!status && unpacker->sound) {
        *compiled = made;
    } else {
        tocsin__expressions_free(made);
    }
    return status;
}
