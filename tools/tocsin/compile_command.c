/*
 * tocsin compile: writes a plan to one file that can be carried elsewhere, shows information about such a file, and
 * extracts its sources. An image may come from strangers: names of sources may not lead out of the folder, and nothing
 * is overwritten.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "tocsin/command.h"

static const char help[] =
    "usage: tocsin compile -p PLAN -o FILE | --info FILE [--json] | --extract FOLDER FILE\n"
    "\n"
    "Compiles a plan, checks its examples, and writes the plan and its lists to one file, an image. Every verb accepts "
    "an\n"
    "image as a plan. The same plan gives the same bytes. An existing file is replaced when the new one is complete.\n"
    "\n"
    "  -p, --plan PLAN       plan file, folder with a plan.yaml, or image\n"
    "  -o, --output FILE     where to write the image\n"
    "      --info FILE       print the content of an image: its writer, plan, sources and sections\n"
    "      --json            the same as one JSON object\n"
    "      --extract FOLDER  write the sources of the image FILE to a new folder; existing files are not replaced\n"
    "      --force           write it even if an example of the plan fails\n"
    "  -q, --quiet           no summary\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage, a plan that does not compile, or a damaged image; 3 an input or output\n"
    "failed.\n"
    "\n"
    "  tocsin compile -p examples/fire-service -o fire-service.tocsin\n"
    "  tocsin compile --extract sources fire-service.tocsin\n";

enum {
    COMPILE_PLAN,
    COMPILE_OUTPUT,
    COMPILE_INFO,
    COMPILE_JSON,
    COMPILE_EXTRACT,
    COMPILE_FORCE,
    COMPILE_QUIET
};

static const option_spec specs[] = {{"plan", 'p', 1},  {"output", 'o', 1}, {"info", 0, 1},   {"json", 0, 0},
                                    {"extract", 0, 1}, {"force", 0, 0},    {"quiet", 'q', 0}};

typedef struct compile_run {
    const char *plan, *output, *info, *extract, *image;
    int json, force, quiet;
} compile_run;

static int save(const compile_run *run) {
    tocsin_plan *plan = NULL;
    tocsin_error error = {0};
    int status = plan_load_checked(run->plan, run->quiet, run->force, &plan);
    if (status != EXIT_DONE) return status;
    if (tocsin_plan_save(plan, run->output, &error) != TOCSIN_OK) {
        console_error("%s: %s", run->output, message_told(error.message));
        status = EXIT_IO;
    } else if (!run->quiet) {
        const tocsin_plan_info *info = tocsin_plan_get_info(plan);
        console_line("%s: %s, %zu terms in %zu topics, %zu clauses", run->output, info->name, info->term_count,
                     info->topic_count, info->clause_count);
    }
    tocsin_plan_release(plan);
    return status;
}

static void render_text(tocsin_buffer *out, const tocsin_image *image) {
    const tocsin_image_info *info = tocsin_image_get_info(image);
    tocsin_buffer name;
    tocsin_buffer_init(&name, NULL);
    text_puts(&name, info->name);
    text_printf(&name, "%s%s", *info->version ? message(", version ") : "", info->version);
    text_puts(out, message("plan      "));
    utf8_append_visible(out, name.data, name.length, 0);
    text_printf(out, message("\ncontent   %016" PRIx64 "\n"), info->content);
    text_printf(out, message("format    %" PRIu32 ", written by tocsin %s with %s fold tables\n"), info->format,
                info->writer, info->same_tables ? message("these") : message("other"));
    text_printf(
        out,
        message("holds     %" PRIu64 " terms in %" PRIu32 " topics, %" PRIu64 " patterns, %" PRIu64 " expressions\n"),
        info->term_count, info->topic_count, info->pattern_count, info->regex_count);
    text_printf(
        out,
        message("          %" PRIu32 " clauses in %" PRIu32 " tiers, %" PRIu32 " routes, %" PRIu64 " venue patterns\n"),
        info->clause_count, info->tier_count, info->route_count, info->venue_count);
    for (size_t i = 0; i < info->source_count; i++) {
        const tocsin_image_source *source = tocsin_image_get_source(image, i);
        text_printf(out, "%s%10zu  ", i ? "          " : message("sources   "), source->bytes.length);
        utf8_append_visible(out, source->name, strlen(source->name), 0);
        text_puts(out, "\n");
    }
    for (size_t i = 0; i < info->section_count; i++) {
        const tocsin_image_section *section = tocsin_image_get_section(image, i);
        text_printf(out,
                    message("%s%10" PRIu64 "  %-8s at %" PRIu64 ", %" PRIu64 " unpacked, checksum %016" PRIx64 "\n"),
                    i ? "          " : message("sections  "), section->stored, section->name, section->offset,
                    section->length, section->checksum);
    }
    text_printf(out, message("bytes     %10" PRIu64 "\n"), info->bytes);
    tocsin_buffer_release(&name);
}

static void append_member(tocsin_buffer *out, const char *name, const char *text) {
    text_printf(out, ",\"%s\":", name);
    utf8_append_json(out, text, strlen(text));
}

static void render_json(tocsin_buffer *out, const tocsin_image *image) {
    const tocsin_image_info *info = tocsin_image_get_info(image);
    text_printf(out, "{\"format\":%" PRIu32 ",\"bytes\":%" PRIu64 ",\"content\":\"%016" PRIx64 "\"", info->format,
                info->bytes, info->content);
    append_member(out, "writer", info->writer);
    text_printf(out, ",\"tables\":\"%016" PRIx64 "\",\"same_tables\":%s", info->tables,
                info->same_tables ? "true" : "false");
    append_member(out, "name", info->name);
    append_member(out, "version", info->version);
    text_printf(out, ",\"tiers\":%" PRIu32 ",\"clauses\":%" PRIu32 ",\"routes\":%" PRIu32 ",\"topics\":%" PRIu32,
                info->tier_count, info->clause_count, info->route_count, info->topic_count);
    text_printf(out, ",\"terms\":%" PRIu64 ",\"patterns\":%" PRIu64 ",\"regexes\":%" PRIu64 ",\"venues\":%" PRIu64,
                info->term_count, info->pattern_count, info->regex_count, info->venue_count);
    text_puts(out, ",\"sources\":[");
    for (size_t i = 0; i < info->source_count; i++) {
        const tocsin_image_source *source = tocsin_image_get_source(image, i);
        text_puts(out, i ? ",{\"name\":" : "{\"name\":");
        utf8_append_json(out, source->name, strlen(source->name));
        text_printf(out, ",\"bytes\":%zu}", source->bytes.length);
    }
    text_puts(out, "],\"sections\":[");
    for (size_t i = 0; i < info->section_count; i++) {
        const tocsin_image_section *section = tocsin_image_get_section(image, i);
        text_puts(out, i ? ",{\"name\":" : "{\"name\":");
        utf8_append_json(out, section->name, strlen(section->name));
        text_printf(out,
                    ",\"offset\":%" PRIu64 ",\"stored\":%" PRIu64 ",\"bytes\":%" PRIu64 ",\"checksum\":\"%016" PRIx64
                    "\"}",
                    section->offset, section->stored, section->length, section->checksum);
    }
    text_puts(out, "]}\n");
}

static int open_image(const char *path, tocsin_image **image) {
    tocsin_error error = {0};
    tocsin_status status = tocsin_image_open(path, NULL, image, &error);
    if (status != TOCSIN_OK) console_error("%s: %s", path, message_told(error.message));
    if (status == TOCSIN_OK) return EXIT_DONE;
    return status == TOCSIN_ERROR_IO || status == TOCSIN_ERROR_MEMORY || status == TOCSIN_ERROR_NOT_FOUND ? EXIT_IO
                                                                                                          : EXIT_USAGE;
}

static int print_info(const compile_run *run) {
    tocsin_image *image = NULL;
    tocsin_buffer out;
    int status = open_image(run->info, &image);
    if (status != EXIT_DONE) return status;
    tocsin_buffer_init(&out, NULL);
    if (run->json) {
        render_json(&out, image);
    } else {
        render_text(&out, image);
    }
    status = output_print(&out);
    tocsin_buffer_release(&out);
    tocsin_image_free(image);
    return status;
}

/* Whether the name of a source stays below the folder: no empty part, no . and no .. */
static int is_below(const char *name) {
    for (const char *at = name;; at += strcspn(at, "/") + 1) {
        size_t length = strcspn(at, "/");
        if (!length || (length == 1 && at[0] == '.') || (length == 2 && at[0] == '.' && at[1] == '.')) return 0;
        if (!at[length]) return 1;
    }
}

/* Makes the missing folders of path. */
static int make_folders(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int failed = mkdir(path, 0777) && errno != EEXIST;
        *slash = '/';
        if (failed) return 0;
    }
    return 1;
}

static int write_new(const char *path, tocsin_bytes bytes) {
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return 0;
    while (bytes.length) {
        ssize_t n = write(fd, bytes.data, bytes.length);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) break;
        bytes.data += n;
        bytes.length -= (size_t)n;
    }
    int code = bytes.length ? errno : 0;
    if (close(fd) && !code) code = errno;
    if (code) (void)unlink(path);
    errno = code;
    return !code;
}

static int extract_source(const char *folder, const tocsin_image_source *source) {
    tocsin_buffer path;
    int status = EXIT_DONE;
    if (!is_below(source->name)) {
        console_error("%s: this source is not written: its name leads out of the folder", source->name);
        return EXIT_USAGE;
    }
    tocsin_buffer_init(&path, NULL);
    text_printf(&path, "%s/%s", folder, source->name);
    if (!make_folders(path.data) || !write_new(path.data, source->bytes)) {
        console_error("%s: cannot be written: %s", path.data, strerror(errno));
        status = EXIT_IO;
    }
    tocsin_buffer_release(&path);
    return status;
}

static int extract(const compile_run *run) {
    tocsin_image *image = NULL;
    int worst = open_image(run->image, &image);
    if (worst != EXIT_DONE) return worst;
    const size_t count = tocsin_image_get_info(image)->source_count;
    for (size_t i = 0; i < count; i++) {
        int status = extract_source(run->extract, tocsin_image_get_source(image, i));
        if (status > worst) worst = status;
    }
    if (worst == EXIT_DONE && !run->quiet) console_line("%s: %zu file%s", run->extract, count, count == 1 ? "" : "s");
    tocsin_image_free(image);
    return worst;
}

static void take_option(compile_run *run, int option, const char *value) {
    switch (option) {
        case COMPILE_PLAN: run->plan = value; break;
        case COMPILE_OUTPUT: run->output = value; break;
        case COMPILE_INFO: run->info = value; break;
        case COMPILE_JSON: run->json = 1; break;
        case COMPILE_EXTRACT: run->extract = value; break;
        case COMPILE_FORCE: run->force = 1; break;
        default: run->quiet = 1; break;
    }
}

static int run(int argc, char **argv) {
    compile_run run = {0};
    option_parser parser;
    int option;
    options_start(&parser, "compile", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        if (option == OPTION_WRONG) return EXIT_USAGE;
        if (option != OPTION_OPERAND) {
            take_option(&run, option, parser.value);
        } else if (run.image) {
            return options_usage("compile", "one image at a time: \"%.100s\" is superfluous", parser.value);
        } else {
            run.image = parser.value;
        }
    }
    if ((run.plan != NULL) + (run.info != NULL) + (run.extract != NULL) != 1) {
        return options_usage("compile", "one of -p PLAN, --info FILE and --extract FOLDER");
    }
    if (run.plan && !run.output) return options_usage("compile", "where to? -o FILE");
    if (run.extract && !run.image) return options_usage("compile", "which image is to be extracted?");
    if (run.image && !run.extract) return options_usage("compile", "\"%.100s\" is superfluous", run.image);
    return run.plan ? save(&run) : run.info ? print_info(&run) : extract(&run);
}

const command compile_command = {"compile", help, run};
