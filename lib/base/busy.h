#ifndef TOCSIN_BASE_BUSY_H
#define TOCSIN_BASE_BUSY_H

/*
 * A flag in an object that one thread at a time may use. A call takes the flag when it begins and gives it back when it
 * ends. A second call, from another thread or from a callback, finds it taken and returns TOCSIN_ERROR_BUSY. It is no
 * lock: nobody waits.
 */

#include <stdatomic.h>

#include "base/fail.h"

typedef struct tocsin__busy {
    atomic_int taken; /* all zero: free */
} tocsin__busy;

/* Whether this call took the flag. */
static inline int tocsin__busy_take(tocsin__busy *busy) {
    return !atomic_exchange_explicit(&busy->taken, 1, memory_order_acquire);
}

static inline void tocsin__busy_give(tocsin__busy *busy) {
    atomic_store_explicit(&busy->taken, 0, memory_order_release);
}

static inline tocsin_status tocsin__is_busy(tocsin_error *error, const char *what) {
    return tocsin__fail(error, TOCSIN_ERROR_BUSY, "the %s is in use by another call: give each thread its own", what);
}

#endif
