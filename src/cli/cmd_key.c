/* key: makes key files and prints fingerprints. */
#include "cli/command.h"

static bool key_run(const struct command_call *call);

const struct command cmd_key = {
    .name = "key",
    .run = key_run,
};

static bool key_run(const struct command_call *call)
{
    return understudy_key(call->understudy, call->out);
}
