#ifndef TOCSIN_TOOLS_NDJSON_H
#define TOCSIN_TOOLS_NDJSON_H

/*
 * Reads one JSON object a line: the values of given keys. The C side of ndjson_shim.cpp, the only file that uses
 * simdjson.
 */

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum ndjson_kind {
    NDJSON_ABSENT = 0, /* no such key, or null */
    NDJSON_STRING,
    NDJSON_INTEGER,  /* fits int64_t */
    NDJSON_UNSIGNED, /* fits uint64_t only */
    NDJSON_FLOAT,
    NDJSON_OTHER,  /* true, false, an object, an array with elements other than strings */
    NDJSON_STRINGS /* an array of strings and nulls: text joins the strings with commas */
} ndjson_kind;

typedef struct ndjson_value {
    ndjson_kind kind;
    uint32_t times;   /* how often the object has the key, null included */
    const char *text; /* a string's characters in UTF-8, or a number's spelling; not terminated */
    size_t length;
    int64_t integer;
    uint64_t natural;
    double number;
    char spelled[32]; /* holds a number's spelling */
} ndjson_value;

typedef enum ndjson_status {
    NDJSON_OK = 0,
    NDJSON_MALFORMED, /* not JSON */
    NDJSON_NOT_OBJECT,
    NDJSON_BAD_UTF8,
    NDJSON_BAD_STRING, /* a bad escape or a lone surrogate */
    NDJSON_OPEN_STRING,
    NDJSON_CONTROL, /* a control character inside a string */
    NDJSON_BAD_NUMBER,
    NDJSON_TOO_DEEP,
    NDJSON_NO_MEMORY
} ndjson_status;

typedef struct ndjson_parser ndjson_parser;

/* NULL when there is no memory. */
ndjson_parser *ndjson_parser_create(void);
void ndjson_parser_free(ndjson_parser *parser);

/* Frees the memory of an uncommonly long line; the strings of the last line become invalid. */
void ndjson_parser_trim(ndjson_parser *parser);

#define NDJSON_MAX_KEYS 32

/* The keys that are read from every line: names, or paths into objects (a.b, which also finds a key "a.b"). */
typedef struct ndjson_keys {
    const char *names[NDJSON_MAX_KEYS];
    size_t lengths[NDJSON_MAX_KEYS]; /* of the names */
    size_t count;
    uint32_t nested; /* bit i: names[i] is a path */
} ndjson_keys;

/*
 * Reads one line, after which 64 more bytes must be readable. values has one entry a key; strings are borrowed until
 * the parser's next line. If a key is repeated, the last value is kept and times counts them. If a path leads through a
 * value that is no object, its value is NDJSON_OTHER; through null, NDJSON_ABSENT.
 */
ndjson_status ndjson_parse(ndjson_parser *parser, const char *line, size_t length, const ndjson_keys *keys,
                           ndjson_value *values);

/* The keys that the last line has, as bits, those of nulls among them; 0 if it could not be read. */
uint32_t ndjson_present(const ndjson_parser *parser);

/*
 * The elements of an array of the last line, each as JSON; the path is as above. Returns their number, 0 also if there
 * is no array; SIZE_MAX if there is no memory. part: the i-th element, valid until the next call of this function.
 */
size_t ndjson_split(ndjson_parser *parser, const char *path);
const char *ndjson_part(const ndjson_parser *parser, size_t i, size_t *length);

/* The path of the first array of objects in the last line that was read, for people; "" where there is none. Borrowed
 * until the next call of this function. */
const char *ndjson_find_records(ndjson_parser *parser);

#ifdef __cplusplus
}
#endif

#endif
