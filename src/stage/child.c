/* Runs one helper program. Nothing secret stands in its arguments or on a disk: the password lies
 * in an anonymous file in memory that only the child inherits. Between fork and execve only
 * async-signal-safe calls are made, because other threads may hold any lock. */
#include "stage/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CHILD_ENVIRONMENT_MAX 8
#define CHILD_POLL_MS         100
#define CHILD_GRACE_SECONDS   5

/* What libpq and the C library need; everything else stays behind, above all PG*. */
static const char *const inherited[] = {"PATH", "HOME", "KRB5CCNAME", "TMPDIR", "TZ"};

struct running {
    const struct child *child;
    pid_t pid;
    pid_t parent;
    int output[2]; /* pipes; -1 when closed or not used */
    int messages[2];
    int password; /* memory file, or -1 */
    char passfile[40];
    char *environment[CHILD_ENVIRONMENT_MAX + 1];
    size_t environment_count;
};

int memory_file(const char *name)
{
    int file = memfd_create(name, MFD_CLOEXEC);

    if (file >= 0 && fchmod(file, S_IRUSR | S_IWUSR) != 0) {
        close(file);
        return -1;
    }
    return file;
}

bool memory_file_write(int file, const void *bytes, size_t len)
{
    const char *next = bytes;

    assert(file >= 0);
    while (len > 0) {
        ssize_t written = write(file, next, len);

        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return false;
        next += written;
        len -= (size_t)written;
    }
    return true;
}

/* One line "*:*:*:*:password", in which ':' and '\' are escaped. */
static bool write_password(struct running *running, const char *password, struct error *err)
{
    struct buf line;

    if (strpbrk(password, "\r\n"))
        return error_set(err, STATUS_LOCAL, "a password with a line break cannot be handed to '%s'",
                         running->child->argv[0]);
    buf_init(&line, 8192);
    buf_add_text(&line, "*:*:*:*:");
    for (const char *next = password; *next; next++) {
        if (*next == ':' || *next == '\\')
            buf_add_char(&line, '\\');
        buf_add_char(&line, *next);
    }
    buf_add_char(&line, '\n');
    running->password = buf_ok(&line) ? memory_file("password") : -1;
    bool is_written =
        running->password >= 0 && memory_file_write(running->password, line.ptr, line.len);
    if (line.ptr)
        explicit_bzero(line.ptr, line.len);
    buf_release(&line);
    if (!is_written)
        return error_set(err, STATUS_LOCAL, "no memory file for a password");
    snprintf(running->passfile, sizeof(running->passfile), "/proc/self/fd/%d", running->password);
    return true;
}

static bool environment_add(struct running *running, const char *name, const char *value)
{
    char *entry = NULL;

    assert(running->environment_count < CHILD_ENVIRONMENT_MAX);
    if (asprintf(&entry, "%s=%s", name, value) < 0)
        return false;
    running->environment[running->environment_count++] = entry;
    return true;
}

static bool environment_fill(struct running *running, struct error *err)
{
    bool is_complete = environment_add(running, "LC_ALL", "C");

    for (size_t i = 0; i < COUNT_OF(inherited) && is_complete; i++) {
        const char *value = getenv(inherited[i]);

        if (value)
            is_complete = environment_add(running, inherited[i], value);
    }
    /* An empty file instead of none: no ~/.pgpass and no password of somebody else's. */
    if (is_complete)
        is_complete = environment_add(running, "PGPASSFILE",
                                      running->password >= 0 ? running->passfile : "/dev/null");
    return is_complete || error_memory(err);
}

static void close_one(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

static void running_release(struct running *running)
{
    close_one(&running->output[0]);
    close_one(&running->output[1]);
    close_one(&running->messages[0]);
    close_one(&running->messages[1]);
    close_one(&running->password);
    for (size_t i = 0; i < running->environment_count; i++)
        free(running->environment[i]);
    running->environment_count = 0;
}

static bool keep_open(int file)
{
    return file < 0 || fcntl(file, F_SETFD, 0) == 0;
}

/* In the child: never returns. */
static _Noreturn void become(const struct running *running)
{
    const struct child *child = running->child;
    int output = child->output >= 0 ? child->output : running->output[1];
    int input = open("/dev/null", O_RDONLY);
    struct sigaction usual = {.sa_handler = SIG_DFL};
    sigset_t none;

    setpgid(0, 0);
    sigaction(SIGPIPE, &usual, NULL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != running->parent)
        _exit(126);
    if (dup2(input, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
        dup2(running->messages[1], STDERR_FILENO) < 0)
        _exit(126);
    close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    if (!keep_open(running->password))
        _exit(126);
    for (size_t i = 0; i < child->kept_count; i++) {
        if (!keep_open(child->kept[i]))
            _exit(126);
    }
    execve(child->program, (char *const *)(uintptr_t)child->argv, running->environment);
    _exit(127);
}

static bool is_cancelled(const struct child *child)
{
    return child->is_cancelled && atomic_load(child->is_cancelled);
}

/* Reads what there is; the pipe is closed at its end. */
static size_t drain(int *pipe, char *bytes, size_t size)
{
    ssize_t len = read(*pipe, bytes, size);

    if (len > 0)
        return (size_t)len;
    if (len == 0 || (errno != EINTR && errno != EAGAIN))
        close_one(pipe);
    return 0;
}

/* What was said last counts: the older half goes when the ceiling is near. */
static void keep_last(struct buf *messages, const char *bytes, size_t len)
{
    assert(len < messages->ceiling / 2);
    if (messages->len + len + 1 >= messages->ceiling) {
        size_t half = messages->len / 2;

        memmove(messages->ptr, messages->ptr + half, messages->len - half);
        messages->len -= half;
        messages->ptr[messages->len] = '\0';
    }
    buf_add(messages, bytes, len);
}

static void read_pipes(struct running *running)
{
    const struct child *child = running->child;
    struct pollfd files[] = {{.fd = running->output[0], .events = POLLIN},
                             {.fd = running->messages[0], .events = POLLIN}};
    char bytes[8192];

    poll(files, COUNT_OF(files), CHILD_POLL_MS);
    if (files[0].revents) {
        size_t len = drain(&running->output[0], bytes, sizeof(bytes));

        if (child->text)
            buf_add(child->text, bytes, len);
    }
    if (files[1].revents) {
        size_t len = drain(&running->messages[0], bytes, sizeof(bytes));

        if (child->messages)
            keep_last(child->messages, bytes, len);
    }
}

static int64_t seconds_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* Reads both pipes until the child has closed them; ends its group when cancelled. */
static bool follow(struct running *running)
{
    const struct child *child = running->child;
    bool was_cancelled = false;
    int64_t deadline = 0;

    while (running->output[0] >= 0 || running->messages[0] >= 0) {
        read_pipes(running);
        if (!was_cancelled && is_cancelled(child)) {
            was_cancelled = true;
            deadline = seconds_now() + CHILD_GRACE_SECONDS;
            kill(-running->pid, SIGTERM);
        }
        if (was_cancelled && seconds_now() >= deadline)
            kill(-running->pid, SIGKILL);
    }
    return was_cancelled;
}

static int wait_for(pid_t pid)
{
    int status = 0;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static bool start(struct running *running, struct error *err)
{
    const struct child *child = running->child;

    if (child->password && !write_password(running, child->password, err))
        return false;
    if (!environment_fill(running, err))
        return false;
    if ((child->output < 0 && pipe2(running->output, O_CLOEXEC) != 0) ||
        pipe2(running->messages, O_CLOEXEC) != 0)
        return error_set_errno(err, STATUS_LOCAL, "no pipe to '%s'", child->argv[0]);
    running->parent = getpid();
    running->pid = fork();
    if (running->pid < 0)
        return error_set_errno(err, STATUS_LOCAL, "cannot start '%s'", child->argv[0]);
    if (running->pid == 0)
        become(running);
    setpgid(running->pid, running->pid); /* also here: whoever is first wins the race */
    close_one(&running->output[1]);
    close_one(&running->messages[1]);
    return true;
}

bool child_run(const struct child *child, int *exit_code, struct error *err)
{
    struct running running = {
        .child = child, .output = {-1, -1}, .messages = {-1, -1}, .password = -1};

    assert(child->program && child->program[0] == '/');
    assert(child->argv && child->argv[0]);
    if (!start(&running, err)) {
        running_release(&running);
        return false;
    }
    bool was_cancelled = follow(&running);
    *exit_code = wait_for(running.pid);
    running_release(&running);
    if (was_cancelled)
        return error_set(err, STATUS_INTERRUPTED, "interrupted while '%s' ran", child->argv[0]);
    if (*exit_code == 127 || *exit_code == 126)
        return error_set(err, STATUS_LOCAL, "'%s' cannot be run", child->program);
    return true;
}
