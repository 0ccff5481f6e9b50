#ifndef TOCSIN_TESTS_FUZZ_PLAN_H
#define TOCSIN_TESTS_FUZZ_PLAN_H

/* A small plan with some of every operator, and its verdicts as text. */

#include <tocsin/tocsin.h>

tocsin_plan *fuzz_make_plan(tocsin_engine engine, tocsin_fold_profile profile);

/* Appends the verdict of a document as JSON. */
void fuzz_grade(tocsin_scanner *scanner, const tocsin_document *document, tocsin_buffer *out);

#endif
