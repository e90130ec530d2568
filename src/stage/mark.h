/* The mark: one line of JSON on a database (PostgreSQL: its comment) that says it was made by this
 * program, by which run, and in which state it is. Only what carries one is ever dropped or
 * replaced unasked. */
#ifndef UNDERSTUDY_STAGE_MARK_H
#define UNDERSTUDY_STAGE_MARK_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/common.h"

enum mark_state { MARK_NEW, MARK_CURRENT, MARK_OLD };

struct mark {
    enum mark_state state;
    const char *run;     /* that made the database; for an adopted one: that replaced it */
    const char *target;  /* name of the staging database it is, will be or was */
    const char *key;     /* fingerprint; may be NULL, as the next two */
    const char *profile; /* SHA-256 */
    const char *source;  /* identity of the source */
    int64_t epoch;
    int64_t started_us, finished_us; /* 0: not yet */
    int64_t retired_us;              /* when it was swapped out; 0: never */
    bool is_adopted;                 /* it was not made by us, but replaced with --adopt */
};

/* Appends the one line; false when memory ended. */
bool mark_write(const struct mark *mark, struct buf *out);
/* False when `comment` (may be NULL) is no mark of a version we know; texts are in `arena`. */
bool mark_read(const char *comment, struct arena *arena, struct mark *mark);

#endif
