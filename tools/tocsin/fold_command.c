/*
 * tocsin fold: shows the folded form of a text, line by line, to examine a doubtful term. Lines are read and written in
 * batches; the longest line bounds the memory.
 */
#include <inttypes.h>
#include <string.h>

#include "feed/line_reader.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"

static const char help[] =
    "usage: tocsin fold [OPTION…] [FILE…]\n"
    "\n"
    "Prints each line of the files, or of standard input, in the folded form in which terms and texts are compared.\n"
    "FILE is plain or zstd; - is standard input.\n"
    "\n"
    "  --profile NAME        nfkc_cf+hans: NFKC_Casefold, then each character by its Han variant class (default);\n"
    "                        nfkc_cf: NFKC_Casefold without variant classes\n"
    "  --between-han LIST    remove between two Han characters: space, punct, symbol, or several with commas\n"
    "  --between-latin LIST  the same between two Latin letters or digits\n"
    "\n"
    "A line over 64 MiB is rejected. Malformed UTF-8 becomes U+FFFD.\n"
    "Exit status: 0 done; 1 a line was rejected; 2 wrong usage; 3 an input or output failed.\n"
    "\n"
    "  echo '火災ＡＢＣ' | tocsin fold            # 火灾abc\n"
    "  echo '火 災' | tocsin fold --between-han space\n";

enum {
    FOLD_PROFILE,
    FOLD_BETWEEN_HAN,
    FOLD_BETWEEN_LATIN
};

static const option_spec specs[] = {{"profile", 0, 1}, {"between-han", 0, 1}, {"between-latin", 0, 1}};
static const char *const profiles[] = {"nfkc_cf+hans", "nfkc_cf"};
static const char *const between[] = {"space", "punct", "symbol"};
static const uint32_t between_flags[] = {TOCSIN_BETWEEN_SPACE, TOCSIN_BETWEEN_PUNCT, TOCSIN_BETWEEN_SYMBOL};

/* Reads one list of names after another; 0 after a message. */
static int read_between(option_parser *parser, const char *option, uint32_t *flags) {
    char list[64];
    size_t length = strlen(parser->value);
    if (length < sizeof list) {
        memcpy(list, parser->value, length + 1);
        for (char *name = list, *comma; name; name = comma) {
            comma = strchr(name, ',');
            if (comma) *comma++ = '\0';
            parser->value = name;
            int which = options_choice(parser, option, between, 3);
            if (which < 0) return 0;
            *flags |= between_flags[which];
        }
        return 1;
    }
    options_usage("fold", "--%s: the list is too long", option);
    return 0;
}

static void report_line(const char *name, const batch_line *line, tocsin_status status) {
    if (line->size > line->length) {
        console_line("%s:%" PRIu64 ": the line has %" PRIu64 " bytes, more than %" PRIu64, name, line->number,
                     line->size, TOCSIN_MAX_DOCUMENT_BYTES);
    } else {
        console_line("%s:%" PRIu64 ": cannot be folded: %s", name, line->number,
                     message_told(tocsin_status_string(status)));
    }
}

/* Folds a batch into text; returns an exit status. */
static int fold_batch(tocsin_folder *folder, const char *name, const line_batch *batch, tocsin_buffer *text) {
    int worst = EXIT_DONE;
    for (size_t i = 0; i < batch->count; i++) {
        const batch_line *line = &batch->lines[i];
        tocsin_bytes folded = {NULL, 0};
        tocsin_status status = TOCSIN_ERROR_TOO_LARGE;
        if (line->size == line->length) {
            status = tocsin_fold(folder, batch->bytes + line->offset, line->length, &folded);
        }
        if (status == TOCSIN_ERROR_MEMORY) tool_out_of_memory();
        if (status == TOCSIN_OK) {
            text_append(text, folded.data, folded.length);
            text_puts(text, "\n");
        } else {
            report_line(name, line, status);
            worst = EXIT_REJECTED;
        }
    }
    return worst;
}

/* Returns an exit status; *closed is set if the reader of the output is gone. */
static int fold_file(tocsin_folder *folder, const char *path, output *out, int *closed) {
    input_file *input = input_file_open(path, NULL);
    line_reader *lines = line_reader_create(input, TOCSIN_MAX_DOCUMENT_BYTES);
    line_batch batch = {0};
    line_status state;
    tocsin_buffer text;
    int worst = EXIT_DONE;
    tocsin_buffer_init(&text, NULL);
    while (!*closed && worst < EXIT_IO && (state = line_reader_fill(lines, &batch)) != LINE_END) {
        if (state == LINE_FAILED) {
            console_error("%s: %s", path, message_told(input_file_problem(input)));
            worst = EXIT_IO;
            break;
        }
        text.length = 0;
        int status = fold_batch(folder, path, &batch, &text);
        if (status > worst) worst = status;
        output_status written = output_write(out, text.data, text.length);
        *closed = written != OUTPUT_OK;
        if (written == OUTPUT_FAILED) worst = EXIT_IO;
    }
    tocsin_buffer_release(&text);
    line_batch_release(&batch);
    line_reader_free(lines);
    input_file_close(input);
    return worst;
}

static int fold_files(const tocsin_fold_options *options, char **files, int count) {
    tocsin_folder *folder = NULL;
    tocsin_status status = tocsin_folder_create(options, NULL, &folder);
    if (status != TOCSIN_OK) {
        console_error("cannot fold: %s", message_told(tocsin_status_string(status)));
        return EXIT_IO;
    }
    output *out = output_open(NULL);
    int worst = EXIT_DONE, closed = 0;
    for (int i = 0; i < count && !closed; i++) {
        int done = fold_file(folder, files[i], out, &closed);
        if (done > worst) worst = done;
    }
    output_close(out);
    tocsin_folder_free(folder);
    return worst;
}

static int run(int argc, char **argv) {
    static char standard_input[] = "-";
    option_parser parser;
    tocsin_fold_options options = {0};
    char **files = tool_allocate((size_t)argc + 1, sizeof *files);
    int count = 0, option, status = EXIT_DONE;
    options_start(&parser, "fold", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (option == OPTION_WRONG) {
            status = EXIT_USAGE;
        } else if (option == OPTION_OPERAND) {
            files[count++] = argv[parser.at - 1];
        } else if (option == FOLD_PROFILE) {
            int profile = options_choice(&parser, "profile", profiles, 2);
            if (profile < 0) status = EXIT_USAGE;
            options.profile = profile == 1 ? TOCSIN_FOLD_NFKC_CF : TOCSIN_FOLD_NFKC_CF_HANS;
        } else {
            const int latin = option == FOLD_BETWEEN_LATIN;
            uint32_t *flags = latin ? &options.between_latin : &options.between_han;
            if (!read_between(&parser, latin ? "between-latin" : "between-han", flags)) status = EXIT_USAGE;
        }
    }
    if (!count) files[count++] = standard_input;
    if (status == EXIT_DONE) status = fold_files(&options, files, count);
    tool_free(files);
    return status;
}

const command fold_command = {"fold", help, run};
