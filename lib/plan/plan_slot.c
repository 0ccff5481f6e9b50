/*
 * Holds the current plan. A reader looks at the generation, which is one load. Only a reader that finds a new
 * generation takes the lock, long enough to copy a pointer and count an owner. Without the lock, a plan could lose its
 * last owner between the two.
 */
#include "plan/plan_slot_owners.h"

#include <pthread.h>
#include <stdatomic.h>

#include "base/memory.h"

struct tocsin_slot {
    tocsin_allocator allocator;
    atomic_size_t owners;
    pthread_mutex_t lock; /* protects plan and changes of generation */
    const tocsin_plan *plan;
    _Atomic uint64_t generation;
};

tocsin_status tocsin_slot_create(const tocsin_plan *plan, const tocsin_allocator *allocator, tocsin_slot **slot) {
    tocsin_allocator resolved;
    if (!plan || !slot || !tocsin__allocator_resolve(allocator, &resolved)) return TOCSIN_ERROR_ARGUMENT;
    tocsin_slot *made = tocsin__allocate_zeroed(&resolved, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    if (pthread_mutex_init(&made->lock, NULL)) {
        tocsin__deallocate(&resolved, made, sizeof *made);
        return TOCSIN_ERROR_ENGINE;
    }
    made->allocator = resolved;
    made->plan = tocsin_plan_retain(plan);
    atomic_init(&made->owners, 1);
    atomic_init(&made->generation, 1);
    *slot = made;
    return TOCSIN_OK;
}

tocsin_slot *tocsin__slot_retain(tocsin_slot *slot) {
    if (slot) atomic_fetch_add_explicit(&slot->owners, 1, memory_order_relaxed);
    return slot;
}

void tocsin_slot_free(tocsin_slot *slot) {
    if (!slot || atomic_fetch_sub_explicit(&slot->owners, 1, memory_order_acq_rel) != 1) return;
    tocsin_allocator allocator = slot->allocator;
    tocsin_plan_release(slot->plan);
    pthread_mutex_destroy(&slot->lock);
    tocsin__deallocate(&allocator, slot, sizeof *slot);
}

/* Waiting for the lock does not change the content of the slot. */
static void lock(const tocsin_slot *slot) { pthread_mutex_lock(&((tocsin_slot *)(uintptr_t)slot)->lock); }
static void unlock(const tocsin_slot *slot) { pthread_mutex_unlock(&((tocsin_slot *)(uintptr_t)slot)->lock); }

uint64_t tocsin_slot_publish(tocsin_slot *slot, const tocsin_plan *plan) {
    if (!slot || !plan) return 0;
    (void)tocsin_plan_retain(plan);
    lock(slot);
    const tocsin_plan *before = slot->plan;
    slot->plan = plan;
    uint64_t generation = 1 + atomic_load_explicit(&slot->generation, memory_order_relaxed);
    atomic_store_explicit(&slot->generation, generation, memory_order_release);
    unlock(slot);
    tocsin_plan_release(before);
    return generation;
}

const tocsin_plan *tocsin_slot_acquire(const tocsin_slot *slot, uint64_t *generation) {
    if (!slot) return NULL;
    lock(slot);
    const tocsin_plan *plan = tocsin_plan_retain(slot->plan);
    if (generation) *generation = atomic_load_explicit(&slot->generation, memory_order_relaxed);
    unlock(slot);
    return plan;
}

uint64_t tocsin_slot_generation(const tocsin_slot *slot) {
    return slot ? atomic_load_explicit(&slot->generation, memory_order_acquire) : 0;
}
