/* init: writes a profile in which every column has a rule. */
#include "cli/command.h"

static bool init_run(const struct command_call *call);

const struct command cmd_init = {
    .name = "init",
    .run = init_run,
};

static bool init_run(const struct command_call *call)
{
    return understudy_init(call->understudy, call->out);
}
