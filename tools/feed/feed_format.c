/*
 * JSON is recognised by its first character, CSV by a header line: one column is the text, or all cells look like names
 * and the second line has as many cells. If the first line does not decide, the file's name does; otherwise the feed is
 * plain text. A page of HTML or XML, or binary data, would be graded as lines of nonsense, so it is refused.
 */
#define _GNU_SOURCE /* memmem */

#include "feed/feed_format.h"

#include <string.h>
#include <strings.h>

#include <tocsin/bytes.h>

#include "feed/csv_table.h"
#include "feed/file_kind.h"

#define MOST_LOOKED ((size_t)64 * 1024) /* of a first line */
#define LONGEST_NAME 60                 /* bytes of a column's name */
#define TITLE_LINES 20                  /* lines that may precede a header */
#define FEWEST_NAMES 3                  /* columns whose look alone makes them names */

static int ends_with(const char *text, size_t length, const char *end) {
    const size_t n = strlen(end);
    return length > n && !strncasecmp(text + length - n, end, n);
}

feed_format feed_format_by_name(const char *path) {
    static const struct {
        const char *end;
        feed_format format;
    } ends[] = {{".ndjson", FEED_NDJSON}, {".jsonl", FEED_NDJSON}, {".json", FEED_JSON}, {".csv", FEED_CSV},
                {".tsv", FEED_TSV},       {".tab", FEED_TSV},      {".txt", FEED_TEXT}};
    size_t length = strlen(path);
    if (ends_with(path, length, ".zst")) length -= 4;
    if (ends_with(path, length, ".gz")) length -= 3;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (ends_with(path, length, ends[i].end)) return ends[i].format;
    }
    return FEED_AUTO;
}

/* U+001E stands before each record in RFC 7464. */
static int is_space(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t' || byte == '\x1E'; }

static size_t pass_space(const char *bytes, size_t at, size_t length) {
    while (at < length && is_space(bytes[at])) at++;
    return at;
}

/* The end of the line at `at`; length if it goes on. */
static size_t line_end(const char *bytes, size_t at, size_t length) {
    while (at < length && bytes[at] != '\n' && bytes[at] != '\r') at++;
    return at;
}

static uint64_t line_ends(const char *bytes, size_t from, size_t to) {
    uint64_t count = 0;
    for (size_t at = from; at < to; at++) {
        const int is_pair = bytes[at] == '\r' && at + 1 < to && bytes[at + 1] == '\n';
        count += (bytes[at] == '\n' || bytes[at] == '\r') && !is_pair;
    }
    return count;
}

/* ---- header rows ---- */

/* Whether a name is in a list separated by commas or bars. */
static int is_listed(tocsin_bytes cell, const char *list) {
    while (list && cell.length) {
        const size_t length = strcspn(list, ",|");
        if (csv_is_named(cell, list, length)) return 1;
        list = list[length] ? list + length + 1 : NULL;
    }
    return 0;
}

static int is_field(tocsin_bytes cell, const feed_names *names, int field) {
    return is_listed(cell, feed_names_get(names, (feed_field)field));
}

/* Names that people give to columns. */
static int is_usual(tocsin_bytes cell) {
    return is_listed(cell, "编号,序号,内容,正文,标题,时间,日期,发布时间,来源,网站,平台,作者,用户,链接,网址,转发数,"
                           "评论数,点赞数,阅读数,阅读量,微博正文,url,URL,link,date,author,content,body,message,user,"
                           "username,created_at,note_id,user_id");
}

/* Whether it is the name of a field, or one that people give. */
static int is_known(tocsin_bytes cell, const feed_names *names) {
    int known = is_usual(cell);
    for (int field = 0; field < FEED_FIELD_COUNT && !known; field++) known = is_field(cell, names, field);
    return known;
}

/* Whether the name contains a usual part of column names. */
static int has_usual_part(tocsin_bytes cell) {
    static const char *const parts[] = {"内容", "正文", "标题", "时间", "日期", "链接", "网址",   "博文",  "帖子",
                                        "来源", "平台", "作者", "用户", "昵称", "编号", "评论数", "转发数"};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (memmem(cell.data, cell.length, parts[i], strlen(parts[i]))) return 1;
    }
    return 0;
}

static int looks_like_name(tocsin_bytes cell) {
    static const char *const ends[] = {"。", "！", "？", "；", "，"};
    if (!cell.length || cell.length > LONGEST_NAME || (cell.data[0] >= '0' && cell.data[0] <= '9')) return 0;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (memmem(cell.data, cell.length, ends[i], strlen(ends[i]))) return 0;
    }
    return !memchr(cell.data, '!', cell.length) && !memchr(cell.data, '?', cell.length);
}

typedef struct header_look {
    size_t cells, names; /* names: the known ones among them */
    size_t filled;       /* cells that are not empty */
    size_t usual;        /* names with a usual part */
    int has_text;        /* one of them is the text or the title */
    int all_names;
} header_look;

static header_look look_at(csv_cells *cells, const char *line, size_t length, char separator, const feed_names *names) {
    header_look look = {.all_names = 1};
    if (!csv_cells_read(cells, (tocsin_bytes){line, length}, separator)) return look;
    look.cells = cells->count;
    for (size_t i = 0; i < cells->count; i++) {
        const tocsin_bytes cell = csv_name(cells->cells[i]);
        look.filled += cell.length != 0;
        look.names += (size_t)is_known(cell, names);
        look.usual += (size_t)has_usual_part(cell);
        look.has_text |= is_field(cell, names, FIELD_TITLE) || is_field(cell, names, FIELD_TEXT);
        look.all_names &= looks_like_name(cell);
    }
    return look;
}

static const char separators[] = {',', '\t', ';', '|'};
#define SEPARATORS (sizeof separators)

/* The separator of a first line, by the names and then by the cells that it gives. */
static char best_separator(csv_cells *cells, const char *line, size_t length, const feed_names *names,
                           header_look *best) {
    char separator = ',';
    *best = (header_look){0};
    for (size_t i = 0; i < SEPARATORS; i++) {
        const header_look look = look_at(cells, line, length, separators[i], names);
        if (look.names < best->names || (look.names == best->names && look.cells <= best->cells)) continue;
        separator = separators[i];
        *best = look;
    }
    return separator;
}

/* Whether a first line is a header; -1: the second line decides. */
static int is_header(const header_look *look) {
    if (look->has_text || (look->cells > 1 && look->names > 1)) return 1;
    const int may_be = look->cells >= FEWEST_NAMES || (look->cells > 1 && 2 * look->usual >= look->cells);
    return may_be && look->all_names ? -1 : 0;
}

/* Whether a line has column names with another separator. */
static int has_other_separator(const char *line, size_t length, const feed_names *names) {
    static const char *const others[] = {"，", "、", "^", "~"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const size_t n = strlen(others[i]);
        size_t known = 0;
        for (size_t at = 0; at < length;) {
            const char *end = memmem(line + at, length - at, others[i], n);
            const size_t stop = end ? (size_t)(end - line) : length;
            known += (size_t)is_known(csv_name((tocsin_bytes){line + at, stop - at}), names);
            at = stop + n;
        }
        if (known > 1) return 1;
    }
    return 0;
}

typedef struct line_range {
    size_t start, end;
} line_range;

/*
 * Looks for a header below titles: the first line that names columns. 1: *line is set. 0: there is none, and the first
 * line stays. -1: more bytes are needed.
 */
static int find_header(const char *bytes, size_t length, int last, const feed_names *names, csv_cells *cells,
                       line_range *line) {
    size_t at = line->end;
    for (size_t above = 0; above < TITLE_LINES; above++) {
        header_look look;
        const size_t start = pass_space(bytes, at, length), end = line_end(bytes, start, length);
        if (end == length && !last && length < MOST_LOOKED) return -1;
        if (start == length) return 0;
        (void)best_separator(cells, bytes + start, end - start, names, &look);
        if (look.cells > 1 && is_header(&look) == 1) {
            *line = (line_range){start, end};
            return 1;
        }
        at = end;
    }
    return 0;
}

/* Finds the separator and, if `sure` is 0, whether it is CSV at all. */
static int find_csv(feed_layout *layout, const char *bytes, size_t length, int last, const feed_names *names,
                    int sure) {
    size_t start = pass_space(bytes, layout->skipped, length), end = line_end(bytes, start, length);
    csv_cells cells;
    header_look look;
    int found = 1;
    if (end == length && !last && length - start < MOST_LOOKED) return 0;
    if (end - start == 5 && !strncasecmp(bytes + start, "sep=", 4)) {
        layout->format = FEED_CSV;
        layout->separator = bytes[start + 4];
        layout->skipped = end;
        return 1;
    }
    csv_cells_init(&cells);
    char separator = best_separator(&cells, bytes + start, end - start, names, &look);
    const int is_title = look.filled < 2 && look.cells > 1;
    if ((sure || is_title) && is_header(&look) != 1) {
        line_range line = {start, end};
        found = find_header(bytes, length, last, names, &cells, &line);
        if (found > 0) {
            start = line.start;
            end = line.end;
            separator = best_separator(&cells, bytes + start, end - start, names, &look);
        }
        found = found >= 0;
    }
    int header = sure ? 1 : is_header(&look);
    if (header < 0) {
        const size_t second = pass_space(bytes, end, length), second_end = line_end(bytes, second, length);
        found = second_end < length || last || length - start >= MOST_LOOKED;
        header = look_at(&cells, bytes + second, second_end - second, separator, names).cells == look.cells;
    }
    if (!header && has_other_separator(bytes + start, end - start, names))
        layout->stranger = "has columns that another sign than , ; | or a tab separates: write commas";
    layout->format = header ? FEED_CSV : FEED_TEXT;
    layout->separator = separator;
    layout->header_line = 1 + line_ends(bytes, layout->skipped, start);
    csv_cells_release(&cells);
    return found;
}

/*
 * Whether the first line names columns with this separator, one of the text: a .txt then is a sheet, as Excel saves
 * "Unicode text"; and a .tsv without one may have commas. -1: more bytes decide.
 */
static int has_text_column(const char *bytes, size_t start, size_t length, int last, const feed_names *names,
                           char separator) {
    const size_t end = line_end(bytes, start, length);
    csv_cells cells;
    if (end == length && !last && length - start < MOST_LOOKED) return -1;
    csv_cells_init(&cells);
    const header_look look = look_at(&cells, bytes + start, end - start, separator, names);
    csv_cells_release(&cells);
    return look.cells > 1 && look.has_text;
}

/* ---- JSON ---- */

/* The position after the string whose quote is at `at`; length if it does not end. */
static size_t pass_string(const char *bytes, size_t at, size_t length) {
    for (at++; at < length && bytes[at] != '"'; at++) at += bytes[at] == '\\';
    return at < length ? at + 1 : length;
}

/* The position after the object at `at`, or length. */
static size_t pass_object(const char *bytes, size_t at, size_t length) {
    size_t depth = 0;
    while (at < length) {
        const char byte = bytes[at];
        if (byte == '"') {
            at = pass_string(bytes, at, length);
            continue;
        }
        depth += byte == '{';
        at++;
        if (byte == '}' && !--depth) return at;
    }
    return length;
}

/* Whether all of it is on one line, several objects one behind the other. */
static int is_row_of_objects(const char *bytes, size_t at, size_t length) {
    const char *newline = memchr(bytes + at, '\n', length - at);
    if (newline && pass_space(bytes, (size_t)(newline - bytes), length) < length) return 0;
    size_t next = pass_space(bytes, pass_object(bytes, at, length), length);
    if (next < length && bytes[next] == ',') next = pass_space(bytes, next + 1, length);
    return next < length && bytes[next] == '{';
}

/* Behind the string, object or scalar at `at`; `at` where there is none. */
static size_t pass_value(const char *bytes, size_t at, size_t length) {
    if (bytes[at] == '"') return pass_string(bytes, at, length);
    if (bytes[at] == '{') return pass_object(bytes, at, length);
    while (at < length && bytes[at] > ' ' && !strchr(",[]{}\":", bytes[at])) at++;
    return at;
}

/* Whether an array of strings begins there and nothing else follows it; -1: as far as can be seen. */
static int is_array_of_strings(const char *bytes, size_t at, size_t length) {
    for (;;) {
        at = pass_space(bytes, at, length);
        if (at == length) return -1;
        const size_t end = pass_value(bytes, at, length);
        if (end == at) return 0;
        at = pass_space(bytes, end, length);
        if (at == length) return -1;
        if (bytes[at] == ']') {
            const int ends = pass_space(bytes, at + 1, length) == length;
            return ends && !memchr(bytes + at, '\n', length - at) ? -1 : ends;
        }
        if (bytes[at++] != ',') return 0;
    }
}

/* Whether arrays of objects or of strings begin at `at`, within an array; -1: as far as can be seen. */
static int is_array_of_arrays(const char *bytes, size_t at, size_t length) {
    if (at == length || bytes[at] != '[') return 0;
    while (at < length && bytes[at] == '[') at = pass_space(bytes, at + 1, length);
    if (at == length) return -1;
    if (bytes[at] != '"') return bytes[at] == '{';
    at = pass_space(bytes, pass_string(bytes, at, length), length);
    return at == length ? -1 : bytes[at] == ',' || bytes[at] == ']';
}

/* FEED_AUTO: it is not JSON. 0: more bytes are needed. */
static int find_json(feed_layout *layout, const char *bytes, size_t at, size_t length, int last, feed_format by_name) {
    const size_t next = pass_space(bytes, at + 1, length);
    const int cut = next == length && !last && length < MOST_LOOKED;
    layout->format = FEED_AUTO;
    if (bytes[at] == '{' && next < length && bytes[next] == '\\') return 1; /* RTF */
    if (bytes[at] == '{') {
        const size_t end = line_end(bytes, at, length);
        if (cut) return 0;
        const int alone = next < length && next > end; /* a brace by itself on its line */
        if (alone && (bytes[next] == '"' || bytes[next] == '}')) {
            layout->format = FEED_JSON;
        } else if (by_name != FEED_TEXT || (next < length && bytes[next] == '"')) {
            const int more = !last && length < MOST_LOOKED && !memchr(bytes + at, '\n', length - at);
            if (more) return 0;
            const int is_row = is_row_of_objects(bytes, at, length);
            layout->format = by_name == FEED_JSON || is_row ? FEED_JSON : FEED_NDJSON;
        }
    } else {
        if (cut) return 0;
        const int is_string = next < length && bytes[next] == '"' && by_name != FEED_TEXT;
        const int strings = is_string              ? is_array_of_strings(bytes, next, length)
                            : by_name != FEED_TEXT ? is_array_of_arrays(bytes, next, length)
                                                   : 0;
        if (strings < 0 && !last && length < MOST_LOOKED) return 0;
        const int empty = next < length && bytes[next] == ']' && pass_space(bytes, next + 1, length) == length;
        if (by_name == FEED_JSON || (next < length && bytes[next] == '{') || strings || (empty && by_name != FEED_TEXT))
            layout->format = FEED_JSON;
    }
    return 1;
}

/* Whether a key of that name has an array as its value. */
static int has_array(const char *bytes, size_t length, const char *name) {
    const size_t n = strlen(name);
    for (const char *at = bytes, *end = bytes + length; (at = memmem(at, (size_t)(end - at), name, n)); at += n) {
        size_t behind = (size_t)(at - bytes) + n;
        if (at == bytes || at[-1] != '"' || behind == length || bytes[behind] != '"') continue;
        behind = pass_space(bytes, behind + 1, length);
        if (behind == length || bytes[behind] != ':') continue;
        behind = pass_space(bytes, behind + 1, length);
        if (behind < length && bytes[behind] == '[') return 1;
    }
    return 0;
}

/* Finds out whether the documents are in an array of an object, as in some output of a crawler. */
static int find_records(feed_layout *layout, const char *bytes, size_t at, size_t length, int last,
                        const feed_names *names) {
    int is_sure;
    layout->records = feed_names_get_records(names, &is_sure);
    if (!layout->records || (layout->format != FEED_NDJSON && layout->format != FEED_JSON)) return 1;
    if (!is_sure && (bytes[at] != '{' || !has_array(bytes, length, layout->records))) {
        layout->records = NULL;
        const int more = bytes[at] == '{' && (layout->format == FEED_JSON || line_end(bytes, at, length) == length);
        return last || length >= MOST_LOOKED || !more;
    }
    layout->format = FEED_JSON;
    return 1;
}

static int find_layout(feed_layout *layout, const char *bytes, size_t length, int last, const char *path,
                       const feed_names *names) {
    const int is_told = layout->format != FEED_AUTO;
    feed_format by_name = is_told ? layout->format : feed_format_by_name(path);
    layout->separator = ',';
    layout->stranger = layout->records = NULL;
    layout->header_line = 0;
    if (length < 3 && !last && !memcmp(bytes, "\xEF\xBB\xBF", length)) return 0;
    layout->skipped = 0;
    while (length - layout->skipped >= 3 && !memcmp(bytes + layout->skipped, "\xEF\xBB\xBF", 3)) layout->skipped += 3;
    const size_t at = pass_space(bytes, layout->skipped, length);
    if (layout->format == FEED_AUTO) {
        if (at == length) {
            layout->format = FEED_TEXT; /* everything is blank */
            if (last || length - layout->skipped >= MOST_LOOKED) return 1;
            layout->format = FEED_AUTO;
            return 0;
        }
        const int is_wide = at + 1 < length && !bytes[at + 1]; /* UTF-16 */
        if ((bytes[at] == '{' || bytes[at] == '[') && !is_wide) {
            if (!find_json(layout, bytes, at, length, last, by_name)) return 0;
            if (layout->format != FEED_AUTO) {
                const int found = find_records(layout, bytes, at, length, last, names);
                if (!found) layout->format = FEED_AUTO;
                return found;
            }
        }
        int more;
        layout->stranger = file_kind_of_text(bytes + at, length - at, last, names && names->html, &more);
        if (layout->stranger) return 1;
        if (more) return 0;
    }
    if (!is_told && by_name == FEED_TEXT) {
        const int is_table = has_text_column(bytes, at, length, last, names, '\t');
        if (is_table < 0) return 0;
        if (is_table) by_name = FEED_TSV;
    }
    if (!is_told && by_name == FEED_TSV && !has_text_column(bytes, at, length, 1, names, '\t')) by_name = FEED_CSV;
    layout->format = by_name;
    if (at < length && (by_name == FEED_NDJSON || by_name == FEED_JSON)) {
        const feed_format said = layout->format;
        const int found = find_records(layout, bytes, at, length, last, names);
        if (!found) layout->format = said;
        return found;
    }
    if (by_name == FEED_CSV) return find_csv(layout, bytes, length, last, names, 1);
    if (by_name == FEED_AUTO) {
        const int found = find_csv(layout, bytes, length, last, names, 0);
        if (!found) layout->format = FEED_AUTO;
        return found;
    }
    if (by_name == FEED_TSV) {
        layout->format = FEED_CSV;
        layout->separator = '\t';
    }
    return 1;
}

int feed_layout_find(feed_layout *layout, const char *bytes, size_t length, int last, const char *path,
                     const feed_names *names) {
    const int found = find_layout(layout, bytes, length, last, path, names);
    const size_t at = pass_space(bytes, layout->skipped, length), next = pass_space(bytes, at + 1, length);
    layout->strings = layout->format == FEED_JSON && next < length && bytes[at] == '[' && bytes[next] == '"';
    return found;
}
