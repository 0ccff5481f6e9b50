#ifndef TOCSIN_LEXICON_CSV_HEADER_H
#define TOCSIN_LEXICON_CSV_HEADER_H

/* The first row of a table names its columns; here the names become positions. */

#include <stddef.h>

#include "lexicon/csv_reader.h"

typedef struct tocsin__csv_column {
    const char *name; /* lower-case ASCII */
    int required;
} tocsin__csv_column;

#define TOCSIN__CSV_ABSENT SIZE_MAX

/*
 * positions[i] becomes the field where columns[i] stands, or TOCSIN__CSV_ABSENT. Names are compared without regard to
 * ASCII case, in any order; columns without a name are passed over, as spreadsheets leave them at the end. Reports
 * [unknown-column], [duplicate-column] and [missing-column], or [missing-header] alone when no name is known, adds
 * their number to *errors, and goes on. At most 16 columns. TOCSIN_ERROR_MEMORY otherwise.
 */
tocsin_status tocsin__csv_header(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                 size_t count, const tocsin__csv_column *columns, size_t column_count,
                                 size_t *positions, size_t *errors);

/*
 * Reports what is wrong with a row as such: [too-many-fields] when a field that is not empty stands past the last
 * column, [unclosed-quote], [stray-quote]. Adds their number to *errors. TOCSIN_ERROR_MEMORY otherwise.
 */
tocsin_status tocsin__csv_row_faults(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                     size_t count, size_t columns, size_t *errors);

#endif
