/*
 * The hits behind a clause that holds. Downwards, twice: through the conditions that hold, and inside a set from the
 * members that count to the hits that made them members: evidence shows both sides of a pair, though only the left one
 * is a member.
 */
#include "base/bitset.h"
#include "rule/rule_evaluate.h"
#include "rule/rule_run.h"

static void copy(const tocsin__rule_run *run, uint32_t from, uint32_t to) {
    const uint64_t *source = tocsin__rule_slot(run, from);
    uint64_t *target = tocsin__rule_slot(run, to);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) target[i] = source[i];
}

static void intersect(const tocsin__rule_run *run, uint32_t slot, uint32_t with, uint32_t result) {
    const uint64_t *a = tocsin__rule_slot(run, slot), *b = tocsin__rule_slot(run, with);
    uint64_t *out = tocsin__rule_slot(run, result);
    for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) out[i] = a[i] & b[i];
}

/* Bits outside the scope, which a slot of a wider scope may have, are dropped. */
static void copy_narrowed(const tocsin__rule_run *run, uint32_t from, uint32_t to) {
    uint64_t *target = tocsin__rule_slot(run, to);
    if (run->low == run->high) return;
    copy(run, from, to);
    target[run->low / 64] &= UINT64_MAX << (run->low & 63);
    target[(run->high - 1) / 64] &= UINT64_MAX >> (63 - ((run->high - 1) & 63));
}

/* Leaves in slot `partners` the hits of the right operand that make members of the left one stay. */
static void keep_partners(tocsin__rule_run *run, uint32_t at, uint32_t members, uint32_t partners) {
    const uint64_t distance = run->nodes[at].value;
    tocsin__rule_fill(run, run->nodes[at + 1].end, partners);
    switch (run->nodes[at].kind) {
        case TOCSIN__RULE_BEFORE: tocsin__rule_keep_after(run, members, partners, distance); break;
        case TOCSIN__RULE_AFTER: tocsin__rule_keep_ahead(run, partners, members, distance); break;
        default:
            tocsin__rule_clear(run, partners + 1);
            tocsin__rule_mark_near(run, partners, members, distance, partners + 1);
            copy(run, partners + 1, partners);
            break;
    }
}

static void support_set(tocsin__rule_run *run, uint32_t at, uint32_t members, uint64_t *out) {
    const tocsin__rule_node *node = &run->nodes[at];
    const uint64_t *set = tocsin__rule_slot(run, members);
    uint32_t spare = members + 1;
    tocsin__rule_scope scope;
    switch (node->kind) {
        case TOCSIN__RULE_TOPIC:
            for (size_t i = tocsin__rule_first_word(run); i < tocsin__rule_end_word(run); i++) out[i] |= set[i];
            break;
        case TOCSIN__RULE_OR:
            for (uint32_t child = at + 1; child < node->end; child = run->nodes[child].end) {
                tocsin__rule_fill(run, child, spare);
                intersect(run, spare, members, spare);
                support_set(run, child, spare, out);
            }
            break;
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
            support_set(run, at + 1, members, out);
            keep_partners(run, at, members, spare);
            support_set(run, run->nodes[at + 1].end, spare, out);
            break;
        case TOCSIN__RULE_UNLESS: support_set(run, at + 1, members, out); break;
        default:
            scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            copy_narrowed(run, members, spare);
            if (run->low < run->high) support_set(run, at + 1, spare, out);
            tocsin__rule_restore(run, scope);
            break;
    }
}

static void support_all(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    if (run->low == run->high) return;
    tocsin__rule_fill(run, at, 0);
    support_set(run, at, 0, out);
}

static void support_parts(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    tocsin__rule_scope scope = tocsin__rule_scope_of(run);
    for (size_t from = scope.low; from < scope.high;) {
        from = tocsin__rule_narrow_from(run, run->nodes[at].kind, from, scope.high);
        if (tocsin__rule_holds_at(run, at + 1)) tocsin__rule_support_at(run, at + 1, out);
    }
    tocsin__rule_restore(run, scope);
}

/* An upper bound is a negation: only what is counted towards a lower one supports. */
static int counts_towards(tocsin__rule_run *run, uint32_t at) {
    switch (run->nodes[at].compare) {
        case TOCSIN__RULE_GE:
        case TOCSIN__RULE_GT:
        case TOCSIN__RULE_EQ: return 1;
        case TOCSIN__RULE_NE: return tocsin__rule_outcome(run, at) > 0;
        default: return 0;
    }
}

void tocsin__rule_keep_values(tocsin__rule_run *run, uint32_t at) {
    const tocsin__rule_node *node = &run->nodes[at];
    const int over = tocsin__rule_value_outcome(node, tocsin__rule_largest_value(run, at)) > 0;
    tocsin__rule_fill(run, at + 1, 0);
    uint64_t *set = tocsin__rule_slot(run, 0);
    for (size_t i = run->low; i < run->high; i++) {
        const uint64_t value = run->input->hits[i].value;
        const int outcome = value ? tocsin__rule_value_outcome(node, value) : 0;
        const int counts = value && tocsin__rule_satisfies(node->compare, outcome) &&
                           (node->compare != TOCSIN__RULE_NE || (outcome > 0) == over);
        if (!counts) set[i / 64] &= ~((uint64_t)1 << (i & 63));
    }
}

static void support_values(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    if (run->low == run->high) return;
    tocsin__rule_keep_values(run, at);
    support_set(run, at + 1, 0, out);
}

void tocsin__rule_support_at(tocsin__rule_run *run, uint32_t at, uint64_t *out) {
    const tocsin__rule_node *node = &run->nodes[at];
    tocsin__rule_scope scope;
    switch (node->kind) {
        case TOCSIN__RULE_OR:
        case TOCSIN__RULE_AND:
        case TOCSIN__RULE_ATLEAST:
            for (uint32_t child = at + 1; child < node->end; child = run->nodes[child].end) {
                if (tocsin__rule_holds_at(run, child)) tocsin__rule_support_at(run, child, out);
            }
            break;
        case TOCSIN__RULE_TOPIC:
        case TOCSIN__RULE_NEAR:
        case TOCSIN__RULE_BEFORE:
        case TOCSIN__RULE_AFTER:
        case TOCSIN__RULE_UNLESS: support_all(run, at, out); break;
        case TOCSIN__RULE_SENTENCE:
        case TOCSIN__RULE_PARAGRAPH: support_parts(run, at, out); break;
        case TOCSIN__RULE_FIELD:
            scope = tocsin__rule_scope_of(run);
            tocsin__rule_narrow(run, node->value);
            tocsin__rule_support_at(run, at + 1, out);
            tocsin__rule_restore(run, scope);
            break;
        case TOCSIN__RULE_COUNT:
        case TOCSIN__RULE_DISTINCT:
        case TOCSIN__RULE_SCORE:
            if (counts_towards(run, at)) support_all(run, at + 1, out);
            break;
        case TOCSIN__RULE_VALUE: support_values(run, at, out); break;
        case TOCSIN__RULE_LEARNED:
            if (node->compare == TOCSIN__RULE_GE || node->compare == TOCSIN__RULE_GT)
                run->learned |= UINT64_C(1) << (node->value >> TOCSIN__RULE_WEIGHTS_SHIFT);
            break;
        default: break;
    }
}

uint64_t tocsin__rule_support(const tocsin__rule_program *program, const tocsin__rule_input *input, void *scratch,
                              uint64_t *out) {
    tocsin__rule_run run;
    tocsin__rule_run_begin(&run, program, input, scratch, NULL);
    for (size_t i = 0; i < run.words; i++) out[i] = 0;
    tocsin__rule_support_at(&run, 0, out);
    return run.learned;
}
