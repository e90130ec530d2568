/* The driver contract's front: finds the engine, keeps misuse out, passes on. */
#include "db/driver.h"

static const struct db_driver *driver_of(enum engine engine)
{
    return engine == ENGINE_MYSQL ? &driver_my : &driver_pg;
}

bool db_open(const struct db_config *config, struct arena *arena, struct db **db, struct error *err)
{
    const struct db_driver *driver = driver_of(config->engine);

    assert(config->url && arena && db && err);
    *db = NULL;
    return driver->open(config, arena, db, err);
}

void db_close(struct db *db)
{
    if (db)
        db->driver->close(db);
}

void db_cancel(struct db *db)
{
    assert(db);
    db->driver->cancel(db);
}

const struct db_info *db_info(const struct db *db)
{
    assert(db);
    return &db->info;
}

bool db_snapshot_export(struct db *leader, unsigned readers, struct arena *arena,
                        const char **token, struct error *err)
{
    assert(leader && arena && token);
    return leader->driver->snapshot_export(leader, readers, arena, token, err);
}

bool db_snapshot_reader(struct db *leader, const struct db_config *config, const char *token,
                        struct arena *arena, struct db **reader, struct error *err)
{
    assert(leader && config && token && arena && reader);
    assert(leader->info.snapshot_readers > 0);
    *reader = NULL;
    return leader->driver->snapshot_reader(leader, config, token, arena, reader, err);
}

bool db_read_catalog(struct db *db, struct catalog **catalog, struct error *err)
{
    assert(db && catalog);
    *catalog = NULL;
    return db->driver->read_catalog(db, catalog, err);
}

bool db_lock_tables(struct db *leader, const struct table *const *tables, size_t count,
                    struct error *err)
{
    assert(leader && (tables || count == 0));
    return leader->driver->lock_tables(leader, tables, count, err);
}

bool db_find_denials(struct db *db, const struct table *const *tables, size_t count,
                     struct denial_list *denials, struct error *err)
{
    assert(db && denials && denials->arena && (tables || count == 0));
    denials->count = 0;
    return db->driver->find_denials(db, tables, count, denials, err);
}

bool db_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err)
{
    assert(db && table && fragment && kind);
    return db->driver->check_sql(db, table, fragment, kind, err);
}

static void read_assert(const struct read *read)
{
    assert(read->table && read->codec && read->fields && read->field_count > 0);
    assert(!read->relation || read->relation == &read->table->relations[read->relation->index]);
    assert(read->relation || (read->by != READ_BY_ADDRESS && read->by != READ_BY_RANGE));
    assert(read->by != READ_BY_KEY || (read->keys && (read->key_columns || read->key_expression)));
    assert(read->by == READ_BY_KEY || (read->limit == 0 && !read->with_total));
    assert(!read->with_total || read->limit > 0);
    assert(!read->key_is_array || read->keys->column_count == 1);
    UNUSED(read);
}

bool db_address_range(struct db *db, const struct table *table, const struct relation *relation,
                      struct address_range *range, struct error *err)
{
    assert(db && table && relation && range);
    *range = (struct address_range){.is_divisible = false, .step = 1};
    return db->driver->address_range(db, table, relation, range, err);
}

uint64_t address_range_steps(const struct address_range *range)
{
    const uint64_t addresses = range->high - range->low;

    assert(range->high >= range->low && range->step > 0);
    return addresses / range->step + (addresses % range->step != 0);
}

uint64_t address_range_at(const struct address_range *range, uint64_t step)
{
    return step >= address_range_steps(range) ? range->high : range->low + step * range->step;
}

bool db_resolve(struct db *db, const struct table *table, const struct relation *relation,
                const struct bitmap *addresses, struct error *err)
{
    assert(db && table && relation && addresses);
    return relation->address_class != ADDRESS_KEY ||
           db->driver->resolve(db, table, relation, addresses, err);
}

size_t db_memory(const struct db *db)
{
    assert(db);
    return db->driver->memory ? db->driver->memory(db) : 0;
}

bool db_read_begin(struct db *db, const struct read *read, struct error *err)
{
    assert(db && read);
    read_assert(read);
    return db->driver->read_begin(db, read, err);
}

bool db_read_next(struct db *db, struct batch *batch, bool *more, struct error *err)
{
    assert(db && batch && batch->capacity > 0 && more);
    return db->driver->read_next(db, batch, more, err);
}

bool db_read_end(struct db *db, struct error *err)
{
    assert(db);
    return db->driver->read_end(db, err);
}

bool db_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err)
{
    assert(db && table && count && most >= 0);
    return db->driver->count(db, table, where, most, count, err);
}

bool db_write_begin(struct db *db, const struct table *table, const struct column *const *columns,
                    size_t count, const struct codec *codec, struct error *err)
{
    assert(db && table && columns && count > 0 && codec);
    assert(db->side == DB_TARGET);
    return db->driver->write_begin(db, table, columns, count, codec, err);
}

bool db_write_rows(struct db *db, struct span rows, struct error *err)
{
    assert(db && rows.ptr);
    return db->driver->write_rows(db, rows, err);
}

bool db_write_end(struct db *db, int64_t *rows, struct error *err)
{
    assert(db && rows);
    return db->driver->write_end(db, rows, err);
}

bool db_analyze(struct db *db, const struct table *table, struct error *err)
{
    assert(db && table);
    assert(db->side == DB_TARGET);
    return db->driver->analyze(db, table, err);
}

bool db_wide_expression(const struct db *db, const struct column *column, struct arena *arena,
                        const char **expression, struct error *err)
{
    assert(db && column && arena && expression);
    return db->driver->wide_expression(column, arena, expression, err);
}
