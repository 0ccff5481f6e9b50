/* The ring of wordings compared with a plain list: which wordings of an incident are kept, and in which order. */
#include <string.h>

#include "random_text.h"
#include "suite.h"
#include "track/wordings.h"

#define SIZE 24u
#define STEPS 20000

/* The incident in each slot, 0: none. */
static uint64_t in_slot[SIZE];

/* The linked wordings of a slot, latest first, equal those of the ring for its incident, latest first. */
static void compare(const tocsin__wordings *w) {
    for (uint32_t slot = 0; slot < SIZE; slot++) {
        uint32_t place = w->latest[slot];
        for (uint32_t i = 1; in_slot[slot] && i <= w->count; i++) {
            const uint32_t looked = (w->next + w->size - i) % w->size;
            if (w->ring[looked].incident != in_slot[slot]) continue;
            ck_assert_uint_eq(place, looked);
            ck_assert_uint_eq(w->ring[place].slot, slot);
            place = w->links[place].earlier;
        }
        if (in_slot[slot]) ck_assert_uint_eq(place, TOCSIN__NO_WORDING);
    }
}

START_TEST(wordings_of_an_incident_are_linked_by_age) {
    tocsin__wordings w = {0};
    tocsin__sketch_index *index = NULL;
    uint64_t next_id = 1;
    ck_assert_int_eq(tocsin__wordings_init(&w, tocsin_allocator_default(), SIZE), TOCSIN_OK);
    ck_assert_int_eq(tocsin__sketch_index_create(tocsin_allocator_default(), 2 * SIZE, &index), TOCSIN_OK);
    for (int step = 0; step < STEPS; step++) {
        const uint32_t slot = random_text_below(SIZE / 3), other = random_text_below(SIZE / 3),
                       kind = random_text_below(20);
        if (!in_slot[slot]) {
            tocsin__wordings_begin(&w, slot);
            in_slot[slot] = next_id++;
        } else if (kind == 0) {
            in_slot[slot] = 0; /* evicted */
        } else if (kind == 1 && other != slot && in_slot[other]) {
            tocsin__wordings_move(&w, slot, other, in_slot[other]);
            in_slot[slot] = 0;
        } else {
            tocsin__wordings_add(&w, index, &(tocsin__wording){in_slot[slot], 0, slot, 0, {0, 0, {0}}});
        }
        compare(&w);
    }
    tocsin__sketch_index_free(index);
    tocsin__wordings_release(&w, tocsin_allocator_default());
}
END_TEST

TOCSIN_SUITE("wordings", TOCSIN_CASE(wordings_of_an_incident_are_linked_by_age))
