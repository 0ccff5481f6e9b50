/* watch and report in a tocsin that was built without SQLite: they say so. */
#include "program/console.h"
#include "tocsin/command.h"

#define HELP "This tocsin was built without watch and report (TOCSIN_BUILD_STORE).\n"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without watch and report (TOCSIN_BUILD_STORE)", argv[0]);
    return EXIT_USAGE;
}

const command watch_command = {"watch", HELP, refuse};
const command report_command = {"report", HELP, refuse};
