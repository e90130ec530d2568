/* A helper program (pg_dump, pg_restore) run to its end: fork and execve in a process group of its
 * own, an environment made from nothing, its output read and kept back, because it may quote
 * values. Dies with us. */
#ifndef UNDERSTUDY_STAGE_CHILD_H
#define UNDERSTUDY_STAGE_CHILD_H

#include "base/buf.h"
#include "base/error.h"
#include <stdatomic.h>

struct child {
    const char *program;     /* absolute path */
    const char *const *argv; /* NULL-terminated; argv[0] is the program's name */
    const char *password;    /* offered as PGPASSFILE, a file in memory of mode 0600; NULL: none */
    int output;              /* descriptor that takes its standard output; -1: goes to `text` */
    const int *kept;         /* descriptors that the child finds under the same numbers */
    size_t kept_count;
    const atomic_bool *is_cancelled; /* looked at ten times a second; NULL: never */
    struct buf *text;                /* standard output; fails at its ceiling; NULL: thrown away */
    struct buf *messages; /* standard error, the last of it below its ceiling (32 KiB or more);
                             NULL: thrown away */
};

/* True when the program ran and ended; *exit_code is 128 + signal when one ended it. STATUS_LOCAL
 * when it could not be run, STATUS_INTERRUPTED when it was ended because *is_cancelled. */
bool child_run(const struct child *child, int *exit_code, struct error *err);

/* A file that exists only in memory, mode 0600, closed on exec; -1: errno says why. */
int memory_file(const char *name);
bool memory_file_write(int file, const void *bytes, size_t len);

#endif
