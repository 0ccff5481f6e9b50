/*
 * Recognises one matter in other words: the heaviest pairs of a post lead to the incidents that have them among their
 * heaviest, and the few with the most common pairs are compared as a whole. Different places separate posts, whatever
 * their words are. A digest, a post about several matters such as the news of a day, belongs to none of them: it would
 * join them.
 */
#include <string.h>

#include "track/tracker_internal.h"

#define ASKED 32u         /* heaviest pairs of a post that are looked up */
#define LONGEST_WALK 128u /* entries of a chain that are looked at */
#define CANDIDATES 8u

#define LEAST 10.0         /* evidence for joining: e to the 10th, 22 000 times more likely than not */
#define LEAST_TWIN 9.0     /* evidence that two incidents are one, from pairs that are usual in both */
#define LEAST_SINGLE 11.5  /* evidence that an incident of a single wording is part of another */
#define LEAST_WORDING 12.0 /* evidence that a wording of one incident would join another */
#define WORDINGS 8u        /* wordings of an incident that are tested; half of them must join */
#define LEAST_OTHER 2.5    /* times LEAST: evidence left for a second incident, by which a post is a digest */
#define LEAST_RETURNING 2  /* times LEAST: evidence that a post resumes an incident that is over */
#define ELSEWHERE 0.33     /* factor if both name a town, and none in common */
#define ELSEWHERE_BOTH 0.5 /* the same for two incidents, for which several wordings speak */
#define COPIED 0.7         /* share of words in common from which a post about another place is a copy of a report */
#define FEW_WORDINGS 2u    /* of an incident with more, a post may be an edited one */
#define EXCHANGED 3.0      /* pairs that a copy has in place of others: two characters or more */
#define OTHER_PLACE 0.9    /* the same for narrow places: names that are recognised by their endings are not certain */
#define OTHER_PLACE_ALONE 0.4 /* the same if the incident has only one wording */
#define OTHER_PLACES 0.8      /* the same for the narrow places of two incidents */

typedef struct candidate {
    uint32_t slot;
    double weight;
} candidate;

static int is_before(const tocsin_tracker *t, const candidate *a, const candidate *b) {
    if (a->weight < b->weight || a->weight > b->weight) return a->weight > b->weight;
    return t->slots[a->slot].shown.id < t->slots[b->slot].shown.id;
}

/* Finds the incidents that have most of these pairs among their heaviest, by weight. */
static uint32_t find_candidates(tocsin_tracker *t, const uint32_t *hashes, uint32_t count, candidate *found) {
    uint32_t agreed = 0, kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        const double weight = (double)tocsin__stream_pairs_weight(t->stream, hashes[i]);
        uint32_t walk = LONGEST_WALK;
        for (uint32_t e = tocsin__inverted_index_first(&t->heavy, hashes[i], &walk); e != TOCSIN__NO_ENTRY;
             e = tocsin__inverted_index_next(&t->heavy, e, &walk)) {
            const uint32_t slot = tocsin__inverted_index_owner(&t->heavy, e);
            if (t->agreeing[slot] <= 0) t->agreed[agreed++] = slot;
            t->agreeing[slot] += weight + 1e-9;
        }
    }
    for (uint32_t i = 0; i < agreed; i++) {
        const candidate one = {t->agreed[i], t->agreeing[t->agreed[i]]};
        uint32_t at = kept;
        t->agreeing[one.slot] = 0;
        while (at > 0 && is_before(t, &one, &found[at - 1])) at--;
        if (at == CANDIDATES) continue;
        if (kept < CANDIDATES) kept++;
        for (uint32_t k = kept - 1; k > at; k--) found[k] = found[k - 1];
        found[at] = one;
    }
    return kept;
}

/* The factor of the evidence, by the places of both: of towns and of narrow places with none in common. */
static double place_factor(const tocsin__matter_key *one, const tocsin__matter_key *other, double elsewhere,
                           double differs) {
    const double f = tocsin__matter_key_differs(one, other) ? differs : 1;
    return tocsin__matter_key_is_elsewhere(one, other) ? elsewhere * f : f;
}

static double evidence(const tocsin_tracker *t, uint32_t slot, const tocsin__profile *profile,
                       const tocsin__matter_key *matter, unsigned char *explained) {
    const tocsin__tracked_incident *one = &t->slots[slot];
    return place_factor(matter, &one->matter, ELSEWHERE, one->centroid.wordings > 1 ? OTHER_PLACE : OTHER_PLACE_ALONE) *
           tocsin__centroid_evidence(&one->centroid, t->stream, profile, explained);
}

int tocsin__tracker_is_like(const tocsin_tracker *t, uint32_t slot, const tocsin__profile *profile,
                            const tocsin__matter_key *matter) {
    unsigned char explained[TOCSIN__PROFILE] = {0};
    return evidence(t, slot, profile, matter, explained) >= LEAST;
}

/* Whether one post is a copy of the other about another matter: a few words in the middle are exchanged. */
static int is_exchanged(const tocsin__sketch *one, const tocsin__sketch *other, int is_apart) {
    const uint32_t less = one->pairs < other->pairs ? one->pairs : other->pairs;
    const uint32_t more = one->pairs < other->pairs ? other->pairs : one->pairs;
    const double overlap = tocsin__sketch_overlap(one, other);
    if (overlap < COPIED) return 0;
    return is_apart || ((1 - overlap) * less >= EXCHANGED && more <= less + less / 4);
}

/*
 * Whether these words say of another place what one of the incident's wordings, its first and its latest ones, says.
 * Words that two posts of different places share are the usual ones for such a matter, however rare they are in the
 * stream. Many names of places are not known as such, so any exchanged words count, unless the places are the same.
 */
static int is_copy(const tocsin_tracker *t, uint32_t slot, const tocsin__sketch *said,
                   const tocsin__matter_key *matter) {
    const tocsin__tracked_incident *one = &t->slots[slot];
    const tocsin__sketch *told = &one->sketch;
    const int is_apart = tocsin__matter_key_is_apart(matter, &one->matter);
    uint32_t asked = 0, place = t->wordings.latest[slot];
    if (tocsin__matter_key_shares(matter, &one->matter) || (!is_apart && one->centroid.wordings > FEW_WORDINGS))
        return 0;
    while (!is_exchanged(said, told, is_apart)) {
        if (++asked == WORDINGS || place == TOCSIN__NO_WORDING) return 0;
        told = &t->wordings.ring[place].sketch;
        place = t->wordings.links[place].earlier;
    }
    return 1;
}

/* Whether the pairs that the best incident does not explain are enough for another one: the post is then a digest. */
static int is_digest(const tocsin_tracker *t, const candidate *candidates, uint32_t count, uint32_t best,
                     const tocsin__profile *profile, const tocsin__matter_key *matter) {
    unsigned char explained[TOCSIN__PROFILE] = {0};
    (void)evidence(t, best, profile, matter, explained);
    for (uint32_t k = 0; k < profile->count; k++) explained[k] = explained[k] == 2;
    for (uint32_t i = 0; i < count; i++) {
        unsigned char others[TOCSIN__PROFILE];
        if (candidates[i].slot == best || candidates[i].weight <= 0) continue;
        memcpy(others, explained, sizeof others);
        if (evidence(t, candidates[i].slot, profile, matter, others) >= LEAST_OTHER * LEAST) return 1;
    }
    return 0;
}

tocsin__found tocsin__tracker_find_like(tocsin_tracker *t, const tocsin__profile *profile, const tocsin__sketch *sketch,
                                        const tocsin__matter_key *matter, const tocsin__moment *now, int *digest) {
    tocsin__found best = {UINT32_MAX, TOCSIN__WHEN_BEFORE, TOCSIN_JOINED_BY_CENTROID, 0, 0};
    candidate candidates[CANDIDATES];
    uint32_t heaviest[ASKED];
    const uint32_t asked = tocsin__profile_heaviest(profile, t->stream, heaviest, ASKED);
    const uint32_t count = find_candidates(t, heaviest, asked, candidates);
    for (uint32_t i = 0; i < count; i++) {
        unsigned char explained[TOCSIN__PROFILE] = {0};
        const tocsin__when when = tocsin__tracker_when_of(t, &t->slots[candidates[i].slot].shown, now);
        const int copy = when != TOCSIN__WHEN_BEFORE && is_copy(t, candidates[i].slot, sketch, matter);
        if (when != TOCSIN__WHEN_COVERED || copy) candidates[i].weight = 0;
        if (when == TOCSIN__WHEN_BEFORE || copy) continue;
        const double found = evidence(t, candidates[i].slot, profile, matter, explained);
        if (found < (when == TOCSIN__WHEN_OVER ? LEAST_RETURNING * LEAST : LEAST)) continue;
        if (best.slot != UINT32_MAX && (when != best.when ? when != TOCSIN__WHEN_COVERED : found <= best.score))
            continue;
        best = (tocsin__found){candidates[i].slot, when, TOCSIN_JOINED_BY_CENTROID, found, 0};
    }
    *digest |= best.slot != UINT32_MAX && is_digest(t, candidates, count, best.slot, profile, matter);
    best.score = best.score / (best.score + LEAST);
    return best;
}

void tocsin__tracker_index_centroid(tocsin_tracker *t, uint32_t slot) {
    tocsin__tracked_incident *one = &t->slots[slot];
    one->heavy_count = tocsin__centroid_heaviest(&one->centroid, t->stream, one->heavy, TOCSIN__HEAVY);
    one->indexed = ++t->indexings;
    tocsin__inverted_index_put(&t->heavy, slot, one->heavy, one->heavy_count);
}

int tocsin__tracker_add_profile(tocsin_tracker *t, uint32_t slot, const tocsin__profile *profile) {
    tocsin__centroid *centroid = &t->slots[slot].centroid;
    tocsin__stream_pairs_add(t->stream, profile);
    tocsin__centroid_add(centroid, t->stream, profile);
    if (centroid->wordings > 8 && centroid->wordings % (centroid->wordings / 4)) return 0;
    tocsin__tracker_index_centroid(t, slot);
    return 1;
}

/* Whether the posts of both are no further apart than a time of quiet. */
static int are_at_once(const tocsin_tracker *t, const tocsin_incident *a, const tocsin_incident *b) {
    return tocsin__tracker_when(t, a, b->first_time) == TOCSIN__WHEN_COVERED ||
           tocsin__tracker_when(t, b, a->first_time) == TOCSIN__WHEN_COVERED;
}

/* Whether half of an incident's wordings, its first and its latest ones, would join another incident if they came now.
 */
static int are_of(const tocsin_tracker *t, uint32_t slot, const tocsin__centroid *other, double factor) {
    const tocsin__tracked_incident *one = &t->slots[slot];
    const tocsin__sketch *told = &one->sketch;
    uint32_t asked = 0, of_other = 0, place = t->wordings.latest[slot];
    while (1) {
        of_other +=
            factor * tocsin__centroid_evidence_beside(other, t->stream, told->hashes, told->count, &one->centroid) >=
            LEAST_WORDING;
        if (++asked == WORDINGS || place == TOCSIN__NO_WORDING) return 2 * of_other >= asked;
        told = &t->wordings.ring[place].sketch;
        place = t->wordings.links[place].earlier;
    }
}

/* Evidence that two incidents are one, as a fraction of the required evidence. */
static double twin_evidence(const tocsin_tracker *t, uint32_t slot, uint32_t other) {
    const int is_less = t->slots[slot].centroid.wordings < t->slots[other].centroid.wordings;
    const tocsin__tracked_incident *less = &t->slots[is_less ? slot : other];
    const tocsin__tracked_incident *more = &t->slots[is_less ? other : slot];
    const double factor = place_factor(&less->matter, &more->matter, ELSEWHERE_BOTH, OTHER_PLACES);
    if (less->centroid.wordings == 1 && less->centroid.count <= TOCSIN__PROFILE) {
        return factor *
               tocsin__centroid_evidence_beside(&more->centroid, t->stream, less->centroid.hashes, less->centroid.count,
                                                &less->centroid) /
               LEAST_SINGLE;
    }
    const double agreed = factor * tocsin__centroid_agreement(&less->centroid, &more->centroid, t->stream) / LEAST_TWIN;
    return agreed < 1 && are_of(t, is_less ? slot : other, &more->centroid, factor) ? 1 : agreed;
}

uint32_t tocsin__tracker_find_twin(tocsin_tracker *t, uint32_t slot) {
    const tocsin__tracked_incident *one = &t->slots[slot];
    candidate candidates[CANDIDATES];
    uint32_t best = UINT32_MAX;
    double most = 1;
    if (one->digest) return best;
    const uint32_t count = find_candidates(t, one->heavy, one->heavy_count, candidates);
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t other = candidates[i].slot;
        if (other == slot || !are_at_once(t, &one->shown, &t->slots[other].shown)) continue;
        if (is_copy(t, other, &one->sketch, &one->matter)) continue;
        const double found = twin_evidence(t, slot, other);
        if (found < most || (best != UINT32_MAX && found <= most)) continue;
        most = found;
        best = other;
    }
    return best;
}

uint32_t tocsin__tracker_find_return(const tocsin_tracker *t, uint32_t slot) {
    const tocsin_incident *one = &t->slots[slot].shown;
    for (uint32_t i = 0; i < t->count; i++) {
        const tocsin_incident *other = &t->slots[t->order[i]].shown;
        const int related = other->returns == one->id ||
                            (one->returns && (one->returns == other->id || one->returns == other->returns));
        if (related && other != one && are_at_once(t, one, other)) return t->order[i];
    }
    return UINT32_MAX;
}
