/* Statements kept for later, and the small change of talking to PostgreSQL. */
#include "base/words.h"
#include "stage/pg_stage.h"

#include <stdlib.h>
#include <string.h>

bool pg_script_add(struct pg_script *script, struct arena *arena, struct pg_step step,
                   struct error *err)
{
    struct pg_step *grown =
        arena_grow(arena, script->steps, script->count, &script->capacity, sizeof(*script->steps));

    if (!grown || !step.sql || !step.object)
        return error_memory(err);
    script->steps = grown;
    script->steps[script->count++] = step;
    return true;
}

bool pg_script_add_rows(struct pg_script *script, struct arena *arena, const PGresult *result,
                        struct error *err)
{
    assert(PQnfields(result) >= 2);
    for (int row = 0; row < PQntuples(result); row++) {
        struct pg_step step = {.sql = pg_text(arena, result, row, 0),
                               .object = words_printable(arena, PQgetvalue(result, row, 1))};

        /* words_printable may hand its argument back, which belongs to the result. */
        step.object = step.object ? arena_strdup(arena, step.object) : NULL;
        if (!pg_script_add(script, arena, step, err))
            return false;
    }
    return true;
}

bool pg_attempt(struct db *db, const char *sql, const char *what, char sqlstate[6],
                struct error *err)
{
    AUTO(PGresult) PGresult *result = PQexec(pg_connection(db), sql);
    ExecStatusType status = PQresultStatus(result);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    sqlstate[0] = '\0';
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK)
        return true;
    if (state && strlen(state) == 5)
        memcpy(sqlstate, state, 6);
    return pg_error(db, sqlstate[0] ? result : NULL, what, err);
}

void pg_array_add(struct buf *array, const char *element)
{
    buf_add_char(array, array->len == 0 ? '{' : ',');
    buf_add_char(array, '"');
    for (; *element; element++) {
        if (*element == '"' || *element == '\\')
            buf_add_char(array, '\\');
        buf_add_char(array, *element);
    }
    buf_add_char(array, '"');
}

const char *pg_array_end(struct buf *array, struct arena *arena)
{
    const char *literal;

    if (array->len == 0)
        buf_add_char(array, '{');
    buf_add_char(array, '}');
    literal = buf_ok(array) ? arena_strndup(arena, array->ptr, array->len) : NULL;
    buf_release(array);
    return literal;
}

uint32_t pg_number(const PGresult *result, int row, int column)
{
    return (uint32_t)strtoul(PQgetvalue(result, row, column), NULL, 10);
}

bool pg_true(const PGresult *result, int row, int column)
{
    return PQgetvalue(result, row, column)[0] == 't';
}

const char *pg_text(struct arena *arena, const PGresult *result, int row, int column)
{
    if (PQgetisnull(result, row, column))
        return NULL;
    return arena_strdup(arena, PQgetvalue(result, row, column));
}
