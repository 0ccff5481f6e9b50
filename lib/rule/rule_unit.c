/*
 * Problems of one expression. They are counted where they are not kept: a define is read again for every expression
 * that uses it, but its problems are told once. The place of an offset is the caller's business (the text may stand in
 * a YAML scalar); without a locate function lines and columns are those of the text itself.
 */
#include "rule/rule_unit.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/fail.h"
#include "base/utf8.h"

static tocsin__place place_of(const tocsin__rule_source *source, size_t offset) {
    if (source->locate) return source->locate(source->context, offset);
    tocsin__place place = {NULL, 1, 1};
    size_t line = 0;
    for (size_t i = 0; i < offset; i++) {
        if (source->data[i] != '\n') continue;
        place.line++;
        line = i + 1;
    }
    if (offset > line) place.column += (uint32_t)tocsin__utf8_count(source->data + line, offset - line);
    return place;
}

static void keep(tocsin__rule_unit *unit, tocsin_severity severity, const char *code, size_t offset,
                 const char *message) {
    if (!unit->diagnostics) return;
    tocsin_status status =
        tocsin__diagnose(unit->diagnostics, severity, code, place_of(unit->source, offset), "%s", message);
    if (status) unit->status = status;
}

void tocsin__rule_report(tocsin__rule_unit *unit, tocsin_severity severity, const char *code, size_t offset,
                         const char *format, ...) {
    char message[TOCSIN_ERROR_MESSAGE_SIZE];
    if (unit->stopped) return;
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(message, sizeof message, format, arguments) < 0) message[0] = '\0';
    va_end(arguments);
    keep(unit, severity, code, offset, message);
    if (severity != TOCSIN_SEVERITY_ERROR) return;
    if (++unit->errors < TOCSIN__RULE_MAX_PROBLEMS) return;
    keep(unit, severity, "rule-limit", offset, "too many problems: the rest of the expression is not read");
    unit->stopped = 1;
}

tocsin__rule_shown tocsin__rule_show(const char *text, size_t length) {
    static const char more[] = "\xE2\x80\xA6";
    const size_t longest = sizeof((tocsin__rule_shown *)0)->text - sizeof more;
    tocsin__rule_shown shown = {{0}};
    size_t kept = length;
    if (length > longest) {
        for (kept = longest; kept > 0 && ((unsigned char)text[kept] & 0xC0) == 0x80;) kept--;
        memcpy(shown.text + kept, more, sizeof more);
    }
    if (kept) memcpy(shown.text, text, kept);
    return shown;
}
