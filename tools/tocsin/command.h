#ifndef TOCSIN_TOOLS_COMMAND_H
#define TOCSIN_TOOLS_COMMAND_H

/* The description of a verb. */

#include "program/plan_argument.h"

typedef struct command {
    const char *verb;
    const char *help;                  /* usage, options, examples */
    int (*run)(int argc, char **argv); /* argv[0] is the verb */
} command;

extern const command backup_command;
extern const command classify_command;
extern const command compile_command;
extern const command desk_command;
extern const command diff_command;
extern const command events_command;
extern const command explain_command;
extern const command fold_command;
extern const command import_command;
extern const command init_command;
extern const command lint_command;
extern const command notify_command;
extern const command prune_command;
extern const command report_command;
extern const command review_command;
extern const command score_command;
extern const command serve_command;
extern const command train_command;
extern const command watch_command;

#endif
