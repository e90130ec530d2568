/* The profile's own SQL behind the load: each statement one message of the extended protocol, in a
 * session of its own, so that nothing it sets lasts. */
#include "stage/pg_stage.h"

#include "base/words.h"
#include <string.h>

/* While it is parsed, class 42 speaks of the profile's own SQL: the one message that may be shown.
 * What runs may raise anything, cell values in it. */
static bool parse_error(struct pg_stage *stage, struct db *db, const PGresult *result,
                        struct error *err)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *shown = NULL;

    (void)pg_error(db, result, "SQL", err);
    if (err->status == STATUS_INTERRUPTED || !sqlstate || !message ||
        strncmp(sqlstate, "42", 2) != 0 || strcmp(sqlstate, "42501") == 0)
        return false;
    shown = words_printable(stage->base.arena, message);
    if (!shown)
        return error_memory(err);
    return error_set(err, STATUS_TARGET, "%s (SQLSTATE %s)", shown, sqlstate);
}

static bool statement_run(struct pg_stage *stage, struct db *db, const char *sql, struct error *err)
{
    PGconn *connection = pg_connection(db);
    AUTO(PGresult) PGresult *parsed = PQprepare(connection, "", sql, 0, NULL);
    AUTO(PGresult) PGresult *result = NULL;
    ExecStatusType status;

    if (PQresultStatus(parsed) != PGRES_COMMAND_OK)
        return parse_error(stage, db, parsed, err);
    result = PQexecPrepared(connection, "", 0, NULL, NULL, NULL, 0);
    status = PQresultStatus(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
        return error_set(err, STATUS_TARGET, "COPY from or to the client has nobody to talk to");
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY)
        return pg_error(db, result, "SQL", err);
    if (PQtransactionStatus(connection) == PQTRANS_IDLE)
        return true;
    error_set(err, STATUS_TARGET, "the statement leaves a transaction open");
    return error_hint(err, "each statement of after_load is a transaction of its own");
}

bool pg_stage_after_load(struct stage *base, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    const struct profile *profile = base->request.profile;
    const char *const path[] = {base->request.catalog->search_path};
    AUTO(PGresult) PGresult *set = NULL;
    struct db *db;

    pg_stage_leave(stage);
    if (!pg_stage_filling(stage, &db, err) ||
        !pg_query(db, "SELECT pg_catalog.set_config('search_path', $1, false)", 1, path, &set, err))
        return false;
    for (size_t i = 0; i < profile->after_load_count; i++) {
        const struct profile_statement *statement = &profile->after_load[i];

        if (pg_stage_is_cancelled(stage))
            return error_set(err, STATUS_INTERRUPTED, "interrupted");
        if (!statement_run(stage, db, statement->sql, err))
            return error_context(err, "after_load: %s", statement->place);
    }
    pg_stage_leave(stage);
    return true;
}
