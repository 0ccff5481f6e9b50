/* watch and what reads its database in a tocsin that was built without SQLite: they say so. */
#include "program/console.h"
#include "tocsin/command.h"

#define HELP "This tocsin was built without watch and its database (TOCSIN_BUILD_STORE).\n"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without watch and its database (TOCSIN_BUILD_STORE)", argv[0]);
    return EXIT_USAGE;
}

const command watch_command = {"watch", HELP, refuse};
const command report_command = {"report", HELP, refuse};
const command events_command = {"events", HELP, refuse};
const command desk_command = {"desk", HELP, refuse};
const command prune_command = {"prune", HELP, refuse};
const command backup_command = {"backup", HELP, refuse};
