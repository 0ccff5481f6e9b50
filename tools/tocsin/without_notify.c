/* notify in a tocsin that was built without libcurl: it says so. */
#include "program/console.h"
#include "tocsin/command.h"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without libcurl (TOCSIN_NOTIFY)", argv[0]);
    return EXIT_USAGE;
}

const command notify_command = {"notify", "This tocsin was built without notify (TOCSIN_NOTIFY).\n", refuse};
