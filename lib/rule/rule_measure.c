/* The table of measures. */
#include "rule/rule_measure.h"

#include <string.h>

#include "rule/rule_program.h"

static const tocsin__rule_measure measures[] = {
    {TOCSIN__RULE_COUNT, 1, TOCSIN__RULE_WHOLE, "count", "count(…)", "count(…) >= 3"},
    {TOCSIN__RULE_DISTINCT, 1, TOCSIN__RULE_WHOLE, "distinct", "distinct(…)", "distinct(…) >= 2"},
    {TOCSIN__RULE_SCORE, 1, TOCSIN__RULE_DECIMAL, "score", "score(…)", "score(…) >= 2.5"},
    {TOCSIN__RULE_VALUE, 1, TOCSIN__RULE_DECIMAL, "value", "value(…)", "value(…) >= 30"},
    {TOCSIN__RULE_LEARNED, 0, TOCSIN__RULE_DECIMAL, "learned", "learned(…)", "learned(…) >= 0.6"},
    {TOCSIN__RULE_REACH, 0, TOCSIN__RULE_WHOLE, "reach", "reach", "reach >= 10000"},
    {TOCSIN__RULE_ATTENTION, 0, TOCSIN__RULE_NAME, "attention", "attention", "attention >= high"},
    {TOCSIN__RULE_TIER, 0, TOCSIN__RULE_NAME, "tier", "tier", "tier >= one of the plan"},
    {TOCSIN__RULE_VENUE, 0, TOCSIN__RULE_NAME, "venue", "venue", "venue == forum"},
};

#define COUNT (sizeof measures / sizeof *measures)

const tocsin__rule_measure *tocsin__rule_measure_of(uint8_t kind) {
    for (size_t i = 0; kind && i < COUNT; i++) {
        if (measures[i].kind == kind) return &measures[i];
    }
    return NULL;
}

const tocsin__rule_measure *tocsin__rule_measure_to_come(const char *word, size_t length) {
    for (size_t i = 0; i < COUNT; i++) {
        if (!measures[i].kind && !strncmp(measures[i].word, word, length) && !measures[i].word[length]) {
            return &measures[i];
        }
    }
    return NULL;
}
