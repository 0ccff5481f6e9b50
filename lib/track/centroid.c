/*
 * Evidence is a sum of logarithms, as in naive Bayes: how much more likely each pair is in the wordings of the incident
 * than in the other wordings of the stream. Only pairs that both have count, because a post has few of the pairs by
 * which an incident is known. The angle between both (cosine of weights) was tried first. At the same precision it
 * keeps half as many posts together, because every word that only the post has lowers it. All work goes by sorted
 * hashes, so equal input gives equal output.
 */
#include "track/centroid.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define FADE_AT 40000u /* wordings after which all counts are halved */
#define LEARNT 25u     /* other wordings that are needed before "usual" has a meaning */
#define LEARNT_ONE 40u /* the same before one wording can show that two incidents are one */
#define MOST 5.0       /* evidence of one pair: a single common word, however rare, is two pairs and may be chance */
#define UNSEEN 20.0    /* imagined wordings before the first, so that little data is not overrated */
#define PAIR_COST 0.02 /* for each pair of a post: a longer post shares more pairs with anything */
#define USUAL 0.3      /* share of an incident's wordings that must have a pair for it to be usual */
#define ENTRIES (TOCSIN__CENTROID + (TOCSIN__CENTROID > TOCSIN__PROFILE ? TOCSIN__CENTROID : TOCSIN__PROFILE))

typedef struct entry {
    uint32_t hash;
    uint32_t posts;
    float weight;
} entry;

void tocsin__stream_pairs_add(tocsin__stream_pairs *s, const tocsin__profile *p) {
    if (++s->wordings >= FADE_AT) {
        s->wordings /= 2;
        for (uint32_t i = 0; i < TOCSIN__STREAM_PAIRS; i++) s->counts[i] = (uint16_t)(s->counts[i] / 2);
    }
    for (uint32_t i = 0; i < p->count; i++) {
        uint16_t *count = &s->counts[p->hashes[i] % TOCSIN__STREAM_PAIRS];
        if (*count < UINT16_MAX) ++*count;
    }
}

float tocsin__stream_pairs_weight(const tocsin__stream_pairs *s, uint32_t hash) {
    const float all = (float)s->wordings + 2, with = (float)s->counts[hash % TOCSIN__STREAM_PAIRS] + 1;
    return with < all ? logf(all / with) : 0;
}

static int by_weight(const void *a, const void *b) {
    const entry *x = a, *y = b;
    if (x->weight > y->weight) return -1;
    if (x->weight < y->weight) return 1;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static int by_hash(const void *a, const void *b) {
    const entry *x = a, *y = b;
    return (x->hash > y->hash) - (x->hash < y->hash);
}

static void keep_heaviest(tocsin__centroid *c, const tocsin__stream_pairs *s, entry *entries, uint32_t count) {
    if (count > TOCSIN__CENTROID) {
        for (uint32_t i = 0; i < count; i++) {
            entries[i].weight = (float)entries[i].posts * tocsin__stream_pairs_weight(s, entries[i].hash);
        }
        qsort(entries, count, sizeof *entries, by_weight);
        count = TOCSIN__CENTROID;
        qsort(entries, count, sizeof *entries, by_hash);
    }
    c->count = count;
    for (uint32_t i = 0; i < count; i++) {
        c->hashes[i] = entries[i].hash;
        c->posts[i] = (uint16_t)(entries[i].posts < UINT16_MAX ? entries[i].posts : UINT16_MAX);
    }
}

/* Both lists are ascending; if posts is NULL, each counts once. */
static void add_list(tocsin__centroid *c, const tocsin__stream_pairs *s, const uint32_t *hashes, const uint16_t *posts,
                     uint32_t length) {
    entry entries[ENTRIES];
    uint32_t count = 0, at = 0;
    for (uint32_t i = 0; i < length || at < c->count;) {
        entry *e = &entries[count++];
        const int old = at < c->count && (i == length || c->hashes[at] <= hashes[i]);
        const int new = i < length && (at == c->count || hashes[i] <= c->hashes[at]);
        *e = (entry){old ? c->hashes[at] : hashes[i], 0, 0};
        if (old) e->posts += c->posts[at++];
        if (new) e->posts += posts ? posts[i] : 1u;
        i += (uint32_t) new;
    }
    keep_heaviest(c, s, entries, count);
}

void tocsin__centroid_add(tocsin__centroid *c, const tocsin__stream_pairs *s, const tocsin__profile *p) {
    if (c->wordings < UINT32_MAX) c->wordings++;
    add_list(c, s, p->hashes, NULL, p->count);
}

void tocsin__centroid_merge(tocsin__centroid *into, const tocsin__stream_pairs *s, const tocsin__centroid *from) {
    into->wordings = into->wordings > UINT32_MAX - from->wordings ? UINT32_MAX : into->wordings + from->wordings;
    add_list(into, s, from->hashes, from->posts, from->count);
}

static uint32_t heaviest(const uint32_t *hashes, const uint16_t *posts, uint32_t count, const tocsin__stream_pairs *s,
                         uint32_t *out, uint32_t most) {
    entry entries[ENTRIES];
    for (uint32_t i = 0; i < count; i++) {
        const float weight = tocsin__stream_pairs_weight(s, hashes[i]);
        entries[i] = (entry){hashes[i], 0, posts ? weight * (float)posts[i] : weight};
    }
    qsort(entries, count, sizeof *entries, by_weight);
    if (count > most) count = most;
    for (uint32_t i = 0; i < count; i++) out[i] = entries[i].hash;
    return count;
}

uint32_t tocsin__centroid_heaviest(const tocsin__centroid *c, const tocsin__stream_pairs *s, uint32_t *hashes,
                                   uint32_t most) {
    return heaviest(c->hashes, c->posts, c->count, s, hashes, most);
}

uint32_t tocsin__profile_heaviest(const tocsin__profile *p, const tocsin__stream_pairs *s, uint32_t *hashes,
                                  uint32_t most) {
    return heaviest(p->hashes, NULL, p->count, s, hashes, most);
}

/* How much more likely a pair is if `with` of `of` wordings have it than in the rest of the stream. */
static double evidence_of(const tocsin__stream_pairs *s, uint32_t hash, double with, double of, uint32_t own_posts,
                          uint32_t own_wordings) {
    const uint32_t all = s->counts[hash % TOCSIN__STREAM_PAIRS];
    if (s->wordings < LEARNT + own_wordings) return 0;
    const double others = all > own_posts ? all - own_posts : 0;
    const double around = (others + 0.5) / (s->wordings - own_wordings + UNSEEN), inside = with / of;
    const double evidence = inside > around ? log(inside / around) : 0;
    return evidence < MOST ? evidence : MOST;
}

double tocsin__centroid_evidence(const tocsin__centroid *c, const tocsin__stream_pairs *s, const tocsin__profile *p,
                                 unsigned char *explained) {
    double sum = -PAIR_COST * p->count;
    uint32_t j = 0;
    for (uint32_t i = 0; i < p->count; i++) {
        while (j < c->count && c->hashes[j] < p->hashes[i]) j++;
        if (j == c->count || c->hashes[j] != p->hashes[i] || explained[i] == 1) continue;
        explained[i] = 2;
        sum += evidence_of(s, p->hashes[i], c->posts[j], (double)c->wordings + 1, c->posts[j], c->wordings);
    }
    return sum > 0 ? sum : 0;
}

double tocsin__centroid_evidence_beside(const tocsin__centroid *c, const tocsin__stream_pairs *s,
                                        const uint32_t *hashes, uint32_t count, const tocsin__centroid *beside) {
    double sum = -PAIR_COST * count;
    uint32_t j = 0, k = 0;
    if (s->wordings < LEARNT_ONE + c->wordings + beside->wordings) return 0;
    for (uint32_t i = 0; i < count; i++) {
        while (j < c->count && c->hashes[j] < hashes[i]) j++;
        if (j == c->count || c->hashes[j] != hashes[i]) continue;
        while (k < beside->count && beside->hashes[k] < hashes[i]) k++;
        const uint32_t also = k < beside->count && beside->hashes[k] == hashes[i] ? beside->posts[k] : 0;
        sum += evidence_of(s, hashes[i], c->posts[j], (double)c->wordings + 1, c->posts[j] + also,
                           c->wordings + beside->wordings);
    }
    return sum > 0 ? sum : 0;
}

/* Whether enough wordings have it that it belongs to the matter and not to one of them. */
static int is_usual(uint32_t posts, uint32_t wordings) { return posts >= 2 && posts >= USUAL * wordings; }

double tocsin__centroid_agreement(const tocsin__centroid *a, const tocsin__centroid *b, const tocsin__stream_pairs *s) {
    double sum = 0;
    uint32_t j = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        while (j < b->count && b->hashes[j] < a->hashes[i]) j++;
        if (j == b->count || b->hashes[j] != a->hashes[i]) continue;
        if (!is_usual(a->posts[i], a->wordings) || !is_usual(b->posts[j], b->wordings)) continue;
        const double of_a = (double)a->posts[i] / a->wordings, of_b = (double)b->posts[j] / b->wordings;
        sum += evidence_of(s, a->hashes[i], of_a < of_b ? of_a : of_b, 1, (uint32_t)a->posts[i] + b->posts[j],
                           a->wordings + b->wordings);
    }
    return sum;
}
