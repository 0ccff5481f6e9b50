/* Texts of only Han never reach the code between two blocks, so these texts mix all kinds of characters. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "random_text.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/utf8.h"

uint64_t random_text_state;

uint32_t random_text_below(uint32_t below) {
    random_text_state = random_text_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((random_text_state >> 33) * (uint64_t)below >> 31);
}

/* The composition of a text in per cent; the rest is Han. */
static const struct {
    uint32_t ascii, punctuation, two_bytes, special, broken;
} mixtures[RANDOM_TEXT_MIXTURES] = {{0, 0, 0, 0, 0},    {100, 0, 0, 0, 0},   {6, 8, 0, 0, 0},    {40, 4, 1, 0, 0},
                                    {0, 100, 0, 0, 0},  {6, 8, 1, 1, 1},     {98, 0, 1, 1, 0},   {0, 0, 100, 0, 0},
                                    {10, 10, 70, 2, 0}, {20, 20, 20, 10, 5}, {30, 30, 30, 0, 0}, {10, 10, 10, 1, 20}};

static uint32_t random_point(size_t mixture) {
    static const uint32_t punctuation[] = {0xFF0C, 0xFF01, 0xFF1F, 0xFF1A, 0x3002, 0x3001, 0xFF11,
                                           0xFF21, 0x201C, 0x3000, 0xFFE3, 0x2160, 0xFFE0, 0xFF61,
                                           0x212B, 0x2014, 0x300A, 0x22EF, 0xFF08};
    static const uint32_t special[] = {0x0301, 0x200B, 0x2026, 0x1F525, 0x00BD, 0x3099, 0x00AD, 0xFE0F, 0x20000, 0};
    uint32_t kind = random_text_below(100);
    if (kind < mixtures[mixture].ascii) return 1 + random_text_below(0x7F);
    kind -= mixtures[mixture].ascii;
    if (kind < mixtures[mixture].punctuation)
        return punctuation[random_text_below(sizeof punctuation / sizeof *punctuation)];
    kind -= mixtures[mixture].punctuation;
    if (kind < mixtures[mixture].two_bytes) return 0x80 + random_text_below(0x200);
    kind -= mixtures[mixture].two_bytes;
    if (kind < mixtures[mixture].special) return special[random_text_below(sizeof special / sizeof *special)];
    return 0x4E00 + random_text_below(0x51A6);
}

void random_text_fill(char *text, size_t length, size_t mixture) {
    char made[RANDOM_TEXT_LONGEST + 8];
    size_t n = 0;
    while (n < length) {
        if (random_text_below(100) < mixtures[mixture].broken) {
            made[n++] = (char)(0x80 + random_text_below(0x80));
        } else {
            n += tocsin__utf8_put(made + n, random_point(mixture));
        }
    }
    memcpy(text, made, length);
    while (length && random_text_below(8) && ((unsigned char)text[length - 1] & 0x80)) text[--length] = 'Z';
}

char *random_text_fenced_page(size_t *size) {
    *size = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, *size * 3, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED || mprotect(pages + *size, *size, PROT_READ | PROT_WRITE)) abort();
    return pages + *size;
}

void random_text_free_page(char *page, size_t size) { munmap(page - size, size * 3); }
