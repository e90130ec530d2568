/* PostgreSQL's row of the driver table, and the few statements everything else is made of. */
#include "db/pg_conn.h"

struct pg_db *pg_of(struct db *db)
{
    assert(db && db->driver == &driver_pg);
    return (struct pg_db *)db; /* base is its first member */
}

PGconn *pg_connection(struct db *db)
{
    return pg_of(db)->connection;
}

bool pg_query(struct db *db, const char *sql, int count, const char *const *values,
              PGresult **result, struct error *err)
{
    struct pg_db *pg = pg_of(db);

    assert(pg->state == PG_IDLE && sql && result);
    *result = PQexecParams(pg->connection, sql, count, NULL, values, NULL, NULL, 0);

    ExecStatusType status = PQresultStatus(*result);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
        return true;
    pg_error(db, *result, "a statement failed", err);
    PQclear(*result);
    *result = NULL;
    return false;
}

bool pg_run(struct db *db, const char *sql, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    return pg_query(db, sql, 0, NULL, &result, err);
}

static void pg_close(struct db *db)
{
    struct pg_db *pg = pg_of(db);

    PQfreeCancel(pg->cancel);
    PQfinish(pg->connection);
    *pg = (struct pg_db){.base = {.driver = NULL}};
}

static bool pg_open(const struct db_config *config, struct arena *arena, struct db **db,
                    struct error *err)
{
    struct pg_db *pg = ARENA_NEW(arena, struct pg_db);

    if (!pg)
        return error_memory(err);
    pg->base.driver = &driver_pg;
    pg->base.side = config->side;
    pg->base.info.engine = ENGINE_POSTGRESQL;
    pg->config = *config;
    atomic_init(&pg->is_canceled, false);
    if (!pg_connect(pg, arena, err) || !pg_session_begin(pg, arena, err)) {
        pg_close(&pg->base);
        return false;
    }
    *db = &pg->base;
    return true;
}

static void pg_cancel(struct db *db)
{
    struct pg_db *pg = pg_of(db);
    char refusal[256]; /* libpq's own words, of no use to anyone */

    atomic_store(&pg->is_canceled, true);
    PQcancel(pg->cancel, refusal, sizeof(refusal));
}

const struct db_driver driver_pg = {
    .name = "postgresql",
    .open = pg_open,
    .close = pg_close,
    .cancel = pg_cancel,
    .snapshot_export = pg_snapshot_export,
    .snapshot_reader = pg_snapshot_reader,
    .read_catalog = pg_read_catalog,
    .lock_tables = pg_lock_tables,
    .find_denials = pg_find_denials,
    .check_sql = pg_check_sql,
    .address_range = pg_address_range,
    .resolve = NULL, /* addresses are places */
    .read_begin = pg_read_begin,
    .read_next = pg_read_next,
    .read_end = pg_read_end,
    .count = pg_count,
    .write_begin = pg_write_begin,
    .write_rows = pg_write_rows,
    .write_end = pg_write_end,
    .analyze = pg_analyze,
    .wide_expression = pg_wide_expression,
};
