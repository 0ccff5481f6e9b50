/*
 * Corpora. A line that cannot be read ends the run: which documents were measured must not depend on what a reader
 * happened to skip. Documents are read up to a number of bytes so that one run stays short; what is read is folded
 * once, here, for the engines that are measured on folded text.
 */
#include "tocsin-bench/corpus.h"

#include <stdio.h>
#include <string.h>

#include "feed/document_reader.h"
#include "tocsin-bench/bench_fail.h"
#include "tocsin-bench/generated_text.h"

#define MANPAGES "LC_ALL=C; gzip -dc /usr/share/man/zh_CN/man*/*.gz 2>/dev/null"

static const struct {
    const char *name;
    generated_style style;
} generators[] = {
    {"posts", {60, 1, 15}},
    {"news", {1500, 1, 10}},
    {"mixed", {200, 55, 10}},
};

static void read_documents(const char *path, size_t most, text_list *out) {
    input_file *input = input_file_open(path, NULL);
    line_reader *lines = line_reader_create_feed(input, path, FEED_AUTO, NULL);
    document_reader *reader = document_reader_create(NULL);
    line_batch batch = {0};
    line_status state = LINE_END;
    while (out->length < most && (state = line_reader_fill(lines, &batch)) == LINE_READY) {
        for (size_t i = 0; i < batch.count && out->length < most; i++) {
            tocsin_document document = TOCSIN_DOCUMENT_INIT;
            document_status got = document_reader_line(reader, &batch, &batch.lines[i], &document);
            if (got == DOCUMENT_REJECTED) {
                bench_fail(BENCH_FAILED, "%s:%llu: %s", path, (unsigned long long)batch.lines[i].number,
                           document_reader_reason(reader));
            }
            if (got == DOCUMENT_READY && document.text.length) {
                text_list_add(out, document.text.data, document.text.length);
            }
        }
    }
    if (state == LINE_FAILED) bench_fail(BENCH_FAILED, "%s: %s", path, input_file_problem(input));
    line_batch_release(&batch);
    document_reader_free(reader);
    line_reader_free(lines);
    input_file_close(input);
}

/* A line of a page is a document; requests of the formatter are left out. */
static int read_manpages(size_t most, text_list *out) {
    char line[8192];
    FILE *pages = popen(MANPAGES, "r");
    while (pages && fgets(line, sizeof line, pages)) {
        size_t end = strcspn(line, "\n");
        if (end > 1 && line[0] != '.' && out->length < most) text_list_add(out, line, end);
    }
    if (pages) pclose(pages);
    return out->count > 0;
}

static void name_corpus(const char *path, corpus *out) {
    const char *base = strrchr(path, '/');
    snprintf(out->name, sizeof out->name, "%s", base ? base + 1 : path);
    char *dot = strchr(out->name, '.');
    if (dot) *dot = '\0';
}

int corpus_open(const char *name, size_t most, uint64_t seed, const text_list *terms, corpus *out) {
    size_t which = 0, count = sizeof generators / sizeof *generators;
    int found = 1;
    name_corpus(name, out);
    while (which < count && strcmp(generators[which].name, name)) which++;
    if (which < count) {
        generated_documents(&generators[which].style, seed, most, terms, &out->original);
    } else if (!strcmp(name, "manpages-zh")) {
        found = read_manpages(most, &out->original);
    } else {
        read_documents(name, most, &out->original);
        if (!out->original.count) bench_fail(BENCH_FAILED, "%s: no documents", name);
    }
    if (found) text_list_fold(&out->original, &out->folded);
    return found;
}

void corpus_cut(const corpus *from, size_t size, corpus *out) {
    snprintf(out->name, sizeof out->name, "%s", from->name);
    text_list_cut(&from->original, size, &out->original);
    text_list_fold(&out->original, &out->folded);
}

void corpus_release(corpus *c) {
    text_list_release(&c->original);
    text_list_release(&c->folded);
}
