/* detect: proposes rules for columns that a profile does not name yet. */
#include "cli/command.h"

static bool detect_run(const struct command_call *call);

const struct command cmd_detect = {
    .name = "detect",
    .run = detect_run,
};

static bool detect_run(const struct command_call *call)
{
    return understudy_detect(call->understudy, call->out);
}
