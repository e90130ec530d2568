/* A command as the program sees it: a name, and what it runs. What it is for and which options it
 * takes stands behind understudy_help() and understudy_parse().
 *
 * To add a command: its file cmd_NAME.c with the entry on top, a line in commands.def, its row in
 * config/commands.def and its name in config/options.h. */
#ifndef UNDERSTUDY_CLI_COMMAND_H
#define UNDERSTUDY_CLI_COMMAND_H

#include <stddef.h>
#include <stdio.h>
#include <understudy/understudy.h>

struct command_call {
    struct understudy *understudy; /* options are parsed */
    int argc;                      /* what stood behind the command's name */
    char **argv;
    FILE *out; /* where the answer goes */
};

struct command {
    const char *name;
    /* False: the error is in `understudy`. Prints nothing but the answer. */
    bool (*run)(const struct command_call *call);
};

#define COMMAND(name) extern const struct command cmd_##name;
#include "cli/commands.def"
#undef COMMAND

#endif
