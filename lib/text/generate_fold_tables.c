/*
 * Writes fold_tables.c from ICU, the Unicode character data and han_variants.txt. The result is committed, so that all
 * builds fold alike whichever ICU they link; tests/check_fold_tables.py writes it again and compares.
 *
 * usage: generate_fold_tables EquivalentUnifiedIdeograph.txt Unihan_Variants.txt han_variants.txt OUTPUT.c
 *
 * Variant classes are connected components of pairs of characters. The pairs come from
 * - the rules of ICU's Traditional-Simplified transform, each aligned character by character, and the few characters
 *   that only its way back knows (馀 > 餘);
 * - CJK radicals with their unified ideographs;
 * - simplified and traditional forms in Unihan_Variants that ICU lacks;
 * - han_variants.txt: other forms, mostly of Hong Kong and Taiwan, each judged by a reader.
 *
 * A pair that joins the classes of two common characters (both with a character of GB 2312) counts only if ICU has it
 * or han_variants.txt marks it "common", so that no class of common characters grows unnoticed. The representative of
 * a class is the character that most rules of ICU lead to; if several are equal, one that a rule of a single character
 * leads to, then the smallest.
 *
 * A framed character shows a letter or number in a frame, and NFKC leaves it alone: ❶ folds as 1. Strokes are combining
 * characters that cross out or frame; they join the character before them, and the folder drops them.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

#include "base/utf8.h"
#include "text/fold_tables.h"
#include "text/utf16.h"

#define CODE_POINTS 0x110000u
#define LARGEST_CLASS 8 /* 炼煉練练鍊鏈链𫔀; a larger class is probably a mistake in the data */

static uint32_t parent[CODE_POINTS]; /* union-find over characters */
static uint32_t votes[CODE_POINTS];  /* rules that lead to a character */
static uint8_t named[CODE_POINTS];   /* by a rule */
static uint8_t single[CODE_POINTS];  /* a rule of one character leads to it */
static uint8_t common[CODE_POINTS];  /* of a root: its class has a character of GB 2312 */
static uint32_t representative[CODE_POINTS];
static uint16_t plane[2][65536];
static int32_t entries[CODE_POINTS];
static uint32_t points[65536];
static tocsin__fold_expansion expansions[8192];
static uint32_t point_count, expansion_count, rule_count, unihan_count, listed_count;
static uint64_t content_hash = UINT64_C(0xcbf29ce484222325);

static void die(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("generate_fold_tables: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    exit(1);
}

static void require(UErrorCode code, const char *what) {
    if (U_FAILURE(code)) die("%s: %s", what, u_errorName(code));
}

static uint32_t find(uint32_t c) {
    while (parent[c] != c) c = parent[c] = parent[parent[c]];
    return c;
}

static void join(uint32_t a, uint32_t b) {
    uint32_t root = find(a), other = find(b);
    parent[root] = other;
    common[other] |= common[root];
}

static int joins_common_classes(uint32_t a, uint32_t b) {
    return find(a) != find(b) && common[find(a)] && common[find(b)];
}

/* Marks the characters of GB 2312, with which nearly all mainland texts are written. */
static void mark_common_characters(void) {
    UErrorCode code = U_ZERO_ERROR;
    UConverter *gb2312 = ucnv_open("EUC-CN", &code);
    require(code, "GB 2312");
    uint32_t count = 0;
    for (unsigned row = 0xB0; row < 0xF8; row++) {
        for (unsigned cell = 0xA1; cell < 0xFF; cell++) {
            const char bytes[2] = {(char)row, (char)cell};
            UChar units[4];
            code = U_ZERO_ERROR;
            int32_t length = ucnv_toUChars(gb2312, units, 4, bytes, 2, &code);
            if (U_FAILURE(code) || length != 1 || units[0] < 0x4E00 || units[0] > 0x9FFF) continue;
            common[units[0]] = 1;
            count++;
        }
    }
    ucnv_close(gb2312);
    if (count != 6763) die("GB 2312 has 6763 characters, not %" PRIu32, count);
}

/* One rule "left > right": characters at the same index are variants of each other. */
static void add_rule(const UChar *left, size_t left_length, const UChar *right, size_t right_length) {
    size_t i = 0, j = 0;
    while (i < left_length && j < right_length) {
        int alone = i == 0;
        uint32_t a = tocsin__utf16_next(left, left_length, &i), b = tocsin__utf16_next(right, right_length, &j);
        join(a, b);
        named[a] = named[b] = 1;
        votes[b]++;
        if (alone && i == left_length) single[b] = 1;
    }
    if (i != left_length || j != right_length) die("rule %" PRIu32 " is not one to one", rule_count + 1);
    rule_count++;
}

/* The rules of a transform, one a line; *length is their number of units. */
static const UChar *rules_of(const char *transform_id, int32_t *length) {
    static UChar rules[1 << 20];
    UChar id[32];
    UErrorCode code = U_ZERO_ERROR;
    u_uastrcpy(id, transform_id);
    UTransliterator *transform = utrans_openU(id, -1, UTRANS_FORWARD, NULL, -1, NULL, &code);
    require(code, transform_id);
    *length = utrans_toRules(transform, 0, rules, (int32_t)(sizeof rules / sizeof *rules), &code);
    require(code, "its rules");
    utrans_close(transform);
    return rules;
}

static void read_transform(void) {
    int32_t length;
    const UChar *rules = rules_of("Traditional-Simplified", &length);
    for (int32_t at = 0; at < length;) {
        int32_t end = at, arrow = -1, stop = -1;
        for (; end < length && rules[end] != '\n'; end++) {
            if (rules[end] == '>') arrow = end;
            if (rules[end] == ';') stop = end;
        }
        if (arrow < at + 2 || stop < arrow + 3 || rules[arrow - 1] != ' ' || rules[arrow + 1] != ' ') {
            die("rule %" PRIu32 " has a form that is not known here", rule_count + 1);
        }
        add_rule(rules + at, (size_t)(arrow - 1 - at), rules + arrow + 2, (size_t)(stop - arrow - 2));
        at = end + 1;
    }
    if (rule_count < 1000) die("only %" PRIu32 " rules", rule_count);
}

/* Reads characters that only the opposite transform names, such as 馀 > 餘: rules of one character to one only. */
static void read_way_back(void) {
    int32_t length;
    const UChar *rules = rules_of("Simplified-Traditional", &length);
    for (int32_t at = 0, end; at < length; at = end + 1) {
        for (end = at; end < length && rules[end] != '\n'; end++) {
        }
        if (end - at != 6 || rules[at + 1] != ' ' || rules[at + 2] != '>' || rules[at + 5] != ';') continue;
        uint32_t from = rules[at], to = rules[at + 4];
        if (!named[from]) join(from, to);
    }
}

static FILE *open_input(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) die("cannot read %s", path);
    return file;
}

static void close_input(FILE *file, const char *path) {
    if (ferror(file)) die("cannot read %s", path);
    fclose(file);
}

static void read_radicals(const char *path) {
    FILE *file = open_input(path);
    char line[512];
    unsigned joined = 0;
    while (fgets(line, sizeof line, file)) {
        unsigned first, last, target;
        if (sscanf(line, "%x..%x ; %x", &first, &last, &target) != 3) {
            if (sscanf(line, "%x ; %x", &first, &target) != 2) continue;
            last = first;
        }
        for (unsigned c = first; c <= last; c++) {
            if (c < 0x2E80 || c > 0x2EFF) continue;
            join(c, target);
            joined++;
        }
    }
    close_input(file, path);
    if (joined < 100) die("%s names only %u radicals", path, joined);
}

/* Simplified and traditional forms: "U+8AEE kSimplifiedVariant U+8C18", with tabs between and perhaps more forms. */
static void read_unihan(const char *path) {
    FILE *file = open_input(path);
    char line[1024];
    while (fgets(line, sizeof line, file)) {
        unsigned from, to;
        char field[64];
        int at = 0, more = 0;
        if (sscanf(line, "U+%X\t%63s%n", &from, field, &at) != 2) continue;
        if (strcmp(field, "kSimplifiedVariant") != 0 && strcmp(field, "kTraditionalVariant") != 0) continue;
        for (; sscanf(line + at, " U+%X%n", &to, &more) == 1; at += more) {
            if (find(from) == find(to) || joins_common_classes(from, to)) continue;
            join(from, to);
            unihan_count++;
        }
    }
    close_input(file, path);
    if (unihan_count < 1000) die("%s names only %" PRIu32 " pairs", path, unihan_count);
}

/* A line: two characters with a space between; the field that has the pair; and perhaps "common". */
static void read_list(const char *path) {
    FILE *file = open_input(path);
    char line[512], first[8], second[8], source[64], mark[16];
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#') continue;
        int words = sscanf(line, "%7s %7s %63s %15s", first, second, source, mark);
        size_t end_a, end_b;
        uint32_t a = tocsin__utf8_next(first, strlen(first), 0, &end_a);
        uint32_t b = tocsin__utf8_next(second, strlen(second), 0, &end_b);
        if (words < 3 || first[end_a] || second[end_b] || (words == 4 && strcmp(mark, "common") != 0)) {
            die("%s: what is this: %s", path, line);
        }
        if (find(a) == find(b)) die("%s: already one class: %s", path, line);
        if (joins_common_classes(a, b) != (words == 4)) die("%s: \"common\" is wrong: %s", path, line);
        join(a, b);
        listed_count++;
    }
    close_input(file, path);
}

static int better(uint32_t a, uint32_t b) {
    int radical_a = a >= 0x2E80 && a <= 0x2EFF, radical_b = b >= 0x2E80 && b <= 0x2EFF;
    if (radical_a != radical_b) return radical_b;
    if ((a < 0x10000) != (b < 0x10000)) return a < 0x10000; /* so that the plane tables can hold it */
    if (votes[a] != votes[b]) return votes[a] > votes[b];
    if (single[a] != single[b]) return single[a] > single[b];
    return a < b;
}

static void choose_representatives(void) {
    static uint32_t best[CODE_POINTS];
    static uint8_t size[CODE_POINTS];
    for (uint32_t c = 0; c < CODE_POINTS; c++) best[c] = UINT32_MAX;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        uint32_t root = find(c);
        if (best[root] == UINT32_MAX || better(c, best[root])) best[root] = c;
        if (++size[root] > LARGEST_CLASS) die("the class of U+%04" PRIX32 " has too many characters", c);
    }
    for (uint32_t c = 0; c < CODE_POINTS; c++) representative[c] = best[find(c)];
}

/* Ranges of characters that depict `shown`, where "#" is a number that counts up and "@" a letter. */
static const struct {
    uint32_t first, last;
    const char *shown;
    int from; /* the first number */
} dresses[] = {
    {0x24EB, 0x24F4, "#", 11},     {0x24F5, 0x24FE, "#", 1},      {0x24FF, 0x24FF, "0", 0},
    {0x2776, 0x277F, "#", 1},      {0x2780, 0x2789, "#", 1},      {0x278A, 0x2793, "#", 1},
    {0x1F10B, 0x1F10C, "0", 0},    {0x1F150, 0x1F169, "@", 0},    {0x1F170, 0x1F189, "@", 0},
    {0x1F18A, 0x1F18A, "p", 0},    {0x1F18E, 0x1F18E, "ab", 0},   {0x1F191, 0x1F191, "cl", 0},
    {0x1F192, 0x1F192, "cool", 0}, {0x1F193, 0x1F193, "free", 0}, {0x1F194, 0x1F194, "id", 0},
    {0x1F195, 0x1F195, "new", 0},  {0x1F196, 0x1F196, "ng", 0},   {0x1F197, 0x1F197, "ok", 0},
    {0x1F198, 0x1F198, "sos", 0},  {0x1F199, 0x1F199, "up!", 0},  {0x1F19A, 0x1F19A, "vs", 0},
    {0x1F51F, 0x1F51F, "10", 0},   {0x1D00, 0x1D00, "a", 0},      {0x0299, 0x0299, "b", 0},
    {0x1D04, 0x1D04, "c", 0},      {0x1D05, 0x1D05, "d", 0},      {0x1D07, 0x1D07, "e", 0},
    {0xA730, 0xA730, "f", 0},      {0x0262, 0x0262, "g", 0},      {0x029C, 0x029C, "h", 0},
    {0x026A, 0x026A, "i", 0},      {0x1D0A, 0x1D0A, "j", 0},      {0x1D0B, 0x1D0B, "k", 0},
    {0x029F, 0x029F, "l", 0},      {0x1D0D, 0x1D0D, "m", 0},      {0x0274, 0x0274, "n", 0},
    {0x1D0F, 0x1D0F, "o", 0},      {0x1D18, 0x1D18, "p", 0},      {0xA7AF, 0xA7AF, "q", 0},
    {0x0280, 0x0280, "r", 0},      {0xA731, 0xA731, "s", 0},      {0x1D1B, 0x1D1B, "t", 0},
    {0x1D1C, 0x1D1C, "u", 0},      {0x1D20, 0x1D20, "v", 0},      {0x1D21, 0x1D21, "w", 0},
    {0x028F, 0x028F, "y", 0},      {0x1D22, 0x1D22, "z", 0},
};

/* Writes what a code point depicts as UTF-16 into `source`; returns the number of units. */
static int32_t shown_by(uint32_t c, UChar source[8]) {
    char shown[8];
    if (c >= 0x3248 && c <= 0x324F) { /* ten to eighty on black squares */
        snprintf(shown, sizeof shown, "%u", (unsigned)(c - 0x3247) * 10);
        u_uastrcpy(source, shown);
        return u_strlen(source);
    }
    for (size_t i = 0; i < sizeof dresses / sizeof *dresses; i++) {
        if (c < dresses[i].first || c > dresses[i].last) continue;
        const int step = (int)(c - dresses[i].first);
        snprintf(shown, sizeof shown, "%s", dresses[i].shown);
        if (shown[0] == '#') snprintf(shown, sizeof shown, "%u", (unsigned)(dresses[i].from + step));
        if (shown[0] == '@') snprintf(shown, sizeof shown, "%c", 'a' + step);
        u_uastrcpy(source, shown);
        return u_strlen(source);
    }
    return (int32_t)tocsin__utf16_put(source, c);
}

static int shows_another(uint32_t c) {
    UChar source[8];
    size_t length = (size_t)shown_by(c, source), at = 0;
    return tocsin__utf16_next(source, length, &at) != c;
}

/*
 * Appends NFKC_Casefold of what a code point depicts, without strokes. The result may need another round: Ɪ folds to
 * ɪ, and that to i.
 */
static uint32_t fold_one(const UNormalizer2 *nfkc_cf, uint32_t c, uint32_t *folded) {
    UChar source[8], units[64];
    UErrorCode code = U_ZERO_ERROR;
    int32_t length = unorm2_normalize(nfkc_cf, source, shown_by(c, source), units, 64, &code);
    uint32_t count = 0;
    require(code, "NFKC_Casefold");
    for (size_t at = 0; at < (size_t)length;) {
        uint32_t point = tocsin__utf16_next(units, (size_t)length, &at);
        if (tocsin__is_stroke(point)) continue;
        if (point != c && shows_another(point)) {
            count += fold_one(nfkc_cf, point, folded + count);
        } else {
            folded[count++] = point;
        }
    }
    return count;
}

static int32_t expansion_of(const uint32_t *folded, uint32_t count) {
    tocsin__fold_expansion *made = &expansions[expansion_count];
    *made = (tocsin__fold_expansion){point_count, count};
    memcpy(points + point_count, folded, count * sizeof *folded);
    point_count += count;
    if (count > TOCSIN__FOLD_EXPANSION_MAX) die("an expansion of %" PRIu32, count);
    return (int32_t)expansion_count++;
}

static void fill_entry(const UNormalizer2 *nfkc_cf, uint32_t c) {
    uint32_t folded[64];
    if (c >= 0xD800 && c < 0xE000) return;
    const uint32_t count = fold_one(nfkc_cf, c, folded);
    if (tocsin__is_stroke(c)) {
        entries[c] = TOCSIN__FOLD_JOIN;
    } else if (!count) {
        entries[c] = TOCSIN__FOLD_VANISH;
    } else if (!unorm2_hasBoundaryBefore(nfkc_cf, (UChar32)c)) {
        entries[c] = TOCSIN__FOLD_JOIN;
    } else if (count > 1) {
        entries[c] = expansion_of(folded, count) * 4 + TOCSIN__FOLD_EXPAND;
    } else {
        entries[c] = ((int32_t)folded[0] - (int32_t)c) * 4 + TOCSIN__FOLD_SIMPLE;
        uint32_t hans = representative[folded[0]];
        if (c < 0x10000 && folded[0] < 0x10000) plane[1][c] = (uint16_t)folded[0];
        if (c < 0x10000 && hans < 0x10000) plane[0][c] = (uint16_t)hans;
    }
}

static void mix(uint32_t value) {
    for (int i = 0; i < 4; i++) content_hash = (content_hash ^ (value >> (8 * i) & 0xFF)) * UINT64_C(0x100000001b3);
}

#define WIDTH 116

/* Writes lines of at most WIDTH bytes plus `line_end`, which is a backslash if the lines form one macro. */
static FILE *out;
static const char *line_end;
static int column;

static void put(const char *format, ...) {
    char item[64];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(item, sizeof item, format, arguments);
    va_end(arguments);
    if (column + length > WIDTH) {
        fprintf(out, "%s\n", line_end);
        column = 0;
    }
    fputs(item, out);
    column += length;
}

static void begin_lines(const char *end) {
    fprintf(out, "%s\n", end);
    line_end = end;
    column = 0;
}

/* Writes values one after the other; for a value that repeats, only how many times. */
static void put_values(const int32_t *values, size_t count) {
    for (size_t i = 0, run; i < count; i += run) {
        for (run = 1; i + run < count && values[i + run] == values[i]; run++) {
        }
        size_t power = 1;
        while (power * 2 <= run) power *= 2;
        if (power >= 4) {
            put("R%zu(%" PRId32 "),", run = power, values[i]);
        } else {
            put("%" PRId32 ",", values[i]);
            run = 1;
        }
    }
}

/* Writes the entries in which a plane differs from another. */
static void put_differences(const uint16_t *table, const uint16_t *base) {
    int32_t values[0x10000];
    for (uint32_t c = 0, end; c < 0x10000; c = end) {
        end = c + 1;
        if (table[c] == base[c]) continue;
        for (end = c; end < 0x10000 && table[end] != base[end]; end++) values[end - c] = table[end];
        put("[0x%" PRIX32 "]=", c);
        put_values(values, end - c);
    }
}

static void write_planes(void) {
    static uint16_t self[65536];
    for (uint32_t c = 0; c < 0x10000; c++) self[c] = (uint16_t)c;
    fputs("/* Where NFKC_Casefold changes a code point, or where more must be done (0). */\n#define CASEFOLD ", out);
    begin_lines(" \\");
    put_differences(plane[1], self);
    fputs("\n\nconst uint16_t tocsin__fold_plane_cf[TOCSIN__FOLD_PLANE] = {SELF, CASEFOLD};\n"
          "const uint16_t tocsin__fold_plane_hans[TOCSIN__FOLD_PLANE] = {SELF, CASEFOLD",
          out);
    begin_lines("");
    put_differences(plane[0], plane[1]);
    fputs("};\n\n", out);
    for (int profile = 0; profile < 2; profile++) {
        for (uint32_t c = 0; c < 0x10000; c++) mix(plane[profile][c]);
    }
}

static void write_blocks(void) {
    static int32_t block_at[TOCSIN__FOLD_BLOCKS];
    static uint32_t kept[TOCSIN__FOLD_BLOCKS];
    uint32_t count = 0;
    for (uint32_t b = 0; b < TOCSIN__FOLD_BLOCKS; b++) {
        const int32_t *block = entries + b * TOCSIN__FOLD_BLOCK;
        uint32_t k = 0;
        while (k < count && memcmp(entries + kept[k] * TOCSIN__FOLD_BLOCK, block, sizeof(int32_t) * TOCSIN__FOLD_BLOCK))
            k++;
        if (k == count) kept[count++] = b;
        block_at[b] = (int32_t)k;
    }
    fputs("const uint16_t tocsin__fold_blocks[TOCSIN__FOLD_BLOCKS] = {", out);
    begin_lines("");
    put_values(block_at, TOCSIN__FOLD_BLOCKS);
    fputs("};\n\nconst int32_t tocsin__fold_entries[] = {", out);
    for (uint32_t k = 0; k < count; k++) {
        begin_lines("");
        put_values(entries + kept[k] * TOCSIN__FOLD_BLOCK, TOCSIN__FOLD_BLOCK);
    }
    fputs("};\n\n", out);
    for (uint32_t c = 0; c < CODE_POINTS; c++) mix((uint32_t)entries[c]);
}

static void write_expansions(void) {
    fputs("const tocsin__fold_expansion tocsin__fold_expansions[] = {", out);
    begin_lines("");
    for (uint32_t i = 0; i < expansion_count; i++) put("{%u,%u},", expansions[i].first, expansions[i].length);
    fputs("};\n\nconst uint32_t tocsin__fold_expansion_points[] = {", out);
    begin_lines("");
    for (uint32_t i = 0; i < point_count; i++) put("0x%X,", points[i]);
    fputs("};\n\n", out);
    for (uint32_t i = 0; i < point_count; i++) mix(points[i]);
}

/* Writes only what the plane cannot hold: pairs with a character beyond it. */
static void write_classes(void) {
    uint32_t count = 0;
    fputs("const uint32_t tocsin__fold_classes[][2] = {", out);
    begin_lines("");
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        if (representative[c] == c) continue;
        mix(c);
        mix(representative[c]);
        if (c < 0x10000 && representative[c] < 0x10000) continue;
        put("{0x%X,0x%X},", c, representative[c]);
        count++;
    }
    fprintf(out, "};\nconst uint32_t tocsin__fold_class_count = %u;\n\n", count);
}

static void write_head(void) {
    fprintf(out,
            "/* Made by generate_fold_tables.c from ICU %s, Unicode %s: do not edit. */\n"
            "/* clang-format off */\n#include \"text/fold_tables.h\"\n\n"
            "/* A plane is every code point itself, and then what differs. */\n"
            "#ifdef __clang__\n#pragma GCC diagnostic ignored \"-Winitializer-overrides\"\n"
            "#else\n#pragma GCC diagnostic ignored \"-Woverride-init\"\n#endif\n\n",
            U_ICU_VERSION, U_UNICODE_VERSION);
    for (int n = 2, half = 1; n <= 8192; half = n, n *= 2) {
        if (half == 1) {
            fputs("#define R2(v) v, v\n", out);
        } else {
            fprintf(out, "#define R%d(v) R%d(v), R%d(v)\n", n, half, half);
        }
    }
    fputs("#define S4(c) c, c + 1, c + 2, c + 3\n", out);
    for (int n = 16; n <= 0x10000; n *= 4) {
        fprintf(out, "#define S%d(c) S%d(c), S%d(c + %d), S%d(c + %d), S%d(c + %d)\n", n, n / 4, n / 4, n / 4, n / 4,
                n / 2, n / 4, n / 4 * 3);
    }
    fputs("#define SELF S65536(0)\n\n", out);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        die("usage: generate_fold_tables EquivalentUnifiedIdeograph.txt Unihan_Variants.txt han_variants.txt OUTPUT.c");
    }
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_cf = unorm2_getNFKCCasefoldInstance(&code);
    require(code, "NFKC_Casefold");
    for (uint32_t c = 0; c < CODE_POINTS; c++) parent[c] = c;
    mark_common_characters();
    read_transform();
    read_way_back();
    read_radicals(argv[1]);
    read_unihan(argv[2]);
    read_list(argv[3]);
    choose_representatives();
    for (uint32_t c = 0; c < CODE_POINTS; c++) fill_entry(nfkc_cf, c);

    out = fopen(argv[4], "w");
    if (!out) die("cannot write %s", argv[4]);
    write_head();
    write_planes();
    write_blocks();
    write_expansions();
    write_classes();
    fprintf(out,
            "const char tocsin__fold_tables_source[] = \"ICU %s, Unicode %s: %u variant rules, %u pairs of Unihan, %u "
            "listed\";\n",
            U_ICU_VERSION, U_UNICODE_VERSION, rule_count, unihan_count, listed_count);
    fprintf(out, "const char tocsin__fold_tables_unicode[] = \"%s\";\n", U_UNICODE_VERSION);
    fprintf(out, "const uint64_t tocsin__fold_tables_id = UINT64_C(0x%016" PRIx64 ");\n", content_hash);
    if (fclose(out)) die("cannot write %s", argv[4]);
    return 0;
}
