/* The mark on a schema is a table of its own with one row. */
#include "stage/my_stage.h"

#include "base/clock.h"

bool my_mark_find(struct db *db, const char *schema, struct arena *arena, const char **mark,
                  struct error *err)
{
    struct my_result result = {.rows = NULL};

    assert(db && schema && arena);
    *mark = NULL;
    /* A table of that name that is not ours has other columns. */
    if (!my_ask(db, &result, err,
                "SELECT TABLE_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = %t"
                " AND TABLE_NAME IN (%t, %t) AND COLUMN_NAME = 'mark'"
                " ORDER BY TABLE_NAME = %t DESC",
                schema, MY_MARK_TABLE, MY_SWAP_TABLE, MY_MARK_TABLE))
        return false;
    const char *table = result.count > 0 ? my_copy(arena, &result, 0, 0) : NULL;
    bool is_there = result.count > 0;
    my_result_release(&result);
    if (!is_there)
        return true;
    if (!table)
        return error_memory(err);
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
