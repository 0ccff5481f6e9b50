/*
 * Reads the text of a weights file, strictly: a program writes it, so anything unexpected means that the file is cut,
 * mixed up or of another version. The first problem ends the reading. Numbers are decimals with at most six decimal
 * places and are read as whole millionths: the same value in every locale and on every machine.
 */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "learn/ngrams.h"
#include "learn/weights.h"

#define FORMAT "1"
#define MOST_WHOLE_DIGITS 9 /* of a number */
#define MOST_WINDOW 100000  /* folded characters: the longest distance of "near" */
#define SHOWN 60            /* bytes of a cell in a message */

typedef struct reading {
    const tocsin__weights_context *context;
    tocsin__arena *arena;
    tocsin__weights *made;
    tocsin__weight *features; /* in the order of the file */
    uint64_t *seen_keys;      /* of the features so far: open addressing, linear probing; 0: free */
    size_t seen_mask;
    uint64_t *around;
    const char *at, *end; /* the rest of the file */
    uint32_t line;        /* of the line that was read last */
    uint32_t seen;        /* header keys so far, a bit for each */
    uint64_t declared;    /* features */
    size_t errors;
    tocsin_status status;
} reading;

typedef struct cell {
    const char *text;
    size_t length;
} cell;

__attribute__((format(printf, 4, 5))) static int refuse(reading *r, const char *code, uint32_t column,
                                                        const char *format, ...) {
    char text[320];
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    r->errors++;
    const tocsin__place place = {r->context->file, r->line, column};
    r->status = tocsin__diagnose(r->context->diagnostics, TOCSIN_SEVERITY_ERROR, code, place, "%s", text);
    return 0;
}

/* How much of a cell a message shows. */
static int shown(cell c) {
    size_t length = c.length < SHOWN ? c.length : SHOWN;
    while (length < c.length && length > 0 && ((unsigned char)c.text[length] & 0xC0) == 0x80) length--;
    return (int)length;
}

static int is(cell c, const char *text) { return strlen(text) == c.length && !memcmp(c.text, text, c.length); }

/* The next line without its end; 0 at the end of the file, or if the last line has no end. */
static int next_line(reading *r, cell *line) {
    if (r->at == r->end) return 0;
    r->line++;
    const char *stop = memchr(r->at, '\n', (size_t)(r->end - r->at));
    if (!stop) return refuse(r, "bad-weights", 1, "the file is cut: its last line has no end");
    *line = (cell){r->at, (size_t)(stop - r->at)};
    r->at = stop + 1;
    if (line->length && stop[-1] == '\r') line->length--;
    return 1;
}

/* The cell up to the next tab; *rest becomes the text after it; 0 if nothing is left. */
static int next_cell(cell *rest, cell *out) {
    if (!rest->text) return 0;
    const char *tab = memchr(rest->text, '\t', rest->length);
    *out = (cell){rest->text, tab ? (size_t)(tab - rest->text) : rest->length};
    if (tab) {
        rest->length -= out->length + 1;
        rest->text = tab + 1;
    } else {
        rest->text = NULL;
    }
    return 1;
}

/* A decimal in millionths. */
static int read_number(reading *r, cell *rest, const char *what, int64_t lowest, int64_t highest, int64_t *out) {
    cell c = {"", 0};
    const int there = next_cell(rest, &c);
    size_t at = 0, digits = 0, decimals = 0;
    int64_t value = 0;
    const int negative = c.length && c.text[0] == '-';
    for (at = (size_t)negative; at < c.length && c.text[at] >= '0' && c.text[at] <= '9'; at++) {
        if (++digits > MOST_WHOLE_DIGITS) break;
        value = value * 10 + (c.text[at] - '0');
    }
    int sound = there && digits > 0 && digits <= MOST_WHOLE_DIGITS;
    if (sound && at < c.length && c.text[at] == '.') {
        for (at++; at < c.length && decimals < 6 && c.text[at] >= '0' && c.text[at] <= '9'; at++, decimals++) {
            value = value * 10 + (c.text[at] - '0');
        }
        sound = decimals > 0;
    }
    for (; decimals < 6; decimals++) value *= 10;
    if (negative) value = -value;
    if (!sound || at < c.length) {
        return refuse(r, "bad-weights", 1, "%s is \"%.*s\" and not a decimal number of at most six decimal places",
                      what, shown(c), c.text);
    }
    if (value < lowest || value > highest) {
        return refuse(r, "bad-weights", 1, "%s is %.*s, and must be from %.6g to %.6g", what, shown(c), c.text,
                      (double)lowest / 1e6, (double)highest / 1e6);
    }
    *out = value;
    return 1;
}

static int read_whole(reading *r, cell *rest, const char *what, uint64_t highest, uint64_t *out) {
    int64_t value = 0;
    if (!read_number(r, rest, what, 0, (int64_t)highest * 1000000, &value)) return 0;
    if (value % 1000000) return refuse(r, "bad-weights", 1, "%s is not a whole number", what);
    *out = (uint64_t)value / 1000000;
    return 1;
}

static int no_memory(reading *r) {
    r->status = TOCSIN_ERROR_MEMORY;
    return 0;
}

/* The topic of an id; SIZE_MAX if the plan has no such topic. */
static size_t find_topic(const reading *r, cell id) {
    for (size_t i = 0; i < r->context->topic_count; i++) {
        if (is(id, r->context->topics[i])) return i;
    }
    return SIZE_MAX;
}

static int refuse_topic(reading *r, cell id) {
    return refuse(r, "weights-version", 1,
                  "the weights use the topic \"%.*s\", which the plan does not have: train them again", shown(id),
                  id.text);
}

/* ---- header ---- */

/* Words for people. */
static int read_ignored(reading *r, cell rest) {
    (void)r;
    (void)rest;
    return 1;
}

/* Whether a word reads as a number that is not finite. */
static int is_endless(cell word) {
    char text[SHOWN + 1], *end;
    if (!word.length || word.length > SHOWN) return word.length && word.text[0] >= '0' && word.text[0] <= '9';
    memcpy(text, word.text, word.length);
    text[word.length] = '\0';
    const double value = strtod(text, &end);
    return !*end && !isfinite(value);
}

/* Words and numbers for people. */
static int read_remark(reading *r, cell rest) {
    for (size_t at = 0, end; at < rest.length; at = end + 1) {
        end = at;
        while (end < rest.length && !memchr(" ,;/\t", rest.text[end], 5)) end++;
        const cell word = {rest.text + at, end - at};
        if (is_endless(word)) {
            return refuse(r, "bad-weights", 1, "\"%.*s\" is not a finite number", shown(word), word.text);
        }
    }
    return 1;
}

static int read_target(reading *r, cell rest) {
    r->made->target = tocsin__arena_copy(r->arena, rest.text, rest.length);
    return r->made->target ? 1 : no_memory(r);
}

static int read_features(reading *r, cell rest) {
    const uint32_t version = rest.length == 1 ? (uint32_t)(rest.text[0] - '0') : 0;
    r->made->plain = version >= TOCSIN__FEATURES_PLAIN;
    return (version >= 1 && version <= TOCSIN__FEATURES_VERSION) ||
           refuse(r, "weights-version", 1,
                  "the weights are for features of version %.*s, and this library has version %u: "
                  "train them again",
                  shown(rest), rest.text, TOCSIN__FEATURES_VERSION);
}

static int read_fold(reading *r, cell rest) {
    return is(rest, r->context->fold) ||
           refuse(r, "weights-version", 1,
                  "the weights are for text folded by \"%.*s\", and the plan folds by \"%s\": train them again",
                  shown(rest), rest.text, r->context->fold);
}

static int read_window(reading *r, cell rest) {
    uint64_t window = 0;
    const size_t words = (r->context->topic_count + 63) / 64;
    cell id;
    if (!read_whole(r, &rest, "the window", MOST_WINDOW, &window)) return 0;
    r->made->window = (uint32_t)window;
    r->around = tocsin__arena_allocate(r->arena, (words + 1) * sizeof *r->around);
    if (!r->around) return no_memory(r);
    memset(r->around, 0, (words + 1) * sizeof *r->around);
    r->made->around = r->around;
    while (next_cell(&rest, &id)) {
        const size_t topic = find_topic(r, id);
        if (topic == SIZE_MAX) return refuse_topic(r, id);
        r->around[topic / 64] |= UINT64_C(1) << topic % 64;
    }
    return 1;
}

/* Checks that a line ends after its values. */
static int read_end(reading *r, cell rest, const char *values) {
    return !rest.text || refuse(r, "bad-weights", 1, "the line has more than %s", values);
}

/* Reads a line with one number, at least `least` millionths. */
static int read_one(reading *r, cell rest, const char *what, int64_t least, double *out) {
    int64_t number = 0;
    if (!read_number(r, &rest, what, least, INT64_C(1000000000000), &number)) return 0;
    *out = (double)number / 1e6;
    return read_end(r, rest, what);
}

static int read_floor(reading *r, cell rest) { return read_one(r, rest, "the floor", 0, &r->made->floor); }

static int read_bias(reading *r, cell rest) {
    return read_one(r, rest, "the bias", -INT64_C(1000000000000), &r->made->bias);
}

static int read_calibration(reading *r, cell rest) {
    int64_t slope = 0, intercept = 0;
    if (!read_number(r, &rest, "the slope", 0, INT64_C(1000000000), &slope) ||
        !read_number(r, &rest, "the intercept", -INT64_C(1000000000), INT64_C(1000000000), &intercept)) {
        return 0;
    }
    r->made->slope = (double)slope / 1e6;
    r->made->intercept = (double)intercept / 1e6;
    return read_end(r, rest, "a slope and an intercept");
}

/* Reads a threshold with its precision and recall, which are for people but checked as strictly as the weights. */
static int read_threshold(reading *r, cell rest) {
    static const char *const what[] = {"the threshold", "the precision", "the recall"};
    int64_t share = 0;
    for (size_t i = 0; i < 3; i++) {
        if (!read_number(r, &rest, what[i], 0, 1000000, &share)) return 0;
    }
    return read_end(r, rest, "a threshold, its precision and its recall");
}

static int read_labels(reading *r, cell rest) {
    size_t digits = 0;
    while (digits < rest.length && digits < 17 && memchr("0123456789abcdefABCDEF", rest.text[digits], 22)) digits++;
    return (digits && digits == rest.length && digits <= 16) ||
           refuse(r, "bad-weights", 1, "the hash of the labels is \"%.*s\" and not up to 16 hexadecimal digits",
                  shown(rest), rest.text);
}

static int read_count(reading *r, cell rest) {
    return read_whole(r, &rest, "the number of features", TOCSIN__WEIGHTS_MAX, &r->declared) &&
           read_end(r, rest, "the number of features");
}

static const struct {
    const char *key;
    int required, repeats;
    int (*read)(reading *r, cell rest);
} keys[] = {
    {"name", 0, 0, read_ignored},        {"target", 1, 0, read_target},  {"labels", 0, 0, read_labels},
    {"documents", 0, 0, read_remark},    {"trained", 0, 0, read_remark}, {"holdout", 0, 0, read_remark},
    {"features", 1, 0, read_features},   {"fold", 1, 0, read_fold},      {"window", 0, 0, read_window},
    {"floor", 0, 0, read_floor},         {"bias", 1, 0, read_bias},      {"calibration", 1, 0, read_calibration},
    {"threshold", 0, 1, read_threshold}, {"count", 1, 0, read_count},
};

#define KEYS (sizeof keys / sizeof *keys)

static int read_key(reading *r, cell line) {
    cell rest = line, key = {"", 0};
    size_t i = 0;
    (void)next_cell(&rest, &key);
    while (i < KEYS && !is(key, keys[i].key)) i++;
    if (i == KEYS) return refuse(r, "bad-weights", 1, "\"%.*s\" is not a key of a weights file", shown(key), key.text);
    if (!rest.text) return refuse(r, "bad-weights", 1, "\"%s\" has no value", keys[i].key);
    if ((r->seen >> i & 1) && !keys[i].repeats) {
        return refuse(r, "bad-weights", 1, "\"%s\" stands there twice", keys[i].key);
    }
    r->seen |= UINT32_C(1) << i;
    return keys[i].read(r, rest);
}

static int read_header(reading *r) {
    cell line = {"", 0}, rest, first = {"", 0};
    if (r->at == r->end) {
        r->line = 1;
        return refuse(r, "bad-weights", 1, "the weights file is empty");
    }
    if (!next_line(r, &line)) return 0;
    rest = line;
    (void)next_cell(&rest, &first);
    if (!is(first, "tocsin weights")) {
        return refuse(r, "bad-weights", 1,
                      "this is not a weights file: its first line does not begin with \"tocsin weights\"");
    }
    if (!rest.text || !is(rest, FORMAT)) {
        return refuse(r, "weights-version", 1, "the file has another format than %s: train the weights again", FORMAT);
    }
    for (;;) {
        if (!next_line(r, &line)) {
            return r->errors ? 0 : refuse(r, "bad-weights", 1, "the file is cut: no empty line ends its header");
        }
        if (!line.length) break;
        if (!read_key(r, line)) return 0;
    }
    for (size_t i = 0; i < KEYS; i++) {
        if (keys[i].required && !(r->seen >> i & 1)) {
            return refuse(r, "bad-weights", 1, "the header has no \"%s\"", keys[i].key);
        }
    }
    return 1;
}

/* ---- features ---- */

/* Makes room for the declared features; the rest of the file must be long enough for them. */
static int make_table(reading *r) {
    size_t seen = 4;
    if (r->declared * 6 > (uint64_t)(r->end - r->at)) {
        return refuse(r, "bad-weights", 1, "the file is cut: %llu features cannot stand in the %zu bytes that follow",
                      (unsigned long long)r->declared, (size_t)(r->end - r->at));
    }
    while (seen < 2 * r->declared) seen *= 2;
    r->seen_mask = seen - 1;
    r->made->features = r->features = tocsin__arena_allocate(r->arena, (size_t)(r->declared + 1) * sizeof *r->features);
    r->seen_keys = tocsin__allocate_zeroed(&r->arena->allocator, seen * sizeof *r->seen_keys);
    return (r->features && r->seen_keys) || no_memory(r);
}

/* The rest of a name after a prefix, or NULL if it does not have the prefix. */
static const char *behind(cell c, const char *prefix) {
    const size_t length = strlen(prefix);
    return c.length > length && !memcmp(c.text, prefix, length) ? c.text + length : NULL;
}

/* The key of value:ID>=N; 0 after a reported problem. */
static uint64_t read_value_feature(reading *r, cell c, const char *id) {
    const char *end = c.text + c.length, *sign = end - 1;
    uint64_t step = 1;
    char wanted[24];
    while (sign > id && *sign != '=') sign--;
    if (sign <= id + 1 || sign[-1] != '>') sign = NULL;
    for (; sign && step <= TOCSIN__FEATURE_STEPS; step++) {
        const int length =
            snprintf(wanted, sizeof wanted, "%llu", (unsigned long long)tocsin__feature_step((uint32_t)step));
        if (end - sign - 1 == length && !memcmp(sign + 1, wanted, (size_t)length)) break;
    }
    if (!sign || step > TOCSIN__FEATURE_STEPS) {
        (void)refuse(r, "bad-weights", 1,
                     "\"%.*s\" is not a feature of a value: value:ID>=N, where N is 1, 2, 3, 5, 10 … 500000", shown(c),
                     c.text);
        return 0;
    }
    const cell topic_id = {id, (size_t)(sign - 1 - id)};
    const size_t topic = find_topic(r, topic_id);
    if (topic != SIZE_MAX) return TOCSIN__FEATURE_TOPIC | step << TOCSIN__FEATURE_STEP | topic;
    (void)refuse_topic(r, topic_id);
    return 0;
}

/* The key of a feature; 0 after a reported problem. */
static uint64_t read_feature(reading *r, cell c) {
    uint64_t key = 0;
    size_t characters = 0;
    const char *id = behind(c, "topic:");
    if (id) {
        const cell topic_id = {id, c.length - (size_t)(id - c.text)};
        const size_t topic = find_topic(r, topic_id);
        if (topic != SIZE_MAX) return TOCSIN__FEATURE_TOPIC | topic;
        (void)refuse_topic(r, topic_id);
        return 0;
    }
    if ((id = behind(c, "value:")) != NULL) return read_value_feature(r, c, id);
    for (size_t at = 0, next; at < c.length; at = next, characters++) {
        const uint32_t p = tocsin__utf8_next(c.text, c.length, at, &next);
        if (p == TOCSIN__UTF8_MALFORMED || tocsin__breaks_ngrams(p) || characters == 3) {
            characters = 4;
            break;
        }
        key = key << TOCSIN__FEATURE_CHARACTER | (p + 1);
    }
    if (characters >= 1 && characters <= 3) return key;
    (void)refuse(r, "bad-weights", 1, "\"%.*s\" is not a feature: one to three characters, topic:ID, or value:ID>=N",
                 shown(c), c.text);
    return 0;
}

/* Marks a key as seen; 0 if it already was. */
static int is_new(reading *r, uint64_t key) {
    size_t at = (size_t)(tocsin__feature_hash(key) >> 32) & r->seen_mask;
    for (; r->seen_keys[at]; at = (at + 1) & r->seen_mask) {
        if (r->seen_keys[at] == key) return 0;
    }
    r->seen_keys[at] = key;
    return 1;
}

static int read_row(reading *r, cell line) {
    cell rest = line, feature = {"", 0};
    int64_t weight = 0, idf = 0;
    (void)next_cell(&rest, &feature);
    const uint64_t key = read_feature(r, feature);
    if (!key || !read_number(r, &rest, "the weight", -INT64_C(1000000000000), INT64_C(1000000000000), &weight) ||
        !read_number(r, &rest, "the idf", 1, INT64_C(1000000000), &idf)) {
        return 0;
    }
    if (!read_end(r, rest, "a feature, a weight and an idf")) return 0;
    if (!is_new(r, key)) {
        return refuse(r, "bad-weights", 1, "the feature \"%.*s\" stands there twice", shown(feature), feature.text);
    }
    r->features[r->made->count++] = (tocsin__weight){key, (float)((double)weight / 1e6), (float)((double)idf / 1e6)};
    return 1;
}

static int read_rows(reading *r) {
    cell line = {"", 0};
    while (r->made->count < r->declared) {
        if (!next_line(r, &line)) {
            return r->errors ? 0
                             : refuse(r, "bad-weights", 1, "the file is cut: it has %u of %llu features",
                                      r->made->count, (unsigned long long)r->declared);
        }
        if (!read_row(r, line)) return 0;
    }
    r->line++;
    return r->at == r->end ||
           refuse(r, "bad-weights", 1, "the file goes on after its %llu features", (unsigned long long)r->declared);
}

tocsin_status tocsin__weights_read(tocsin_bytes text, const tocsin__weights_context *context, tocsin__arena *arena,
                                   size_t *errors, const tocsin__weights **weights) {
    reading r = {.context = context, .arena = arena, .at = text.data, .end = text.data + text.length};
    *weights = NULL;
    r.made = tocsin__arena_allocate(arena, sizeof *r.made);
    if (!r.made) return TOCSIN_ERROR_MEMORY;
    memset(r.made, 0, sizeof *r.made);
    if (read_header(&r) && make_table(&r) && read_rows(&r)) *weights = r.made;
    tocsin__deallocate(&arena->allocator, r.seen_keys, (r.seen_mask + 1) * sizeof *r.seen_keys);
    *errors += r.errors;
    return r.status;
}
