/* The new database made ready for rows: what must stand before pre-data, and what must be taken
 * away or added between pre-data and the load. */
#include "stage/pg_stage.h"

#include "base/words.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An excluded schema still gets its name where an extension that stays is installed in it. */
static const char schemas_sql[] =
    "SELECT DISTINCT format('CREATE SCHEMA IF NOT EXISTS %I', n.nspname),"
    " 'schema ' || quote_ident(n.nspname)"
    " FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace"
    " WHERE n.nspname !~ '^pg_' AND n.nspname <> 'public'"
    " AND (n.nspname <> ALL ($1::text[]) OR n.nspname = ANY ($2::text[]))"
    " UNION ALL SELECT 'DROP SCHEMA public', 'schema public'"
    " WHERE NOT EXISTS (SELECT FROM pg_namespace WHERE nspname = 'public')";

static const char unrefreshed_sql[] =
    "SELECT coalesce(array_agg(c.oid::regclass::text), '{}')::text FROM pg_class c"
    " WHERE c.relkind = 'm' AND NOT c.relispopulated";

bool pg_prepare_source(struct pg_stage *stage, struct db *source, struct error *err)
{
    AUTO(PGresult) PGresult *schemas = NULL;
    AUTO(PGresult) PGresult *views = NULL;
    const char *values[2];
    struct db *db;

    if (!pg_gone_schemas(stage, &values[0], &values[1], err) ||
        !pg_query(source, schemas_sql, 2, values, &schemas, err) ||
        !pg_query(source, unrefreshed_sql, 0, NULL, &views, err) ||
        !pg_stage_filling(stage, &db, err))
        return false;
    stage->unrefreshed = pg_text(stage->base.arena, views, 0, 0);
    if (!stage->unrefreshed)
        return error_memory(err);
    for (int row = 0; row < PQntuples(schemas); row++) {
        if (!pg_run(db, PQgetvalue(schemas, row, 0), err))
            return error_context(err, "%s", PQgetvalue(schemas, row, 1));
    }
    return true;
}

static const char forced_sql[] =
    "SELECT format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', oid::regclass),"
    " 'table ' || oid::regclass::text,"
    " format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', oid::regclass)"
    " FROM pg_class WHERE relforcerowsecurity AND oid >= 16384 ORDER BY oid";

/* Loaded and checked as the owner, who must see every row until the end. */
static bool unforce(struct pg_stage *stage, struct db *db, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(db, forced_sql, 0, NULL, &result, err) ||
        !pg_script_add_rows(&stage->forced, stage->base.arena, result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!pg_run(db, PQgetvalue(result, row, 2), err))
            return false;
    }
    return true;
}

/* Every level of the tree that routes by range or list and has no DEFAULT partition yet. */
static const char default_sql[] =
    "SELECT n.nspname, c.relname FROM pg_partition_tree(format('%I.%I', $1::text, $2::text)) t"
    " JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace"
    " JOIN pg_partitioned_table p ON p.partrelid = c.oid"
    " WHERE p.partstrat IN ('r', 'l') AND p.partdefid = 0 ORDER BY t.level, c.oid";

static bool name_is_free(struct db *db, const char *schema, const char *name, bool *is_free,
                         struct error *err)
{
    const char *const values[] = {schema, name};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(db,
                  "SELECT NOT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n"
                  " ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2)",
                  2, values, &result, err))
        return false;
    *is_free = pg_true(result, 0, 0);
    return true;
}

static bool default_add(struct pg_stage *stage, struct db *db, const char *schema,
                        const char *table, struct error *err)
{
    char name[NAME_BYTES];
    char suffix[32] = "__understudy_default";
    bool is_free = false;
    struct buf sql;

    for (int number = 2; !is_free; number++) {
        name_with_suffix(ENGINE_POSTGRESQL, table, suffix, name);
        if (!name_is_free(db, schema, name, &is_free, err))
            return false;
        snprintf(suffix, sizeof(suffix), "__understudy_default%d", number);
    }
    buf_init(&sql, 4096);
    buf_add_text(&sql, "CREATE TABLE ");
    pg_quote_table(&sql, schema, name);
    buf_add_text(&sql, " PARTITION OF ");
    pg_quote_table(&sql, schema, table);
    buf_add_text(&sql, " DEFAULT");
    bool is_made = buf_ok(&sql) ? pg_run(db, buf_text(&sql), err) : error_memory(err);
    buf_release(&sql);
    if (!is_made)
        return false;
    const char *text = arena_printf(stage->base.arena,
                                    "%s.%s is a DEFAULT partition that production does not have: "
                                    "it holds rows whose rewritten key no other takes",
                                    schema, name);
    text = text ? words_printable(stage->base.arena, text) : NULL;
    return text ? stage_note(&stage->base, "partitions", text, err) : error_memory(err);
}

static bool defaults_add(struct pg_stage *stage, struct db *db, const struct table *table,
                         struct error *err)
{
    const char *const values[] = {table->schema, table->name};
    AUTO(PGresult) PGresult *result = NULL;

    if (!pg_query(db, default_sql, 2, values, &result, err))
        return false;
    for (int row = 0; row < PQntuples(result); row++) {
        if (!default_add(stage, db, PQgetvalue(result, row, 0), PQgetvalue(result, row, 1), err))
            return false;
    }
    return true;
}

bool pg_prepare_load(struct pg_stage *stage, struct error *err)
{
    const struct binding *binding = stage->base.request.binding;
    struct db *db;

    if (!pg_stage_filling(stage, &db, err) || !unforce(stage, db, err) ||
        !pg_checks_remove(stage, db, err))
        return false;
    for (size_t i = 0; i < binding->catalog->table_count; i++) {
        const struct bound_table *bound = &binding->tables[i];

        if (bound->needs_default_partition && bound->role != ROLE_EXCLUDED &&
            !defaults_add(stage, db, bound->table, err))
            return error_context(err, "table '%s'", bound->table->label);
    }
    return true;
}

static int compare_pairs(const void *a, const void *b)
{
    const struct oid_pair *left = a;
    const struct oid_pair *right = b;

    return left->source < right->source ? -1 : left->source > right->source;
}

/* Built-in types (below 16384) have the same number everywhere; those need no row. Types that
 * staging does not get have none either: a value of one would be a bug of the binding. */
bool pg_stage_type_numbers(struct stage *base, struct oid_map *oids, struct error *err)
{
    struct pg_stage *stage = pg_stage_of(base);
    const struct catalog *catalog = base->request.catalog;
    AUTO(PGresult) PGresult *result = NULL;
    struct buf schemas, names, numbers;
    struct db *db;

    buf_init(&schemas, 1 << 26);
    buf_init(&names, 1 << 26);
    buf_init(&numbers, 1 << 26);
    for (size_t i = 0; i < catalog->type_count; i++) {
        char number[16];

        snprintf(number, sizeof(number), "%u", catalog->types[i]->oid);
        pg_array_add(&schemas, catalog->types[i]->schema);
        pg_array_add(&names, catalog->types[i]->name);
        pg_array_add(&numbers, number);
    }
    const char *const values[] = {pg_array_end(&schemas, base->arena),
                                  pg_array_end(&names, base->arena),
                                  pg_array_end(&numbers, base->arena)};
    if (!values[0] || !values[1] || !values[2])
        return error_memory(err);
    if (!pg_stage_filling(stage, &db, err) ||
        !pg_query(db,
                  "SELECT u.source, t.oid"
                  " FROM unnest($1::text[], $2::text[], $3::oid[]) u(schema, name, source)"
                  " JOIN pg_namespace n ON n.nspname = u.schema"
                  " JOIN pg_type t ON t.typnamespace = n.oid AND t.typname = u.name",
                  3, values, &result, err))
        return false;
    size_t count = (size_t)PQntuples(result);
    struct oid_pair *pairs = ARENA_ARRAY(base->arena, count + 1, struct oid_pair);
    if (!pairs)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        pairs[i] = (struct oid_pair){pg_number(result, (int)i, 0), pg_number(result, (int)i, 1)};
    qsort(pairs, count, sizeof(*pairs), compare_pairs);
    *oids = (struct oid_map){count, pairs};
    return true;
}
