/* A gate to bytes and back: its tables are used where they lie. Whatever the bytes are, it reads within its tables. */
#include "match/gate_layout.h"

void tocsin__gate_pack(const void *engine, tocsin__packer *packer) {
    const tocsin__gate *g = engine;
    tocsin__pack_number(packer, g->farthest);
    tocsin__pack_number(packer, g->has_narrow != 0);
    for (int kind = 0; kind < 3; kind++) {
        tocsin__pack_number(packer, 32 - g->bits[kind].shift);
        tocsin__pack_array(packer, g->bits[kind].words, tocsin__gate_words(g, kind), sizeof *g->bits[kind].words);
    }
    tocsin__pack_array(packer, g->slots, tocsin__gate_slot_mask(g) + 1, sizeof *g->slots);
    tocsin__pack_array(packer, g->entries, g->entry_count, sizeof *g->entries);
}

static void unpack_bits(tocsin__unpacker *u, int kind, tocsin__gate_bits *bits) {
    const unsigned least = kind ? TOCSIN__GATE_LEAST_BITS : 16, most = kind ? TOCSIN__GATE_MOST_BITS : 16;
    const unsigned log = tocsin__unpack_number_up_to(u, most);
    size_t count;
    const uint32_t *words = tocsin__unpack_array(u, sizeof *words, &count);
    if (log < least || (count && count != ((size_t)1 << log) / 32)) {
        u->sound = 0;
        return;
    }
    bits->shift = 32 - log;
    bits->words = count ? words : NULL;
}

/* Every search for a key ends at an empty slot, and what a slot or an entry refers to is there. */
static int are_sound(const tocsin__gate *g, size_t slots, size_t patterns) {
    int empty = 0;
    for (size_t i = 0; i < slots; i++) {
        const tocsin__gate_slot *slot = &g->slots[i];
        const uint32_t number = slot->value & ~TOCSIN__GATE_DIRECT;
        if (slot->key == TOCSIN__GATE_EMPTY) {
            empty = 1;
        } else if (number >= (slot->value & TOCSIN__GATE_DIRECT ? patterns : g->entry_count)) {
            return 0;
        }
    }
    for (size_t i = 0; i < g->entry_count; i++) {
        const tocsin__gate_entry *e = &g->entries[i];
        if (e->pattern >= patterns || !e->length || e->before >= e->length) return 0;
        if (e->length > TOCSIN__GATE_INLINE && !(e->flags & TOCSIN__GATE_SPELL)) return 0;
    }
    return empty && (!g->entry_count || g->entries[g->entry_count - 1].flags & TOCSIN__GATE_LAST);
}

static void unpack_tables(tocsin__unpacker *u, tocsin__gate *g, size_t patterns) {
    size_t slots;
    g->borrowed = 1;
    g->farthest = tocsin__unpack_number_up_to(u, TOCSIN__GATE_FARTHEST);
    g->has_narrow = tocsin__unpack_number_up_to(u, 1) != 0;
    for (int kind = 0; kind < 3; kind++) unpack_bits(u, kind, &g->bits[kind]);
    g->slots = tocsin__unpack_array(u, sizeof *g->slots, &slots);
    g->entries = tocsin__unpack_array(u, sizeof *g->entries, &g->entry_count);
    g->slot_shift = 64;
    while (((size_t)1 << (64 - g->slot_shift)) < slots) g->slot_shift--;
    if (slots < 2 || slots != tocsin__gate_slot_mask(g) + 1 || !are_sound(g, slots, patterns)) u->sound = 0;
}

tocsin_status tocsin__gate_unpack(tocsin__unpacker *unpacker, const tocsin__pattern *patterns, size_t count,
                                  const tocsin__engine_options *options, void **engine) {
    tocsin__gate *gate = tocsin__allocate_zeroed(&options->allocator, sizeof *gate);
    if (!gate) return TOCSIN_ERROR_MEMORY;
    gate->allocator = options->allocator;
    gate->patterns = patterns;
    gate->read = tocsin__units_best();
    gate->run = tocsin__gate_best();
    unpack_tables(unpacker, gate, count);
    if (unpacker->sound) {
        *engine = gate;
    } else {
        tocsin__gate_free(gate);
    }
    return TOCSIN_OK;
}
