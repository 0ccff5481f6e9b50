/* Problems of lists go to the diagnostics. Notes for lint are kept up to a limit, and counted beyond it. */
#include "lexicon/list_report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

tocsin_status tocsin__list_report(tocsin__list_reports *r, tocsin_severity severity, const char *code,
                                  tocsin__place place, const char *format, ...) {
    char message[512];
    va_list arguments;
    r->mistakes += severity == TOCSIN_SEVERITY_ERROR;
    r->remarks++;
    if (r->again) return TOCSIN_OK;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    if (severity == TOCSIN_SEVERITY_ERROR) r->errors++;
    return tocsin__diagnose(r->diagnostics, severity, code, place, "%s", message);
}

tocsin_status tocsin__list_note_for_lint(tocsin__list_reports *r, const char *code, tocsin__place place,
                                         const char *format, ...) {
    char message[512];
    va_list arguments;
    r->remarks++;
    if (r->again) return TOCSIN_OK;
    if (r->notes.length >= TOCSIN_DIAGNOSTICS_MAX) {
        r->notes_dropped++;
        return TOCSIN_OK;
    }
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    const char *copy = tocsin__arena_copy(r->arena, message, strlen(message));
    if (!copy) return TOCSIN_ERROR_MEMORY;
    return tocsin__vec_push(&r->notes, &r->arena->allocator, (tocsin__list_note){code, place, copy});
}

tocsin_status tocsin__list_report_full(tocsin__list_reports *r, tocsin__place place, uint32_t limit, const char *what) {
    int again = r->again;
    r->again = 0;
    tocsin_status status = tocsin__list_report(r, TOCSIN_SEVERITY_ERROR, "too-many-terms", place,
                                               "the lists have more than %u %s; the rest was not read", limit, what);
    r->again = again;
    return status;
}
