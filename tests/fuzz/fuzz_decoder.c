/*
 * Any bytes in any encoding: decoding in pieces gives the same as decoding at once, and the result is UTF-8. The first
 * byte chooses the encoding, the second is the length of the pieces.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/text_decoder.h"
#include "feed/utf8_text.h"
#include "fuzz_target.h"

#define MOST 6000u

typedef struct result {
    char bytes[MOST * 8];
    size_t length;
    uint64_t malformed, line;
} result;

static void decode(const char *encoding, const char *in, size_t length, size_t piece, size_t room, result *out) {
    text_decoder *decoder = text_decoder_create(encoding);
    if (!decoder) fuzz_failed("no decoder");
    out->length = 0;
    for (size_t at = 0, idle = 0;;) {
        const size_t given = length - at < piece ? length - at : piece;
        const size_t left = sizeof out->bytes - out->length;
        size_t consumed = 0, produced = 0;
        text_decoder_step(decoder, in + at, given, at + given == length, &consumed, out->bytes + out->length,
                          left < room ? left : room, &produced);
        if (consumed > given || produced > left) fuzz_failed("more than there is");
        at += consumed;
        out->length += produced;
        if (at == length && !produced) break;
        idle = consumed || produced ? 0 : idle + 1;
        if (idle > 3) fuzz_failed("it does not go on");
    }
    out->malformed = text_decoder_malformed(decoder, &out->line);
    text_decoder_free(decoder);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const encodings[] = {"GB18030", "Big5", "UTF-16LE",    "UTF-16BE",     "UTF-32", "Shift_JIS",
                                            "EUC-KR",  "GBK",  "ISO-2022-JP", "windows-1252", "HZ"};
    static result whole, pieces;
    if (size < 2 || size > MOST) return 0;
    const char *encoding = encodings[data[0] % (sizeof encodings / sizeof *encodings)];
    const char *in = (const char *)data + 2;
    decode(encoding, in, size - 2, size, sizeof whole.bytes, &whole);
    decode(encoding, in, size - 2, 1 + data[1] % 16, 16 + data[1] / 4, &pieces);
    if (whole.length != pieces.length || memcmp(whole.bytes, pieces.bytes, whole.length) != 0)
        fuzz_failed("pieces differ");
    if (whole.malformed != pieces.malformed || whole.line != pieces.line) fuzz_failed("pieces count otherwise");
    for (size_t at = 0, next; at < whole.length; at = next) {
        if (utf8_decode(whole.bytes, whole.length, at, &next) == UTF8_MALFORMED) fuzz_failed("that is not UTF-8");
    }
    return 0;
}
