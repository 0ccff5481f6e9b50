/*
 * Splits text into tokens, by hand: the language has a dozen symbols, and most of the work is to explain mistakes in
 * terms of what the author meant. Full-width punctuation, which a Chinese input method types, ≥, "&&" and "=" are
 * reported with the right spelling and then read as that, so that the rest of the expression is still checked.
 *
 * Problems are counted even if they are not kept: a define is read again for every expression that uses it, but its
 * problems are reported once. The caller turns an offset into a place (the text may stand in a YAML scalar); without a
 * locate function, lines and columns are those of the text itself.
 */
#include "rule/rule_lexer.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <tocsin/document.h>

#include "base/fail.h"
#include "base/utf8.h"
#include "rule/rule_program.h"

/* ---- problems ---- */

static tocsin__place place_of(const tocsin__rule_source *source, size_t offset) {
    if (source->locate) return source->locate(source->context, offset);
    tocsin__place place = {NULL, 1, 1};
    size_t line = 0;
    for (size_t i = 0; i < offset; i++) {
        if (source->data[i] != '\n') continue;
        place.line++;
        line = i + 1;
    }
    if (offset > line) place.column += (uint32_t)tocsin__utf8_count(source->data + line, offset - line);
    return place;
}

static void keep(tocsin__rule_unit *unit, tocsin_severity severity, const char *code, size_t offset,
                 const char *message) {
    if (!unit->diagnostics) return;
    tocsin_status status =
        tocsin__diagnose(unit->diagnostics, severity, code, place_of(unit->source, offset), "%s", message);
    if (status) unit->status = status;
}

void tocsin__rule_report(tocsin__rule_unit *unit, tocsin_severity severity, const char *code, size_t offset,
                         const char *format, ...) {
    char message[TOCSIN_ERROR_MESSAGE_SIZE];
    if (unit->stopped) return;
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    keep(unit, severity, code, offset, message);
    if (severity != TOCSIN_SEVERITY_ERROR) return;
    if (++unit->errors < TOCSIN__RULE_MAX_PROBLEMS) return;
    keep(unit, severity, "rule-limit", offset, "too many problems: the rest of the expression is not read");
    unit->stopped = 1;
}

tocsin__rule_shown tocsin__rule_show(const char *text, size_t length) {
    static const char more[] = "\xE2\x80\xA6";
    const size_t longest = sizeof((tocsin__rule_shown *)0)->text - sizeof more;
    tocsin__rule_shown shown = {{0}};
    size_t kept = length;
    if (length > longest) {
        for (kept = longest; kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80;) kept--;
        memcpy(shown.text + kept, more, sizeof more);
    }
    if (kept) memcpy(shown.text, text, kept);
    return shown;
}

/* ---- measures ---- */

static const tocsin__rule_measure measures[] = {
    {TOCSIN__RULE_COUNT, 1, TOCSIN__RULE_WHOLE, "count", "count(…)", "count(…) >= 3"},
    {TOCSIN__RULE_DISTINCT, 1, TOCSIN__RULE_WHOLE, "distinct", "distinct(…)", "distinct(…) >= 2"},
    {TOCSIN__RULE_SCORE, 1, TOCSIN__RULE_DECIMAL, "score", "score(…)", "score(…) >= 2.5"},
    {TOCSIN__RULE_VALUE, 1, TOCSIN__RULE_DECIMAL, "value", "value(…)", "value(…) >= 30"},
    {TOCSIN__RULE_LEARNED, 0, TOCSIN__RULE_DECIMAL, "learned", "learned(…)", "learned(…) >= 0.6"},
    {TOCSIN__RULE_REACH, 0, TOCSIN__RULE_WHOLE, "reach", "reach", "reach >= 10000"},
    {TOCSIN__RULE_ATTENTION, 0, TOCSIN__RULE_NAME, "attention", "attention", "attention >= high"},
    {TOCSIN__RULE_TIER, 0, TOCSIN__RULE_NAME, "tier", "tier", "tier >= one of the plan"},
    {TOCSIN__RULE_VENUE, 0, TOCSIN__RULE_NAME, "venue", "venue", "venue == forum"},
};

#define MEASURES (sizeof measures / sizeof *measures)

const tocsin__rule_measure *tocsin__rule_measure_of(uint8_t kind) {
    for (size_t i = 0; kind && i < MEASURES; i++) {
        if (measures[i].kind == kind) return &measures[i];
    }
    return NULL;
}

const tocsin__rule_measure *tocsin__rule_measure_to_come(const char *word, size_t length) {
    for (size_t i = 0; i < MEASURES; i++) {
        if (!measures[i].kind && !strncmp(measures[i].word, word, length) && !measures[i].word[length]) {
            return &measures[i];
        }
    }
    return NULL;
}

/* ---- words ---- */

static const struct {
    const char *word;
    uint8_t kind, value;
} words[] = {
    {"and", TOCSIN__TOKEN_AND, 0},
    {"or", TOCSIN__TOKEN_OR, 0},
    {"not", TOCSIN__TOKEN_NOT, 0},
    {"in", TOCSIN__TOKEN_IN, 0},
    {"near", TOCSIN__TOKEN_PROXIMITY, TOCSIN__RULE_NEAR},
    {"before", TOCSIN__TOKEN_PROXIMITY, TOCSIN__RULE_BEFORE},
    {"after", TOCSIN__TOKEN_PROXIMITY, TOCSIN__RULE_AFTER},
    {"unless", TOCSIN__TOKEN_PROXIMITY, TOCSIN__RULE_UNLESS},
    {"sentence", TOCSIN__TOKEN_SCOPE, TOCSIN__RULE_SENTENCE},
    {"paragraph", TOCSIN__TOKEN_SCOPE, TOCSIN__RULE_PARAGRAPH},
    {"title", TOCSIN__TOKEN_FIELD, TOCSIN_FIELD_TITLE},
    {"text", TOCSIN__TOKEN_FIELD, TOCSIN_FIELD_TEXT},
    {"count", TOCSIN__TOKEN_MEASURE, TOCSIN__RULE_COUNT},
    {"distinct", TOCSIN__TOKEN_MEASURE, TOCSIN__RULE_DISTINCT},
    {"score", TOCSIN__TOKEN_MEASURE, TOCSIN__RULE_SCORE},
    {"value", TOCSIN__TOKEN_MEASURE, TOCSIN__RULE_VALUE},
    {"learned", TOCSIN__TOKEN_LEARNED, 0},
    {"reach", TOCSIN__TOKEN_FACT, TOCSIN__RULE_REACH},
    {"attention", TOCSIN__TOKEN_FACT, TOCSIN__RULE_ATTENTION},
    {"tier", TOCSIN__TOKEN_FACT, TOCSIN__RULE_TIER},
    {"venue", TOCSIN__TOKEN_FACT, TOCSIN__RULE_VENUE},
    {"atleast", TOCSIN__TOKEN_ATLEAST, 0},
    {"clause", TOCSIN__TOKEN_CLAUSE, 0},
};

#define WORD_COUNT (sizeof words / sizeof *words)

const char *tocsin__rule_word(size_t index) { return index < WORD_COUNT ? words[index].word : NULL; }

static int is_digit(uint32_t c) { return c >= '0' && c <= '9'; }

static int name_part(uint32_t c) {
    static const uint32_t ranges[][2] = {{'0', '9'},       {'A', 'Z'},       {'_', '_'},       {'a', 'z'},
                                         {0xC0, 0xD6},     {0xD8, 0xF6},     {0xF8, 0x24F},    {0x370, 0x373},
                                         {0x376, 0x37D},   {0x386, 0x386},   {0x388, 0x52F},   {0x3005, 0x3007},
                                         {0x3041, 0x3096}, {0x30A1, 0x30FA}, {0x30FC, 0x30FF}, {0x3400, 0x4DBF},
                                         {0x4E00, 0x9FFF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD}};
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) return 1;
    }
    return 0;
}

static int is_space(uint32_t c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF;
}

static uint32_t code_point(const tocsin__rule_source *source, size_t at, size_t *next) {
    if (at < source->length) return tocsin__utf8_next(source->data, source->length, at, next);
    *next = at;
    return 0;
}

/* The end of the run of name characters; a "-" counts between two of them. */
static size_t name_end(const tocsin__rule_source *source, size_t at) {
    size_t next, after;
    for (;;) {
        uint32_t c = code_point(source, at, &next);
        if (name_part(c)) {
            at = next;
        } else if (c == '-' && name_part(code_point(source, next, &after))) {
            at = after;
        } else {
            return at;
        }
    }
}

static size_t find_word(const char *text, size_t length) {
    for (size_t i = 0; i < WORD_COUNT; i++) {
        const char *word = words[i].word;
        if (word[0] == text[0] && !strncmp(word, text, length) && !word[length]) return i;
    }
    return WORD_COUNT;
}

static int all_digits(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (!is_digit((unsigned char)text[i])) return 0;
    }
    return 1;
}

const char *tocsin__rule_name_problem(const char *name, size_t length) {
    tocsin__rule_source source = {name, length, NULL, NULL};
    size_t next;
    if (!length) return "is empty";
    if (tocsin__utf8_valid_prefix(name, length) < length) return "is not UTF-8";
    if (name[0] == '-' || name[length - 1] == '-') return "starts or ends with \"-\"";
    if (!name_part(code_point(&source, 0, &next)) || name_end(&source, 0) != length) {
        return "has a character other than letters, digits, \"_\" and single \"-\" between them";
    }
    if (all_digits(name, length)) return "is a number";
    return find_word(name, length) < WORD_COUNT ? "is a word of the rule language" : NULL;
}

/* The ASCII symbol that a character means, or 0. *foreign is set if the character itself is not ASCII. */
static char symbol_of(uint32_t c, int *foreign) {
    if (c > 0x20 && c < 0x7F) return (char)c;
    *foreign = 1;
    if (c >= 0xFF01 && c <= 0xFF5E) return (char)(c - 0xFEE0);
    switch (c) {
        case 0x3001: return ',';
        case 0x201C:
        case 0x201D:
        case 0x2018:
        case 0x2019: return '"';
        default: *foreign = 0; return 0;
    }
}

static int is_symbol(char c) { return c && strchr("()/,&|!<>=", c) != NULL; }

static void report_text(tocsin__rule_lexer *lexer, size_t from, size_t to, const char *before, const char *after) {
    tocsin__rule_shown shown = tocsin__rule_show(lexer->unit->source->data + from, to - from);
    tocsin__rule_report(lexer->unit, TOCSIN_SEVERITY_ERROR, "rule-syntax", from, "%s\"%s\"%s", before, shown.text,
                        after);
}

static void write_instead(tocsin__rule_lexer *lexer, size_t from, size_t to, const char *right) {
    tocsin__rule_shown shown = tocsin__rule_show(lexer->unit->source->data + from, to - from);
    tocsin__rule_report(lexer->unit, TOCSIN_SEVERITY_ERROR, "rule-syntax", from, "write \"%s\" instead of \"%s\"",
                        right, shown.text);
}

static void take(tocsin__rule_lexer *lexer, tocsin__rule_token_kind kind, uint64_t value, size_t end) {
    tocsin__rule_token token = {kind, lexer->at, end - lexer->at, value, 0, 0, 0};
    lexer->token = token;
    lexer->at = end;
}

/* Reads symbols of one or two characters, also the wrong spellings. */
static void read_symbol(tocsin__rule_lexer *lexer, char first, size_t end, int foreign) {
    static const char *const spelled[] = {[TOCSIN__RULE_LT] = "<", [TOCSIN__RULE_EQ] = "==", [TOCSIN__RULE_LE] = "<=",
                                          [TOCSIN__RULE_GT] = ">", [TOCSIN__RULE_NE] = "!=", [TOCSIN__RULE_GE] = ">="};
    const char *right = NULL;
    size_t from = lexer->at, after;
    int foreign_too = 0;
    char second = symbol_of(code_point(lexer->unit->source, end, &after), &foreign_too);
    int equals = second == '=' && strchr("<>=!", first);
    const int turned =
        second && ((first == '=' && strchr("<>", second)) || (first == '<' && second == '>')); /* =>, <> */
    if (first == '&' || first == '|') {
        if (second == first) end = after;
        take(lexer, first == '&' ? TOCSIN__TOKEN_AND : TOCSIN__TOKEN_OR, 0, end);
        if (second == first || foreign) right = first == '&' ? "&" : "|";
    } else if (strchr("<>=", first) || equals) {
        unsigned compare = first == '<' ? TOCSIN__RULE_LT : first == '>' ? TOCSIN__RULE_GT : TOCSIN__RULE_EQ;
        if (equals) compare = first == '!' ? TOCSIN__RULE_NE : compare | TOCSIN__RULE_EQ;
        if (turned) compare |= second == '<' ? TOCSIN__RULE_LT : TOCSIN__RULE_GT;
        take(lexer, TOCSIN__TOKEN_COMPARE, compare, equals || turned ? after : end);
        if (foreign || turned || (equals && foreign_too) || (first == '=' && !equals)) right = spelled[compare];
    } else {
        static const char symbols[] = "!(),/";
        static const uint8_t kinds[] = {TOCSIN__TOKEN_NOT, TOCSIN__TOKEN_OPEN, TOCSIN__TOKEN_CLOSE, TOCSIN__TOKEN_COMMA,
                                        TOCSIN__TOKEN_SLASH};
        static const char *const alone[] = {"!", "(", ")", ",", "/"};
        size_t which = (size_t)(strchr(symbols, first) - symbols);
        take(lexer, kinds[which], 0, end);
        if (foreign) right = alone[which];
    }
    if (right) write_instead(lexer, from, lexer->at, right);
}

static void read_number(tocsin__rule_lexer *lexer, size_t end) {
    const tocsin__rule_source *source = lexer->unit->source;
    const char *text = source->data;
    uint64_t whole = 0;
    uint32_t millionths = 0, unit = 1000000;
    uint8_t range = 0, decimal = 0;
    for (size_t i = lexer->at; i < end; i++) {
        uint64_t digit = (uint64_t)(text[i] - '0');
        if (whole > (TOCSIN__RULE_MAX_NUMBER - digit) / 10) range = 1;
        if (!range) whole = whole * 10 + digit;
    }
    if (end + 1 < source->length && text[end] == '.' && is_digit((unsigned char)text[end + 1])) {
        decimal = 1;
        for (end++; end < source->length && is_digit((unsigned char)text[end]); end++) {
            unit /= 10;
            millionths += unit * (uint32_t)(text[end] - '0');
            if (!unit && text[end] != '0') range = 1;
        }
    }
    take(lexer, TOCSIN__TOKEN_NUMBER, whole, end);
    lexer->token.millionths = millionths;
    lexer->token.decimal = decimal;
    lexer->token.out_of_range = range;
}

static void read_word(tocsin__rule_lexer *lexer) {
    const char *text = lexer->unit->source->data + lexer->at;
    size_t end = name_end(lexer->unit->source, lexer->at), length = end - lexer->at;
    if (all_digits(text, length)) {
        read_number(lexer, end);
        return;
    }
    size_t word = find_word(text, length);
    char lower[16];
    for (size_t i = 0; word == WORD_COUNT && length < sizeof lower && i < length; i++) {
        lower[i] = text[i] >= 'A' && text[i] <= 'Z' ? (char)(text[i] + ('a' - 'A')) : text[i];
        lower[i + 1] = '\0';
    }
    size_t meant = word == WORD_COUNT && length < sizeof lower ? find_word(lower, length) : WORD_COUNT;
    if (meant < WORD_COUNT) {
        write_instead(lexer, lexer->at, end, lower);
        word = meant;
    }
    if (word < WORD_COUNT) {
        take(lexer, (tocsin__rule_token_kind)words[word].kind, words[word].value, end);
    } else {
        take(lexer, TOCSIN__TOKEN_NAME, 0, end);
    }
}

/* Reads a quotation to its end, or full-width letters: an operand that cannot be read. */
static void read_bad(tocsin__rule_lexer *lexer, size_t end, int quoted) {
    const tocsin__rule_source *source = lexer->unit->source;
    size_t from = lexer->at, next;
    for (size_t at = end; at < source->length; at = next) {
        int foreign = 0;
        char symbol = symbol_of(code_point(source, at, &next), &foreign);
        if (quoted && (symbol == '"' || symbol == '\'')) {
            end = next;
            break;
        }
        if (!quoted && (!foreign || !symbol || is_symbol(symbol))) break;
        if (!quoted) end = next;
    }
    take(lexer, TOCSIN__TOKEN_BAD, 0, end);
    if (quoted) {
        tocsin__rule_report(lexer->unit, TOCSIN_SEVERITY_ERROR, "rule-syntax", from,
                            "words are not quoted in a rule: put them into a topic and name that");
    } else {
        report_text(lexer, from, end, "", " is full-width: write it in ASCII");
    }
}

static void skip_strange(tocsin__rule_lexer *lexer, uint32_t c, size_t end) {
    size_t from = lexer->at, next;
    lexer->at = end;
    if (c == TOCSIN__UTF8_MALFORMED) return;
    if (c == '-') {
        int number = is_digit(code_point(lexer->unit->source, end, &next));
        tocsin__rule_report(lexer->unit, TOCSIN_SEVERITY_ERROR, "rule-syntax", from,
                            number ? "a number is not negative here" : "a name does not begin or end with \"-\"");
    } else if (c < 0x20 || c == 0x7F) {
        tocsin__rule_report(lexer->unit, TOCSIN_SEVERITY_ERROR, "rule-syntax", from, "control character U+%04X",
                            (unsigned)c);
    } else {
        while (code_point(lexer->unit->source, lexer->at, &next) == c) lexer->at = next;
        report_text(lexer, from, lexer->at, "", " means nothing in a rule");
    }
}

/* One attempt: reads a token, or skips something. */
static int read_token(tocsin__rule_lexer *lexer) {
    size_t next;
    int foreign = 0;
    uint32_t c = code_point(lexer->unit->source, lexer->at, &next);
    if (is_space(c)) {
        lexer->at = next;
        return 0;
    }
    if (name_part(c)) {
        read_word(lexer);
        return 1;
    }
    if (c == 0x2264 || c == 0x2265 || c == 0x2260) {
        unsigned compare = c == 0x2264 ? TOCSIN__RULE_LE : c == 0x2265 ? TOCSIN__RULE_GE : TOCSIN__RULE_NE;
        size_t from = lexer->at;
        take(lexer, TOCSIN__TOKEN_COMPARE, compare, next);
        write_instead(lexer, from, next, c == 0x2264 ? "<=" : c == 0x2265 ? ">=" : "!=");
        return 1;
    }
    char symbol = symbol_of(c, &foreign);
    if (is_symbol(symbol)) {
        read_symbol(lexer, symbol, next, foreign);
        return 1;
    }
    if (symbol == '"' || symbol == '\'' || foreign) {
        read_bad(lexer, next, symbol == '"' || symbol == '\'');
        return 1;
    }
    skip_strange(lexer, c, next);
    return 0;
}

void tocsin__rule_lexer_next(tocsin__rule_lexer *lexer) {
    size_t length = lexer->unit->source->length;
    lexer->previous_end = lexer->token.offset + lexer->token.length;
    while (!lexer->unit->stopped && lexer->at < length) {
        if (read_token(lexer) && !lexer->unit->stopped) return;
    }
    lexer->at = length;
    take(lexer, TOCSIN__TOKEN_END, 0, length);
}

void tocsin__rule_lexer_begin(tocsin__rule_lexer *lexer, tocsin__rule_unit *unit) {
    memset(lexer, 0, sizeof *lexer);
    lexer->unit = unit;
    size_t valid = unit->source->length ? tocsin__utf8_valid_prefix(unit->source->data, unit->source->length) : 0;
    if (valid < unit->source->length) {
        tocsin__rule_report(unit, TOCSIN_SEVERITY_ERROR, "rule-encoding", valid,
                            "the expression is not UTF-8 from here");
    }
    tocsin__rule_lexer_next(lexer);
}
