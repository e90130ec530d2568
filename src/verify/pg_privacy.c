/* Who is unique in what stays linkable: aggregates on the new database. */
#include "db/pg.h"
#include "verify/privacy.h"

#include <stdlib.h>
#include <string.h>

/* Joins of more counts than these cost more than they tell. */
enum { EDGES_MAX = 8, COLUMNS_MAX = 32 };

static bool is_coarse(const char *rule)
{
    static const char *const rules[] = {"keep", "bucket", "birth_date", "round", "truncate"};

    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if (strcmp(rule, rules[i]) == 0)
            return true;
    return false;
}

/* Kept or coarse, something that a person could be known by, and no key of its own. */
static bool is_quasi_identifier(const struct bound_column *column)
{
    const struct type *type = column->column->type;

    while (type->class == TYPE_DOMAIN)
        type = type->element;
    return is_coarse(column->rule) && !column_is_unique(column->column) &&
           (type->kind == KIND_ENUM || type->kind == KIND_BOOLEAN || type->kind == KIND_INTEGER ||
            type->kind == KIND_DECIMAL || type->kind == KIND_REAL || type->kind == KIND_TEXT ||
            type->kind == KIND_DATE || type->kind == KIND_TIMESTAMP || type->kind == KIND_INSTANT);
}

static void column_add(struct buf *sql, const char *alias, const struct column *column)
{
    buf_add_format(sql, "%s.", alias);
    pg_quote_name(sql, column->name);
}

static void from_add(struct buf *sql, const struct table *table)
{
    buf_add_text(sql, table->class == TABLE_PARTITIONED ? " FROM " : " FROM ONLY ");
    pg_quote_table(sql, table->schema, table->name);
}

/* Groups of rows by size: all rows, those alone, those with at most three others. */
#define SIZES                                                                                      \
    "SELECT coalesce(pg_catalog.sum(n), 0), "                                                      \
    "pg_catalog.count(*) FILTER (WHERE n OPERATOR(pg_catalog.=) 1), "                              \
    "coalesce(pg_catalog.sum(n) FILTER (WHERE n OPERATOR(pg_catalog.<) 5), 0) "                    \
    "FROM (SELECT pg_catalog.count(*) AS n"

static bool sizes_read(const struct privacy_config *config, struct buf *sql,
                       struct privacy_unique *unique, struct error *err)
{
    AUTO(PGresult) PGresult *rows = NULL;

    if (!buf_ok(sql))
        return error_memory(err);
    if (!pg_query(config->target, buf_text(sql), 0, NULL, &rows, err))
        return error_context(err, "table '%s'", unique->table->label);
    unique->rows = strtoull(PQgetvalue(rows, 0, 0), NULL, 10);
    unique->unique = strtoull(PQgetvalue(rows, 0, 1), NULL, 10);
    unique->few = strtoull(PQgetvalue(rows, 0, 2), NULL, 10);
    return true;
}

static void columns_sql(struct buf *sql, const struct privacy_unique *unique)
{
    buf_add_text(sql, SIZES);
    from_add(sql, unique->table);
    buf_add_text(sql, " AS s GROUP BY ");
    for (size_t i = 0; i < unique->column_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        column_add(sql, "s", unique->columns[i]);
        buf_add_text(sql, "::pg_catalog.text");
    }
    buf_add_text(sql, ") AS g");
}

static bool columns_find(const struct bound_table *table, struct arena *arena,
                         struct privacy_unique *unique, struct error *err)
{
    *unique = (struct privacy_unique){.table = table->table};
    unique->columns = ARENA_ARRAY(arena, table->column_count + 1, const struct column *);
    if (!unique->columns)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count && unique->column_count < COLUMNS_MAX; i++)
        if (is_quasi_identifier(&table->columns[i]))
            unique->columns[unique->column_count++] = table->columns[i].column;
    return true;
}

static bool is_countable(const struct binding *binding, const struct edge *edge)
{
    return edge->parent != edge->child && !edge->json_path && !edge->is_array && !edge->is_period &&
           !edge->when && edge_is_exact(edge) && !binding->edges[edge->index].is_ignored &&
           binding->tables[edge->child->index].role != ROLE_EXCLUDED;
}

static bool edges_find(const struct binding *binding, const struct table *table,
                       struct arena *arena, struct privacy_unique *unique, struct error *err)
{
    *unique = (struct privacy_unique){.table = table};
    unique->edges = ARENA_ARRAY(arena, EDGES_MAX, const struct edge *);
    if (!unique->edges)
        return error_memory(err);
    for (size_t i = 0; i < binding->graph->all.count && unique->edge_count < EDGES_MAX; i++) {
        const struct edge *edge = binding->graph->all.edges[i];

        if (edge->parent == table && is_countable(binding, edge))
            unique->edges[unique->edge_count++] = edge;
    }
    return true;
}

/* LEFT JOIN (SELECT child columns, count(*) ... GROUP BY them) AS c<i> ON they are the parent's */
static void edge_sql(struct buf *sql, const struct edge *edge, size_t number)
{
    buf_add_text(sql, " LEFT JOIN (SELECT pg_catalog.count(*) AS n");
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, ", ");
        column_add(sql, "t", edge->child_columns[c]);
        buf_add_format(sql, " AS k%zu", c);
    }
    from_add(sql, edge->child);
    buf_add_text(sql, " AS t GROUP BY ");
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, c ? ", " : "");
        column_add(sql, "t", edge->child_columns[c]);
    }
    buf_add_format(sql, ") AS c%zu ON ", number);
    for (size_t c = 0; c < edge->column_count; c++) {
        buf_add_text(sql, c ? " AND " : "");
        column_add(sql, "s", edge->parent_columns[c]);
        buf_add_format(sql, " %s c%zu.k%zu",
                       edge->equals && edge->equals[c] ? edge->equals[c] : "OPERATOR(pg_catalog.=)",
                       number, c);
    }
}

static void edges_sql(struct buf *sql, const struct privacy_unique *unique)
{
    buf_add_text(sql, SIZES);
    from_add(sql, unique->table);
    buf_add_text(sql, " AS s");
    for (size_t i = 0; i < unique->edge_count; i++)
        edge_sql(sql, unique->edges[i], i);
    buf_add_text(sql, " GROUP BY ");
    for (size_t i = 0; i < unique->edge_count; i++)
        buf_add_format(sql, "%scoalesce(c%zu.n, 0)", i ? ", " : "", i);
    buf_add_text(sql, ") AS g");
}

static bool unique_count(const struct privacy_config *config, struct privacy_unique *unique,
                         struct error *err)
{
    struct buf sql;
    bool is_ok;

    buf_init(&sql, 1 << 22);
    if (unique->edge_count)
        edges_sql(&sql, unique);
    else
        columns_sql(&sql, unique);
    is_ok = sizes_read(config, &sql, unique, err);
    buf_release(&sql);
    return is_ok;
}

bool privacy_count(const struct privacy_config *config, struct arena *arena,
                   struct privacy *privacy, struct error *err)
{
    const struct binding *binding = config->selection->binding;
    const size_t most = binding->subject_count + 1;

    privacy->uniques = ARENA_ARRAY(arena, most, struct privacy_unique);
    privacy->fingerprints = ARENA_ARRAY(arena, most, struct privacy_unique);
    if (!privacy->uniques || !privacy->fingerprints)
        return error_memory(err);
    for (size_t i = 0; i < binding->subject_count; i++) {
        const struct table *table = binding->subjects[i];
        struct privacy_unique *columns = &privacy->uniques[privacy->unique_count];
        struct privacy_unique *edges = &privacy->fingerprints[privacy->fingerprint_count];

        if (binding->tables[table->index].role == ROLE_EXCLUDED)
            continue;
        if (!columns_find(&binding->tables[table->index], arena, columns, err) ||
            !edges_find(binding, table, arena, edges, err))
            return false;
        if (columns->column_count) {
            privacy->unique_count++;
            if (!unique_count(config, columns, err))
                return false;
        }
        if (edges->edge_count) {
            privacy->fingerprint_count++;
            if (!unique_count(config, edges, err))
                return false;
        }
    }
    return true;
}
