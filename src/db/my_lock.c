/* MySQL's FLUSH TABLES WITH READ LOCK, when it gives up, leaves whoever wants a table behind that
 * it waited for until the statement ends that it waited for: so there the tables alone are locked,
 * which waits for writers, and lets go. MariaDB's lets go; but it stops everything behind it while
 * it waits for statements that run: it is not asked for where one of them is old, and gives up
 * after two seconds. */
#include "db/my_lock.h"
#include "base/clock.h"
#include "db/my_grants.h"
#include <time.h>

#define TRIES        3
#define PAUSE_MS     1000 /* in which those that waited go on */
#define US_PER_S     1e6
#define TIMED_OUT    1205
#define WAIT_TIMEOUT "10" /* seconds that all readers together have to begin */
/* The threads by which a replica applies changes say 'Query' also while they wait for the next
 * one, and count their time from the moment of the last on the primary. */
#define STATEMENTS                                                                                 \
    " WHERE COMMAND IN ('Query', 'Execute') AND TIME >= 30 AND ID <> CONNECTION_ID()"              \
    " AND USER <> 'system user'"

/* Only who has PROCESS sees the statements of others; this table shows it to nobody else. */
static const char probe_sql[] = "SELECT 1 FROM information_schema.INNODB_TRX LIMIT 1";
static const char old_sql[] = "SELECT COUNT(*) FROM information_schema.PROCESSLIST" STATEMENTS;

/* False with *err set; true with refusal set where the server must not be locked. */
static bool statements_check(struct my_lock *lock, struct db *holder, struct error *err)
{
    struct my_result result = {.rows = NULL};
    unsigned code;

    if (!my_attempt(holder, probe_sql, "looking for running statements", &code, err)) {
        if (!my_number_is_denial(code))
            return false;
        lock->refusal = "the user may not see whether long statements run";
        lock->hint = "GRANT PROCESS, RELOAD ON *.* lets several connections share a snapshot";
        return true;
    }
    if (!my_query_row(holder, old_sql, 1, &result, err))
        return false;
    if (my_integer(&result, 0, 0) > 0) {
        lock->refusal = "a statement runs there for more than 30 seconds";
        lock->hint = "start again when it has ended to read with several connections";
    }
    my_result_release(&result);
    return true;
}

/* "LOCK TABLES a READ, b READ ..." of the connected schema. */
static bool tables_print(struct db *holder, struct buf *sql, struct error *err)
{
    struct my_result result = {.rows = NULL};

    if (!my_query(holder,
                  "SELECT TABLE_NAME FROM information_schema.TABLES"
                  " WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE = 'BASE TABLE'",
                  &result, err))
        return false;
    for (size_t row = 0; row < result.count; row++) {
        buf_add_text(sql, row ? ", " : "LOCK TABLES ");
        my_quote_name(sql, my_text(&result, row, 0));
        buf_add_text(sql, " READ");
    }
    my_result_release(&result);
    return buf_ok(sql) ? true : error_memory(err);
}

/* What another transaction has written it holds until its end, and the lock waits for that: so
 * all snapshots taken under it see these tables alike. */
static bool tables_lock(struct my_lock *lock, struct db *holder, unsigned *code, struct error *err)
{
    struct buf sql;

    buf_init(&sql, BUF_CEILING_MAX);
    *code = 0;
    bool is_held = tables_print(holder, &sql, err);
    if (is_held && sql.len > 0) {
        lock->since = clock_monotonic();
        is_held = my_attempt(holder, buf_text(&sql), "locking the source's tables", code, err);
    }
    buf_release(&sql);
    return is_held;
}

static void pause_briefly(const struct my_db *my)
{
    const struct timespec step = {.tv_nsec = 50000000};

    for (int left = PAUSE_MS; left > 0 && !atomic_load(&my->is_canceled); left -= 50)
        (void)nanosleep(&step, NULL);
}

static void waiting_ended(const struct my_lock *lock)
{
    lock->leader->base.info.lock_us += (int64_t)((clock_monotonic() - lock->since) * US_PER_S);
}

/* One attempt; the global lock is left to the other where the right is missing. */
static bool lock_attempt(struct my_lock *lock, struct db *holder, bool *is_global, unsigned *code,
                         struct error *err)
{
    assert(!lock->refusal);
    lock->since = clock_monotonic();
    if (*is_global &&
        my_attempt(holder, "FLUSH TABLES WITH READ LOCK", "locking the source", code, err))
        return true;
    if (*is_global && !my_number_is_denial(*code))
        return false;
    *is_global = false;
    return tables_lock(lock, holder, code, err);
}

static void right_is_missing(struct my_lock *lock)
{
    lock->refusal = "the user may not lock it";
    lock->hint = my_is_mariadb(lock->holder)
                     ? "GRANT RELOAD ON *.*, or LOCK TABLES on the schema, allows it"
                     : "GRANT LOCK TABLES on the schema allows it";
}

bool my_lock_foresee(struct my_lock *lock, struct db *db, struct arena *arena, struct error *err)
{
    const bool is_global = my_is_mariadb(db);
    struct my_grants grants;

    *lock = (struct my_lock){.holder = db};
    if (is_global && !statements_check(lock, db, err))
        return false;
    if (lock->refusal)
        return true;
    if (!my_grants_read(db, arena, &grants, err))
        return false;
    const bool is_held = is_global && my_grants_allow(&grants, NULL, "RELOAD");
    if (!is_held && !my_grants_allow(&grants, db->info.database, "LOCK TABLES"))
        right_is_missing(lock);
    return true;
}

bool my_lock_take(struct my_lock *lock, struct my_db *leader, struct db *holder, struct error *err)
{
    bool is_global = my_is_mariadb(holder);
    unsigned code = 0;

    assert(leader->base.side == DB_SOURCE && holder != &leader->base);
    *lock = (struct my_lock){.leader = leader, .holder = holder};
    /* Should we vanish without a word, the server ends the session, and with it the lock. */
    if (!my_run(holder, "SET lock_wait_timeout = 2, wait_timeout = " WAIT_TIMEOUT, err) ||
        (is_global && !statements_check(lock, holder, err)))
        return false;
    for (int i = 0; !lock->refusal && i < TRIES; i++) {
        if (atomic_load(&leader->is_canceled))
            return error_set(err, STATUS_INTERRUPTED, "interrupted");
        if (i > 0)
            pause_briefly(leader);
        if (lock_attempt(lock, holder, &is_global, &code, err))
            return true;
        waiting_ended(lock);
        if (my_number_is_denial(code)) {
            right_is_missing(lock);
        } else if (code != TIMED_OUT)
            return false;
    }
    if (!lock->refusal) {
        lock->refusal = "it could not be locked within two seconds, three times";
        lock->hint = "start again when fewer transactions are under way";
    }
    return true;
}

bool my_lock_release(struct my_lock *lock, struct error *err)
{
    assert(lock->holder && lock->since > 0);
    bool is_released = my_run(lock->holder, "UNLOCK TABLES", err);

    waiting_ended(lock);
    return is_released;
}
