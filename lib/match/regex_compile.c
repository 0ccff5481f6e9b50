/*
 * Compiles the regexes of a plan. Each becomes an NFA by the Glushkov construction. If it has rare atoms, they go into
 * a table by pair, sorted so that those of one pair are neighbours; otherwise Hyperscan gets the regex, together with
 * the others of its kind.
 */
#include <string.h>

#include "base/bitset.h"
#include "base/buffer.h"
#include "base/fail.h"
#include "base/hash.h"
#include "match/filter_frequency.h"
#include "match/regex_nfa.h"

/*
 * A regex with an atom at more than every twentieth character would be tried too often; Hyperscan reads all such
 * regexes in one pass.
 */
#define MOST_SHARE 0.05
#define MOST_POSITIONS 512u /* and */
#define MOST_LENGTH 256u    /* characters of a match: at most twice as many are read around an atom */

#define NONE UINT32_MAX

typedef struct compiler {
    int leave_all;
    tocsin__regexes *made;
    const tocsin__regexes *known;
    const tocsin__pattern *known_patterns;
    uint32_t *known_sets;                    /* by known regex, and one more: its first atom set */
    uint32_t *new_sets;                      /* by known atom set: its number now, or NONE */
    tocsin__map known_index;                 /* pattern → known regex */
    tocsin__regex_pool *own;                 /* the first pool */
    tocsin__arena scratch;                   /* of one regex */
    tocsin__arena printed;                   /* patterns for Hyperscan */
    tocsin__glushkov *glushkov;              /* NULL until a regex is not shared */
    const tocsin__frequency *lent_frequency; /* the caller's; NULL: an own one is made */
    tocsin__frequency *frequency;
    TOCSIN_VEC(tocsin__compiled_atom_set) atom_sets;
    TOCSIN_VEC(tocsin__sortable) pairs; /* key: left and right; value: atom set */
    TOCSIN_VEC(tocsin__pattern) left;
    TOCSIN_VEC(uint32_t) left_ids;
    TOCSIN_VEC(const char *) reasons; /* by regex that is left to Hyperscan: the reason */
    uint16_t ahead[TOCSIN__NFA_POSITIONS], behind[TOCSIN__NFA_POSITIONS];
} compiler;

static tocsin_status add_pair(compiler *c, uint32_t left, uint32_t right) {
    const tocsin__sortable made = {left << 16 | right, (uint32_t)c->atom_sets.length};
    return tocsin__vec_push(&c->pairs, &c->made->allocator, made);
}

/* The characters of a set of listed positions, each once: calls itself for the right side of pairs. */
static tocsin_status add_pairs(compiler *c, const tocsin__atom_set *atom_set, uint32_t left) {
    tocsin__glushkov *glushkov = c->glushkov;
    const int leftmost = left == TOCSIN__ATOM_ANY && !atom_set->alone;
    const uint64_t *positions = leftmost || atom_set->alone ? atom_set->left : atom_set->right;
    tocsin_status status = TOCSIN_OK;
    uint32_t p = tocsin__positions_next(glushkov, positions, 0);
    if (!leftmost) glushkov->stamped++;
    for (; p < glushkov->position_count; p = tocsin__positions_next(glushkov, positions, p + 1)) {
        const tocsin__character_set *set = &glushkov->sets[glushkov->set_of[p]];
        for (uint32_t i = 0; i < set->count; i++) {
            for (uint32_t k = set->ranges[i].first; k <= set->ranges[i].last && !status; k++) {
                if (leftmost) {
                    status = add_pairs(c, atom_set, k);
                } else if (glushkov->stamp[k] != glushkov->stamped) {
                    glushkov->stamp[k] = glushkov->stamped;
                    status = add_pair(c, left, k);
                }
            }
        }
    }
    return status;
}

#define MOST_NEAR 100u /* characters: the bits of more would stand for too many others */

/*
 * Sets the characters with which matches begin or end, which are at the positions of `ends`, unless these are also
 * positions of the atom. lengths: the longest way from there to each position.
 */
static void set_near(const compiler *c, const uint64_t *const *ends, int kinds, const uint64_t *atom,
                     const uint16_t *lengths, uint64_t *near, uint16_t *reach) {
    const tocsin__glushkov *glushkov = c->glushkov;
    uint32_t members = 0;
    for (int kind = 0; kind < kinds; kind++) {
        uint32_t p = ends[kind] ? tocsin__positions_next(glushkov, ends[kind], 0) : glushkov->position_count;
        for (; p < glushkov->position_count; p = tocsin__positions_next(glushkov, ends[kind], p + 1)) {
            const tocsin__character_set *set = &glushkov->sets[glushkov->set_of[p]];
            if (set->members > MOST_NEAR - members || tocsin__bits_test(atom, p)) return;
            members += set->members;
            for (uint32_t i = 0; i < set->count; i++) {
                for (uint32_t k = set->ranges[i].first; k <= set->ranges[i].last; k++) {
                    tocsin__bits_set(near, tocsin__near_bit(tocsin__unit_of(k)));
                }
            }
        }
    }
    *reach = (uint16_t)(tocsin__positions_longest(glushkov, atom, lengths) - 1);
}

static tocsin_status add_atom_set(compiler *c, const tocsin__nfa *nfa, const tocsin__atom_set *atom_set,
                                  uint32_t regex) {
    tocsin__arena *arena = &c->own->arena;
    tocsin__compiled_atom_set made = {
        .nfa = nfa,
        .left = tocsin__nfa_set(nfa, atom_set->left, arena),
        .right = tocsin__nfa_set(nfa, atom_set->right, arena),
        .regex = regex,
        .alone = atom_set->alone != 0,
        .right_first = tocsin__positions_longest(c->glushkov, atom_set->right, c->ahead) <=
                       tocsin__positions_longest(c->glushkov, atom_set->left, c->behind),
    };
    if (!made.left || !made.right) return TOCSIN_ERROR_MEMORY;
    set_near(c, c->glushkov->first, TOCSIN__NFA_STARTS, atom_set->left, c->behind, made.near[0], &made.reach[0]);
    set_near(c, c->glushkov->last, TOCSIN__NFA_ENDS, made.alone ? atom_set->left : atom_set->right, c->ahead,
             made.near[1], &made.reach[1]);
    tocsin_status status = add_pairs(c, atom_set, TOCSIN__ATOM_ANY);
    return status ? status : tocsin__vec_push(&c->atom_sets, &c->made->allocator, made);
}

/* Characters of a part with its repeats written out; stops at a few thousand. */
static uint32_t count_characters(const tocsin__regex_node *node) {
    uint32_t count = node->kind >= TOCSIN__REGEX_CHARACTER && node->kind <= TOCSIN__REGEX_CLASS;
    for (const tocsin__regex_node *child = node->first; child; child = child->next) count += count_characters(child);
    return node->kind == TOCSIN__REGEX_REPEAT ? count * node->most : count;
}

/* The innermost repeat that accounts for most of the characters of a part, or NULL. */
static const tocsin__regex_node *largest_repeat(const tocsin__regex_node *node) {
    const tocsin__regex_node *largest = NULL;
    for (const tocsin__regex_node *child = node->first; child; child = child->next) {
        const tocsin__regex_node *inside = largest_repeat(child);
        if (inside && (!largest || count_characters(inside) > count_characters(largest))) largest = inside;
    }
    if (node->kind != TOCSIN__REGEX_REPEAT || node->most < 2) return largest;
    return largest && largest->most > node->most ? largest : node;
}

/* Notes why a regex is left to Hyperscan, and what to write instead. */
static tocsin_status explain(compiler *c, const tocsin__nfa *nfa, tocsin_buffer *out) {
    const tocsin__glushkov *glushkov = c->glushkov;
    const tocsin__regex_node *repeat = largest_repeat(glushkov->tree);
    if (!glushkov->atom_sets) {
        return tocsin__buffer_puts(out,
                                   "the characters that every match contains are too many, or beyond U+FFFF, to be "
                                   "looked for; write out a word of it");
    }
    if (glushkov->position_count <= MOST_POSITIONS && nfa->longest <= MOST_LENGTH) {
        return tocsin__buffer_puts(out, "the characters that every match contains are too common to be looked for; add "
                                        "a rarer one");
    }
    tocsin_status status =
        glushkov->position_count > MOST_POSITIONS
            ? tocsin__buffer_printf(out, "its repeats written out have %u characters, and %u is the most",
                                    glushkov->position_count, MOST_POSITIONS)
            : tocsin__buffer_printf(out, "a match may have %u characters, and %u is the most", nfa->longest,
                                    MOST_LENGTH);
    if (!status) status = tocsin__buffer_puts(out, repeat ? "; repeat " : "; make two terms of it");
    if (!status && repeat) status = tocsin__regex_print(repeat, out);
    return status || !repeat ? status : tocsin__buffer_puts(out, " fewer times");
}

static tocsin_status leave(compiler *c, const tocsin__nfa *nfa, uint32_t id) {
    const tocsin_allocator *allocator = &c->made->allocator;
    tocsin_buffer out;
    tocsin_buffer_init(&out, allocator);
    tocsin_status status = tocsin__regex_print_for_hyperscan(c->glushkov->tree, &c->scratch, &out);
    const char *copy = status ? NULL : tocsin__arena_copy(&c->printed, out.data, out.length);
    const tocsin__pattern pattern = {copy, (uint32_t)out.length, 0};
    out.length = 0;
    if (copy) status = explain(c, nfa, &out);
    const char *reason = copy && !status ? tocsin__arena_copy(&c->printed, out.data, out.length) : NULL;
    tocsin_buffer_release(&out);
    if (!reason) return TOCSIN_ERROR_MEMORY;
    status = tocsin__vec_push(&c->left, allocator, pattern);
    if (!status) status = tocsin__vec_push(&c->reasons, allocator, reason);
    return status ? status : tocsin__vec_push(&c->left_ids, allocator, id);
}

static tocsin_status refuse(const tocsin__glushkov *glushkov, tocsin_error *error) {
    if (glushkov->fault == TOCSIN__GLUSHKOV_UNREADABLE) {
        return tocsin__fail(error, TOCSIN_ERROR_ENGINE, "it is no pattern that admission lets through");
    }
    if (glushkov->fault == TOCSIN__GLUSHKOV_TOO_MANY) {
        return tocsin__fail(error, TOCSIN_ERROR_ENGINE,
                            "it has more than %u characters when its repeats are written out; repeat fewer times",
                            TOCSIN__NFA_POSITIONS);
    }
    return tocsin__fail(error, TOCSIN_ERROR_ENGINE,
                        "its classes tell characters apart in too many ways; use fewer different classes");
}

/*
 * Shares a known regex, unless it is left to Hyperscan, which needs it printed, or was taken before, for the same
 * pattern with other bounds.
 */
static tocsin_status take_regex(compiler *c, uint32_t known, uint32_t id, int *taken) {
    const tocsin__regexes *from = c->known;
    tocsin__regexes *made = c->made;
    tocsin__regex_pool *pool = from->pools.data[from->pool_of[known]];
    const uint32_t first = c->known_sets[known], end = c->known_sets[known + 1];
    uint32_t p = 0;
    *taken = first < end && c->new_sets[first] == NONE;
    if (!*taken) return TOCSIN_OK;
    while (p < made->pools.length && made->pools.data[p] != pool) p++;
    if (p == made->pools.length) {
        if (tocsin__vec_push(&made->pools, &made->allocator, pool)) return TOCSIN_ERROR_MEMORY;
        atomic_fetch_add_explicit(&pool->owners, 1, memory_order_relaxed);
    }
    made->pool_of[id] = p;
    made->nfas[id] = from->nfas[known];
    for (uint32_t i = first; i < end; i++) {
        tocsin__compiled_atom_set set = from->atom_sets[i];
        set.regex = id;
        c->new_sets[i] = (uint32_t)c->atom_sets.length;
        if (tocsin__vec_push(&c->atom_sets, &made->allocator, set)) return TOCSIN_ERROR_MEMORY;
    }
    return TOCSIN_OK;
}

/* Makes room for constructions, which is large; 0 if there is no memory. */
static int begin_glushkov(compiler *c) {
    const tocsin_allocator *allocator = &c->made->allocator;
    c->glushkov = tocsin__allocate_zeroed(allocator, sizeof *c->glushkov);
    if (!c->lent_frequency) c->lent_frequency = c->frequency = tocsin__frequency_create(allocator);
    if (c->glushkov) c->glushkov->frequency = c->lent_frequency;
    return c->glushkov && c->lent_frequency;
}

static tocsin_status add_regex(compiler *c, const tocsin__pattern *regex, uint32_t id, size_t *bad,
                               tocsin_error *error) {
    tocsin__nfa *nfa = NULL;
    if (c->known && !c->leave_all) {
        int taken = 0;
        const uint32_t known = tocsin__map_find(&c->known_index, regex->data, regex->length);
        tocsin_status status = known == TOCSIN__MAP_NONE ? TOCSIN_OK : take_regex(c, known, id, &taken);
        if (status || taken) return status;
    }
    tocsin__arena_reset(&c->scratch);
    if (!c->glushkov && !begin_glushkov(c)) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = tocsin__glushkov_construct(regex, &c->scratch, c->glushkov);
    if (!status && c->glushkov->fault == TOCSIN__GLUSHKOV_SOUND) {
        status = tocsin__nfa_build(c->glushkov, &c->scratch, &c->own->arena, c->ahead, c->behind, &nfa);
    }
    if (status) return status;
    if (!nfa) {
        *bad = id;
        return refuse(c->glushkov, error);
    }
    c->made->nfas[id] = nfa;
    if (c->leave_all || !c->glushkov->atom_sets || c->glushkov->share > MOST_SHARE ||
        c->glushkov->position_count > MOST_POSITIONS || nfa->longest > MOST_LENGTH) {
        return leave(c, nfa, id);
    }
    const tocsin__atom_set *atom_set = c->glushkov->atom_sets;
    for (; atom_set && !status; atom_set = atom_set->next) status = add_atom_set(c, nfa, atom_set, id);
    return status;
}

/* Makes room for the data of each regex. */
static tocsin_status begin_regexes(compiler *c, const tocsin__pattern *regexes, size_t count) {
    tocsin__regexes *made = c->made;
    const tocsin__nfa **nfas = tocsin__arena_allocate(&made->arena, count * sizeof *nfas);
    uint32_t *bounds = tocsin__arena_allocate(&made->arena, count * sizeof *bounds);
    made->pool_of = tocsin__arena_allocate(&made->arena, count * sizeof *made->pool_of);
    if (!nfas || !bounds || !made->pool_of) return TOCSIN_ERROR_MEMORY;
    memset(made->pool_of, 0, count * sizeof *made->pool_of);
    for (size_t i = 0; i < count; i++) bounds[i] = regexes[i].bounds;
    made->nfas = nfas;
    made->bounds = bounds;
    made->count = count;
    return TOCSIN_OK;
}

/* Indexes the known regexes by pattern, and their atom sets by regex. */
static tocsin_status begin_known(compiler *c) {
    const tocsin__regexes *known = c->known;
    tocsin_status status = tocsin__map_reserve(&c->known_index, known->count);
    if (!status) status = tocsin__vec_reserve(&c->atom_sets, known->atom_set_count, &c->made->allocator);
    c->known_sets = tocsin__arena_allocate(&c->printed, (known->count + 1) * sizeof *c->known_sets);
    c->new_sets = tocsin__arena_allocate(&c->printed, known->atom_set_count * sizeof *c->new_sets);
    if (!c->known_sets || !c->new_sets) return TOCSIN_ERROR_MEMORY;
    for (uint32_t i = 0, set = 0; i <= known->count; i++) {
        while (i && set < known->atom_set_count && known->atom_sets[set].regex < i) c->new_sets[set++] = NONE;
        c->known_sets[i] = set;
    }
    for (uint32_t i = 0; i < known->count && !status; i++) {
        uint32_t number = i;
        status = tocsin__map_add(&c->known_index, c->known_patterns[i].data, c->known_patterns[i].length, &number);
    }
    return status;
}

/* Adds the pairs of the shared atom sets. They are sorted, if the regexes are in the same order as before. */
static tocsin_status add_known_pairs(compiler *c) {
    const tocsin__regexes *known = c->known;
    const size_t most = c->pairs.length + known->atom_set_starts[known->atom_count];
    if (tocsin__vec_reserve(&c->pairs, most, &c->made->allocator)) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < known->atom_count; i++) {
        const tocsin__atom *atom = &known->atoms[i];
        for (uint32_t s = known->atom_set_starts[i]; s < known->atom_set_starts[i + 1]; s++) {
            const tocsin__sortable made = {(uint32_t)atom->left << 16 | atom->right,
                                           c->new_sets[known->atom_set_ids[s]]};
            if (made.value != NONE) c->pairs.data[c->pairs.length++] = made;
        }
    }
    return TOCSIN_OK;
}

/* Sorts the pairs: those of new regexes, which are few, then those of shared ones, then merges both. */
static tocsin_status sort_pairs(compiler *c) {
    const size_t added = c->pairs.length;
    tocsin__sort(c->pairs.data, added);
    if (!c->known) return TOCSIN_OK;
    tocsin_status status = add_known_pairs(c);
    tocsin__sortable *news = tocsin__arena_allocate(&c->printed, added * sizeof *news);
    if (status || !news) return TOCSIN_ERROR_MEMORY;
    tocsin__sortable *pairs = c->pairs.data;
    const size_t count = c->pairs.length;
    tocsin__sort(pairs + added, count - added);
    if (added) memcpy(news, pairs, added * sizeof *news);
    for (size_t to = 0, n = 0, shared = added; n < added; to++) {
        pairs[to] = shared == count || tocsin__sorts_before(&news[n], &pairs[shared]) ? news[n++] : pairs[shared++];
    }
    return TOCSIN_OK;
}

/* Copies a vector to the arena, where it takes only the room that it needs. */
static void *keep(compiler *c, const void *data, size_t size) {
    return tocsin__arena_copy(&c->made->arena, data ? data : "", size);
}

static int begins_atom(const compiler *c, size_t i) {
    const tocsin__sortable *pair = &c->pairs.data[i];
    return !i || pair->key != pair[-1].key ||
           c->atom_sets.data[pair->value].regex != c->atom_sets.data[pair[-1].value].regex;
}

/* Builds the atoms from pairs sorted by pair and atom set; atom sets are in the order of their regexes. */
static tocsin_status build_atoms(compiler *c) {
    tocsin__regexes *made = c->made;
    const size_t pairs = c->pairs.length;
    size_t count = 0;
    for (size_t i = 0; i < pairs; i++) count += (size_t)begins_atom(c, i);
    tocsin__atom *atoms = tocsin__arena_allocate(&made->arena, count * sizeof *atoms);
    uint32_t *starts = tocsin__arena_allocate(&made->arena, (count + 1) * sizeof *starts);
    uint32_t *ids = tocsin__arena_allocate(&made->arena, pairs * sizeof *ids);
    made->atoms = atoms;
    made->atom_set_starts = starts;
    made->atom_set_ids = ids;
    made->atom_set_count = c->atom_sets.length;
    made->atom_sets = keep(c, c->atom_sets.data, c->atom_sets.length * sizeof *made->atom_sets);
    made->left_ids = keep(c, c->left_ids.data, c->left_ids.length * sizeof *made->left_ids);
    if (!atoms || !starts || !ids || !made->atom_sets || !made->left_ids) {
        return TOCSIN_ERROR_MEMORY;
    }
    for (size_t i = 0; i < pairs; i++) {
        const tocsin__sortable pair = c->pairs.data[i];
        ids[i] = pair.value;
        if (!begins_atom(c, i)) continue;
        starts[made->atom_count] = (uint32_t)i;
        atoms[made->atom_count++] =
            (tocsin__atom){(uint16_t)(pair.key >> 16), (uint16_t)pair.key, made->atom_sets[pair.value].regex};
    }
    starts[count] = (uint32_t)pairs;
    return TOCSIN_OK;
}

/* Makes the table and the roles from the atoms. TOCSIN_ERROR_MEMORY. */
static tocsin_status index_atoms(tocsin__regexes *made) {
    size_t slots = 64;
    uint32_t before = 0;
    while (slots < 2 * made->atom_count) slots *= 2;
    made->slots = tocsin__arena_allocate(&made->arena, slots * sizeof *made->slots);
    made->roles = tocsin__arena_allocate(&made->arena, 65536);
    if (!made->slots || !made->roles) return TOCSIN_ERROR_MEMORY;
    made->slot_mask = slots - 1;
    memset(made->slots, 0xFF, slots * sizeof *made->slots);
    memset(made->roles, 0, 65536);
    for (size_t i = 0; i < made->atom_count; i++) {
        const tocsin__atom *atom = &made->atoms[i];
        const uint32_t pair = (uint32_t)atom->left << 16 | atom->right;
        if (i && pair == before) continue;
        before = pair;
        if (atom->left == TOCSIN__ATOM_ANY) {
            made->roles[atom->right] |= TOCSIN__ATOM_ALONE;
        } else {
            made->roles[atom->left] |= TOCSIN__ATOM_LEFT;
            made->roles[atom->right] |= TOCSIN__ATOM_RIGHT;
        }
        size_t slot = tocsin__pair_hash(pair) & made->slot_mask;
        while (made->slots[slot].atom != TOCSIN__SLOT_FREE) slot = (slot + 1) & made->slot_mask;
        made->slots[slot] = (tocsin__atom_slot){pair, (uint32_t)i};
    }
    return TOCSIN_OK;
}

static tocsin_status compile_left(compiler *c, const tocsin__engine_options *options, size_t *bad,
                                  tocsin_error *error) {
    tocsin__regexes *made = c->made;
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

/* Makes the compiled object's own pool. */
static tocsin_status begin_pool(compiler *c, const tocsin_allocator *allocator) {
    tocsin__regex_pool *pool = tocsin__allocate_zeroed(allocator, sizeof *pool);
    if (!pool) return TOCSIN_ERROR_MEMORY;
    atomic_init(&pool->owners, 1);
    tocsin__arena_init(&pool->arena, allocator);
    c->own = pool;
    if (!tocsin__vec_push(&c->made->pools, allocator, pool)) return TOCSIN_OK;
    tocsin__deallocate(allocator, pool, sizeof *pool);
    return TOCSIN_ERROR_MEMORY;
}

static tocsin_status begin(compiler *c, const tocsin__engine_options *options) {
    const tocsin_allocator *allocator = &options->allocator;
    memset(c, 0, sizeof *c);
    tocsin__arena_init(&c->scratch, allocator);
    tocsin__arena_init(&c->printed, allocator);
    tocsin__map_init(&c->known_index, allocator);
    c->leave_all = options->leave_all;
    c->known = options->known;
    c->known_patterns = options->known_patterns;
    c->lent_frequency = options->frequency;
    c->made = tocsin__allocate_zeroed(allocator, sizeof *c->made);
    if (c->made) {
        c->made->allocator = *allocator;
        tocsin__arena_init(&c->made->arena, allocator);
    }
    if (!c->made) return TOCSIN_ERROR_MEMORY;
    tocsin_status status = begin_pool(c, allocator);
    return status || !c->known ? status : begin_known(c);
}

static void end(compiler *c, const tocsin_allocator *allocator) {
    tocsin__vec_release(&c->atom_sets, allocator);
    tocsin__vec_release(&c->pairs, allocator);
    tocsin__vec_release(&c->left, allocator);
    tocsin__vec_release(&c->left_ids, allocator);
    tocsin__vec_release(&c->reasons, allocator);
    tocsin__deallocate(allocator, c->glushkov, sizeof *c->glushkov);
    tocsin__frequency_free(c->frequency);
    tocsin__arena_release(&c->scratch);
    tocsin__arena_release(&c->printed);
    tocsin__map_release(&c->known_index);
}

tocsin_status tocsin__regexes_compile(const tocsin__pattern *regexes, size_t count,
                                      const tocsin__engine_options *options, tocsin__regexes **compiled, size_t *bad,
                                      tocsin_error *error) {
    compiler c;
    *bad = SIZE_MAX;
    tocsin_status status = begin(&c, options);
    if (!status) status = begin_regexes(&c, regexes, count);
    for (uint32_t i = 0; i < count && !status; i++) status = add_regex(&c, &regexes[i], i, bad, error);
    if (!status) status = sort_pairs(&c);
    if (!status) status = build_atoms(&c);
    if (!status) status = index_atoms(c.made);
    if (!status) status = compile_left(&c, options, bad, error);
    end(&c, &options->allocator);
    if (status) {
        tocsin__regexes_free(c.made);
        return status;
    }
    *compiled = c.made;
    return TOCSIN_OK;
}

static void release_pool(tocsin__regex_pool *pool) {
    if (atomic_fetch_sub_explicit(&pool->owners, 1, memory_order_acq_rel) != 1) return;
    const tocsin_allocator allocator = pool->arena.allocator;
    tocsin__arena_release(&pool->arena);
    tocsin__deallocate(&allocator, pool, sizeof *pool);
}

void tocsin__regexes_free(tocsin__regexes *compiled) {
    if (!compiled) return;
    tocsin_allocator allocator = compiled->allocator;
    if (compiled->left) tocsin__engine_regex.free_engine(compiled->left);
    for (size_t i = 0; i < compiled->pools.length; i++) release_pool(compiled->pools.data[i]);
    tocsin__vec_release(&compiled->pools, &allocator);
    tocsin__arena_release(&compiled->arena);
    tocsin__deallocate(&allocator, compiled, sizeof *compiled);
}
