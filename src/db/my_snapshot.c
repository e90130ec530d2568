/* One snapshot for several connections.
 *
 * MySQL has no name for a snapshot that another connection could join. Connections see the same
 * when nothing was committed between the moments in which they began; so they all begin while a
 * lock keeps writers waiting, and stay open from then on. Where that lock is not allowed (a server
 * that takes writes, and source.lock does not say allow), or not to be had, the leader alone holds
 * the snapshot and reads everything. */
#include "base/log.h"
#include "db/my_conn.h"
#include "db/my_lock.h"

static const char begin_sql[] = "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY";

static const char *instance_print(const struct my_db *my, struct arena *arena)
{
    const struct db_info *info = &my->base.info;

    return arena_printf(arena, "%s %lld", info->system, (long long)info->started_us);
}

static bool instance_is_same(const struct my_db *my, const struct my_db *other)
{
    return my->base.info.started_us == other->base.info.started_us &&
           strcmp(my->base.info.system, other->base.info.system) == 0;
}

static bool instance_differs(const struct my_db *my, struct error *err)
{
    error_set(err, my_status(my), "this connection leads to another server than the first one");
    return error_hint(err, "behind a load balancer, name one server in the URL: a snapshot lives "
                           "on one");
}

/* The right to lock is the replica's own, or the person's. */
static bool lock_is_allowed(struct my_db *my, bool *is_allowed, struct error *err)
{
    struct my_result result = {.rows = NULL};

    *is_allowed = my->config.may_lock;
    if (*is_allowed)
        return true;
    if (!my_query_row(&my->base, "SELECT @@global.read_only", 1, &result, err))
        return false;
    const char *state = my_text(&result, 0, 0);
    *is_allowed = state && strcmp(state, "0") != 0 && strcasecmp(state, "OFF") != 0;
    my_result_release(&result);
    return true;
}

static void pool_drop(struct my_db *my)
{
    for (size_t i = 0; i < my->pool_count; i++)
        db_close(&my->pool[i]->base);
    my->pool_count = 0;
}

static bool pool_open(struct my_db *my, unsigned readers, struct arena *arena, struct error *err)
{
    struct db_config config = my->config;

    config.is_further = true;
    my->pool = ARENA_ARRAY(arena, readers, struct my_db *);
    if (!my->pool)
        return error_memory(err);
    while (my->pool_count < readers) {
        struct db *reader;

        if (!db_open(&config, arena, &reader, err))
            return false;
        my->pool[my->pool_count++] = my_of(reader);
        if (!instance_is_same(my, my_of(reader)))
            return instance_differs(my, err);
        my_book_drop(my_of(reader)->book);
        my_book_hold(my->book);
        my_of(reader)->book = my->book;
    }
    return true;
}

/* All begin; the lock, where there is one, is given back whatever happens. */
static bool snapshots_begin(struct my_db *my, struct error *err)
{
    bool ok = my_run(&my->base, begin_sql, err);

    for (size_t i = 0; ok && i < my->pool_count; i++)
        ok = my_run(&my->pool[i]->base, begin_sql, err);
    return ok;
}

static bool locked_begin(struct my_db *my, struct db *holder, struct error *err)
{
    struct my_lock lock;
    struct error unlocked = {.status = STATUS_OK};

    if (!my_lock_take(&lock, my, holder, err))
        return false;
    if (lock.refusal) {
        log_write(LOG_WARNING, "the source is read by one connection: %s; %s", lock.refusal,
                  lock.hint);
        pool_drop(my);
        return snapshots_begin(my, err);
    }
    bool has_begun = snapshots_begin(my, err);
    if (my_lock_release(&lock, has_begun ? err : &unlocked))
        return has_begun;
    return false;
}

static bool shared_begin(struct my_db *my, unsigned readers, struct arena *arena, struct error *err)
{
    struct db_config config = my->config;
    struct db *holder = NULL;

    config.is_further = true;
    if (!pool_open(my, readers, arena, err) || !db_open(&config, arena, &holder, err))
        return false;
    bool has_begun = instance_is_same(my, my_of(holder)) ? locked_begin(my, holder, err)
                                                         : instance_differs(my, err);
    db_close(holder);
    return has_begun;
}

/* Who asks for no readers only looks; who permits the lock hears now that it would not come. */
static bool lock_foresee(struct my_db *my, struct arena *arena, struct error *err)
{
    struct my_lock lock;

    if (!my_lock_foresee(&lock, &my->base, arena, err))
        return false;
    if (lock.refusal)
        log_write(LOG_WARNING, "a refresh would read the source by one connection: %s; %s",
                  lock.refusal, lock.hint);
    return true;
}

bool my_snapshot_export(struct db *db, unsigned readers, struct arena *arena, const char **token,
                        struct error *err)
{
    struct my_db *my = my_of(db);
    bool is_shared = false;

    assert(!my->is_leader && my->pool_count == 0);
    if (readers > 0 ? !lock_is_allowed(my, &is_shared, err)
                    : my->config.may_lock && !lock_foresee(my, arena, err))
        return false;
    if (readers > 1 && !is_shared)
        log_write(LOG_NOTICE, "the source is read by one connection: several share a snapshot "
                              "only under a lock of a moment; source.lock: allow permits it");
    if (!(is_shared ? shared_begin(my, readers, arena, err) : snapshots_begin(my, err)))
        return error_context(err, "taking a snapshot");
    my->is_leader = true;
    my->base.info.snapshot_readers = (unsigned)my->pool_count;
    *token = instance_print(my, arena);
    return *token ? true : error_memory(err);
}

bool my_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err)
{
    struct my_db *my = my_of(leader);

    assert(my->is_leader && token);
    UNUSED(config);
    UNUSED(token);
    UNUSED(arena);
    for (size_t i = 0; i < my->pool_count; i++) {
        if (!my->pool[i])
            continue;
        *reader = &my->pool[i]->base;
        my->pool[i] = NULL;
        return true;
    }
    return error_set(err, STATUS_BUG, "no reader is left at the snapshot");
}
