/*
 * tocsin: the command line. Each verb is a command with its own options and help; this file only finds it. SIGPIPE is
 * ignored, so that a closed pipe is an error of write(2), which output.c treats as a normal end.
 */
#include <fcntl.h>
#include <paths.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "feed/nearest_name.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/output.h"
#include "tocsin/command.h"

static const command *const commands[] = {&classify_command, &explain_command, &lint_command,   &compile_command,
                                          &diff_command,     &import_command,  &fold_command,   &watch_command,
                                          &events_command,   &desk_command,    &notify_command, &serve_command,
                                          &report_command,   &prune_command,   &backup_command, &init_command,
                                          &train_command,    &score_command,   &review_command};
#define COMMAND_COUNT (sizeof commands / sizeof *commands)

static const char overview[] =
    "tocsin grades documents by a plan: a lexicon and rules, in tiers, with the words that decided.\n"
    "\n"
    "usage: tocsin VERB [OPTION…] [OPERAND…]\n"
    "\n"
    "  classify -p PLAN [FILE…]   grade a feed: one verdict a line, as JSON\n"
    "  explain -p PLAN TEXT       grade one text and explain the verdict, clause by clause\n"
    "  lint PLAN                  print every problem of a plan and its lists\n"
    "  compile -p PLAN -o FILE    write a plan with its lists to one file\n"
    "  diff OLD NEW [FILE…]       compare the verdicts of two plans on the same documents\n"
    "  train -p PLAN NAME FILE… -o WEIGHTS   learn weights from documents that people labelled\n"
    "  score -p PLAN FILE…        count how often verdicts agree with labels\n"
    "  review -p PLAN FEED… -o SHEET   choose the documents to label next\n"
    "  import FILE…               turn word lists into a list of terms\n"
    "  fold [FILE…]               print the folded form of text\n"
    "  watch -p PLAN --db FILE [FEED…]   follow feeds and store incidents\n"
    "  report --db FILE           print incidents as a page or as handling sheets\n"
    "  events --db FILE           print events after a number\n"
    "  desk --db FILE ACTION …    show incidents and record decisions\n"
    "  notify --db FILE --config FILE   send messages to the people on duty\n"
    "  serve --db FILE            the desk in a browser\n"
    "  prune --db FILE            remove old incidents\n"
    "  backup --db FILE -o COPY   write a copy of the database\n"
    "  init DIR                   write a small plan to begin from\n"
    "\n"
    "  help VERB, VERB --help     options and examples of a verb\n"
    "  --version                  versions of tocsin and of its libraries\n"
    "\n"
    "PLAN is a plan file, a folder with a plan.yaml, or a compiled image. FILE is plain or zstd; - is standard\n"
    "input.\n"
    "\n"
    "Exit status: 0 done; 1 done, but input was rejected; 2 wrong usage, or a plan that does not\n"
    "compile; 3 an input or output failed.\n"
    "\n"
    "  tocsin classify -p examples/fire-service posts.ndjson.zst > verdicts.ndjson\n"
    "  tocsin explain -p examples/fire-service --venue hot_forum '消防车半小时才到，水枪没水'\n";

static int print_version(void) {
    tocsin_buffer out;
    tocsin_buffer_init(&out, NULL);
    text_printf(&out, message("tocsin %s\nHyperscan %s\nfold tables from %s\n"), tocsin_version(),
                tocsin_version_engine(), tocsin_version_tables());
    int status = output_print(&out);
    tocsin_buffer_release(&out);
    return status;
}

static const command *find_command(const char *verb) {
    const char *names[COMMAND_COUNT];
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (!strcmp(verb, commands[i]->verb)) return commands[i];
        names[i] = commands[i]->verb;
    }
    const char *near = nearest_name(verb, strlen(verb), names, COMMAND_COUNT);
    if (near) {
        console_error("there is no verb \"%.100s\"; did you mean %s?", verb, near);
    } else {
        console_error("there is no verb \"%.100s\"", verb);
    }
    console_error("see: tocsin --help");
    return NULL;
}

static int asks_for_help(int argc, char **argv) {
    for (int i = 1; i < argc && strcmp(argv[i], "--"); i++) {
        if (!strcmp(argv[i], "--help") || !strcmp(argv[i], "-h")) return 1;
    }
    return 0;
}

/* Without one of these, the first file that the program opens would become its standard output. */
static int open_standard_streams(void) {
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) < 0 && open(_PATH_DEVNULL, fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd) return 0;
    }
    return 1;
}

int main(int argc, char **argv) {
    if (!open_standard_streams()) return EXIT_IO;
    messages_begin();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is then also an error of write(2) */
    if (argc < 2) {
        console_error("which verb? see: tocsin --help");
        return EXIT_USAGE;
    }
    const char *verb = argv[1];
    if (!strcmp(verb, "--version") || !strcmp(verb, "-V")) return print_version();
    if (!strcmp(verb, "--help") || !strcmp(verb, "-h")) return output_print_message(overview);
    int help = !strcmp(verb, "help");
    if (help && argc < 3) return output_print_message(overview);
    const command *found = find_command(help ? argv[2] : verb);
    if (!found) return EXIT_USAGE;
    if (help || asks_for_help(argc - 1, argv + 1)) return output_print_message(found->help);
    return found->run(argc - 1, argv + 1);
}
