#ifndef TOCSIN_BASE_DIAGNOSTICS_ADD_H
#define TOCSIN_BASE_DIAGNOSTICS_ADD_H

/* Compilers call this to report a problem. */

#include <tocsin/diagnostics.h>

/* A position in a source file. */
typedef struct tocsin__place {
    const char *file; /* borrowed; "" or NULL when there is none */
    uint32_t line;    /* 1-based */
    uint32_t column;  /* 1-based, code points */
} tocsin__place;

/*
 * Adds a problem; a NULL list is allowed and keeps nothing. code is a string of static storage. Returns TOCSIN_OK or
 * TOCSIN_ERROR_MEMORY. An error is counted in both cases, so that a compiler never takes "could not note it" for "there
 * was none".
 */
__attribute__((format(printf, 5, 6))) tocsin_status tocsin__diagnose(tocsin_diagnostics *list, tocsin_severity severity,
                                                                     const char *code, tocsin__place place,
                                                                     const char *format, ...);

/* Sorts by file (in the order files were first named), line and column; stable. */
void tocsin__diagnostics_sort(tocsin_diagnostics *list);

#endif
