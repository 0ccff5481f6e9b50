#ifndef TOCSIN_DIAGNOSTICS_H
#define TOCSIN_DIAGNOSTICS_H

#include <stddef.h>
#include <stdint.h>

#include <tocsin/allocator.h>
#include <tocsin/bytes.h>
#include <tocsin/status.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum tocsin_severity {
    TOCSIN_SEVERITY_NOTE = 0,
    TOCSIN_SEVERITY_WARNING = 1, /**< the plan still compiles */
    TOCSIN_SEVERITY_ERROR = 2    /**< the plan does not compile */
} tocsin_severity;

/** One problem of a plan or a list. The list owns the strings. */
typedef struct tocsin_diagnostic {
    tocsin_severity severity;
    const char *code;    /**< stable short name, for example "unknown-topic" */
    const char *file;    /**< as named in the plan; "" if there is none */
    uint32_t line;       /**< 1-based, 0 if there is none */
    uint32_t column;     /**< 1-based, in code points, 0 if there is none */
    const char *message; /**< UTF-8, one line */
} tocsin_diagnostic;

/**
 * A list of problems, filled by the compilers: every problem of every file, in the order of files and lines. Its
 * creator owns it. Thread-safe when no thread adds to it.
 */
typedef struct tocsin_diagnostics tocsin_diagnostics;

/**
 * Makes an empty list; allocator NULL means the default one. *list belongs to the
 * caller (tocsin_diagnostics_free) and is left untouched on failure: TOCSIN_ERROR_ARGUMENT, TOCSIN_ERROR_MEMORY.
 * Thread-safe always.
 */
TOCSIN_API tocsin_status tocsin_diagnostics_create(const tocsin_allocator *allocator, tocsin_diagnostics **list);

/** Frees the list and all its strings. NULL does nothing. No other call may use it then. */
TOCSIN_API void tocsin_diagnostics_free(tocsin_diagnostics *list);

/** Empties the list, for the next compilation. NULL does nothing. One thread at a time. */
TOCSIN_API void tocsin_diagnostics_clear(tocsin_diagnostics *list);

/** The number of problems. 0 for NULL. Thread-safe when no call adds to the list. */
TOCSIN_API size_t tocsin_diagnostics_count(const tocsin_diagnostics *list);

/** The number of problems of the given severity. 0 for NULL. Thread-safe when no call adds to the list. */
TOCSIN_API size_t tocsin_diagnostics_count_severity(const tocsin_diagnostics *list, tocsin_severity severity);

/**
 * The i-th problem, 0-based, borrowed until the list is cleared or freed; NULL if there is none. Thread-safe when no
 * call adds to the list.
 */
TOCSIN_API const tocsin_diagnostic *tocsin_diagnostics_at(const tocsin_diagnostics *list, size_t index);

/**
 * The number of problems beyond those that the list keeps (it keeps the first TOCSIN_DIAGNOSTICS_MAX, so that a wrong
 * file of a million lines does not fill the memory). Usually 0. 0 for NULL. Thread-safe when no call adds to the list.
 */
TOCSIN_API size_t tocsin_diagnostics_dropped(const tocsin_diagnostics *list);

#define TOCSIN_DIAGNOSTICS_MAX 10000

/** The number of a code, as "T218"; "T000" for an unknown code. Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_diagnostic_number(const char *code);

/** Advice for this kind of problem, in a few words; "" for an unknown code. Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_diagnostic_advice(const char *code);

/** The i-th of all codes, 0-based, in alphabetical order; NULL after the last. Static storage. Thread-safe always. */
TOCSIN_API const char *tocsin_diagnostic_code(size_t index);

/**
 * Appends "file:line:column: severity: message [number code]" and a newline. TOCSIN_ERROR_ARGUMENT and
 * TOCSIN_ERROR_MEMORY leave out unchanged. Thread-safe when no other thread uses out.
 */
TOCSIN_API tocsin_status tocsin_diagnostic_to_text(const tocsin_diagnostic *diagnostic, tocsin_buffer *out);

/**
 * Appends one JSON object, without a newline: {"file", "line", "column", "severity", "number", "code", "message",
 * "advice"}. TOCSIN_ERROR_ARGUMENT and TOCSIN_ERROR_MEMORY leave out unchanged. Thread-safe when no other thread uses
 * out.
 */
TOCSIN_API tocsin_status tocsin_diagnostic_to_json(const tocsin_diagnostic *diagnostic, tocsin_buffer *out);

#ifdef __cplusplus
}
#endif

#endif
