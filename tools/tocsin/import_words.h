#ifndef TOCSIN_TOOLS_IMPORT_WORDS_H
#define TOCSIN_TOOLS_IMPORT_WORDS_H

/* The words that tocsin import has taken, and the file that it is reading. */

#include <tocsin/tocsin.h>

/* An imported word; all are kept until the end, to find those that fold to the same text. */
typedef struct import_word {
    char *key; /* topic and kind, and the word folded */
    size_t length;
    uint64_t number; /* in the order in which they were read */
    char *row;       /* as it will be printed */
    char *cell;      /* only the word, as a cell */
    int is_regex;
    const char *path;
    uint64_t line;
    uint32_t indent; /* characters before it in its line or cell */
} import_word;

typedef struct import_words {
    const char *topic;        /* for words without a topic of their own; NULL: none */
    const char *column;       /* of tables: name or number from 1; NULL: it is detected */
    const char *topic_column; /* the same for the topics; NULL: there is none */
    tocsin_buffer plan;       /* tiers of groups: topics, */
    tocsin_buffer clauses;    /* and clauses */
    size_t groups;            /* so far */
    tocsin_folder *folder;
    const char *path; /* of the present file */
    import_word *words;
    size_t count, capacity;
    uint64_t rejected;
    uint64_t taken, passed; /* of this file: words; comments and other lines without a word */
    int quiet;
} import_words;

/* An entry of a list; topic and note may be empty; words->topic replaces an empty topic. */
typedef struct import_entry {
    tocsin_bytes term, topic, note;
    int is_regex;
} import_entry;

/* Takes a word, or reports why it is no term. */
void import_take(import_words *words, const import_entry *entry, uint64_t line);

/* "file:line: why", counted as rejected. */
void import_reject(import_words *words, uint64_t line, const char *why);

tocsin_bytes import_trimmed(tocsin_bytes text);

/* Whether a cell is a usual name for the column of words. */
int import_is_head(tocsin_bytes cell);

/* Reads a table of a spreadsheet; separator 0: it is detected. 0 after a message. */
int import_table(import_words *words, tocsin_bytes text, char separator);

/* Reads the frequency_words.txt of TrendRadar: each group becomes a topic and a clause. */
void import_groups(import_words *words, tocsin_bytes text);

/* Whether the text is such a file: it has its sections, or lines that begin with + or !. */
int import_is_groups(const char *path, tocsin_bytes text);

#endif
