/* What PostgreSQL answers itself: constraints, sequences, counts. */
#include "base/words.h"
#include "db/pg.h"
#include "verify/pg_verify.h"

#include <stdlib.h>

static const char *const constraints_sql =
    "SELECT n.nspname, c.relname, k.conname, k.convalidated "
    "FROM pg_catalog.pg_constraint k "
    "JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace "
    "WHERE k.contype OPERATOR(pg_catalog.=) 'f' AND k.conparentid OPERATOR(pg_catalog.=) 0";

static void constraint_key(struct buf *key, const char *schema, const char *table,
                           const char *constraint)
{
    buf_reset(key);
    buf_add(key, schema, strlen(schema) + 1);
    buf_add(key, table, strlen(table) + 1);
    buf_add_text(key, constraint);
}

/* "schema\0table\0constraint" -> 1 when validated, 0 when not. */
static bool constraints_read(struct verify_run *run, struct map *found, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;
    struct buf key;
    bool is_ok = true;

    if (!pg_query(run->config->target, constraints_sql, 0, NULL, &rows, err))
        return false;
    buf_init(&key, 65536);
    for (int i = 0; is_ok && i < PQntuples(rows); i++) {
        bool is_new = false;

        constraint_key(&key, PQgetvalue(rows, i, 0), PQgetvalue(rows, i, 1),
                       PQgetvalue(rows, i, 2));
        is_ok = map_put(found, buf_span(&key), PQgetvalue(rows, i, 3)[0] == 't', &is_new) ||
                error_memory(err);
    }
    buf_release(&key);
    return is_ok;
}

/* A constraint that hangs on partitions only (before 18 those are NOT VALID on each leaf) is not
 * among the roots'. */
static bool constraint_may_be_on_leaves(const struct verify_run *run, const struct edge *edge)
{
    return run->config->is_violated[edge->index] && edge->child->class == TABLE_PARTITIONED;
}

static bool foreign_keys_check(struct verify_run *run, struct check_result *result,
                               struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    AUTO(map) struct map *found = map_new();
    const struct edge *missing = NULL, *unvalidated = NULL;
    size_t validated = 0, violated = 0;
    struct buf key;

    if (!found)
        return error_memory(err);
    if (!constraints_read(run, found, err))
        return false;
    buf_init(&key, 65536);
    for (size_t i = 0; i < binding->graph->all.count; i++) {
        const struct edge *edge = binding->graph->all.edges[i];
        bool is_loose = run->config->is_violated[i] || edge->is_not_valid || edge->is_not_enforced;

        if (edge->kind != EDGE_FOREIGN_KEY || !verify_is_in_target(binding, edge) ||
            constraint_may_be_on_leaves(run, edge))
            continue;
        constraint_key(&key, edge->child->schema, edge->child->name, edge->constraint);
        uint64_t *is_valid = map_find(found, buf_span(&key));
        if (!is_valid && !missing)
            missing = edge;
        else if (is_valid && !*is_valid && !is_loose && !unvalidated)
            unvalidated = edge;
        validated += is_valid && *is_valid;
        violated += is_valid && !*is_valid;
    }
    buf_release(&key);
    if (missing)
        return verify_say(run, result, false, "the foreign key %s is missing", missing->name);
    if (unvalidated)
        return verify_say(run, result, false, "the foreign key %s is not validated",
                          unvalidated->name);
    return verify_say(run, result, true,
                      "%zu foreign keys validated, %zu NOT VALID as production violates them",
                      validated, violated);
}

static bool count_query(struct verify_run *run, const char *sql, int64_t *count, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    if (!pg_query(run->config->target, sql, 0, NULL, &rows, err))
        return false;
    *count = strtoll(PQgetvalue(rows, 0, 0), NULL, 10);
    return true;
}

static bool unique_keys_check(struct verify_run *run, struct check_result *result,
                              struct error *err)
{
    int64_t invalid = 0;

    if (!count_query(run,
                     "SELECT count(*) FROM pg_catalog.pg_index WHERE NOT indisvalid "
                     "AND indrelid OPERATOR(pg_catalog.>=) 16384",
                     &invalid, err))
        return false;
    return verify_say(run, result, invalid == 0, "%lld indexes are not valid", (long long)invalid);
}

static bool check_constraints_check(struct verify_run *run, struct check_result *result,
                                    struct error *err)
{
    int64_t loose = 0;

    if (!count_query(run,
                     "SELECT count(*) FROM pg_catalog.pg_constraint WHERE contype "
                     "OPERATOR(pg_catalog.=) 'c' AND NOT convalidated",
                     &loose, err))
        return false;
    return verify_say(run, result, true,
                      "%lld CHECK constraints are NOT VALID, listed under skipped",
                      (long long)loose);
}

/* Above the column's greatest value, or below its least one where it counts down. What was written
 * beyond the end of a sequence leaves it where it is: stage/ lists it. */
static bool sequence_is_beyond(struct verify_run *run, const struct column *column, bool *is_beyond,
                               struct error *err)
{
    struct buf sql;
    int64_t count = 0;
    bool is_ok = true;

    buf_init(&sql, 65536);
    buf_add_text(&sql, "SELECT count(*) FROM (SELECT pg_catalog.max(");
    pg_quote_name(&sql, column->name);
    buf_add_text(&sql, ")::numeric, pg_catalog.min(");
    pg_quote_name(&sql, column->name);
    buf_add_text(&sql, ")::numeric FROM ");
    pg_quote_table(&sql, column->table->schema, column->table->name);
    buf_add_format(
        &sql,
        ") v(high, low), %s s JOIN pg_catalog.pg_sequence q ON q.seqrelid "
        "OPERATOR(pg_catalog.=) s.tableoid WHERE v.high IS NULL OR CASE WHEN q.seqincrement "
        "OPERATOR(pg_catalog.>) 0 THEN v.high OPERATOR(pg_catalog.<=) s.last_value::numeric "
        "OR v.high OPERATOR(pg_catalog.>) q.seqmax::numeric "
        "ELSE v.low OPERATOR(pg_catalog.>=) s.last_value::numeric "
        "OR v.low OPERATOR(pg_catalog.<) q.seqmin::numeric END",
        column->sequence);
    is_ok = buf_ok(&sql) ? count_query(run, buf_text(&sql), &count, err) : error_memory(err);
    buf_release(&sql);
    *is_beyond = count == 1;
    return is_ok;
}

static bool sequences_check(struct verify_run *run, struct check_result *result, struct error *err)
{
    const struct binding *binding = run->config->selection->binding;
    size_t counted = 0;

    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct bound_table *table = &binding->tables[i];

        for (size_t c = 0; c < table->column_count; c++) {
            const struct column *column = table->columns[c].column;
            bool is_beyond = false;

            if (!column->sequence || column->type->kind != KIND_INTEGER)
                continue;
            if (!sequence_is_beyond(run, column, &is_beyond, err))
                return error_context(err, "sequence of '%s.%s'", table->table->label,
                                     words_printable(run->arena, column->name));
            counted++;
            if (!is_beyond)
                return verify_say(run, result, false,
                                  "the sequence of %s.%s would give values that were written",
                                  table->table->label, words_printable(run->arena, column->name));
        }
    }
    return verify_say(run, result, true, "%zu sequences stand beyond the values of their columns",
                      counted);
}

/* SQL of the profile means what it meant on the source only under the same search path. */
static bool path_set(struct db *target, const char *path, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    return pg_query(target, "SELECT pg_catalog.set_config('search_path', $1, false)", 1, &path,
                    &rows, err);
}

static bool numbers_read(struct db *target, const char *sql, const char *path, uint64_t *numbers,
                         size_t count, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    if ((path && !path_set(target, path, err)) || !pg_query(target, sql, 0, NULL, &rows, err))
        return false;
    assert(PQntuples(rows) == 1 && PQnfields(rows) == (int)count);
    for (size_t i = 0; i < count; i++)
        numbers[i] = strtoull(PQgetvalue(rows, 0, (int)i), NULL, 10);
    return !path || path_set(target, "", err);
}

static bool lists_add(struct buf *sql, size_t columns, const struct buf *rows)
{
    buf_add_text(sql, "(SELECT ");
    for (size_t i = 0; i < columns; i++)
        buf_add_format(sql, "%sv OPERATOR(pg_catalog.->>) %zu AS k%zu", i ? ", " : "", i, i);
    buf_add_text(sql, " FROM pg_catalog.json_array_elements(");
    pg_quote_literal(sql, buf_text(rows));
    buf_add_text(sql, "::pg_catalog.json) AS e(v))");
    return true;
}

const struct verify_engine verify_engine_pg = {
    .foreign_keys = foreign_keys_check,
    .unique_keys = unique_keys_check,
    .check_constraints = check_constraints_check,
    .sequences = sequences_check,
    .read_texts = pg_read_texts,
    .read_numbers = numbers_read,
    .add_lists = lists_add,
    .before_lists = "",
};
