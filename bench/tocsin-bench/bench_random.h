#ifndef TOCSIN_BENCH_RANDOM_H
#define TOCSIN_BENCH_RANDOM_H

/* splitmix64 (Steele, Lea, Flood 2014): the same numbers on every machine from the same seed. */

#include <stdint.h>

typedef struct bench_random {
    uint64_t state;
} bench_random;

static inline uint64_t bench_random_next(bench_random *random) {
    uint64_t z = random->state += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/* 0 … bound - 1 */
static inline uint32_t bench_random_below(bench_random *random, uint32_t bound) {
    return (uint32_t)(((bench_random_next(random) >> 32) * bound) >> 32);
}

#endif
