#ifndef TOCSIN_TOOLS_IMPORT_WORDS_H
#define TOCSIN_TOOLS_IMPORT_WORDS_H

/* Words that tocsin import has taken, and the files that it takes them from. */

#include <tocsin/tocsin.h>

/* A word that was taken; all are kept until the end, to see which fold to the same. */
typedef struct import_word {
    char *key; /* topic and kind, and the word folded */
    size_t length;
    uint64_t number; /* in the order in which they were read */
    char *row;       /* as it will be printed */
    char *cell;      /* the word alone, as a cell */
    int is_regex;
    const char *path;
    uint64_t line;
    uint32_t indent; /* characters before it in its line or cell */
} import_word;

typedef struct import_words {
    const char *topic;        /* of words that have none of their own; NULL: none */
    const char *column;       /* of tables: name or number from 1; NULL: it is found */
    const char *topic_column; /* the same of the topics; NULL: there is none */
    tocsin_buffer plan;       /* tiers of groups: topics, */
    tocsin_buffer clauses;    /* and clauses */
    size_t groups;            /* so far */
    tocsin_folder *folder;
    const char *path; /* that is read now */
    import_word *words;
    size_t count, capacity;
    uint64_t rejected;
    uint64_t taken, passed; /* of this file: words; comments and other lines without one */
    int quiet;
} import_words;

/* An entry of a list; topic and note may be empty, and where topic is, words->topic is taken. */
typedef struct import_entry {
    tocsin_bytes term, topic, note;
    int is_regex;
} import_entry;

/* Takes a word, or says why it is none. */
void import_take(import_words *words, const import_entry *entry, uint64_t line);

/* "file:line: why", counted as rejected. */
void import_reject(import_words *words, uint64_t line, const char *why);

tocsin_bytes import_trimmed(tocsin_bytes text);

/* Whether a cell is what people call the column of the words. */
int import_is_head(tocsin_bytes cell);

/* A table of a spreadsheet; separator 0: it is found. 0 after a message. */
int import_table(import_words *words, tocsin_bytes text, char separator);

/* The frequency_words.txt of TrendRadar: each group a topic, and a clause. */
void import_groups(import_words *words, tocsin_bytes text);

/* Whether the text is such a file: it has its sections, or lines that begin with + or !. */
int import_is_groups(const char *path, tocsin_bytes text);

#endif
