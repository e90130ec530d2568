/* SQL of the profile: put where it cannot leave its parentheses, and tried before anything runs. */
#include "base/words.h"
#include "config/sql_scan.h"
#include "config/sql_text.h"
#include "db/my_conn.h"
#include "db/my_select.h"
#include <errmsg.h>
#include <mysqld_error.h>
#include <stdlib.h>

bool my_add_fragment(struct buf *sql, const char *text, struct error *err)
{
    if (!sql_text_check(ENGINE_MYSQL, text, SQL_CONDITION, err))
        return false;
    buf_add_char(sql, '(');
    buf_add_text(sql, text);
    buf_add_text(sql, "\n)"); /* the line's end closes a comment */
    return true;
}

bool my_add_order(struct buf *sql, const char *text, struct error *err)
{
    if (!sql_text_check(ENGINE_MYSQL, text, SQL_ORDERING, err))
        return false;
    buf_add_text(sql, text);
    buf_add_char(sql, '\n');
    return true;
}

static bool check_add(struct buf *sql, const struct table *table, const char *fragment,
                      bool is_order, struct error *err)
{
    buf_add_text(sql, "SELECT 1 FROM ");
    my_add_from(sql, table);
    buf_add_text(sql, is_order ? " ORDER BY " : " WHERE ");
    return is_order ? my_add_order(sql, fragment, err) : my_add_fragment(sql, fragment, err);
}

/* Names and grammar are looked at before any row is, so that these messages speak of the profile's
 * own SQL alone; but that a right is missing is no mistake of the profile. */
static bool is_of_profile(MYSQL_STMT *statement)
{
    const unsigned number = mysql_stmt_errno(statement);

    return !my_number_is_denial(number) &&
           (strncmp(mysql_stmt_sqlstate(statement), "42", 2) == 0 ||
            number == ER_INVALID_GROUP_FUNC_USE || number == ER_WRONG_ARGUMENTS ||
            number == ER_CANT_AGGREGATE_2COLLATIONS || number == ER_CANT_AGGREGATE_NCOLLATIONS);
}

static bool check_error(struct my_db *my, MYSQL_STMT *statement, const char *kind,
                        struct error *err)
{
    if (!is_of_profile(statement)) {
        my_error_number(my_status(my), mysql_stmt_errno(statement), mysql_stmt_sqlstate(statement),
                        err);
        return error_context(err, "%s", kind);
    }

    struct arena *arena = arena_new();
    const char *printable = arena ? words_printable(arena, mysql_stmt_error(statement)) : NULL;
    error_set(err, STATUS_PROFILE, "%s", printable ? printable : "the SQL does not fit the schema");
    error_context(err, "%s", kind);
    arena_free(arena);
    return false;
}

/* A statement that is prepared is resolved in full and reads no row; EXPLAIN may run subqueries. */
static bool check_run(struct my_db *my, const struct buf *sql, const char *kind, struct error *err)
{
    MYSQL_STMT *statement = mysql_stmt_init(my->connection);

    if (!statement)
        return error_memory(err);
    bool is_fine = mysql_stmt_prepare(statement, sql->ptr, (unsigned long)sql->len) == 0 ||
                   check_error(my, statement, kind, err);
    mysql_stmt_close(statement);
    return is_fine;
}

bool my_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err)
{
    struct my_db *my = my_of(db);
    bool is_order = strcmp(kind, "order") == 0;
    struct buf sql;

    assert(my->state == MY_IDLE);
    assert(is_order || !strcmp(kind, "where") || !strcmp(kind, "when"));
    buf_init(&sql, BUF_CEILING_MAX);
    bool is_fine = true;
    if (!check_add(&sql, table, fragment, is_order, err))
        is_fine = error_context(err, "%s", kind);
    is_fine = is_fine && (buf_ok(&sql) || error_memory(err)) && check_run(my, &sql, kind, err);
    buf_release(&sql);
    return is_fine;
}

static bool count_add(struct buf *sql, const struct table *table, const char *where, int64_t most,
                      struct error *err)
{
    buf_add_text(sql, "SELECT COUNT(*) FROM (SELECT 1 FROM ");
    my_add_from(sql, table);
    if (where) {
        buf_add_text(sql, " WHERE ");
        if (!my_add_fragment(sql, where, err))
            return false;
    }
    if (most > 0)
        buf_add_format(sql, " LIMIT %lld", (long long)most);
    buf_add_text(sql, ") AS `understudy rows`");
    return buf_ok(sql) || error_memory(err);
}

bool my_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err)
{
    struct my_result result = {0};
    struct buf sql;

    buf_init(&sql, BUF_CEILING_MAX);
    bool is_counted =
        count_add(&sql, table, where, most, err) && my_query(db, buf_text(&sql), &result, err);
    if (is_counted)
        *count = my_integer(&result, 0, 0);
    buf_release(&sql);
    my_result_release(&result);
    if (!is_counted)
        return error_context(err, "counting table '%s'", table->label);
    assert(*count >= 0 && (most == 0 || *count <= most));
    return true;
}
