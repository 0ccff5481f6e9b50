/*
 * ICU's converters, streaming, over UTF-16 as they all do. Bytes that are cut in the middle of a character are kept by
 * the converter; what is malformed is counted by a callback, before the usual U+FFFD is written for it. The place of a
 * malformed part is counted back from where the converter stands when it finds out.
 */
#include "feed/text_decoder.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include "feed/nearest_name.h"
#include "feed/tool_memory.h"

#define PIVOT_UNITS 4096

struct text_decoder {
    UConverter *from, *to;
    UChar pivot[PIVOT_UNITS];
    UChar *pivot_source, *pivot_target;
    const char *piece;     /* the input of the step that is going on */
    uint64_t piece_offset; /* of its first byte in the encoded text */
    uint64_t malformed, first;
};

static UConverter *open_converter(const char *encoding) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(encoding, &status);
    if (status == U_MEMORY_ALLOCATION_ERROR) tool_out_of_memory();
    return U_SUCCESS(status) ? converter : NULL;
}

int text_decoder_known(const char *encoding) {
    UConverter *converter = *encoding ? open_converter(encoding) : NULL;
    if (converter) ucnv_close(converter);
    return converter != NULL;
}

/* Every name and alias of every converter. */
const char *text_decoder_nearest(const char *written) {
    int32_t converters = ucnv_countAvailable();
    size_t count = 0;
    const char **names = NULL;
    for (int32_t i = 0; i < converters; i++) {
        const char *converter = ucnv_getAvailableName(i);
        UErrorCode status = U_ZERO_ERROR;
        uint16_t aliases = ucnv_countAliases(converter, &status);
        if (U_FAILURE(status)) continue;
        names = tool_reallocate(names, count + aliases, sizeof *names);
        for (uint16_t j = 0; j < aliases; j++) {
            const char *alias = ucnv_getAlias(converter, j, &status);
            if (U_SUCCESS(status)) names[count++] = alias;
        }
    }
    const char *near = nearest_name(written, strlen(written), names, count);
    tool_free(names);
    return near;
}

const char *text_decoder_signature(const char *start, size_t length) {
    UErrorCode status = U_ZERO_ERROR;
    const char *name = ucnv_detectUnicodeSignature(start, (int32_t)(length < 4 ? length : 4), NULL, &status);
    if (U_FAILURE(status) || !name) return NULL;
    return !strncmp(name, "UTF-16", 6) ? "UTF-16" : !strncmp(name, "UTF-32", 6) ? "UTF-32" : NULL;
}

static void U_CALLCONV count_malformed(const void *context, UConverterToUnicodeArgs *arguments, const char *bytes,
                                       int32_t length, UConverterCallbackReason reason, UErrorCode *status) {
    text_decoder *decoder = (text_decoder *)(uintptr_t)context;
    if (reason <= UCNV_IRREGULAR && decoder->malformed++ == 0) {
        uint64_t at = decoder->piece_offset + (uint64_t)(arguments->source - decoder->piece);
        decoder->first = at - (uint64_t)length;
    }
    UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, arguments, bytes, length, reason, status);
}

text_decoder *text_decoder_create(const char *encoding) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *from = open_converter(encoding);
    if (!from || ucnv_getType(from) == UCNV_UTF8) {
        if (from) ucnv_close(from);
        return NULL;
    }
    text_decoder *decoder = tool_allocate(1, sizeof *decoder);
    decoder->from = from;
    decoder->to = open_converter("UTF-8");
    if (!decoder->to) tool_out_of_memory();
    ucnv_setToUCallBack(from, count_malformed, decoder, NULL, NULL, &status);
    decoder->pivot_source = decoder->pivot_target = decoder->pivot;
    return decoder;
}

void text_decoder_free(text_decoder *decoder) {
    if (!decoder) return;
    ucnv_close(decoder->from);
    ucnv_close(decoder->to);
    tool_free(decoder);
}

void text_decoder_step(text_decoder *decoder, const char *in, size_t in_length, int last, size_t *consumed, char *out,
                       size_t out_size, size_t *produced) {
    UErrorCode status = U_ZERO_ERROR;
    const char *source = in;
    char *target = out;
    decoder->piece = in;
    ucnv_convertEx(decoder->to, decoder->from, &target, out + out_size, &source, in + in_length, decoder->pivot,
                   &decoder->pivot_source, &decoder->pivot_target, decoder->pivot + PIVOT_UNITS, 0, last != 0, &status);
    if (status == U_MEMORY_ALLOCATION_ERROR) tool_out_of_memory();
    *consumed = (size_t)(source - in);
    *produced = (size_t)(target - out);
    decoder->piece_offset += *consumed;
}

uint64_t text_decoder_malformed(const text_decoder *decoder, uint64_t *first) {
    *first = decoder->first;
    return decoder->malformed;
}
