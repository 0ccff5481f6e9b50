/*
 * Each reason has a list of its own, which keeps the best candidates, a few times as many as are needed, while the feed
 * is read. Ties are broken by the hash of the id, so that the same feed gives the same sheet.
 */
#include "tocsin/review_choose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "learn/labelled.h"
#include "learn/near_groups.h"

#define RANDOM_SHARE 5 /* one of this many chosen documents is chosen by chance */

double review_rank(review_why why, int32_t tier, double learned) {
    switch (why) {
        case REVIEW_DISAGREES:
            if (learned < 0) return -1;
            return tier >= 0 ? 0.5 - learned : learned - 0.5;
        case REVIEW_UNSURE: return learned < 0 ? -1 : 0.3 - fabs(learned - 0.5);
        case REVIEW_VERDICT: return learned < 0 && tier >= 0 ? tier : -1;
        default: return 0;
    }
}

static int compare(const void *left, const void *right) {
    const review_candidate *a = left, *b = right;
    if (a->rank != b->rank) return a->rank > b->rank ? -1 : 1;
    return (a->chance > b->chance) - (a->chance < b->chance);
}

static void drop(review_candidate *c) {
    labelled_free_copy(&c->document);
    tool_free(c->tier);
    tool_free(c->clauses);
    tool_free(c->evidence);
    tool_free(c->keys);
}

static void trim(review_list *list, size_t keep) {
    if (list->count) qsort(list->items, list->count, sizeof *list->items, compare);
    while (list->count > keep) drop(&list->items[--list->count]);
}

int review_wants(review_chooser *chooser, review_why why, double rank, uint64_t chance) {
    const review_list *list = &chooser->lists[why];
    if (rank < 0) return 0;
    if (list->count < chooser->keep) return 1;
    const review_candidate *last = &list->items[chooser->keep - 1], own = {.rank = rank, .chance = chance};
    return compare(&own, last) < 0;
}

void review_add(review_chooser *chooser, review_candidate candidate) {
    review_list *list = &chooser->lists[candidate.why];
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? 2 * list->capacity : 256;
        list->items = tool_reallocate(list->items, list->capacity, sizeof *list->items);
    }
    list->items[list->count++] = candidate;
    if (list->count == chooser->keep || list->count >= 2 * chooser->keep) trim(list, chooser->keep);
}

typedef struct choosing {
    review_candidate **all; /* of all lists, one after the other */
    size_t *groups;         /* of near-duplicates */
    int *taken;             /* by group */
    size_t first[REVIEW_WHYS + 1];
    size_t next[REVIEW_WHYS];
    review_candidate **chosen;
    size_t count;
} choosing;

/* Takes the next candidate of a list whose group has none yet; 0 if there is none. */
static int take_next(choosing *c, int why) {
    while (c->next[why] < c->first[why + 1]) {
        const size_t at = c->next[why]++;
        if (c->taken[c->groups[at]]) continue;
        c->taken[c->groups[at]] = 1;
        c->chosen[c->count++] = c->all[at];
        return 1;
    }
    return 0;
}

size_t review_choose(review_chooser *chooser, size_t most, review_candidate **chosen) {
    choosing c = {.chosen = chosen};
    size_t total = 0;
    for (int why = 0; why < REVIEW_WHYS; why++) {
        trim(&chooser->lists[why], chooser->keep);
        total += chooser->lists[why].count;
    }
    c.all = tool_allocate(total + 1, sizeof *c.all);
    c.groups = tool_allocate(total + 1, sizeof *c.groups);
    c.taken = tool_allocate(total + 1, sizeof *c.taken);
    near_document *near = tool_allocate(total + 1, sizeof *near);
    total = 0;
    for (int why = 0; why < REVIEW_WHYS; why++) {
        c.first[why] = c.next[why] = total;
        for (size_t i = 0; i < chooser->lists[why].count; i++, total++) {
            c.all[total] = &chooser->lists[why].items[i];
            near[total] = (near_document){c.all[total]->keys, c.all[total]->key_count};
        }
    }
    c.first[REVIEW_WHYS] = total;
    near_groups(near, total, c.groups);
    for (size_t i = 0; i < most / RANDOM_SHARE && take_next(&c, REVIEW_RANDOM); i++) {
    }
    for (int found = 1; found && c.count < most;) {
        found = 0;
        for (int why = 0; why < REVIEW_RANDOM && c.count < most; why++) found |= take_next(&c, why);
    }
    tool_free(near);
    tool_free(c.taken);
    tool_free(c.groups);
    tool_free(c.all);
    return c.count;
}

void review_release(review_chooser *chooser) {
    for (int why = 0; why < REVIEW_WHYS; why++) {
        trim(&chooser->lists[why], 0);
        tool_free(chooser->lists[why].items);
    }
}
