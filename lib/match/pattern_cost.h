#ifndef TOCSIN_MATCH_PATTERN_COST_H
#define TOCSIN_MATCH_PATTERN_COST_H

/*
 * Estimates from its characters how often a pattern stands in ordinary text: the share of texts that the guard would
 * not skip.
 */

#include "match/engine.h"
#include "match/filter_frequency.h"

/* An upper bound of the share of positions at which a literal begins. */
double tocsin__literal_cost(const tocsin__frequency *frequency, const tocsin__pattern *literal);

#endif
