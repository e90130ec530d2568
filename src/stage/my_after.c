/* The profile's own SQL behind the load: each statement one message, in a session of its own, so
 * that nothing it sets lasts. */
#include "stage/my_stage.h"

#include "base/words.h"
#include <string.h>

/* A statement that does not parse, or names what is not there. Told before it runs, the server's
 * message speaks of the profile's own SQL: what runs may raise anything, cell values in it. */
static bool is_about_sql(unsigned code)
{
    static const unsigned codes[] = {1049, 1051, 1052, 1054, 1064, 1109, 1136, 1146, 1305};

    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        if (code == codes[i])
            return true;
    }
    return false;
}

static bool statement_check(struct my_stage *stage, struct db *db, const char *sql,
                            struct error *err)
{
    MYSQL_STMT *prepared = mysql_stmt_init(my_connection(db));
    const char *shown = NULL;

    if (!prepared)
        return error_memory(err);
    unsigned code = mysql_stmt_prepare(prepared, sql, (unsigned long)strlen(sql)) == 0
                        ? 0
                        : mysql_stmt_errno(prepared);
    if (is_about_sql(code))
        shown = words_printable(stage->base.arena, mysql_stmt_error(prepared));
    shown = shown ? arena_strdup(stage->base.arena, shown) : NULL;
    mysql_stmt_close(prepared);
    if (!is_about_sql(code))
        return true; /* what else is wrong comes up when it runs; some cannot be prepared */
    return shown ? error_set(err, STATUS_TARGET, "%s (error %u)", shown, code) : error_memory(err);
}

/* Takes all results of it: CALL has several. */
static bool results_take(struct db *db, struct error *err)
{
    MYSQL *connection = my_connection(db);
    int next;

    do {
        mysql_free_result(mysql_store_result(connection));
        next = mysql_next_result(connection);
    } while (next == 0);
    return next < 0 || my_error(db, "SQL", err);
}

static bool statement_run(struct my_stage *stage, struct db *db, const char *sql, struct error *err)
{
    struct my_result result = {.rows = NULL};
    unsigned code = 0;

    assert(sql);
    if (!statement_check(stage, db, sql, err) || !my_attempt(db, sql, "SQL", &code, err) ||
        !results_take(db, err))
        return false;
    if (!my_query(db, "SELECT @@autocommit", &result, err))
        return false;
    bool is_open =
        (my_connection(db)->server_status & SERVER_STATUS_IN_TRANS) != 0 || !my_true(&result, 0, 0);
    my_result_release(&result);
    if (!is_open)
        return true;
    error_set(err, STATUS_TARGET, "the statement leaves a transaction open");
    return error_hint(err, "each statement of after_load is a transaction of its own");
}

bool my_stage_after_load(struct stage *base, struct error *err)
{
    struct my_stage *stage = my_stage_of(base);
    const struct profile *profile = base->request.profile;
    struct db *db;

    assert(base->database);
    my_stage_leave(stage);
    if (!my_stage_filling(stage, &db, err) || !my_run(db, "SET foreign_key_checks = 1", err))
        return false;
    for (size_t i = 0; i < profile->after_load_count; i++) {
        const struct profile_statement *statement = &profile->after_load[i];

        if (my_stage_is_cancelled(stage))
            return error_set(err, STATUS_INTERRUPTED, "interrupted");
        if (!statement_run(stage, db, statement->sql, err))
            return error_context(err, "after_load: %s", statement->place);
    }
    my_stage_leave(stage);
    return true;
}
