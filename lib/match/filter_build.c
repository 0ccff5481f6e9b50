/*
 * Builds the filter: chooses the window of each literal, sets its bit, and places the entries of one window side by
 * side. All sizes follow from the number of literals, and a few linear passes are enough, so that a million literals
 * take about a second. The best window has rare characters and is used by few other literals.
 */
#include "match/filter_build.h"

#include "base/fail.h"
#include "base/utf8.h"

#define LONGEST 32767u /* bytes of a literal */
#define AHEAD 16       /* literals */
#define SPELT 8u       /* literals that the first pass has as units at a time */
#define AHEAD_WINDOWS 2u
#define ONES_BYTES (0x10000 / 8)
#define PAIRS_MOST 4000u /* literals: if there are more, those with three units get windows of three */

typedef tocsin__filter_build build;
typedef tocsin__filter_window window;

/* The current literal as units. */
typedef struct tocsin__filter_spelling {
    uint16_t units[LONGEST];
    uint32_t length;
    int beyond; /* has a character beyond the basic plane */
    int narrow; /* has a character that may not have three bytes */
} spelling;

/* Whether the unit always stands for three bytes, however the character is written: CJK and kana. */
static int is_wide(uint16_t unit) { return (unit >= 0x2E80 && unit <= 0x9FFF) || (unit >= 0xF900 && unit <= 0xFAFF); }

static void spell(const tocsin__pattern *pattern, spelling *s) {
    s->length = 0;
    s->beyond = s->narrow = 0;
    for (size_t at = 0; at < pattern->length;) {
        const unsigned char *text = (const unsigned char *)pattern->data + at;
        if (text[0] >= 0xE4 && text[0] <= 0xE9 && pattern->length - at >= 3 &&
            ((text[1] ^ 0x80u) | (text[2] ^ 0x80u)) <
                0x40) { /* U+4000 to U+9FFF, most of what is in lists: one unit, wide */
            s->units[s->length++] = (uint16_t)((text[0] & 15u) << 12 | (text[1] & 63u) << 6 | (text[2] & 63u));
            at += 3;
            continue;
        }
        const uint32_t c = tocsin__utf8_next(pattern->data, pattern->length, at, &at);
        s->units[s->length++] = tocsin__unit_of(c);
        s->beyond |= c >= 0x10000;
        s->narrow |= !is_wide(s->units[s->length - 1]);
    }
}

/* The slot of a key, or the empty slot that it would get. */
static size_t find_slot(const tocsin__filter *filter, uint64_t key) {
    size_t at = tocsin__filter_slot_of(filter, key);
    while (filter->slots[at].key != key && filter->slots[at].key != TOCSIN__FILTER_EMPTY)
        at = (at + 1) & tocsin__filter_slot_mask(filter);
    return at;
}

/* How common the window at `at` is. */
static double share_of(const build *b, const spelling *s, uint32_t at, unsigned size) {
    const uint16_t *units = s->units + at;
    const tocsin__frequency *f = b->frequency;
    double share = size < 2 ? tocsin__frequency_of(f, units[0]) : tocsin__frequency_of_pair(f, units[0], units[1]);
    if (size == 3) share *= tocsin__frequency_of_pair(f, units[1], units[2]) / tocsin__frequency_of(f, units[1]);
    return share;
}

/* The cost of a window shared by this many literals: the first few are compared one by one. */
static double cost_of(double share, uint32_t sharers) {
    return share * (1 + (sharers < TOCSIN__FILTER_FEW ? sharers : TOCSIN__FILTER_FEW) / 4.0);
}

/* The start of the cheapest window of a literal. */
static uint32_t choose_place(const build *b, const spelling *s, unsigned size) {
    if (s->length == size) return 0;
    double least = 4; /* no share is more than 1, and no cost more than three times that */
    uint32_t best = 0;
    for (uint32_t at = 0; at + size <= s->length && at + size <= TOCSIN__FILTER_FARTHEST; at++) {
        const double share = share_of(b, s, at, size);
        if (share >= least) continue; /* its cost is no less; its slot need not be read */
        const uint32_t sharers = b->slots[find_slot(b->filter, tocsin__filter_key(s->units + at, size))].sharers;
        const double cost = cost_of(share, sharers);
        if (cost >= least) continue;
        least = cost;
        best = at;
    }
    return best;
}

static unsigned logarithm(size_t n) {
    unsigned bits = 0;
    while (((size_t)1 << bits) < n) bits++;
    return bits;
}

static tocsin_status make_bits(build *b) {
    tocsin__filter *filter = b->filter;
    const size_t more = b->with[1] + b->with[2];
    unsigned log = logarithm(2 * more);
    if (log > TOCSIN__FILTER_ROOMY_WORDS) log--;
    log = log < TOCSIN__FILTER_LEAST_WORDS  ? TOCSIN__FILTER_LEAST_WORDS
          : log > TOCSIN__FILTER_MOST_WORDS ? TOCSIN__FILTER_MOST_WORDS
                                            : log;
    filter->shift = 32 - log;
    filter->has_two = b->with[1] != 0;
    filter->has_three = b->with[2] != 0;
    if (b->with[0]) {
        filter->one_bits = b->one_bits = tocsin__allocate_zeroed(&filter->allocator, ONES_BYTES);
        if (!filter->one_bits) return TOCSIN_ERROR_MEMORY;
    }
    if (!more) return TOCSIN_OK;
    filter->words = b->words = tocsin__allocate_zeroed(&filter->allocator, ((size_t)1 << log) * sizeof *filter->words);
    return filter->words ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

static void list_one(tocsin__filter_ones *ones, uint32_t unit) {
    if (ones->count < TOCSIN__FILTER_ONES) ones->units[ones->count] = (uint16_t)unit;
    if (ones->count <= TOCSIN__FILTER_ONES) ones->count++;
}

static void set_bits(const build *b, const window *w) {
    const uint32_t first = w->key & 0xFFFF, second = w->key >> 16 & 0xFFFF, third = w->key >> 32 & 0xFFFF;
    const uint32_t highest = UINT32_C(1) << 31;
    if (w->size == 1) {
        if (!(b->one_bits[first / 32] >> first % 32 & 1)) list_one(&b->filter->ones, first);
        b->one_bits[first / 32] |= UINT32_C(1) << first % 32;
        return;
    }
    const tocsin__filter *filter = b->filter;
    const unsigned shift = filter->shift;
    const uint32_t hash = tocsin__filter_hash(first, second, third);
    if (w->size == 3 && filter->has_two) {
        const uint32_t pair = tocsin__filter_hash(first, second, 0);
        b->words[pair >> shift] |=
            highest >> tocsin__filter_third_first(hash) | highest >> tocsin__filter_third_second(hash);
    } else {
        b->words[hash >> shift] |=
            highest >> tocsin__filter_first(hash, shift) | highest >> tocsin__filter_second(hash, shift);
    }
}

/*
 * Windows of one size are tested faster than of two: in a small lexicon all other literals join those of two units. In
 * a large lexicon too many candidates would pass.
 */
static void choose_size(build *b) {
    b->most = 3;
    for (size_t i = 0; i < b->count && b->count <= PAIRS_MOST && b->most == 3; i++) {
        spell(&b->patterns[i], b->literal);
        if (b->literal->length == 2) b->most = 2;
    }
}

static tocsin_status make_tables(build *b) {
    tocsin__filter *filter = b->filter;
    const unsigned log = logarithm(b->count * 2);
    filter->slot_shift = 64 - (log < 4 ? 4 : log);
    const size_t slots = tocsin__filter_slot_mask(filter) + 1;
    filter->slots = b->slots = tocsin__allocate(&filter->allocator, slots * sizeof *filter->slots);
    if (!b->frequency) b->frequency = b->own_frequency = tocsin__frequency_create(&filter->allocator);
    b->windows = tocsin__allocate(&filter->allocator, b->count * sizeof *b->windows);
    if (!filter->slots || !b->frequency || !b->windows) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < slots; i++) b->slots[i] = (tocsin__filter_slot){TOCSIN__FILTER_EMPTY, 0, 0};
    return TOCSIN_OK;
}

static int has_narrow(const window *w) {
    for (int i = 0; i < w->size; i++) {
        if (!is_wide((uint16_t)(w->key >> 16 * i))) return 1;
    }
    return 0;
}

static unsigned size_of(const build *b, const spelling *s) { return s->length < b->most ? s->length : b->most; }

/* Chooses the window of a literal and counts it in its slot. */
static void choose_window(build *b, size_t i, const spelling *s) {
    tocsin__filter *filter = b->filter;
    const unsigned size = size_of(b, s);
    const uint32_t at = choose_place(b, s, size);
    window w = {tocsin__filter_key(s->units + at, size), (uint16_t)at, (uint16_t)size, 0};
    const size_t slot = find_slot(filter, w.key);
    w.slot = (uint32_t)slot;
    /* The value for now: whether the window is exactly its only literal so far. */
    const int whole = s->length == size && !s->beyond;
    b->slots[slot].value = !b->slots[slot].sharers && whole ? TOCSIN__FILTER_DIRECT | (uint32_t)i : 0;
    b->slots[slot].key = w.key;
    b->slots[slot].sharers++;
    b->windows[i] = w;
    b->with[size - 1]++;
    filter->has_narrow |= has_narrow(&w);
    if (at + size > filter->farthest) filter->farthest = at + size;
}

/*
 * First pass. The processor reads the slots of the next literals' first windows while the window of this one is chosen.
 */
static void choose_windows(build *b) {
    for (size_t i = 0; i < b->count + SPELT; i++) {
        spelling *s = &b->literal[i % SPELT];
        if (i >= SPELT) choose_window(b, i - SPELT, s);
        if (i >= b->count) continue;
        spell(&b->patterns[i], s);
        const unsigned size = size_of(b, s);
        for (uint32_t at = 0; at < AHEAD_WINDOWS && at + size <= s->length; at++) {
            const uint64_t key = tocsin__filter_key(s->units + at, size);
            __builtin_prefetch(&b->slots[tocsin__filter_slot_of(b->filter, key)]);
        }
    }
}

/* The processor reads the slots of the next literals while this one is placed. */
static void ask_ahead(const build *b, size_t i) {
    if (i + AHEAD < b->count) __builtin_prefetch(&b->slots[b->windows[i + AHEAD].slot]);
}

/*
 * Another window of the literal that at least as many literals have and that is about as rare as the chosen one;
 * UINT32_MAX: there is none. If all windows of a literal are alike, as in web addresses, the first pass spreads the
 * literals over all of them, and one text would be compared with many.
 */
static uint32_t find_crowded(const build *b, const spelling *s, const window *w) {
    const uint32_t own = b->slots[w->slot].sharers;
    const double most = cost_of(share_of(b, s, w->at, w->size), own - 1);
    for (uint32_t at = 0; at + w->size <= s->length && at + w->size <= TOCSIN__FILTER_FARTHEST; at++) {
        const uint64_t key = tocsin__filter_key(s->units + at, w->size);
        const uint32_t sharers = b->slots[find_slot(b->filter, key)].sharers;
        if (key != w->key && sharers >= own && sharers > 1 && share_of(b, s, at, w->size) <= most) return at;
    }
    return UINT32_MAX;
}

/* Second pass: literals whose windows only a few share move to a window that many share. */
static void join_crowds(build *b) {
    tocsin__filter *filter = b->filter;
    for (size_t i = 0; i < b->count; i++) {
        window *w = &b->windows[i];
        const size_t from = w->slot;
        ask_ahead(b, i);
        /* So few are compared quickly, if they are short; but digits and letters come in runs. */
        const int is_small = b->slots[from].sharers <= TOCSIN__FILTER_FEW / 2 && !has_narrow(w);
        if (b->slots[from].sharers > TOCSIN__FILTER_FEW || (b->slots[from].value & TOCSIN__FILTER_DIRECT)) continue;
        if (is_small && b->patterns[i].length <= TOCSIN__FILTER_INLINE) continue;
        spell(&b->patterns[i], b->literal);
        if (is_small && b->literal->length <= TOCSIN__FILTER_INLINE) continue;
        const uint32_t at = find_crowded(b, b->literal, w);
        if (at == UINT32_MAX) continue;
        b->slots[from].sharers--;
        w->at = (uint16_t)at;
        w->key = tocsin__filter_key(b->literal->units + at, w->size);
        w->slot = (uint32_t)find_slot(filter, w->key);
        b->slots[w->slot].sharers++;
        if (at + w->size > filter->farthest) filter->farthest = at + w->size;
        filter->has_narrow |= has_narrow(w);
    }
    for (size_t i = 0; i <= tocsin__filter_slot_mask(filter); i++) {
        if (!b->slots[i].sharers && b->slots[i].key != TOCSIN__FILTER_EMPTY) b->slots[i].key = TOCSIN__FILTER_LEFT;
    }
}

static tocsin__filter_entry entry_of(const tocsin__filter *filter, const spelling *s, const window *chosen,
                                     uint32_t number) {
    tocsin__filter_entry entry = {number, (uint16_t)s->length, (uint8_t)chosen->at, 0, {0}};
    if (s->beyond || s->length > TOCSIN__FILTER_INLINE || (s->narrow && !filter->has_narrow)) {
        entry.flags = TOCSIN__FILTER_SPELL;
    } else {
        memcpy(entry.units, s->units, s->length * sizeof *s->units);
    }
    return entry;
}

/* Gives each slot that is not direct its place among the entries or leaves, and counts both. */
static void place_slots(build *b) {
    tocsin__filter *filter = b->filter;
    for (size_t i = 0; i <= tocsin__filter_slot_mask(filter); i++) {
        if (!b->slots[i].sharers || filter->slots[i].value) continue;
        size_t *next = b->slots[i].sharers > TOCSIN__FILTER_FEW ? &filter->leaf_count : &filter->entry_count;
        b->slots[i].value = (uint32_t)*next;
        *next += b->slots[i].sharers;
    }
}

/* Whether a literal shares its window with many; `at` is its slot. */
static int is_leaf(const build *b, size_t at) { return b->slots[at].sharers > TOCSIN__FILTER_FEW; }

/* Counts the units of the leaves; leaves with a narrow unit need all units of a text. */
static void measure_leaves(build *b) {
    tocsin__filter *filter = b->filter;
    for (size_t i = 0; i < b->count && filter->leaf_count; i++) {
        if (!is_leaf(b, b->windows[i].slot)) continue;
        spell(&b->patterns[i], b->literal);
        filter->leaf_unit_count += b->literal->length;
        filter->has_narrow |= b->literal->narrow;
    }
}

static tocsin_status make_room(build *b) {
    tocsin__filter *filter = b->filter;
    filter->entries = b->entries = tocsin__allocate(&filter->allocator, filter->entry_count * sizeof *filter->entries);
    filter->leaves = b->leaves = tocsin__allocate(&filter->allocator, filter->leaf_count * sizeof *filter->leaves);
    filter->leaf_units = tocsin__allocate(&filter->allocator, filter->leaf_unit_count * sizeof *filter->leaf_units);
    return filter->entries && filter->leaves && filter->leaf_units ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

/* Third pass: places the entries and leaves of one window side by side, in the order of their patterns. */
static void place_literals(build *b) {
    tocsin__filter *filter = b->filter;
    uint16_t *next = filter->leaf_units;
    for (size_t i = 0; i < b->count; i++) {
        const window *w = &b->windows[i];
        const size_t at = w->slot;
        tocsin__filter_slot *slot = &b->slots[at];
        ask_ahead(b, i);
        set_bits(b, w);
        if (slot->value & TOCSIN__FILTER_DIRECT) continue;
        spell(&b->patterns[i], b->literal);
        const spelling *s = b->literal;
        if (is_leaf(b, at)) {
            memcpy(next, s->units, s->length * sizeof *next);
            b->leaves[slot->value] = (tocsin__filter_leaf){next, (uint32_t)i, (uint16_t)s->length, (uint8_t)w->at,
                                                           s->beyond ? TOCSIN__FILTER_SPELL : 0};
            next += s->length;
        } else {
            b->entries[slot->value] = entry_of(filter, s, w, (uint32_t)i);
        }
        slot->value++;
    }
}

static tocsin_status place_entries(build *b) {
    tocsin__filter *filter = b->filter;
    place_slots(b);
    measure_leaves(b);
    tocsin_status status = make_room(b);
    if (status) return status;
    place_literals(b);
    for (size_t i = 0; i <= tocsin__filter_slot_mask(filter); i++) {
        if (!b->slots[i].sharers || (filter->slots[i].value & TOCSIN__FILTER_DIRECT) || is_leaf(b, i)) continue;
        b->entries[filter->slots[i].value - 1].flags |= TOCSIN__FILTER_LAST;
        b->slots[i].value -= b->slots[i].sharers;
    }
    return filter->leaf_count ? tocsin__filter_sort_branches(b) : TOCSIN_OK;
}

static void free_build(build *b) {
    const tocsin_allocator *a = &b->filter->allocator;
    tocsin__frequency_free(b->own_frequency);
    tocsin__deallocate(a, b->windows, b->count * sizeof *b->windows);
    tocsin__deallocate(a, b->literal, SPELT * sizeof *b->literal);
}

tocsin_status tocsin__filter_compile(const tocsin__pattern *patterns, size_t count,
                                     const tocsin__engine_options *options, void **engine, size_t *bad,
                                     tocsin_error *error) {
    *bad = SIZE_MAX;
    if (count > TOCSIN__FILTER_MOST) return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "%zu literals", count);
    for (size_t i = 0; i < count; i++) {
        if (patterns[i].length > LONGEST) {
            return tocsin__fail(error, TOCSIN_ERROR_LIMIT, "a literal of %u bytes", patterns[i].length);
        }
    }
    tocsin__filter *filter = tocsin__allocate_zeroed(&options->allocator, sizeof *filter);
    if (!filter) return TOCSIN_ERROR_MEMORY;
    build b = {.filter = filter, .patterns = patterns, .count = count, .frequency = options->frequency};
    filter->allocator = options->allocator;
    filter->patterns = patterns;
    filter->atoms_from = count - options->atoms;
    filter->slot_shift = 63;
    filter->run = tocsin__filter_best();
    b.literal = tocsin__allocate(&options->allocator, SPELT * sizeof *b.literal);
    tocsin_status status = b.literal ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status) choose_size(&b);
    if (!status) status = make_tables(&b);
    if (!status) choose_windows(&b);
    if (!status) join_crowds(&b);
    if (!status) status = make_bits(&b);
    if (!status) status = place_entries(&b);
    free_build(&b);
    if (status) {
        tocsin__filter_free(filter);
        return status;
    }
    *engine = filter;
    return TOCSIN_OK;
}

static size_t ones_bytes(const tocsin__filter *filter) { return filter->one_bits ? ONES_BYTES : 0; }

static size_t words_bytes(const tocsin__filter *filter) {
    return filter->words ? ((size_t)1 << (32 - filter->shift)) * sizeof *filter->words : 0;
}

static void give_back(const tocsin__filter *filter, const void *table, size_t size) {
    tocsin__deallocate(&filter->allocator, (void *)(uintptr_t)table, size);
}

void tocsin__filter_free(void *engine) {
    tocsin__filter *filter = engine;
    if (!filter) return;
    tocsin_allocator allocator = filter->allocator;
    give_back(filter, filter->one_bits, ones_bytes(filter));
    give_back(filter, filter->words, words_bytes(filter));
    give_back(filter, filter->slots, (tocsin__filter_slot_mask(filter) + 1) * sizeof *filter->slots);
    give_back(filter, filter->entries, filter->entry_count * sizeof *filter->entries);
    give_back(filter, filter->branches, filter->branch_count * sizeof *filter->branches);
    give_back(filter, filter->leaves, filter->leaf_count * sizeof *filter->leaves);
    give_back(filter, filter->leaf_units, filter->leaf_unit_count * sizeof *filter->leaf_units);
    tocsin__deallocate(&allocator, filter, sizeof *filter);
}

size_t tocsin__filter_memory(const void *engine) {
    const tocsin__filter *filter = engine;
    return sizeof *filter + ones_bytes(filter) + words_bytes(filter) +
           (tocsin__filter_slot_mask(filter) + 1) * sizeof *filter->slots +
           filter->entry_count * sizeof *filter->entries + filter->branch_count * sizeof *filter->branches +
           filter->leaf_count * sizeof *filter->leaves + filter->leaf_unit_count * sizeof *filter->leaf_units;
}
