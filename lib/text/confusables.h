#ifndef TOCSIN_TEXT_CONFUSABLES_H
#define TOCSIN_TEXT_CONFUSABLES_H

/* Finds spellings that look right but do not match. Text is well-formed UTF-8. */

#include <stddef.h>

#include <tocsin/status.h>

#include "base/memory.h"

/* Whether a word of the text has letters of two of Latin, Greek and Cyrillic, which look alike. */
int tocsin__mixes_scripts(const char *text, size_t length);

/* Distinguishes traditional from simplified spelling by ICU's rules for whole words; one thread at a time. */
typedef struct tocsin__speller tocsin__speller;

/* TOCSIN_ERROR_MEMORY, TOCSIN_ERROR_FOLD. */
tocsin_status tocsin__speller_create(const tocsin_allocator *allocator, tocsin__speller **speller);
void tocsin__speller_free(tocsin__speller *speller);

/* Whether the text changes both if it is simplified and if it is made traditional. 0 if the text is too long. */
int tocsin__mixes_variants(tocsin__speller *speller, const char *text, size_t length);

#endif
