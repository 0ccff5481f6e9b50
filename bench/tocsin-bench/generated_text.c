/*
 * Made-up posts and news. A matcher's speed depends on how often the text comes near a term, which depends on how
 * unevenly characters are distributed, so characters are drawn by rank from a list that starts with the most frequent
 * ones of ordinary Chinese, with weights that fall as 1 / (rank + 8), and words are one to four characters long.
 * Punctuation, digits, full-width forms, traditional spellings and Latin words stand where a feed has them. What cannot
 * be made up is meaning: generated text has fewer chance hits than real text, so planted terms make up for them.
 */
#include "tocsin-bench/generated_text.h"

#include <math.h>
#include <string.h>

#include "feed/tool_memory.h"

/* The most common characters in order, then every fifth of the unified ideographs. */
static const char common[] =
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方"
    "多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已"
    "工使情"
    "明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表"
    "化老给"
    "世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反"
    "受目太"
    "量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权"
    "思王象"
    "完设式色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔";

#define RARE_FIRST 0x4E00u
#define RARE_LAST 0x9FA5u
#define RARE_STEP 5u
#define COMMON_COUNT ((sizeof common - 1) / 3)
#define CHARACTER_COUNT (COMMON_COUNT + (RARE_LAST - RARE_FIRST) / RARE_STEP)

static const char *const english[] = {"the",  "file", "option", "with",    "Linux",   "system", "user", "Print",
                                      "from", "GNU",  "output", "default", "version", "and",    "is",   "network"};
static const char *const marks[] = {"，", "。", "、", "！", "？", "：", "“", "”", "…", "，"};
static const char *const oddities[] = {"２０２６", "ＡＢＣ", "😀",    "①",    "é",    "㎡",
                                       "119",      "2026年", "５Ｇ", "火災", "國際", "體育"};
#define PICK(random, list) (list)[bench_random_below((random), (uint32_t)(sizeof(list) / sizeof *(list)))]

static size_t put_han(uint32_t c, char *out) {
    out[0] = (char)(0xE0 | (c >> 12));
    out[1] = (char)(0x80 | ((c >> 6) & 63));
    out[2] = (char)(0x80 | (c & 63));
    return 3;
}

size_t generated_character(bench_random *random, char *out) {
    /* Inverse of the cumulated 1 / (rank + 8). */
    double u = (double)(bench_random_next(random) >> 11) * 0x1p-53;
    size_t rank = (size_t)(8.0 * pow((CHARACTER_COUNT + 8.0) / 8.0, u) - 8.0);
    if (rank >= CHARACTER_COUNT) rank = CHARACTER_COUNT - 1;
    if (rank >= COMMON_COUNT) return put_han(RARE_FIRST + (uint32_t)(rank - COMMON_COUNT) * RARE_STEP, out);
    memcpy(out, common + rank * 3, 3);
    return 3;
}

typedef struct draft {
    char *bytes;
    size_t length;
} draft;

static void put(draft *d, const char *text, size_t length) {
    memcpy(d->bytes + d->length, text, length);
    d->length += length;
}

static void put_text(draft *d, const char *text) { put(d, text, strlen(text)); }

static void put_word(draft *d, bench_random *random, const generated_style *style, const text_list *terms) {
    uint32_t dice = bench_random_below(random, 1000);
    if (dice < style->planted && terms->count) {
        tocsin_bytes term = text_list_at(terms, bench_random_below(random, (uint32_t)terms->count));
        put(d, term.data, term.length);
    } else if (bench_random_below(random, 100) < style->english) {
        put_text(d, " ");
        put_text(d, PICK(random, english));
        put_text(d, " ");
    } else if (dice > 990) {
        put_text(d, PICK(random, oddities));
    } else {
        char character[4];
        for (uint32_t n = 1 + bench_random_below(random, 3); n; n--) {
            put(d, character, generated_character(random, character));
        }
    }
    if (bench_random_below(random, 6) == 0) put_text(d, PICK(random, marks));
}

void generated_documents(const generated_style *style, uint64_t seed, size_t total, const text_list *terms,
                         text_list *documents) {
    bench_random random = {seed};
    size_t longest = 1024;
    for (size_t i = 0; i < terms->count; i++) {
        if (text_list_at(terms, i).length > longest) longest = text_list_at(terms, i).length;
    }
    draft d = {tool_allocate((size_t)style->document_bytes * 2 + longest * 2, 1), 0};
    while (documents->length < total) {
        /* Half to one and a half times the mean. */
        size_t size = style->document_bytes / 2 + bench_random_below(&random, style->document_bytes + 1);
        d.length = 0;
        do put_word(&d, &random, style, terms);
        while (d.length < size);
        text_list_add(documents, d.bytes, d.length);
    }
    tool_free(d.bytes);
}
