#ifndef TOCSIN_MATCH_GATE_FREQUENCY_H
#define TOCSIN_MATCH_GATE_FREQUENCY_H

#include <stdint.h>

/* How common a folded character is in ordinary text, 1 (rare) to 255; only the order matters. */
unsigned tocsin__gate_commonness(uint32_t c);

#endif
