#ifndef TOCSIN_CLASSIFY_DOCUMENT_CHECK_H
#define TOCSIN_CLASSIFY_DOCUMENT_CHECK_H

/* What callers pass as a document or as a verdict. A refusal names the member. */

#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/verdict.h>

/* Copies a document of any version of the struct to *out; `name` is the argument's. */
tocsin_status tocsin__take_document(const tocsin_document *given, const char *name, tocsin_document *out,
                                    tocsin_error *error);

/* TOCSIN_ERROR_TOO_LARGE: a field over TOCSIN_FOLD_MAX. `owner` stands before its name, as "document->". */
tocsin_status tocsin__too_large(tocsin_error *error, const char *owner, const char *field, uint64_t length);

/* Bytes from one document of an array to the next: the size that the caller's program knows. */
size_t tocsin__document_stride(const tocsin_document *first);

/* Whether a verdict is one that the library has filled in. */
tocsin_status tocsin__check_verdict(const tocsin_verdict *verdict, tocsin_error *error);

#endif
