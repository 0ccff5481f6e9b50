/*
 * TrendRadar groups its keywords, with blank lines between groups: any of the plain words, all of those with +, none of
 * those with !. A word may be /regex/, and may have a display name after =>. A group becomes topics and a clause with
 * the same meaning; settings that only concern the display of news are left out and reported.
 */
#define _GNU_SOURCE /* memmem */

#include "tocsin/import_words.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "feed/utf8_text.h"
#include "program/console.h"

typedef struct group_reader {
    import_words *words;
    int in_filter;                    /* [GLOBAL_FILTER] */
    int has_filter;                   /* there are words that exclude everything */
    size_t plain, required, excluded; /* counts of words in the group */
    int is_open;
    char name[128];
} group_reader;

static const char *base_of(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static int is_section(tocsin_bytes line, const char *name) {
    return line.length == strlen(name) && !memcmp(line.data, name, line.length);
}

/* The next line without blanks around it; 0 at the end. */
static int next_line(tocsin_bytes text, size_t *at, tocsin_bytes *line) {
    if (*at >= text.length) return 0;
    const char *start = text.data + *at, *end = memchr(start, '\n', text.length - *at);
    *line = (tocsin_bytes){start, end ? (size_t)(end - start) : text.length - *at};
    *at += line->length + 1;
    *line = import_trimmed(*line);
    return 1;
}

int import_is_groups(const char *path, tocsin_bytes text) {
    tocsin_bytes line;
    if (!strncmp(base_of(path), "frequency_words", strlen("frequency_words"))) return 1;
    for (size_t at = 0; next_line(text, &at, &line);) {
        if (is_section(line, "[GLOBAL_FILTER]") || is_section(line, "[WORD_GROUPS]")) return 1;
        if (line.length > 1 && (line.data[0] == '+' || line.data[0] == '!') && !strchr(" \t+!=", line.data[1]))
            return 1;
    }
    return 0;
}

/* Makes the topics of a group, and the clause that combines them. */
static void end_group(group_reader *g) {
    import_words *words = g->words;
    if (!g->is_open) return;
    g->is_open = 0;
    if (!g->plain && !g->required) {
        words->groups--;
        return;
    }
    const size_t n = words->groups;
    text_printf(&words->clauses, "      - {id: G%zu, name: \"", n);
    for (const char *c = g->name[0] ? g->name : ""; *c; c++) {
        if (*c == '"' || *c == '\\') text_puts(&words->clauses, "\\");
        if ((unsigned char)*c >= 0x20) text_append(&words->clauses, c, 1);
    }
    text_puts(&words->clauses, "\", when: \"");
    if (g->plain) {
        text_printf(&words->clauses, "group%zu", n);
        text_printf(&words->plan, "  group%zu: {terms: LIST}\n", n);
    }
    for (size_t i = 1; i <= g->required; i++) {
        text_printf(&words->clauses, "%sgroup%zu_must%zu", i > 1 || g->plain ? " & " : "", n, i);
        text_printf(&words->plan, "  group%zu_must%zu: {terms: LIST}\n", n, i);
    }
    if (g->excluded) {
        text_printf(&words->clauses, " & !group%zu_not", n);
        text_printf(&words->plan, "  group%zu_not: {terms: LIST}\n", n);
    }
    if (g->has_filter) text_puts(&words->clauses, " & !filter");
    text_puts(&words->clauses, "\"}\n");
}

static void name_group(group_reader *g, tocsin_bytes name) {
    const size_t n = utf8_cut(name.data, name.length, sizeof g->name - 1);
    memcpy(g->name, name.data, n);
    g->name[n] = '\0';
}

/* The word of an entry, without its display name and the signs of a regex. */
static import_entry read_entry(tocsin_bytes word) {
    import_entry entry = {.is_regex = 0};
    const char *arrow = memmem(word.data, word.length, "=>", 2);
    if (arrow) {
        const size_t before = (size_t)(arrow - word.data);
        entry.note = import_trimmed((tocsin_bytes){arrow + 2, word.length - before - 2});
        word = import_trimmed((tocsin_bytes){word.data, before});
    }
    size_t end = word.length;
    while (end > 1 && word.data[end - 1] >= 'a' && word.data[end - 1] <= 'z') end--;
    if (end > 2 && word.data[0] == '/' && word.data[end - 1] == '/') {
        entry.is_regex = 1;
        word = (tocsin_bytes){word.data + 1, end - 2};
    }
    entry.term = word;
    return entry;
}

static void take_word(group_reader *g, tocsin_bytes line, uint64_t number) {
    import_words *words = g->words;
    char topic[64];
    const char sign = line.data[0];
    const int is_signed = sign == '+' || sign == '!';
    if (sign == '@' || (is_signed && g->in_filter)) {
        console_line("%s:%" PRIu64 ": %s", words->path, number,
                     sign == '@' ? "how many are shown is left out"
                                 : "has no meaning in the group of words that exclude everything; it is left out");
        words->passed++;
        return;
    }
    if (is_signed) line = import_trimmed((tocsin_bytes){line.data + 1, line.length - 1});
    import_entry entry = read_entry(line);
    if (g->in_filter) {
        (void)snprintf(topic, sizeof topic, "filter");
    } else if (sign == '+') {
        (void)snprintf(topic, sizeof topic, "group%zu_must%zu", words->groups, g->required + 1);
    } else if (sign == '!') {
        (void)snprintf(topic, sizeof topic, "group%zu_not", words->groups);
    } else {
        (void)snprintf(topic, sizeof topic, "group%zu", words->groups);
    }
    entry.topic = (tocsin_bytes){topic, strlen(topic)};
    const size_t before = words->count;
    import_take(words, &entry, number);
    if (words->count == before) return;
    if (g->in_filter) {
        if (!g->has_filter) text_puts(&words->plan, "  filter: {terms: LIST}\n");
        g->has_filter = 1;
    } else if (sign == '+') {
        g->required++;
    } else if (sign == '!') {
        g->excluded++;
    } else {
        g->plain++;
    }
    if (!g->in_filter && !g->name[0] && sign != '!') name_group(g, entry.note.length ? entry.note : entry.term);
}

void import_groups(import_words *words, tocsin_bytes text) {
    group_reader g = {.words = words};
    tocsin_bytes line;
    uint64_t number = 0;
    for (size_t at = 0; next_line(text, &at, &line);) {
        number++;
        if (!line.length) {
            end_group(&g);
            continue;
        }
        if (line.data[0] == '#') {
            words->passed++;
            continue;
        }
        const int filter = is_section(line, "[GLOBAL_FILTER]");
        if (filter || is_section(line, "[WORD_GROUPS]")) {
            end_group(&g);
            g.in_filter = filter;
            continue;
        }
        if (!g.is_open && !g.in_filter) {
            g.is_open = 1;
            g.plain = g.required = g.excluded = 0;
            g.name[0] = '\0';
            words->groups++;
            if (line.length > 2 && line.data[0] == '[' && line.data[line.length - 1] == ']') {
                name_group(&g, (tocsin_bytes){line.data + 1, line.length - 2});
                continue;
            }
        }
        take_word(&g, line, number);
    }
    end_group(&g);
}
