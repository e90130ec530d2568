/* The mark on a schema is a table of its own with one row. */
#include "stage/my_stage.h"

#include "base/clock.h"

static const char mark_columns[] = "id tinyint,mark longtext";

bool my_table_is_ours(struct db *db, const char *schema, const char *table, const char *columns,
                      bool *is_ours, struct error *err)
{
    struct my_result result = {.rows = NULL};

    assert(db && schema && table && columns);
    if (!my_ask(db, &result, err,
                "SELECT GROUP_CONCAT(c.COLUMN_NAME, ' ', c.DATA_TYPE, c.EXTRA"
                " ORDER BY c.ORDINAL_POSITION) = %t FROM information_schema.TABLES t"
                " JOIN information_schema.COLUMNS c ON c.TABLE_SCHEMA = t.TABLE_SCHEMA"
                " AND c.TABLE_NAME = t.TABLE_NAME WHERE t.TABLE_SCHEMA = %t AND t.TABLE_NAME = %t"
                " AND c.TABLE_SCHEMA = %t AND c.TABLE_NAME = %t"
                " AND t.TABLE_TYPE = 'BASE TABLE' AND t.ENGINE = 'InnoDB'",
                columns, schema, table, schema, table))
        return false;
    *is_ours = result.count > 0 && my_true(&result, 0, 0);
    my_result_release(&result);
    return true;
}

/* A swap's journal keeps the mark while the mark's own table has moved on. */
static bool mark_table(struct db *db, const char *schema, const char **table, struct error *err)
{
    bool is_ours;

    *table = MY_MARK_TABLE;
    if (!my_table_is_ours(db, schema, *table, mark_columns, &is_ours, err))
        return false;
    if (is_ours)
        return true;
    *table = MY_SWAP_TABLE;
    if (!my_table_is_ours(db, schema, *table, my_journal_columns, &is_ours, err))
        return false;
    if (!is_ours)
        *table = NULL;
    return true;
}

bool my_mark_find(struct db *db, const char *schema, struct arena *arena, const char **mark,
                  struct error *err)
{
    struct my_result result = {.rows = NULL};
    const char *table;
    bool is_there = true;

    assert(db && schema && arena);
    *mark = NULL;
    if (!mark_table(db, schema, &table, err))
        return false;
    if (!table)
        return true;
    if (!my_ask(db, &result, err, "SELECT mark FROM %n.%n WHERE id = 1", schema, table))
        return false;
    if (result.count > 0 && !(*mark = my_copy(arena, &result, 0, 0)))
        is_there = my_cell(&result, 0, 0).ptr == NULL || error_memory(err);
    my_result_release(&result);
    return is_there;
}

bool my_mark_set(struct db *db, const char *schema, const struct mark *mark, struct error *err)
{
    struct buf text;

    assert(db && schema && mark->run);
    buf_init(&text, 1 << 16);
    bool is_set = mark_write(mark, &text) && buf_ok(&text);
    if (!is_set)
        error_memory(err);
    is_set = is_set &&
             my_do(db, err,
                   "CREATE TABLE IF NOT EXISTS %n.%n (id TINYINT NOT NULL PRIMARY KEY,"
                   " mark LONGTEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL)"
                   " ENGINE = InnoDB",
                   schema, MY_MARK_TABLE) &&
             my_do(db, err,
                   "INSERT INTO %n.%n (id, mark) VALUES (1, %t) ON DUPLICATE KEY UPDATE mark = %t",
                   schema, MY_MARK_TABLE, buf_text(&text), buf_text(&text));
    buf_release(&text);
    return is_set;
}

bool my_stage_mark(struct stage *base, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);

    assert(base->database);
    stage->mark.finished_us = clock_now_us();
    if (!stage->is_created)
        stage->mark.state = MARK_CURRENT; /* mode empty: there is no swap */
    return my_mark_set(stage->admin, base->database, &stage->mark, err);
}
