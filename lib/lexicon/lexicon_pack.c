/*
 * A lexicon in few bytes: what most terms have alike is told by a flag, and what grows from term to term by how much it
 * grew. Reading it back takes no hash and no folding, and the texts stay where they are.
 */
#include <string.h>

#include <tocsin/plan.h>

#include "lexicon/lexicon.h"

enum {
    REGEX = 1,
    BOUNDS = 2, /* two bits */
    ORIGINAL = 8,
    NOTE = 16,
    WEIGHT = 32,
    UNLESS = 64,
    PLACE = 128 /* another file, column or topic than the term before, or a line above it */
};

static unsigned flags_of(const tocsin__term *term, const tocsin__term *before) {
    unsigned flags = term->kind == TOCSIN__TERM_REGEX ? REGEX : 0;
    flags |= (unsigned)term->bounds * BOUNDS;
    if (term->original.length != term->folded.length ||
        memcmp(term->original.data, term->folded.data, term->folded.length) != 0) {
        flags |= ORIGINAL;
    }
    if (term->note.length) flags |= NOTE;
    if (term->weight < 1 || term->weight > 1) flags |= WEIGHT;
    if (term->unless_count) flags |= UNLESS;
    if (!before || term->place.file != before->place.file || term->topic != before->topic ||
        term->place.column != before->place.column || term->place.line < before->place.line) {
        flags |= PLACE;
    }
    return flags;
}

/* Where the file of a term stands among those of the terms before, which are told apart by their addresses. */
static uint32_t file_of(const char *const *files, uint32_t count, const char *file) {
    uint32_t i = count;
    while (i && files[i - 1] != file) i--;
    return i ? i - 1 : count;
}

static void pack_term(tocsin__packer *p, const tocsin__term *term, const tocsin__term *before, uint32_t file) {
    const unsigned flags = flags_of(term, before);
    tocsin__pack_number(p, flags);
    tocsin__pack_text(p, term->folded);
    if (flags & ORIGINAL) tocsin__pack_text(p, term->original);
    if (flags & NOTE) tocsin__pack_text(p, term->note);
    if (flags & WEIGHT) {
        uint64_t bits;
        memcpy(&bits, &term->weight, sizeof bits);
        tocsin__pack_number(p, bits);
    }
    if (flags & UNLESS) {
        tocsin__pack_number(p, term->unless_first);
        tocsin__pack_number(p, term->unless_count);
    }
    if (flags & PLACE) {
        tocsin__pack_number(p, file);
        tocsin__pack_number(p, term->topic);
        tocsin__pack_number(p, term->place.column);
        tocsin__pack_number(p, term->place.line);
    } else {
        tocsin__pack_number(p, term->place.line - before->place.line);
    }
    tocsin__pack_number(p, term->min_width);
    if (flags & REGEX) tocsin__pack_number(p, term->max_width);
}

static tocsin_status pack_terms(const tocsin__lexicon *lexicon, const char **files, tocsin__packer *p) {
    uint32_t count = 0;
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const char *file = lexicon->terms[i].place.file;
        if (file_of(files, count, file) == count) files[count++] = file;
    }
    tocsin__pack_number(p, count);
    for (uint32_t i = 0; i < count; i++) tocsin__pack_text(p, (tocsin_bytes){files[i], strlen(files[i])});
    tocsin__pack_number(p, lexicon->term_count);
    for (size_t i = 0; i < lexicon->term_count; i++) {
        const tocsin__term *term = &lexicon->terms[i];
        pack_term(p, term, i ? term - 1 : NULL, file_of(files, count, term->place.file));
    }
    return p->status;
}

void tocsin__lexicon_pack(const tocsin__lexicon *lexicon, tocsin__packer *p) {
    const tocsin_allocator *allocator = &lexicon->arena.allocator;
    /* There are no more files than places where the file changes. */
    size_t most = 1;
    for (size_t i = 1; i < lexicon->term_count; i++) {
        most += lexicon->terms[i].place.file != lexicon->terms[i - 1].place.file;
    }
    const char **files = tocsin__allocate(allocator, most * sizeof *files);
    if (!files && !p->status) p->status = TOCSIN_ERROR_MEMORY;
    if (p->status) {
        tocsin__deallocate(allocator, (void *)files, most * sizeof *files);
        return;
    }
    tocsin__pack_number(p, lexicon->phrase_count);
    for (size_t i = 0; i < lexicon->phrase_count; i++) tocsin__pack_text(p, lexicon->phrases[i]);
    tocsin__pack_number(p, lexicon->unless_count);
    for (size_t i = 0; i < lexicon->unless_count; i++) {
        tocsin__pack_number(p, lexicon->unless[i].phrase);
        tocsin__pack_text(p, lexicon->unless[i].original);
    }
    (void)pack_terms(lexicon, files, p);
    tocsin__deallocate(allocator, (void *)files, most * sizeof *files);
}

/* What is being read back. */
typedef struct reading {
    tocsin__unpacker *u;
    tocsin__lexicon *lexicon;
    const char **files;
    uint32_t file_count;
    uint32_t *topic_terms;
} reading;

/* Room for as many elements as the data says it has, each of which takes a byte of it at least. */
static void *make_room(reading *r, size_t *count, size_t size) {
    *count = tocsin__unpack_number_up_to(r->u, UINT32_MAX - 1);
    if (*count > r->u->data.length - r->u->at) {
        r->u->sound = 0;
        *count = 0;
    }
    return tocsin__arena_allocate(&r->lexicon->arena, *count * size);
}

static tocsin_status unpack_unless(reading *r) {
    tocsin__lexicon *lexicon = r->lexicon;
    tocsin_bytes *phrases = make_room(r, &lexicon->phrase_count, sizeof *phrases);
    if (!phrases) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < lexicon->phrase_count; i++) {
        phrases[i] = tocsin__unpack_text(r->u);
        if (!phrases[i].length) r->u->sound = 0;
    }
    tocsin__unless *unless = make_room(r, &lexicon->unless_count, sizeof *unless);
    if (!unless) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < lexicon->unless_count && r->u->sound; i++) {
        unless[i].phrase = tocsin__unpack_number_up_to(r->u, UINT32_MAX);
        unless[i].original = tocsin__unpack_text(r->u);
        if (unless[i].phrase >= lexicon->phrase_count) r->u->sound = 0;
    }
    lexicon->phrases = phrases;
    lexicon->unless = unless;
    return TOCSIN_OK;
}

static tocsin_status unpack_files(reading *r) {
    size_t count;
    const char **files = make_room(r, &count, sizeof *files);
    if (!files) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++) files[i] = tocsin__unpack_text(r->u).data;
    r->files = files;
    r->file_count = (uint32_t)count;
    return TOCSIN_OK;
}

static double unpack_weight(tocsin__unpacker *u) {
    const uint64_t bits = tocsin__unpack_number(u);
    double weight;
    memcpy(&weight, &bits, sizeof weight);
    if (!(weight >= 0 && weight <= TOCSIN__MAX_WEIGHT)) u->sound = 0;
    return weight;
}

static void unpack_place(reading *r, tocsin__term *term, const tocsin__term *before, unsigned flags) {
    tocsin__unpacker *u = r->u;
    if (!(flags & PLACE)) {
        if (!before) u->sound = 0;
        if (before) term->place = before->place;
        if (before) term->topic = before->topic;
        term->place.line += tocsin__unpack_number_up_to(u, UINT32_MAX - term->place.line);
        return;
    }
    const uint32_t file = tocsin__unpack_number_up_to(u, UINT32_MAX);
    term->topic = tocsin__unpack_number_up_to(u, UINT32_MAX);
    term->place.column = tocsin__unpack_number_up_to(u, UINT32_MAX);
    term->place.line = tocsin__unpack_number_up_to(u, UINT32_MAX);
    if (file >= r->file_count || term->topic >= r->lexicon->topic_count) {
        u->sound = 0;
        return;
    }
    term->place.file = r->files[file];
}

static void unpack_term(reading *r, tocsin__term *term, const tocsin__term *before) {
    tocsin__unpacker *u = r->u;
    const unsigned flags = tocsin__unpack_number_up_to(u, 255);
    memset(term, 0, sizeof *term);
    term->kind = flags & REGEX ? TOCSIN__TERM_REGEX : TOCSIN__TERM_LITERAL;
    term->bounds = (tocsin__term_bounds)(flags / BOUNDS % 4);
    term->folded = tocsin__unpack_text(u);
    term->original = flags & ORIGINAL ? tocsin__unpack_text(u) : term->folded;
    term->note = flags & NOTE ? tocsin__unpack_text(u) : (tocsin_bytes){"", 0};
    term->weight = flags & WEIGHT ? unpack_weight(u) : 1;
    if (flags & UNLESS) {
        term->unless_first = tocsin__unpack_number_up_to(u, (uint32_t)r->lexicon->unless_count);
        term->unless_count = tocsin__unpack_number_up_to(u, (uint32_t)r->lexicon->unless_count - term->unless_first);
    }
    unpack_place(r, term, before, flags);
    term->min_width = tocsin__unpack_number_up_to(u, UINT32_MAX);
    term->max_width = flags & REGEX ? tocsin__unpack_number_up_to(u, UINT32_MAX) : term->min_width;
    if (!term->folded.length || term->bounds > TOCSIN__BOUNDS_NONE) u->sound = 0;
}

static tocsin_status unpack_terms(reading *r) {
    tocsin__lexicon *lexicon = r->lexicon;
    tocsin__term *terms = make_room(r, &lexicon->term_count, sizeof *terms);
    if (!terms) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < lexicon->term_count && r->u->sound; i++) {
        unpack_term(r, &terms[i], i ? &terms[i - 1] : NULL);
        if (!r->u->sound) break;
        r->topic_terms[terms[i].topic]++;
        lexicon->regex_count += terms[i].kind == TOCSIN__TERM_REGEX;
    }
    lexicon->terms = terms;
    return TOCSIN_OK;
}

tocsin_status tocsin__lexicon_unpack(tocsin__unpacker *unpacker, size_t topic_count, const tocsin_allocator *allocator,
                                     tocsin__lexicon *lexicon) {
    reading r = {.u = unpacker, .lexicon = lexicon};
    memset(lexicon, 0, sizeof *lexicon);
    tocsin__arena_init(&lexicon->arena, allocator);
    lexicon->topic_count = topic_count;
    r.topic_terms = tocsin__arena_allocate(&lexicon->arena, topic_count * sizeof *r.topic_terms);
    tocsin_status status = r.topic_terms ? TOCSIN_OK : TOCSIN_ERROR_MEMORY;
    if (!status) {
        memset(r.topic_terms, 0, topic_count * sizeof *r.topic_terms);
        lexicon->topic_terms = r.topic_terms;
        status = unpack_unless(&r);
    }
    if (!status) status = unpack_files(&r);
    if (!status) status = unpack_terms(&r);
    if (status) tocsin__lexicon_release(lexicon);
    return status;
}
