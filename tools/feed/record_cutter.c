/*
 * Lines end at line ends. Rows are cut by the rules of libcsv, which reads them afterwards: a quote opens a cell only
 * at its start, and a line end inside quotes is text. A quote that is never closed would swallow the rest of the file,
 * so its row is given up at the end of its line, and the next line is a row again. The distance over which such a quote
 * is followed is halved each time, so that a file full of them takes linear time.
 *
 * JSON values are not parsed here; only strings and brackets are recognised. In a broken element (a quote or a bracket
 * is missing) the count of brackets has no meaning any more; the next element then begins at an object with the same
 * first key.
 */
#define _GNU_SOURCE /* memrchr */

#include "feed/record_cutter.h"

#include <string.h>

#define LEAST_LOOKAHEAD 4096
#define BLANKS_LOOKED 4096 /* bytes after a line end inside a string */

enum {
    /* rows */
    ROW_PLAIN = 0,
    ROW_QUOTED,
    ROW_MAY_END, /* after a quote inside quotes */
    /* values */
    VALUE_BETWEEN = 0,
    VALUE_WALK, /* in an object around the array */
    VALUE_ELEMENT,
    VALUE_SCALAR,
    VALUE_BROKEN
};

void record_cutter_init(record_cutter *cutter, record_kind kind, char separator, const char *path, size_t lookahead) {
    *cutter = (record_cutter){.kind = kind, .separator = separator, .path = path, .lookahead = lookahead, .line = 1};
}

static int found(record_cutter *c, size_t *start, size_t *at, size_t end, size_t next, record *out) {
    *out = (record){*start, end, c->record_line, 0, 0};
    if (end > *start) out->ordinal = ++c->ordinal;
    *start = *at = next;
    return 1;
}

/* ---- lines ---- */

static int next_line(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                     record *out) {
    const char *newline = memchr(bytes + *at, '\n', length - *at);
    c->record_line = c->line;
    if (newline) {
        const size_t end = (size_t)(newline - bytes);
        c->line++;
        return found(c, start, at, end, end + 1, out);
    }
    *at = length;
    return last && *start < length ? found(c, start, at, length, length, out) : 0;
}

/* ---- bytes that end a stretch ---- */

#define ONES UINT64_C(0x0101010101010101)
#define HIGHS UINT64_C(0x8080808080808080)

static uint64_t zeros(uint64_t word) { return (word - ONES) & ~word & HIGHS; }

/* The first of three bytes, or of two bytes and all below 0x20 if c is 0; length if there is none. */
static size_t find_any(const char *bytes, size_t at, size_t length, char a, char b, char c) {
    const uint64_t as = ONES * (unsigned char)a, bs = ONES * (unsigned char)b, cs = ONES * (unsigned char)c;
    for (; at + 8 <= length; at += 8) {
        uint64_t word;
        memcpy(&word, bytes + at, 8);
        uint64_t hits = zeros(word ^ as) | zeros(word ^ bs);
        hits |= c ? zeros(word ^ cs) : (word - ONES * 0x20) & ~word & HIGHS;
        if (hits) break;
    }
    for (; at < length; at++) {
        const char d = bytes[at];
        if (d == a || d == b || (c ? d == c : (unsigned char)d < 0x20)) break;
    }
    return at;
}

/* ---- rows ---- */

static int is_blank(char byte) { return byte == ' ' || byte == '\t'; }

/* Whether a quote is at the start of a cell. */
static int opens_cell(const record_cutter *c, const char *bytes, size_t start, size_t quote) {
    size_t before = quote;
    while (before > start && is_blank(bytes[before - 1]) && bytes[before - 1] != c->separator) before--;
    if (before == start + 3 && !memcmp(bytes + start, "\xEF\xBB\xBF", 3)) return 1;
    return before == start || bytes[before - 1] == c->separator;
}

static int end_row(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t end, record *out) {
    c->after_cr = bytes[end] == '\r';
    c->line++;
    c->state = ROW_PLAIN;
    return found(c, start, at, end, end + 1, out);
}

/* Gives up the row whose quote is open, at the end of the quote's line. */
static int give_up_quote(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, record *out) {
    const size_t quote = *start + c->quote_at, end = find_any(bytes, quote, length, '\n', '\r', '\n');
    const uint64_t line = c->quote_line;
    c->line = line;
    if (c->lookahead / 2 >= LEAST_LOOKAHEAD) c->lookahead /= 2;
    if (end < length) {
        (void)end_row(c, bytes, start, at, end, out);
    } else {
        c->state = ROW_PLAIN;
        (void)found(c, start, at, length, length, out);
    }
    out->open_quote = line;
    return 1;
}

static void count_lines(record_cutter *c, const char *bytes, size_t from, size_t to) {
    for (const char *newline = bytes + from; (newline = memchr(newline, '\n', (size_t)(bytes + to - newline)));
         newline++) {
        c->line++;
        c->crossed = 1;
    }
}

/* After a quote inside quotes; 1: a row is complete. */
static int after_quote(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, record *out) {
    const char byte = bytes[*at];
    if (byte == '\n' || byte == '\r') return end_row(c, bytes, start, at, *at, out);
    if (byte == c->separator) {
        c->state = ROW_PLAIN;
    } else if (is_blank(byte)) {
        c->spaces = 1;
    } else if (byte == '"' && c->spaces) {
        c->spaces = 0;
    } else {
        /* A quote after a separator or a line end opens a cell, so the quote before it was never closed. */
        if (byte != '"' && c->crossed && !c->spaces) {
            const char before = *at >= 2 && *at - 2 > *start ? bytes[*at - 2] : 'x';
            if (before == c->separator || before == '\n') return give_up_quote(c, bytes, start, at, length, out);
        }
        c->state = ROW_QUOTED;
        if (byte != '"') return 0; /* the byte is examined again: it may be a line end */
    }
    ++*at;
    return 0;
}

static int next_row(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                    record *out) {
    if (*at == *start) {
        if (c->after_cr && *at < length) {
            *start = *at += bytes[*at] == '\n';
            c->after_cr = 0;
        }
        c->record_line = c->line;
    }
    while (*at < length) {
        if (c->state == ROW_PLAIN) {
            const size_t stop = find_any(bytes, *at, length, '\n', '\r', '"');
            *at = stop;
            if (stop == length) break;
            if (bytes[stop] != '"') return end_row(c, bytes, start, at, stop, out);
            ++*at;
            if (!opens_cell(c, bytes, *start, stop)) continue;
            c->state = ROW_QUOTED;
            c->quote_at = stop - *start;
            c->quote_line = c->line;
            c->crossed = 0;
        } else if (c->state == ROW_QUOTED) {
            const char *quote = memchr(bytes + *at, '"', length - *at);
            const size_t stop = quote ? (size_t)(quote - bytes) : length;
            const size_t most = *start + c->lookahead;
            if (stop > most && length > most) return give_up_quote(c, bytes, start, at, length, out);
            count_lines(c, bytes, *at, stop);
            *at = quote ? stop + 1 : length;
            if (!quote) break;
            c->state = ROW_MAY_END;
            c->spaces = 0;
        } else if (after_quote(c, bytes, start, at, length, out)) {
            return 1;
        }
    }
    if (!last || *start == length) return 0;
    if (c->state == ROW_QUOTED) return give_up_quote(c, bytes, start, at, length, out);
    c->state = ROW_PLAIN;
    return found(c, start, at, length, length, out);
}

/* ---- JSON values ---- */

static int is_space(char byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

static void set_object(record_cutter *c, int object) {
    if (!c->depth || c->depth > CUTTER_DEPTH) return;
    const size_t bit = c->depth - 1;
    c->is_object[bit / 8] = (unsigned char)((c->is_object[bit / 8] & ~(1u << bit % 8)) | (object ? 1u : 0u) << bit % 8);
}

/* 1: the innermost bracket belongs to an object; -1: unknown, because it is nested too deep. */
static int in_object(const record_cutter *c) {
    if (!c->depth || c->depth > CUTTER_DEPTH) return -1;
    const size_t bit = c->depth - 1;
    return c->is_object[bit / 8] >> bit % 8 & 1;
}

static size_t pass_blanks(const char *bytes, size_t at, size_t length) {
    const size_t most = length - at > BLANKS_LOOKED ? at + BLANKS_LOOKED : length;
    while (at < most && is_space(bytes[at])) at++;
    return at;
}

/* Keeps the first key of the element at start. */
static void keep_key(record_cutter *c, const char *bytes, size_t start, size_t length) {
    if (c->key_length || start == length || bytes[start] != '{') return;
    const size_t at = pass_blanks(bytes, start + 1, length);
    for (size_t n = 0; at + n < length && n < CUTTER_KEY; n++) {
        if (n ? bytes[at + n - 1] == '"' && n > 1 : bytes[at] != '"') break;
        c->key[n] = bytes[at + n];
        c->key_length = n + 1;
    }
}

/* Whether an object at `at` begins with the same key as the present element. */
static int begins_alike(const record_cutter *c, const char *bytes, size_t at, size_t length) {
    const size_t key = pass_blanks(bytes, at + 1, length);
    return c->key_length > 1 && length - key >= c->key_length && !memcmp(bytes + key, c->key, c->key_length);
}

/* Whether the bytes before `at` can end an element: a comma, a line end or a bracket. */
static int follows_element(const char *bytes, size_t start, size_t at) {
    for (; at > start; at--) {
        const char byte = bytes[at - 1];
        if (byte == '\n' || byte == ',' || byte == '}') return 1;
        if (!is_space(byte)) return 0;
    }
    return 0;
}

static void begin_element(record_cutter *c, int state) {
    c->state = state;
    c->record_line = c->line;
    c->depth = 0;
    c->in_string = c->escaped = c->in_literal = 0;
    c->key_length = 0;
    c->previous = ',';
}

static int end_value(record_cutter *c, size_t *start, size_t *at, size_t end, record *out) {
    c->state = VALUE_BETWEEN;
    return found(c, start, at, end, end, out);
}

/* The next element after a broken one, or the end. */
static int next_behind_broken(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                              record *out) {
    const size_t longest = 2 * CUTTER_KEY + BLANKS_LOOKED;
    for (size_t from = *at; from < length;) {
        const char *open = memchr(bytes + from, '{', length - from);
        if (!open) break;
        const size_t there = (size_t)(open - bytes);
        if (!last && length - there < longest) {
            count_lines(c, bytes, *at, there);
            *at = there;
            return 0;
        }
        if (there > *start && follows_element(bytes, *start, there) && begins_alike(c, bytes, there, length)) {
            count_lines(c, bytes, *at, there);
            return end_value(c, start, at, there, out);
        }
        from = there + 1;
    }
    count_lines(c, bytes, *at, length);
    *at = length;
    if (!last) return 0;
    c->in_array = 0; /* it is unknown whether it had an end */
    return end_value(c, start, at, length, out);
}

static int break_element(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                         record *out) {
    keep_key(c, bytes, *start, *at);
    c->state = VALUE_BROKEN;
    c->line = c->record_line;
    *at = *start;
    return next_behind_broken(c, bytes, start, at, length, last, out);
}

typedef enum string_end {
    STRING_ON, /* it goes on after the available bytes */
    STRING_CLOSED,
    STRING_BROKEN /* a line end, and an element begins after it */
} string_end;

static string_end pass_string(record_cutter *c, const char *bytes, size_t start, size_t *at, size_t length, int last) {
    const size_t longest = 2 * CUTTER_KEY + BLANKS_LOOKED;
    while (*at < length) {
        if (c->escaped) {
            c->escaped = 0;
            ++*at;
            continue;
        }
        *at = find_any(bytes, *at, length, '"', '\\', 0);
        if (*at == length) break;
        const char byte = bytes[*at];
        if (byte == '\n' && c->state == VALUE_ELEMENT) {
            const size_t behind = pass_blanks(bytes, *at + 1, length);
            if (!last && length - *at < longest + BLANKS_LOOKED && (behind == length || bytes[behind] == '{'))
                return STRING_ON;
            keep_key(c, bytes, start, *at);
            if (behind < length && bytes[behind] == '{' && begins_alike(c, bytes, behind, length)) return STRING_BROKEN;
        }
        c->line += byte == '\n';
        c->escaped = byte == '\\';
        ++*at;
        if (byte == '"') {
            c->in_string = 0;
            return STRING_CLOSED;
        }
    }
    return STRING_ON;
}

/* Takes a byte outside strings; 0: JSON does not allow it there. */
static int take_byte(record_cutter *c, char byte) {
    const char previous = c->previous;
    const int literal = c->in_literal;
    c->in_literal = 0;
    switch (byte) {
        case '\n': c->line++; return 1;
        case ' ':
        case '\r':
        case '\t': return 1;
        case '"':
            c->in_string = 1;
            c->previous = 'V';
            return previous != 'V';
        case '{':
        case '[': {
            const int wrong = previous == 'V' || (previous != ':' && in_object(c) == 1);
            c->depth++;
            set_object(c, byte == '{');
            c->previous = byte;
            return !wrong;
        }
        case '}':
        case ']': {
            const int object = in_object(c);
            c->depth--;
            c->previous = 'V';
            return object < 0 || object == (byte == '}');
        }
        case ',': c->previous = byte; return 1;
        case ':': c->previous = byte; return in_object(c) != 0;
        default:
            c->in_literal = 1;
            c->previous = 'V';
            return (unsigned char)byte < 0x80 && (literal || previous != 'V');
    }
}

static int next_of_element(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                           record *out) {
    while (*at < length) {
        if (c->in_string) {
            const string_end end = pass_string(c, bytes, *start, at, length, last);
            if (end == STRING_BROKEN) return break_element(c, bytes, start, at, length, last, out);
            if (end == STRING_ON) break;
        } else if (!take_byte(c, bytes[(*at)++])) {
            return break_element(c, bytes, start, at, length, last, out);
        }
        if (!c->depth && !c->in_string) return end_value(c, start, at, *at, out);
    }
    return last ? end_value(c, start, at, length, out) : 0;
}

static int next_of_scalar(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                          record *out) {
    while (*at < length && !is_space(bytes[*at]) && !strchr(",[]{}\"", bytes[*at])) ++*at;
    return *at < length || last ? end_value(c, start, at, *at, out) : 0;
}

/* The next name of the path. */
static const char *wanted_name(const record_cutter *c, size_t *length) {
    const char *name = c->path;
    for (unsigned i = 0; i < c->matched; i++) name = strchr(name, '.') + 1;
    *length = strcspn(name, ".");
    return name;
}

/* Compares a key of an object around the array, byte by byte. */
static void compare_key(record_cutter *c, const char *bytes, size_t from, size_t to) {
    size_t length;
    const char *name = wanted_name(c, &length);
    for (; from < to && c->key_at != SIZE_MAX; from++) {
        c->key_at = c->key_at < length && bytes[from] == name[c->key_at] ? c->key_at + 1 : SIZE_MAX;
    }
}

static void walk_open(record_cutter *c, char byte) {
    size_t length;
    const int here = c->pending && c->depth == c->base + c->matched + 1;
    if (here) {
        const int is_last = !wanted_name(c, &length)[length];
        if (byte == '[' && is_last) {
            c->in_array = c->found = 1;
            c->state = VALUE_BETWEEN;
        } else if (byte == '{' && !is_last) {
            c->matched++;
        }
    } else if (byte == '[' && !c->depth) {
        c->base = 1;
    }
    c->pending = 0;
    c->depth++;
    c->previous = byte;
}

static void walk_byte(record_cutter *c, char byte) {
    size_t length;
    switch (byte) {
        case '\n': c->line++; break;
        case '"':
            c->in_string = 1;
            c->is_key = c->depth == c->base + c->matched + 1 && (c->previous == '{' || c->previous == ',');
            c->key_at = 0;
            c->pending = 0;
            break;
        case ':':
            (void)wanted_name(c, &length);
            c->pending = c->is_key && c->key_at == length;
            c->is_key = 0;
            break;
        case '{':
        case '[': walk_open(c, byte); break;
        case '}':
        case ']':
            if (c->depth) c->depth--;
            if (c->matched && c->depth == c->base + c->matched) c->matched--;
            if (!c->depth) {
                c->base = 0;
                c->state = VALUE_BETWEEN;
            }
            c->pending = 0;
            c->previous = 'V';
            break;
        case ',':
            c->previous = ',';
            c->pending = 0;
            break;
        default: break;
    }
}

/* Walks to the array that holds the records, or to the end of the object. */
static void walk(record_cutter *c, const char *bytes, size_t *at, size_t length, int last) {
    while (*at < length && c->state == VALUE_WALK) {
        if (c->in_string) {
            const size_t from = *at;
            const string_end end = pass_string(c, bytes, from, at, length, last);
            if (c->is_key) compare_key(c, bytes, from, *at - (end == STRING_CLOSED));
        } else {
            walk_byte(c, bytes[(*at)++]);
        }
    }
}

/*
 * Bytes between values that are no more than a blank: NULs that a crash left, the separator of records in RFC 7464, and
 * the byte order mark of an appended file. SIZE_MAX: more bytes decide.
 */
static size_t mark_length(const char *bytes, size_t length, int last) {
    static const char order[] = "\xEF\xBB\xBF";
    if (*bytes == '\0' || *bytes == '\x1E') return 1;
    if (length >= 3) return memcmp(bytes, order, 3) ? 0 : 3;
    return !last && !memcmp(bytes, order, length) ? SIZE_MAX : 0;
}

/* Between elements; 1: an element began, or the walk did. */
static int begin_value(record_cutter *c, const char *bytes, size_t *at, size_t length, int last) {
    for (; *at < length; ++*at) {
        const char byte = bytes[*at];
        const size_t mark = mark_length(bytes + *at, length - *at, last);
        if (mark == SIZE_MAX) return 0;
        c->line += byte == '\n';
        if (mark) *at += mark - 1;
        if (mark || is_space(byte) || byte == ',') continue;
        if (c->in_array && byte == ']') {
            c->in_array = 0;
            if (!c->path) continue;
            c->depth = c->base + c->matched + 2; /* walk() takes the bracket */
            c->state = VALUE_WALK;
            return 1;
        }
        if (!c->in_array && byte == '[' && !c->path) {
            c->in_array = 1;
            continue;
        }
        if (!c->in_array && c->path && (byte == '[' || byte == '{')) {
            c->state = VALUE_WALK;
            c->depth = c->base = c->matched = 0;
            c->pending = 0;
            return 1;
        }
        begin_element(c, strchr("{[\"", byte) ? VALUE_ELEMENT : VALUE_SCALAR);
        return 1;
    }
    return 0;
}

static int next_value(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                      record *out) {
    for (;;) {
        switch (c->state) {
            case VALUE_BETWEEN: {
                const int began = begin_value(c, bytes, at, length, last);
                *start = *at;
                if (!began) return 0;
                if (c->state == VALUE_SCALAR) ++*at;
                break;
            }
            case VALUE_WALK:
                walk(c, bytes, at, length, last);
                *start = *at;
                if (*at == length) return 0;
                break;
            case VALUE_ELEMENT: return next_of_element(c, bytes, start, at, length, last, out);
            case VALUE_SCALAR: return next_of_scalar(c, bytes, start, at, length, last, out);
            default: return next_behind_broken(c, bytes, start, at, length, last, out);
        }
    }
}

void record_cutter_forget(record_cutter *c, const char *bytes, size_t start, size_t length) {
    c->quote_at = 0;
    if (c->kind == RECORD_VALUES && c->state == VALUE_ELEMENT) keep_key(c, bytes, start, length);
}

int record_cutter_next(record_cutter *c, const char *bytes, size_t *start, size_t *at, size_t length, int last,
                       record *out) {
    switch (c->kind) {
        case RECORD_ROWS: return next_row(c, bytes, start, at, length, last, out);
        case RECORD_VALUES: return next_value(c, bytes, start, at, length, last, out);
        default: return next_line(c, bytes, start, at, length, last, out);
    }
}

const char *record_cutter_end(const record_cutter *c) {
    if (c->kind != RECORD_VALUES) return NULL;
    if (c->in_array) return "the JSON array has no end: the file is cut short";
    if (c->state == VALUE_WALK) return "the JSON has no end: the file is cut short";
    return c->path && !c->found ? "there is no array where the records are looked for" : NULL;
}
