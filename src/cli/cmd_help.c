/* help: an overview, or one topic. */
#include "cli/command.h"

#include <assert.h>
#include <string.h>

#define TOPIC_WORDS_MAX 8

static bool help_run(const struct command_call *call);

const struct command cmd_help = {
    .name = "help",
    .run = help_run,
};

/* The topic's words stand among options, which are known to be right by now; one of those has its
 * value in the next argument. */
static size_t find_words(const struct command_call *call, const char **words)
{
    bool are_options = true;
    size_t count = 0;

    assert(call->argc == 0 || call->argv);
    for (int i = 0; i < call->argc && count < TOPIC_WORDS_MAX; i++) {
        const char *text = call->argv[i];

        if (!are_options || text[0] != '-')
            words[count++] = text;
        else if (strcmp(text, "--") == 0)
            are_options = false;
        else if (strcmp(text, "--log-format") == 0)
            i++;
    }
    return count;
}

static bool help_run(const struct command_call *call)
{
    const char *words[TOPIC_WORDS_MAX];
    size_t count = find_words(call, words);

    return understudy_help(call->understudy, words, count, call->out);
}
