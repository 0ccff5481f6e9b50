/*
 * For the memory sanitizer, which only knows code that was compiled with it: wrappers (ld --wrap) of library functions
 * mark exactly the bytes that each function has written as initialised. Callbacks are replaced by functions that treat
 * their arguments as initialised.
 */
#include <csv.h>
#include <hs.h>
#include <sanitizer/msan_interface.h>
#include <stdio.h>
#include <string.h>
#include <unicode/ubrk.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <yaml.h>
#include <zstd.h>

/* Calls between a library and the C library about the library's own memory are ignored. */
#define QUIETLY __msan_scoped_disable_interceptor_checks()
#define LOUDLY __msan_scoped_enable_interceptor_checks()
#define OPAQUE __attribute__((no_sanitize("memory")))
#define WRITTEN(pointer) __msan_unpoison(pointer, sizeof *(pointer))
#define JOIN(a, b) a##b
#define PASTE(a, b) JOIN(a, b)
/* The linker's name of the function in the library, and its replacement; ICU's names end in its version. */
#define REAL(name) PASTE(__real_, name)
#define WRAP(name) PASTE(__wrap_, name)

/*
 * A string with its final NUL, or NULL; read here byte by byte, because strlen would check whether it is initialised.
 */
OPAQUE static void text_written(const void *text) {
    const char *end = text;
    if (!text) return;
    while (*end) end++;
    __msan_unpoison(text, (size_t)(end - (const char *)text) + 1);
}

/* Check, which writes its notes to a file */

size_t REAL(fwrite)(const void *, size_t, size_t, FILE *);
OPAQUE size_t WRAP(fwrite)(const void *data, size_t size, size_t count, FILE *to) {
    __msan_unpoison(data, size * count);
    return REAL(fwrite)(data, size, count, to);
}

/* ICU */

int32_t REAL(unorm2_normalize)(const UNormalizer2 *, const UChar *, int32_t, UChar *, int32_t, UErrorCode *);
OPAQUE int32_t WRAP(unorm2_normalize)(const UNormalizer2 *how, const UChar *text, int32_t length, UChar *out,
                                      int32_t room, UErrorCode *code) {
    QUIETLY;
    const int32_t n = REAL(unorm2_normalize)(how, text, length, out, room, code);
    LOUDLY;
    WRITTEN(code);
    if (n > 0) __msan_unpoison(out, (size_t)(n < room ? n : room) * sizeof *out);
    return n;
}

int32_t REAL(unorm2_getDecomposition)(const UNormalizer2 *, UChar32, UChar *, int32_t, UErrorCode *);
OPAQUE int32_t WRAP(unorm2_getDecomposition)(const UNormalizer2 *how, UChar32 c, UChar *out, int32_t room,
                                             UErrorCode *code) {
    QUIETLY;
    const int32_t n = REAL(unorm2_getDecomposition)(how, c, out, room, code);
    LOUDLY;
    WRITTEN(code);
    if (n > 0) __msan_unpoison(out, (size_t)(n < room ? n : room) * sizeof *out);
    return n;
}

UChar *REAL(u_strFromUTF8)(UChar *, int32_t, int32_t *, const char *, int32_t, UErrorCode *);
OPAQUE UChar *WRAP(u_strFromUTF8)(UChar *out, int32_t room, int32_t *n, const char *text, int32_t length,
                                  UErrorCode *code) {
    QUIETLY;
    UChar *result = REAL(u_strFromUTF8)(out, room, n, text, length, code);
    LOUDLY;
    WRITTEN(code);
    WRITTEN(n);
    if (*n > 0) __msan_unpoison(out, (size_t)(*n < room ? *n : room) * sizeof *out);
    return result;
}

UChar *REAL(u_memcpy)(UChar *, const UChar *, int32_t);
OPAQUE UChar *WRAP(u_memcpy)(UChar *to, const UChar *from, int32_t n) {
    return memcpy(to, from, (size_t)n * sizeof *to);
}

void REAL(utrans_transUChars)(const UTransliterator *, UChar *, int32_t *, int32_t, int32_t, int32_t *, UErrorCode *);
OPAQUE void WRAP(utrans_transUChars)(const UTransliterator *rules, UChar *text, int32_t *n, int32_t room, int32_t start,
                                     int32_t *limit, UErrorCode *code) {
    QUIETLY;
    REAL(utrans_transUChars)(rules, text, n, room, start, limit, code);
    LOUDLY;
    WRITTEN(code);
    __msan_unpoison(text, (size_t)*n * sizeof *text);
}

UChar32 REAL(ucnv_getNextUChar)(UConverter *, const char **, const char *, UErrorCode *);
OPAQUE UChar32 WRAP(ucnv_getNextUChar)(UConverter *from, const char **source, const char *end, UErrorCode *code) {
    QUIETLY;
    const UChar32 c = REAL(ucnv_getNextUChar)(from, source, end, code);
    LOUDLY;
    WRITTEN(code);
    WRITTEN(source);
    return c;
}

UBreakIterator *REAL(ubrk_open)(UBreakIteratorType, const char *, const UChar *, int32_t, UErrorCode *);
OPAQUE UBreakIterator *WRAP(ubrk_open)(UBreakIteratorType type, const char *locale, const UChar *text, int32_t length,
                                       UErrorCode *code) {
    QUIETLY;
    UBreakIterator *made = REAL(ubrk_open)(type, locale, text, length, code);
    LOUDLY;
    WRITTEN(code);
    return made;
}

void REAL(ubrk_setText)(UBreakIterator *, const UChar *, int32_t, UErrorCode *);
OPAQUE void WRAP(ubrk_setText)(UBreakIterator *breaker, const UChar *text, int32_t length, UErrorCode *code) {
    QUIETLY;
    REAL(ubrk_setText)(breaker, text, length, code);
    LOUDLY;
    WRITTEN(code);
}

UBool REAL(ubrk_isBoundary)(UBreakIterator *, int32_t);
OPAQUE UBool WRAP(ubrk_isBoundary)(UBreakIterator *breaker, int32_t at) {
    QUIETLY;
    const UBool is = REAL(ubrk_isBoundary)(breaker, at);
    LOUDLY;
    return is;
}

UTransliterator *REAL(utrans_openU)(const UChar *, int32_t, UTransDirection, const UChar *, int32_t, UParseError *,
                                    UErrorCode *);
OPAQUE UTransliterator *WRAP(utrans_openU)(const UChar *id, int32_t length, UTransDirection direction,
                                           const UChar *rules, int32_t rules_length, UParseError *error,
                                           UErrorCode *code) {
    QUIETLY;
    UTransliterator *made = REAL(utrans_openU)(id, length, direction, rules, rules_length, error, code);
    LOUDLY;
    WRITTEN(code);
    return made;
}

UConverter *REAL(ucnv_open)(const char *, UErrorCode *);
OPAQUE UConverter *WRAP(ucnv_open)(const char *name, UErrorCode *code) {
    QUIETLY;
    UConverter *made = REAL(ucnv_open)(name, code);
    LOUDLY;
    WRITTEN(code);
    return made;
}

/* zstd */

size_t REAL(ZSTD_compress)(void *, size_t, const void *, size_t, int);
OPAQUE size_t WRAP(ZSTD_compress)(void *out, size_t room, const void *data, size_t length, int level) {
    __msan_check_mem_is_initialized(data, length);
    QUIETLY;
    const size_t n = REAL(ZSTD_compress)(out, room, data, length, level);
    LOUDLY;
    if (!ZSTD_isError(n)) __msan_unpoison(out, n);
    return n;
}

size_t REAL(ZSTD_decompress)(void *, size_t, const void *, size_t);
OPAQUE size_t WRAP(ZSTD_decompress)(void *out, size_t room, const void *data, size_t length) {
    QUIETLY;
    const size_t n = REAL(ZSTD_decompress)(out, room, data, length);
    LOUDLY;
    if (!ZSTD_isError(n)) __msan_unpoison(out, n);
    return n;
}

size_t REAL(ZSTD_decompressStream)(ZSTD_DStream *, ZSTD_outBuffer *, ZSTD_inBuffer *);
OPAQUE size_t WRAP(ZSTD_decompressStream)(ZSTD_DStream *stream, ZSTD_outBuffer *out, ZSTD_inBuffer *in) {
    QUIETLY;
    const size_t left = REAL(ZSTD_decompressStream)(stream, out, in);
    LOUDLY;
    __msan_unpoison(out->dst, out->pos);
    return left;
}

/* libyaml */

int REAL(yaml_parser_initialize)(yaml_parser_t *);
OPAQUE int WRAP(yaml_parser_initialize)(yaml_parser_t *parser) {
    QUIETLY;
    const int done = REAL(yaml_parser_initialize)(parser);
    LOUDLY;
    WRITTEN(parser);
    return done;
}

int REAL(yaml_parser_parse)(yaml_parser_t *, yaml_event_t *);
OPAQUE int WRAP(yaml_parser_parse)(yaml_parser_t *parser, yaml_event_t *event) {
    QUIETLY;
    const int done = REAL(yaml_parser_parse)(parser, event);
    LOUDLY;
    WRITTEN(event);
    WRITTEN(parser);
    text_written(parser->problem);
    text_written(parser->context);
    if (!done) return 0;
    if (event->type == YAML_SCALAR_EVENT) {
        __msan_unpoison(event->data.scalar.value, event->data.scalar.length + 1);
        text_written(event->data.scalar.anchor);
        text_written(event->data.scalar.tag);
    } else if (event->type == YAML_ALIAS_EVENT) {
        text_written(event->data.alias.anchor);
    } else if (event->type == YAML_MAPPING_START_EVENT || event->type == YAML_SEQUENCE_START_EVENT) {
        text_written(event->data.mapping_start.anchor); /* both have it in the same place */
        text_written(event->data.mapping_start.tag);
    }
    return done;
}

/* libcsv */

typedef struct csv_listener {
    void (*field)(void *, size_t, void *);
    void (*row)(int, void *);
    void *context;
} csv_listener;

OPAQUE static void on_field(void *text, size_t length, void *context) {
    const csv_listener *to = context;
    if (text) __msan_unpoison(text, length);
    LOUDLY;
    to->field(text, length, to->context);
    QUIETLY;
}

OPAQUE static void on_row(int end, void *context) {
    const csv_listener *to = context;
    LOUDLY;
    to->row(end, to->context);
    QUIETLY;
}

int REAL(csv_init)(struct csv_parser *, unsigned char);
OPAQUE int WRAP(csv_init)(struct csv_parser *parser, unsigned char options) {
    QUIETLY;
    const int failed = REAL(csv_init)(parser, options);
    LOUDLY;
    WRITTEN(parser);
    return failed;
}

size_t REAL(csv_parse)(struct csv_parser *, const void *, size_t, void (*)(void *, size_t, void *),
                       void (*)(int, void *), void *);
OPAQUE size_t WRAP(csv_parse)(struct csv_parser *parser, const void *text, size_t length,
                              void (*field)(void *, size_t, void *), void (*row)(int, void *), void *context) {
    csv_listener to = {field, row, context};
    __msan_check_mem_is_initialized(text, length);
    QUIETLY;
    const size_t n = REAL(csv_parse)(parser, text, length, on_field, on_row, &to);
    LOUDLY;
    return n;
}

int REAL(csv_fini)(struct csv_parser *, void (*)(void *, size_t, void *), void (*)(int, void *), void *);
OPAQUE int WRAP(csv_fini)(struct csv_parser *parser, void (*field)(void *, size_t, void *), void (*row)(int, void *),
                          void *context) {
    csv_listener to = {field, row, context};
    QUIETLY;
    const int failed = REAL(csv_fini)(parser, on_field, on_row, &to);
    LOUDLY;
    return failed;
}

/* Hyperscan */

OPAQUE static void said_written(hs_compile_error_t **said) {
    WRITTEN(said);
    if (!*said) return;
    WRITTEN(*said);
    text_written((*said)->message);
}

hs_error_t REAL(hs_compile_multi)(const char *const *, const unsigned *, const unsigned *, unsigned, unsigned,
                                  const hs_platform_info_t *, hs_database_t **, hs_compile_error_t **);
OPAQUE hs_error_t WRAP(hs_compile_multi)(const char *const *patterns, const unsigned *flags, const unsigned *ids,
                                         unsigned count, unsigned mode, const hs_platform_info_t *platform,
                                         hs_database_t **database, hs_compile_error_t **said) {
    QUIETLY;
    const hs_error_t code = REAL(hs_compile_multi)(patterns, flags, ids, count, mode, platform, database, said);
    LOUDLY;
    WRITTEN(database);
    said_written(said);
    return code;
}

hs_error_t REAL(hs_compile_lit_multi)(const char *const *, const unsigned *, const unsigned *, const size_t *, unsigned,
                                      unsigned, const hs_platform_info_t *, hs_database_t **, hs_compile_error_t **);
OPAQUE hs_error_t WRAP(hs_compile_lit_multi)(const char *const *patterns, const unsigned *flags, const unsigned *ids,
                                             const size_t *lengths, unsigned count, unsigned mode,
                                             const hs_platform_info_t *platform, hs_database_t **database,
                                             hs_compile_error_t **said) {
    QUIETLY;
    const hs_error_t code =
        REAL(hs_compile_lit_multi)(patterns, flags, ids, lengths, count, mode, platform, database, said);
    LOUDLY;
    WRITTEN(database);
    said_written(said);
    return code;
}

hs_error_t REAL(hs_database_size)(const hs_database_t *, size_t *);
OPAQUE hs_error_t WRAP(hs_database_size)(const hs_database_t *database, size_t *size) {
    QUIETLY;
    const hs_error_t code = REAL(hs_database_size)(database, size);
    LOUDLY;
    if (code == HS_SUCCESS) WRITTEN(size);
    return code;
}

hs_error_t REAL(hs_alloc_scratch)(const hs_database_t *, hs_scratch_t **);
OPAQUE hs_error_t WRAP(hs_alloc_scratch)(const hs_database_t *database, hs_scratch_t **scratch) {
    QUIETLY;
    const hs_error_t code = REAL(hs_alloc_scratch)(database, scratch);
    LOUDLY;
    WRITTEN(scratch);
    return code;
}

hs_error_t REAL(hs_serialize_database)(const hs_database_t *, char **, size_t *);
OPAQUE hs_error_t WRAP(hs_serialize_database)(const hs_database_t *database, char **bytes, size_t *length) {
    QUIETLY;
    const hs_error_t code = REAL(hs_serialize_database)(database, bytes, length);
    LOUDLY;
    if (code != HS_SUCCESS) return code;
    WRITTEN(bytes);
    WRITTEN(length);
    __msan_unpoison(*bytes, *length);
    return code;
}

hs_error_t REAL(hs_deserialize_database)(const char *, size_t, hs_database_t **);
OPAQUE hs_error_t WRAP(hs_deserialize_database)(const char *bytes, size_t length, hs_database_t **database) {
    QUIETLY;
    const hs_error_t code = REAL(hs_deserialize_database)(bytes, length, database);
    LOUDLY;
    WRITTEN(database);
    return code;
}

typedef struct hit_listener {
    match_event_handler hit;
    void *context;
} hit_listener;

OPAQUE static int on_hit(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
    const hit_listener *listener = context;
    LOUDLY;
    const int end = listener->hit(id, from, to, flags, listener->context);
    QUIETLY;
    return end;
}

hs_error_t REAL(hs_scan)(const hs_database_t *, const char *, unsigned, unsigned, hs_scratch_t *, match_event_handler,
                         void *);
OPAQUE hs_error_t WRAP(hs_scan)(const hs_database_t *database, const char *text, unsigned length, unsigned flags,
                                hs_scratch_t *scratch, match_event_handler hit, void *context) {
    hit_listener listener = {hit, context};
    __msan_check_mem_is_initialized(text, length);
    QUIETLY;
    const hs_error_t code = REAL(hs_scan)(database, text, length, flags, scratch, on_hit, &listener);
    LOUDLY;
    return code;
}
