/* tocsin prune and tocsin backup: keep a database small, and copy it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <tocsin/document.h>

#include "feed/span_parse.h"
#include "feed/tool_memory.h"
#include "feed/utf8_text.h"
#include "program/console.h"
#include "program/message.h"
#include "program/options.h"
#include "program/output.h"
#include "store/upkeep.h"
#include "tocsin/command.h"

#define LONGEST_AGE INT64_C(31622400000000) /* a thousand years */

static const char prune_help[] = "usage: tocsin prune --db FILE --older-than AGE\n"
                                 "\n"
                                 "Removes incidents whose last post is older than AGE, with their posts, events and "
                                 "messages, and older hourly counts.\n"
                                 "Decisions of people stay. A watcher may run at the same time. The file does not "
                                 "shrink, but the space is used again;\n"
                                 "a copy that tocsin backup makes is smaller.\n"
                                 "\n"
                                 "      --db FILE         the database\n"
                                 "      --older-than AGE  90d, 12h: days or hours before the latest time of a post\n"
                                 "\n"
                                 "Exit status: 0 done; 2 wrong usage; 3 the database failed.\n"
                                 "\n"
                                 "  tocsin prune --db incidents.db --older-than 365d\n";

static const char backup_help[] =
    "usage: tocsin backup --db FILE -o COPY\n"
    "\n"
    "Writes a copy of the database as it is at one moment, also while a watcher runs. The copy is one file. It can be "
    "read\n"
    "in a folder without write permission, and a watcher can continue with it.\n"
    "\n"
    "      --db FILE         the database\n"
    "  -o, --output COPY     written as COPY.partial, renamed when complete\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage; 3 the database cannot be read or the copy not be written.\n"
    "\n"
    "  tocsin backup --db incidents.db -o incidents-2026-11-26.db\n";

/* Days or hours, in milliseconds; 0 after a message. */
static int64_t take_age(const char *text) {
    const int64_t age = span_parse(text, "hd", LONGEST_AGE);
    if (!age) options_usage("prune", "--older-than is days or hours, as 90d or 12h, not \"%.40s\"", text);
    return age;
}

static int prune(const char *path, int64_t age) {
    database db;
    int64_t incidents = 0;
    if (database_open(&db, path, DATABASE_ACT)) {
        const int64_t now = upkeep_now(&db);
        if (now != TOCSIN_TIME_UNKNOWN) upkeep_prune(&db, now - age, &incidents);
    }
    if (db.failed) console_error("%s: %s", path, message_told(db.problem));
    const int failed = db.failed;
    if (!failed || incidents) console_error("%" PRId64 " incidents are removed", incidents);
    database_close(&db);
    return failed ? EXIT_IO : EXIT_DONE;
}

static int run_prune(int argc, char **argv) {
    static const option_spec specs[] = {{"db", 0, 1}, {"older-than", 0, 1}};
    const char *path = NULL;
    option_parser parser;
    int64_t age = 0;
    int option;
    options_start(&parser, "prune", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        switch (option) {
            case 0: path = parser.value; break;
            case 1:
                if (!(age = take_age(parser.value))) return EXIT_USAGE;
                break;
            case OPTION_OPERAND: return options_usage("prune", "\"%.100s\" is not expected", parser.value);
            default: return EXIT_USAGE;
        }
    }
    if (!path) return options_usage("prune", "which database? --db FILE");
    if (!age) return options_usage("prune", "how old? --older-than 90d");
    return prune(path, age);
}

/* Makes it durable before it gets its name. */
static int make_durable(const char *partial, const char *name) {
    const int fd = open(partial, O_RDONLY | O_CLOEXEC);
    const int good = fd >= 0 && !fsync(fd) && !rename(partial, name);
    if (!good) console_error("%s: cannot be written: %s", name, strerror(errno));
    if (fd >= 0) close(fd);
    return good;
}

/* A copy under the name of the database would replace the file while others have it open. */
static int is_same(const char *path, const char *copy) {
    struct stat one, other;
    return !stat(path, &one) && !stat(copy, &other) && one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

static int write_copy(const char *path, const char *copy) {
    database db;
    tocsin_buffer partial;
    int good = 0;
    if (!output_replaces(copy)) {
        console_error("%s: it is not a regular file", copy);
        return EXIT_IO;
    }
    if (is_same(path, copy)) {
        console_error("%s: it is the database itself", copy);
        return EXIT_IO;
    }
    tocsin_buffer_init(&partial, NULL);
    text_printf(&partial, "%s.partial", copy);
    if (database_open(&db, path, DATABASE_READ)) {
        unlink(partial.data); /* of a copy that was not completed */
        good = upkeep_copy(&db, partial.data) && make_durable(partial.data, copy);
        if (!good) unlink(partial.data);
    }
    if (db.failed) console_error("%s: %s", path, message_told(db.problem));
    database_close(&db);
    tocsin_buffer_release(&partial);
    return good ? EXIT_DONE : EXIT_IO;
}

/* Like other results, it is written to the target of a link; the link stays. */
static int backup(const char *path, const char *copy) {
    char *target = output_target(copy);
    const int status = write_copy(path, target);
    tool_free(target);
    return status;
}

static int run_backup(int argc, char **argv) {
    static const option_spec specs[] = {{"db", 0, 1}, {"output", 'o', 1}};
    const char *path = NULL, *copy = NULL;
    option_parser parser;
    int option;
    options_start(&parser, "backup", specs, sizeof specs / sizeof *specs, argc, argv);
    while ((option = options_next(&parser)) != OPTION_END) {
        switch (option) {
            case 0: path = parser.value; break;
            case 1: copy = parser.value; break;
            case OPTION_OPERAND: return options_usage("backup", "\"%.100s\" is not expected", parser.value);
            default: return EXIT_USAGE;
        }
    }
    if (!path) return options_usage("backup", "which database? --db FILE");
    if (!copy) return options_usage("backup", "where to? -o COPY");
    return backup(path, copy);
}

const command prune_command = {"prune", prune_help, run_prune};
const command backup_command = {"backup", backup_help, run_backup};
