/*
 * Lists of every kind while the i-th allocation fails, alone or with all later ones: an error, no leak, no partial
 * lexicon.
 */
#include "lexicon_reading.h"

typedef struct failing {
    size_t countdown; /* the allocation that fails; 0: none */
    int ever_after;
    size_t asked;
    size_t live; /* bytes */
} failing;

static int fails(failing *f) {
    f->asked++;
    return f->countdown && (f->ever_after ? f->asked >= f->countdown : f->asked == f->countdown);
}

static void *failing_allocate(void *context, size_t size) {
    failing *f = context;
    void *memory = fails(f) ? NULL : malloc(size);
    if (memory) f->live += size;
    return memory;
}

static void *failing_reallocate(void *context, void *memory, size_t old_size, size_t new_size) {
    failing *f = context;
    void *moved = fails(f) ? NULL : realloc(memory, new_size);
    if (moved) f->live += new_size - old_size;
    return moved;
}

static void failing_deallocate(void *context, void *memory, size_t size) {
    failing *f = context;
    f->live -= size;
    free(memory);
}

static const list_source lists[] = {
    LIST("a.txt", 0, "消防\n火災\n火灾\n# x\nwith\tab\n\xE2\x80\x8B\n"),
    LIST("b.csv", 0,
         "term,topic,kind,weight,bounds,unless,note,extra\n"
         "火,,,2,none,\"火锅;火车;水\",\"note \"\"x\"\"\"\n"
         "锅,negative,,,,火锅\n"
         "\"死亡[一二三A-Z]{1,3}(?:人|名㍿?)\",,regex\n"
         "火*(灾[,nobody,regexp,x,y\n"
         "\"open\n"),
    LIST("c.txt", 1, "\xCF\xFB\xB7\xC0\n\xBB\xF0\x9E\xC4\n"),
    LIST("d.txt", 1, "\xCF\xFB\xB7\xC0\n\xFF\n"),
    LIST("b.csv", 2, "term,topic\n火,\n"),
    LIST("b.csv", 1, ""),
};

/* Reads the lists with the failing allocator; returns whether all were read. */
static int read_once(failing *f) {
    const tocsin_allocator allocator = {failing_allocate, failing_reallocate, failing_deallocate, f};
    tocsin_diagnostics *diagnostics = NULL;
    tocsin__lexicon lexicon;
    memset(&lexicon, 0, sizeof lexicon);
    tocsin_status status = tocsin_diagnostics_create(&allocator, &diagnostics);
    tocsin__lexicon_options options = list_options(diagnostics);
    if (!status) status = read_lists(&options, &allocator, lists, sizeof lists / sizeof *lists, &lexicon);
    if (status) {
        ck_assert_int_eq(status, TOCSIN_ERROR_MEMORY);
        ck_assert_ptr_null(lexicon.terms);
    } else {
        ck_assert_uint_eq(lexicon.term_count, 9);
        ck_assert_uint_eq(lexicon.errors, 9);
        tocsin__lexicon_release(&lexicon);
    }
    tocsin_diagnostics_free(diagnostics);
    ck_assert_uint_eq(f->live, 0);
    return !status;
}

static const struct { int ever_after; } modes[] = {{0}, {1}};

START_TEST(every_allocation_may_fail) {
    failing none = {0, 0, 0, 0};
    ck_assert_int_eq(read_once(&none), 1);
    ck_assert_uint_gt(none.asked, 20);
    for (size_t i = 1; i <= none.asked; i++) {
        failing f = {i, modes[_i].ever_after, 0, 0};
        ck_assert_msg(!read_once(&f), "allocation %zu failed and nobody noticed", i);
    }
}
END_TEST

TOCSIN_SUITE("lexicon memory", TOCSIN_LOOP(every_allocation_may_fail, modes))
