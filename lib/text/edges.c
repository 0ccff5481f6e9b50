/*
 * Walks original bytes, not folded ones: folding turns ！ into !, … into three stops, and may leave 。 out altogether.
 * Every mark is told by its bytes alone, so nothing is decoded.
 */
#include "text/edges.h"

static int is_space_at(const char *text, size_t length, size_t at) {
    if (at >= length) return 1;
    const unsigned char *s = (const unsigned char *)text + at;
    if (s[0] == ' ' || (s[0] >= '\t' && s[0] <= '\r')) return 1;
    if (at + 1 < length && s[0] == 0xC2 && s[1] == 0xA0) return 1;
    return at + 2 < length && s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80;
}

/* Length of the three-byte mark at s that ends a sentence, or 0; *line when it breaks the line. */
static size_t wide_mark(const unsigned char *s, size_t left, int *line) {
    if (left < 3) return 0;
    uint32_t mark = (uint32_t)s[0] << 16 | (uint32_t)s[1] << 8 | s[2];
    switch (mark) {
        case 0xE280A8: /* line separator */
        case 0xE280A9: /* paragraph separator */ *line = 1; return 3;
        case 0xE38082: /* 。 */
        case 0xEFBDA1: /* ｡ */
        case 0xEFBC81: /* ！ */
        case 0xEFBC9F: /* ？ */
        case 0xEFBC9B: /* ； */
        case 0xE280A6: /* … */ return 3;
        default: return 0;
    }
}

void tocsin__edges_advance(tocsin__edges *edges, size_t offset) {
    if (offset > edges->length) offset = edges->length;
    while (edges->at < offset) {
        const unsigned char *s = (const unsigned char *)edges->text + edges->at;
        size_t mark = 0;
        int line = 0;
        switch (s[0]) {
            case '\n':
            case '\v':
            case '\f':
            case '\r':
                mark = 1;
                line = 1;
                break;
            case '.':
            case '!':
            case '?':
            case ';': mark = (size_t)is_space_at(edges->text, edges->length, edges->at + 1); break;
            case 0xC2:
                line = edges->length - edges->at > 1 && s[1] == 0x85;
                mark = line ? 2 : 0;
                break;
            case 0xE2:
            case 0xE3:
            case 0xEF: mark = wide_mark(s, edges->length - edges->at, &line); break;
            default: break;
        }
        if (mark && edges->at + mark > offset) break;
        edges->at += mark ? mark : 1;
        edges->sentence += mark != 0;
        edges->paragraph += (uint32_t)line;
    }
}
