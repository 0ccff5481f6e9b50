/* The estimate is a Markov chain: each character depends on the one before it. */
#include "match/pattern_cost.h"

#include "base/utf8.h"

double tocsin__literal_cost(const tocsin__frequency *f, const tocsin__pattern *literal) {
    double cost = 1;
    uint32_t before = 0;
    for (size_t at = 0; at < literal->length;) {
        const uint32_t c = tocsin__utf8_next(literal->data, literal->length, at, &at);
        cost *= before ? tocsin__frequency_of_pair(f, before, c) / tocsin__frequency_of(f, before)
                       : tocsin__frequency_of(f, c);
        before = c;
    }
    return cost;
}
