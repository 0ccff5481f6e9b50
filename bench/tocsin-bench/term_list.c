/*
 * Lexicons of a given size. Terms are distinguished by their folded text, because that is what every engine here looks
 * for: two spellings of one word would be two hits for an engine that lists entries and one for an engine that lists
 * patterns. Terms that a term list cannot hold (white space inside, a comment sign first) are left out of the pool.
 */
#include "tocsin-bench/term_list.h"

#include <string.h>

#include <tocsin/tocsin.h>

#include "feed/line_reader.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/bench_random.h"
#include "tocsin-bench/generated_text.h"

#define LONGEST_TERM 512 /* bytes; longer lines are not words */

static size_t first_column(const char *line, size_t length) {
    for (size_t i = 0; i < length; i++) {
        if (line[i] == '\t' || line[i] == ',') return i;
    }
    return length;
}

static int is_term(const char *text, size_t length) {
    if (!length || length > LONGEST_TERM || text[0] == '#') return 0;
    for (size_t i = 0; i < length; i++) {
        if ((unsigned char)text[i] <= ' ') return 0;
    }
    return utf8_valid_prefix(text, length) == length;
}

void term_pool_read(const char *path, text_list *pool) {
    input_file *input = input_file_open(path, NULL);
    line_reader *reader = line_reader_create(input, 1u << 20);
    line_batch batch = {0};
    line_status state;
    while ((state = line_reader_fill(reader, &batch)) == LINE_READY) {
        for (size_t i = 0; i < batch.count; i++) {
            const char *line = batch.bytes + batch.lines[i].offset;
            size_t length = first_column(line, batch.lines[i].length);
            if (is_term(line, length)) text_list_add(pool, line, length);
        }
    }
    if (state == LINE_FAILED) bench_fail(BENCH_FAILED, "%s: %s", path, input_file_problem(input));
    line_batch_release(&batch);
    line_reader_free(reader);
    input_file_close(input);
}

void term_pool_generate(uint64_t seed, size_t count, text_list *pool) {
    bench_random random = {seed};
    char word[64];
    for (size_t i = 0; i < count; i++) {
        uint32_t dice = bench_random_below(&random, 100);
        uint32_t characters = dice < 55 ? 2 : dice < 80 ? 3 : dice < 95 ? 4 : 5;
        size_t length = 0;
        while (characters--) length += generated_character(&random, word + length);
        text_list_add(pool, word, length);
    }
}

void term_pool_compound(uint64_t seed, size_t count, text_list *pool) {
    bench_random random = {seed};
    uint32_t words = (uint32_t)pool->count;
    char term[LONGEST_TERM * 2];
    for (size_t i = 0; i < count && words; i++) {
        tocsin_bytes head = text_list_at(pool, bench_random_below(&random, words));
        tocsin_bytes tail = text_list_at(pool, bench_random_below(&random, words));
        memcpy(term, head.data, head.length);
        memcpy(term + head.length, tail.data, tail.length);
        text_list_add(pool, term, head.length + tail.length);
    }
}

static uint32_t count_han(tocsin_bytes text) {
    uint32_t han = 0;
    for (size_t at = 0, next; at < text.length; at = next) {
        uint32_t c = utf8_decode(text.data, text.length, at, &next);
        han += (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) || (c >= 0x20000 && c <= 0x323AF);
    }
    return han;
}

static uint64_t hash_bytes(tocsin_bytes text) {
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < text.length; i++) hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001B3u;
    return hash ^ (hash >> 29);
}

/* Open addressing over the folded terms; slots hold their number plus one. */
typedef struct term_set {
    uint32_t *slots;
    size_t mask;
} term_set;

static int set_add(term_set *set, const text_list *folded, tocsin_bytes text) {
    size_t at = hash_bytes(text) & set->mask;
    for (; set->slots[at]; at = (at + 1) & set->mask) {
        tocsin_bytes there = text_list_at(folded, set->slots[at] - 1);
        if (there.length == text.length && !memcmp(there.data, text.data, text.length)) return 0;
    }
    set->slots[at] = (uint32_t)folded->count + 1;
    return 1;
}

static uint32_t *shuffled(size_t count, uint64_t seed) {
    uint32_t *order = tool_allocate(count + 1, sizeof *order);
    bench_random random = {seed};
    for (size_t i = 0; i < count; i++) {
        uint32_t j = bench_random_below(&random, (uint32_t)i + 1);
        order[i] = order[j];
        order[j] = (uint32_t)i;
    }
    return order;
}

void term_list_choose(const text_list *pool, uint64_t seed, uint32_t min_han, size_t most, term_list *terms) {
    tocsin_folder *folder = NULL;
    term_set set = {NULL, 1024};
    while (set.mask < pool->count * 2) set.mask *= 2;
    set.slots = tool_allocate(set.mask, sizeof *set.slots);
    set.mask--;
    uint32_t *order = shuffled(pool->count, seed);
    bench_require(tocsin_folder_create(NULL, NULL, &folder), "make a folder");
    for (size_t i = 0; i < pool->count && terms->folded.count < most; i++) {
        tocsin_bytes word = text_list_at(pool, order[i]), folded;
        if (count_han(word) < min_han) continue;
        bench_require(tocsin_fold(folder, word.data, word.length, &folded), "fold a term");
        if (!is_term(folded.data, folded.length) || !set_add(&set, &terms->folded, folded)) continue;
        text_list_add(&terms->written, word.data, word.length);
        text_list_add(&terms->folded, folded.data, folded.length);
    }
    tocsin_folder_free(folder);
    tool_free(order);
    tool_free(set.slots);
}

void term_list_release(term_list *terms) {
    text_list_release(&terms->written);
    text_list_release(&terms->folded);
}
