/* What earlier runs left beside the target, from the comments of all databases. */
#include "stage/pg_stage.h"

static bool run_is_alive(struct stage *base, const char *run, bool *is_alive, struct error *err)
{
    const char *const values[] = {run};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(pg_stage_of(base)->admin,
                  "SELECT EXISTS (SELECT FROM pg_stat_activity"
                  " WHERE application_name = 'understudy ' || $1)",
                  1, values, &result, err))
        return false;
    *is_alive = pg_true(result, 0, 0);
    return true;
}

/* Whoever it does not let in does not learn what is in it. */
static bool database_is_empty(struct stage *base, const char *name, bool *is_empty,
                              struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct error fault = {.status = STATUS_OK};

    if (pg_database_read(stage, name, is_empty, &fault))
        return true;
    *is_empty = false;
    if (!pg_stage_is_cancelled(stage))
        return true;
    *err = fault;
    return false;
}

static const struct relic_questions questions = {run_is_alive, database_is_empty};

bool pg_relics_read(struct pg_stage *stage, struct relics *relics, struct error *err)
{
    const char *const values[] = {stage->base.target.database};
    AUTO(PGresult) PGresult *result = NULL;

    *relics = (struct relics){0};
    if (!pg_query(stage->admin,
                  "SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database"
                  " WHERE datname <> $1 AND NOT datistemplate ORDER BY 1",
                  1, values, &result, err))
        return false;
    relics->relics = ARENA_ARRAY(stage->base.arena, (size_t)PQntuples(result) + 1, struct relic);
    if (!relics->relics)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        const char *comment = PQgetisnull(result, row, 1) ? NULL : PQgetvalue(result, row, 1);
        struct relic *relic = &relics->relics[relics->count];
        bool is_relic;

        if (!relic_read(&stage->base, PQgetvalue(result, row, 0), comment, relic, &is_relic, err) ||
            (is_relic && !relic_judge(&stage->base, relic, &questions, err)))
            return false;
        relics->count += is_relic;
    }
    relics_sort(relics);
    return true;
}

static bool drop_one(struct stage *base, const char *name, struct error *err)
{
    return pg_database_drop(pg_stage_of(base)->admin, name, err);
}

bool pg_relics_drop(struct pg_stage *stage, int64_t kept, struct error *err)
{
    struct relics relics;

    return pg_relics_read(stage, &relics, err) &&
           relics_drop(&stage->base, &relics, kept, drop_one, err);
}
