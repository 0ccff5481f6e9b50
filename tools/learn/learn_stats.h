#ifndef TOCSIN_TOOLS_LEARN_STATS_H
#define TOCSIN_TOOLS_LEARN_STATS_H

/* The few statistics that reports show beside counts. */

#include <stddef.h>
#include <stdint.h>

/* The Wilson interval, 95 %, of part in whole; 0 to 1 without any. (Wilson 1927; z = 1.959964.) */
void stats_wilson(uint64_t part, uint64_t whole, double *low, double *high);

/* McNemar's exact test, two-sided: the probability that two equally good methods would differ so much. */
double stats_mcnemar(uint64_t corrected, uint64_t broken);

/*
 * Platt's calibration: the logistic curve through scores and outcomes (0 or 1), by Newton's method with the targets of
 * Platt 1999 and the steps of Lin, Lin and Weng 2007. probability = 1 / (1 + exp(-(slope × score + intercept))).
 */
void stats_platt(const double *scores, const int *outcomes, size_t count, double *slope, double *intercept);

/* part / whole, or 0. */
static inline double stats_share(uint64_t part, uint64_t whole) { return whole ? (double)part / (double)whole : 0; }

#endif
