/*
 * Chooses the engine for literals and keeps it together with the one for regexes. Only this file and matcher_scan.c
 * know which engine runs.
 */
#include "match/matcher.h"

#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"

static const tocsin__engine_kind *kind_of(tocsin_engine engine) {
    switch (engine) {
        case TOCSIN_ENGINE_AUTO:
        case TOCSIN_ENGINE_FILTER: return &tocsin__engine_filter;
        case TOCSIN_ENGINE_HYPERSCAN: return &tocsin__engine_hyperscan;
        case TOCSIN_ENGINE_NAIVE: return &tocsin__engine_naive;
    }
    return NULL;
}

static int begins_pair(const tocsin__atom *atoms, size_t i) {
    return !i || atoms[i].left != atoms[i - 1].left || atoms[i].right != atoms[i - 1].right;
}

/* The characters of an atom as a literal. */
static tocsin_status spell_atom(tocsin__arena *arena, const tocsin__atom *atom, tocsin__pattern *pattern) {
    char text[8];
    size_t length = atom->left == TOCSIN__ATOM_ANY ? 0 : tocsin__utf8_put(text, atom->left);
    length += tocsin__utf8_put(text + length, atom->right);
    pattern->length = (uint32_t)length;
    pattern->data = tocsin__arena_copy(arena, text, length);
    return pattern->data ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
}

/* *all: the literals of the plan, then those of the atoms. */
static tocsin_status add_atoms(tocsin__matcher *m, const tocsin__pattern *literals, const tocsin__pattern **all) {
    size_t count, pairs = 0;
    const tocsin__atom *atoms = tocsin__regexes_atoms(m->regexes, &count);
    for (size_t i = 0; i < count; i++) pairs += (size_t)begins_pair(atoms, i);
    tocsin__pattern *list = tocsin__arena_allocate(&m->atom_arena, (m->literal_count + pairs) * sizeof *list);
    uint32_t *starts = tocsin__arena_allocate(&m->atom_arena, (pairs + 1) * sizeof *starts);
    tocsin_status status = list && starts ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status && m->literal_count) memcpy(list, literals, m->literal_count * sizeof *list);
    for (size_t i = 0; i < count && !status; i++) {
        if (!begins_pair(atoms, i)) continue;
        starts[m->pair_count] = tocsin__regexes_number(m->regexes, i);
        status = spell_atom(&m->atom_arena, &atoms[i], &list[m->literal_count + m->pair_count++]);
    }
    if (status) return status;
    starts[pairs] = tocsin__regexes_number(m->regexes, count);
    m->atom_starts = starts;
    *all = list;
    return TOCSIN_OK;
}

static tocsin_status begin(tocsin__matcher *matcher, tocsin_engine engine, size_t literals, size_t regexes,
                           const tocsin_allocator *allocator) {
    memset(matcher, 0, sizeof *matcher);
    tocsin__arena_init(&matcher->atom_arena, allocator);
    matcher->kind = kind_of(engine);
    matcher->literal_count = literals;
    matcher->regex_count = regexes;
    return matcher->kind ? TOCSIN_OK : TOCSIN_ERROR_ARGUMENT;
}

tocsin_status tocsin__matcher_compile(tocsin_engine engine, const tocsin__pattern *literals, size_t literal_count,
                                      const tocsin__pattern *regexes, size_t regex_count,
                                      const tocsin__engine_options *options, tocsin__matcher *matcher,
                                      size_t *bad_regexes, tocsin_error *error) {
    size_t bad = SIZE_MAX;
    tocsin_status status = begin(matcher, engine, literal_count, regex_count, &options->allocator);
    *bad_regexes = SIZE_MAX;
    if (status) return tocsin__fail(error, status, "unknown engine %d", (int)engine);
    if (regex_count) {
        status = tocsin__regexes_compile(regexes, regex_count, options, &matcher->regexes, bad_regexes, error);
    }
    if (!status && regex_count && matcher->kind->reads_units) {
        status = add_atoms(matcher, literals, &literals);
    }
    if (!status && literal_count + matcher->pair_count) {
        tocsin__engine_options with_atoms = *options;
        with_atoms.atoms = matcher->pair_count;
        status = matcher->kind->compile(literals, literal_count + matcher->pair_count, &with_atoms, &matcher->literals,
                                        &bad, error);
    }
    if (status) tocsin__matcher_release(matcher);
    return status;
}

void tocsin__matcher_release(tocsin__matcher *matcher) {
    if (matcher->literals) matcher->kind->free_engine(matcher->literals);
    tocsin__regexes_free(matcher->regexes);
    tocsin__arena_release(&matcher->atom_arena);
    matcher->literals = NULL;
    matcher->regexes = NULL;
    matcher->atom_starts = NULL;
}

int tocsin__matcher_takes_originals(const tocsin__matcher *matcher) {
    return (!matcher->literals || matcher->kind->reads_units) &&
           (!matcher->regexes || !tocsin__regexes_left(matcher->regexes));
}

int tocsin__matcher_reads_units(const tocsin__matcher *matcher, int *all) {
    if (!matcher->literals || !matcher->kind->reads_units) return 0;
    *all = matcher->kind->wants_all(matcher->literals);
    return 1;
}

size_t tocsin__matcher_memory(const tocsin__matcher *matcher) {
    return (matcher->literals ? matcher->kind->memory(matcher->literals) : 0) +
           (matcher->regexes ? tocsin__regexes_memory(matcher->regexes) : 0) + matcher->atom_arena.total;
}

tocsin_status tocsin__matcher_try_regex(const tocsin__pattern *regex, const tocsin__engine_options *options,
                                        tocsin_error *error) {
    tocsin__regexes *made = NULL;
    size_t bad;
    tocsin_status status = tocsin__regexes_compile(regex, 1, options, &made, &bad, error);
    tocsin__regexes_free(made);
    return status;
}
