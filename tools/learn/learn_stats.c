/*
 * Intervals, a paired test and a calibration. Shares of small counts get Wilson intervals, which stay within 0 and 1;
 * McNemar's test is computed exactly, because the counts are small.
 */
#include "learn/learn_stats.h"

#include <math.h>

#define Z 1.959964

void stats_wilson(uint64_t part, uint64_t whole, double *low, double *high) {
    *low = 0;
    *high = 1;
    if (!whole) return;
    const double n = (double)whole, p = (double)part / n, z2 = Z * Z;
    const double middle = p + z2 / (2 * n), spread = Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n));
    *low = part ? (middle - spread) / (1 + z2 / n) : 0;
    *high = part < whole ? (middle + spread) / (1 + z2 / n) : 1;
}

double stats_mcnemar(uint64_t corrected, uint64_t broken) {
    const uint64_t n = corrected + broken, less = corrected < broken ? corrected : broken;
    double sum = 0;
    for (uint64_t k = 0; k <= less; k++) {
        const double a = (double)n, b = (double)k;
        sum += exp(lgamma(a + 1) - lgamma(b + 1) - lgamma(a - b + 1) - a * log(2));
    }
    return 2 * sum < 1 ? 2 * sum : 1;
}

/* -log likelihood of one outcome with the target t, in a form that does not overflow. */
static double loss_of(double t, double z) { return z >= 0 ? (1 - t) * z + log1p(exp(-z)) : -t * z + log1p(exp(z)); }

static double loss(const double *scores, const int *outcomes, size_t count, double high, double low, double a,
                   double b) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) sum += loss_of(outcomes[i] ? high : low, a * scores[i] + b);
    return sum;
}

void stats_platt(const double *scores, const int *outcomes, size_t count, double *slope, double *intercept) {
    double positive = 0;
    for (size_t i = 0; i < count; i++) positive += outcomes[i] != 0;
    const double negative = (double)count - positive;
    const double high = (positive + 1) / (positive + 2), low = 1 / (negative + 2);
    double a = 0, b = log((positive + 1) / (negative + 1));
    double best = loss(scores, outcomes, count, high, low, a, b);
    for (int step = 0; step < 100; step++) {
        double h11 = 1e-12, h22 = 1e-12, h21 = 0, g1 = 0, g2 = 0;
        for (size_t i = 0; i < count; i++) {
            const double p = 1 / (1 + exp(-(a * scores[i] + b))), d1 = p - (outcomes[i] ? high : low), d2 = p * (1 - p);
            h11 += scores[i] * scores[i] * d2;
            h22 += d2;
            h21 += scores[i] * d2;
            g1 += scores[i] * d1;
            g2 += d1;
        }
        if (fabs(g1) < 1e-5 && fabs(g2) < 1e-5) break;
        const double det = h11 * h22 - h21 * h21;
        const double da = -(h22 * g1 - h21 * g2) / det, db = -(h11 * g2 - h21 * g1) / det, slant = g1 * da + g2 * db;
        double size = 1;
        for (; size >= 1e-10; size /= 2) {
            const double tried = loss(scores, outcomes, count, high, low, a + size * da, b + size * db);
            if (tried >= best + 0.0001 * size * slant) continue;
            a += size * da;
            b += size * db;
            best = tried;
            break;
        }
        if (size < 1e-10) break;
    }
    *slope = a;
    *intercept = b;
}
