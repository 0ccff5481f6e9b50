#ifndef TOCSIN_RULE_UNIT_H
#define TOCSIN_RULE_UNIT_H

/* One expression text being read, and reporting what is wrong with it. */

#include "rule/rule_names.h"

/* After so many problems one more says nothing new about an expression. */
#define TOCSIN__RULE_MAX_PROBLEMS 20

typedef struct tocsin__rule_unit {
    const tocsin__rule_source *source;
    tocsin_diagnostics *diagnostics;     /* NULL: problems are counted and not kept */
    struct tocsin__rule_ast *references; /* to defines, linked by their reference; the last one first */
    size_t errors;
    int stopped;          /* a limit was met: nothing more is read or reported */
    tocsin_status status; /* TOCSIN_OK or TOCSIN_ERROR_MEMORY */
} tocsin__rule_unit;

/* Counts a problem at a byte offset and adds it to the diagnostics. */
__attribute__((format(printf, 5, 6))) void tocsin__rule_report(tocsin__rule_unit *unit, tocsin_severity severity,
                                                               const char *code, size_t offset, const char *format,
                                                               ...);

/* A piece of the user's text for a message: cut when it is long. */
typedef struct tocsin__rule_shown {
    char text[72];
} tocsin__rule_shown;

tocsin__rule_shown tocsin__rule_show(const char *text, size_t length);

#endif
