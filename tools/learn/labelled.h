#ifndef TOCSIN_TOOLS_LABELLED_H
#define TOCSIN_TOOLS_LABELLED_H

/*
 * Documents with people's labels. Three forms: NDJSON with "expect": {"tier", "clauses", "accept"}; CSV as review
 * writes it, with the columns expect_tier, expect_clauses, expect_accept filled in; or a table of labels by id (TSV
 * with a header: id, tier, and perhaps clauses, accept, venue, source) beside feeds.
 */

#include <stddef.h>
#include <stdint.h>

#include <tocsin/tocsin.h>

#include "feed/document_reader.h"
#include "feed/input_file.h"

typedef struct labelled_document {
    tocsin_document document; /* its bytes belong to the set */
    int32_t tier;             /* index, or TOCSIN_TIER_NONE */
    uint64_t accept;          /* bit 0: none; bit i + 1: the tier with index i; includes the tier itself */
    uint64_t *clauses;        /* a bit for each clause; NULL: the label does not name clauses */
    const char *file;         /* the file of the label */
    uint64_t line;
    int found; /* its document was found */
} labelled_document;

typedef struct labelled_set {
    labelled_document *items; /* by id */
    size_t count, capacity;
    size_t problems;   /* labels that are wrong or contradict each other; each was reported */
    size_t missing;    /* labels without a document: reported together, and not among the items */
    size_t rejected;   /* lines of feeds that are no documents; each was reported */
    size_t unlabelled; /* documents without a label */
} labelled_set;

typedef struct labelled_options {
    const tocsin_plan_info *info;
    const char *labels; /* the table; NULL: the files contain the labels */
    feed_names names;
    feed_format format;
    input_options input;
    int keep_missing; /* keep labels without documents */
} labelled_options;

/* EXIT_DONE, or EXIT_IO if a file failed, or EXIT_USAGE if a table lacks columns; both failures are reported. */
int labelled_read(labelled_set *set, const labelled_options *options, char **files, int count);

void labelled_release(labelled_set *set);

/* Whether careful people could disagree about the tier. */
static inline int labelled_is_open(const labelled_document *d) { return (d->accept & (d->accept - 1)) != 0; }

static inline uint64_t labelled_tier_bit(int32_t tier) { return UINT64_C(1) << (tier + 1); }

/* A copy of a document; the caller frees its bytes, which begin at document->id.data. */
tocsin_document labelled_copy(const tocsin_document *document);
void labelled_free_copy(tocsin_document *document);

#endif
