/* Keeps the tables as the catalog says they are: a transaction that has touched a table holds its
 * definition until it ends. What was changed before that is found by a fresh look at the catalog;
 * what was changed after the snapshot but before the touch, the server itself refuses to read. */
#include "db/my_conn.h"

#define TOUCH_BATCH 50
#define CHANGED     1412 /* the server's word that a table is younger than the snapshot */

static bool table_changed(const struct table *table, struct error *err)
{
    error_set(err, STATUS_SOURCE, "table '%s' was changed between the snapshot and its lock",
              table->label);
    return error_hint(err, "start again when no ALTER TABLE or TRUNCATE is under way");
}

static bool table_is_read(const struct table *table)
{
    return table->class != TABLE_FOREIGN && !table->is_outside;
}

/* One row of each: only who reads one is told that the table is younger than the snapshot. */
static bool tables_touch(struct my_db *my, const struct table *const *tables, size_t count,
                         unsigned *code, struct error *err)
{
    struct buf sql;
    bool is_done = true;

    assert(my->is_leader && count > 0);
    *code = 0;
    buf_init(&sql, BUF_CEILING_MAX);
    for (size_t i = 0; i < count; i++) {
        if (!table_is_read(tables[i]))
            continue;
        buf_add_text(&sql, sql.len ? " UNION ALL (SELECT 1 FROM " : "(SELECT 1 FROM ");
        my_add_table(&sql, my, tables[i]);
        buf_add_text(&sql, " LIMIT 1)");
    }
    if (!buf_ok(&sql))
        is_done = error_memory(err);
    else if (sql.len > 0)
        is_done = my_attempt(&my->base, buf_text(&sql),
                             "holding tables against changes of their definition", code, err);
    buf_release(&sql);
    return is_done;
}

/* The server does not say which one it means. */
static bool tables_hold(struct my_db *my, const struct table *const *tables, size_t count,
                        struct error *err)
{
    unsigned code;

    if (tables_touch(my, tables, count, &code, err))
        return true;
    for (size_t i = 0; code == CHANGED && i < count; i++) {
        struct error ignored = {.status = STATUS_OK};
        unsigned own_code;

        if (!tables_touch(my, &tables[i], 1, &own_code, &ignored) && own_code == CHANGED)
            return table_changed(tables[i], err);
    }
    return false;
}

static bool relations_are_same(const struct table *table, const struct table *present)
{
    if (table->relation_count != present->relation_count)
        return false;
    for (size_t i = 0; i < table->relation_count; i++) {
        const char *before = table->relations[i].definition;
        const char *now = present->relations[i].definition;

        if (!before || !now || strcmp(before, now) != 0)
            return false;
    }
    return true;
}

static bool tables_compare(const struct catalog *present, const struct table *const *tables,
                           size_t count, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        bool is_ambiguous;
        const struct table *now =
            tables[i]->is_outside
                ? tables[i]
                : catalog_find_table(present, tables[i]->schema, tables[i]->name, &is_ambiguous);

        if (now != tables[i] && (!now || !relations_are_same(tables[i], now)))
            return table_changed(tables[i], err);
    }
    return true;
}

bool my_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err)
{
    struct my_db *my = my_of(db);
    struct db_config config = my->config;
    struct catalog *present = NULL;
    struct db *fresh = NULL;

    if (count == 0)
        return true;
    for (size_t i = 0; i < count; i += TOUCH_BATCH)
        if (!tables_hold(my, tables + i, count - i < TOUCH_BATCH ? count - i : TOUCH_BATCH, err))
            return false;

    struct arena *arena = arena_new();
    if (!arena)
        return error_memory(err);
    config.is_further = true;
    bool is_same = db_open(&config, arena, &fresh, err) && db_read_catalog(fresh, &present, err) &&
                   tables_compare(present, tables, count, err);
    if (present)
        catalog_free(present);
    db_close(fresh);
    arena_free(arena);
    return is_same;
}
