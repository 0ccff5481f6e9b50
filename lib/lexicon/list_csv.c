/*
 * Lists with columns. Every cell of a row is checked before the row is refused, so that one reading shows all its
 * problems.
 */
#include <string.h>

#include "base/suggest.h"
#include "lexicon/csv_header.h"
#include "lexicon/list_text.h"
#include "lexicon/term_draft.h"

enum {
    COLUMN_TERM,
    COLUMN_TOPIC,
    COLUMN_KIND,
    COLUMN_WEIGHT,
    COLUMN_BOUNDS,
    COLUMN_UNLESS,
    COLUMN_UNIT,
    COLUMN_NOTE,
    COLUMN_COUNT
};

_Static_assert(COLUMN_COUNT == TOCSIN__LIST_COLUMNS, "kept rows have all columns");

static const tocsin__csv_column columns[COLUMN_COUNT] = {{"term", 1},   {"topic", 0},  {"kind", 0}, {"weight", 0},
                                                         {"bounds", 0}, {"unless", 0}, {"unit", 0}, {"note", 0}};

typedef struct table {
    tocsin__list_reading *reading;
    size_t positions[COLUMN_COUNT];
    size_t width; /* fields of the header; 0 before the header is read */
    int usable;   /* the header has the column `term` */
} table;

typedef struct cell {
    const tocsin__csv_field *field; /* NULL if the row or the table has no such field */
    tocsin_bytes text;              /* trimmed */
    tocsin__place place;            /* of text */
} cell;

static cell cell_at(const table *t, const tocsin__csv_field *fields, size_t count, size_t column) {
    cell found = {NULL, {NULL, 0}, {t->reading->file, 0, 0}};
    if (t->positions[column] >= count) return found;
    found.field = &fields[t->positions[column]];
    found.text = tocsin__trim(found.field->value);
    size_t before = found.text.length ? (size_t)(found.text.data - found.field->value.data) : 0;
    found.place = tocsin__csv_place(found.field, t->reading->file, before);
    return found;
}

static tocsin_status report_value(const table *t, const cell *c, const char *code, const char *what,
                                  const char *const *names, size_t count) {
    char shown[TOCSIN__PREVIEW_SIZE];
    size_t near = tocsin__suggest(c->text.data, c->text.length, names, count);
    tocsin__preview(shown, c->text);
    if (near == count) {
        return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, code, c->place, "unknown %s \"%s\"",
                                   what, shown);
    }
    return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, code, c->place,
                               "unknown %s \"%s\"; did you mean \"%s\"?", what, shown, names[near]);
}

static tocsin_status read_topic(const table *t, const cell *c, tocsin__term_draft *draft) {
    const tocsin__list_reading *r = t->reading;
    for (uint32_t i = 0; i < r->topic_count; i++) {
        const char *id = r->topic_ids[i];
        if (strlen(id) != c->text.length || memcmp(id, c->text.data, c->text.length)) continue;
        draft->topic = i;
        return TOCSIN_OK;
    }
    return report_value(t, c, "unknown-topic", "topic", r->topic_ids, r->topic_count);
}

static tocsin_status read_kind(const table *t, const cell *c, tocsin__term_draft *draft) {
    const char *names[TOCSIN__KIND_COUNT];
    for (unsigned i = 0; i < TOCSIN__KIND_COUNT; i++) {
        names[i] = tocsin__term_kind_name((tocsin__term_kind)i);
        if (!tocsin__text_is(c->text.data, c->text.length, names[i])) continue;
        draft->kind = (tocsin__term_kind)i;
        return TOCSIN_OK;
    }
    return report_value(t, c, "bad-kind", "kind", names, TOCSIN__KIND_COUNT);
}

static tocsin_status read_bounds(const table *t, const cell *c, tocsin__term_draft *draft) {
    const char *names[TOCSIN__BOUNDS_COUNT];
    if (tocsin__term_bounds_from_name(c->text.data, c->text.length, &draft->bounds)) return TOCSIN_OK;
    for (unsigned i = 0; i < TOCSIN__BOUNDS_COUNT; i++) names[i] = tocsin__term_bounds_name((tocsin__term_bounds)i);
    return report_value(t, c, "bad-bounds", "bounds", names, TOCSIN__BOUNDS_COUNT);
}

/* Digits with at most one point, at most 15 digits: exact in a double, in every locale. */
static int parse_number(tocsin_bytes text, double most, double *number) {
    uint64_t digits = 0, scale = 1;
    size_t count = 0;
    int point = 0;
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '.' && !point) {
            point = 1;
            continue;
        }
        if (c < '0' || c > '9' || ++count > 15) return 0;
        digits = digits * 10 + (uint64_t)(c - '0');
        if (point) scale *= 10;
    }
    *number = (double)digits / (double)scale;
    return count && *number <= most;
}

static tocsin_status read_weight(const table *t, const cell *c, tocsin__term_draft *draft) {
    char shown[TOCSIN__PREVIEW_SIZE];
    double weight = 0;
    if (parse_number(c->text, TOCSIN__MAX_WEIGHT, &weight)) {
        draft->weight = weight;
        return TOCSIN_OK;
    }
    return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, "bad-weight", c->place,
                               "the weight \"%s\" is not a number from 0 to %g", tocsin__preview(shown, c->text),
                               TOCSIN__MAX_WEIGHT);
}

static tocsin_status read_unit(const table *t, const cell *c, tocsin__term_draft *draft) {
    char shown[TOCSIN__PREVIEW_SIZE];
    double unit = 0;
    if (!parse_number(c->text, TOCSIN__MAX_UNIT, &unit) || unit <= 0) {
        return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, "bad-unit", c->place,
                                   "the unit \"%s\" is not a number above 0 up to %.0f",
                                   tocsin__preview(shown, c->text), TOCSIN__MAX_UNIT);
    }
    if (draft->kind != TOCSIN__TERM_QUANTITY) {
        return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, "bad-unit", c->place,
                                   "the unit \"%s\" has no number to multiply: the kind of the row is not quantity",
                                   tocsin__preview(shown, c->text));
    }
    draft->unit = unit;
    return TOCSIN_OK;
}

/* A note is for people and may have several lines, but the interface gives it as a string. */
static tocsin_status read_note(const table *t, const tocsin__csv_field *fields, size_t count,
                               tocsin__term_draft *draft) {
    cell c = cell_at(t, fields, count, COLUMN_NOTE);
    draft->note = c.text;
    if (!c.text.length || !memchr(c.text.data, 0, c.text.length)) return TOCSIN_OK;
    return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, "control-character", c.place,
                               "a NUL (U+0000) in the note");
}

/* Whether all cells of a row are empty, as spreadsheets leave them: ,,,, */
static int is_blank(const tocsin__csv_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (fields[i].fault || tocsin__trim(fields[i].value).length) return 0;
    }
    return 1;
}

static tocsin_status read_cells(const table *t, const tocsin__csv_field *fields, size_t count,
                                tocsin__term_draft *draft) {
    static tocsin_status (*const readers[COLUMN_COUNT])(const table *, const cell *,
                                                        tocsin__term_draft *) = {[COLUMN_KIND] = read_kind,
                                                                                 [COLUMN_WEIGHT] = read_weight,
                                                                                 [COLUMN_BOUNDS] = read_bounds,
                                                                                 [COLUMN_UNIT] = read_unit};
    tocsin_status status = TOCSIN_OK;
    cell topic = cell_at(t, fields, count, COLUMN_TOPIC);
    if (topic.text.length) status = read_topic(t, &topic, draft);
    draft->bounds = t->reading->topics[draft->topic].bounds;
    for (size_t i = 0; i < COLUMN_COUNT && !status; i++) {
        cell c = cell_at(t, fields, count, i);
        if (readers[i] && c.text.length) status = readers[i](t, &c, draft);
    }
    cell term = cell_at(t, fields, count, COLUMN_TERM), unless = cell_at(t, fields, count, COLUMN_UNLESS);
    draft->text = term.text;
    draft->field = term.field;
    draft->place = term.place;
    draft->unless = unless.text.length ? unless.field : NULL;
    if (!status) status = read_note(t, fields, count, draft);
    if (status || term.text.length) return status;
    if (!term.field) draft->place = tocsin__csv_place(&fields[0], t->reading->file, 0);
    return tocsin__list_report(t->reading->reports, TOCSIN_SEVERITY_ERROR, "empty-term", draft->place,
                               "the row has no term");
}

/* Copies a row that names no topic, for the next topic that names the list. */
static tocsin_status keep_row(const table *t, const tocsin__csv_field *fields, size_t count) {
    tocsin__list_rows *keep = t->reading->keep;
    tocsin__csv_field *copy = tocsin__arena_allocate(&keep->arena, count * sizeof *copy);
    if (!copy) return TOCSIN_ERROR_MEMORY;
    memcpy(keep->positions, t->positions, sizeof keep->positions);
    keep->width = t->width;
    for (size_t i = 0; i < count; i++) {
        copy[i] = fields[i];
        copy[i].value.data = tocsin__arena_copy(&keep->arena, fields[i].value.data, fields[i].value.length);
        copy[i].raw.data = tocsin__arena_copy(&keep->arena, fields[i].raw.data, fields[i].raw.length);
        if (!copy[i].value.data || !copy[i].raw.data) return TOCSIN_ERROR_MEMORY;
    }
    return tocsin__vec_push(&keep->rows, t->reading->allocator, (tocsin__list_row){copy, count});
}

static tocsin_status read_row(void *context, const tocsin__csv_field *fields, size_t count) {
    table *t = context;
    tocsin__list_reports *reports = t->reading->reports;
    size_t faults = 0, mistakes = reports->mistakes;
    tocsin__term_draft draft = {.topic = t->reading->topic, .kind = TOCSIN__TERM_LITERAL, .weight = 1.0, .unit = 1.0};
    tocsin_diagnostics *diagnostics = reports->again ? NULL : reports->diagnostics;
    if (!t->width) {
        t->width = count;
        tocsin_status status = tocsin__csv_header(diagnostics, t->reading->file, fields, count, columns, COLUMN_COUNT,
                                                  t->positions, &faults);
        t->usable = t->positions[COLUMN_TERM] != TOCSIN__CSV_ABSENT;
        reports->errors += reports->again ? 0 : faults;
        return status;
    }
    if (!t->usable || is_blank(fields, count)) return TOCSIN_OK;
    t->reading->rows++;
    const int names_topic = cell_at(t, fields, count, COLUMN_TOPIC).text.length > 0;
    t->reading->topicless_rows += !names_topic;
    if (reports->again && names_topic) return TOCSIN_OK;
    tocsin_status status = t->reading->keep ? keep_row(t, fields, count) : TOCSIN_OK;
    if (status) return status;
    status = tocsin__csv_row_faults(diagnostics, t->reading->file, fields, count, t->width, &faults);
    if (!status && !faults) status = read_cells(t, fields, count, &draft);
    reports->errors += reports->again ? 0 : faults;
    if (status || faults || reports->mistakes != mistakes) return status;
    return t->reading->take(t->reading->sink, &draft);
}

tocsin_status tocsin__list_read_csv(tocsin__list_reading *reading, tocsin_bytes text) {
    table t = {.reading = reading};
    return tocsin__csv_read(text, reading->allocator, read_row, &t);
}

tocsin_status tocsin__list_read_known(tocsin__list_reading *reading, tocsin_bytes text) {
    const tocsin__lexicon_rows *known = reading->known;
    const size_t first = known->count ? known->rows[0].at : text.length;
    table t = {.reading = reading};
    tocsin_status status = TOCSIN_OK;
    for (size_t i = 0; i < known->count && !status; i++) {
        const tocsin__lexicon_row *row = &known->rows[i];
        int taken = 0;
        if (row->term != TOCSIN__LEXICON_NEW) {
            const tocsin__place place = {reading->file, row->line, 1};
            status = reading->take_known(reading->sink, row->term, reading->topic, place, &taken);
        }
        if (taken) {
            reading->rows++;
            reading->topicless_rows++;
        }
        if (status || taken) continue;
        if (!t.width) status = tocsin__csv_read((tocsin_bytes){text.data, first}, reading->allocator, read_row, &t);
        if (status) break;
        const size_t end = i + 1 < known->count ? known->rows[i + 1].at : text.length;
        const tocsin_bytes spelt = {text.data + row->at, end - row->at};
        status = tocsin__csv_read_from(row->line, spelt, reading->allocator, read_row, &t);
    }
    return status;
}

tocsin_status tocsin__list_take_rows(tocsin__list_reading *reading, const tocsin__list_rows *rows) {
    table t = {.reading = reading, .width = rows->width, .usable = 1};
    tocsin_status status = TOCSIN_OK;
    memcpy(t.positions, rows->positions, sizeof t.positions);
    for (size_t i = 0; i < rows->rows.length && !status; i++) {
        status = read_row(&t, rows->rows.data[i].fields, rows->rows.data[i].count);
    }
    return status;
}
