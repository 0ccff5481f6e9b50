#ifndef TOCSIN_TESTS_GOLDEN_PARSE_H
#define TOCSIN_TESTS_GOLDEN_PARSE_H

/* Cases written in Markdown: every second-level heading begins a case, and its fenced blocks are its parts. */

#include <stddef.h>

#include <tocsin/tocsin.h>

#define GOLDEN_MAX_BLOCKS 24
#define GOLDEN_NAME_SIZE 64

/* The text between two fences. The second word after the opening fence is its name: ```yaml plan.yaml */
typedef struct golden_block {
    char name[GOLDEN_NAME_SIZE];
    const char *data; /* borrowed from the file's text */
    size_t length;
    unsigned line; /* of the opening fence, 1-based */
} golden_block;

typedef struct golden_case {
    const char *file;  /* name without its folder */
    const char *title; /* borrowed, not terminated */
    size_t title_length;
    unsigned line;
    golden_block blocks[GOLDEN_MAX_BLOCKS];
    size_t block_count;
} golden_case;

typedef struct golden_cases {
    golden_case *data;
    size_t length, capacity;
    char **texts; /* the text that the cases borrow */
    size_t text_count;
} golden_cases;

/* Reads every .md file of a folder, in the order of names. Ends the program with a message if a file is malformed. */
void golden_load(const char *folder, golden_cases *cases);

void golden_release(golden_cases *cases);

/* Reads a document block with one "key: value" a line; keys are those of a feed and the limits of the scanner. */
typedef struct golden_document {
    tocsin_document document;
    tocsin_scanner_options options;
    char *storage; /* the text that the document borrows */
} golden_document;

/* Returns 0 and sets *wrong to a message if a line is not understood. */
int golden_read_document(const golden_block *block, golden_document *out, const char **wrong);

#endif
