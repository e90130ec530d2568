/* What comes when all rows and constraints stand: sequences, materialized views, owners and
 * grants. */
#include "stage/pg_stage.h"

#include "base/words.h"
#include <string.h>

/* In order of dependency: whatever a view reads through any number of views reaches fewer
 * materialized views than it does itself. */
static const char views_sql[] =
    "WITH RECURSIVE edge AS ("
    "  SELECT DISTINCT r.ev_class AS above, d.refobjid AS below FROM pg_rewrite r"
    "   JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = r.oid"
    "    AND d.refclassid = 'pg_class'::regclass AND d.refobjid <> r.ev_class"
    "   JOIN pg_class c ON c.oid = d.refobjid AND c.relkind IN ('v', 'm')"
    "   WHERE r.rulename = '_RETURN'),"
    " reach(top, part) AS (SELECT oid, oid FROM pg_class WHERE relkind = 'm' AND oid >= 16384"
    "  UNION SELECT reach.top, edge.below FROM reach JOIN edge ON edge.above = reach.part)"
    " SELECT format('REFRESH MATERIALIZED VIEW %s', top::regclass),"
    " format('ANALYZE %s', top::regclass),"
    " 'materialized view ' || top::regclass::text,"
    " bool_or(part::regclass::text = ANY ($1::text[]))"
    " FROM reach JOIN pg_class c ON c.oid = reach.part AND c.relkind = 'm'"
    " GROUP BY top ORDER BY count(*), top";

static bool refresh_views(struct pg_stage *stage, struct db *db, struct error *err)
{
    const char *const values[] = {stage->unrefreshed};
    AUTO(PGresult) PGresult *result = NULL;

    assert(stage->unrefreshed);
    if (!pg_query(db, views_sql, 1, values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        const char *view = words_printable(stage->base.arena, PQgetvalue(result, row, 2));

        if (!view)
            return error_memory(err);
        bool is_done = pg_true(result, row, 3)
                           ? stage_skip(&stage->base, view, "WITH NO DATA, as in production", err)
                           : pg_run(db, PQgetvalue(result, row, 0), err) &&
                                 pg_run(db, PQgetvalue(result, row, 1), err);

        if (!is_done)
            return error_context(err, "%s", view);
    }
    return true;
}

/* Owners and grants that the connecting role may not give are no reason to fail: listed. */
static bool apply_owners(struct pg_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->owners.count; i++) {
        const struct pg_step *step = &stage->owners.steps[i];
        struct error fault = {0};
        char sqlstate[6];

        if (pg_attempt(db, step->sql, step->object, sqlstate, &fault))
            continue;
        if (strcmp(sqlstate, "42501") != 0) {
            *err = fault;
            return false;
        }
        if (!stage_skip(&stage->base, step->object,
                        "the connecting role may not set it: it needs membership, or CREATE "
                        "on the schema for the owner",
                        err))
            return false;
    }
    return true;
}

/* While we still own every table: a policy that does not come along would show rows. */
static bool apply_policies(struct pg_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->policies.count; i++) {
        const struct pg_step *step = &stage->policies.steps[i];

        if (!pg_run(db, step->sql, err))
            return error_context(err, "%s", step->object);
    }
    return true;
}

bool pg_stage_finish(struct stage *base, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    struct db *db;

    return pg_stage_filling(stage, &db, err) && pg_sequences_set(stage, err) &&
           refresh_views(stage, db, err) && pg_run(db, "SET synchronous_commit = off", err) &&
           apply_policies(stage, db, err) && apply_owners(stage, db, err) &&
           pg_run(db, "SET synchronous_commit = on", err);
}
