/* The swap: the old staging database steps aside and the new one takes its name, in one
 * transaction.
 *
 *   A (holds the run's lock)              B
 *   BEGIN
 *   rename old -> old__old_<time>         ends the sessions of the old one, again and again,
 *     its lock makes newcomers wait;        until A's rename has gone through
 *     waits up to 5 s for those inside
 *   forbid connections to the old one
 *   rename new -> old, its settings
 *   COMMIT
 *
 * Newcomers wait on A's lock and then find that the name they asked for means another database:
 * they are refused once and reconnect to the new one. Nobody meets a half state, and if A dies the
 * server rolls back. "Forbid, end, rename" fails against pools that reconnect faster than that. */
#include "stage/pg_stage.h"

#include "base/clock.h"
#include "base/words.h"
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

#define SWAP_TRIES   5
#define SWAP_POLL_MS 20

struct swap {
    struct pg_stage *stage;
    struct db *other;          /* B */
    uint32_t old;              /* number of the old database; 0: there was none */
    char old_name[NAME_BYTES]; /* that it gets */
    bool may_retry;
};

/* Sessions of superusers can only be ended by superusers; trying is an error for all of them. */
static const char end_sql[] = "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a"
                              " LEFT JOIN pg_roles r ON r.oid = a.usesysid"
                              " WHERE a.datid = $1::oid AND a.pid <> pg_backend_pid()"
                              " AND (NOT coalesce(r.rolsuper, false)"
                              "  OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))";

static bool end_sessions(struct swap *swap, uint32_t database, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    char number[16];
    const char *const values[] = {number};

    snprintf(number, sizeof(number), "%u", database);
    return pg_query(swap->other, end_sql, 1, values, &result, err);
}

static void add_rename(struct buf *sql, const char *from, const char *to)
{
    buf_add_text(sql, "ALTER DATABASE ");
    pg_quote_name(sql, from);
    buf_add_text(sql, " RENAME TO ");
    pg_quote_name(sql, to);
}

/* In use, lock not granted in time, deadlock, or a name that another second makes free. */
static bool is_passing(const char *sqlstate)
{
    static const char *const states[] = {"55006", "55P03", "40P01", "42P04"};

    for (size_t i = 0; i < COUNT_OF(states); i++) {
        if (strcmp(sqlstate, states[i]) == 0)
            return true;
    }
    return false;
}

/* The result of what A was sent, read to the end. */
static bool collect(struct swap *swap, const char *what, struct error *err)
{
    struct db *admin = swap->stage->admin;
    PGconn *connection = pg_connection(admin);
    bool is_done = true;

    for (PGresult *result = PQgetResult(connection); result; result = PQgetResult(connection)) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK) {
            const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

            swap->may_retry = state && is_passing(state);
            is_done = pg_error(admin, state ? result : NULL, what, err);
        }
        PQclear(result);
    }
    return is_done;
}

/* A renames while B ends sessions of `database` until it has gone through. */
static bool rename_while_ending(struct swap *swap, const char *from, const char *to,
                                uint32_t database, struct error *err)
{
    PGconn *connection = pg_connection(swap->stage->admin);
    struct buf sql;

    buf_init(&sql, 4096);
    add_rename(&sql, from, to);
    bool is_sent = buf_ok(&sql) && PQsendQuery(connection, buf_text(&sql)) == 1;
    buf_release(&sql);
    if (!is_sent)
        return pg_error(swap->stage->admin, NULL, "rename", err);
    bool is_ending = true;
    while (PQisBusy(connection)) {
        struct pollfd file = {.fd = PQsocket(connection), .events = POLLIN};

        /* When B fails, A's own five seconds decide. */
        is_ending = is_ending && end_sessions(swap, database, &(struct error){0});
        if (poll(&file, 1, SWAP_POLL_MS) < 0 && errno != EINTR)
            break;
        if (file.revents && PQconsumeInput(connection) == 0)
            break;
    }
    return collect(swap, "rename", err);
}

static bool run_on(struct swap *swap, const char *before, const char *name, const char *after,
                   struct error *err)
{
    struct buf sql;

    buf_init(&sql, 4096);
    buf_add_text(&sql, before);
    pg_quote_name(&sql, name);
    buf_add_text(&sql, after);
    bool is_done =
        buf_ok(&sql) ? pg_run(swap->stage->admin, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_done;
}

/* The old one is nobody's any more, and says since when. */
static bool retire_old(struct swap *swap, int64_t now_us, struct error *err)
{
    struct pg_stage *stage = swap->stage;
    const char *name = stage->base.target.database;
    struct mark mark = stage->target_mark;

    if (!stage->is_marked)
        mark = (struct mark){.run = stage->base.request.run, .is_adopted = true};
    mark.state = MARK_OLD;
    mark.target = name;
    mark.retired_us = now_us;
    return rename_while_ending(swap, name, swap->old_name, swap->old, err) &&
           run_on(swap, "ALTER DATABASE ", swap->old_name, " ALLOW_CONNECTIONS false", err) &&
           pg_mark_comment(stage->admin, swap->old_name, &mark, err);
}

/* After its rights were copied: the new one is to be as open as the old one was. */
static bool close_old(struct swap *swap, struct error *err)
{
    return swap->old == 0 ||
           run_on(swap, "REVOKE CONNECT ON DATABASE ", swap->old_name, " FROM PUBLIC", err);
}

static bool install_new(struct swap *swap, struct error *err)
{
    struct pg_stage *stage = swap->stage;
    struct mark mark = stage->mark;

    mark.state = MARK_CURRENT;
    return rename_while_ending(swap, stage->base.database, stage->base.target.database,
                               stage->database_oid, err) &&
           pg_mark_comment(stage->admin, stage->base.target.database, &mark, err) &&
           pg_settings_copy(stage, swap->old, stage->base.target.database, err);
}

/* Does the name mean the new database? Asked anew after a COMMIT whose answer was lost. */
static bool is_installed(struct swap *swap)
{
    struct pg_stage *stage = swap->stage;
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;
    AUTO(db) struct db *db = NULL;
    struct error ignored = {0};

    return pg_stage_connect(stage, stage->maintenance, &db, &ignored) &&
           pg_query(db, "SELECT oid FROM pg_database WHERE datname = $1", 1, values, &result,
                    &ignored) &&
           PQntuples(result) == 1 && pg_number(result, 0, 0) == stage->database_oid;
}

static bool commit(struct swap *swap, struct error *err)
{
    struct pg_stage *stage = swap->stage;

    if (pg_stage_is_cancelled(stage))
        return error_set(err, STATUS_INTERRUPTED, "interrupted before the swap was committed");
    atomic_store(&stage->is_committing, true);
    return pg_run(stage->admin, "COMMIT", err) || is_installed(swap);
}

static bool try_once(struct swap *swap, int try, struct error *err)
{
    struct pg_stage *stage = swap->stage;
    int64_t now_us = clock_now_us() + INT64_C(1000000) * try;

    swap->may_retry = false;
    name_of_old(ENGINE_POSTGRESQL, stage->base.target.database, now_us, swap->old_name);
    if (!pg_run(stage->admin, "BEGIN", err))
        return false;
    if ((swap->old == 0 || retire_old(swap, now_us, err)) && install_new(swap, err) &&
        close_old(swap, err) && commit(swap, err))
        return true;
    pg_run(stage->admin, "ROLLBACK", &(struct error){0});
    atomic_store(&stage->is_committing, false);
    return false;
}

/* What keeps the database, most stubborn first. */
static const char holders_sql[] =
    "SELECT string_agg(what, ', ') FROM ("
    " (SELECT 'prepared transaction ''' || gid || '''' AS what FROM pg_prepared_xacts"
    "   WHERE database = $1 ORDER BY prepared LIMIT 3)"
    " UNION ALL (SELECT 'replication slot ''' || slot_name || '''' FROM pg_replication_slots"
    "   WHERE database = $1 AND active LIMIT 3)"
    " UNION ALL (SELECT 'session ' || pid || coalesce(' of role ' || usename, '') || ' ('"
    "   || coalesce(nullif(application_name, ''), backend_type, 'unknown') || ')'"
    "   FROM pg_stat_activity WHERE datname = $1 AND pid <> pg_backend_pid() ORDER BY pid LIMIT 3)"
    ") h";

static bool name_holders(struct swap *swap, const char *sql, const char **holders,
                         struct error *err)
{
    const char *const values[] = {swap->stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    *holders = NULL;
    if (!pg_query(swap->other, sql, 1, values, &result, err))
        return false;
    if (PQgetisnull(result, 0, 0))
        return true;
    *holders = words_printable(swap->stage->base.arena, PQgetvalue(result, 0, 0));
    *holders = *holders ? arena_strdup(swap->stage->base.arena, *holders) : NULL;
    return *holders || error_memory(err);
}

static bool held_error(struct swap *swap, struct error *err)
{
    const char *name = swap->stage->base.target.database;
    const char *holders;

    if (!name_holders(swap, holders_sql, &holders, err))
        return false;
    error_set(err, STATUS_TARGET, "the old database '%s' is held by %s", name,
              holders ? holders : "sessions that come back faster than they can be ended");
    return error_hint(err, "end them and run again: the old database still answers as before");
}

/* A prepared transaction ends only by a hand of its own: waiting would not help. */
static bool refuse_prepared(struct swap *swap, struct error *err)
{
    static const char sql[] = "SELECT min(gid) FROM pg_prepared_xacts WHERE database = $1";
    const char *holders;

    if (swap->old == 0)
        return true;
    if (!name_holders(swap, sql, &holders, err))
        return false;
    return !holders || held_error(swap, err);
}

/* The name must still mean what it meant when the run began. */
static bool refuse_changed(struct swap *swap, struct error *err)
{
    struct pg_stage *stage = swap->stage;
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(stage->admin, "SELECT oid FROM pg_database WHERE datname = $1", 1, values,
                  &result, err))
        return false;
    uint32_t now = PQntuples(result) > 0 ? pg_number(result, 0, 0) : 0;
    if (now == swap->old)
        return true;
    return error_set(err, STATUS_TARGET, "the database '%s' was %s while this run worked",
                     values[0],
                     now == 0         ? "renamed or dropped"
                     : swap->old == 0 ? "created"
                                      : "replaced");
}

static bool swap_in(struct swap *swap, struct error *err)
{
    for (int try = 0; try < SWAP_TRIES; try++) {
        if (try_once(swap, try, err))
            return true;
        if (!swap->may_retry || pg_stage_is_cancelled(swap->stage))
            return false;
    }
    return held_error(swap, err);
}

/* With generations 0 nothing of the old stays. */
static bool drop_old(struct swap *swap, struct error *err)
{
    struct pg_stage *stage = swap->stage;

    if (swap->old == 0 || stage_generations(&stage->base) > 0)
        return true;
    if (pg_database_drop(swap->other, swap->old_name, &(struct error){0}))
        return true;
    return stage_warn(&stage->base, "leftovers",
                      "the old database could not be dropped; the next run drops it", err);
}

bool pg_stage_swap(struct stage *base, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct swap swap = {.stage = stage, .old = base->target.database_oid};

    if (!stage->is_created)
        return true;
    pg_stage_leave(stage);
    if (!pg_stage_connect(stage, stage->maintenance, &swap.other, err))
        return false;
    bool is_done = refuse_changed(&swap, err) && refuse_prepared(&swap, err) && swap_in(&swap, err);
    if (is_done) {
        stage->is_swapped = true;
        base->database = base->target.database;
        is_done = drop_old(&swap, err);
    }
    db_close(swap.other);
    return is_done;
}
