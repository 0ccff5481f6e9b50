#ifndef TOCSIN_TESTS_RULE_WORLD_H
#define TOCSIN_TESTS_RULE_WORLD_H

/* Names, documents and random numbers for the tests of the rule layer. */

#include <tocsin/tocsin.h>

#include "rule/rule_compile.h"
#include "rule/rule_eval.h"

#define WORLD_TOPICS 6
#define WORLD_HITS 256
#define WORLD_CLAUSES 3
#define WORLD_TIERS 2
#define WORLD_LEARNED 2

/* topics subject negative rebuttal fire 火情 place-inside; clauses G1 M1 M2; tiers general major; learned risk 重大;
 * two defines. */
extern const tocsin__rule_names world_names;

typedef struct world_random {
    uint64_t state;
} world_random;

/* 0 to below - 1. */
uint32_t world_below(world_random *random, uint32_t below);

typedef struct world_document {
    tocsin__rule_hit hits[WORLD_HITS];
    uint64_t counts[WORLD_TOPICS];
    double scores[WORLD_TOPICS];
    uint64_t values[WORLD_TOPICS];
    uint64_t clauses;
    uint32_t learned[WORLD_LEARNED]; /* scores in millionths */
    tocsin__rule_input input;
} world_document;

/* Sorts and counts the hits, and points input at them. */
void world_finish(world_document *document, size_t hits);

/*
 * A document in short: "S3-5" is a hit of subject at [3, 5), N negative, R rebuttal, F fire, P place-inside; "T:"
 * begins the text (hits before it are in the title), "." begins a sentence, "/" a paragraph (and a sentence).
 */
void world_read(world_document *document, const char *text);

/* At most `most` hits, in both fields, overlapping, sometimes capped. */
void world_fill(world_document *document, world_random *random, uint32_t most);

/* Compiles or fails the test. */
const tocsin__rule_program *world_compile(const char *text, size_t length, tocsin__arena *arena);

/* Prints a program, defines put in. */
tocsin_status world_print(const tocsin__rule_program *program, const tocsin__rule_names *names, tocsin_buffer *out);

#endif
