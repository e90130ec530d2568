/* plan: chooses rows and copies none. */
#include "cli/command.h"

static bool plan_run(const struct command_call *call);

const struct command cmd_plan = {
    .name = "plan",
    .run = plan_run,
};

static bool plan_run(const struct command_call *call)
{
    return understudy_plan(call->understudy, call->out);
}
