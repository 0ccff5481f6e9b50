#ifndef TOCSIN_LEXICON_CSV_HEADER_H
#define TOCSIN_LEXICON_CSV_HEADER_H

/* The first row of a table names its columns; these functions turn the names into positions. */

#include <stddef.h>

#include "lexicon/csv_reader.h"

typedef struct tocsin__csv_column {
    const char *name; /* lower-case ASCII */
    int required;
} tocsin__csv_column;

#define TOCSIN__CSV_ABSENT SIZE_MAX

/*
 * positions[i] becomes the field that has the name columns[i], or TOCSIN__CSV_ABSENT. Names are compared without regard
 * to ASCII case, in any order; columns without a name are skipped: spreadsheets leave some at the end. Reports
 * [unknown-column], [duplicate-column] and [missing-column], or only [missing-header] if no name is known, adds their
 * number to *errors, and goes on. At most 16 columns. TOCSIN_ERROR_MEMORY otherwise.
 */
tocsin_status tocsin__csv_header(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                 size_t count, const tocsin__csv_column *columns, size_t column_count,
                                 size_t *positions, size_t *errors);

/*
 * Reports faults of a whole row: [too-many-fields] if a field after the last column is not empty, [unclosed-quote],
 * [stray-quote]. Adds their number to *errors. TOCSIN_ERROR_MEMORY otherwise.
 */
tocsin_status tocsin__csv_row_faults(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                     size_t count, size_t columns, size_t *errors);

#endif
