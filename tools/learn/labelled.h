#ifndef TOCSIN_TOOLS_LABELLED_H
#define TOCSIN_TOOLS_LABELLED_H

/*
 * Documents with what people said of them. Three forms: NDJSON with "expect": {"tier", "clauses", "accept"}; CSV as
 * review writes it, with the columns expect_tier, expect_clauses, expect_accept filled in; or a table of labels by id
 * (TSV with a header: id, tier, and perhaps clauses, accept, venue, source) beside feeds.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "feed/input_file.h"

typedef struct labelled_document {
    tocsin_document document; /* its bytes belong to the set */
    int32_t tier;             /* index, or TOCSIN_TIER_NONE */
    uint64_t accept;          /* bit 0: none; bit i + 1: the tier with index i; has the tier itself */
    uint64_t *clauses;        /* a bit for each clause; NULL: nothing is said of clauses */
    const char *file;         /* where the label stands */
    uint64_t line;
    int found; /* the document was there */
} labelled_document;

typedef struct labelled_set {
    labelled_document *items; /* by id */
    size_t count, capacity;
    size_t problems;   /* labels that are wrong or contradict each other; each was told */
    size_t missing;    /* labels without a document: told together, and not among the items */
    size_t rejected;   /* lines of feeds that are no documents; each was told */
    size_t unlabelled; /* documents without a label */
} labelled_set;

typedef struct labelled_options {
    const tocsin_plan_info *info;
    const char *labels; /* the table; NULL: the files are labelled themselves */
    feed_names names;
    feed_format format;
    input_options input;
    int keep_missing; /* the labels are wanted without their documents */
} labelled_options;

/* EXIT_DONE, or EXIT_IO when a file failed, or EXIT_USAGE when a table has not the columns; both are told. */
int labelled_read(labelled_set *set, const labelled_options *options, char **files, int count);

void labelled_release(labelled_set *set);

/* Whether careful people could disagree about the tier. */
static inline int labelled_is_open(const labelled_document *d) { return (d->accept & (d->accept - 1)) != 0; }

static inline uint64_t labelled_tier_bit(int32_t tier) { return UINT64_C(1) << (tier + 1); }

/* A copy of a document, whose bytes are the caller's to free: document->id.data is the beginning of them. */
tocsin_document labelled_copy(const tocsin_document *document);
void labelled_free_copy(tocsin_document *document);

#endif
