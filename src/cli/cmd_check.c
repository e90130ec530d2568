/* check: says what would stop a refresh. */
#include "cli/command.h"

static bool check_run(const struct command_call *call);

const struct command cmd_check = {
    .name = "check",
    .run = check_run,
};

static bool check_run(const struct command_call *call)
{
    return understudy_check(call->understudy, call->out);
}
