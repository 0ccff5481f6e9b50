/*
 * Turns positions into words of bits. Joins from one position to the next are kept as one set that is shifted, and only
 * the others, of which there is one where alternatives meet, as products. Characters that are listed somewhere have a
 * row each, found by hash; all others fall into a few intervals.
 */
#include "match/expression_automaton.h"

#include <string.h>

#include "base/bitset.h"

#define MOST_ROWS 2000u
#define MOST_INTERVALS 64u
#define MOST_LENGTH 256u /* characters of a match; what is read around an anchor is twice that at most */

typedef struct builder {
    const tocsin__draft *draft;
    tocsin__automaton *made;
    tocsin__arena *arena;
    uint64_t *rows;
    uint32_t *slots;
    uint32_t row_count;
    uint32_t intervals[2 * MOST_INTERVALS];
} builder;

const uint64_t *tocsin__automaton_set(const tocsin__automaton *automaton, const tocsin__positions *set,
                                      tocsin__arena *arena) {
    uint64_t *copy = tocsin__arena_allocate(arena, automaton->words * sizeof *copy);
    if (copy) memcpy(copy, set->bits, automaton->words * sizeof *copy);
    return copy;
}

/* Whether a join leads from one position to the next one, and which. */
static int steps(const tocsin__join *join, uint32_t *from) {
    *from = tocsin__positions_next(&join->from, 0);
    return tocsin__positions_next(&join->to, 0) == *from + 1 &&
           tocsin__positions_next(&join->from, *from + 1) == TOCSIN__EXPRESSION_POSITIONS &&
           tocsin__positions_next(&join->to, *from + 2) == TOCSIN__EXPRESSION_POSITIONS;
}

static tocsin_status build_joins(builder *b) {
    tocsin__automaton *made = b->made;
    const size_t words = made->words;
    uint32_t from, products = 0;
    for (const tocsin__join *join = b->draft->joins; join; join = join->next) products += !steps(join, &from);
    uint64_t *shift = tocsin__arena_allocate(b->arena, words * sizeof *shift);
    uint64_t *joins = tocsin__arena_allocate(b->arena, 2 * words * products * sizeof *joins);
    if (!shift || !joins) return TOCSIN_ERROR_MEMORY;
    memset(shift, 0, words * sizeof *shift);
    made->shift = shift;
    made->joins = joins;
    made->join_count = products;
    for (const tocsin__join *join = b->draft->joins; join; join = join->next) {
        if (steps(join, &from)) {
            tocsin__bits_set(shift, from);
            continue;
        }
        memcpy(joins, join->from.bits, words * sizeof *joins);
        memcpy(joins + words, join->to.bits, words * sizeof *joins);
        joins += 2 * words;
    }
    return TOCSIN_OK;
}

static int is_listed(const tocsin__code_range *range) { return range->last - range->first < TOCSIN__LISTED_RANGE; }

/* Where a range that is not listed begins or ends; 0 when there are too many. */
static int add_interval(builder *b, uint32_t start) {
    uint32_t i = 0, count = b->made->interval_count;
    while (i < count && b->intervals[i] < start) i++;
    if (i < count && b->intervals[i] == start) return 1;
    if (count == MOST_INTERVALS) return 0;
    memmove(b->intervals + i + 1, b->intervals + i, (count - i) * sizeof *b->intervals);
    b->intervals[i] = start;
    b->made->interval_count++;
    return 1;
}

/* Cuts what there is into intervals and counts, with repetitions, what is listed; 0 when it is too much. */
static int measure(builder *b, uint32_t *listed) {
    b->made->interval_count = 1;
    b->intervals[0] = 0;
    *listed = 0;
    for (uint32_t p = 0; p < b->draft->position_count; p++) {
        const tocsin__atom *atom = &b->draft->atoms[p];
        for (uint32_t i = 0; i < atom->count; i++) {
            const tocsin__code_range *range = &atom->ranges[i];
            if (is_listed(range)) {
                *listed += range->last - range->first + 1;
            } else if (!add_interval(b, range->first) || !add_interval(b, range->last + 1)) {
                return 0;
            }
        }
    }
    return 1;
}

/* The row of a character by intervals alone: what takes it without listing it. */
static void fill_row(builder *b, uint64_t *row, uint32_t c) {
    memset(row, 0, b->made->words * sizeof *row);
    for (uint32_t p = 0; p < b->draft->position_count; p++) {
        const tocsin__atom *atom = &b->draft->atoms[p];
        int inside = 0;
        for (uint32_t i = 0; i < atom->count; i++) {
            const tocsin__code_range *range = &atom->ranges[i];
            inside |= !is_listed(range) && c >= range->first && c <= range->last;
        }
        if (inside != atom->negated) tocsin__bits_set(row, p);
    }
}

static uint64_t *interval_row(builder *b, uint32_t c) {
    uint32_t i = b->made->interval_count - 1;
    while (b->intervals[i] > c) i--;
    return b->rows + (size_t)i * b->made->words;
}

/* The row of a listed character, a new one at its first time; NULL when there are too many. */
static uint64_t *listed_row(builder *b, uint32_t c) {
    const size_t words = b->made->words;
    uint32_t slot = tocsin__character_hash(c) & b->made->slot_mask;
    for (; b->slots[slot] != TOCSIN__SLOT_FREE; slot = (slot + 1) & b->made->slot_mask) {
        if (b->slots[slot] >> TOCSIN__ROW_BITS == c) return b->rows + (b->slots[slot] & TOCSIN__ROW_MASK) * words;
    }
    if (b->row_count == MOST_ROWS) return NULL;
    uint64_t *row = b->rows + b->row_count * words;
    memcpy(row, interval_row(b, c), words * sizeof *row);
    b->slots[slot] = c << TOCSIN__ROW_BITS | b->row_count++;
    return row;
}

static int list_characters(builder *b) {
    for (uint32_t p = 0; p < b->draft->position_count; p++) {
        const tocsin__atom *atom = &b->draft->atoms[p];
        for (uint32_t i = 0; i < atom->count; i++) {
            if (!is_listed(&atom->ranges[i])) continue;
            for (uint32_t c = atom->ranges[i].first; c <= atom->ranges[i].last; c++) {
                uint64_t *row = listed_row(b, c);
                if (!row) return 0;
                if (atom->negated) {
                    tocsin__bits_clear(row, p);
                } else {
                    tocsin__bits_set(row, p);
                }
            }
        }
    }
    return 1;
}

/* Rows and slots are made in the scratch, because only then it is known how many there are. */
static tocsin_status build_rows(builder *b, uint32_t listed, tocsin__arena *scratch, int *fits) {
    tocsin__automaton *made = b->made;
    const size_t words = made->words, most = made->interval_count + (listed < MOST_ROWS ? listed : MOST_ROWS);
    uint32_t slots = 16;
    while (slots < 2 * most) slots *= 2;
    b->rows = tocsin__arena_allocate(scratch, most * words * sizeof *b->rows);
    b->slots = tocsin__arena_allocate(b->arena, slots * sizeof *b->slots);
    if (!b->rows || !b->slots) return TOCSIN_ERROR_MEMORY;
    memset(b->slots, 0xFF, slots * sizeof *b->slots);
    made->slot_mask = slots - 1;
    b->row_count = made->interval_count;
    for (uint32_t i = 0; i < b->row_count; i++) fill_row(b, b->rows + i * words, b->intervals[i]);
    *fits = list_characters(b);
    if (!*fits) return TOCSIN_OK;
    made->row_count = b->row_count;
    made->slots = b->slots;
    made->rows =
        (uint64_t *)(void *)tocsin__arena_copy(b->arena, (const char *)b->rows, b->row_count * words * sizeof *b->rows);
    made->intervals = (uint32_t *)(void *)tocsin__arena_copy(b->arena, (const char *)b->intervals,
                                                             made->interval_count * sizeof *b->intervals);
    return made->rows && made->intervals ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

static uint16_t longest_of(const tocsin__positions *set, const uint16_t *lengths) {
    uint16_t longest = 0;
    for (uint32_t p = tocsin__positions_next(set, 0); p < TOCSIN__EXPRESSION_POSITIONS;
         p = tocsin__positions_next(set, p + 1)) {
        if (lengths[p] > longest) longest = lengths[p];
    }
    return longest;
}

static void raise(const tocsin__positions *set, uint16_t longest, uint16_t *lengths) {
    for (uint32_t p = tocsin__positions_next(set, 0); p < TOCSIN__EXPRESSION_POSITIONS;
         p = tocsin__positions_next(set, p + 1)) {
        if (lengths[p] <= longest) lengths[p] = (uint16_t)(longest + 1);
    }
}

/*
 * How long the ways ahead of each position are, and behind it. Joins lead to higher positions: when they are gone
 * through by where they begin, highest first, all ways ahead of their right sides are known; and likewise behind.
 */
static tocsin_status measure_ways(const tocsin__draft *draft, tocsin__arena *scratch, uint16_t *ahead,
                                  uint16_t *behind) {
    uint32_t count = 0, i = 0;
    for (const tocsin__join *join = draft->joins; join; join = join->next) count++;
    const tocsin__join **joins = tocsin__arena_allocate(scratch, count * sizeof *joins);
    tocsin__sortable *order = tocsin__arena_allocate(scratch, count * sizeof *order);
    if (!joins || !order) return TOCSIN_ERROR_MEMORY;
    for (uint32_t p = 0; p < TOCSIN__EXPRESSION_POSITIONS; p++) ahead[p] = behind[p] = 1;
    for (const tocsin__join *join = draft->joins; join; join = join->next, i++) {
        joins[i] = join;
        order[i] = (tocsin__sortable){tocsin__positions_next(&join->to, 0), i};
    }
    tocsin__sort(order, count);
    for (i = 0; i < count; i++) {
        const tocsin__join *join = joins[order[i].value];
        raise(&join->to, longest_of(&join->from, behind), behind);
    }
    for (i = 0; i < count; i++) {
        uint32_t highest = 0;
        for (uint32_t p = tocsin__positions_next(&joins[i]->from, 0); p < TOCSIN__EXPRESSION_POSITIONS;
             p = tocsin__positions_next(&joins[i]->from, p + 1)) {
            highest = p;
        }
        order[i] = (tocsin__sortable){TOCSIN__EXPRESSION_POSITIONS - highest, i};
    }
    tocsin__sort(order, count);
    for (i = 0; i < count; i++) {
        const tocsin__join *join = joins[order[i].value];
        raise(&join->from, longest_of(&join->to, ahead), ahead);
    }
    return TOCSIN_OK;
}

tocsin_status tocsin__automaton_build(const tocsin__draft *draft, tocsin__arena *scratch, tocsin__arena *arena,
                                      uint16_t *ahead, uint16_t *behind, tocsin__automaton **automaton) {
    builder b = {.draft = draft, .arena = arena};
    uint32_t listed = 0;
    int fits = 0;
    *automaton = NULL;
    tocsin_status status = measure_ways(draft, scratch, ahead, behind);
    if (status || longest_of(&draft->first, ahead) > MOST_LENGTH) return status;
    b.made = tocsin__arena_allocate(arena, sizeof *b.made);
    if (!b.made) return TOCSIN_ERROR_MEMORY;
    memset(b.made, 0, sizeof *b.made);
    b.made->words = (uint32_t)tocsin__bits_words(draft->position_count);
    if (!measure(&b, &listed)) return TOCSIN_OK;
    b.made->first = tocsin__automaton_set(b.made, &draft->first, arena);
    b.made->last = tocsin__automaton_set(b.made, &draft->last, arena);
    if (!b.made->first || !b.made->last) return TOCSIN_ERROR_MEMORY;
    status = build_rows(&b, listed, scratch, &fits);
    if (!status && fits) status = build_joins(&b);
    if (!status && fits) *automaton = b.made;
    return status;
}
