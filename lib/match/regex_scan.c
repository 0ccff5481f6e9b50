/*
 * Scans a text for the atoms of regexes, for engines that do not look for them in a pass of their own. A table says for
 * each character whether it is a side of an atom or an atom by itself, so that one look-up is enough for most
 * characters; a pair whose sides both fit is looked up.
 */
#include "match/regex_internal.h"

const tocsin__atom *tocsin__regexes_atoms(const tocsin__regexes *compiled, size_t *count) {
    *count = compiled->atom_count;
    return compiled->atoms;
}

size_t tocsin__regexes_left(const tocsin__regexes *compiled) { return compiled->left_count; }

uint32_t tocsin__regexes_left_at(const tocsin__regexes *compiled, size_t i) { return compiled->left_ids[i]; }

size_t tocsin__regexes_memory(const tocsin__regexes *compiled) {
    return sizeof *compiled + compiled->arena.total + compiled->pools.data[0]->arena.total +
           tocsin__regexes_shared_memory(compiled) + (compiled->left ? tocsin__engine_regex.memory(compiled->left) : 0);
}

size_t tocsin__regexes_shared_memory(const tocsin__regexes *compiled) {
    size_t bytes = 0;
    for (size_t i = 1; i < compiled->pools.length; i++) bytes += compiled->pools.data[i]->arena.total;
    return bytes;
}

tocsin_status tocsin__regexes_scratch_create(const tocsin__regexes *compiled, const tocsin_allocator *allocator,
                                             tocsin__regex_scratch **scratch) {
    tocsin__regex_scratch *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    made->allocator = *allocator;
    made->ends = (tocsin__hits){.allocator = *allocator, .limit = SIZE_MAX};
    tocsin__regexes_begin(made);
    if (compiled->left) {
        tocsin_status status = tocsin__engine_regex.create_scratch(compiled->left, allocator, &made->left);
        if (status) {
            tocsin__regexes_scratch_free(made);
            return status;
        }
    }
    *scratch = made;
    return TOCSIN_OK;
}

void tocsin__regexes_scratch_free(tocsin__regex_scratch *scratch) {
    if (!scratch) return;
    tocsin_allocator allocator = scratch->allocator;
    if (scratch->left) tocsin__engine_regex.free_scratch(scratch->left);
    tocsin__vec_release(&scratch->found, &allocator);
    tocsin__vec_release(&scratch->ends.list, &allocator);
    tocsin__deallocate(&allocator, scratch, sizeof *scratch);
}

/* Hyperscan reports where matches may end; the NFA decides which do, and finds where they begin. */
tocsin_status tocsin__regexes_scan_left(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                        const char *folded, size_t length, tocsin__hits *hits) {
    if (!compiled->left || !length) return TOCSIN_OK;
    const tocsin__text text = {.view = {folded, length, NULL}};
    tocsin__regexes_begin(scratch);
    scratch->ends.list.length = 0;
    tocsin_status status = tocsin__engine_regex.scan(compiled->left, scratch->left, &text, 0, length, &scratch->ends);
    for (size_t i = 0; i < scratch->ends.list.length && !status; i++) {
        const tocsin__hit *hit = &scratch->ends.list.data[i];
        status = tocsin__regexes_match_end(compiled, scratch, &text.view, compiled->left_ids[hit->pattern], hit->end);
    }
    return status ? status : tocsin__regexes_finish(compiled, scratch, hits);
}

/* Tries all atoms of a pair. */
static tocsin_status look_up(const tocsin__regexes *e, tocsin__regex_scratch *scratch, const tocsin__view *view,
                             size_t place, uint32_t left, uint32_t right) {
    const uint32_t pair = left << 16 | right;
    tocsin_status status = TOCSIN_OK;
    size_t slot = tocsin__pair_hash(pair) & e->slot_mask;
    while (e->slots[slot].pair != pair || e->slots[slot].atom == TOCSIN__SLOT_FREE) {
        if (e->slots[slot].atom == TOCSIN__SLOT_FREE) return TOCSIN_OK;
        slot = (slot + 1) & e->slot_mask;
    }
    for (size_t i = e->slots[slot].atom; i < e->atom_count && !status; i++) {
        if (e->atoms[i].left != left || e->atoms[i].right != right) break;
        status = tocsin__regexes_match_at(e, scratch, view, place, i);
    }
    return status;
}

static tocsin_status scan_atoms(const tocsin__regexes *e, tocsin__regex_scratch *scratch, const tocsin__view *view) {
    tocsin_status status = TOCSIN_OK;
    size_t at = 0, place_before = 0;
    uint32_t before = 0;
    unsigned role_before = 0;
    while (at < view->length && !status) {
        const size_t place = at;
        const uint32_t c = tocsin__view_next(view, place, &at);
        const unsigned role = c < TOCSIN__ATOM_ANY ? e->roles[c] : 0U;
        if (role & TOCSIN__ATOM_ALONE) status = look_up(e, scratch, view, place, TOCSIN__ATOM_ANY, c);
        if ((role & TOCSIN__ATOM_RIGHT) && (role_before & TOCSIN__ATOM_LEFT) && !status) {
            status = look_up(e, scratch, view, place_before, before, c);
        }
        place_before = place;
        before = c;
        role_before = role;
    }
    return status;
}

tocsin_status tocsin__regexes_scan(const tocsin__regexes *compiled, tocsin__regex_scratch *scratch,
                                   const tocsin__view *view, tocsin__hits *hits, int *must_fold) {
    *must_fold = compiled->left_count && view->plane;
    if (*must_fold) return TOCSIN_OK;
    if (view->length > UINT32_MAX) return TOCSIN_ERROR_TOO_LARGE;
    tocsin__regexes_begin(scratch);
    tocsin_status status = compiled->atom_count ? scan_atoms(compiled, scratch, view) : TOCSIN_OK;
    if (!status) status = tocsin__regexes_finish(compiled, scratch, hits);
    return status ? status : tocsin__regexes_scan_left(compiled, scratch, view->text, view->length, hits);
}
