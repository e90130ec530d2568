/* Lets a program say a secret: no shell, nothing on its standard input, its output in locked
 * memory. */
#include "config/secret.h"

#include "base/words.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sodium.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)64 << 10)

static bool error_program(const char *program, struct error *err)
{
    AUTO(arena) struct arena *arena = arena_new();
    const char *shown = arena ? words_printable(arena, program) : NULL;

    return error_context(err, "command '%s'", shown ? shown : "?");
}

/* The child gets the signals' defaults and no mask, whatever the threads of this process block. */
static int spawn_prepared(const char *const *argv, int output, posix_spawn_file_actions_t *actions,
                          pid_t *child)
{
    posix_spawnattr_t attributes;
    sigset_t signals;
    int problem = posix_spawnattr_init(&attributes);

    if (problem != 0)
        return problem;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGPIPE);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    problem = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    if (problem == 0)
        problem = posix_spawn_file_actions_adddup2(actions, output, STDOUT_FILENO);
    if (problem == 0)
        problem = posix_spawnp(child, argv[0], actions, &attributes, (char *const *)(uintptr_t)argv,
                               environ);
    posix_spawnattr_destroy(&attributes);
    return problem;
}

static int spawn(const char *const *argv, int output, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    int problem = posix_spawn_file_actions_init(&actions);

    if (problem != 0)
        return problem;
    problem = spawn_prepared(argv, output, &actions, child);
    posix_spawn_file_actions_destroy(&actions);
    return problem;
}

/* At most OUTPUT_MAX bytes and their NUL; false where there are more, or a NUL among them. */
static bool read_output(int input, char *text)
{
    size_t length = 0;

    while (length <= OUTPUT_MAX) {
        ssize_t got = read(input, text + length, OUTPUT_MAX + 1 - length);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return false;
        if (got == 0)
            break;
        length += (size_t)got;
    }
    if (length > OUTPUT_MAX || memchr(text, '\0', length))
        return false;
    if (length > 0 && text[length - 1] == '\n')
        length -= length > 1 && text[length - 2] == '\r' ? 2 : 1;
    sodium_memzero(text + length, OUTPUT_MAX + 1 - length);
    return true;
}

static int wait_child(pid_t child)
{
    int status = 0;

    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return status;
}

static bool check_end(int status, bool is_readable, struct error *err)
{
    if (!is_readable)
        return error_set(err, STATUS_LOCAL, "its output is not text of at most %zu bytes",
                         OUTPUT_MAX);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    if (WIFEXITED(status))
        return error_set(err, STATUS_LOCAL, "ended with exit code %d", WEXITSTATUS(status));
    if (WIFSIGNALED(status))
        return error_set(err, STATUS_LOCAL, "ended by signal %d", WTERMSIG(status));
    return error_set(err, STATUS_LOCAL, "its end was not seen");
}

static bool run_with(const char *const *argv, const int ends[2], char *text, struct error *err)
{
    pid_t child;
    bool is_readable;
    int problem = spawn(argv, ends[1], &child);

    assert(ends[0] >= 0 && ends[1] >= 0);
    close(ends[1]);
    if (problem != 0) {
        close(ends[0]);
        errno = problem;
        return error_set_errno(err, STATUS_LOCAL, "cannot be started");
    }
    is_readable = read_output(ends[0], text);
    close(ends[0]);
    if (!is_readable)
        kill(child, SIGKILL);
    return check_end(wait_child(child), is_readable, err);
}

bool secret_run_command(const char *const *argv, char **text, struct error *err)
{
    char *output;
    int ends[2];

    assert(argv && argv[0] && text);
    if (sodium_init() < 0)
        return error_set(err, STATUS_LOCAL, "libsodium cannot start");
    output = sodium_malloc(OUTPUT_MAX + 2);
    if (!output)
        return error_memory(err);
    sodium_memzero(output, OUTPUT_MAX + 2);
    if (pipe2(ends, O_CLOEXEC) != 0) {
        sodium_free(output);
        return error_set_errno(err, STATUS_LOCAL, "cannot make a pipe");
    }
    if (!run_with(argv, ends, output, err)) {
        sodium_free(output);
        return error_program(argv[0], err);
    }
    *text = output;
    return true;
}
