/* The gate before expressions: where it stays shut Hyperscan finds nothing; and it does stay shut over ordinary text.
 */
#include <stdio.h>
#include <string.h>

#include <tocsin/tocsin.h>

#include "match/expression_gate.h"
#include "suite.h"

static uint64_t random_state = 99;

static uint32_t below(uint32_t n) {
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_state >> 33) * n >> 31);
}

/* Characters of one to four bytes, two of which have the same low 16 bits. */
static const char *const letters[] = {"灾", "锅", "寠", "a", "7", "𠀀", "é", "𠁲", "\n", "-"};
#define LETTERS (sizeof letters / sizeof *letters)

static const char *letter(void) { return letters[below(LETTERS)]; }

static void write_class(char *out) {
    static const char *const whole[] = {"[0-9]", "[^灾]",       "[灾-锅]",  "[\\x{7}a-e]",
                                        "\\d",   "[[:alpha:]]", "\\p{Han}", "."};
    if (below(2)) {
        strcat(out, whole[below(sizeof whole / sizeof *whole)]);
        return;
    }
    strcat(out, "[");
    for (uint32_t n = 1 + below(3); n; n--) strcat(out, letters[below(LETTERS - 1)]);
    strcat(out, "]");
}

static void write_repeat(char *out) {
    static const char *const repeats[] = {"?", "{2}", "{0,2}", "{1,3}", "{2,3}", "{0,1}"};
    if (!below(3)) strcat(out, repeats[below(sizeof repeats / sizeof *repeats)]);
}

static void write_pattern(char *out, int depth);

static void write_piece(char *out, int depth) {
    static const char *const odd[] = {"\\x{706b}", "\\-", "\\s", "(?s:.)", "\\x{20000}"};
    switch (below(8)) {
        case 0:
            if (depth <= 0) break;
            strcat(out, "(?:");
            write_pattern(out, depth - 1);
            strcat(out, ")");
            write_repeat(out);
            return;
        case 1:
            write_class(out);
            write_repeat(out);
            return;
        case 2:
            strcat(out, odd[below(sizeof odd / sizeof *odd)]);
            write_repeat(out);
            return;
        default: break;
    }
    const char *c = letter();
    if (*c == '-') strcat(out, "\\");
    strcat(out, c);
    if (!below(3)) write_repeat(out);
}

static void write_pattern(char *out, int depth) {
    for (uint32_t alternatives = 1 + (below(3) == 0); alternatives; alternatives--) {
        for (uint32_t pieces = 1 + below(4); pieces; pieces--) write_piece(out, depth);
        if (alternatives > 1) strcat(out, "|");
    }
}

static size_t matches(void *engine, void *scratch, const char *text, size_t length) {
    tocsin__hits hits = {.allocator = *tocsin_allocator_default(), .limit = SIZE_MAX};
    const tocsin__view view = {text, length, NULL};
    ck_assert_int_eq(tocsin__engine_regex.scan(engine, scratch, &view, 0, length, &hits), TOCSIN_OK);
    size_t found = hits.list.length;
    tocsin__vec_release(&hits.list, &hits.allocator);
    return found;
}

START_TEST(shut_means_no_match) {
    const tocsin__engine_options options = {*tocsin_allocator_default(), 0, 0};
    size_t gates = 0, texts = 0, shut = 0, found = 0;
    for (int round = 0; round < 800; round++) {
        char patterns[3][4000] = {"", "", ""}, text[400];
        tocsin__pattern expressions[3];
        size_t count = 1 + below(3), bad;
        void *engine = NULL, *scratch = NULL;
        tocsin__expression_gate *gate = NULL;
        for (size_t i = 0; i < count; i++) {
            write_pattern(patterns[i], 2);
            expressions[i] = (tocsin__pattern){patterns[i], (uint32_t)strlen(patterns[i]), 0};
        }
        if (tocsin__engine_regex.compile(expressions, count, &options, &engine, &bad, NULL)) continue;
        ck_assert_int_eq(tocsin__engine_regex.create_scratch(engine, &options.allocator, &scratch), TOCSIN_OK);
        ck_assert_int_eq(tocsin__expression_gate_create(expressions, count, &options.allocator, &gate), TOCSIN_OK);
        gates += gate != NULL;
        for (int t = 0; t < 60 && gate; t++) {
            text[0] = '\0';
            for (uint32_t n = below(9); n; n--) strcat(text, below(12) ? letter() : "\xEF\xBF\xBD");
            size_t length = strlen(text), real = matches(engine, scratch, text, length);
            int opens = tocsin__expression_gate_opens(gate, text, length);
            ck_assert_msg(opens || !real, "%s | %s | %s in \"%s\"", patterns[0], patterns[1], patterns[2], text);
            texts++;
            shut += !opens;
            found += real > 0;
        }
        tocsin__expression_gate_free(gate);
        tocsin__engine_regex.free_scratch(scratch);
        tocsin__engine_regex.free_engine(engine);
    }
    ck_assert_uint_ge(gates, 250);
    ck_assert_uint_ge(found, texts / 20);
    ck_assert_uint_ge(shut, texts / 4);
}
END_TEST

/* opens: -1 when there is no gate at all. */
static const struct {
    const char *pattern, *text;
    int opens;
} cases[] = {
    {"火灾", "火锅和水灾", 0},
    {"火灾", "大火灾", 1},
    {"(?:没人|无人)(?:管|理)", "没人来", 0},
    {"(?:没人|无人)(?:管|理)", "没人理", 1},
    {"(?:砸|踹)(?:烂|坏)", "砸了，坏了", 0},
    {"(?:砸|踹)(?:烂|坏)", "都踹坏", 1},
    {"等了[0-9]{1,3}分钟", "等了很久", 0},
    {"火(?:灾)?人", "火人", 1},
    {"火(?:灾)?人", "灾火", 0},
    {"[砸踹]{2}", "砸", 0},
    {"[砸踹]{2}", "踹砸", 1},
    {"\\x{7838}坏", "砸坏", 1},
    {"^砸坏$", "砸坏", 1},
    {"\\A砸坏\\z", "坏砸", 0},
    {"(?s:砸.坏)", "砸了", 0},
    {"(?s:砸.坏)", "砸了坏了", 1},
    {"(?s:砸.坏)", "了了", 0},
    {"砸坏(?:x|y)??", "砸坏", -1},
    {".{2}", "火灾", -1},
    {"(?:的|一).{0,4}(?:不|了)", "火灾", -1},
    {"(?:砸坏)?", "火灾", -1},
    {"a*b", "火灾", -1},
};

START_TEST(opens_as_written) {
    const tocsin__pattern pattern = {cases[_i].pattern, (uint32_t)strlen(cases[_i].pattern), 0};
    tocsin__expression_gate *gate = NULL;
    ck_assert_int_eq(tocsin__expression_gate_create(&pattern, 1, tocsin_allocator_default(), &gate), TOCSIN_OK);
    ck_assert_int_eq(gate == NULL, cases[_i].opens < 0);
    ck_assert_int_eq(gate == NULL, tocsin__expression_gate_memory(gate) == 0);
    if (gate) {
        int opens = tocsin__expression_gate_opens(gate, cases[_i].text, strlen(cases[_i].text));
        ck_assert_msg(opens == cases[_i].opens, "%s in %s", cases[_i].pattern, cases[_i].text);
    }
    tocsin__expression_gate_free(gate);
}
END_TEST

TOCSIN_SUITE("expression gate", TOCSIN_CASE(shut_means_no_match) TOCSIN_LOOP(opens_as_written, cases))
