/*
 * tocsin import: turns word lists of other programs into a list of terms. A word that cannot be a term is reported with
 * its line, and a word that equals another in a different spelling is counted, so that nothing in the file disappears
 * unnoticed.
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
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"
#include "tocsin/import_words.h"

#define MAX_LIST ((size_t)256 << 20) /* bytes, the limit of the library for a list */

static const char help[] =
    "usage: tocsin import [OPTION…] FILE…\n"
    "\n"
    "Prints word lists as one list of terms (CSV: term,topic,kind,weight,bounds,unless,note), which a plan can name. "
    "It\n"
    "reads a word a line, a word and a tag with a tab between them, the CSV of a spreadsheet (separated by , ; | or "
    "tabs),\n"
    "and the frequency_words.txt of TrendRadar. Tags and the columns of notes and categories become notes. Words of a "
    "topic\n"
    "that fold to the same text are taken once. FILE is UTF-8, UTF-16, or else GB18030; plain, gzip or zstd.\n"
    "\n"
    "      --topic NAME      the topic of the terms; default: that of the topic which names the list\n"
    "      --format NAME     lines, tagged, csv or trendradar; default by the file's name and its first lines\n"
    "      --column NAME     the column of words in a CSV: its name, or its number from 1; default: term, word,\n"
    "                        关键词, 敏感词, 词语, 词 …, in one of the first 20 rows, otherwise the first\n"
    "      --topic-column NAME   the column of topics in a CSV\n"
    "      --plan FILE       for TrendRadar: write a plan of the groups, with + and !, which names the list of -o\n"
    "      --encoding NAME   of the files\n"
    "  -o, --output FILE     written as FILE.partial, renamed when complete\n"
    "  -q, --quiet           no report for each file and no summary\n"
    "\n"
    "Exit status: 0 done; 1 done, but words were rejected; 2 wrong usage; 3 an input or output failed.\n"
    "\n"
    "  tocsin import --topic gossip words.txt more.txt -o gossip.csv\n"
    "  tocsin import --column 敏感词 --topic-column 类别 export.csv > terms.csv\n"
    "  tocsin import frequency_words.txt -o words.csv --plan plan.yaml\n";

enum {
    IMPORT_TOPIC,
    IMPORT_FORMAT,
    IMPORT_COLUMN,
    IMPORT_ENCODING,
    IMPORT_OUTPUT,
    IMPORT_QUIET,
    IMPORT_TOPIC_COLUMN,
    IMPORT_PLAN
};

static const option_spec specs[] = {{"topic", 0, 1},    {"format", 0, 1},  {"column", 0, 1},       {"encoding", 0, 1},
                                    {"output", 'o', 1}, {"quiet", 'q', 0}, {"topic-column", 0, 1}, {"plan", 0, 1}};

#define MOST_TITLES 4 /* lines above the words of a list */

typedef enum list_format {
    LIST_AUTO,
    LIST_LINES,
    LIST_TAGGED,
    LIST_CSV,
    LIST_GROUPS
} list_format;

typedef struct import_run {
    const char *output, *plan;
    list_format format;
    input_options input;
    int quiet;
    char **files;
    int file_count;
    import_words words;
} import_run;

static void free_word(import_word *w) {
    tool_free(w->key);
    tool_free(w->row);
    tool_free(w->cell);
}

/* #话题#: words between the signs of a tag, which is no comment. */
static int is_tag(tocsin_bytes line) {
    return line.length > 2 && line.data[line.length - 1] == '#' && !strchr(" \t#", line.data[1]) &&
           !memchr(line.data + 1, '#', line.length - 2);
}

/* Skips titles above the words: up to the line that has a usual column name, if that is among the first lines. */
static uint64_t title_lines(tocsin_bytes text) {
    size_t at = 0;
    for (uint64_t line = 1; line <= MOST_TITLES && at < text.length; line++) {
        const char *end = memchr(text.data + at, '\n', text.length - at);
        const size_t stop = end ? (size_t)(end - text.data) : text.length;
        const tocsin_bytes name = import_trimmed((tocsin_bytes){text.data + at, stop - at});
        /* A short or English name may be a word, unless it is in the first line. */
        if (import_is_head(name) && (line == 1 || (name.length >= 6 && (unsigned char)name.data[0] >= 0x80)))
            return line;
        at = stop + 1;
    }
    return 0;
}

static void take_lines(import_words *words, tocsin_bytes text, int tagged) {
    const uint64_t titles = tagged ? 0 : title_lines(text);
    uint64_t line = 0;
    if (titles && !words->quiet) {
        console_line("%s: line %" PRIu64 " names the words; it and the lines above it are left out", words->path,
                     titles);
    }
    for (size_t at = 0; at < text.length;) {
        const char *start = text.data + at, *end = memchr(start, '\n', text.length - at);
        tocsin_bytes whole = {start, end ? (size_t)(end - start) : text.length - at};
        import_entry entry = {.note = {"", 0}};
        const char *tab = tagged ? memchr(whole.data, '\t', whole.length) : NULL;
        at += whole.length + 1;
        line++;
        if (line <= titles || (whole.length && whole.data[0] == '#' && !is_tag(import_trimmed(whole)))) {
            words->passed++;
            continue;
        }
        if (tab) {
            entry.note = (tocsin_bytes){tab + 1, whole.length - (size_t)(tab + 1 - start)};
            whole.length = (size_t)(tab - start);
        }
        entry.term = whole;
        import_take(words, &entry, line);
    }
}

/* Whether malformed text is UTF-8 with a few bad bytes: GB18030 hardly ever looks like it. */
static int is_mostly_utf8(tocsin_bytes text) {
    size_t good = 0, bad = 0;
    for (size_t at = 0; at < text.length;) {
        size_t next;
        const uint32_t code = utf8_decode(text.data, text.length, at, &next);
        good += code != UTF8_MALFORMED && next - at > 1;
        bad += code == UTF8_MALFORMED;
        at = next;
    }
    return good > 10 * bad;
}

/* Recognises text that is no word list; NULL: it may be one. */
static const char *stranger(tocsin_bytes text) {
    size_t at = 0;
    while (at < text.length && strchr(" \t\r\n", text.data[at]) && text.data[at]) at++;
    const char first = at < text.length ? text.data[at] : '\0';
    const size_t looked = text.length < 4096 ? text.length : 4096;
    if (looked && memchr(text.data, '\0', looked))
        return "holds no text, or UTF-16 without a mark: say --encoding UTF-16LE";
    if (first == '<') return "is HTML or XML: save the sheet as CSV";
    if (first == '{' && at + 1 < text.length && strchr(" \t\r\n\"", text.data[at + 1]))
        return "is JSON, not a list of words";
    if (first == '[') {
        for (at++; at < text.length && strchr(" \t\r\n", text.data[at]) && text.data[at];) at++;
        if (at < text.length && strchr("\"{[", text.data[at]) && text.data[at]) return "is JSON, not a list of words";
    }
    return NULL;
}

/* The whole file as UTF-8; 0 after a message. */
static int read_list(import_run *run, const char *path, tocsin_buffer *text) {
    input_options options = run->input;
    for (;;) {
        static char chunk[65536];
        input_file *input = input_file_open(path, &options);
        uint64_t line = 0;
        long n;
        text->length = 0;
        while ((n = input_file_read(input, chunk, sizeof chunk)) > 0 && text->length <= MAX_LIST) {
            text_append(text, chunk, (size_t)n);
        }
        if (n)
            console_error("%s: %s", path,
                          message_told(n < 0 ? input_file_problem(input) : "the list has more than 256 MiB"));
        const uint64_t malformed = n ? 0 : input_file_malformed(input, &line);
        input_file_close(input);
        if (n) return 0;
        const tocsin_bytes bytes = {text->data ? text->data : "", text->length};
        if (malformed) {
            console_error("%s: is not in %s: line %" PRIu64 " cannot be read", path,
                          options.encoding ? options.encoding : "the encoding that its mark says", line);
            return 0;
        }
        int utf8 = utf8_valid_prefix(bytes.data, bytes.length) == bytes.length;
        if (utf8 || options.encoding || !strcmp(path, "-") || is_mostly_utf8(bytes) || stranger(bytes)) return 1;
        console_line("%s: is not UTF-8 and is read as GB18030", path);
        options.encoding = "GB18030";
    }
}

static int ends_with(const char *path, const char *end) {
    const size_t length = strlen(path), n = strlen(end);
    return length > n && !strcmp(path + length - n, end);
}

/* Whether tabs separate the cells of the first line, and one names the column of words. */
static int is_tab_table(tocsin_bytes line) {
    for (size_t at = 0; at <= line.length; at++) {
        const char *tab = memchr(line.data + at, '\t', line.length - at);
        const size_t end = tab ? (size_t)(tab - line.data) : line.length;
        if (import_is_head(import_trimmed((tocsin_bytes){line.data + at, end - at})))
            return end < line.length || at > 0;
        at = end;
    }
    return 0;
}

static list_format format_of(const import_run *run, const char *path, tocsin_bytes text) {
    if (run->format != LIST_AUTO) return run->format;
    if (ends_with(path, ".csv") || ends_with(path, ".tsv") || ends_with(path, ".tab")) return LIST_CSV;
    if (run->words.column || run->words.topic_column) return LIST_CSV;
    const char *end = text.length ? memchr(text.data, '\n', text.length) : NULL;
    const size_t first = end ? (size_t)(end - text.data) : text.length;
    if (first && memchr(text.data, '\t', first)) {
        return is_tab_table((tocsin_bytes){text.data, first}) ? LIST_CSV : LIST_TAGGED;
    }
    return import_is_groups(path, text) ? LIST_GROUPS : LIST_LINES;
}

static int import_file(import_run *run, const char *path) {
    import_words *words = &run->words;
    tocsin_buffer bytes;
    int ok = 1;
    tocsin_buffer_init(&bytes, NULL);
    words->path = path;
    words->taken = words->passed = 0;
    const uint64_t rejected = words->rejected;
    if (!read_list(run, path, &bytes)) {
        tocsin_buffer_release(&bytes);
        return 0;
    }
    tocsin_bytes text = {bytes.data ? bytes.data : "", bytes.length};
    if (text.length >= 3 && !memcmp(text.data, "\xEF\xBB\xBF", 3))
        text = (tocsin_bytes){text.data + 3, text.length - 3};
    const char *what = stranger(text);
    if (what) {
        console_error("%s: %s", path, what);
        tocsin_buffer_release(&bytes);
        return 0;
    }
    switch (format_of(run, path, text)) {
        case LIST_CSV:
            ok = import_table(words, text, ends_with(path, ".tsv") || ends_with(path, ".tab") ? '\t' : '\0');
            break;
        case LIST_GROUPS: import_groups(words, text); break;
        case LIST_TAGGED: take_lines(words, text, 1); break;
        default: take_lines(words, text, 0); break;
    }
    if (ok && !run->quiet) {
        console_line("%s: %" PRIu64 " taken, %" PRIu64 " rejected, %" PRIu64 " without a word", path, words->taken,
                     words->rejected - rejected, words->passed);
    }
    tocsin_buffer_release(&bytes);
    return ok;
}

static int by_folded(const void *a, const void *b) {
    const import_word *x = a, *y = b;
    size_t shorter = x->length < y->length ? x->length : y->length;
    int order = memcmp(x->key, y->key, shorter);
    if (!order && x->length != y->length) order = x->length < y->length ? -1 : 1;
    return order ? order : x->number < y->number ? -1 : 1;
}

static int by_number(const void *a, const void *b) {
    const import_word *x = a, *y = b;
    return x->number < y->number ? -1 : 1;
}

/* Keeps only the first of a topic's words that fold to the same text; returns how many it removed. */
static size_t drop_equal(import_words *words) {
    size_t kept = 0;
    if (words->count) qsort(words->words, words->count, sizeof *words->words, by_folded);
    for (size_t i = 0; i < words->count; i++) {
        import_word *w = &words->words[i], *last = kept ? &words->words[kept - 1] : NULL;
        if (last && last->length == w->length && !memcmp(last->key, w->key, w->length)) {
            free_word(w);
        } else {
            words->words[kept++] = *w;
        }
    }
    size_t gone = words->count - kept;
    words->count = kept;
    if (kept) qsort(words->words, kept, sizeof *words->words, by_number);
    return gone;
}

/* A plan of only these words: what the library reports about it applies to the list. */
static tocsin_status read_words(void *context, const char *name, tocsin_buffer *out) {
    static const char plan[] = "plan: import\ntopics: {words: {terms: words.csv}}\n"
                               "tiers: [{id: found, clauses: [{id: C1, when: words}]}]\n";
    const import_words *words = context;
    if (strcmp(name, "words.csv") != 0) return tocsin_buffer_append(out, plan, sizeof plan - 1);
    tocsin_status status = tocsin_buffer_append(out, "term,kind\n", 10);
    for (size_t i = 0; i < words->count && status == TOCSIN_OK; i++) {
        status = tocsin_buffer_append(out, words->words[i].cell, strlen(words->words[i].cell));
    }
    return status;
}

static int is_of_elsewhere(const char *code) {
    static const char *const codes[] = {"several-terms", "tag-signs",       "comment-in-term", "numbered-term",
                                        "quoted-term",   "columns-in-term", "regex-in-term"};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (!strcmp(codes[i], code)) return 1;
    }
    return 0;
}

/* Reports for a word what the library reports about its term. */
static void tell_note(const import_words *words, const tocsin_diagnostic *d) {
    const import_word *w = &words->words[d->line - 2];
    const uint32_t quote = w->cell[0] == '"' && d->column > 1;
    console_line("%s:%" PRIu64 ":%u: %s [%s %s]", w->path, w->line, d->column - quote + w->indent,
                 message_told(d->message), tocsin_diagnostic_number(d->code), d->code);
}

/* Whether a regex is not accepted here; it is reported, and the word is dropped. */
static int is_bad_regex(import_words *words, const tocsin_diagnostic *d) {
    if (d->severity != TOCSIN_SEVERITY_ERROR || d->line < 2 || d->line - 2 >= words->count) return 0;
    import_word *w = &words->words[d->line - 2];
    if (!w->is_regex || !w->key) return 0;
    tell_note(words, d);
    words->rejected++;
    tool_free(w->key);
    w->key = NULL; /* dropped after everything was reported */
    return 1;
}

static size_t drop_bad(import_words *words) {
    size_t kept = 0;
    for (size_t i = 0; i < words->count; i++) {
        if (words->words[i].key) {
            words->words[kept++] = words->words[i];
        } else {
            free_word(&words->words[i]);
        }
    }
    const size_t gone = words->count - kept;
    words->count = kept;
    return gone;
}

/*
 * Notes on words that another program kept by other rules; they are in the order of the words, one a line after the
 * heading. Returns how many regexes were dropped because they are not accepted here.
 */
static size_t tell_notes(import_words *words) {
    tocsin_plan_options options = TOCSIN_PLAN_OPTIONS_INIT;
    tocsin_diagnostics *list = NULL;
    tocsin_plan *plan = NULL;
    options.engine = TOCSIN_ENGINE_NAIVE; /* compiles at once; nothing will be searched */
    options.without_sources = 1;
    if (tocsin_diagnostics_create(NULL, &list) != TOCSIN_OK) tool_out_of_memory();
    tocsin_status status = tocsin_plan_compile(read_words, words, "plan.yaml", &options, list, &plan, NULL);
    if (status == TOCSIN_OK) status = tocsin_plan_lint(plan, list, NULL);
    if (status == TOCSIN_ERROR_MEMORY) tool_out_of_memory();
    for (size_t i = 0; i < tocsin_diagnostics_count(list); i++) {
        const tocsin_diagnostic *d = tocsin_diagnostics_at(list, i);
        if (is_bad_regex(words, d)) continue;
        if (status == TOCSIN_OK && is_of_elsewhere(d->code) && d->line >= 2 && d->line - 2 < words->count)
            tell_note(words, d);
    }
    if (tocsin_diagnostics_dropped(list)) console_line("and %zu more such notes", tocsin_diagnostics_dropped(list));
    tocsin_plan_release(plan);
    tocsin_diagnostics_free(list);
    return drop_bad(words);
}

static int write_text(const char *path, const tocsin_buffer *text) {
    output *out = output_open(path);
    if (!out) return EXIT_IO;
    output_status status = output_write(out, text->data, text->length);
    if (status == OUTPUT_OK) status = output_commit(out);
    output_close(out);
    return status == OUTPUT_FAILED ? EXIT_IO : EXIT_DONE;
}

static int write_list(const import_run *run) {
    tocsin_buffer list;
    tocsin_buffer_init(&list, NULL);
    text_puts(&list, "term,topic,kind,weight,bounds,unless,note\n");
    for (size_t i = 0; i < run->words.count; i++) text_puts(&list, run->words.words[i].row);
    const int status = write_text(run->output, &list);
    tocsin_buffer_release(&list);
    return status;
}

/* Writes the plan of the groups or, without --plan, only their rules, for people. */
static int write_plan(const import_run *run) {
    const import_words *words = &run->words;
    tocsin_buffer plan;
    if (!run->plan) {
        if (!run->quiet)
            console_line("rules of the groups, which --plan FILE writes as a plan:\n%s", words->clauses.data);
        return EXIT_DONE;
    }
    const char *slash = strrchr(run->output, '/'), *list = slash ? slash + 1 : run->output;
    tocsin_buffer_init(&plan, NULL);
    text_puts(&plan, "plan: import\nversion: \"1\"\ntopics:\n");
    for (const char *at = words->plan.data; *at;) {
        const char *mark = strstr(at, "LIST");
        text_append(&plan, at, mark ? (size_t)(mark - at) : strlen(at));
        if (!mark) break;
        text_printf(&plan, "\"%s\"", list);
        at = mark + 4;
    }
    text_printf(&plan, "tiers:\n  - id: found\n    clauses:\n%s", words->clauses.data);
    const int status = write_text(run->plan, &plan);
    tocsin_buffer_release(&plan);
    return status;
}

static int import_files(import_run *run) {
    import_words *words = &run->words;
    int worst = EXIT_DONE;
    if (tocsin_folder_create(NULL, NULL, &words->folder) != TOCSIN_OK) tool_out_of_memory();
    tocsin_buffer_init(&words->plan, NULL);
    tocsin_buffer_init(&words->clauses, NULL);
    words->quiet = run->quiet;
    for (int i = 0; i < run->file_count; i++) {
        if (!import_file(run, run->files[i])) worst = EXIT_IO;
    }
    size_t equal = drop_equal(words);
    if (worst == EXIT_DONE && words->count && tell_notes(words)) (void)tell_notes(words); /* for the remaining words */
    if (worst == EXIT_DONE && run->plan && !words->clauses.length) {
        console_error("--plan is for the groups of TrendRadar, and no file has any");
        worst = EXIT_USAGE;
    }
    if (worst == EXIT_DONE) worst = write_list(run);
    if (worst == EXIT_DONE && words->clauses.length) worst = write_plan(run);
    if (worst == EXIT_DONE && words->rejected) worst = EXIT_REJECTED;
    if (!run->quiet) {
        console_error("%zu term%s; %zu that fold to one of them; %" PRIu64 " rejected", words->count,
                      words->count == 1 ? "" : "s", equal, words->rejected);
    }
    for (size_t i = 0; i < words->count; i++) free_word(&words->words[i]);
    tool_free(words->words);
    tocsin_buffer_release(&words->plan);
    tocsin_buffer_release(&words->clauses);
    tocsin_folder_free(words->folder);
    return worst;
}

static int take_option(import_run *run, option_parser *parser, int option) {
    static const char *const formats[] = {"lines", "tagged", "csv", "trendradar"};
    int choice;
    switch (option) {
        case OPTION_OPERAND: run->files[run->file_count++] = parser->argv[parser->at - 1]; return 1;
        case IMPORT_TOPIC: run->words.topic = parser->value; return 1;
        case IMPORT_FORMAT:
            choice = options_choice(parser, "format", formats, 4);
            run->format = choice < 0 ? LIST_AUTO : (list_format)(choice + LIST_LINES);
            return choice >= 0;
        case IMPORT_COLUMN: run->words.column = parser->value; return 1;
        case IMPORT_TOPIC_COLUMN: run->words.topic_column = parser->value; return 1;
        case IMPORT_PLAN: run->plan = parser->value; return 1;
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
    if (status == EXIT_DONE && run.plan && !run.output) {
        status = options_usage("import", "--plan names the list: say its name with -o");
    }
    if (status == EXIT_DONE) status = import_files(&run);
    tool_free(run.files);
    return status;
}

const command import_command = {"import", help, run_import};
