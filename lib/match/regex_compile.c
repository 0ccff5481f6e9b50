/*
 * Compiles the regexes of a plan. Each is constructed and gets an automaton; where it has crossings that are rare
 * enough it gets anchors too, and otherwise it goes to Hyperscan with the others of its kind. All anchors are then
 * sorted, so that those of one pair stand together, and entered in a table by pair.
 */
#include <string.h>

#include "base/buffer.h"
#include "base/fail.h"
#include "match/gate_frequency.h"
#include "match/regex_nfa.h"

/* A regex with an anchor at every twentieth character is looked at too often; Hyperscan reads all in one go. */
#define MOST_SHARE 0.05
#define MOST_POSITIONS 512u /* and */
#define MOST_LENGTH 256u    /* characters of a match: what is read around an anchor is twice that at most */

typedef struct compiler {
    int leave_all;
    tocsin__expressions *made;
    tocsin__arena scratch; /* of one regex */
    tocsin__arena printed; /* patterns for Hyperscan */
    tocsin__draft *draft;
    tocsin__frequency *frequency;
    TOCSIN_VEC(tocsin__compiled_crossing) crossings;
    TOCSIN_VEC(tocsin__sortable) pairs; /* key: left and right; value: crossing */
    TOCSIN_VEC(tocsin__pattern) left;
    TOCSIN_VEC(uint32_t) left_ids;
    TOCSIN_VEC(const char *) reasons; /* why, of each that is left */
    uint16_t ahead[TOCSIN__EXPRESSION_POSITIONS], behind[TOCSIN__EXPRESSION_POSITIONS];
} compiler;

static tocsin_status add_pair(compiler *c, uint32_t left, uint32_t right) {
    const tocsin__sortable made = {left << 16 | right, (uint32_t)c->crossings.length};
    return tocsin__vec_push(&c->pairs, &c->made->allocator, made);
}

/* The characters of a set of listed positions, each once: calls itself for the right side of pairs. */
static tocsin_status add_pairs(compiler *c, const tocsin__crossing *crossing, uint32_t left) {
    tocsin__draft *draft = c->draft;
    const int leftmost = left == TOCSIN__ANCHOR_ANY && !crossing->alone;
    const uint64_t *positions = leftmost || crossing->alone ? crossing->left : crossing->right;
    tocsin_status status = TOCSIN_OK;
    uint32_t p = tocsin__positions_next(draft, positions, 0);
    if (!leftmost) draft->stamped++;
    for (; p < draft->position_count; p = tocsin__positions_next(draft, positions, p + 1)) {
        const tocsin__character_set *set = &draft->sets[draft->set_of[p]];
        for (uint32_t i = 0; i < set->count; i++) {
            for (uint32_t k = set->ranges[i].first; k <= set->ranges[i].last && !status; k++) {
                if (leftmost) {
                    status = add_pairs(c, crossing, k);
                } else if (draft->stamp[k] != draft->stamped) {
                    draft->stamp[k] = draft->stamped;
                    status = add_pair(c, left, k);
                }
            }
        }
    }
    return status;
}

static uint16_t longest(const tocsin__draft *draft, const uint64_t *set, const uint16_t *ways) {
    uint16_t most = 0;
    for (uint32_t p = tocsin__positions_next(draft, set, 0); p < draft->position_count;
         p = tocsin__positions_next(draft, set, p + 1)) {
        if (ways[p] > most) most = ways[p];
    }
    return most;
}

static tocsin_status add_crossing(compiler *c, const tocsin__automaton *automaton, const tocsin__crossing *crossing,
                                  uint32_t expression) {
    tocsin__arena *arena = &c->made->arena;
    tocsin__compiled_crossing made = {
        .automaton = automaton,
        .left = tocsin__automaton_set(automaton, crossing->left, arena),
        .right = tocsin__automaton_set(automaton, crossing->right, arena),
        .expression = expression,
        .alone = crossing->alone != 0,
        .right_first = longest(c->draft, crossing->right, c->ahead) <= longest(c->draft, crossing->left, c->behind),
    };
    if (!made.left || !made.right) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = add_pairs(c, crossing, TOCSIN__ANCHOR_ANY);
    return status ? status : tocsin__vec_push(&c->crossings, &c->made->allocator, made);
}

/* Characters of a part when its repeats are written out; no more than a few thousand in all. */
static uint32_t count_characters(const tocsin__regex_node *node) {
    uint32_t count = node->kind >= TOCSIN__REGEX_CHARACTER && node->kind <= TOCSIN__REGEX_CLASS;
    for (const tocsin__regex_node *child = node->first; child; child = child->next) count += count_characters(child);
    return node->kind == TOCSIN__REGEX_REPEAT ? count * node->most : count;
}

/* The innermost repeat that gives most of the characters of a part, or NULL. */
static const tocsin__regex_node *largest_repeat(const tocsin__regex_node *node) {
    const tocsin__regex_node *largest = NULL;
    for (const tocsin__regex_node *child = node->first; child; child = child->next) {
        const tocsin__regex_node *inside = largest_repeat(child);
        if (inside && (!largest || count_characters(inside) > count_characters(largest))) largest = inside;
    }
    if (node->kind != TOCSIN__REGEX_REPEAT || node->most < 2) return largest;
    return largest && largest->most > node->most ? largest : node;
}

/* Why a regex is left to Hyperscan, and what to write instead. */
static tocsin_status explain(compiler *c, const tocsin__automaton *automaton, tocsin_buffer *out) {
    const tocsin__draft *draft = c->draft;
    const tocsin__regex_node *repeat = largest_repeat(draft->tree);
    if (!draft->crossings) {
        return tocsin__buffer_puts(out,
                                   "the characters that every match contains are too many, or beyond U+FFFF, to be "
                                   "looked for; write out a word of it");
    }
    if (draft->position_count <= MOST_POSITIONS && automaton->longest <= MOST_LENGTH) {
        return tocsin__buffer_puts(out, "the characters that every match contains are too common to be looked for; add "
                                        "a rarer one");
    }
    tocsin_status status =
        draft->position_count > MOST_POSITIONS
            ? tocsin__buffer_printf(out, "its repeats written out have %u characters, and %u is the most",
                                    draft->position_count, MOST_POSITIONS)
            : tocsin__buffer_printf(out, "a match may have %u characters, and %u is the most", automaton->longest,
                                    MOST_LENGTH);
    if (!status) status = tocsin__buffer_puts(out, repeat ? "; repeat " : "; make two terms of it");
    if (!status && repeat) status = tocsin__regex_print(repeat, out);
    return status || !repeat ? status : tocsin__buffer_puts(out, " fewer times");
}

static tocsin_status leave(compiler *c, const tocsin__automaton *automaton, uint32_t id) {
    const tocsin_allocator *allocator = &c->made->allocator;
    tocsin_buffer out;
    tocsin_buffer_init(&out, allocator);
    tocsin_status status = tocsin__regex_print_for_hyperscan(c->draft->tree, &c->scratch, &out);
    const char *copy = status ? NULL : tocsin__arena_copy(&c->printed, out.data, out.length);
    const tocsin__pattern pattern = {copy, (uint32_t)out.length, 0};
    out.length = 0;
    if (copy) status = explain(c, automaton, &out);
    const char *reason = copy && !status ? tocsin__arena_copy(&c->printed, out.data, out.length) : NULL;
    tocsin_buffer_release(&out);
    if (!reason) return TOCSIN_ERROR_MEMORY;
    status = tocsin__vec_push(&c->left, allocator, pattern);
    if (!status) status = tocsin__vec_push(&c->reasons, allocator, reason);
    return status ? status : tocsin__vec_push(&c->left_ids, allocator, id);
}

static tocsin_status refuse(const tocsin__draft *draft, tocsin_error *error) {
    if (draft->fault == TOCSIN__DRAFT_UNREADABLE) {
        return tocsin__fail(error, TOCSIN_ERROR_ENGINE, "it is no pattern that admission lets through");
    }
    if (draft->fault == TOCSIN__DRAFT_TOO_MANY) {
        return tocsin__fail(error, TOCSIN_ERROR_ENGINE,
                            "it has more than %u characters when its repeats are written out; repeat fewer times",
                            TOCSIN__EXPRESSION_POSITIONS);
    }
    return tocsin__fail(error, TOCSIN_ERROR_ENGINE,
                        "its classes tell characters apart in too many ways; use fewer different classes");
}

static tocsin_status add_expression(compiler *c, const tocsin__pattern *expression, uint32_t id, size_t *bad,
                                    tocsin_error *error) {
    tocsin__automaton *automaton = NULL;
    tocsin__arena_reset(&c->scratch);
    tocsin_status status = tocsin__expression_draft(expression, &c->scratch, c->draft);
    if (!status && c->draft->fault == TOCSIN__DRAFT_SOUND) {
        status = tocsin__automaton_build(c->draft, &c->scratch, &c->made->arena, c->ahead, c->behind, &automaton);
    }
    if (status) return status;
    if (!automaton) {
        *bad = id;
        return refuse(c->draft, error);
    }
    c->made->automata[id] = automaton;
    if (c->leave_all || !c->draft->crossings || c->draft->share > MOST_SHARE ||
        c->draft->position_count > MOST_POSITIONS || automaton->longest > MOST_LENGTH) {
        return leave(c, automaton, id);
    }
    const tocsin__crossing *crossing = c->draft->crossings;
    for (; crossing && !status; crossing = crossing->next) status = add_crossing(c, automaton, crossing, id);
    return status;
}

/* Room for what is kept by regex. */
static tocsin_status begin_expressions(compiler *c, const tocsin__pattern *expressions, size_t count) {
    tocsin__expressions *made = c->made;
    const tocsin__automaton **automata = tocsin__arena_allocate(&made->arena, count * sizeof *automata);
    uint32_t *bounds = tocsin__arena_allocate(&made->arena, count * sizeof *bounds);
    if (!automata || !bounds) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) bounds[i] = expressions[i].bounds;
    made->automata = automata;
    made->bounds = bounds;
    made->count = count;
    return TOCSIN_OK;
}

/* What stays of the vectors is copied to where it takes no more room than it needs. */
static void *keep(compiler *c, const void *data, size_t size) {
    return tocsin__arena_copy(&c->made->arena, data ? data : "", size);
}

static int begins_anchor(const compiler *c, size_t i) {
    const tocsin__sortable *pair = &c->pairs.data[i];
    return !i || pair->key != pair[-1].key ||
           c->crossings.data[pair->value].expression != c->crossings.data[pair[-1].value].expression;
}

/* From pairs sorted by pair and crossing; crossings stand in the order of their expressions. */
static tocsin_status build_anchors(compiler *c) {
    tocsin__expressions *made = c->made;
    const size_t pairs = c->pairs.length;
    size_t count = 0;
    tocsin__sort(c->pairs.data, pairs);
    for (size_t i = 0; i < pairs; i++) count += (size_t)begins_anchor(c, i);
    tocsin__anchor *anchors = tocsin__arena_allocate(&made->arena, count * sizeof *anchors);
    uint32_t *starts = tocsin__arena_allocate(&made->arena, (count + 1) * sizeof *starts);
    uint32_t *ids = tocsin__arena_allocate(&made->arena, pairs * sizeof *ids);
    made->anchors = anchors;
    made->crossing_starts = starts;
    made->crossing_ids = ids;
    made->crossing_count = c->crossings.length;
    made->crossings = keep(c, c->crossings.data, c->crossings.length * sizeof *made->crossings);
    made->left_ids = keep(c, c->left_ids.data, c->left_ids.length * sizeof *made->left_ids);
    if (!anchors || !starts || !ids || !made->crossings || !made->left_ids) {
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < pairs; i++) {
        const tocsin__sortable pair = c->pairs.data[i];
        ids[i] = pair.value;
        if (!begins_anchor(c, i)) continue;
        starts[made->anchor_count] = (uint32_t)i;
        anchors[made->anchor_count++] =
            (tocsin__anchor){(uint16_t)(pair.key >> 16), (uint16_t)pair.key, made->crossings[pair.value].expression};
    }
    starts[count] = (uint32_t)pairs;
    return TOCSIN_OK;
}

tocsin_status tocsin__expressions_index(tocsin__expressions *made) {
    size_t slots = 64;
    uint32_t before = 0;
    while (slots < 2 * made->anchor_count) slots *= 2;
    made->slots = tocsin__arena_allocate(&made->arena, slots * sizeof *made->slots);
    made->roles = tocsin__arena_allocate(&made->arena, 65536);
    if (!made->slots || !made->roles) return TOCSIN_ERROR_MEMORY;
    made->slot_mask = slots - 1;
    memset(made->slots, 0xFF, slots * sizeof *made->slots);
    memset(made->roles, 0, 65536);
    for (size_t i = 0; i < made->anchor_count; i++) {
        const tocsin__anchor *anchor = &made->anchors[i];
        const uint32_t pair = (uint32_t)anchor->left << 16 | anchor->right;
        if (i && pair == before) continue;
        before = pair;
        if (anchor->left == TOCSIN__ANCHOR_ANY) {
            made->roles[anchor->right] |= TOCSIN__ANCHOR_ALONE;
        } else {
            made->roles[anchor->left] |= TOCSIN__ANCHOR_LEFT;
            made->roles[anchor->right] |= TOCSIN__ANCHOR_RIGHT;
        }
        size_t slot = tocsin__pair_hash(pair) & made->slot_mask;
        while (made->slots[slot].anchor != TOCSIN__SLOT_FREE) slot = (slot + 1) & made->slot_mask;
        made->slots[slot] = (tocsin__anchor_slot){pair, (uint32_t)i};
    }
    return TOCSIN_OK;
}

static tocsin_status compile_left(compiler *c, const tocsin__engine_options *options, size_t *bad,
                                  tocsin_error *error) {
    tocsin__expressions *made = c->made;
    const size_t count = c->left.length;
    if (!count) return TOCSIN_OK;
    tocsin_error said = {0};
    tocsin_status status = tocsin__engine_regex.compile(c->left.data, count, options, &made->left, bad, &said);
    made->left_count = count;
    if (status != TOCSIN_ERROR_ENGINE) {
        if (status && error) *error = said;
        return status;
    }
    if (*bad >= count && count > 1) {
        return tocsin__fail(error, status, "%zu regexes are too many for Hyperscan together (%s); of the first: %s",
                            count, said.message, c->reasons.data[0]);
    }
    const size_t first = *bad < count ? *bad : 0;
    *bad = c->left_ids.data[first];
    return tocsin__fail(error, status, "%s (%s)", c->reasons.data[first], said.message);
}

static tocsin_status begin(compiler *c, const tocsin_allocator *allocator) {
    memset(c, 0, sizeof *c);
    tocsin__arena_init(&c->scratch, allocator);
    tocsin__arena_init(&c->printed, allocator);
    c->draft = tocsin__allocate_zeroed(allocator, sizeof *c->draft);
    c->frequency = tocsin__frequency_create(allocator);
    c->made = tocsin__allocate_zeroed(allocator, sizeof *c->made);
    if (c->made) {
        c->made->allocator = *allocator;
        tocsin__arena_init(&c->made->arena, allocator);
    }
    if (!c->draft || !c->frequency || !c->made) return TOCSIN_ERROR_MEMORY;
    c->draft->frequency = c->frequency;
    return TOCSIN_OK;
}

static void end(compiler *c, const tocsin_allocator *allocator) {
    tocsin__vec_release(&c->crossings, allocator);
    tocsin__vec_release(&c->pairs, allocator);
    tocsin__vec_release(&c->left, allocator);
    tocsin__vec_release(&c->left_ids, allocator);
    tocsin__vec_release(&c->reasons, allocator);
    tocsin__deallocate(allocator, c->draft, sizeof *c->draft);
    tocsin__frequency_free(c->frequency);
    tocsin__arena_release(&c->scratch);
    tocsin__arena_release(&c->printed);
}

tocsin_status tocsin__expressions_compile(const tocsin__pattern *expressions, size_t count,
                                          const tocsin__engine_options *options, tocsin__expressions **compiled,
                                          size_t *bad, tocsin_error *error) {
    compiler c;
    *bad = SIZE_MAX;
    tocsin_status status = begin(&c, &options->allocator);
    c.leave_all = options->leave_all;
    if (!status) status = begin_expressions(&c, expressions, count);
    for (uint32_t i = 0; i < count && !status; i++) status = add_expression(&c, &expressions[i], i, bad, error);
    if (!status) status = build_anchors(&c);
    if (!status) status = tocsin__expressions_index(c.made);
    if (!status) status = compile_left(&c, options, bad, error);
    end(&c, &options->allocator);
    if (status) {
        tocsin__expressions_free(c.made);
        return status;
    }
    *compiled = c.made;
    return TOCSIN_OK;
}

void tocsin__expressions_free(tocsin__expressions *compiled) {
    if (!compiled) return;
    tocsin_allocator allocator = compiled->allocator;
    if (compiled->left) tocsin__engine_regex.free_engine(compiled->left);
    tocsin__arena_release(&compiled->arena);
    tocsin__deallocate(&allocator, compiled, sizeof *compiled);
}
