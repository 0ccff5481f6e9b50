/* Turns one word of a list into a term: trims it, folds it to find equal words, and writes it as a row. */
#include <inttypes.h>
#include <string.h>

#include "feed/csv_table.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "tocsin/import_words.h"

void import_reject(import_words *words, uint64_t line, const char *why) {
    console_line("%s:%" PRIu64 ": %s", words->path, line, message_told(why));
    words->rejected++;
}

tocsin_bytes import_trimmed(tocsin_bytes text) {
    while (text.length && memchr(" \t\r\n", text.data[0], 4)) {
        text.data++;
        text.length--;
    }
    while (text.length && memchr(" \t\r\n", text.data[text.length - 1], 4)) text.length--;
    return text;
}

/* Why it is no term, or NULL; *folded is then borrowed from the folder. */
static const char *fault_of(import_words *words, tocsin_bytes term, tocsin_bytes *folded) {
    if (utf8_valid_prefix(term.data, term.length) < term.length) return "the word is malformed";
    for (size_t i = 0; i < term.length; i++) {
        if ((unsigned char)term.data[i] < 0x20 || term.data[i] == 0x7F) return "the word has a control character";
    }
    tocsin_status status = tocsin_fold(words->folder, term.data, term.length, folded);
    if (status == TOCSIN_ERROR_MEMORY) tool_out_of_memory();
    if (status != TOCSIN_OK) return tocsin_status_string(status);
    if (!folded->length) return "nothing is left of the word when it is folded";
    return folded->length > TOCSIN_MAX_TERM_LENGTH ? "the word is longer than a term may be" : NULL;
}

/* A topic's name consists of letters, digits, _ and -. */
static const char *topic_fault(tocsin_bytes topic) {
    if (utf8_valid_prefix(topic.data, topic.length) < topic.length) return "the topic is malformed";
    for (size_t i = 0; i < topic.length; i++) {
        if ((unsigned char)topic.data[i] < 0x80 && strchr(" \t!\"#$%&'()*+,./:;<=>?@[\\]^`{|}~", topic.data[i]))
            return "the name of the topic has a character that is not allowed";
    }
    return NULL;
}

static tocsin_bytes bytes_of(const char *text) { return (tocsin_bytes){text, text ? strlen(text) : 0}; }

static char *row_of(const import_entry *entry, tocsin_bytes topic) {
    tocsin_buffer row;
    tocsin_buffer_init(&row, NULL);
    csv_append_cell(&row, entry->term);
    text_puts(&row, ",");
    csv_append_cell(&row, topic);
    text_puts(&row, entry->is_regex ? ",regex,,,," : ",,,,,");
    csv_append_cell(&row, entry->note);
    text_puts(&row, "\n");
    char *copy = tool_copy(row.data);
    tocsin_buffer_release(&row);
    return copy;
}

static char *cell_of(const import_entry *entry) {
    tocsin_buffer cell;
    tocsin_buffer_init(&cell, NULL);
    csv_append_cell(&cell, entry->term);
    text_puts(&cell, entry->is_regex ? ",regex\n" : ",\n");
    char *copy = tool_copy(cell.data);
    tocsin_buffer_release(&cell);
    return copy;
}

void import_take(import_words *words, const import_entry *given, uint64_t line) {
    import_entry entry = {import_trimmed(given->term), import_trimmed(given->topic), import_trimmed(given->note),
                          given->is_regex};
    const uint32_t indent = (uint32_t)(entry.term.data - given->term.data); /* blanks and tabs */
    tocsin_bytes folded = {NULL, 0};
    if (!entry.term.length) return;
    if (!entry.topic.length) entry.topic = bytes_of(words->topic);
    const char *fault = fault_of(words, entry.term, &folded);
    if (!fault) fault = topic_fault(entry.topic);
    if (!fault && utf8_valid_prefix(entry.note.data, entry.note.length) < entry.note.length)
        fault = "the note is malformed";
    if (fault) {
        import_reject(words, line, fault);
        return;
    }
    if (words->count == words->capacity) {
        words->capacity = words->capacity ? 2 * words->capacity : 1024;
        words->words = tool_reallocate(words->words, words->capacity, sizeof *words->words);
    }
    const tocsin_bytes word = entry.is_regex ? entry.term : folded;
    import_word *w = &words->words[words->count];
    *w = (import_word){.key = tool_allocate(entry.topic.length + word.length + 2, 1),
                       .length = entry.topic.length + word.length + 2,
                       .number = words->count,
                       .row = row_of(&entry, entry.topic),
                       .cell = cell_of(&entry),
                       .is_regex = entry.is_regex,
                       .path = words->path,
                       .line = line,
                       .indent = indent};
    if (entry.topic.length) memcpy(w->key, entry.topic.data, entry.topic.length);
    w->key[entry.topic.length + 1] = entry.is_regex ? 'r' : '\0';
    memcpy(w->key + entry.topic.length + 2, word.data, word.length);
    words->count++;
    words->taken++;
}
