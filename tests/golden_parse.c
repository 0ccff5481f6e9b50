/*
 * Reads the golden cases. The format is Markdown that people can read as a manual, so the parser knows only two
 * elements: second-level headings and fenced blocks. Values of a document may hold escapes (\n \t \\ \xHH \uHHHH),
 * because some cases are about invisible characters and malformed bytes.
 */
#include "golden_parse.h"

#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void give_up(const char *file, unsigned line, const char *what) {
    fprintf(stderr, "%s:%u: %s\n", file, line, what);
    exit(EXIT_FAILURE);
}

static void *get_memory(void *old, size_t size) {
    void *memory = realloc(old, size);
    if (!memory) give_up("golden", 0, "no memory");
    return memory;
}

static char *read_text(const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) give_up(path, 0, "cannot be read");
    size_t length = 0, capacity = 1 << 16;
    char *text = get_memory(NULL, capacity);
    for (size_t n; (n = fread(text + length, 1, capacity - length - 1, file)) > 0;) {
        length += n;
        if (length + 1 == capacity) text = get_memory(text, capacity *= 2);
    }
    fclose(file);
    text[length] = '\0';
    return text;
}

/* The second word of a fence's line. */
static void read_fence_name(const char *line, golden_block *block) {
    char language[GOLDEN_NAME_SIZE];
    block->name[0] = '\0';
    if (sscanf(line, "```%63s %63s", language, block->name) < 1) block->name[0] = '\0';
}

static golden_case *add_case(golden_cases *cases, const char *file, const char *line, size_t length, unsigned number) {
    if (cases->length == cases->capacity) {
        cases->capacity = cases->capacity ? cases->capacity * 2 : 32;
        cases->data = get_memory(cases->data, cases->capacity * sizeof *cases->data);
    }
    golden_case *added = &cases->data[cases->length++];
    memset(added, 0, sizeof *added);
    added->file = file;
    added->title = line + 3;
    added->title_length = length - 3;
    added->line = number;
    return added;
}

static void parse_file(golden_cases *cases, const char *file, const char *text) {
    golden_case *current = NULL;
    golden_block *open = NULL;
    unsigned number = 1;
    for (const char *line = text, *end; *line; line = end + (*end != '\0'), number++) {
        end = line + strcspn(line, "\n");
        if (strncmp(line, "```", 3) == 0) {
            if (open) {
                open->length = (size_t)(line - open->data);
                open = NULL;
                continue;
            }
            if (!current) give_up(file, number, "a block before the first case");
            if (current->block_count == GOLDEN_MAX_BLOCKS) give_up(file, number, "too many blocks in one case");
            open = &current->blocks[current->block_count++];
            read_fence_name(line, open);
            if (!open->name[0]) give_up(file, number, "a block without a name");
            open->data = end + (*end != '\0');
            open->line = number;
        } else if (!open && strncmp(line, "## ", 3) == 0) {
            current = add_case(cases, file, line, (size_t)(end - line), number);
        }
    }
    if (open) give_up(file, open->line, "a block that does not end");
}

static int is_markdown(const struct dirent *entry) {
    size_t length = strlen(entry->d_name);
    return length > 3 && strcmp(entry->d_name + length - 3, ".md") == 0;
}

void golden_load(const char *folder, golden_cases *cases) {
    struct dirent **entries = NULL;
    memset(cases, 0, sizeof *cases);
    int count = scandir(folder, &entries, is_markdown, alphasort);
    if (count <= 0) give_up(folder, 0, "holds no cases");
    cases->texts = get_memory(NULL, (size_t)count * 2 * sizeof *cases->texts);
    for (int i = 0; i < count; i++) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        char *name = get_memory(NULL, strlen(entries[i]->d_name) + 1);
        strcpy(name, entries[i]->d_name);
        char *text = read_text(path);
        cases->texts[cases->text_count++] = name;
        cases->texts[cases->text_count++] = text;
        parse_file(cases, name, text);
        free(entries[i]);
    }
    free(entries);
}

void golden_release(golden_cases *cases) {
    for (size_t i = 0; i < cases->text_count; i++) free(cases->texts[i]);
    free(cases->texts);
    free(cases->data);
    memset(cases, 0, sizeof *cases);
}

/* Writes one escaped character; returns how many bytes of in it read, 0 for an unknown escape. */
static size_t unescape_one(const char *in, size_t left, char **out) {
    unsigned value = 0;
    if (left < 2) return 0;
    switch (in[1]) {
        case 'n': *(*out)++ = '\n'; return 2;
        case 't': *(*out)++ = '\t'; return 2;
        case '\\': *(*out)++ = '\\'; return 2;
        case 'x':
            if (left < 4 || sscanf(in + 2, "%2x", &value) != 1) return 0;
            *(*out)++ = (char)(unsigned char)value;
            return 4;
        case 'u':
            if (left < 6 || sscanf(in + 2, "%4x", &value) != 1) return 0;
            *out += tocsin__utf8_put(*out, value);
            return 6;
        default: return 0;
    }
}

static int unescape(const char *in, size_t length, char **out, tocsin_bytes *value) {
    value->data = *out;
    for (size_t at = 0; at < length;) {
        if (in[at] != '\\') {
            *(*out)++ = in[at++];
            continue;
        }
        size_t taken = unescape_one(in + at, length - at, out);
        if (!taken) return 0;
        at += taken;
    }
    value->length = (size_t)(*out - value->data);
    return 1;
}

static int is_key(const char *line, size_t length, const char *key) {
    return strlen(key) == length && memcmp(line, key, length) == 0;
}

static int read_number(tocsin_bytes value, uint64_t *number) {
    char digits[32], *end;
    if (!value.length || value.length >= sizeof digits) return 0;
    memcpy(digits, value.data, value.length);
    digits[value.length] = '\0';
    *number = strtoull(digits, &end, 10);
    return *end == '\0';
}

static int set_value(golden_document *out, const char *key, size_t key_length, tocsin_bytes value) {
    uint64_t number = 0;
    tocsin_document *document = &out->document;
    if (is_key(key, key_length, "id")) return document->id = value, 1;
    if (is_key(key, key_length, "title")) return document->title = value, 1;
    if (is_key(key, key_length, "text")) return document->text = value, 1;
    if (is_key(key, key_length, "source")) return document->source = value, 1;
    if (is_key(key, key_length, "venue")) return tocsin_venue_from_name(value.data, value.length, &document->venue);
    if (!read_number(value, &number)) return 0;
    if (is_key(key, key_length, "reach")) return document->reach = number, 1;
    if (is_key(key, key_length, "max_evidence")) return out->options.max_evidence = (uint32_t)number, 1;
    if (is_key(key, key_length, "max_hits")) return out->options.max_hits = (uint32_t)number, 1;
    if (is_key(key, key_length, "max_document_bytes")) return out->options.max_document_bytes = number, 1;
    return 0;
}

int golden_read_document(const golden_block *block, golden_document *out, const char **wrong) {
    *out = (golden_document){TOCSIN_DOCUMENT_INIT, TOCSIN_SCANNER_OPTIONS_INIT, NULL};
    out->storage = get_memory(NULL, block->length + 1);
    char *put = out->storage;
    for (size_t at = 0; at < block->length;) {
        const char *line = block->data + at;
        const char *end = memchr(line, '\n', block->length - at);
        const char *colon = memchr(line, ':', (size_t)(end - line));
        tocsin_bytes value;
        *wrong = line;
        if (!colon) return 0;
        const char *start = colon + 1 + (colon[1] == ' ');
        if (!unescape(start, (size_t)(end - start), &put, &value)) return 0;
        if (!set_value(out, line, (size_t)(colon - line), value)) return 0;
        at = (size_t)(end - block->data) + 1;
    }
    return 1;
}
