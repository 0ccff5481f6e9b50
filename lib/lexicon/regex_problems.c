/* One place words all problems, so that messages are cut and counted alike. */
#include "lexicon/regex_problems.h"

#include <stdarg.h>
#include <stdio.h>

void tocsin__regex_tell(tocsin__regex_problems *problems, tocsin_severity severity, const char *code, size_t offset,
                        const char *format, ...) {
    char message[256];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    problems->errors += severity == TOCSIN_SEVERITY_ERROR;
    if (problems->status || !problems->report) return;
    problems->status = problems->report(problems->context, severity, code, offset, message);
}
