/*
 * Reads labels. A label is a person's word: one that is unclear, or that contradicts another, is reported and never
 * guessed. Everything is sorted by id, so that the order of the files changes nothing.
 */
#include "learn/labelled.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed/csv_table.h"
#include "feed/line_reader.h"
#include "feed/ndjson.h"
#include "feed/nearest_name.h"
#include "feed/sheet_cell.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/feed_faults.h"
#include "program/message.h"
#include "program/plan_argument.h"

#define MOST_TIERS 62
#define MOST_TOLD 20 /* problems of one kind; further ones are only counted */
#define MOST_COLUMNS 64

typedef struct label_cells {
    tocsin_bytes tier, clauses, accept;
} label_cells;

typedef struct loading {
    labelled_set *set;
    const labelled_options *options;
    const char *file;
    document_reader *reader;
    ndjson_parser *parser;
    csv_cells cells;
    uint64_t header_id;        /* of the sheet whose columns are found */
    int columns[MOST_COLUMNS]; /* of a table: the meaning of each column, an index into its names, or -1 */
    size_t column_count;
    int has_header, unusable;
    feed_faults faults; /* the first fault of each kind was reported */
} loading;

static int same(tocsin_bytes text, const char *word) {
    return text.length == strlen(word) && !memcmp(text.data, word, text.length);
}

static int same_id(tocsin_bytes a, tocsin_bytes b) {
    return a.length == b.length && (!a.length || !memcmp(a.data, b.data, a.length));
}

static int compare_ids(tocsin_bytes a, tocsin_bytes b) {
    const size_t shorter = a.length < b.length ? a.length : b.length;
    const int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
    return order ? order : (a.length > b.length) - (a.length < b.length);
}

__attribute__((format(printf, 3, 4))) static int problem(loading *l, uint64_t line, const char *format, ...) {
    tocsin_buffer text;
    va_list arguments;
    if (++l->set->problems > MOST_TOLD) return 0;
    tocsin_buffer_init(&text, NULL);
    va_start(arguments, format);
    text_vprintf(&text, format, arguments);
    va_end(arguments);
    console_line("%s:%" PRIu64 ": %s", l->file, line, message_told(text.data));
    tocsin_buffer_release(&text);
    return 0;
}

/* The next word of a list that commas, semicolons or spaces separate; "-" alone is none. */
static int next_word(tocsin_bytes *rest, tocsin_bytes *word) {
    const char *s = rest->data;
    size_t at = 0, end;
    while (at < rest->length && strchr(",; |", s[at])) at++;
    for (end = at; end < rest->length && !strchr(",; |", s[end]); end++) {
    }
    *word = (tocsin_bytes){s ? s + at : NULL, end - at};
    *rest = (tocsin_bytes){s ? s + end : NULL, rest->length - end};
    if (end - at == 1 && s[at] == '-') return next_word(rest, word);
    return end > at;
}

static int find_tier(loading *l, uint64_t line, tocsin_bytes name, int32_t *tier) {
    const tocsin_plan_info *info = l->options->info;
    const char *names[MOST_TIERS + 1] = {"none"};
    size_t index;
    if (same(name, "none")) {
        *tier = TOCSIN_TIER_NONE;
        return 1;
    }
    if (tocsin_plan_find(info->plan, TOCSIN_PART_TIER, name.data, name.length, &index)) {
        *tier = (int32_t)index;
        return 1;
    }
    for (size_t i = 0; i < info->tier_count; i++) names[i + 1] = tocsin_plan_tier(info->plan, i)->id;
    const char *near = nearest_name(name.data, name.length, names, info->tier_count + 1);
    return problem(l, line, "\"%.*s\" is not a tier of the plan%s%s%s", (int)utf8_cut(name.data, name.length, 60),
                   name.data, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int find_clause(loading *l, uint64_t line, tocsin_bytes name, uint64_t *clauses) {
    size_t index;
    if (tocsin_plan_find(l->options->info->plan, TOCSIN_PART_CLAUSE, name.data, name.length, &index)) {
        clauses[index / 64] |= UINT64_C(1) << index % 64;
        return 1;
    }
    return problem(l, line, "\"%.*s\" is not a clause of the plan", (int)utf8_cut(name.data, name.length, 60),
                   name.data);
}

/* Reads the label of a document; 0 after a message. */
static int read_label(loading *l, uint64_t line, const label_cells *cells, int has_clauses, labelled_document *out) {
    tocsin_bytes word, rest = cells->accept;
    const size_t words = l->options->info->clause_count / 64 + 1;
    int32_t tier = TOCSIN_TIER_NONE;
    if (!find_tier(l, line, cells->tier, &out->tier)) return 0;
    out->accept = labelled_tier_bit(out->tier);
    while (next_word(&rest, &word)) {
        if (!find_tier(l, line, word, &tier)) return 0;
        out->accept |= labelled_tier_bit(tier);
    }
    out->clauses = has_clauses ? tool_allocate(words, sizeof *out->clauses) : NULL;
    for (rest = cells->clauses; has_clauses && next_word(&rest, &word);) {
        if (find_clause(l, line, word, out->clauses)) continue;
        tool_free(out->clauses);
        out->clauses = NULL;
        return 0;
    }
    out->file = l->file;
    out->line = line;
    return 1;
}

tocsin_document labelled_copy(const tocsin_document *d) {
    tocsin_document copy = *d;
    char *bytes = tool_allocate(d->id.length + d->source.length + d->title.length + d->text.length + 1, 1);
    tocsin_bytes *const fields[] = {&copy.id, &copy.source, &copy.title, &copy.text};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (fields[i]->length) memcpy(bytes, fields[i]->data, fields[i]->length);
        fields[i]->data = bytes;
        bytes += fields[i]->length;
    }
    return copy;
}

void labelled_free_copy(tocsin_document *document) { tool_free((void *)(uintptr_t)document->id.data); }

static labelled_document *append(labelled_set *set, const tocsin_document *document, labelled_document label) {
    if (set->count == set->capacity) {
        set->capacity = set->capacity ? 2 * set->capacity : 1024;
        set->items = tool_reallocate(set->items, set->capacity, sizeof *set->items);
    }
    label.document = labelled_copy(document);
    set->items[set->count] = label;
    return &set->items[set->count++];
}

static int same_label(const labelled_document *a, const labelled_document *b, size_t words) {
    if (a->tier != b->tier || a->accept != b->accept || !a->clauses != !b->clauses) return 0;
    return !a->clauses || !memcmp(a->clauses, b->clauses, words * sizeof *a->clauses);
}

static int compare_documents(const void *left, const void *right) {
    const labelled_document *a = left, *b = right;
    const int order = compare_ids(a->document.id, b->document.id);
    if (order) return order;
    const int files = strcmp(a->file, b->file);
    return files ? files : (a->line > b->line) - (a->line < b->line);
}

static void drop(labelled_document *d) {
    labelled_free_copy(&d->document);
    tool_free(d->clauses);
}

/* Sorts by id; of equal ids with the same label the first stays; different labels are a problem. */
static void sort(loading *l) {
    labelled_set *set = l->set;
    const size_t words = l->options->info->clause_count / 64 + 1;
    size_t kept = 0;
    if (set->count) qsort(set->items, set->count, sizeof *set->items, compare_documents);
    for (size_t i = 0; i < set->count; i++) {
        labelled_document *next = &set->items[i], *last = kept ? &set->items[kept - 1] : NULL;
        if (!last || !same_id(last->document.id, next->document.id)) {
            set->items[kept++] = *next;
            continue;
        }
        if (!same_label(last, next, words)) {
            l->file = next->file;
            (void)problem(l, next->line, "\"%.*s\" has another label in %s:%" PRIu64,
                          (int)utf8_cut(next->document.id.data, next->document.id.length, 60), next->document.id.data,
                          last->file, last->line);
        }
        drop(next);
    }
    set->count = kept;
}

/* ---- a table of labels by id ---- */

static const char *const table_names[] = {"id", "tier", "clauses", "accept", "venue", "source"};
enum {
    TABLE_ID,
    TABLE_TIER,
    TABLE_CLAUSES,
    TABLE_ACCEPT,
    TABLE_VENUE,
    TABLE_SOURCE,
    TABLE_COUNT
};

static size_t split(const char *text, size_t length, tocsin_bytes *cells) {
    size_t count = 0;
    for (const char *end = text + length; count < MOST_COLUMNS;) {
        const char *tab = memchr(text, '\t', (size_t)(end - text));
        cells[count++] = (tocsin_bytes){text, (size_t)((tab ? tab : end) - text)};
        if (!tab) break;
        text = tab + 1;
    }
    return count;
}

/* Finds the columns; 0 after a message. */
static int read_header(loading *l, const tocsin_bytes *row, size_t count, const char *const *names, size_t name_count,
                       size_t required) {
    uint64_t seen = 0;
    l->column_count = count < MOST_COLUMNS ? count : MOST_COLUMNS;
    l->has_header = 1;
    for (size_t i = 0; i < l->column_count; i++) {
        tocsin_bytes cell = row[i];
        if (!i && cell.length >= 3 && !memcmp(cell.data, "\xEF\xBB\xBF", 3)) cell.data += 3, cell.length -= 3;
        l->columns[i] = -1;
        for (size_t n = 0; n < name_count; n++) {
            if (!same(cell, names[n]) || (seen >> n & 1)) continue;
            l->columns[i] = (int)n;
            seen |= UINT64_C(1) << n;
        }
    }
    for (size_t n = 0; n < required; n++) {
        if (seen >> n & 1) continue;
        console_error("%s: there is no column %s", l->file, names[n]);
        l->unusable = 1;
        return 0;
    }
    return 1;
}

static int has_column(const loading *l, int name) {
    for (size_t i = 0; i < l->column_count; i++) {
        if (l->columns[i] == name) return 1;
    }
    return 0;
}

static void take_row(loading *l, uint64_t line, const tocsin_bytes *row, size_t count) {
    tocsin_bytes by_name[TABLE_COUNT] = {{NULL, 0}};
    labelled_document label = {.tier = TOCSIN_TIER_NONE};
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    for (size_t i = 0; i < count && i < l->column_count; i++) {
        if (l->columns[i] >= 0) by_name[l->columns[i]] = row[i];
    }
    const label_cells cells = {by_name[TABLE_TIER], by_name[TABLE_CLAUSES], by_name[TABLE_ACCEPT]};
    document.id = by_name[TABLE_ID];
    document.source = by_name[TABLE_SOURCE];
    if (!document.id.length) {
        (void)problem(l, line, "the label has no id");
        return;
    }
    const tocsin_bytes venue = by_name[TABLE_VENUE];
    if (venue.length && !same(venue, "-") && !tocsin_venue_from_name(venue.data, venue.length, &document.venue)) {
        (void)problem(l, line, "\"%.*s\" is not a venue", (int)utf8_cut(venue.data, venue.length, 60), venue.data);
        return;
    }
    if (read_label(l, line, &cells, has_column(l, TABLE_CLAUSES), &label)) (void)append(l->set, &document, label);
}

static int read_table(loading *l) {
    input_file *input = input_file_open(l->file, NULL);
    line_reader *lines = line_reader_create(input, FEED_MAX_LINE);
    line_batch batch = {0};
    line_status state = LINE_END;
    while (!l->unusable && (state = line_reader_fill(lines, &batch)) == LINE_READY) {
        for (size_t i = 0; i < batch.count && !l->unusable; i++) {
            tocsin_bytes row[MOST_COLUMNS];
            const size_t count = split(batch.bytes + batch.lines[i].offset, batch.lines[i].length, row);
            if (!batch.lines[i].length) continue;
            if (l->has_header) {
                take_row(l, batch.lines[i].number, row, count);
            } else {
                (void)read_header(l, row, count, table_names, TABLE_COUNT, TABLE_TIER + 1);
            }
        }
    }
    if (state == LINE_FAILED) console_error("%s: %s", l->file, message_told(input_file_problem(input)));
    line_batch_release(&batch);
    line_reader_free(lines);
    input_file_close(input);
    if (!l->unusable && state != LINE_FAILED && !l->has_header) {
        console_error("%s: there is no header line", l->file);
        l->unusable = 1;
    }
    return state == LINE_FAILED ? EXIT_IO : l->unusable ? EXIT_USAGE : EXIT_DONE;
}

/* Completes the document of a label: the label's venue and source replace the feed's. */
static void fill_in(loading *l, const tocsin_document *document) {
    labelled_set *set = l->set;
    size_t low = 0, high = set->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_ids(set->items[middle].document.id, document->id) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    labelled_document *item = low < set->count ? &set->items[low] : NULL;
    if (!item || !same_id(item->document.id, document->id)) {
        set->unlabelled++;
        return;
    }
    if (item->found) return;
    tocsin_document whole = *document;
    if (item->document.source.length) whole.source = item->document.source;
    if (item->document.venue != TOCSIN_VENUE_UNKNOWN) whole.venue = item->document.venue;
    tocsin_document old = item->document;
    item->document = labelled_copy(&whole);
    item->found = 1;
    labelled_free_copy(&old);
}

/* ---- sheets of review ---- */

static const char *const sheet_names[] = {"id",     "expect_tier", "text",           "title",        "venue",
                                          "source", "reach",       "expect_clauses", "expect_accept"};
enum {
    SHEET_ID,
    SHEET_TIER,
    SHEET_TEXT,
    SHEET_TITLE,
    SHEET_VENUE,
    SHEET_SOURCE,
    SHEET_REACH,
    SHEET_CLAUSES,
    SHEET_ACCEPT,
    SHEET_COUNT
};

static void take_sheet_row(loading *l, const tocsin_bytes *row, size_t count, uint64_t line) {
    tocsin_bytes by_name[SHEET_COUNT] = {{NULL, 0}};
    tocsin_document document = TOCSIN_DOCUMENT_INIT;
    labelled_document label = {.found = 1};
    for (size_t i = 0; i < count && i < l->column_count; i++) {
        if (l->columns[i] >= 0) by_name[l->columns[i]] = sheet_read_cell(row[i]);
    }
    if (!by_name[SHEET_TIER].length) {
        l->set->unlabelled++;
        return;
    }
    const label_cells cells = {by_name[SHEET_TIER], by_name[SHEET_CLAUSES], by_name[SHEET_ACCEPT]};
    document.id = by_name[SHEET_ID];
    document.title = by_name[SHEET_TITLE];
    document.text = by_name[SHEET_TEXT];
    document.source = by_name[SHEET_SOURCE];
    for (size_t i = 0; i < by_name[SHEET_REACH].length; i++) {
        const char digit = by_name[SHEET_REACH].data[i];
        if (digit >= '0' && digit <= '9' && document.reach < UINT64_MAX / 10 - 9) {
            document.reach = document.reach * 10 + (uint64_t)(digit - '0');
        }
    }
    const tocsin_bytes venue = by_name[SHEET_VENUE];
    if (!document.id.length) {
        (void)problem(l, line, "the row has no id");
    } else if (venue.length && !tocsin_venue_from_name(venue.data, venue.length, &document.venue)) {
        (void)problem(l, line, "\"%.*s\" is not a venue", (int)utf8_cut(venue.data, venue.length, 60), venue.data);
    } else if (read_label(l, line, &cells, has_column(l, SHEET_CLAUSES), &label)) {
        (void)append(l->set, &document, label);
    }
}

static void take_rows(loading *l, const line_batch *batch) {
    csv_cells *cells = &l->cells;
    if (l->header_id != batch->header_id) {
        l->header_id = batch->header_id;
        if (!csv_cells_read(cells, (tocsin_bytes){batch->header, batch->header_length}, batch->separator))
            tool_out_of_memory();
        if (!read_header(l, cells->cells, cells->count, sheet_names, SHEET_COUNT, SHEET_TEXT + 1)) return;
    }
    for (size_t i = 0; i < batch->count && !l->unusable; i++) {
        const batch_line *line = &batch->lines[i];
        const tocsin_bytes row = {batch->bytes + line->offset, line->length};
        if (line->open_quote) {
            console_line("%s:%" PRIu64 ": the quote in line %" PRIu64 " is not closed", l->file, line->number,
                         line->open_quote);
            l->set->rejected++;
        } else if (line->size > line->length) {
            console_line("%s:%" PRIu64 ": the row is too long", l->file, line->number);
            l->set->rejected++;
        } else if (line->length) {
            if (!csv_cells_read(cells, row, batch->separator)) tool_out_of_memory();
            take_sheet_row(l, cells->cells, cells->count, line->number);
        }
    }
}

/* ---- feeds ---- */

/* Reads "expect" of a line that is a document. */
static void take_expected(loading *l, const line_batch *batch, const batch_line *line,
                          const tocsin_document *document) {
    static const ndjson_keys keys = {{"expect.tier", "expect.clauses", "expect.accept"}, {11, 14, 13}, 3, 7};
    ndjson_value values[3];
    labelled_document label = {.found = 1};
    memset(values, 0, sizeof values);
    if (ndjson_parse(l->parser, batch->bytes + line->offset, line->length, &keys, values) != NDJSON_OK ||
        values[0].kind == NDJSON_ABSENT) {
        l->set->unlabelled++;
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (values[i].kind == NDJSON_STRING || values[i].kind == NDJSON_STRINGS) continue;
        if (i && values[i].kind == NDJSON_ABSENT) {
            values[i].text = "";
            values[i].length = 0;
            continue;
        }
        (void)problem(l, line->number, "%s is neither a string nor a list of strings", keys.names[i]);
        return;
    }
    const label_cells cells = {
        {values[0].text, values[0].length}, {values[1].text, values[1].length}, {values[2].text, values[2].length}};
    if (read_label(l, line->number, &cells, values[1].kind != NDJSON_ABSENT, &label)) {
        (void)append(l->set, document, label);
    }
}

static void take_batch(loading *l, const line_batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        tocsin_document document;
        document_status status = document_reader_line(l->reader, batch, &batch->lines[i], &document);
        do {
            switch (status) {
                case DOCUMENT_BLANK: break;
                case DOCUMENT_READY:
                    feed_faults_note(&l->faults, l->reader, l->file, batch->lines[i].number);
                    if (l->options->labels) {
                        fill_in(l, &document);
                    } else {
                        take_expected(l, batch, &batch->lines[i], &document);
                    }
                    break;
                case DOCUMENT_REJECTED:
                    console_line("%s:%" PRIu64 ": %s", l->file, batch->lines[i].number,
                                 message_told(document_reader_reason(l->reader)));
                    l->set->rejected++;
                    break;
            }
        } while (l->options->labels && (status = document_reader_next(l->reader, &document)) != DOCUMENT_BLANK);
    }
}

static int read_feed(loading *l) {
    input_file *input = input_file_open(l->file, &l->options->input);
    line_reader *lines = line_reader_create_feed(input, l->file, l->options->format, &l->options->names);
    line_batch batch = {0};
    line_status state;
    while ((state = line_reader_fill(lines, &batch)) == LINE_READY) {
        if (input_file_tells_guess(input)) console_line("%s: is not UTF-8 and is read as GB18030", l->file);
        if (batch.format == FEED_CSV && !l->options->labels) {
            take_rows(l, &batch);
        } else {
            take_batch(l, &batch);
        }
    }
    if (state == LINE_FAILED) console_error("%s: %s", l->file, message_told(input_file_problem(input)));
    line_batch_release(&batch);
    line_reader_free(lines);
    input_file_close(input);
    return state == LINE_FAILED ? EXIT_IO : l->unusable ? EXIT_USAGE : EXIT_DONE;
}

/* Reports labels without a document together. */
static void leave_out_missing(labelled_set *set, const char *file) {
    size_t kept = 0;
    for (size_t i = 0; i < set->count; i++) {
        if (set->items[i].found) {
            set->items[kept++] = set->items[i];
            continue;
        }
        if (!set->missing++) {
            const tocsin_bytes id = set->items[i].document.id;
            console_line("%s:%" PRIu64 ": no feed has a document with the id \"%.*s\"", file, set->items[i].line,
                         (int)utf8_cut(id.data, id.length, 60), id.data);
        }
        drop(&set->items[i]);
    }
    set->count = kept;
    if (set->missing > 1) console_line("%s: %zu labels have no document in the feeds", file, set->missing);
}

int labelled_read(labelled_set *set, const labelled_options *options, char **files, int count) {
    loading l = {.set = set, .options = options, .file = options->labels};
    int status = EXIT_DONE;
    memset(set, 0, sizeof *set);
    if (options->info->tier_count > MOST_TIERS) {
        console_error("labels of plans with more than %d tiers cannot be read", MOST_TIERS);
        return EXIT_USAGE;
    }
    l.reader = document_reader_create(&options->names);
    l.parser = ndjson_parser_create();
    csv_cells_init(&l.cells);
    if (!l.parser) tool_out_of_memory();
    if (options->labels) {
        status = read_table(&l);
        if (status == EXIT_DONE) sort(&l);
    }
    for (int i = 0; i < count && status == EXIT_DONE; i++) {
        l.file = files[i];
        status = read_feed(&l);
    }
    if (status == EXIT_DONE && options->labels && !options->keep_missing) leave_out_missing(set, options->labels);
    if (status == EXIT_DONE && !options->labels) sort(&l);
    if (set->problems > MOST_TOLD) console_line("… and %zu more problems of labels", set->problems - MOST_TOLD);
    ndjson_parser_free(l.parser);
    csv_cells_release(&l.cells);
    document_reader_free(l.reader);
    return status;
}

void labelled_release(labelled_set *set) {
    for (size_t i = 0; i < set->count; i++) drop(&set->items[i]);
    tool_free(set->items);
    memset(set, 0, sizeof *set);
}
