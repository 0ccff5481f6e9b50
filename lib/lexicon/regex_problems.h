#ifndef TOCSIN_LEXICON_REGEX_PROBLEMS_H
#define TOCSIN_LEXICON_REGEX_PROBLEMS_H

/* Problems of a regex: counted, worded and passed on, for the parser and for admission. */

#include "lexicon/regex_ast.h"

typedef struct tocsin__regex_problems {
    tocsin__regex_report report; /* NULL: problems are only counted */
    void *context;
    size_t errors;
    tocsin_status status; /* of memory, folding and report; everything stops when it is not TOCSIN_OK */
} tocsin__regex_problems;

__attribute__((format(printf, 5, 6))) void tocsin__regex_tell(tocsin__regex_problems *problems,
                                                              tocsin_severity severity, const char *code, size_t offset,
                                                              const char *format, ...);

/* For structs with a member `problems`. */
#define tocsin__regex_error(who, ...) tocsin__regex_tell(&(who)->problems, TOCSIN_SEVERITY_ERROR, __VA_ARGS__)

#endif
