/* Replaces serve in a build without libmicrohttpd with an error message. */
#include "program/console.h"
#include "tocsin/command.h"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without libmicrohttpd (TOCSIN_SERVE)", argv[0]);
    return EXIT_USAGE;
}

const command serve_command = {"serve", "This tocsin was built without serve (TOCSIN_SERVE).\n", refuse};
