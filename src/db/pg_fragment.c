/* SQL of the profile: put where it cannot leave its parentheses, and tried before anything runs. */
#include "base/words.h"
#include "config/sql_text.h"
#include "db/pg_conn.h"
#include <stdlib.h>

bool pg_add_fragment(struct buf *sql, const char *text, struct error *err)
{
    if (!sql_text_check(ENGINE_POSTGRESQL, text, SQL_CONDITION, err))
        return false;
    buf_add_char(sql, '(');
    buf_add_text(sql, text);
    buf_add_text(sql, "\n)"); /* the line's end closes a comment */
    return true;
}

bool pg_add_order(struct buf *sql, const char *text, struct error *err)
{
    if (!sql_text_check(ENGINE_POSTGRESQL, text, SQL_ORDERING, err))
        return false;
    buf_add_text(sql, text);
    buf_add_char(sql, '\n');
    return true;
}

static bool check_add(struct buf *sql, const struct table *table, const char *fragment,
                      bool is_order, struct error *err)
{
    buf_add_text(sql, "EXPLAIN SELECT 1 FROM ");
    pg_add_from(sql, table, NULL);
    buf_add_text(sql, is_order ? " ORDER BY " : " WHERE ");
    return is_order ? pg_add_order(sql, fragment, err) : pg_add_fragment(sql, fragment, err);
}

/* While it is parsed, class 42 speaks of the profile's own SQL: the one message that may be shown;
 * but that a right is missing is no mistake of the profile. Planning runs functions, whose messages
 * may hold cell values under any class. */
static bool check_error(struct pg_db *pg, const PGresult *result, const char *kind,
                        struct error *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);

    if (!sqlstate || !message || strncmp(sqlstate, "42", 2) != 0 || strcmp(sqlstate, "42501") == 0)
        return pg_error(&pg->base, result, kind, err);

    struct arena *arena = arena_new();
    const char *printable = arena ? words_printable(arena, message) : NULL;
    error_set(err, STATUS_PROFILE, "%s", printable ? printable : "the SQL does not fit the schema");
    error_context(err, "%s", kind);
    arena_free(arena);
    return false;
}

/* Plans what was parsed. */
static bool check_plan(struct pg_db *pg, const char *kind, struct error *err)
{
    AUTO(PGresult)
    PGresult *planned = PQexecPrepared(pg->connection, "", 0, NULL, NULL, NULL, 0);

    if (PQresultStatus(planned) == PGRES_TUPLES_OK)
        return true;
    return pg_error(&pg->base, planned, kind, err);
}

/* Sends the EXPLAIN inside a savepoint where there is a transaction, so that a mistake of the
 * profile costs no snapshot. */
static bool check_run(struct pg_db *pg, const char *sql, const char *kind, struct error *err)
{
    bool in_transaction = PQtransactionStatus(pg->connection) == PQTRANS_INTRANS;

    if (in_transaction && !pg_run(&pg->base, "SAVEPOINT understudy_check", err))
        return false;

    AUTO(PGresult) PGresult *parsed = PQprepare(pg->connection, "", sql, 0, NULL);
    bool is_fine = PQresultStatus(parsed) == PGRES_COMMAND_OK ? check_plan(pg, kind, err)
                                                              : check_error(pg, parsed, kind, err);
    if (PQstatus(pg->connection) != CONNECTION_OK)
        return false;

    struct error undoing = {0};
    if (in_transaction && (!pg_run(&pg->base, "ROLLBACK TO SAVEPOINT understudy_check", &undoing) ||
                           !pg_run(&pg->base, "RELEASE SAVEPOINT understudy_check", &undoing))) {
        *err = undoing;
        return false;
    }
    return is_fine;
}

bool pg_check_sql(struct db *db, const struct table *table, const char *fragment, const char *kind,
                  struct error *err)
{
    struct pg_db *pg = pg_of(db);
    bool is_order = strcmp(kind, "order") == 0;
    struct buf sql;

    assert(is_order || !strcmp(kind, "where") || !strcmp(kind, "when"));
    buf_init(&sql, BUF_CEILING_MAX);
    if (!check_add(&sql, table, fragment, is_order, err)) {
        buf_release(&sql);
        return error_context(err, "%s", kind);
    }
    bool is_ready = buf_ok(&sql) ? pg_search_path(pg, true, err) : error_memory(err);
    bool is_fine = is_ready && check_run(pg, buf_text(&sql), kind, err);
    buf_release(&sql);
    if (!is_ready || PQstatus(pg->connection) != CONNECTION_OK)
        return false;

    struct error undoing = {0};
    if (!pg_search_path(pg, false, &undoing)) {
        *err = undoing;
        return false;
    }
    return is_fine;
}

static bool count_add(struct buf *sql, const struct table *table, const char *where, int64_t most,
                      struct error *err)
{
    buf_add_text(sql, "SELECT pg_catalog.count(*) FROM (SELECT 1 FROM ");
    pg_add_from(sql, table, NULL);
    if (where) {
        buf_add_text(sql, " WHERE ");
        if (!pg_add_fragment(sql, where, err))
            return false;
    }
    if (most > 0)
        buf_add_format(sql, " LIMIT %lld", (long long)most);
    buf_add_text(sql, ") AS \"understudy rows\"");
    return buf_ok(sql) ? true : error_memory(err);
}

bool pg_count(struct db *db, const struct table *table, const char *where, int64_t most,
              int64_t *count, struct error *err)
{
    struct pg_db *pg = pg_of(db);
    AUTO(PGresult) PGresult *result = NULL;
    struct buf sql;

    buf_init(&sql, BUF_CEILING_MAX);
    bool is_counted = count_add(&sql, table, where, most, err) &&
                      (!where || pg_search_path(pg, true, err)) &&
                      pg_query(db, buf_text(&sql), 0, NULL, &result, err) &&
                      (!where || pg_search_path(pg, false, err));
    buf_release(&sql);
    if (!is_counted)
        return error_context(err, "counting table '%s'", table->label);
    *count = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
    assert(*count >= 0 && (most == 0 || *count <= most));
    return true;
}
