/*
 * tocsin import: lists of words as other programs keep them, to a list of terms. What would not be a term is said with
 * its line, and what is one already in another spelling is counted, so that nothing that was in the file vanishes
 * unseen.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "feed/csv_table.h"
#include "feed/input_file.h"
#include "feed/text_decoder.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"

#define MAX_LIST ((size_t)256 << 20) /* bytes, as the library reads a list */

static const char help[] =
    "usage: tocsin import [OPTION…] FILE…\n"
    "\n"
    "Prints lists of words as one list of terms (CSV: term,topic,kind,weight,bounds,unless,note), which a plan can "
    "name:\n"
    "a word a line, a word and a tag with a tab between them, or the CSV of a spreadsheet. Tags become notes. Words\n"
    "that fold to the same are taken once. FILE is UTF-8, or GB18030 where it is no UTF-8; plain or zstd.\n"
    "\n"
    "      --topic NAME      the topic of the terms; default: that of the topic which names the list\n"
    "      --format NAME     lines, tagged or csv; default by the file's name (.csv) or a tab in its first line\n"
    "      --column NAME     of a CSV, the column of the words: its head, or its number from 1; default: term, word,\n"
    "                        关键词, 敏感词, 词语 or 词, else the first\n"
    "      --encoding NAME   of the files\n"
    "  -o, --output FILE     written as FILE.partial, renamed when complete\n"
    "  -q, --quiet           no summary\n"
    "\n"
    "Exit status: 0 done; 1 done, but words were rejected; 2 wrong usage; 3 an input or output failed.\n"
    "\n"
    "  tocsin import --topic gossip words.txt more.txt -o gossip.csv\n"
    "  tocsin import --column 敏感词 --encoding GB18030 export.csv > terms.csv\n";

enum {
    IMPORT_TOPIC,
    IMPORT_FORMAT,
    IMPORT_COLUMN,
    IMPORT_ENCODING,
    IMPORT_OUTPUT,
    IMPORT_QUIET
};

static const option_spec specs[] = {{"topic", 0, 1},    {"format", 0, 1},   {"column", 0, 1},
                                    {"encoding", 0, 1}, {"output", 'o', 1}, {"quiet", 'q', 0}};

typedef enum list_format {
    LIST_AUTO,
    LIST_LINES,
    LIST_TAGGED,
    LIST_CSV
} list_format;

/* A word that was taken; all are kept until the end, to see which fold to the same. */
typedef struct word {
    char *folded;
    size_t length;
    uint64_t number; /* in the order in which they were read */
    char *row;       /* as it will be printed */
    char *cell;      /* the term alone, as a cell */
    const char *path;
    uint64_t line;
    uint32_t indent; /* characters before it in its line or cell */
} word;

typedef struct import_run {
    const char *topic, *column, *output;
    list_format format;
    input_options input;
    int quiet;
    char **files;
    int file_count;

    tocsin_folder *folder;
    const char *path; /* that is read now */
    size_t word_column;
    int has_head;
    word *words;
    size_t count, capacity;
    uint64_t rejected;
} import_run;

static void reject(import_run *run, uint64_t line, const char *why) {
    console_line("%s:%" PRIu64 ": %s", run->path, line, why);
    run->rejected++;
}

static tocsin_bytes trimmed(tocsin_bytes text) {
    while (text.length && strchr(" \t\r\n", text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length && strchr(" \t\r\n", text.data[text.length - 1])) text.length--;
    return text;
}

/* Why it is no term, or NULL; *folded is borrowed from the folder then. */
static const char *fault_of(import_run *run, tocsin_bytes term, tocsin_bytes *folded) {
    if (utf8_valid_prefix(term.data, term.length) < term.length) return "the word is malformed";
    for (size_t i = 0; i < term.length; i++) {
        if ((unsigned char)term.data[i] < 0x20 || term.data[i] == 0x7F) return "the word has a control character";
    }
    tocsin_status status = tocsin_fold(run->folder, term.data, term.length, folded);
    if (status == TOCSIN_ERROR_MEMORY) tool_out_of_memory();
    if (status != TOCSIN_OK) return tocsin_status_string(status);
    if (!folded->length) return "nothing is left of the word when it is folded";
    return folded->length > TOCSIN_MAX_TERM_LENGTH ? "the word is longer than a term may be" : NULL;
}

static char *row_of(const import_run *run, tocsin_bytes term, tocsin_bytes note) {
    tocsin_buffer row;
    tocsin_buffer_init(&row, NULL);
    csv_append_cell(&row, term);
    text_puts(&row, ",");
    if (run->topic) csv_append_cell(&row, (tocsin_bytes){run->topic, strlen(run->topic)});
    text_puts(&row, ",,,,,");
    csv_append_cell(&row, note);
    text_puts(&row, "\n");
    char *copy = tool_copy(row.data);
    tocsin_buffer_release(&row);
    return copy;
}

static char *cell_of(tocsin_bytes term) {
    tocsin_buffer cell;
    tocsin_buffer_init(&cell, NULL);
    csv_append_cell(&cell, term);
    text_puts(&cell, "\n");
    char *copy = tool_copy(cell.data);
    tocsin_buffer_release(&cell);
    return copy;
}

static void free_word(word *w) {
    tool_free(w->folded);
    tool_free(w->row);
    tool_free(w->cell);
}

static void take(import_run *run, tocsin_bytes term, tocsin_bytes note, uint64_t line) {
    tocsin_bytes folded = {NULL, 0};
    const char *start = term.data;
    term = trimmed(term);
    note = trimmed(note);
    const uint32_t indent = (uint32_t)(term.data - start); /* blanks and tabs */
    if (!term.length) return;
    const char *fault = fault_of(run, term, &folded);
    if (!fault && utf8_valid_prefix(note.data, note.length) < note.length) fault = "the tag is malformed";
    if (fault) {
        reject(run, line, fault);
        return;
    }
    if (run->count == run->capacity) {
        run->capacity = run->capacity ? 2 * run->capacity : 1024;
        run->words = tool_reallocate(run->words, run->capacity, sizeof *run->words);
    }
    word *w = &run->words[run->count];
    *w = (word){.folded = tool_allocate(folded.length + 1, 1),
                .length = folded.length,
                .number = run->count,
                .row = row_of(run, term, note),
                .cell = cell_of(term),
                .path = run->path,
                .line = line,
                .indent = indent};
    memcpy(w->folded, folded.data, folded.length);
    run->count++;
}

static int is_head(tocsin_bytes cell) {
    static const char *const heads[] = {"term", "word", "关键词", "敏感词", "词语", "词"};
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        if (cell.length == strlen(heads[i]) && !memcmp(cell.data, heads[i], cell.length)) return 1;
    }
    return 0;
}

/* The first row says which column has the words, by its head or by none. */
static void find_column(import_run *run, const tocsin_bytes *cells, size_t count, uint64_t line) {
    char *end = NULL;
    unsigned long number = run->column ? strtoul(run->column, &end, 10) : 0;
    for (size_t i = 0; i < count; i++) {
        tocsin_bytes cell = trimmed(cells[i]);
        int wanted = run->column ? cell.length == strlen(run->column) && !memcmp(cell.data, run->column, cell.length)
                                 : is_head(cell);
        if (!wanted) continue;
        run->word_column = i;
        run->has_head = 1;
        return;
    }
    run->has_head = 0;
    run->word_column = number && !*end ? number - 1 : 0;
    if (run->column && !(number && !*end)) {
        reject(run, line, "the first row has no cell of the name that --column gives; its first column is taken");
    }
}

static void take_row(void *context, const tocsin_bytes *cells, size_t count, uint64_t line) {
    import_run *run = context;
    if (run->word_column == SIZE_MAX) {
        find_column(run, cells, count, line);
        if (run->has_head) return;
    }
    if (run->word_column < count) take(run, cells[run->word_column], (tocsin_bytes){"", 0}, line);
}

/* #话题#: words in the signs of a tag, and no comment. */
static int is_tag(tocsin_bytes line) {
    return line.length > 2 && line.data[line.length - 1] == '#' && !strchr(" \t#", line.data[1]) &&
           !memchr(line.data + 1, '#', line.length - 2);
}

static void take_lines(import_run *run, tocsin_bytes text, int tagged) {
    uint64_t line = 0;
    for (size_t at = 0; at < text.length;) {
        const char *start = text.data + at, *end = memchr(start, '\n', text.length - at);
        tocsin_bytes whole = {start, end ? (size_t)(end - start) : text.length - at}, note = {"", 0};
        const char *tab = tagged ? memchr(whole.data, '\t', whole.length) : NULL;
        at += whole.length + 1;
        line++;
        if (whole.length && whole.data[0] == '#' && !is_tag(trimmed(whole))) continue;
        if (tab) {
            note = (tocsin_bytes){tab + 1, whole.length - (size_t)(tab + 1 - start)};
            whole.length = (size_t)(tab - start);
        }
        take(run, whole, note, line);
    }
}

/* The whole file as UTF-8; 0 after a message. */
static int read_list(import_run *run, const char *path, tocsin_buffer *text) {
    input_options options = run->input;
    for (;;) {
        static char chunk[65536];
        input_file *input = input_file_open(path, &options);
        long n;
        text->length = 0;
        while ((n = input_file_read(input, chunk, sizeof chunk)) > 0 && text->length <= MAX_LIST) {
            text_append(text, chunk, (size_t)n);
        }
        if (n) console_error("%s: %s", path, n < 0 ? input_file_problem(input) : "the list has more than 256 MiB");
        input_file_close(input);
        if (n) return 0;
        int utf8 = utf8_valid_prefix(text->data ? text->data : "", text->length) == text->length;
        if (utf8 || options.encoding || !strcmp(path, "-")) return 1;
        console_line("%s: is no UTF-8 and is read as GB18030", path);
        options.encoding = "GB18030";
    }
}

static list_format format_of(const import_run *run, const char *path, tocsin_bytes text) {
    size_t length = strlen(path);
    if (run->format != LIST_AUTO) return run->format;
    if (length > 4 && !strcmp(path + length - 4, ".csv")) return LIST_CSV;
    const char *end = text.length ? memchr(text.data, '\n', text.length) : NULL;
    size_t first = end ? (size_t)(end - text.data) : text.length;
    return first && memchr(text.data, '\t', first) ? LIST_TAGGED : LIST_LINES;
}

static int import_file(import_run *run, const char *path) {
    tocsin_buffer bytes;
    int ok = 1;
    tocsin_buffer_init(&bytes, NULL);
    run->path = path;
    run->word_column = SIZE_MAX;
    if (!read_list(run, path, &bytes)) {
        tocsin_buffer_release(&bytes);
        return 0;
    }
    tocsin_bytes text = {bytes.data ? bytes.data : "", bytes.length};
    if (text.length >= 3 && !memcmp(text.data, "\xEF\xBB\xBF", 3))
        text = (tocsin_bytes){text.data + 3, text.length - 3};
    switch (format_of(run, path, text)) {
        case LIST_CSV:
            ok = csv_table_read(text, take_row, run);
            if (!ok) console_error("%s: cannot be read as CSV", path);
            break;
        case LIST_TAGGED: take_lines(run, text, 1); break;
        default: take_lines(run, text, 0); break;
    }
    tocsin_buffer_release(&bytes);
    return ok;
}

static int by_folded(const void *a, const void *b) {
    const word *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->folded, y->folded, shorter);
    if (!order && x->length != y->length) order = x->length < y->length ? -1 : 1;
    return order ? order : x->number < y->number ? -1 : 1;
}

static int by_number(const void *a, const void *b) {
    const word *x = a, *y = b;
    return x->number < y->number ? -1 : 1;
}

/* Leaves the first of those that fold to the same; returns how many went. */
static size_t drop_equal(import_run *run) {
    size_t kept = 0;
    if (run->count) qsort(run->words, run->count, sizeof *run->words, by_folded);
    for (size_t i = 0; i < run->count; i++) {
        word *w = &run->words[i], *last = kept ? &run->words[kept - 1] : NULL;
        if (last && last->length == w->length && !memcmp(last->folded, w->folded, w->length)) {
            free_word(w);
        } else {
            run->words[kept++] = *w;
        }
    }
    size_t gone = run->count - kept;
    run->count = kept;
    if (kept) qsort(run->words, kept, sizeof *run->words, by_number);
    return gone;
}

/* A plan of nothing but the words: what the library says of it, it would say of the list. */
static tocsin_status read_words(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: import\ntopics: {words: {terms: words.csv}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: words}]}]\n";
    const import_run *run = context;
    if (strcmp(name, "words.csv") != 0) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    tocsin_status status = tocsin_buffer_append(out, "term\n", 5);
    for (size_t i = 0; i < run->count && status == TOCSIN_OK; i++) {
        status = tocsin_buffer_append(out, run->words[i].cell, strlen(run->words[i].cell));
    }
    return status;
}

static int is_of_elsewhere(const char *code) {
    static const char *const codes[] = {"several-terms", "tag-signs", "comment-in-term", "numbered-term",
                                        "quoted-term"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (!strcmp(codes[i], code)) return 1;
    }
    return 0;
}

/* Notes on words that another program kept by other rules. They stand in the words' order, a line each after the head.
 */
static void tell_notes(import_run *run) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    options.engine = TOCSIN_ENGINE_NAIVE; /* compiles at once, and nothing will be looked for */
    options.without_sources = 1;
    if (tocsin_diagnostics_create(NULL, &list) != TOCSIN_OK) tool_out_of_memory();
    tocsin_status status = tocsin_plan_compile(read_words, run, "plan.yaml", &options, list, &plan, NULL);
    if (status == TOCSIN_OK) status = tocsin_plan_lint(plan, list, NULL);
    if (status == TOCSIN_ERROR_MEMORY) tool_out_of_memory();
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (!is_of_elsewhere(d->code) || d->line < 2 || d->line - 2 >= run->count) continue;
        const word *w = &run->words[d->line - 2];
        const uint32_t quote = w->cell[0] == '"' && d->column > 1;
        console_line("%s:%" PRIu64 ":%u: %s [%s %s]", w->path, w->line, d->column - quote + w->indent, d->message,
                     tocsin_diagnostic_number(d->code), d->code);
    }
    if (tocsin_diagnostics_dropped(list)) console_line("and %zu more such notes", tocsin_diagnostics_dropped(list));
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
}

static int write_list(const import_run *run) {
    tocsin_buffer list;
    output *out = output_open(run->output);
    if (!out) return EXIT_IO;
    tocsin_buffer_init(&list, NULL);
    text_puts(&list, "term,topic,kind,weight,bounds,unless,note\n");
    for (size_t i = 0; i < run->count; i++) text_puts(&list, run->words[i].row);
    output_status status = output_write(out, list.data, list.length);
    if (status == OUTPUT_OK) status = output_commit(out);
    output_close(out);
    tocsin_buffer_release(&list);
    return status == OUTPUT_FAILED ? EXIT_IO : EXIT_DONE;
}

static int import_files(import_run *run) {
    int worst = EXIT_DONE;
    if (tocsin_folder_create(NULL, NULL, &run->folder) != TOCSIN_OK) tool_out_of_memory();
    for (int i = 0; i < run->file_count; i++) {
        if (!import_file(run, run->files[i])) worst = EXIT_IO;
    }
    size_t equal = drop_equal(run);
    if (worst == EXIT_DONE && run->count) tell_notes(run);
    if (worst == EXIT_DONE) worst = write_list(run);
    if (worst == EXIT_DONE && run->rejected) worst = EXIT_REJECTED;
    if (!run->quiet) {
        console_error("%zu term%s; %zu that fold to one of them; %" PRIu64 " rejected", run->count,
                      run->count == 1 ? "" : "s", equal, run->rejected);
    }
    for (size_t i = 0; i < run->count; i++) free_word(&run->words[i]);
    tool_free(run->words);
    tocsin_folder_free(run->folder);
    return worst;
}

static int take_option(import_run *run, option_parser *parser, int option) {
    static const char *const formats[] = {"lines", "tagged", "csv"};
    int choice;
    switch (option) {
        case OPTION_OPERAND: run->files[run->file_count++] = parser->argv[parser->at - 1]; return 1;
        case IMPORT_TOPIC: run->topic = parser->value; return 1;
        case IMPORT_FORMAT:
            choice = options_choice(parser, "format", formats, 3);
            run->format = choice < 0 ? LIST_AUTO : (list_format)(choice + LIST_LINES);
            return choice >= 0;
        case IMPORT_COLUMN: run->column = parser->value; return 1;
        case IMPORT_ENCODING: return options_encoding(parser, &run->input.encoding);
        case IMPORT_OUTPUT: run->output = parser->value; return 1;
        case IMPORT_QUIET: run->quiet = 1; return 1;
        default: return 0;
    }
}

static int run_import(int argc, char **argv) {
    import_run run = {.input = INPUT_OPTIONS_INIT};
    option_parser parser;
    int option, status = EXIT_DONE;
    run.files = tool_allocate((size_t)argc + 1, sizeof *run.files);
    options_start(&parser, "import", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && !run.file_count) status = options_usage("import", "which files?");
    if (status == EXIT_DONE) status = import_files(&run);
    tool_free(run.files);
    return status;
}

const command import_command = {"import", help, run_import};
