/* Every table that a plan names uses this, so that all problems of tables are worded alike. */
#include "lexicon/csv_header.h"

#include <string.h>

#include "base/suggest.h"
#include "lexicon/list_text.h"

#define MOST_COLUMNS 16

static size_t find_column(tocsin_bytes name, const tocsin__csv_column *columns, size_t column_count) {
    size_t at = 0;
    while (at < column_count && !tocsin__text_is(name.data, name.length, columns[at].name)) at++;
    return at;
}

static tocsin_status report_unknown(tocsin_diagnostics *diagnostics, tocsin__place place, tocsin_bytes name,
                                    const tocsin__csv_column *columns, size_t column_count) {
    const char *names[MOST_COLUMNS];
    char shown[TOCSIN__PREVIEW_SIZE];
    for (size_t i = 0; i < column_count; i++) names[i] = columns[i].name;
    size_t near = tocsin__suggest(name.data, name.length, names, column_count);
    if (near == column_count) {
        return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "unknown-column", place, "unknown column \"%s\"",
                                tocsin__preview(shown, name));
    }
    return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "unknown-column", place,
                            "unknown column \"%s\"; did you mean \"%s\"?", tocsin__preview(shown, name), names[near]);
}

/* Whether one field begins with the name of a column and a tab or a semicolon: then these separate the fields. */
static int is_parted_by(tocsin_bytes first, char sign, const tocsin__csv_column *columns, size_t column_count) {
    const char *at = first.length ? memchr(first.data, sign, first.length) : NULL;
    if (!at) return 0;
    const tocsin_bytes name = tocsin__trim((tocsin_bytes){first.data, (size_t)(at - first.data)});
    return find_column(name, columns, column_count) < column_count;
}

static tocsin_status report_missing(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *first,
                                    const tocsin__csv_column *columns, size_t column_count, const size_t *positions,
                                    int any, size_t *errors) {
    tocsin_status status = TOCSIN_OK;
    const int tabs = !any && is_parted_by(first->value, '\t', columns, column_count);
    if (tabs || (!any && is_parted_by(first->value, ';', columns, column_count))) {
        ++*errors;
        return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "missing-header", tocsin__csv_place(first, file, 0),
                                tabs ? "the columns are separated by tabs: save the list with commas"
                                     : "the columns are separated by semicolons: save the list with commas");
    }
    for (size_t i = 0; i < column_count && !status; i++) {
        if (!columns[i].required || positions[i] != TOCSIN__CSV_ABSENT) continue;
        ++*errors;
        status = tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, any ? "missing-column" : "missing-header",
                                  tocsin__csv_place(first, file, 0),
                                  any ? "there is no column \"%s\""
                                      : "the first row must name the columns, one of them \"%s\"",
                                  columns[i].name);
    }
    return status;
}

tocsin_status tocsin__csv_header(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                 size_t count, const tocsin__csv_column *columns, size_t column_count,
                                 size_t *positions, size_t *errors) {
    tocsin_status status = TOCSIN_OK;
    int any = 0;
    for (size_t i = 0; i < column_count; i++) positions[i] = TOCSIN__CSV_ABSENT;
    for (size_t i = 0; i < count; i++) {
        any |= find_column(tocsin__trim(fields[i].value), columns, column_count) < column_count;
    }
    for (size_t i = 0; i < count && any && !status; i++) {
        tocsin_bytes name = tocsin__trim(fields[i].value);
        size_t column = find_column(name, columns, column_count);
        if (!name.length) continue;
        if (column < column_count && positions[column] == TOCSIN__CSV_ABSENT) {
            positions[column] = i;
            continue;
        }
        tocsin__place place = tocsin__csv_place(&fields[i], file, (size_t)(name.data - fields[i].value.data));
        ++*errors;
        status = column == column_count ? report_unknown(diagnostics, place, name, columns, column_count)
                                        : tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "duplicate-column",
                                                           place, "a second column \"%s\"", columns[column].name);
    }
    if (status) return status;
    return report_missing(diagnostics, file, fields, columns, column_count, positions, any, errors);
}

tocsin_status tocsin__csv_row_faults(tocsin_diagnostics *diagnostics, const char *file, const tocsin__csv_field *fields,
                                     size_t count, size_t columns, size_t *errors) {
    for (size_t i = 0; i < count; i++) {
        const tocsin__csv_field *field = &fields[i];
        tocsin__place place = tocsin__csv_place(field, file, field->fault_offset);
        tocsin_status status = TOCSIN_OK;
        if (field->fault == TOCSIN__CSV_UNCLOSED) {
            ++*errors;
            status = tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "unclosed-quote", place,
                                      "this quote is not closed before the end of the file");
        } else if (field->fault == TOCSIN__CSV_STRAY) {
            ++*errors;
            status = tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "stray-quote", place,
                                      "a quote inside a quoted field; write it twice");
        }
        if (status) return status;
    }
    size_t extra = columns;
    while (extra < count && !fields[extra].value.length) extra++;
    if (extra >= count) return TOCSIN_OK;
    ++*errors;
    return tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_ERROR, "too-many-fields",
                            tocsin__csv_place(&fields[extra], file, 0), "the row has %zu fields, the header %zu", count,
                            columns);
}
