/* One run at a time on a target: an advisory lock in the maintenance database, keyed by a hash of
 * the target's name, held by the session that later swaps. */
#include "stage/pg_stage.h"

#include "base/clock.h"
#include <stdio.h>
#include <string.h>
#include <time.h>

#define LOCK_POLL_MS 200

/* The lock counts in one database only. Two runs that name different maintenance databases each get
 * theirs, see the other's, and give up, rather than both go on. */
static const char take_sql[] =
    "SELECT pg_try_advisory_lock(hashtextextended('understudy ' || $1, 0))";

static const char release_sql[] =
    "SELECT pg_advisory_unlock(hashtextextended('understudy ' || $1, 0))";

static const char holder_sql[] =
    "SELECT coalesce(a.application_name, '') FROM pg_locks l"
    " LEFT JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted"
    " AND l.pid IS DISTINCT FROM pg_backend_pid()"
    " AND (l.classid::int8 << 32) | l.objid::int8 = hashtextextended('understudy ' || $1, 0)"
    " LIMIT 1";

struct holder {
    bool is_there;
    char session[NAME_BYTES]; /* its application name */
};

static bool read_holder(struct pg_stage *stage, struct holder *holder, struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    *holder = (struct holder){0};
    if (!pg_query(stage->admin, holder_sql, 1, values, &result, err))
        return false;
    if (PQntuples(result) == 0)
        return true;
    holder->is_there = true;
    snprintf(holder->session, sizeof(holder->session), "%s", PQgetvalue(result, 0, 0));
    return true;
}

static bool try_once(struct pg_stage *stage, bool *is_taken, struct holder *holder,
                     struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *taken = NULL;
    AUTO(PGresult) PGresult *released = NULL;

    if (!pg_query(stage->admin, take_sql, 1, values, &taken, err) ||
        !read_holder(stage, holder, err))
        return false;
    *is_taken = pg_true(taken, 0, 0);
    if (!*is_taken || !holder->is_there)
        return true;
    *is_taken = false;
    return pg_query(stage->admin, release_sql, 1, values, &released, err);
}

static void pause_briefly(void)
{
    struct timespec pause = {.tv_nsec = LOCK_POLL_MS * 1000000L};

    nanosleep(&pause, NULL);
}

static bool held_error(struct pg_stage *stage, const struct holder *holder, struct error *err)
{
    static const char prefix[] = "understudy ";
    const char *name = stage->base.target.database;

    if (strncmp(holder->session, prefix, strlen(prefix)) == 0)
        error_set(err, STATUS_TARGET, "run %s holds the target '%s'",
                  holder->session + strlen(prefix), name);
    else
        error_set(err, STATUS_TARGET, "another run holds the target '%s'", name);
    return error_hint(err, "wait for it with --lock-wait, or stop it");
}

bool pg_lock_take(struct pg_stage *stage, struct error *err)
{
    double deadline =
        clock_monotonic() + (double)stage->base.request.options->lock_wait_us / 1000000.0;
    struct holder holder;
    bool is_taken = false;

    for (;;) {
        if (!try_once(stage, &is_taken, &holder, err))
            return false;
        if (is_taken)
            return true;
        if (pg_stage_is_cancelled(stage))
            return error_set(err, STATUS_INTERRUPTED, "interrupted while another run was awaited");
        if (clock_monotonic() >= deadline)
            return held_error(stage, &holder, err);
        pause_briefly();
    }
}
