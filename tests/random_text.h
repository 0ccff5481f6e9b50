#ifndef TOCSIN_TESTS_RANDOM_TEXT_H
#define TOCSIN_TESTS_RANDOM_TEXT_H

/* Texts of all kinds of characters and of malformed bytes, and memory that ends exactly where they do. */

#include <stddef.h>
#include <stdint.h>

#define RANDOM_TEXT_LONGEST 300
#define RANDOM_TEXT_MIXTURES ((size_t)12)

extern uint64_t random_text_state;

uint32_t random_text_below(uint32_t below);

/* Exactly length bytes, at most RANDOM_TEXT_LONGEST, so that the last character may be broken. */
void random_text_fill(char *text, size_t length, size_t mixture);

/* A page that may be used between two that may not; *size: its bytes. */
char *random_text_fenced_page(size_t *size);
void random_text_free_page(char *page, size_t size);

#endif
