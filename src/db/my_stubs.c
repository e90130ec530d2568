/* Functions of the contract that MySQL does not have yet. */
#include "db/my_conn.h"

static bool error_missing(struct error *err)
{
    return error_set(err, STATUS_BUG, "this part of MySQL is not there yet");
}

bool my_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                    struct error *err)
{
    UNUSED(db);
    UNUSED(tables);
    UNUSED(count);
    return error_missing(err);
}

bool my_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err)
{
    UNUSED(db);
    UNUSED(table);
    UNUSED(columns);
    UNUSED(count);
    UNUSED(codec);
    return error_missing(err);
}

bool my_write_rows(struct db *db, struct span rows, struct error *err)
{
    UNUSED(db);
    UNUSED(rows);
    return error_missing(err);
}

bool my_write_end(struct db *db, int64_t *rows, struct error *err)
{
    UNUSED(db);
    UNUSED(rows);
    return error_missing(err);
}

void my_write_release(struct my_write *write)
{
    UNUSED(write);
}
