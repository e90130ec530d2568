/* Small statements and their results, held in memory. */
#include "db/my_conn.h"
#include <stdlib.h>
#include <strings.h>

#define NO_ROW SIZE_MAX

MYSQL *my_connection(struct db *db)
{
    return my_of(db)->connection;
}

void my_result_release(struct my_result *result)
{
    if (result->rows)
        mysql_free_result(result->rows);
    *result = (struct my_result){.rows = NULL};
}

/* After a cancel that met no statement under way, the next one must not run. */
static bool statement_send(struct my_db *my, const char *sql)
{
    return !atomic_load(&my->is_canceled) &&
           mysql_real_query(my->connection, sql, (unsigned long)strlen(sql)) == 0;
}

static bool result_take(struct my_db *my, struct my_result *result)
{
    result->rows = mysql_store_result(my->connection);
    if (!result->rows)
        return mysql_field_count(my->connection) == 0;
    result->count = (size_t)mysql_num_rows(result->rows);
    result->columns = mysql_num_fields(result->rows);
    result->at = NO_ROW;
    return true;
}

bool my_query(struct db *db, const char *sql, struct my_result *result, struct error *err)
{
    struct my_db *my = my_of(db);

    assert(my->state == MY_IDLE && sql && result);
    my_result_release(result);
    if (statement_send(my, sql) && result_take(my, result))
        return true;
    return my_error(db, "a statement failed", err);
}

bool my_query_row(struct db *db, const char *sql, unsigned columns, struct my_result *result,
                  struct error *err)
{
    if (!my_query(db, sql, result, err))
        return false;
    if (result->count == 1 && result->columns == columns)
        return true;
    my_result_release(result);
    return error_set(err, my_status(my_of(db)), "the server gave an answer that makes no sense");
}

bool my_run(struct db *db, const char *sql, struct error *err)
{
    struct my_result result = {.rows = NULL};
    bool is_done = my_query(db, sql, &result, err);

    my_result_release(&result);
    return is_done;
}

bool my_attempt(struct db *db, const char *sql, const char *what, unsigned *code, struct error *err)
{
    struct my_db *my = my_of(db);
    struct my_result result = {.rows = NULL};

    assert(my->state == MY_IDLE && sql && what && code);
    *code = 0;
    if (statement_send(my, sql) && result_take(my, &result)) {
        my_result_release(&result);
        return true;
    }
    *code = my_number_is_loss(mysql_errno(my->connection)) ? 0 : mysql_errno(my->connection);
    return my_error(db, what, err);
}

struct span my_cell(struct my_result *result, size_t row, unsigned column)
{
    assert(result->rows && row < result->count && column < result->columns);
    if (result->at != row) {
        if (result->at == NO_ROW || result->at + 1 != row)
            mysql_data_seek(result->rows, row);
        result->row = mysql_fetch_row(result->rows);
        result->lengths = mysql_fetch_lengths(result->rows);
        result->at = row;
    }
    if (!result->row[column])
        return (struct span){.ptr = NULL};
    return span_make(result->row[column], result->lengths[column]);
}

const char *my_text(struct my_result *result, size_t row, unsigned column)
{
    return my_cell(result, row, column).ptr; /* the library ends every cell with a NUL */
}

int64_t my_integer(struct my_result *result, size_t row, unsigned column)
{
    const char *text = my_text(result, row, column);

    return text ? strtoll(text, NULL, 10) : 0;
}

bool my_true(struct my_result *result, size_t row, unsigned column)
{
    const char *text = my_text(result, row, column);

    return text &&
           (strcmp(text, "1") == 0 || strcasecmp(text, "YES") == 0 || strcasecmp(text, "ON") == 0);
}

const char *my_copy(struct arena *arena, struct my_result *result, size_t row, unsigned column)
{
    const char *text = my_text(result, row, column);

    return text ? arena_strdup(arena, text) : NULL;
}
