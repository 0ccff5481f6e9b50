/*
 * A hit depends on an option if its own text folds differently without the option, and not to the term: then something
 * inside the hit was left out. So one scan of the sample shows the effect of each option, and no second plan is
 * compiled.
 */
#include "tocsin/lint_fold.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"

#define TIMES 10 /* an option that makes one hit into this many gets a warning */

static tocsin_folder *folder_of(const tocsin_fold_options *options) {
    tocsin_folder *folder = NULL;
    if (tocsin_folder_create(options, NULL, &folder) != TOCSIN_OK) tool_out_of_memory();
    return folder;
}

static void add_part(lint_fold *fold, const tocsin_fold_options *options, int latin, uint32_t flags, const char *name,
                     const char *kind) {
    tocsin_fold_options without = *options;
    *(latin ? &without.between_latin : &without.between_han) &= ~flags;
    fold->parts[fold->part_count++] = (fold_part){name, kind, folder_of(&without), 0};
}

void lint_fold_start(lint_fold *fold, const tocsin_fold_options *options) {
    static const char *const names[] = {"between_han", "between_latin"}, *const kinds[] = {"space", "punct", "symbol"};
    static const uint32_t flags[] = {TOCSIN_BETWEEN_SPACE, TOCSIN_BETWEEN_PUNCT, TOCSIN_BETWEEN_SYMBOL};
    memset(fold, 0, sizeof *fold);
    for (int latin = 0; latin < 2; latin++) {
        const uint32_t left_out = latin ? options->between_latin : options->between_han;
        for (size_t i = 0; i < 3; i++) {
            if (left_out & flags[i]) add_part(fold, options, latin, flags[i], names[latin], kinds[i]);
        }
        if (left_out & (left_out - 1)) add_part(fold, options, latin, left_out, names[latin], NULL);
    }
    if (fold->part_count) fold->whole = folder_of(options);
    tocsin_buffer_init(&fold->text, NULL);
}

static tocsin_bytes folded(tocsin_folder *folder, tocsin_bytes text) {
    tocsin_bytes result = {NULL, 0};
    if (tocsin_fold(folder, text.data, text.length, &result) != TOCSIN_OK) tool_out_of_memory();
    return result;
}

static int needs(lint_fold *fold, tocsin_folder *without, tocsin_bytes text, tocsin_bytes term) {
    const tocsin_bytes whole = folded(fold->whole, text), part = folded(without, text);
    if (part.length == whole.length) return 0; /* it can only be longer */
    fold->text.length = 0;
    text_append(&fold->text, part.data, part.length);
    const tocsin_bytes wanted = folded(without, term);
    return wanted.length != fold->text.length || memcmp(wanted.data, fold->text.data, wanted.length) != 0;
}

void lint_fold_count(lint_fold *fold, tocsin_bytes text, tocsin_bytes term) {
    fold->hits++;
    for (size_t i = 0; i < fold->part_count; i++) {
        fold->parts[i].hits += (uint64_t)needs(fold, fold->parts[i].without, text, term);
    }
}

static int is_loose(const lint_fold *fold, const fold_part *part) {
    return fold->hits >= TIMES && fold->hits / TIMES >= fold->hits - part->hits;
}

int lint_fold_judge(lint_fold *fold, size_t part, tocsin_diagnostic *warning) {
    const fold_part *p = &fold->parts[part];
    if (!is_loose(fold, p)) return 0;
    for (size_t i = part; !p->kind && i > 0 && fold->parts[i - 1].option == p->option; i--) {
        if (is_loose(fold, &fold->parts[i - 1])) return 0; /* reported for the kind that causes it */
    }
    (void)snprintf(fold->messages[part], sizeof fold->messages[part],
                   "fold: %s%s%s: the sample has %" PRIu64 " hits with it and %" PRIu64 " without it", p->option,
                   p->kind ? ": " : "", p->kind ? p->kind : "", fold->hits, fold->hits - p->hits);
    *warning = (tocsin_diagnostic){TOCSIN_SEVERITY_WARNING, "loose-fold", NULL, 0, 0, fold->messages[part]};
    return 1;
}

void lint_fold_release(lint_fold *fold) {
    for (size_t i = 0; i < fold->part_count; i++) tocsin_folder_free(fold->parts[i].without);
    tocsin_folder_free(fold->whole);
    tocsin_buffer_release(&fold->text);
}
