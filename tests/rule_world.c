/* The names that the tests' expressions use, documents in short notation or at random, and a small random generator. */
#include "rule_world.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "base/bitset.h"
#include "rule/rule_print.h"

static const char *const topics[WORLD_TOPICS] = {"subject", "negative", "rebuttal", "fire", "火情", "place-inside"};
static const char *const learned[WORLD_LEARNED] = {"risk", "重大"};
static const char *const tiers[WORLD_TIERS] = {"general", "major"};
static const tocsin__rule_clause clauses[WORLD_CLAUSES] = {{"G1", 0}, {"M1", 1}, {"M2", 1}};
static const tocsin__rule_define defines[] = {
    {"incident", {"fire | 火情", 13, NULL, NULL}},
    {"bad_press", {"incident & negative", 19, NULL, NULL}},
};
const tocsin__rule_names world_names = {topics,      WORLD_TOPICS, defines, 2, clauses, WORLD_CLAUSES, tiers,
                                        WORLD_TIERS, NULL,         NULL,    0, learned, WORLD_LEARNED};

uint32_t world_below(world_random *random, uint32_t below) {
    random->state += 0x9E3779B97F4A7C15u;
    uint64_t z = random->state;
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
    z = (z ^ z >> 27) * 0x94D049BB133111EBu;
    return (uint32_t)((z ^ z >> 31) % below);
}

static int comes_before(const tocsin__rule_hit *a, const tocsin__rule_hit *b) {
    if (a->field != b->field) return a->field < b->field;
    if (a->start != b->start) return a->start < b->start;
    if (a->end != b->end) return a->end < b->end;
    return a->topic < b->topic;
}

static uint32_t learned_score(void *context, uint32_t index) { return ((const uint32_t *)context)[index]; }

void world_finish(world_document *d, size_t hits) {
    for (size_t i = 1; i < hits; i++) {
        tocsin__rule_hit moving = d->hits[i];
        size_t at = i;
        for (; at > 0 && comes_before(&moving, &d->hits[at - 1]); at--) d->hits[at] = d->hits[at - 1];
        d->hits[at] = moving;
    }
    memset(d->counts, 0, sizeof d->counts);
    memset(d->scores, 0, sizeof d->scores);
    memset(d->values, 0, sizeof d->values);
    for (size_t i = 0; i < hits; i++) {
        d->counts[d->hits[i].topic]++;
        d->scores[d->hits[i].topic] += (double)d->hits[i].weight;
        if (d->hits[i].value > d->values[d->hits[i].topic]) d->values[d->hits[i].topic] = d->hits[i].value;
    }
    d->input.hits = d->hits;
    d->input.hit_count = hits;
    d->input.topic_counts = d->counts;
    d->input.topic_scores = d->scores;
    d->input.topic_values = d->values;
    d->input.clauses_held = &d->clauses;
    d->input.learned = learned_score;
    d->input.learned_context = d->learned;
}

void world_read(world_document *d, const char *text) {
    static const char letters[] = "SNRFXP";
    size_t hits = 0;
    uint32_t sentence = 0, paragraph = 0;
    uint8_t field = 0;
    memset(d, 0, sizeof *d);
    for (const char *at = text; *at;) {
        unsigned start, end;
        int used = 0;
        if (!strncmp(at, "T:", 2)) field = 1;
        if (*at == '.' || *at == '/' || !strncmp(at, "T:", 2)) sentence++;
        if (*at == '/' || !strncmp(at, "T:", 2)) paragraph++;
        if (sscanf(at + 1, "%u-%u%n", &start, &end, &used) == 2 && strchr(letters, *at)) {
            uint32_t topic = (uint32_t)(strchr(letters, *at) - letters);
            unsigned value, more = 0;
            at += used;
            const int has_value = sscanf(at + 1, "=%u%n", &value, (int *)&more) == 1;
            const uint64_t kept = has_value ? 1 + (uint64_t)value * 1000000 : 0;
            d->hits[hits++] = (tocsin__rule_hit){start, end, sentence, paragraph, topic, topic, 1, field, kept};
            at += more;
        }
        at++;
    }
    world_finish(d, hits);
    d->input.tier = TOCSIN_TIER_NONE;
}

void world_fill(world_document *d, world_random *random, uint32_t most) {
    static const float weights[] = {1, 1, 1, 0.5F, 0.1F, 2.5F, 0};
    uint32_t hits = world_below(random, most + 1), wide = 10 + world_below(random, 4 * most);
    uint32_t sentence = 3 + world_below(random, 20), paragraph = sentence * (1 + world_below(random, 4));
    uint32_t kinds = 1 + world_below(random, WORLD_TOPICS);
    for (uint32_t i = 0; i < hits; i++) {
        tocsin__rule_hit *hit = &d->hits[i];
        memset(hit, 0, sizeof *hit);
        hit->field = (uint8_t)(world_below(random, 4) != 0);
        hit->start = world_below(random, wide);
        hit->end = hit->start + 1 + world_below(random, world_below(random, 8) ? 4 : 30);
        hit->sentence = hit->start / sentence + (hit->field ? 1000 : 0);
        hit->paragraph = hit->start / paragraph + (hit->field ? 1000 : 0);
        hit->topic = world_below(random, kinds);
        hit->term = hit->topic + WORLD_TOPICS * world_below(random, 3);
        if (world_below(random, 4) == 0) hit->term = 1000; /* a term of several topics */
        if (world_below(random, 3)) hit->value = 1 + (uint64_t)world_below(random, 40) * 100000;
        hit->weight = weights[world_below(random, sizeof weights / sizeof *weights)];
    }
    world_finish(d, hits);
    for (uint32_t topic = 0; topic < WORLD_TOPICS && !world_below(random, 3); topic++) {
        uint32_t more = world_below(random, 4);
        d->counts[topic] += more;
        d->scores[topic] += more * 0.5;
        if (more && world_below(random, 2)) {
            const uint64_t value = 1 + (uint64_t)world_below(random, 40) * 100000;
            if (value > d->values[topic]) d->values[topic] = value;
        }
    }
    d->input.venue = (tocsin_venue)world_below(random, TOCSIN_VENUE_COUNT);
    d->input.reach = world_below(random, 12);
    d->input.attention = (tocsin_attention)world_below(random, TOCSIN_ATTENTION_COUNT);
    d->input.tier = (int32_t)world_below(random, WORLD_TIERS + 1) - 1;
    d->clauses = world_below(random, 1u << WORLD_CLAUSES);
    for (int i = 0; i < WORLD_LEARNED; i++) d->learned[i] = world_below(random, 11) * 100000;
}

const tocsin__rule_program *world_compile(const char *text, size_t length, tocsin__arena *arena) {
    const tocsin__rule_source source = {text, length, NULL, NULL};
    const tocsin__rule_options options = {1, 0};
    const tocsin__rule_program *program = NULL;
    tocsin_diagnostics *diagnostics = NULL;
    ck_assert_int_eq(tocsin_diagnostics_create(NULL, &diagnostics), TOCSIN_OK);
    tocsin_status status = tocsin__rule_compile(&source, &world_names, &options, arena, diagnostics, &program);
    const tocsin_diagnostic *first = tocsin_diagnostics_at(diagnostics, 0);
    ck_assert_msg(status == TOCSIN_OK, "%.*s: %s", (int)length, text, first ? first->message : "no diagnostic");
    tocsin_diagnostics_free(diagnostics);
    return program;
}

tocsin_status world_print(const tocsin__rule_program *program, const tocsin__rule_names *names, tocsin_buffer *out) {
    tocsin__rule_program unnamed = *program;
    unnamed.defines = NULL;
    return tocsin__rule_print_node(&unnamed, names, 0, TOCSIN__RULE_NAMED, out);
}
