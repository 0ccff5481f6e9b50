/* Replaces watch and the verbs that read its database, in a build without SQLite, with error messages. */
#include "program/console.h"
#include "tocsin/command.h"
#include "tocsin/explain_incident.h"

#define HELP "This tocsin was built without watch and its database (TOCSIN_BUILD_STORE).\n"

static int refuse(int argc, char **argv) {
    (void)argc;
    console_error("%s: this tocsin was built without watch and its database (TOCSIN_BUILD_STORE)", argv[0]);
    return EXIT_USAGE;
}

int explain_incident(const char *database, const tocsin_document *document, const tocsin_verdict *verdict, int json,
                     tocsin_buffer *out) {
    (void)document, (void)verdict, (void)json, (void)out;
    console_error("%s: this tocsin was built without watch and its database (TOCSIN_BUILD_STORE)", database);
    return 0;
}

const command watch_command = {"watch", HELP, refuse};
const command report_command = {"report", HELP, refuse};
const command events_command = {"events", HELP, refuse};
const command desk_command = {"desk", HELP, refuse};
const command prune_command = {"prune", HELP, refuse};
const command backup_command = {"backup", HELP, refuse};
