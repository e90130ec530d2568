/* The program: finds the command, runs it, says how it ended.
 *
 * The answer goes to stdout, everything else to stderr. The first SIGINT, SIGTERM or SIGHUP asks
 * the command to clean up and end with exit code 9; the second ends the program where it stands. */
#include "cli/command.h"
#include "cli/progress.h"
#include "cli/speech.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum exit_code { EXIT_OK = 0, EXIT_USAGE = 2, EXIT_LOCAL = 8, EXIT_BUG = 70 };

static const struct command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "cli/commands.def"
#undef COMMAND
};

/* For the signal handler: what is running, or NULL. */
static struct understudy *_Atomic running;

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP};

static void on_ending_signal(int number)
{
    struct understudy *understudy = atomic_load(&running);
    int saved = errno;

    (void)number;
    for (size_t i = 0; i < sizeof(ending_signals) / sizeof(ending_signals[0]); i++)
        (void)signal(ending_signals[i], SIG_DFL);
    if (understudy)
        understudy_interrupt(understudy);
    errno = saved;
}

/* Writing to a closed pipe or beyond a file size limit is an error like any other, to be met where
 * it happens. A hangup that was ignored before (nohup) stays so. */
static void prepare_signals(void)
{
    struct sigaction ending = {.sa_handler = on_ending_signal, .sa_flags = SA_RESTART};
    struct sigaction ignored = {.sa_handler = SIG_IGN};

    (void)sigaction(SIGPIPE, &ignored, NULL);
    (void)sigaction(SIGXFSZ, &ignored, NULL);
    for (size_t i = 0; i < sizeof(ending_signals) / sizeof(ending_signals[0]); i++) {
        struct sigaction before;

        if (ending_signals[i] == SIGHUP && sigaction(SIGHUP, NULL, &before) == 0 &&
            before.sa_handler == SIG_IGN)
            continue;
        (void)sigaction(ending_signals[i], &ending, NULL);
    }
}

/* A standard stream that came closed is given something that fails, or a database connection
 * could get its number and be sent what is meant for people. */
static bool prepare_streams(void)
{
    for (int stream = STDIN_FILENO; stream <= STDERR_FILENO; stream++) {
        int file;

        if (fcntl(stream, F_GETFD) != -1 || errno != EBADF)
            continue;
        file = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
        if (file != stream)
            return false;
    }
    return setvbuf(stderr, NULL, _IOLBF, BUFSIZ) == 0;
}

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* A usage error says where the right usage is to be read, unless its hint does. */
static const char *find_hint(const struct complaint *complaint, const char *command, char *text,
                             size_t size)
{
    if (complaint->exit_code != EXIT_USAGE || complaint->hint[0] != '\0')
        return complaint->hint;
    (void)snprintf(text, size, "try `understudy %s--help`", command);
    return text;
}

/* Prints the error of a command, `command` being "" or its name and a blank; returns the exit
 * code. */
static int complain(const struct understudy *understudy, const char *command)
{
    struct complaint complaint = {
        .context = understudy_error_context(understudy),
        .cause = understudy_error_cause(understudy),
        .hint = understudy_error_hint(understudy),
        .exit_code = understudy_exit_code(understudy),
    };
    char text[80];

    if (complaint.exit_code == EXIT_OK || complaint.cause[0] == '\0') {
        complaint.cause = "the command failed and did not say why";
        complaint.exit_code = EXIT_BUG;
    }
    complaint.hint = find_hint(&complaint, command, text, sizeof(text));
    if (understudy_wants_json_log(understudy))
        complaint_write_json(&complaint, stderr);
    else
        complaint_write_text(&complaint, stderr);
    return complaint.exit_code;
}

/* An answer that did not arrive is no success: a full disk behind stdout shows when it is
 * closed at the latest. */
static int finish_answer(bool is_json)
{
    struct complaint complaint = {
        .context = "standard output", .hint = "", .exit_code = EXIT_LOCAL};
    bool has_failed = ferror(stdout) != 0;

    errno = 0;
    if (fclose(stdout) == 0 && !has_failed)
        return EXIT_OK;
    complaint.cause = errno != 0 ? strerror(errno) : "the answer cannot be written";
    if (is_json)
        complaint_write_json(&complaint, stderr);
    else
        complaint_write_text(&complaint, stderr);
    return EXIT_LOCAL;
}

static bool run_watched(const struct command *command, const struct command_call *call)
{
    struct understudy *understudy = call->understudy;
    struct progress progress;
    bool is_ok;

    progress_start(&progress,
                   progress_choose(understudy_progress_form(understudy),
                                   understudy_wants_quiet(understudy),
                                   understudy_wants_json_log(understudy), stderr),
                   stderr);
    understudy_on_progress(understudy, progress_show, &progress);
    atomic_store(&running, understudy);
    is_ok = command->run(call);
    atomic_store(&running, NULL);
    understudy_on_progress(understudy, NULL, NULL);
    progress_stop(&progress);
    return is_ok;
}

static int run_command(struct understudy *understudy, const struct command *command, int argc,
                       char **argv)
{
    struct command_call call = {understudy, argc, argv, stdout};
    char name[32];
    bool is_ok;

    assert(command && argc >= 0);
    (void)snprintf(name, sizeof(name), "%s ", command->name);
    if (!understudy_parse(understudy, command->name, argc, argv))
        return complain(understudy, name);
    if (understudy_wants_help(understudy))
        is_ok = understudy_help(understudy, &command->name, 1, stdout);
    else
        is_ok = run_watched(command, &call);
    if (!is_ok)
        return complain(understudy, name);
    return finish_answer(understudy_wants_json_log(understudy));
}

/* The one who typed nothing is shown what there is, but did not ask for it. */
static int run_nothing(struct understudy *understudy)
{
    if (!understudy_help(understudy, NULL, 0, stderr))
        return complain(understudy, "");
    return EXIT_USAGE;
}

static int run_version(void)
{
    (void)printf("understudy %s\n", understudy_version());
    return finish_answer(false);
}

static int run_stray_option(const char *option)
{
    const struct complaint complaint = {
        .context = "",
        .cause = "a command is expected before options",
        .hint = "try `understudy --help`; options stand behind the command",
        .exit_code = EXIT_USAGE,
    };

    assert(option[0] == '-');
    complaint_write_text(&complaint, stderr);
    return complaint.exit_code;
}

static int run_line(struct understudy *understudy, int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    const struct command *command = word ? find_command(word) : NULL;

    if (!word)
        return run_nothing(understudy);
    if (strcmp(word, "--version") == 0)
        return run_version();
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        command = &cmd_help;
    if (command)
        return run_command(understudy, command, argc - 2, argv + 2);
    if (word[0] == '-')
        return run_stray_option(word);
    (void)understudy_parse(understudy, word, 0, NULL);
    return complain(understudy, "");
}

int main(int argc, char **argv)
{
    struct understudy *understudy;
    int exit_code;

    if (!prepare_streams())
        return EXIT_LOCAL;
    prepare_signals();
    understudy = understudy_new();
    if (!understudy) {
        (void)fputs("understudy: out of memory\n", stderr);
        return EXIT_LOCAL;
    }
    exit_code = run_line(understudy, argc, argv);
    understudy_free(understudy);
    return exit_code;
}
