/* why: says why a row is in the subset. */
#include "cli/command.h"

static bool why_run(const struct command_call *call);

const struct command cmd_why = {
    .name = "why",
    .run = why_run,
};

static bool why_run(const struct command_call *call)
{
    return understudy_why(call->understudy, call->out);
}
