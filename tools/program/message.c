/*
 * Translations are searched relative to the program, in ../share/locale, so a prefix can be moved and a build can be
 * used in place. If a system never generated the locale, translations still work, through C.UTF-8.
 */
#define _GNU_SOURCE /* newlocale, uselocale */

#include "program/message.h"

#include <libintl.h>
#include <limits.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "feed/utf8_text.h"

#define DOMAIN "tocsin"
#define MOST_PLACES 8
#define TOLD_BYTES 2048
#define DEEPEST 6 /* sentences within sentences */

static int translated;
static locale_t spoken[2]; /* Chinese, English; 0 where only the user's language is spoken */

static const char *wanted_locale(void) {
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value && *value) return value;
    }
    return "C";
}

static int is_plain(const char *locale) {
    return !strcmp(locale, "C") || !strcmp(locale, "POSIX") || !strncmp(locale, "C.", 2);
}

/* The folder of translations: that of an installation, or of a build. */
static int find_folder(char *folder, size_t size) {
    char program[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    if (length <= 0) return 0;
    program[length] = '\0';
    for (int up = 0; up < 2; up++) {
        char *slash = strrchr(program, '/');
        if (!slash) return 0;
        *slash = '\0';
    }
    return (size_t)snprintf(folder, size, "%s/share/locale", program) < size;
}

void messages_begin(void) {
    char folder[PATH_MAX];
    const char *locale = wanted_locale();
    if (is_plain(locale) || !find_folder(folder, sizeof folder)) return;
    if (!setlocale(LC_MESSAGES, "") || !setlocale(LC_CTYPE, "")) {
        char language[64];
        snprintf(language, sizeof language, "%.*s", (int)strcspn(locale, "."), locale);
        if (!setlocale(LC_MESSAGES, "C.UTF-8") || !setlocale(LC_CTYPE, "C.UTF-8")) return;
        const char *preferred = getenv("LANGUAGE");
        setenv("LANGUAGE", language, !preferred || !*preferred);
    }
    bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    translated = 1;
}

/*
 * English needs no translation, so its locale is "C", for which gettext ignores all other settings. Chinese goes by way
 * of C.UTF-8 and LANGUAGE, as above.
 */
void messages_begin_both(void) {
    char folder[PATH_MAX];
    if (!find_folder(folder, sizeof folder)) return;
    if (messages_are_english()) setlocale(LC_MESSAGES, "C");
    setenv("LANGUAGE", "zh_CN", 1);
    bindtextdomain(DOMAIN, folder);
    bind_textdomain_codeset(DOMAIN, "UTF-8");
    spoken[0] = newlocale(LC_MESSAGES_MASK | LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    spoken[1] = newlocale(LC_MESSAGES_MASK, "C", (locale_t)0);
    translated = 1;
}

void messages_speak(message_language language) {
    const locale_t locale = language == MESSAGE_USER ? (locale_t)0 : spoken[language == MESSAGE_ENGLISH];
    uselocale(locale ? locale : LC_GLOBAL_LOCALE);
}

const char *message(const char *text) { return translated && *text ? dgettext(DOMAIN, text) : text; }

int messages_are_english(void) { return !translated || !strstr(dgettext(DOMAIN, ""), "\nLanguage: zh"); }

const char *message_plural(const char *one, const char *many, size_t count) {
    return translated ? dngettext(DOMAIN, one, many, count) : count == 1 ? one : many;
}

/*
 * If one pattern begins another, the longer one comes first. A pattern's places are the text between its words: the
 * first division that fits is taken; names of a plan do not contain the words of these patterns with spaces around
 * them.
 */
static const char *const patterns[] = {
    "would be %s by %s if %s",
    "no word of topic %s is %s",
    "no number of %s is %s",
    "a word of topic %s were %s",
    "a word of topic %s is %s",
    "no word of topic %s were %s",
    "%s and %s have no two hits in one field",
    "%s does not come before %s",
    "%s does not come after %s",
    "%s and %s are %s characters apart",
    "%s were within %s characters after %s (not in this order now)",
    "%s were within %s characters after %s (%s now)",
    "%s were within %s characters after %s",
    "no %s were within %s characters of %s",
    "%s and %s were within %s characters (%s now)",
    "%s and %s were within %s characters",
    "%s is within %s characters of %s",
    "%s holds, but not within %s",
    "%s held within %s",
    "%s(%s) were %s (%s now)",
    "%s(%s) were %s",
    "%s(%s) is %s",
    "clause %s does not hold",
    "clause %s did not hold",
    "clause %s holds",
    "clause %s held",
    "the tier is %s",
    "the tier were %s",
    "venue is %s",
    "venue were %s",
    "reach is %s",
    "reach were from %s to %s",
    "reach were %s",
    "attention is %s",
    "attention were %s",
    "%s did not hold",
    "%s holds",
    "within %s characters of %s",
    "within %s characters after %s",
    "within %s characters before %s",
    "at least %s",
    "at most %s",
    "other than %s",
    "under %s",
    "over %s",
    "there",
    "in the same sentence",
    "in the same paragraph",
    "in the title",
    "in the text",
    "one sentence",
    "one paragraph",
    "the title",
    "the text",
    "%s and %s",
    "%s, or %s",
    "%s or %s",
    "%s with %s",
    "%s without %s",
    "without %s",
};

static const char *const told[] = {
#include "program/told_sentences.inc"
};

typedef struct pattern_table {
    const char *const *patterns;
    size_t count;
    int is_sentences; /* places hold sentences or names; otherwise only those of %w do */
} pattern_table;

/* The first %s or %w of a pattern; NULL if there is none. */
static const char *next_place(const char *pattern) {
    const char *at = strchr(pattern, '%');
    while (at && at[1] != 's' && at[1] != 'w') at = strchr(at + 1, '%');
    return at;
}

/* The index of the words in text, from a byte on; text.length + 1 if they are not there. */
static size_t find_words(tocsin_bytes text, size_t from, const char *words, size_t length) {
    for (size_t at = from; at + length <= text.length; at++) {
        if (!memcmp(text.data + at, words, length)) return at;
    }
    return text.length + 1;
}

/* Whether text has the form of the pattern, which begins with words; places[i] becomes the text for its i-th %s. */
static int fits(const char *pattern, tocsin_bytes text, tocsin_bytes *places, size_t count) {
    const char *place = next_place(pattern);
    const size_t before = place ? (size_t)(place - pattern) : strlen(pattern);
    if (text.length < before || memcmp(text.data, pattern, before)) return 0;
    if (!place || count == MOST_PLACES) return !place && text.length == before;
    const char *rest = place + 2, *next = next_place(rest);
    const size_t words = next ? (size_t)(next - rest) : strlen(rest);
    const tocsin_bytes behind = {text.data + before, text.length - before};
    /* The last place extends to the end, minus the words after it. */
    const size_t least = before && pattern[before - 1] == '"' ? 0 : 1;
    size_t at = !next && behind.length > words ? behind.length - words : least;
    for (; (at = find_words(behind, at, rest, words)) <= behind.length; at++) {
        places[count] = (tocsin_bytes){behind.data, at};
        if (fits(rest, (tocsin_bytes){behind.data + at, behind.length - at}, places, count + 1)) return 1;
    }
    return 0;
}

static void append_sentence(tocsin_buffer *out, const pattern_table *table, tocsin_bytes text, int depth);

/* Whether the text of a place must be translated too, because it is not a name or a quotation. */
static int is_words(const pattern_table *table, const char *pattern, size_t place) {
    const char *at = next_place(pattern);
    while (at && place--) at = next_place(at + 2);
    return table->is_sentences || (at && at[1] == 'w');
}

/* Appends the translation of a pattern, with "%1$s" for places whose order differs. */
static void append_filled(tocsin_buffer *out, const pattern_table *table, const char *pattern,
                          const tocsin_bytes *places, int depth) {
    size_t next = 0;
    for (const char *at = message(pattern); *at;) {
        const int numbered = at[0] == '%' && at[1] >= '1' && at[1] <= '0' + MOST_PLACES && at[2] == '$' && at[3] == 's';
        if (numbered || (at[0] == '%' && (at[1] == 's' || at[1] == 'w'))) {
            const size_t place = numbered ? (size_t)(at[1] - '1') : next++;
            append_sentence(out, table, places[place], is_words(table, pattern, place) ? depth : DEEPEST);
            at += numbered ? 4 : 2;
        } else {
            text_append(out, at++, 1);
        }
    }
}

static void append_sentence(tocsin_buffer *out, const pattern_table *table, tocsin_bytes text, int depth) {
    tocsin_bytes places[MOST_PLACES];
    for (size_t i = 0; depth < DEEPEST && i < table->count; i++) {
        if (!fits(table->patterns[i], text, places, 0)) continue;
        append_filled(out, table, table->patterns[i], places, depth + 1);
        return;
    }
    text_append(out, text.data, text.length);
}

void message_append_sentence(tocsin_buffer *out, const char *text) {
    static const pattern_table table = {patterns, sizeof patterns / sizeof *patterns, 1};
    const tocsin_bytes whole = {text, strlen(text)};
    if (translated) {
        append_sentence(out, &table, whole, 0);
    } else {
        text_append(out, whole.data, whole.length);
    }
}

const char *message_told(const char *text) {
    static const pattern_table table = {told, sizeof told / sizeof *told, 0};
    static _Thread_local char said[TOLD_BYTES];
    tocsin_buffer line;
    if (!translated || !text) return text;
    tocsin_buffer_init(&line, NULL);
    append_sentence(&line, &table, (tocsin_bytes){text, strlen(text)}, 0);
    const size_t length = utf8_cut(line.data, line.length, sizeof said - 1);
    if (length) memcpy(said, line.data, length);
    said[length] = '\0';
    tocsin_buffer_release(&line);
    return said;
}

void message_append_diagnostic(tocsin_buffer *out, const tocsin_diagnostic *d) {
    const char *severity = d->severity == TOCSIN_SEVERITY_NOTE      ? message("note")
                           : d->severity == TOCSIN_SEVERITY_WARNING ? message("warning")
                                                                    : message("error");
    if (d->file && d->file[0]) text_printf(out, "%s:", d->file);
    if (d->line) text_printf(out, "%u:", d->line);
    if (d->line && d->column) text_printf(out, "%u:", d->column);
    if (d->file && d->file[0]) text_puts(out, " ");
    text_printf(out, "%s: %s [%s %s]", severity, message_told(d->message), tocsin_diagnostic_number(d->code), d->code);
}
