/*
 * Sheets begin with merged titles, and number their rows: so the header row is searched, and without one a column of
 * numbers is not taken for words. Columns that are not imported are reported by name.
 */
#define _GNU_SOURCE /* memmem */

#include "tocsin/import_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "feed/csv_table.h"
#include "feed/sheet_cell.h"
#include "feed/utf8_text.h"
#include "program/console.h"

#define TITLE_ROWS 20 /* that may stand above the header */
#define MOST_NOTES 8
#define MOST_WORDS 8 /* columns of words */
#define NOWHERE SIZE_MAX

typedef struct table_reader {
    import_words *words;
    uint64_t row, head_row; /* from 1; head_row 0: there is no header */
    uint64_t title_row;     /* a row of one cell with a usual name of a word column: a header or a title */
    uint64_t other_row;     /* a header without a column of words; 0: there is none */
    int wide_commas;        /* U+FF0C separates its columns */
    size_t word_columns[MOST_WORDS], word_count, topic_column;
    size_t notes[MOST_NOTES], note_count;
    size_t widest, numbers, filled; /* of the first column: cells with numbers, cells that are not empty */
    tocsin_buffer word_names, left_out, note;
} table_reader;

static int is_one_of(tocsin_bytes cell, const char *const *names, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (csv_is_named(cell, names[i], strlen(names[i]))) return 1;
    }
    return 0;
}

/* A name without a trailing number or brackets: 关键词1, 关键词（必填） */
static tocsin_bytes bare_name(tocsin_bytes cell) {
    static const char *const brackets[] = {"(", "（"};
    for (size_t i = 0; i < 2; i++) {
        const char *open = memmem(cell.data, cell.length, brackets[i], strlen(brackets[i]));
        if (open && open > cell.data) cell.length = (size_t)(open - cell.data);
    }
    while (cell.length > 1 && strchr("0123456789 *", cell.data[cell.length - 1])) cell.length--;
    return cell;
}

int import_is_head(tocsin_bytes cell) {
    static const char *const heads[] = {"term",   "terms",    "word",     "words",      "keyword", "keywords", "关键词",
                                        "敏感词", "关键字",   "词语",     "词汇",       "词条",    "监测词",   "主题词",
                                        "搜索词", "关键词语", "敏感词汇", "监测关键词", "词"};
    return is_one_of(bare_name(cell), heads, sizeof heads / sizeof *heads);
}

static int is_note(tocsin_bytes cell) {
    static const char *const heads[] = {"note", "notes", "remark", "comment", "备注",     "说明", "注释", "释义",
                                        "类别", "分类",  "类型",   "标签",    "category", "type", "tag"};
    return is_one_of(cell, heads, sizeof heads / sizeof *heads);
}

/* Names of other columns. */
static int is_other_head(tocsin_bytes cell) {
    static const char *const heads[] = {"序号", "编号", "no",     "no.",   "id",   "级别",
                                        "等级", "权重", "weight", "topic", "主题", "来源"};
    return is_note(cell) || is_one_of(cell, heads, sizeof heads / sizeof *heads);
}

/* A name that is a number from 1, minus one; NOWHERE: it is none. */
static size_t column_number(const char *name) {
    char *end = NULL;
    const unsigned long number = name && *name >= '0' && *name <= '9' ? strtoul(name, &end, 10) : 0;
    return number && !*end ? number - 1 : NOWHERE;
}

static int is_named(tocsin_bytes cell, const char *name) {
    return name && cell.length == strlen(name) && !memcmp(cell.data, name, cell.length);
}

/* Whether a cell of a header names the column of words. */
static int is_word_head(const import_words *words, tocsin_bytes cell) {
    const int by_name = words->column && column_number(words->column) == NOWHERE;
    return by_name ? is_named(cell, words->column) : import_is_head(cell);
}

static int is_number(tocsin_bytes cell) {
    size_t digits = 0;
    for (size_t i = 0; i < cell.length; i++)
        digits += (cell.data[i] >= '0' && cell.data[i] <= '9') || cell.data[i] == '.';
    return cell.length && digits == cell.length;
}

/* Reads a header row. */
static void take_head(table_reader *t, const tocsin_bytes *cells, size_t count) {
    const import_words *words = t->words;
    t->head_row = t->row;
    for (size_t i = 0; i < count; i++) {
        const tocsin_bytes cell = import_trimmed(cells[i]);
        if (is_word_head(words, cell) && t->word_count < MOST_WORDS) {
            t->word_columns[t->word_count++] = i;
            text_puts(&t->word_names, t->word_count > 1 ? ", " : "");
            text_append(&t->word_names, cell.data, utf8_cut(cell.data, cell.length, 60));
        } else if (is_named(cell, words->topic_column)) {
            t->topic_column = i;
        } else if (is_note(cell) && t->note_count < MOST_NOTES) {
            t->notes[t->note_count++] = i;
        } else if (cell.length) {
            text_puts(&t->left_out, t->left_out.length ? ", " : "");
            text_append(&t->left_out, cell.data, cell.length);
        }
    }
}

/* Whether a row of one cell is a header separated by U+FF0C. */
static int has_wide_commas(tocsin_bytes cell) {
    static const char comma[] = "，";
    for (size_t at = 0; at < cell.length;) {
        const char *end = memmem(cell.data + at, cell.length - at, comma, 3);
        const size_t stop = end ? (size_t)(end - cell.data) : cell.length;
        const int is_whole = !at && !end;
        if (!is_whole && import_is_head(import_trimmed((tocsin_bytes){cell.data + at, stop - at}))) return 1;
        at = stop + 3;
    }
    return 0;
}

/* The first pass: finds the header row, and statistics in case there is none. */
static void look_at_row(void *context, const tocsin_bytes *cells, size_t count, uint64_t line) {
    table_reader *t = context;
    size_t filled = 0, others = 0, heads = 0;
    (void)line;
    if (!cells) return;
    t->row++;
    if (t->head_row) return;
    if (count > t->widest) t->widest = count;
    const tocsin_bytes first = count ? import_trimmed(cells[0]) : (tocsin_bytes){"", 0};
    t->filled += first.length != 0;
    t->numbers += (size_t)is_number(first);
    if (t->row > TITLE_ROWS) return;
    for (size_t i = 0; i < count; i++) {
        const tocsin_bytes cell = import_trimmed(cells[i]);
        filled += cell.length != 0;
        heads += (size_t)is_word_head(t->words, cell);
        others += (size_t)is_other_head(cell);
    }
    if (t->row == 1 && count == 1) t->wide_commas = has_wide_commas(first);
    if (heads && filled > 1) take_head(t, cells, count);
    if (heads && !t->title_row) t->title_row = t->row;
    if (others && filled > 1 && !t->other_row) t->other_row = t->row;
}

/* Without any other header, a row of one name is the header. */
static void take_title_row(void *context, const tocsin_bytes *cells, size_t count, uint64_t line) {
    table_reader *t = context;
    (void)line;
    if (cells && ++t->row == t->title_row) take_head(t, cells, count);
}

static tocsin_bytes cell_at(const tocsin_bytes *cells, size_t count, size_t column) {
    return column < count ? sheet_read_cell(cells[column]) : (tocsin_bytes){"", 0};
}

static int is_total(tocsin_bytes cell) {
    static const char *const names[] = {"合计", "总计", "小计", "共计", "total"};
    while (cell.length > 3 && !memcmp(cell.data + cell.length - 3, "：", 3)) cell.length -= 3;
    return is_one_of(bare_name(cell), names, sizeof names / sizeof *names);
}

static void take_row(void *context, const tocsin_bytes *cells, size_t count, uint64_t line) {
    table_reader *t = context;
    int taken = 0;
    if (!cells) {
        char why[64];
        (void)snprintf(why, sizeof why, "the quote in line %" PRIu64 " is not closed", line);
        import_reject(t->words, line, why);
        return;
    }
    if (++t->row <= t->head_row) return;
    if (t->head_row && is_total(import_trimmed(cells[0]))) {
        console_line("%s:%" PRIu64 ": a row of totals is left out", t->words->path, line);
        t->words->passed++;
        return;
    }
    t->note.length = 0;
    for (size_t i = 0; i < t->note_count; i++) {
        const tocsin_bytes note = import_trimmed(cell_at(cells, count, t->notes[i]));
        if (!note.length) continue;
        if (t->note.length) text_puts(&t->note, "; ");
        text_append(&t->note, note.data, note.length);
    }
    for (size_t i = 0; i < t->word_count; i++) {
        import_entry entry = {
            cell_at(cells, count, t->word_columns[i]), cell_at(cells, count, t->topic_column), {"", 0}, 0};
        if (!import_trimmed(entry.term).length) continue;
        if (t->note.length) entry.note = (tocsin_bytes){t->note.data, t->note.length};
        import_take(t->words, &entry, line);
        taken = 1;
    }
    t->words->passed += (uint64_t)!taken;
}

/* The separator that splits the rows most evenly: of the first lines, the one with the largest minimum. */
static char find_separator(tocsin_bytes text) {
    static const char separators[] = {',', '\t', ';', '|'};
    size_t best = 0;
    char found = ',';
    for (size_t s = 0; s < sizeof separators; s++) {
        size_t lines = 0, parts = 0, with = 0;
        int quoted = 0;
        size_t here = 0;
        for (size_t i = 0; i <= text.length && lines < TITLE_ROWS; i++) {
            const char c = i < text.length ? text.data[i] : '\n';
            if (c == '"') quoted = !quoted;
            if (quoted && i < text.length) continue;
            here += c == separators[s];
            if (c != '\n') continue;
            lines++;
            with += here > 0;
            parts += here;
            here = 0;
        }
        /* A sign that hardly any line has is text. */
        if (2 * with < lines || parts <= best) continue;
        best = parts;
        found = separators[s];
    }
    return found;
}

/* Without a header: the column that was given by number, otherwise the first, unless it is a column of numbers. */
static int choose_columns(table_reader *t) {
    const import_words *words = t->words;
    const size_t number = column_number(words->column);
    if (t->head_row && words->topic_column && t->topic_column == NOWHERE)
        t->topic_column = column_number(words->topic_column);
    if (t->head_row && words->topic_column && t->topic_column == NOWHERE) {
        console_error("%s: row %" PRIu64 " names the columns, and none of them \"%s\"", words->path, t->head_row,
                      words->topic_column);
        return 0;
    }
    if (t->head_row) return 1;
    if (words->column && number == NOWHERE) {
        console_error("%s: no row names a column \"%s\"", words->path, words->column);
        return 0;
    }
    if (!words->column && t->wide_commas) {
        console_error("%s: its columns are separated by ，: write commas instead", words->path);
        return 0;
    }
    if (!words->column && t->other_row) {
        console_error("%s: row %" PRIu64 " names columns, and none of them for the words: give --column", words->path,
                      t->other_row);
        return 0;
    }
    t->topic_column = column_number(words->topic_column);
    t->word_columns[0] = words->column ? number : 0;
    t->word_count = 1;
    if (words->column || t->widest < 2) return 1;
    if (2 * t->numbers > t->filled) {
        console_error("%s: no row names the column of the words, and the first one has numbers: give --column",
                      words->path);
        return 0;
    }
    console_line("%s: no row names the columns; the first column is read as the words", words->path);
    return 1;
}

int import_table(import_words *words, tocsin_bytes text, char separator) {
    table_reader t = {.words = words, .topic_column = NOWHERE};
    if (!separator) separator = find_separator(text);
    tocsin_buffer_init(&t.word_names, NULL);
    tocsin_buffer_init(&t.left_out, NULL);
    tocsin_buffer_init(&t.note, NULL);
    int ok = csv_table_read(text, separator, look_at_row, &t);
    const size_t number = column_number(words->column);
    if (!t.title_row && number != NOWHERE) t.title_row = t.other_row;
    if (ok && !t.head_row && t.title_row) {
        t.row = 0;
        ok = csv_table_read(text, separator, take_title_row, &t);
    }
    if (t.head_row && number != NOWHERE) {
        t.word_columns[0] = number;
        t.word_count = 1;
        t.word_names.length = 0;
        text_puts(&t.word_names, words->column);
    }
    if (!ok) console_error("%s: cannot be read as CSV", words->path);
    if (ok) ok = choose_columns(&t);
    t.row = 0;
    if (ok) ok = csv_table_read(text, separator, take_row, &t);
    if (ok && t.head_row && !words->quiet) {
        console_line("%s: row %" PRIu64 " names the columns; words from column %s%s%s", words->path, t.head_row,
                     t.word_names.data, t.left_out.length ? "; left out: " : "",
                     t.left_out.length ? t.left_out.data : "");
    }
    tocsin_buffer_release(&t.word_names);
    tocsin_buffer_release(&t.left_out);
    tocsin_buffer_release(&t.note);
    return ok;
}
