/*
 * Any bytes as JSON: pieces of any length give the same elements, in arrays at the top level and inside objects. Lines
 * that simdjson accepts as objects, put into an array, each become an element again. The first byte is the length of
 * the pieces, the second chooses what separates the elements.
 */
#include <stdlib.h>
#include <string.h>

#include "feed/line_reader.h"
#include "feed/ndjson.h"
#include "fuzz_cutter.h"
#include "fuzz_target.h"

static int is_object(ndjson_parser *parser, const char *line, size_t length) {
    static const ndjson_keys keys = {{"text"}, {4}, 1, 0};
    ndjson_value value;
    char *padded = calloc(length + LINE_PADDING, 1);
    if (!padded) fuzz_failed("out of memory");
    memcpy(padded, line, length);
    const int ok = ndjson_parse(parser, padded, length, &keys, &value) == NDJSON_OK;
    free(padded);
    return ok;
}

/* Where the object stands within the line. */
static size_t trim(const char *line, size_t *length) {
    size_t start = 0;
    while (start < *length && strchr(" \t\r", line[start]) && line[start]) start++;
    while (*length > start && strchr(" \t\r", line[*length - 1]) && line[*length - 1]) --*length;
    *length -= start;
    return start;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const between[] = {",", " ,\n", "\n", " "};
    static fuzz_records records, expected;
    static ndjson_parser *parser;
    if (size < 2) return 0;
    if (!parser && !(parser = ndjson_parser_create())) fuzz_failed("out of memory");
    const char *bytes = (const char *)data + 2;
    const size_t length = size - 2, piece = data[0] + 1u;
    fuzz_cut_alike(RECORD_VALUES, 0, NULL, bytes, length, piece, &records);
    fuzz_cut_alike(RECORD_VALUES, 0, "a.b", bytes, length, piece, &records);
    char *array = malloc(length * 4 + 16);
    if (!array) fuzz_failed("out of memory");
    size_t made = 0;
    array[made++] = '[';
    expected.count = 0;
    for (size_t at = 0; at < length && expected.count < FUZZ_RECORDS;) {
        const char *end = memchr(bytes + at, '\n', length - at);
        size_t line = (end ? (size_t)(end - bytes) : length) - at;
        const size_t next = at + line + 1, start = at + trim(bytes + at, &line);
        if (line && is_object(parser, bytes + start, line)) {
            if (expected.count) {
                const char *gap = between[data[1] % 4];
                memcpy(array + made, gap, strlen(gap));
                made += strlen(gap);
            }
            memcpy(array + made, bytes + start, line);
            expected.at[expected.count++] = (record){.start = made, .end = made + line};
            made += line;
        }
        at = next;
    }
    array[made++] = ']';
    fuzz_cut(RECORD_VALUES, 0, NULL, array, made, piece, &records);
    if (records.count != expected.count) fuzz_failed("other elements than were put in");
    for (size_t i = 0; i < records.count; i++) {
        if (records.at[i].start != expected.at[i].start || records.at[i].end != expected.at[i].end)
            fuzz_failed("another element than was put in");
    }
    free(array);
    return 0;
}
