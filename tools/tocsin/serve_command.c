/* tocsin serve: the desk in a browser. This file reads options and waits for the end; tools/serve answers requests. */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "program/plan_watch.h"
#include "program/stop_signal.h"
#include "serve/serve_app.h"
#include "tocsin/command.h"

#define LOOK_MILLISECONDS 300
#define MOST_PASSWORD 1024
#define LEAST_PASSWORD 10
#define DEFAULT_LISTEN "127.0.0.1:8119"

static const char help[] =
    "usage: tocsin serve --db FILE [OPTION…]\n"
    "       tocsin serve --make-password NAME\n"
    "\n"
    "The desk in a browser: the tasks of today, each incident with its posts and its course, the handling sheet as a "
    "form\n"
    "and for printing, search, and the plan. It records decisions as tocsin desk does, beside a watcher. Pages work "
    "without\n"
    "JavaScript, and load nothing from other machines. docs/SERVE.md has the details.\n"
    "\n"
    "      --db FILE         the database\n"
    "  -p, --plan PLAN       shows its clauses, terms and examples; a changed plan is taken at once\n"
    "      --score FILE      shows what tocsin score --json wrote into it: how accurate the plan is\n"
    "      --listen ADDRESS:PORT   default 127.0.0.1:8119. Another address than loopback needs one of the next two\n"
    "      --password-file FILE    who may log in: lines NAME:HASH, as --make-password writes them\n"
    "      --token-file FILE       its first line is a secret for all; each person enters a name\n"
    "      --host NAME[:PORT]      also answer under this name, for a proxy; may be given several times\n"
    "      --lang zh|en      language for readers who have not chosen one (default zh)\n"
    "      --make-password NAME    reads a password from standard input and prints the line for the file (scrypt)\n"
    "\n"
    "Exit status: 0 ended by SIGINT or SIGTERM; 2 wrong usage, or a mistake in the plan or the password file; 3 the\n"
    "database is gone or cannot be read, or the address cannot be used.\n"
    "\n"
    "  tocsin serve --db incidents.db -p examples/fire-service\n"
    "  tocsin serve --make-password 王敏 < password >> /etc/tocsin/passwords\n"
    "  tocsin serve --db incidents.db --listen 10.0.0.5:8119 --password-file /etc/tocsin/passwords\n";

enum {
    SERVE_DB,
    SERVE_PLAN,
    SERVE_SCORE,
    SERVE_LISTEN,
    SERVE_PASSWORDS,
    SERVE_TOKEN,
    SERVE_HOST,
    SERVE_LANG,
    SERVE_MAKE
};

static const option_spec specs[] = {
    {"db", 0, 1},         {"plan", 'p', 1},           {"score", 0, 1}, {"listen", 0, 1},       {"password-file", 0, 1},
    {"token-file", 0, 1}, {"host", 0, OPTION_VALUES}, {"lang", 0, 1},  {"make-password", 0, 1}};

typedef struct serve_run {
    const char *database, *plan_path, *score, *listen, *passwords, *token, *make;
    const char **hosts;
    size_t host_count;
    report_language language;
    tocsin_slot *slot;
    plan_watch *watch;
    struct stat file; /* the database at its first opening */
} serve_run;

/* Makes the line of a password file for a person. */
static int make_password(const char *name) {
    char password[MOST_PASSWORD + 2], hash[SECRET_HASH];
    tocsin_buffer line;
    if (!*name || strlen(name) > DESK_MOST_NAME || strpbrk(name, ":\n\r") || *name == '#') {
        return options_usage("serve", "a name has no colon, does not begin with #, and has at most %d bytes",
                             DESK_MOST_NAME);
    }
    if (!fgets(password, sizeof password, stdin)) password[0] = '\0';
    password[strcspn(password, "\r\n")] = '\0';
    if (strlen(password) < LEAST_PASSWORD || strlen(password) > MOST_PASSWORD) {
        console_error("a password has %d to %d bytes; it is the first line of standard input", LEAST_PASSWORD,
                      MOST_PASSWORD);
        return EXIT_USAGE;
    }
    if (!secret_hash(password, hash)) {
        console_error("the password cannot be hashed");
        return EXIT_IO;
    }
    tocsin_buffer_init(&line, NULL);
    text_printf(&line, "%s:%s\n", name, hash);
    const int status = output_print(&line);
    tocsin_buffer_release(&line);
    return status;
}

/* Whether the database still has its name; if not, reports that. */
static int is_there(const serve_run *run) {
    struct stat now;
    if (!stat(run->database, &now) && now.st_ino == run->file.st_ino && now.st_dev == run->file.st_dev) return 1;
    console_error("%s: it was deleted, or another file has its name", run->database);
    return 0;
}

static int wait_for_end(const serve_run *run, int stop) {
    while (!stop_signal_name()) {
        struct pollfd one = {stop, POLLIN, 0};
        if (!is_there(run)) return EXIT_IO;
        if (poll(&one, 1, LOOK_MILLISECONDS) < 0 && errno != EINTR) return EXIT_IO;
    }
    return EXIT_DONE;
}

static int can_be_read(serve_run *run) {
    database db;
    const int good = database_open(&db, run->database, DATABASE_READ);
    if (!good) console_error("%s: %s", run->database, message_told(db.problem));
    database_close(&db);
    return good && !stat(run->database, &run->file);
}

static int serve(serve_run *run, serve_app *app) {
    const char *problem;
    int status = EXIT_IO;
    const int stop = stop_signal_install();
    http_server *server = http_start(run->listen, serve_answer, app, &problem);
    if (server) {
        app->port = http_port(server);
        access_name_cookies(&app->access, app->port);
        http_open(server);
        console_error("serving %s at http://%.*s:%u/", run->database, (int)(strrchr(run->listen, ':') - run->listen),
                      run->listen, app->port);
        status = wait_for_end(run, stop);
        atomic_store(&app->stop, 1);
        http_stop(server);
    } else {
        console_error("%s: %s", run->listen, message_told(problem));
    }
    return status;
}

static int load_plan(serve_run *run) {
    tocsin_plan *plan = NULL;
    if (!run->plan_path) return EXIT_DONE;
    int status = plan_load(run->plan_path, 1, &plan);
    if (status != EXIT_DONE) return status;
    if (tocsin_slot_create(plan, NULL, &run->slot) == TOCSIN_OK)
        run->watch = plan_watch_start(run->plan_path, run->slot);
    tocsin_plan_release(plan);
    return run->watch ? EXIT_DONE : EXIT_IO;
}

static int start(serve_run *run) {
    const access_kind kind = run->passwords ? ACCESS_PASSWORDS : run->token ? ACCESS_TOKEN : ACCESS_OPEN;
    serve_app app = {.database = run->database, .language = run->language, .hosts = run->hosts};
    app.host_count = run->host_count;
    app.score = run->score;
    app.listen = run->listen;
    if (!access_begin(&app.access, kind, run->passwords ? run->passwords : run->token)) return EXIT_USAGE;
    int status = load_plan(run);
    app.plan = run->slot;
    if (status == EXIT_DONE && run->score && access(run->score, R_OK)) {
        console_error("%s: cannot be read: %s", run->score, strerror(errno));
        status = EXIT_IO;
    }
    if (status == EXIT_DONE) status = can_be_read(run) ? serve(run, &app) : EXIT_IO;
    plan_watch_stop(run->watch);
    tocsin_slot_free(run->slot);
    access_end(&app.access);
    return status;
}

static int check_usage(const serve_run *run) {
    int loopback = 0;
    if (!run->database) return options_usage("serve", "which database? --db FILE");
    if (run->passwords && run->token) return options_usage("serve", "--password-file or --token-file, not both");
    if (!http_parse_listen(run->listen, &loopback)) {
        return options_usage("serve", "--listen is a numeric address and a port, as 127.0.0.1:8119, not \"%.100s\"",
                             run->listen);
    }
    if (!loopback && !run->passwords && !run->token) {
        return options_usage(
            "serve",
            "%.100s can be reached from other machines: give --password-file or --token-file to say who may log in",
            run->listen);
    }
    if (!loopback) {
        console_error("%s: entered text crosses the network unencrypted; put a proxy with TLS before the server",
                      run->listen);
    }
    return EXIT_DONE;
}

static int take_option(serve_run *run, option_parser *parser, int option) {
    static const char *const languages[] = {"zh", "en"};
    int language;
    switch (option) {
        case SERVE_DB: run->database = parser->value; return 1;
        case SERVE_PLAN: run->plan_path = parser->value; return 1;
        case SERVE_SCORE: run->score = parser->value; return 1;
        case SERVE_LISTEN: run->listen = parser->value; return 1;
        case SERVE_PASSWORDS: run->passwords = parser->value; return 1;
        case SERVE_TOKEN: run->token = parser->value; return 1;
        case SERVE_HOST: run->hosts[run->host_count++] = parser->value; return 1;
        case SERVE_LANG:
            if ((language = options_choice(parser, "lang", languages, 2)) < 0) return 0;
            run->language = language ? REPORT_ENGLISH : REPORT_CHINESE;
            return 1;
        case SERVE_MAKE: run->make = parser->value; return 1;
        case OPTION_OPERAND: options_usage("serve", "\"%.100s\" is not expected", parser->value); return 0;
        default: return 0;
    }
}

static int run_serve(int argc, char **argv) {
    serve_run run = {.listen = DEFAULT_LISTEN};
    option_parser parser;
    int option, status = EXIT_DONE;
    tzset();
    messages_begin_both();
    run.hosts = tool_allocate((size_t)argc + 1, sizeof *run.hosts);
    options_start(&parser, "serve", specs, sizeof specs / sizeof *specs, argc, argv);
    while (status == EXIT_DONE && (option = options_next(&parser)) != OPTION_END) {
        if (!take_option(&run, &parser, option)) status = EXIT_USAGE;
    }
    if (status == EXIT_DONE && run.make) {
        status = make_password(run.make);
    } else if (status == EXIT_DONE) {
        status = check_usage(&run);
        if (status == EXIT_DONE) status = start(&run);
    }
    tool_free(run.hosts);
    return status;
}

const command serve_command = {"serve", help, run_serve};
