#ifndef TOCSIN_TOOLS_FEED_FAULTS_H
#define TOCSIN_TOOLS_FEED_FAULTS_H

/* Counts documents that were graded although a field was not readable, and shows the first of each kind. */

#include <stdint.h>

#include "feed/document_reader.h"

typedef struct feed_faults {
    uint64_t count[FEED_FAULT_COUNT]; /* documents */
} feed_faults;

/* Counts the faults of the reader's last document, and prints the first of each kind with file and line. */
void feed_faults_note(feed_faults *faults, const document_reader *reader, const char *file, uint64_t line);

/* Counts `count` more of a kind; prints `first` if there was none of this kind before. */
void feed_faults_add(feed_faults *faults, feed_fault fault, uint64_t count, const char *file, uint64_t line,
                     const char *what);

/* Prints a line of a summary for each kind that occurred. */
void feed_faults_summary(const feed_faults *faults);

/* The numbers of documents that could not be read. */
typedef struct feed_texts {
    uint64_t documents;
    uint64_t empty;   /* text and title are empty or have blanks only */
    uint64_t garbled; /* at least a quarter of the text is malformed: they are in another encoding */
} feed_texts;

/* Whether text and title are empty or have nothing but white space and invisible characters. */
int feed_text_is_blank(const tocsin_document *document);

void feed_texts_note(feed_texts *texts, const tocsin_document *document);

/* A feed of only empty or garbled documents is probably the wrong one; 0 after a message. */
int feed_texts_check(const feed_texts *texts);

#endif
