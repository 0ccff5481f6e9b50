/*
 * ICU's converters, streaming, through UTF-16, as they all work. The converter keeps the bytes of a character that is
 * cut; a callback counts malformed parts before the usual U+FFFD is written for them. Their place is given as a line,
 * counted in the converter's output, because the number of bytes that it has read by then depends on the division into
 * pieces.
 */
#include "feed/text_decoder.h"

#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>
#include <unicode/ustring.h>

#include "feed/nearest_name.h"
#include "feed/tool_memory.h"

#ifdef TOCSIN_SMALL_BUFFERS
#define UNITS 3
#else
#define UNITS 8192
#endif

struct text_decoder {
    UConverter *converter;
    UChar units[UNITS];
    int32_t kept; /* at the start of units: a surrogate whose other half is still to come */
    char text[3 * UNITS];
    size_t at, end; /* of text, not passed on yet */
    uint64_t lines; /* line ends read so far */
    uint64_t malformed, first_line;
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

static uint64_t count_lines(const UChar *start, const UChar *end) {
    uint64_t count = 0;
    for (; start < end; start++) count += *start == '\n';
    return count;
}

static void note_malformed(text_decoder *decoder, uint64_t count, const UChar *until) {
    if (!decoder->malformed) {
        decoder->first_line = 1 + decoder->lines + count_lines(decoder->units + decoder->kept, until);
    }
    decoder->malformed += count;
}

static void U_CALLCONV replace(const void *context, UConverterToUnicodeArgs *arguments, const char *bytes,
                               int32_t length, UConverterCallbackReason reason, UErrorCode *status) {
    text_decoder *decoder = (text_decoder *)(uintptr_t)context;
    if (reason <= UCNV_IRREGULAR) note_malformed(decoder, 1, arguments->target);
    UCNV_TO_U_CALLBACK_SUBSTITUTE(NULL, arguments, bytes, length, reason, status);
}

text_decoder *text_decoder_create(const char *encoding) {
    UErrorCode status = U_ZERO_ERROR;
    UConverter *converter = open_converter(encoding);
    if (!converter || ucnv_getType(converter) == UCNV_UTF8) {
        if (converter) ucnv_close(converter);
        return NULL;
    }
    text_decoder *decoder = tool_allocate(1, sizeof *decoder);
    decoder->converter = converter;
    ucnv_setToUCallBack(converter, replace, decoder, NULL, NULL, &status);
    return decoder;
}

void text_decoder_free(text_decoder *decoder) {
    if (!decoder) return;
    ucnv_close(decoder->converter);
    tool_free(decoder);
}

/* Reads the next units and converts them to UTF-8. */
static void refill(text_decoder *decoder, const char **in, const char *in_end, int last) {
    UErrorCode status = U_ZERO_ERROR;
    UChar *units = decoder->units, *from = units + decoder->kept, *end = from;
    ucnv_toUnicode(decoder->converter, &end, units + UNITS, in, in_end, NULL, last != 0, &status);
    if (status == U_MEMORY_ALLOCATION_ERROR) tool_out_of_memory();
    int32_t count = (int32_t)(end - units), length = 0, replaced = 0;
    int keep = count && U16_IS_LEAD(units[count - 1]) && !(last && end == from);
    status = U_ZERO_ERROR;
    u_strToUTF8WithSub(decoder->text, (int32_t)sizeof decoder->text, &length, units, count - keep, 0xFFFD, &replaced,
                       &status);
    if (replaced) note_malformed(decoder, (uint64_t)replaced, end);
    decoder->lines += count_lines(from, end);
    if (keep) units[0] = units[count - 1];
    decoder->kept = keep;
    decoder->at = 0;
    decoder->end = (size_t)length;
}

void text_decoder_step(text_decoder *decoder, const char *in, size_t in_length, int last, size_t *consumed, char *out,
                       size_t out_size, size_t *produced) {
    const char *source = in;
    if (decoder->at == decoder->end) refill(decoder, &source, in + in_length, last);
    size_t n = decoder->end - decoder->at < out_size ? decoder->end - decoder->at : out_size;
    memcpy(out, decoder->text + decoder->at, n);
    decoder->at += n;
    *consumed = (size_t)(source - in);
    *produced = n;
}

uint64_t text_decoder_malformed(const text_decoder *decoder, uint64_t *first_line) {
    *first_line = decoder->first_line;
    return decoder->malformed;
}
