/*
 * Writes the fold tables from ICU and the Unicode character data of this machine. Runs when the library is built, so
 * the tables say what the ICU that is linked says; the tests compare them with it for every code point.
 *
 * usage: generate_fold_tables EquivalentUnifiedIdeograph.txt OUTPUT.c
 *
 * Variant classes are the connected components of the rules of ICU's Traditional-Simplified transform, each rule
 * aligned character by character, of the few characters that only its way back knows (馀 > 餘), and of CJK radicals
 * with their unified ideographs. The representative of a class is the character that most rules lead to; in a tie one
 * that a rule of a single character leads to, then the smallest.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

#include "text/fold_tables.h"
#include "text/utf16.h"

#define CODE_POINTS 0x110000u

static uint32_t parent[CODE_POINTS]; /* union-find over characters */
static uint32_t votes[CODE_POINTS];  /* rules that lead to a character */
static uint8_t named[CODE_POINTS];   /* by a rule */
static uint8_t single[CODE_POINTS];  /* a rule of one character leads to it */
static uint32_t representative[CODE_POINTS];
static uint16_t plane[2][65536];
static int32_t entries[CODE_POINTS];
static uint32_t points[65536];
static tocsin__fold_expansion expansions[8192];
static uint32_t point_count, expansion_count, rule_count, class_count;
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

static void join(uint32_t a, uint32_t b) { parent[find(a)] = find(b); }

/* One rule "left > right": characters that stand at the same place are variants of each other. */
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

/* The rules of a transform, a line each; *length is their number of units. */
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

/* Characters that the rules above do not name but the way back does, such as 馀 > 餘: one to one rules only. */
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

static void read_radicals(const char *path) {
    FILE *file = fopen(path, "r");
    if (!file) die("cannot read %s", path);
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
    if (ferror(file)) die("cannot read %s", path);
    fclose(file);
    if (joined < 100) die("%s names only %u radicals", path, joined);
}

static int better(uint32_t a, uint32_t b) {
    int radical_a = a >= 0x2E80 && a <= 0x2EFF, radical_b = b >= 0x2E80 && b <= 0x2EFF;
    if (radical_a != radical_b) return radical_b;
    if (votes[a] != votes[b]) return votes[a] > votes[b];
    if (single[a] != single[b]) return single[a] > single[b];
    return a < b;
}

static void choose_representatives(void) {
    static uint32_t best[CODE_POINTS];
    for (uint32_t c = 0; c < CODE_POINTS; c++) best[c] = UINT32_MAX;
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        uint32_t root = find(c);
        if (best[root] == UINT32_MAX || better(c, best[root])) best[root] = c;
    }
    for (uint32_t c = 0; c < CODE_POINTS; c++) {
        representative[c] = best[find(c)];
        class_count += representative[c] != c;
    }
}

static int32_t expansion_of(const UChar *folded, size_t length) {
    tocsin__fold_expansion *made = &expansions[expansion_count];
    made->first = point_count;
    for (size_t i = 0; i < length;) points[point_count++] = tocsin__utf16_next(folded, length, &i);
    made->length = point_count - made->first;
    if (made->length > TOCSIN__FOLD_EXPANSION_MAX) die("an expansion of %" PRIu32, made->length);
    return (int32_t)expansion_count++;
}

static void fill_entry(const UNormalizer2 *nfkc_cf, uint32_t c) {
    UChar source[2], folded[64];
    UErrorCode code = U_ZERO_ERROR;
    if (c >= 0xD800 && c < 0xE000) return;
    int32_t length = unorm2_normalize(nfkc_cf, source, (int32_t)tocsin__utf16_put(source, c), folded, 64, &code);
    require(code, "NFKC_Casefold");
    if (!length) {
        entries[c] = TOCSIN__FOLD_VANISH;
    } else if (!unorm2_hasBoundaryBefore(nfkc_cf, (UChar32)c)) {
        entries[c] = TOCSIN__FOLD_JOIN;
    } else if (u_countChar32(folded, length) > 1) {
        entries[c] = expansion_of(folded, (size_t)length) * 4 + TOCSIN__FOLD_EXPAND;
    } else {
        size_t at = 0;
        uint32_t single_point = tocsin__utf16_next(folded, (size_t)length, &at);
        entries[c] = ((int32_t)single_point - (int32_t)c) * 4 + TOCSIN__FOLD_SIMPLE;
        uint32_t hans = representative[single_point];
        if (c < 0x10000 && single_point < 0x10000) plane[1][c] = (uint16_t)single_point;
        if (c < 0x10000 && hans < 0x10000) plane[0][c] = (uint16_t)hans;
    }
}

static void mix(uint32_t value) {
    for (int i = 0; i < 4; i++) content_hash = (content_hash ^ (value >> (8 * i) & 0xFF)) * UINT64_C(0x100000001b3);
}

static void write_plane(FILE *out, const char *name, const uint16_t *table) {
    fprintf(out, "const uint16_t %s[TOCSIN__FOLD_PLANE] = {", name);
    for (uint32_t c = 0; c < 65536; c++) {
        fprintf(out, "%s%u,", c % 16 ? "" : "\n", table[c]);
        mix(table[c]);
    }
    fputs("};\n", out);
}

static void write_blocks(FILE *out) {
    static uint32_t block_at[TOCSIN__FOLD_BLOCKS], kept[TOCSIN__FOLD_BLOCKS];
    uint32_t count = 0;
    for (uint32_t b = 0; b < TOCSIN__FOLD_BLOCKS; b++) {
        const int32_t *block = entries + b * TOCSIN__FOLD_BLOCK;
        uint32_t k = 0;
        while (k < count && memcmp(entries + kept[k] * TOCSIN__FOLD_BLOCK, block, sizeof(int32_t) * TOCSIN__FOLD_BLOCK))
            k++;
        if (k == count) kept[count++] = b;
        block_at[b] = k;
    }
    fputs("const uint16_t tocsin__fold_blocks[TOCSIN__FOLD_BLOCKS] = {", out);
    for (uint32_t b = 0; b < TOCSIN__FOLD_BLOCKS; b++) fprintf(out, "%s%u,", b % 24 ? "" : "\n", block_at[b]);
    fputs("};\nconst int32_t tocsin__fold_entries[] = {", out);
    for (uint32_t k = 0; k < count; k++) {
        for (uint32_t i = 0; i < TOCSIN__FOLD_BLOCK; i++) {
            int32_t entry = entries[kept[k] * TOCSIN__FOLD_BLOCK + i];
            fprintf(out, "%s%d,", i % 16 ? "" : "\n", entry);
        }
    }
    fputs("};\n", out);
    for (uint32_t c = 0; c < CODE_POINTS; c++) mix((uint32_t)entries[c]);
}

static void write_lists(FILE *out) {
    fputs("const tocsin__fold_expansion tocsin__fold_expansions[] = {", out);
    for (uint32_t i = 0; i < expansion_count; i++) {
        fprintf(out, "%s{%u,%u},", i % 8 ? "" : "\n", expansions[i].first, expansions[i].length);
    }
    fputs("};\nconst uint32_t tocsin__fold_expansion_points[] = {", out);
    for (uint32_t i = 0; i < point_count; i++) {
        fprintf(out, "%s0x%X,", i % 12 ? "" : "\n", points[i]);
        mix(points[i]);
    }
    fputs("};\nconst uint32_t tocsin__fold_classes[][2] = {", out);
    for (uint32_t c = 0, n = 0; c < CODE_POINTS; c++) {
        if (representative[c] == c) continue;
        fprintf(out, "%s{0x%X,0x%X},", n++ % 6 ? "" : "\n", c, representative[c]);
        mix(c);
        mix(representative[c]);
    }
    fprintf(out, "};\nconst uint32_t tocsin__fold_class_count = %u;\n", class_count);
}

int main(int argc, char **argv) {
    if (argc != 3) die("usage: generate_fold_tables EquivalentUnifiedIdeograph.txt OUTPUT.c");
    UErrorCode code = U_ZERO_ERROR;
    const UNormalizer2 *nfkc_cf = unorm2_getNFKCCasefoldInstance(&code);
    require(code, "NFKC_Casefold");
    for (uint32_t c = 0; c < CODE_POINTS; c++) parent[c] = c;
    read_transform();
    read_way_back();
    read_radicals(argv[1]);
    choose_representatives();
    for (uint32_t c = 0; c < CODE_POINTS; c++) fill_entry(nfkc_cf, c);

    FILE *out = fopen(argv[2], "w");
    if (!out) die("cannot write %s", argv[2]);
    fprintf(out, "/* Written by generate_fold_tables from ICU %s, Unicode %s. */\n#include \"text/fold_tables.h\"\n\n",
            U_ICU_VERSION, U_UNICODE_VERSION);
    write_plane(out, "tocsin__fold_plane_hans", plane[0]);
    write_plane(out, "tocsin__fold_plane_cf", plane[1]);
    write_blocks(out);
    write_lists(out);
    fprintf(out, "const char tocsin__fold_tables_source[] = \"ICU %s, Unicode %s, %u variant rules\";\n", U_ICU_VERSION,
            U_UNICODE_VERSION, rule_count);
    fprintf(out, "const uint64_t tocsin__fold_tables_id = UINT64_C(0x%016" PRIx64 ");\n", content_hash);
    if (fclose(out)) die("cannot write %s", argv[2]);
    return 0;
}
