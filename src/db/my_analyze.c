/* Statistics of a loaded table. */
#include "db/my_conn.h"

/* ANALYZE says in rows of its result what went wrong; a warning is not an error there. */
static bool answer_check(struct my_db *my, struct my_result *result, const struct table *table,
                         struct error *err)
{
    for (size_t row = 0; row < result->count; row++) {
        const char *type = my_text(result, row, 2);

        if (type && strcasecmp(type, "error") == 0)
            return error_set(err, my_status(my), "the statistics of table '%s' cannot be gathered",
                             table->label);
    }
    return true;
}

/* Another server's replicas gather their own: where the right is there, it is not logged. */
bool my_analyze(struct db *db, const struct table *table, struct error *err)
{
    struct my_db *my = my_of(db);
    struct my_result result = {.rows = NULL};
    struct buf sql;

    assert(my->state == MY_IDLE);
    buf_init(&sql, BUF_CEILING_MAX);
    buf_add_text(&sql, "ANALYZE NO_WRITE_TO_BINLOG TABLE ");
    my_add_table(&sql, my, table);
    bool is_done = buf_ok(&sql) ? my_query(db, buf_text(&sql), &result, err) : error_memory(err);
    buf_release(&sql);
    is_done = is_done && answer_check(my, &result, table, err);
    my_result_release(&result);
    return is_done;
}
