/* Post-data, and the constraints that the new rows cannot keep: foreign keys that production's own
 * rows violate, and CHECKs of inheritance children over rewritten columns. They come back NOT
 * VALID, and are listed. */
#include "stage/pg_stage.h"

#include <string.h>

/* Before 18 a partitioned table takes no NOT VALID key: each leaf gets it ($1). */
static const char foreign_keys_sql[] =
    "SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', l.relid::regclass, c.conname,"
    "  pg_get_constraintdef(c.oid), CASE WHEN c.convalidated THEN ' NOT VALID' ELSE '' END),"
    " 'foreign key ' || quote_ident(c.conname) || ' of ' || l.relid::regclass::text,"
    " c.oid, c.conrelid, c.conname"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid CROSS JOIN LATERAL ("
    "  SELECT c.conrelid::oid AS relid WHERE NOT (t.relkind = 'p' AND $1::bool)"
    "  UNION ALL SELECT p.relid::oid FROM pg_partition_tree(c.conrelid) p"
    "   JOIN pg_class k ON k.oid = p.relid"
    "   WHERE t.relkind = 'p' AND $1::bool AND p.isleaf AND k.relkind = 'r') l"
    " WHERE c.contype = 'f' AND c.conparentid = 0 ORDER BY c.oid, l.relid";

bool pg_foreign_keys_read(struct pg_stage *stage, struct db *source, struct error *err)
{
    const char *const values[] = {stage->base.target.version_number < 180000 ? "t" : "f"};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(source, foreign_keys_sql, 1, values, &result, err) ||
        !pg_script_add_rows(&stage->foreign_keys, stage->base.arena, result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        struct pg_step *step = &stage->foreign_keys.steps[row];

        step->object_id = pg_number(result, row, 2);
        step->relation_id = pg_number(result, row, 3);
        step->name = pg_text(stage->base.arena, result, row, 4);
        if (!step->name)
            return error_memory(err);
    }
    return true;
}

static bool is_of(const struct pg_step *step, const struct edge *edge)
{
    return step->relation_id == edge->child->oid && strcmp(step->name, edge->constraint) == 0;
}

static bool foreign_keys_drop(struct pg_stage *stage, const struct stage_violations *violations,
                              struct error *err)
{
    for (size_t i = 0; i < violations->edge_count; i++) {
        const struct edge *edge = violations->edges[i];

        for (size_t j = 0; edge->constraint && j < stage->foreign_keys.count; j++) {
            const struct pg_step *step = &stage->foreign_keys.steps[j];
            struct pg_entry *entry =
                is_of(step, edge) ? pg_list_find(&stage->list, PG_CLASS_CONSTRAINT, step->object_id)
                                  : NULL;

            if (entry)
                entry->is_dropped = true;
        }
    }
    return pg_list_close(&stage->list, err);
}

static bool foreign_keys_add(struct pg_stage *stage, struct db *db, const struct edge *edge,
                             struct error *err)
{
    for (size_t i = 0; edge->constraint && i < stage->foreign_keys.count; i++) {
        const struct pg_step *step = &stage->foreign_keys.steps[i];

        if (!is_of(step, edge))
            continue;
        if (!pg_run(db, step->sql, err))
            return error_context(err, "%s", step->object);
        if (!stage_skip(&stage->base, step->object,
                        "NOT VALID: production's own rows refer to rows that do not exist", err))
            return false;
    }
    return true;
}

static bool is_rewritten(const struct bound_table *bound, const struct column *column)
{
    if (column->is_generated)
        return bound->transformed_count > 0;
    for (size_t i = 0; i < bound->column_count; i++) {
        if (bound->columns[i].column == column)
            return !bound->columns[i].is_copied;
    }
    return false;
}

/* Inheritance children often carry CHECKs that route by a range (the old way to partition), and
 * a rewritten column leaves its range. */
static bool check_may_fail(const struct bound_table *bound, const struct check *check)
{
    if (bound->table->parent_count == 0 || check->is_inherited || check->is_not_valid)
        return false;
    for (size_t i = 0; i < check->column_count; i++) {
        if (is_rewritten(bound, check->columns[i]))
            return true;
    }
    return false;
}

static const char check_sql[] =
    "SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),"
    " format('ALTER TABLE %s ADD CONSTRAINT %I %s NOT VALID', c.conrelid::regclass, c.conname,"
    "  pg_get_constraintdef(c.oid)),"
    " format('ALTER TABLE %s VALIDATE CONSTRAINT %I', c.conrelid::regclass, c.conname),"
    " 'check ' || quote_ident(c.conname) || ' of ' || c.conrelid::regclass::text"
    " FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
    " JOIN pg_namespace n ON n.oid = t.relnamespace"
    " WHERE c.contype = 'c' AND c.convalidated AND c.coninhcount = 0"
    " AND n.nspname = $1 AND t.relname = $2 AND c.conname = $3";

static bool check_remove(struct pg_stage *stage, struct db *db, const struct table *table,
                         const char *name, struct error *err)
{
    struct arena *arena = stage->base.arena;
    const char *const values[] = {table->schema, table->name, name};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(db, check_sql, 3, values, &result, err))
        return false;
    if (PQntuples(result) == 0)
        return true;
    struct pg_step step = {.sql = pg_text(arena, result, 0, 1),
                           .then = pg_text(arena, result, 0, 2),
                           .object = pg_text(arena, result, 0, 3)};
    if (!step.then)
        return error_memory(err);
    return pg_script_add(&stage->checks, arena, step, err) &&
           pg_run(db, PQgetvalue(result, 0, 0), err);
}

bool pg_checks_remove(struct pg_stage *stage, struct db *db, struct error *err)
{
    const struct binding *binding = stage->base.request.binding;

    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct bound_table *bound = &binding->tables[i];

        if (bound->role == ROLE_EXCLUDED)
            continue;
        for (size_t j = 0; j < bound->table->check_count; j++) {
            const struct check *check = &bound->table->checks[j];

            if (check_may_fail(bound, check) &&
                !check_remove(stage, db, bound->table, check->name, err))
                return error_context(err, "table '%s'", bound->table->label);
        }
    }
    return true;
}

/* Whether a CHECK holds is an answer here, not a failure. */
static bool checks_restore(struct pg_stage *stage, struct db *db, struct error *err)
{
    for (size_t i = 0; i < stage->checks.count; i++) {
        const struct pg_step *step = &stage->checks.steps[i];
        struct error fault = {0};
        char sqlstate[6];

        if (!pg_run(db, step->sql, err))
            return error_context(err, "%s", step->object);
        if (pg_attempt(db, step->then, step->object, sqlstate, &fault))
            continue;
        if (strcmp(sqlstate, "23514") != 0) {
            *err = fault;
            return false;
        }
        if (!stage_skip(&stage->base, step->object, "NOT VALID: rewritten values do not keep it",
                        err))
            return false;
    }
    return true;
}

/* Partitions that pg_prepare_load added are in no list of pg_restore: with them an index of the
 * whole would never become valid. They stand aside and get their indexes when they come back. */
static const char defaults_sql[] =
    "SELECT format('ALTER TABLE %s DETACH PARTITION %s', p.partrelid::regclass, d.oid::regclass),"
    " format('ALTER TABLE %s ATTACH PARTITION %s DEFAULT', p.partrelid::regclass, d.oid::regclass)"
    " FROM pg_partitioned_table p JOIN pg_class d ON d.oid = p.partdefid"
    " WHERE d.relname LIKE '%\\_\\_understudy\\_default%' ORDER BY 1";

static bool defaults_move(struct db *db, const PGresult *defaults, int column, struct error *err)
{
    for (int row = 0; row < PQntuples(defaults); row++) {
        if (!pg_run(db, PQgetvalue(defaults, row, column), err))
            return error_context(err, "DEFAULT partitions");
    }
    return true;
}

bool pg_stage_schema_after(struct stage *base, const struct stage_violations *violations, int jobs,
                           struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    AUTO(PGresult) PGresult *defaults = NULL;
    struct db *db;

    if (!pg_stage_filling(stage, &db, err) ||
        !pg_query(db, defaults_sql, 0, NULL, &defaults, err) ||
        !defaults_move(db, defaults, 0, err))
        return false;
    pg_stage_leave(stage); /* an old session would keep old plans and settings */
    if (!foreign_keys_drop(stage, violations, err) ||
        !pg_schema_restore(stage, "post-data", jobs, err) || !pg_stage_filling(stage, &db, err) ||
        !defaults_move(db, defaults, 1, err))
        return false;
    for (size_t i = 0; i < violations->edge_count; i++) {
        if (!foreign_keys_add(stage, db, violations->edges[i], err))
            return false;
    }
    return checks_restore(stage, db, err);
}
