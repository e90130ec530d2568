/* One snapshot for many connections, and the locks that keep what it sees in place.
 *
 * A snapshot that holds does not hold storage: VACUUM FULL and TRUNCATE move rows away under it,
 * and ALTER TABLE changes what a statement may name. ACCESS SHARE stops all three from the moment
 * it is granted; what happened before that moment is found by comparing the catalog that the
 * snapshot saw with the catalog as it stands now. Statements in the leader's transaction see the
 * old rows of pg_class, so the fresh look is taken by a second connection. */
#include "base/map.h"
#include "db/pg_catalog.h"
#include "db/pg_conn.h"
#include <limits.h>
#include <stdlib.h>

#define LOCK_BATCH 64 /* tables in a LOCK statement */

/* A token is "NAME SYSTEM STARTED STANDBY". */
static const char *instance_print(const struct pg_db *pg, struct arena *arena, const char *name)
{
    const struct db_info *info = &pg->base.info;

    return arena_printf(arena, "%s %s/%u %lld %d", name, info->system, info->database_oid,
                        (long long)info->started_us, info->is_standby);
}

const char *pg_snapshot_name(struct arena *arena, const char *token)
{
    return arena_strndup(arena, token, strcspn(token, " "));
}

bool pg_snapshot_export(struct db *db, unsigned readers, struct arena *arena, const char **token,
                        struct error *err)
{
    struct pg_db *pg = pg_of(db);
    AUTO(PGresult) PGresult *result = NULL;

    UNUSED(readers);
    assert(!pg->is_leader && !pg->snapshot);
    if (!pg_run(db, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err) ||
        !pg_query(db, "SELECT pg_catalog.pg_export_snapshot()", 0, NULL, &result, err))
        return error_context(err, "taking a snapshot");
    pg->is_leader = true;
    pg->base.info.snapshot_readers = UINT_MAX;
    *token = instance_print(pg, arena, PQgetvalue(result, 0, 0));
    return *token ? true : error_memory(err);
}

bool pg_snapshot_enter(struct pg_db *pg, const char *name, struct error *err)
{
    struct buf sql;

    if (!pg_run(&pg->base, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", err))
        return false;
    buf_init(&sql, 4096);
    buf_add_text(&sql, "SET TRANSACTION SNAPSHOT ");
    pg_quote_literal(&sql, name);

    bool is_joined = buf_ok(&sql) ? pg_run(&pg->base, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    return is_joined;
}

static bool instance_differs(const struct pg_db *pg, struct error *err)
{
    error_set(err, pg_status(pg), "this connection leads to another server than the first one");
    return error_hint(err, "behind a load balancer, name one instance in the URL: a snapshot "
                           "lives on one");
}

static bool snapshot_join(struct pg_db *pg, const char *token, struct error *err)
{
    struct arena *scratch = arena_new();
    const char *name = scratch ? pg_snapshot_name(scratch, token) : NULL;
    const char *here = name ? instance_print(pg, scratch, name) : NULL;
    bool is_joined = false;

    assert(!pg->is_leader && !pg->snapshot);
    if (!here)
        error_memory(err);
    else if (strcmp(here, token) != 0)
        instance_differs(pg, err);
    else {
        is_joined = pg_snapshot_enter(pg, name, err);
        /* the token belongs to the caller; a rejoin needs the name for as long as we live */
        if (is_joined && strlen(name) < sizeof(pg->snapshot_name)) {
            memcpy(pg->snapshot_name, name, strlen(name) + 1);
            pg->snapshot = pg->snapshot_name;
        }
    }
    arena_free(scratch);
    return is_joined || error_context(err, "joining the snapshot");
}

bool pg_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err)
{
    assert(pg_of(leader)->is_leader);
    UNUSED(leader);
    if (!db_open(config, arena, reader, err))
        return false;
    if (snapshot_join(pg_of(*reader), token, err))
        return true;
    db_close(*reader);
    *reader = NULL;
    return false;
}

/* A partitioned table is locked with its partitions: then the right to read the whole is enough. */
static void lock_add(struct buf *sql, const struct table *table)
{
    buf_add_text(sql, sql->len ? ", " : "LOCK TABLE ");
    if (table->class != TABLE_PARTITIONED)
        buf_add_text(sql, "ONLY ");
    pg_quote_table(sql, table->schema, table->name);
}

static bool lock_send(struct pg_db *pg, struct buf *sql, struct error *err)
{
    if (sql->len == 0 && buf_ok(sql))
        return true;
    buf_add_text(sql, " IN ACCESS SHARE MODE");

    bool is_locked = buf_ok(sql) ? pg_run(&pg->base, buf_text(sql), err) : error_memory(err);
    buf_reset(sql);
    return is_locked;
}

static bool locks_take(struct pg_db *pg, const struct table *const *tables, size_t count,
                       struct error *err)
{
    struct buf sql;
    bool ok = true;

    buf_init(&sql, BUF_CEILING_MAX);
    for (size_t i = 0; ok && i < count; i++) {
        if (tables[i]->class != TABLE_FOREIGN)
            lock_add(&sql, tables[i]);
        if ((i + 1) % LOCK_BATCH == 0)
            ok = lock_send(pg, &sql, err);
    }
    ok = ok && lock_send(pg, &sql, err);
    buf_release(&sql);
    return ok || error_context(err, "locking tables against changes of their definition");
}

static bool table_changed(const struct table *table, struct error *err)
{
    error_set(err, STATUS_SOURCE, "table '%s' was changed between the snapshot and its lock",
              table->label);
    return error_hint(err, "start again when no ALTER TABLE, TRUNCATE or VACUUM FULL is under way");
}

struct present { /* a relation as it stands now; the texts belong to the result */
    uint32_t root, oid, relfilenode;
    const char *schema, *name, *definition;
};

static struct present present_read(const PGresult *result, int row)
{
    return (struct present){
        .root = pg_cell_u32(result, row, RELATION_ROOT),
        .oid = pg_cell_u32(result, row, RELATION_OID),
        .relfilenode = pg_cell_u32(result, row, RELATION_FILENODE),
        .schema = pg_cell(result, row, RELATION_SCHEMA),
        .name = pg_cell(result, row, RELATION_NAME),
        .definition = pg_cell(result, row, RELATION_DEFINITION),
    };
}

static bool relation_is_same(const struct relation *relation, const struct present *present)
{
    return relation->relfilenode == present->relfilenode &&
           strcmp(relation->schema, present->schema) == 0 &&
           strcmp(relation->name, present->name) == 0 &&
           strcmp(relation->definition, present->definition) == 0;
}

/* Every relation of the table is there as it was, and no other has come. */
static bool table_compare_present(const struct table *table, const PGresult *result,
                                  const struct map *rows, struct error *err)
{
    for (size_t i = 0; i < table->relation_count; i++) {
        const struct relation *relation = &table->relations[i];
        const uint64_t *row = map_find(rows, span_make(&relation->oid, sizeof(relation->oid)));

        if (!row)
            return table_changed(table, err);
        struct present present = present_read(result, (int)*row);
        if (present.root != table->oid || !relation_is_same(relation, &present))
            return table_changed(table, err);
    }
    return true;
}

static bool rows_index(const PGresult *result, struct map *rows, struct map *counts,
                       struct error *err)
{
    for (int row = 0; row < PQntuples(result); row++) {
        uint32_t oid = pg_cell_u32(result, row, RELATION_OID);
        uint32_t root = pg_cell_u32(result, row, RELATION_ROOT);
        bool is_new;

        if (!map_put(rows, span_make(&oid, sizeof(oid)), (uint64_t)row, &is_new))
            return error_memory(err);
        uint64_t *count = map_put(counts, span_make(&root, sizeof(root)), 0, &is_new);
        if (!count)
            return error_memory(err);
        *count += 1;
    }
    return true;
}

static bool tables_compare(const PGresult *result, const struct table *const *tables, size_t count,
                           struct error *err)
{
    AUTO(map) struct map *rows = map_new();
    AUTO(map) struct map *counts = map_new();

    if (!rows || !counts)
        return error_memory(err);
    if (!rows_index(result, rows, counts, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        const uint64_t *present =
            map_find(counts, span_make(&tables[i]->oid, sizeof(tables[i]->oid)));

        if ((present ? *present : 0) != tables[i]->relation_count)
            return table_changed(tables[i], err);
        if (!table_compare_present(tables[i], result, rows, err))
            return false;
    }
    return true;
}

static bool present_compare(struct pg_db *pg, struct db *fresh, const struct table *const *tables,
                            size_t count, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (fresh->info.started_us != pg->base.info.started_us ||
        strcmp(fresh->info.system, pg->base.info.system) != 0)
        return instance_differs(pg, err);
    return pg_read_relations(fresh, &result, err) && tables_compare(result, tables, count, err);
}

bool pg_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err)
{
    struct pg_db *pg = pg_of(db);
    struct db_config config = pg->config;
    struct db *fresh = NULL;

    if (count == 0)
        return true;
    if (!locks_take(pg, tables, count, err))
        return false;

    struct arena *arena = arena_new();
    if (!arena)
        return error_memory(err);
    config.is_further = true;
    bool is_same =
        db_open(&config, arena, &fresh, err) && present_compare(pg, fresh, tables, count, err);
    db_close(fresh);
    arena_free(arena);
    return is_same;
}
