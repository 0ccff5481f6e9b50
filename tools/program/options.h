#ifndef TOCSIN_TOOLS_OPTIONS_H
#define TOCSIN_TOOLS_OPTIONS_H

/*
 * Options of a verb, or of a program without verbs (here ""): long ones as --name VALUE or --name=VALUE, short ones as
 * -p VALUE or -pVALUE, before or after operands. --help is answered before the verb runs.
 */

#include <stddef.h>
#include <stdint.h>

#include "feed/document_reader.h"

typedef struct option_spec {
    const char *name; /* without -- */
    char letter;      /* 0 if there is no short form */
    int takes_value;  /* OPTION_VALUE: once; OPTION_VALUES: any number of times */
} option_spec;

enum {
    OPTION_VALUE = 1,
    OPTION_VALUES = 2
};

/* Where feed options are stored; a verb does not offer options whose target is NULL. */
typedef struct feed_targets {
    feed_format *format;
    feed_names *names;
    const char **encoding;
} feed_targets;

enum {
    OPTION_END = -1,     /* no more */
    OPTION_OPERAND = -2, /* value is an operand; "-" is one too */
    OPTION_WRONG = -3    /* already reported on standard error */
};

typedef struct option_parser {
    const char *verb;
    const option_spec *specs;
    size_t spec_count;
    int argc;
    char **argv;
    int at;
    const char *letters; /* the rest of a word of short options */
    int operands_only;   /* after -- */
    const char *value;   /* of the returned option or operand */
    feed_targets feed;   /* all NULL if the verb reads no feeds */
    uint64_t seen;       /* bit i: specs[i] was given */
    uint64_t feed_seen;  /* the same for feed options */
} option_parser;

void options_start(option_parser *parser, const char *verb, const option_spec *specs, size_t count, int argc,
                   char **argv);

/*
 * Also reads --format, --field, --encoding, --set, --shape, --time-zone, --collected, --strict, --html and --records;
 * options_next stores these in their targets and does not return them.
 */
void options_read_feed(option_parser *parser, feed_targets targets);

/* The index of the next option in specs, or one of the above. An option that is given twice is OPTION_WRONG. */
int options_next(option_parser *parser);

/* Reports wrong usage of a verb and names its help; returns EXIT_USAGE. */
__attribute__((format(printf, 2, 3))) int options_usage(const char *verb, const char *format, ...);

/* The index of value in names, or -1 after a message. */
int options_choice(const option_parser *parser, const char *option, const char *const *names, size_t count);

/* Reads a natural number; 0 after a message, otherwise 1. */
int options_natural(const option_parser *parser, const char *option, uint64_t *number);

/* Reads --encoding; 0 after a message, otherwise 1. */
int options_encoding(const option_parser *parser, const char **encoding);

#endif
