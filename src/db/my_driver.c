/* MySQL's row of the driver table: opening, closing, canceling. */
#include "db/my_client.h"
#include "db/my_conn.h"
#include <sodium.h>
#include <stdio.h>

struct my_db *my_of(struct db *db)
{
    assert(db && db->driver == &driver_my);
    return (struct my_db *)db; /* base is its first member */
}

bool my_is_mariadb(const struct db *db)
{
    assert(db && db->driver == &driver_my);
    return db->info.is_mariadb;
}

bool my_is_since(const struct db *db, int mysql, int mariadb)
{
    int wanted = my_is_mariadb(db) ? mariadb : mysql;

    assert(mysql >= 0 && mariadb >= 0);
    return wanted > 0 && db->info.version_number >= wanted;
}

void my_add_table(struct buf *out, const struct my_db *my, const struct table *table)
{
    my_quote_table(out, my->base.info.database, table->name);
}

static void my_close(struct db *db)
{
    struct my_db *my = my_of(db);

    for (size_t i = 0; i < my->pool_count; i++)
        if (my->pool[i])
            my_close(&my->pool[i]->base);
    my_read_release(my->read);
    my_write_release(my->write);
    my_book_drop(my->book);
    if (my->connection)
        mysql_close(my->connection);
    if (my->password)
        sodium_free(my->password);
    arena_free(my->own);
    *my = (struct my_db){.base = {.driver = NULL}};
}

static bool my_open(const struct db_config *config, struct arena *arena, struct db **db,
                    struct error *err)
{
    struct my_db *my = ARENA_NEW(arena, struct my_db);

    if (!my)
        return error_memory(err);
    my->base.driver = &driver_my;
    my->base.side = config->side;
    my->base.info.engine = ENGINE_MYSQL;
    my->config = *config;
    atomic_init(&my->is_canceled, false);
    my->own = arena_new();
    if (!my->own)
        return error_memory(err);
    if (!my_book_new(&my->book, err) || !my_url_parse(config->url, arena, &my->url, err) ||
        !my_connect(my, arena, err) || !my_session_begin(my, arena, err)) {
        my_close(&my->base);
        return false;
    }
    *db = &my->base;
    return true;
}

/* The server is asked over a second session; where there is none to be had, the first one ends. */
static void my_cancel(struct db *db)
{
    struct my_db *my = my_of(db);
    char sql[64];

    atomic_store(&my->is_canceled, true);
    MYSQL *other = my_connect_again(my);
    (void)snprintf(sql, sizeof(sql), "KILL QUERY %lu", my->thread_number);
    if (!other || mysql_query(other, sql) != 0)
        my_client_halt(my->connection);
    if (other)
        mysql_close(other);
}

const struct db_driver driver_my = {
    .name = "mysql",
    .open = my_open,
    .close = my_close,
    .cancel = my_cancel,
    .snapshot_export = my_snapshot_export,
    .snapshot_reader = my_snapshot_reader,
    .read_catalog = my_read_catalog,
    .lock_tables = my_lock_tables,
    .find_denials = my_find_denials,
    .check_sql = my_check_sql,
    .address_range = my_address_range,
    .resolve = my_resolve,
    .memory = my_memory,
    .read_begin = my_read_begin,
    .read_next = my_read_next,
    .read_end = my_read_end,
    .count = my_count,
    .write_begin = my_write_begin,
    .write_rows = my_write_rows,
    .write_end = my_write_end,
    .analyze = my_analyze,
    .wide_expression = my_wide_expression,
};
