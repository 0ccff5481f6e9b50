/*
 * Turns positions into words of bits. Joins from one position to the next one form one set that is shifted; only the
 * others, about one for each group of alternatives, are kept as products. Each character of small sets has a row of its
 * own, found by hash; all other characters are divided into intervals, and intervals with the same positions share a
 * row.
 */
#include "match/regex_nfa.h"

#include <string.h>

#include "base/bitset.h"

#define MOST_ROWS 2000u
#define MOST_MEMBERS 256u /* characters of a set that get rows of their own */

typedef struct builder {
    const tocsin__glushkov *glushkov;
    tocsin__nfa *made;
    tocsin__arena *arena, *scratch;
    uint64_t **positions; /* by set: the positions that use it */
    uint32_t most_members;
    uint64_t *rows;
    uint32_t *slots;
    uint32_t row_count, listed;
} builder;

const uint64_t *tocsin__nfa_set(const tocsin__nfa *nfa, const uint64_t *set, tocsin__arena *arena) {
    return (const uint64_t *)(const void *)tocsin__arena_copy(arena, (const char *)set, nfa->words * sizeof *set);
}

/* Whether a join contains steps from one position to the next one, and which. */
static int steps(const tocsin__glushkov *glushkov, const tocsin__join *join, uint32_t *from) {
    *from = tocsin__positions_next(glushkov, join->from, 0);
    return tocsin__positions_next(glushkov, join->to, 0) == *from + 1 &&
           tocsin__positions_next(glushkov, join->from, *from + 1) == glushkov->position_count &&
           tocsin__positions_next(glushkov, join->to, *from + 2) == glushkov->position_count;
}

static tocsin_status build_joins(builder *b) {
    tocsin__nfa *made = b->made;
    const size_t words = made->words;
    uint32_t from, products = 0;
    for (const tocsin__join *join = b->glushkov->joins; join; join = join->next) {
        products += !steps(b->glushkov, join, &from);
    }
    uint64_t *shift = tocsin__arena_allocate(b->arena, words * sizeof *shift);
    uint64_t *joins = tocsin__arena_allocate(b->arena, 2 * words * products * sizeof *joins);
    if (!shift || !joins) return TOCSIN_ERROR_MEMORY;
    memset(shift, 0, words * sizeof *shift);
    made->shift = shift;
    made->joins = joins;
    made->join_count = products;
    for (const tocsin__join *join = b->glushkov->joins; join; join = join->next) {
        if (steps(b->glushkov, join, &from)) {
            tocsin__bits_set(shift, from);
            continue;
        }
        memcpy(joins, join->from, words * sizeof *joins);
        memcpy(joins + words, join->to, words * sizeof *joins);
        joins += 2 * words;
    }
    return TOCSIN_OK;
}

static int is_listed(const builder *b, uint32_t set) { return b->glushkov->sets[set].members <= b->most_members; }

static int takes(const tocsin__character_set *set, uint32_t c) {
    uint32_t low = 0, high = set->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (set->ranges[middle].last < c) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < set->count && set->ranges[low].first <= c;
}

/* Finds the positions that use each set. */
static tocsin_status find_positions(builder *b) {
    const tocsin__glushkov *glushkov = b->glushkov;
    const size_t words = b->made->words, count = glushkov->set_count;
    uint64_t *all = tocsin__arena_allocate(b->scratch, count * words * sizeof *all);
    b->positions = tocsin__arena_allocate(b->scratch, count * sizeof *b->positions);
    if (!all || !b->positions) return TOCSIN_ERROR_MEMORY;
    memset(all, 0, count * words * sizeof *all);
    for (size_t i = 0; i < count; i++) b->positions[i] = all + i * words;
    for (uint32_t p = 0; p < glushkov->position_count; p++) tocsin__bits_set(b->positions[glushkov->set_of[p]], p);
    return TOCSIN_OK;
}

/*
 * Decides which characters get rows of their own: those of small sets or, if these are too many, none. Counts them,
 * with repetitions.
 */
static void measure(builder *b) {
    for (b->most_members = MOST_MEMBERS;; b->most_members = 0) {
        b->listed = 0;
        for (uint32_t i = 0; i < b->glushkov->set_count; i++) {
            if (is_listed(b, i)) b->listed += b->glushkov->sets[i].members;
        }
        if (b->listed + 100 <= MOST_ROWS || !b->most_members) return;
    }
}

/* The characters at which the sets that are not listed begin or end, and 0; in order, each once. */
static tocsin_status cut_intervals(builder *b) {
    const tocsin__glushkov *glushkov = b->glushkov;
    size_t most = 1, count = 0, kept = 0;
    for (uint32_t i = 0; i < glushkov->set_count; i++)
        most += is_listed(b, i) ? 0 : 2 * (size_t)glushkov->sets[i].count;
    tocsin__sortable *cuts = tocsin__arena_allocate(b->scratch, most * sizeof *cuts);
    uint32_t *intervals = tocsin__arena_allocate(b->arena, most * sizeof *intervals);
    if (!cuts || !intervals) return TOCSIN_ERROR_MEMORY;
    cuts[count++] = (tocsin__sortable){0, 0};
    for (uint32_t i = 0; i < glushkov->set_count; i++) {
        for (uint32_t r = 0; r < glushkov->sets[i].count && !is_listed(b, i); r++) {
            cuts[count++] = (tocsin__sortable){glushkov->sets[i].ranges[r].first, 0};
            cuts[count++] = (tocsin__sortable){glushkov->sets[i].ranges[r].last + 1, 0};
        }
    }
    tocsin__sort(cuts, count);
    for (size_t i = 0; i < count; i++) {
        if (!kept || intervals[kept - 1] != cuts[i].key) intervals[kept++] = (uint32_t)cuts[i].key;
    }
    b->made->intervals = intervals;
    b->made->interval_count = (uint32_t)kept;
    return TOCSIN_OK;
}

/* Adds a row, or finds an equal one; MOST_ROWS: there are too many. */
static uint32_t add_row(builder *b, const uint64_t *row) {
    const size_t words = b->made->words;
    uint32_t i = 0;
    while (i < b->row_count && memcmp(b->rows + i * words, row, words * sizeof *row)) i++;
    if (i == b->row_count && i < MOST_ROWS) memcpy(b->rows + words * b->row_count++, row, words * sizeof *row);
    return i;
}

static int fill_intervals(builder *b, uint16_t *rows, uint64_t *row) {
    for (uint32_t i = 0; i < b->made->interval_count; i++) {
        memset(row, 0, b->made->words * sizeof *row);
        for (uint32_t s = 0; s < b->glushkov->set_count; s++) {
            if (is_listed(b, s) || !takes(&b->glushkov->sets[s], b->made->intervals[i])) continue;
            for (uint32_t w = 0; w < b->made->words; w++) row[w] |= b->positions[s][w];
        }
        const uint32_t found = add_row(b, row);
        if (found == MOST_ROWS) return 0;
        rows[i] = (uint16_t)found;
    }
    return 1;
}

/* The row of a listed character, made on first use; NULL if there are too many. */
static uint64_t *listed_row(builder *b, uint32_t c) {
    const size_t words = b->made->words;
    uint32_t slot = tocsin__character_hash(c) & b->made->slot_mask;
    for (; b->slots[slot] != TOCSIN__SLOT_FREE; slot = (slot + 1) & b->made->slot_mask) {
        if (b->slots[slot] >> TOCSIN__ROW_BITS == c) return b->rows + (b->slots[slot] & TOCSIN__ROW_MASK) * words;
    }
    if (b->row_count == MOST_ROWS) return NULL;
    uint64_t *row = b->rows + b->row_count * words;
    memcpy(row, b->rows + b->made->interval_rows[tocsin__interval_of(b->made, c)] * words, words * sizeof *row);
    b->slots[slot] = c << TOCSIN__ROW_BITS | b->row_count++;
    return row;
}

static int list_characters(builder *b) {
    for (uint32_t s = 0; s < b->glushkov->set_count; s++) {
        const tocsin__character_set *set = &b->glushkov->sets[s];
        for (uint32_t i = 0; i < set->count && is_listed(b, s); i++) {
            for (uint32_t c = set->ranges[i].first; c <= set->ranges[i].last; c++) {
                uint64_t *row = listed_row(b, c);
                if (!row) return 0;
                for (uint32_t w = 0; w < b->made->words; w++) row[w] |= b->positions[s][w];
            }
        }
    }
    return 1;
}

static tocsin_status build_rows(builder *b, int *fits) {
    tocsin__nfa *made = b->made;
    const size_t words = made->words;
    size_t slots = 16;
    measure(b);
    while (slots < 2 * (size_t)b->listed) slots *= 2;
    tocsin_status status = find_positions(b);
    if (!status) status = cut_intervals(b);
    if (status) return status;
    const size_t most = made->interval_count + b->listed + 1;
    uint16_t *interval_rows = tocsin__arena_allocate(b->arena, made->interval_count * sizeof *interval_rows);
    uint64_t *row = tocsin__arena_allocate(b->scratch, words * sizeof *row);
    b->rows = tocsin__arena_allocate(b->scratch, (most < MOST_ROWS ? most : MOST_ROWS) * words * sizeof *b->rows);
    b->slots = tocsin__arena_allocate(b->arena, slots * sizeof *b->slots);
    if (!interval_rows || !row || !b->rows || !b->slots) return TOCSIN_ERROR_MEMORY;
    memset(b->slots, 0xFF, slots * sizeof *b->slots);
    made->slot_mask = (uint32_t)slots - 1;
    made->slots = b->slots;
    made->interval_rows = interval_rows;
    *fits = fill_intervals(b, interval_rows, row) && list_characters(b);
    if (!*fits) return TOCSIN_OK;
    made->row_count = b->row_count;
    made->rows =
        (uint64_t *)(void *)tocsin__arena_copy(b->arena, (const char *)b->rows, b->row_count * words * sizeof *b->rows);
    return made->rows ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

static void raise(const tocsin__glushkov *glushkov, const uint64_t *set, uint16_t longest, uint16_t *lengths) {
    for (uint32_t p = tocsin__positions_next(glushkov, set, 0); p < glushkov->position_count;
         p = tocsin__positions_next(glushkov, set, p + 1)) {
        if (lengths[p] <= longest) lengths[p] = (uint16_t)(longest + 1);
    }
}

/*
 * Computes the longest path from each position and up to it. Joins lead to higher positions: if they are visited by
 * their left side, highest first, the paths from their right sides are already known; likewise in the other direction.
 */
static tocsin_status measure_ways(const tocsin__glushkov *glushkov, tocsin__arena *scratch, uint16_t *ahead,
                                  uint16_t *behind) {
    uint32_t count = 0, i = 0;
    for (const tocsin__join *join = glushkov->joins; join; join = join->next) count++;
    const tocsin__join **joins = tocsin__arena_allocate(scratch, count * sizeof *joins);
    tocsin__sortable *order = tocsin__arena_allocate(scratch, count * sizeof *order);
    if (!joins || !order) return TOCSIN_ERROR_MEMORY;
    for (uint32_t p = 0; p < glushkov->position_count; p++) ahead[p] = behind[p] = 1;
    for (const tocsin__join *join = glushkov->joins; join; join = join->next, i++) {
        joins[i] = join;
        order[i] = (tocsin__sortable){tocsin__positions_next(glushkov, join->to, 0), i};
    }
    tocsin__sort(order, count);
    for (i = 0; i < count; i++) {
        const tocsin__join *join = joins[order[i].value];
        raise(glushkov, join->to, tocsin__positions_longest(glushkov, join->from, behind), behind);
    }
    for (i = 0; i < count; i++) {
        uint32_t highest = 0;
        for (uint32_t p = tocsin__positions_next(glushkov, joins[i]->from, 0); p < glushkov->position_count;
             p = tocsin__positions_next(glushkov, joins[i]->from, p + 1)) {
            highest = p;
        }
        order[i] = (tocsin__sortable){TOCSIN__NFA_POSITIONS - highest, i};
    }
    tocsin__sort(order, count);
    for (i = 0; i < count; i++) {
        const tocsin__join *join = joins[order[i].value];
        raise(glushkov, join->from, tocsin__positions_longest(glushkov, join->to, ahead), ahead);
    }
    return TOCSIN_OK;
}

/* Copies the sets of positions at which matches begin and end. */
static tocsin_status copy_ends(builder *b) {
    const tocsin__glushkov *glushkov = b->glushkov;
    tocsin__nfa *made = b->made;
    int complete = 1;
    for (int s = 0; s < TOCSIN__NFA_STARTS; s++) {
        made->first[s] = glushkov->first[s] ? tocsin__nfa_set(made, glushkov->first[s], b->arena) : NULL;
        complete &= !glushkov->first[s] == !made->first[s];
        made->asks_start |= s && made->first[s];
    }
    for (int e = 0; e < TOCSIN__NFA_ENDS; e++) {
        made->last[e] = glushkov->last[e] ? tocsin__nfa_set(made, glushkov->last[e], b->arena) : NULL;
        complete &= !glushkov->last[e] == !made->last[e];
        made->asks_end |= e && made->last[e];
    }
    return complete ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

tocsin_status tocsin__nfa_build(const tocsin__glushkov *glushkov, tocsin__arena *scratch, tocsin__arena *arena,
                                uint16_t *ahead, uint16_t *behind, tocsin__nfa **nfa) {
    builder b = {.glushkov = glushkov, .arena = arena, .scratch = scratch};
    int fits = 0;
    *nfa = NULL;
    tocsin_status status = measure_ways(glushkov, scratch, ahead, behind);
    b.made = status ? NULL : tocsin__arena_allocate(arena, sizeof *b.made);
    if (!b.made) return TOCSIN_ERROR_MEMORY;
    memset(b.made, 0, sizeof *b.made);
    b.made->words = glushkov->words;
    for (int s = 0; s < TOCSIN__NFA_STARTS; s++) {
        const uint32_t length = glushkov->first[s] ? tocsin__positions_longest(glushkov, glushkov->first[s], ahead) : 0;
        if (length > b.made->longest) b.made->longest = length;
    }
    status = copy_ends(&b);
    if (!status) status = build_rows(&b, &fits);
    if (!status && fits) status = build_joins(&b);
    if (!status && fits) *nfa = b.made;
    return status;
}
