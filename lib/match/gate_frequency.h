#ifndef TOCSIN_MATCH_GATE_FREQUENCY_H
#define TOCSIN_MATCH_GATE_FREQUENCY_H

#include <stdint.h>

/* How common each character of the basic plane is in ordinary text, 1 (rare) to 255; only the order matters. */
void tocsin__gate_commonness(uint8_t table[65536]);

#endif
