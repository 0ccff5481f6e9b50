/* Tables of a gate that say what cannot be are not taken, each by itself; sound ones are, and find what the gate found.
 */
#include <string.h>

#include "codec/pack.h"
#include "match/gate_layout.h"
#include "match/matcher.h"
#include "suite.h"

static const tocsin__pattern literals[] = {{"火", 3},
                                           {"火灾", 6},
                                           {"起火了", 9},
                                           {"消防车来了没有", 21},
                                           {"消防车来了没有水", 24},
                                           {"一二三四五六七八九十一二三四", 42},
                                           {"abc", 3}};
#define COUNT (sizeof literals / sizeof *literals)

static tocsin__engine_options plain(void) { return (tocsin__engine_options){*tocsin_allocator_default(), 0, 0}; }

static tocsin__gate *compile(void) {
    const tocsin__engine_options o = plain();
    void *engine = NULL;
    size_t bad;
    ck_assert_int_eq(tocsin__gate_compile(literals, COUNT, &o, &engine, &bad, NULL), TOCSIN_OK);
    return engine;
}

/* The gate to bytes and back; NULL when they are not taken. */
static tocsin__gate *through_bytes(const tocsin__gate *gate, tocsin_buffer *bytes) {
    const tocsin__engine_options o = plain();
    tocsin_buffer_init(bytes, NULL);
    tocsin__packer packer = {bytes, TOCSIN_OK};
    void *engine = NULL;
    tocsin__gate_pack(gate, &packer);
    ck_assert_int_eq(packer.status, TOCSIN_OK);
    tocsin__unpacker unpacker = {{bytes->data, bytes->length}, 0, 1};
    ck_assert_int_eq(tocsin__gate_unpack(&unpacker, literals, COUNT, &o, &engine), TOCSIN_OK);
    ck_assert_int_eq(unpacker.sound, engine != NULL);
    return engine;
}

/* The first slot that names an entry, or a literal by itself. */
static tocsin__gate_slot *slot_of(const tocsin__gate *gate, int direct) {
    for (size_t i = 0; i <= tocsin__gate_slot_mask(gate); i++) {
        tocsin__gate_slot *slot = (tocsin__gate_slot *)&gate->slots[i];
        if (slot->key != TOCSIN__GATE_EMPTY && !(slot->value & TOCSIN__GATE_DIRECT) == !direct) return slot;
    }
    ck_abort_msg("no such slot");
}

static tocsin__gate_entry *entry(const tocsin__gate *gate, size_t i) { return (tocsin__gate_entry *)&gate->entries[i]; }

/* One that is longer than its entry. */
static tocsin__gate_entry *long_entry(const tocsin__gate *gate) {
    size_t i = 0;
    while (gate->entries[i].length <= TOCSIN__GATE_INLINE) i++;
    ck_assert_uint_lt(i, gate->entry_count);
    return entry(gate, i);
}

static void slot_behind_the_entries(tocsin__gate *g) { slot_of(g, 0)->value = (uint32_t)g->entry_count; }
static void slot_behind_the_literals(tocsin__gate *g) { slot_of(g, 1)->value = TOCSIN__GATE_DIRECT | COUNT; }
static void entry_behind_the_literals(tocsin__gate *g) { entry(g, 0)->pattern = COUNT; }
static void entry_of_nothing(tocsin__gate *g) { entry(g, 0)->length = 0; }
static void window_behind_the_entry(tocsin__gate *g) { entry(g, 0)->before = (uint8_t)entry(g, 0)->length; }
static void long_and_not_spelt(tocsin__gate *g) { long_entry(g)->flags &= (uint8_t)~TOCSIN__GATE_SPELL; }
static void no_last_entry(tocsin__gate *g) { entry(g, g->entry_count - 1)->flags &= (uint8_t)~TOCSIN__GATE_LAST; }
static void window_too_far(tocsin__gate *g) { g->farthest = TOCSIN__GATE_FARTHEST + 1; }
static void narrow_by_two(tocsin__gate *g) { g->bits[0].shift++; }

static void no_empty_slot(tocsin__gate *g) {
    const tocsin__gate_slot full = *slot_of(g, 1);
    for (size_t i = 0; i <= tocsin__gate_slot_mask(g); i++) {
        tocsin__gate_slot *slot = (tocsin__gate_slot *)&g->slots[i];
        if (slot->key == TOCSIN__GATE_EMPTY) *slot = full;
    }
}

static void (*const forgeries[])(tocsin__gate *) = {slot_behind_the_entries,
                                                    slot_behind_the_literals,
                                                    entry_behind_the_literals,
                                                    entry_of_nothing,
                                                    window_behind_the_entry,
                                                    long_and_not_spelt,
                                                    no_last_entry,
                                                    window_too_far,
                                                    narrow_by_two,
                                                    no_empty_slot};

START_TEST(forged_tables_are_not_taken) {
    tocsin__gate *gate = compile();
    tocsin_buffer bytes;
    const size_t farthest = gate->farthest;
    const unsigned shift = gate->bits[0].shift;
    ck_assert_uint_lt(gate->entry_count, COUNT); /* so that what is no entry may be a literal */
    ck_assert_uint_gt(gate->entry_count, 1);
    forgeries[_i](gate);
    tocsin__gate *again = through_bytes(gate, &bytes);
    ck_assert_ptr_null(again);
    gate->farthest = farthest;
    gate->bits[0].shift = shift;
    tocsin__gate_free(gate);
    tocsin_buffer_release(&bytes);
}
END_TEST

START_TEST(sound_tables_are_taken_at_their_limits) {
    tocsin__gate *gate = compile();
    tocsin_buffer bytes, second;
    slot_of(gate, 0)->value = (uint32_t)gate->entry_count - 1;
    slot_of(gate, 1)->value = TOCSIN__GATE_DIRECT | (COUNT - 1);
    entry(gate, 0)->pattern = COUNT - 1;
    entry(gate, 0)->before = (uint8_t)(entry(gate, 0)->length - 1);
    tocsin__gate *again = through_bytes(gate, &bytes);
    ck_assert_ptr_nonnull(again);
    tocsin__gate *third = through_bytes(again, &second);
    ck_assert_ptr_nonnull(third);
    ck_assert_uint_eq(bytes.length, second.length);
    ck_assert_mem_eq(bytes.data, second.data, bytes.length);
    tocsin__gate_free(third);
    tocsin__gate_free(again);
    tocsin__gate_free(gate);
    tocsin_buffer_release(&bytes);
    tocsin_buffer_release(&second);
}
END_TEST

TOCSIN_SUITE("gate pack",
             TOCSIN_LOOP(forged_tables_are_not_taken, forgeries) TOCSIN_CASE(sound_tables_are_taken_at_their_limits))
