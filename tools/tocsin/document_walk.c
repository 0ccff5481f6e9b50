/* Reads feeds as classify does, but without threads, so that counts have a fixed order. */
#include "tocsin/document_walk.h"

#include <inttypes.h>

#include "feed/line_reader.h"
#include "program/console.h"
#include "program/message.h"
#include "tocsin/command.h"

static void reject(document_walk *walk, const char *path, const batch_line *line, const char *reason) {
    console_line("%s:%" PRIu64 ": %s", path, line->number, message_told(reason));
    walk->rejected++;
}

static void take_batch(document_walk *walk, document_reader *reader, const char *path, const line_batch *batch) {
    for (size_t i = 0; i < batch->count; i++) {
        tocsin_document document;
        tocsin_error error = {0};
        document_status status = document_reader_line(reader, batch, &batch->lines[i], &document);
        do {
            switch (status) {
                case DOCUMENT_BLANK: break;
                case DOCUMENT_READY:
                    feed_faults_note(&walk->faults, reader, path, batch->lines[i].number);
                    feed_texts_note(&walk->texts, &document);
                    if (!walk->take(walk->context, &document, &error))
                        reject(walk, path, &batch->lines[i], error.message);
                    break;
                case DOCUMENT_REJECTED: reject(walk, path, &batch->lines[i], document_reader_reason(reader)); break;
            }
        } while ((status = document_reader_next(reader, &document)) != DOCUMENT_BLANK);
    }
}

/* 0 if the feed could not be read to its end. */
static int walk_file(document_walk *walk, document_reader *reader, const char *path) {
    input_file *input = input_file_open(path, &walk->input);
    line_reader *lines = line_reader_create_feed(input, path, walk->format, &walk->names);
    line_batch batch = {0};
    line_status state;
    while ((state = line_reader_fill(lines, &batch)) == LINE_READY) {
        if (input_file_tells_guess(input)) console_line("%s: is not UTF-8 and is read as GB18030", path);
        take_batch(walk, reader, path, &batch);
    }
    if (state == LINE_FAILED) console_error("%s: %s", path, message_told(input_file_problem(input)));
    line_batch_release(&batch);
    line_reader_free(lines);
    input_file_close(input);
    return state != LINE_FAILED;
}

int walk_files(document_walk *walk, char **files, int count) {
    document_reader *reader = document_reader_create(&walk->names);
    int whole = 1;
    for (int i = 0; i < count; i++) whole &= walk_file(walk, reader, files[i]);
    document_reader_free(reader);
    if (!whole) return EXIT_IO;
    return walk->rejected || !feed_texts_check(&walk->texts) ? EXIT_REJECTED : EXIT_DONE;
}
