/* Replaces notify in a build without libcurl with an error message. */
#include "program/console.h"
#include "tocsin/command.h"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without libcurl (TOCSIN_NOTIFY)", argv[0]);
    return EXIT_USAGE;
}

const command notify_command = {"notify", "This tocsin was built without notify (TOCSIN_NOTIFY).\n", refuse};
