#ifndef TOCSIN_MATCH_PATTERN_COST_H
#define TOCSIN_MATCH_PATTERN_COST_H

/* How often ordinary text has a pattern, as a guess from its characters: what it costs to let texts pass that have it.
 */

#include "match/engine.h"
#include "match/filter_frequency.h"

/* The share of positions at which a literal begins, at most. */
double tocsin__literal_cost(const tocsin__frequency *frequency, const tocsin__pattern *literal);

#endif
