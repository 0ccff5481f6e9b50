/*
 * The UTF-8 normaliser of ICU, which only C++ has; the C functions would cost two conversions to UTF-16 and back and
 * make the comparison easier than it ought to be.
 */
#include "tocsin-bench/icu_casefold.h"

#include <stdint.h>
#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>

extern "C" size_t icu_casefold(const char *text, size_t length, char *out, size_t size) {
    UErrorCode code = U_ZERO_ERROR;
    const icu::Normalizer2 *casefold = icu::Normalizer2::getNFKCCasefoldInstance(code);
    if (U_FAILURE(code)) return SIZE_MAX;
    icu::CheckedArrayByteSink sink(out, static_cast<int32_t>(size));
    casefold->normalizeUTF8(0, icu::StringPiece(text, static_cast<int32_t>(length)), sink, nullptr, code);
    return U_FAILURE(code) ? SIZE_MAX : static_cast<size_t>(sink.NumberOfBytesAppended());
}
