/* Tables of expressions that say what cannot be are not taken, each by itself; at their limits they are. */
#include <string.h>

#include "codec/pack.h"
#include "match/expression_layout.h"
#include "suite.h"

static const tocsin__pattern expressions[] = {
    {"火.{0,8}灾", 12}, {"(?:没人|无人)(?:管|理)", 28}, {"火灾\\d", 8}, {"水压\\p{Han}", 13}};
#define COUNT (sizeof expressions / sizeof *expressions)

static tocsin__expressions *compile(void) {
    const tocsin__engine_options options = {*tocsin_allocator_default(), 0, 0};
    tocsin__expressions *made = NULL;
    size_t bad;
    ck_assert_int_eq(tocsin__expressions_compile(expressions, COUNT, &options, &made, &bad, NULL), TOCSIN_OK);
    ck_assert_uint_eq(made->left_count, 2);
    ck_assert_uint_gt(made->anchor_count, 1);
    ck_assert_uint_gt(made->crossing_count, 1);
    return made;
}

/* Whether they are taken from bytes. */
static int are_taken(const tocsin__expressions *e) {
    const tocsin__engine_options options = {*tocsin_allocator_default(), 0, 0};
    tocsin__expressions *again = NULL;
    tocsin_buffer bytes;
    tocsin_buffer_init(&bytes, NULL);
    tocsin__packer packer = {&bytes, TOCSIN_OK};
    tocsin__expressions_pack(e, &packer);
    ck_assert_int_eq(packer.status, TOCSIN_OK);
    tocsin__unpacker unpacker = {{bytes.data, bytes.length}, 0, 1};
    ck_assert_int_eq(tocsin__expressions_unpack(&unpacker, expressions, COUNT, &options, &again), TOCSIN_OK);
    ck_assert_int_eq(unpacker.sound, again != NULL);
    tocsin__expressions_free(again);
    tocsin_buffer_release(&bytes);
    return unpacker.sound;
}

static tocsin__compiled_crossing *crossing(tocsin__expressions *e, size_t i) {
    return (tocsin__compiled_crossing *)&e->crossings[i];
}

static tocsin__automaton *automaton(tocsin__expressions *e) { return (tocsin__automaton *)e->crossings[0].automaton; }
static tocsin__anchor *anchor(tocsin__expressions *e) { return (tocsin__anchor *)e->anchors; }

/* A slot of the automaton's hash that is in use. */
static uint32_t *used_slot(tocsin__expressions *e) {
    uint32_t i = 0;
    while (e->crossings[0].automaton->slots[i] == TOCSIN__SLOT_FREE) i++;
    return (uint32_t *)&e->crossings[0].automaton->slots[i];
}

static void set_row(tocsin__expressions *e, uint32_t row) { *used_slot(e) = (*used_slot(e) & ~TOCSIN__ROW_MASK) | row; }

/* Each is wrong with 1 and at its limit with 0. */
static void crossing_of_none(tocsin__expressions *e, uint32_t over) { crossing(e, 0)->expression = COUNT - 1 + over; }
static void anchor_of_none(tocsin__expressions *e, uint32_t over) { anchor(e)->expression = COUNT - 1 + over; }
static void left_is_none(tocsin__expressions *e, uint32_t over) { *(uint32_t *)e->left_ids = COUNT - 1 + over; }
static void row_of_none(tocsin__expressions *e, uint32_t over) { set_row(e, automaton(e)->row_count - 1 + over); }
static void first_interval(tocsin__expressions *e, uint32_t over) { *(uint32_t *)automaton(e)->intervals = over; }

static void id_of_none(tocsin__expressions *e, uint32_t over) {
    *(uint32_t *)e->crossing_ids = (uint32_t)e->crossing_count - 1 + over;
}

static void starts_go_back(tocsin__expressions *e, uint32_t over) {
    ((uint32_t *)e->crossing_starts)[1] = e->crossing_starts[2] + over;
}

static void starts_begin_late(tocsin__expressions *e, uint32_t over) { *(uint32_t *)e->crossing_starts = over; }

static void no_free_slot(tocsin__expressions *e, uint32_t over) {
    tocsin__automaton *a = automaton(e);
    for (uint32_t i = 0; over && i <= a->slot_mask; i++) ((uint32_t *)a->slots)[i] = *used_slot(e);
}

static void no_power_of_slots(tocsin__expressions *e, uint32_t over) { automaton(e)->slot_mask -= over; }

static void (*const forgeries[])(tocsin__expressions *, uint32_t) = {
    crossing_of_none, anchor_of_none, left_is_none, row_of_none,       first_interval,
    id_of_none,       starts_go_back, no_free_slot, starts_begin_late, no_power_of_slots,
};

START_TEST(forged_tables_are_not_taken) {
    for (uint32_t over = 0; over < 2; over++) {
        tocsin__expressions *e = compile();
        forgeries[_i](e, over);
        ck_assert_int_eq(are_taken(e), !over);
        tocsin__expressions_free(e);
    }
}
END_TEST

TOCSIN_SUITE("expression pack", TOCSIN_LOOP(forged_tables_are_not_taken, forgeries))
