/* One snapshot, held by the leader alone. */
#include "db/my_conn.h"

bool my_snapshot_export(struct db *db, unsigned readers, struct arena *arena, const char **token,
                        struct error *err)
{
    struct my_db *my = my_of(db);
    const struct db_info *info = &db->info;

    UNUSED(readers);
    assert(!my->is_leader);
    if (!my_run(db, "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY", err))
        return error_context(err, "taking a snapshot");
    my->is_leader = true;
    my->base.info.snapshot_readers = 0;
    *token = arena_printf(arena, "%s %lld", info->system, (long long)info->started_us);
    return *token ? true : error_memory(err);
}

bool my_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err)
{
    UNUSED(leader);
    UNUSED(config);
    UNUSED(token);
    UNUSED(arena);
    UNUSED(reader);
    return error_set(err, STATUS_BUG, "the snapshot has no further reader");
}
