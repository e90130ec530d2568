#include "support/fake_driver.h"

static struct fake_db *fake_of(struct db *db)
{
    assert(db->driver == &driver_fake);
    return (struct fake_db *)db;
}

/* Counts the call; false when the script wants it to fail. */
static bool fake_call(struct db *db, enum fake_call call, struct error *err)
{
    struct fake_db *fake = fake_of(db);
    unsigned number = fake->calls[call]++;

    if (fake->is_canceled)
        return error_set(err, STATUS_INTERRUPTED, "interrupted");
    for (size_t i = 0; i < fake->script->fault_count; i++) {
        const struct fake_fault *fault = &fake->script->faults[i];

        if (fault->call == call && number >= fault->after)
            return error_set(err, fault->status, "a planted fault");
    }
    return true;
}

static void fake_close(struct db *db)
{
    UNUSED(db);
}

static void fake_cancel(struct db *db)
{
    fake_of(db)->is_canceled = true;
}

static bool fake_snapshot_export(struct db *db, unsigned readers, struct arena *arena,
                                 const char **token, struct error *err)
{
    UNUSED(readers);
    *token = arena_strdup(arena, "fake");
    return fake_call(db, FAKE_SNAPSHOT_EXPORT, err);
}

static bool fake_snapshot_reader(struct db *leader, const struct db_config *config,
                                 const char *token, struct arena *arena, struct db **reader,
                                 struct error *err)
{
    assert(strcmp(token, "fake") == 0);
    UNUSED(config);
    UNUSED(arena);
    *reader = leader;
    return fake_call(leader, FAKE_SNAPSHOT_READER, err);
}

static bool fake_read_catalog(struct db *db, struct catalog **catalog, struct error *err)
{
    *catalog = fake_of(db)->script->catalog;
    return fake_call(db, FAKE_READ_CATALOG, err);
}

static bool fake_lock_tables(struct db *db, const struct table *const *tables, size_t count,
                             struct error *err)
{
    assert(tables || count == 0);
    return fake_call(db, FAKE_LOCK_TABLES, err);
}

static bool fake_find_denials(struct db *db, const struct table *const *tables, size_t count,
                              struct denial_list *denials, struct error *err)
{
    UNUSED(db);
    UNUSED(err);
    assert(tables || count == 0);
    denials->count = 0;
    return true;
}

static bool fake_check_sql(struct db *db, const struct table *table, const char *fragment,
                           const char *kind, struct error *err)
{
    assert(table && fragment && kind);
    return fake_call(db, FAKE_CHECK_SQL, err);
}

static const struct fake_rows *rows_of(const struct fake_db *fake, const struct table *table)
{
    for (size_t i = 0; i < fake->script->table_count; i++) {
        if (fake->script->tables[i].table == table)
            return &fake->script->tables[i];
    }
    return NULL;
}

static bool fake_read_begin(struct db *db, const struct read *read, struct error *err)
{
    struct fake_db *fake = fake_of(db);

    fake->reading = rows_of(fake, read->table);
    fake->position = 0;
    fake->columns = (uint32_t)read->field_count;
    fake->codec = read->codec;
    return fake_call(db, FAKE_READ_BEGIN, err);
}

static bool fake_read_next(struct db *db, struct batch *batch, bool *more, struct error *err)
{
    struct fake_db *fake = fake_of(db);
    size_t count = fake->reading ? fake->reading->count : 0;

    if (!fake_call(db, FAKE_READ_NEXT, err))
        return false;
    batch_reset(batch, fake->columns);
    while (batch->rows < batch->capacity && fake->position < count) {
        uint32_t at = batch->rows++;

        batch->row[at] = fake->reading->rows[fake->position];
        batch->relations[at] = 0;
        batch->addresses[at] = fake->position++;
        batch->totals[at] = (int64_t)count;
        if (!fake->codec->split(batch->row[at], &batch->cells[(size_t)at * fake->columns],
                                fake->columns, err))
            return false;
    }
    *more = fake->position < count;
    return true;
}

static bool fake_read_end(struct db *db, struct error *err)
{
    UNUSED(err);
    fake_of(db)->reading = NULL;
    return true;
}

static bool fake_count(struct db *db, const struct table *table, const char *where, int64_t most,
                       int64_t *count, struct error *err)
{
    const struct fake_rows *rows = rows_of(fake_of(db), table);

    UNUSED(where);
    *count = rows ? (int64_t)rows->count : 0;
    if (most > 0 && *count > most)
        *count = most;
    return fake_call(db, FAKE_COUNT, err);
}

static bool fake_write_begin(struct db *db, const struct table *table,
                             const struct column *const *columns, size_t count,
                             const struct codec *codec, struct error *err)
{
    assert(table && columns && count > 0);
    fake_of(db)->codec = codec;
    return fake_call(db, FAKE_WRITE_BEGIN, err);
}

static bool fake_write_rows(struct db *db, struct span rows, struct error *err)
{
    struct fake_db *fake = fake_of(db);

    buf_add(&fake->written, rows.ptr, rows.len);
    fake->written_rows++; /* of calls; only a codec could count rows */
    return fake_call(db, FAKE_WRITE_ROWS, err);
}

static bool fake_write_end(struct db *db, int64_t *rows, struct error *err)
{
    *rows = fake_of(db)->written_rows;
    return fake_call(db, FAKE_WRITE_END, err);
}

void fake_init(struct fake_db *fake, enum db_side side, const struct fake_script *script)
{
    *fake = (struct fake_db){.db = {.driver = &driver_fake, .side = side}, .script = script};
    buf_init(&fake->written, BUF_CEILING_MAX);
}

void fake_release(struct fake_db *fake)
{
    buf_release(&fake->written);
}

const struct db_driver driver_fake = {
    .name = "fake",
    .close = fake_close,
    .cancel = fake_cancel,
    .snapshot_export = fake_snapshot_export,
    .snapshot_reader = fake_snapshot_reader,
    .read_catalog = fake_read_catalog,
    .lock_tables = fake_lock_tables,
    .find_denials = fake_find_denials,
    .check_sql = fake_check_sql,
    .read_begin = fake_read_begin,
    .read_next = fake_read_next,
    .read_end = fake_read_end,
    .count = fake_count,
    .write_begin = fake_write_begin,
    .write_rows = fake_write_rows,
    .write_end = fake_write_end,
};
