/* refresh: the main job. */
#include "cli/command.h"

static bool refresh_run(const struct command_call *call);

const struct command cmd_refresh = {
    .name = "refresh",
    .run = refresh_run,
};

static bool refresh_run(const struct command_call *call)
{
    return understudy_refresh(call->understudy, call->out);
}
