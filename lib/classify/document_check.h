#ifndef TOCSIN_CLASSIFY_DOCUMENT_CHECK_H
#define TOCSIN_CLASSIFY_DOCUMENT_CHECK_H

/* Checks of documents and verdicts that callers pass. */

#include <tocsin/document.h>
#include <tocsin/error.h>
#include <tocsin/verdict.h>

/* Copies a document of any version of the struct to *out; `name` is the name of the argument. */
tocsin_status tocsin__take_document(const tocsin_document *given, const char *name, tocsin_document *out,
                                    tocsin_error *error);

/*
 * The same, but without a copy if none is needed: *document becomes the given document if that is of this version and
 * valid, otherwise `room`.
 */
tocsin_status tocsin__use_document(const tocsin_document *given, const char *name, tocsin_document *room,
                                   const tocsin_document **document, tocsin_error *error);

/* Bytes from one document of an array to the next: the size in the version that the caller's program knows. */
size_t tocsin__document_stride(const tocsin_document *first);

/* Checks that the library filled in a verdict. */
tocsin_status tocsin__check_verdict(const tocsin_verdict *verdict, tocsin_error *error);

#endif
