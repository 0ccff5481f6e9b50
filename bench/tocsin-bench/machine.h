#ifndef TOCSIN_BENCH_MACHINE_H
#define TOCSIN_BENCH_MACHINE_H

/* The machine and the versions with which the figures were measured. */

typedef struct machine_facts {
    char cpu[128];
    char simd[256]; /* instruction sets that matter here, as the system names them */
    char caches[128];
    char system[128];
    char compiler[128];
    long cores;
    double memory_gb;
    const char *tocsin, *hyperscan, *tables;
} machine_facts;

void machine_describe(machine_facts *facts);

#endif
