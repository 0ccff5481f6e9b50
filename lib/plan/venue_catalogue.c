/*
 * Compiles the catalogue of venues: every pattern is checked, normalised for comparison, and entered into the hash
 * table of its kind. venue_lookup.c uses the tables.
 */
#include "plan/venue_catalogue.h"

#include <string.h>

#include "base/suggest.h"
#include "base/utf8.h"
#include "lexicon/csv_header.h"
#include "lexicon/csv_reader.h"
#include "lexicon/list_text.h"
#include "lexicon/source_text.h"
#include "plan/plan_text.h"
#include "text/icu_properties.h"

enum {
    COLUMN_PATTERN,
    COLUMN_CLASS,
    COLUMN_NOTE,
    COLUMNS
};

static const tocsin__csv_column columns[COLUMNS] = {{"pattern", 1}, {"class", 1}, {"note", 0}};

typedef struct venue_reader {
    tocsin__venue_catalogue *catalogue;
    tocsin_diagnostics *diagnostics;
    const char *file;
    size_t positions[COLUMNS];
    size_t width; /* fields of the header, 0 before it was read */
    size_t rows;  /* after the header */
} venue_reader;

tocsin_status tocsin__venue_catalogue_create(const tocsin_allocator *allocator, tocsin__venue_catalogue **catalogue) {
    tocsin__venue_catalogue *made = tocsin__allocate_zeroed(allocator, sizeof *made);
    if (!made) return TOCSIN_ERROR_MEMORY;
    atomic_init(&made->owners, 1);
    tocsin__arena_init(&made->arena, allocator);
    tocsin__map_init(&made->hosts, allocator);
    tocsin__map_init(&made->channels, allocator);
    tocsin__map_init(&made->families, allocator);
    *catalogue = made;
    return TOCSIN_OK;
}

tocsin__venue_catalogue *tocsin__venue_catalogue_retain(tocsin__venue_catalogue *catalogue) {
    atomic_fetch_add_explicit(&catalogue->owners, 1, memory_order_relaxed);
    return catalogue;
}

void tocsin__venue_catalogue_release(tocsin__venue_catalogue *catalogue) {
    if (!catalogue || atomic_fetch_sub_explicit(&catalogue->owners, 1, memory_order_acq_rel) != 1) return;
    tocsin_allocator allocator = catalogue->arena.allocator;
    tocsin__vec_release(&catalogue->entries, &allocator);
    tocsin__map_release(&catalogue->hosts);
    tocsin__map_release(&catalogue->channels);
    tocsin__map_release(&catalogue->families);
    tocsin__arena_release(&catalogue->arena);
    tocsin__deallocate(&allocator, catalogue, sizeof *catalogue);
}

static tocsin_status report(venue_reader *r, const char *code, tocsin__place place, const char *shown,
                            const char *what) {
    r->catalogue->errors++;
    return tocsin__diagnose(r->diagnostics, TOCSIN_SEVERITY_ERROR, code, place, "pattern \"%s\": %s", shown, what);
}

/* Returns the problem of a pattern, or NULL; *at is the place. */
static const char *wrong_characters(tocsin_bytes pattern, size_t *at) {
    for (size_t i = 0, next = 0; i < pattern.length; i = next) {
        uint32_t c = tocsin__utf8_next(pattern.data, pattern.length, i, &next);
        *at = i;
        if (tocsin__is_white_space(c)) return "a pattern has no white space";
        if (c < 0x20 || (c >= 0x7F && c < 0xA0)) return "a pattern has no control characters";
        if (c == '*' && !(next == pattern.length && i > 1 && pattern.data[i - 1] == '/')) {
            return i == 0 ? "write the host alone; it also covers every host below it"
                          : "* is allowed at the end, after a /, and nowhere else";
        }
    }
    *at = 0;
    return NULL;
}

static const char *wrong_host(tocsin_bytes host, size_t *at) {
    for (size_t i = 0; i < host.length; i++) {
        *at = i;
        if (host.data[i] == ':') return "write the host without a port";
        if (strchr("@?#\\[]", host.data[i])) return "this is not a host name";
        if (host.data[i] != '.' || (i > 0 && host.data[i - 1] != '.')) continue;
        return i ? "two dots follow each other" : "write the host without the dot; it also covers every host below it";
    }
    return NULL;
}

static const char *wrong_pattern(tocsin_bytes pattern, size_t *at) {
    const char *slash = memchr(pattern.data, '/', pattern.length);
    const char *dot = memchr(pattern.data, '.', pattern.length);
    *at = 0;
    if (pattern.length > TOCSIN__VENUE_PATTERN_MAX) return "it has more than 512 bytes";
    if (tocsin__text_contains(pattern, (tocsin_bytes){"://", 3})) return "write the host without the scheme";
    const char *wrong = wrong_characters(pattern, at);
    if (wrong) return wrong;
    if (slash == pattern.data) return "it starts with a /";
    if (!slash && dot) return wrong_host(pattern, at);
    *at = pattern.length - 1;
    return slash && pattern.data[*at] == '/' ? "it ends in a /; write it without, or with a * after it" : NULL;
}

static size_t count_labels(tocsin_bytes host) {
    size_t labels = 1;
    for (size_t i = 0; i < host.length; i++) labels += host.data[i] == '.';
    return labels;
}

static tocsin__map *map_of(tocsin__venue_catalogue *catalogue, tocsin_bytes *key) {
    if (key->data[key->length - 1] == '*') {
        key->length--;
        if (key->length > catalogue->longest_family) catalogue->longest_family = key->length;
        return &catalogue->families;
    }
    if (memchr(key->data, '/', key->length) || !memchr(key->data, '.', key->length)) return &catalogue->channels;
    size_t labels = count_labels(*key);
    if (labels > catalogue->most_labels) catalogue->most_labels = labels;
    return &catalogue->hosts;
}

static tocsin_status report_repeated(venue_reader *r, const tocsin__venue_entry *made, const char *shown,
                                     const tocsin__venue_entry *first) {
    int same = first->venue == made->venue;
    r->catalogue->errors += !same;
    return tocsin__diagnose(r->diagnostics, same ? TOCSIN_SEVERITY_WARNING : TOCSIN_SEVERITY_ERROR,
                            same ? "duplicate-venue" : "conflicting-venue", made->place,
                            "pattern \"%s\" is already in %s, line %u, as %s", shown, first->place.file,
                            first->place.line, tocsin_venue_name(first->venue));
}

static tocsin_status enter(venue_reader *r, tocsin_bytes pattern, tocsin__venue_entry made) {
    tocsin__venue_catalogue *catalogue = r->catalogue;
    tocsin__shown shown = tocsin__show(pattern.data, pattern.length);
    if (catalogue->entries.length >= TOCSIN__VENUES_MAX) {
        return report(r, "too-many-venues", made.place, shown.text, "the catalogue is full");
    }
    char *key = tocsin__arena_copy(&catalogue->arena, pattern.data, pattern.length);
    if (!key) return TOCSIN_ERROR_MEMORY;
    for (size_t i = 0; i < pattern.length; i++) {
        if (key[i] >= 'A' && key[i] <= 'Z') key[i] = (char)(key[i] + ('a' - 'A'));
    }
    made.pattern = (tocsin_bytes){key, pattern.length};
    tocsin__map *map = map_of(catalogue, &made.pattern);
    uint32_t value = (uint32_t)catalogue->entries.length << 3 | (uint32_t)made.venue;
    size_t before = map->count;
    tocsin_status status = tocsin__vec_push(&catalogue->entries, &catalogue->arena.allocator, made);
    if (!status) status = tocsin__map_add(map, made.pattern.data, made.pattern.length, &value);
    if (status || map->count > before) return status;
    catalogue->entries.length--;
    return report_repeated(r, &made, shown.text, &catalogue->entries.data[value >> 3]);
}

static const tocsin__csv_field *field_of(const venue_reader *r, const tocsin__csv_field *fields, size_t count,
                                         int column, tocsin_bytes *value, tocsin__place *place) {
    size_t position = r->positions[column];
    const tocsin__csv_field *field = position < count ? &fields[position] : &fields[count - 1];
    *value = position < count ? tocsin__trim(field->value) : (tocsin_bytes){"", 0};
    *place = tocsin__csv_place(field, r->file, value->length ? (size_t)(value->data - field->value.data) : 0);
    return field;
}

/* The class of a row; if it has none, reports the mistake and returns TOCSIN_VENUE_UNKNOWN. */
static tocsin_status read_class(venue_reader *r, const tocsin__csv_field *fields, size_t count, tocsin_venue *venue) {
    const char *names[TOCSIN_VENUE_COUNT - 1];
    tocsin_bytes value;
    tocsin__place place;
    (void)field_of(r, fields, count, COLUMN_CLASS, &value, &place);
    *venue = TOCSIN_VENUE_UNKNOWN;
    for (int i = 1; i < TOCSIN_VENUE_COUNT; i++) {
        names[i - 1] = tocsin_venue_name((tocsin_venue)i);
        if (tocsin__text_is(value.data, value.length, names[i - 1])) *venue = (tocsin_venue)i;
    }
    if (*venue != TOCSIN_VENUE_UNKNOWN) return TOCSIN_OK;
    r->catalogue->errors++;
    if (!value.length) {
        return tocsin__diagnose(r->diagnostics, TOCSIN_SEVERITY_ERROR, "missing-class", place, "the row has no class");
    }
    size_t near = tocsin__suggest(value.data, value.length, names, TOCSIN_VENUE_COUNT - 1);
    tocsin__shown shown = tocsin__show(value.data, value.length);
    if (near < TOCSIN_VENUE_COUNT - 1) {
        return tocsin__diagnose(r->diagnostics, TOCSIN_SEVERITY_ERROR, "unknown-class", place,
                                "unknown class \"%s\"; did you mean \"%s\"?", shown.text, names[near]);
    }
    return tocsin__diagnose(r->diagnostics, TOCSIN_SEVERITY_ERROR, "unknown-class", place,
                            "unknown class \"%s\"; there is %s, %s, %s, %s, %s, %s, %s", shown.text, names[0], names[1],
                            names[2], names[3], names[4], names[5], names[6]);
}

static tocsin_status read_row(venue_reader *r, const tocsin__csv_field *fields, size_t count) {
    tocsin_bytes pattern;
    tocsin__venue_entry made = {{0}, {0}, TOCSIN_VENUE_UNKNOWN};
    size_t errors = r->catalogue->errors, at = 0;
    tocsin_status status =
        tocsin__csv_row_faults(r->diagnostics, r->file, fields, count, r->width, &r->catalogue->errors);
    if (status || r->catalogue->errors > errors) return status;
    const tocsin__csv_field *field = field_of(r, fields, count, COLUMN_PATTERN, &pattern, &made.place);
    if (pattern.length && pattern.data[pattern.length - 1] == '.') pattern.length--;
    if (!pattern.length) {
        status = report(r, "bad-pattern", made.place, "", "it is empty");
    } else {
        const char *wrong = wrong_pattern(pattern, &at);
        if (wrong) {
            tocsin__place place = tocsin__csv_place(field, r->file, (size_t)(pattern.data - field->value.data) + at);
            status = report(r, "bad-pattern", place, tocsin__show(pattern.data, pattern.length).text, wrong);
        }
    }
    if (!status) status = read_class(r, fields, count, &made.venue);
    if (status || r->catalogue->errors > errors) return status;
    return enter(r, pattern, made);
}

static tocsin_status on_row(void *context, const tocsin__csv_field *fields, size_t count) {
    venue_reader *r = context;
    if (r->width) {
        r->rows++;
        int readable =
            r->positions[COLUMN_PATTERN] != TOCSIN__CSV_ABSENT && r->positions[COLUMN_CLASS] != TOCSIN__CSV_ABSENT;
        return readable ? read_row(r, fields, count) : TOCSIN_OK;
    }
    r->width = count;
    return tocsin__csv_header(r->diagnostics, r->file, fields, count, columns, COLUMNS, r->positions,
                              &r->catalogue->errors);
}

tocsin_status tocsin__venue_catalogue_add(tocsin__venue_catalogue *catalogue, const char *file, tocsin_bytes bytes,
                                          tocsin_diagnostics *diagnostics) {
    const tocsin_allocator *allocator = &catalogue->arena.allocator;
    venue_reader r = {.catalogue = catalogue, .diagnostics = diagnostics};
    tocsin_buffer storage;
    tocsin_bytes text = {"", 0};
    r.file = tocsin__arena_copy(&catalogue->arena, file, strlen(file));
    if (!r.file) return TOCSIN_ERROR_MEMORY;
    tocsin_buffer_init(&storage, allocator);
    tocsin_status status = tocsin__source_text(diagnostics, r.file, bytes, &storage, &text);
    if (status == TOCSIN_ERROR_UNSUPPORTED) {
        catalogue->errors++;
        status = TOCSIN_OK;
    } else if (!status) {
        status = tocsin__csv_read(text, allocator, on_row, &r);
        if (!status && !r.rows) {
            status = tocsin__diagnose(diagnostics, TOCSIN_SEVERITY_WARNING, "empty-list", (tocsin__place){r.file, 1, 1},
                                      "the catalogue has no rows");
        }
    }
    tocsin_buffer_release(&storage);
    return status;
}
