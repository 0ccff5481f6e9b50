/*
 * The evaluator with a memory: before a node is worked out its needs are held against the document's signs, which ends
 * nearly every question at once; what is worked out over the whole document is kept under the number of its part.
 * Numbers of documents instead of flags, so that nothing need be cleared between two documents. Inside a scope (a
 * sentence, a field) only the needs are asked: there the same part comes to something else every time.
 */
#include "rule/rule_memo.h"

#include <string.h>

#include "base/bitset.h"

/* Words of remembered sets: beyond some ten thousand hits a document works its sets out anew for every clause. */
#ifdef TOCSIN_SMALL_BUFFERS
#define SET_WORDS ((size_t)4)
#else
#define SET_WORDS ((size_t)1 << 16)
#endif

size_t tocsin__rule_memo_size(const tocsin__rule_shared *shared) {
    return ((size_t)shared->part_count + shared->set_count) * sizeof(uint32_t);
}

void tocsin__rule_memo_init(tocsin__rule_memo *memo, const tocsin__rule_shared *shared, void *numbers) {
    memset(memo, 0, sizeof *memo);
    memo->shared = shared;
    memo->told = numbers;
    memo->filled = memo->told + shared->part_count;
}

static size_t set_words(const tocsin__rule_shared *shared, size_t hit_count) {
    size_t words = shared->set_count * tocsin__bits_words(hit_count);
    return words <= SET_WORDS ? words : 0;
}

size_t tocsin__rule_memo_scratch_size(const tocsin__rule_shared *shared, size_t hit_count) {
    size_t numbers = tocsin__rule_numbers(shared->flags, hit_count) * sizeof(uint32_t);
    return (set_words(shared, hit_count) + shared->slots * tocsin__bits_words(hit_count)) * sizeof(uint64_t) + numbers;
}

void tocsin__rule_memo_begin(tocsin__rule_memo *memo, const tocsin__rule_input *input, uint64_t signs, void *scratch) {
    const tocsin__rule_shared *shared = memo->shared;
    tocsin__rule_run *run = &memo->run;
    size_t words = set_words(shared, input->hit_count);
    if (memo->document == UINT32_MAX / 2) {
        memset(memo->told, 0, tocsin__rule_memo_size(shared));
        memo->document = 0;
    }
    memo->document++;
    memo->signs = signs;
    memo->sets = words ? scratch : NULL;
    tocsin__rule_run_begin_at(run, input, shared->slots, scratch ? (uint64_t *)scratch + words : NULL);
    run->memo = memo;
}

int tocsin__rule_memo_holds(tocsin__rule_memo *memo, uint32_t program, uint64_t signs) {
    memo->signs = signs;
    memo->run.nodes = memo->shared->programs[program]->nodes;
    memo->run.parts = memo->shared->parts_of[program];
    return tocsin__rule_holds_at(&memo->run, 0);
}

int tocsin__rule_recall(tocsin__rule_run *run, uint32_t at) {
    tocsin__rule_memo *memo = run->memo;
    uint32_t number = run->parts[at];
    if (!tocsin__rule_may_hold(&memo->shared->parts[number], memo->signs)) return 0;
    if (!run->whole) return tocsin__rule_holds_anew(run, at);
    if (memo->told[number] >> 1 == memo->document) return (int)(memo->told[number] & 1);
    int holds = tocsin__rule_holds_anew(run, at);
    memo->told[number] = memo->document << 1 | (uint32_t)holds;
    return holds;
}

void tocsin__rule_refill(tocsin__rule_run *run, uint32_t at, uint32_t slot) {
    tocsin__rule_memo *memo = run->memo;
    const tocsin__rule_part *part = &memo->shared->parts[run->parts[at]];
    if (!tocsin__rule_may_hold(part, memo->signs)) {
        tocsin__rule_clear(run, slot);
        return;
    }
    if (!run->whole || !memo->sets || part->set == TOCSIN__RULE_NO_SET) {
        tocsin__rule_fill_anew(run, at, slot);
        return;
    }
    uint64_t *set = memo->sets + part->set * run->words, *out = tocsin__rule_slot(run, slot);
    int known = memo->filled[part->set] == memo->document;
    if (!known) {
        tocsin__rule_fill_anew(run, at, slot);
        memo->filled[part->set] = memo->document;
    }
    memcpy(known ? out : set, known ? set : out, run->words * sizeof *set);
}
