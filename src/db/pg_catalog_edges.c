/* Foreign keys: one row a column pair, with the operator that the constraint itself compares by. */
#include "db/pg_catalog.h"

enum {
    PAIR_CONSTRAINT,
    PAIR_NAME,
    PAIR_CHILD,
    PAIR_PARENT,
    PAIR_CHILD_COLUMN,
    PAIR_PARENT_COLUMN,
    PAIR_OPERATOR,
    PAIR_IS_SYSTEM,
    PAIR_MATCH_FULL,
    PAIR_NOT_VALID,
    PAIR_DEFERRABLE,
    PAIR_ON_DELETE,
    PAIR_COUNT,
    PAIR_LEAF,
    PAIR_NOT_ENFORCED,
    PAIR_IS_PERIOD
};

static const char pairs_sql_head[] =
    "SELECT o.oid, o.conname, o.conrelid, o.confrelid, ca.attname, pa.attname,"
    " 'OPERATOR(' || quote_ident(pn.nspname) || '.' || p.oprname || ')',"
    " pn.nspname = 'pg_catalog', o.confmatchtype = 'f', NOT o.convalidated, o.condeferrable,"
    " o.confdeltype, array_length(o.conkey, 1),"
    " CASE WHEN c.relispartition THEN quote_ident(n.nspname) || '.' || quote_ident(c.relname) END,";
static const char pairs_sql_tail[] =
    " FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
    " JOIN pg_namespace n ON n.oid = c.relnamespace"
    " CROSS JOIN LATERAL unnest(o.conkey, o.confkey, o.conpfeqop) WITH ORDINALITY"
    "  AS x(child, parent, operator, place)"
    " JOIN pg_attribute ca ON ca.attrelid = o.conrelid AND ca.attnum = x.child"
    " JOIN pg_attribute pa ON pa.attrelid = o.confrelid AND pa.attnum = x.parent"
    " JOIN pg_operator p ON p.oid = x.operator JOIN pg_namespace pn ON pn.oid = p.oprnamespace"
    " WHERE o.contype = 'f' AND o.conparentid = 0 ORDER BY o.oid, x.place";

static const struct column *column_by_name(const struct table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i];
    }
    return NULL;
}

/* Types whose equal values have equal bytes in the binary form, by the type that compares. */
static uint32_t bytes_class(const struct column *column)
{
    const struct type *type = pg_base_type(column->type);

    if (column->is_nondeterministic || type->is_case_insensitive || type->is_padded)
        return 0;
    switch (type->kind) {
    case KIND_INTEGER:
    case KIND_BOOLEAN:
    case KIND_BYTES:
    case KIND_UUID:
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
    case KIND_ENUM:
        return type->oid;
    case KIND_TEXT:
        return 25; /* text, varchar and name alike */
    default:
        return 0;
    }
}

static bool pair_add(struct reading *reading, struct edge *edge, const PGresult *result, int row)
{
    size_t at = edge->column_count;
    bool ok = true;

    edge->child_columns[at] = column_by_name(edge->child, pg_cell(result, row, PAIR_CHILD_COLUMN));
    edge->parent_columns[at] =
        column_by_name(edge->parent, pg_cell(result, row, PAIR_PARENT_COLUMN));
    edge->equals[at] = reading_text(reading, result, row, PAIR_OPERATOR, &ok);
    assert(edge->child_columns[at] && edge->parent_columns[at]);
    uint32_t bytes = bytes_class(edge->child_columns[at]);
    if (!pg_cell_bool(result, row, PAIR_IS_SYSTEM) || bytes == 0 ||
        bytes != bytes_class(edge->parent_columns[at]))
        edge->is_bytes_equal = false;
    edge->column_count++;
    return ok;
}

/* A constraint of one partition only holds for that partition's rows. */
static const char *leaf_condition(struct reading *reading, const char *leaf, bool *ok)
{
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "tableoid OPERATOR(pg_catalog.=) ");
    pg_quote_literal(&sql, leaf);
    buf_add_text(&sql, "::pg_catalog.regclass");
    const char *copy = buf_ok(&sql) ? arena_strdup(reading->arena, buf_text(&sql)) : NULL;
    buf_release(&sql);
    *ok = *ok && copy;
    return copy;
}

static bool edge_start(struct reading *reading, const PGresult *result, int row, struct edge *edge)
{
    size_t count = (size_t)pg_cell_int(result, row, PAIR_COUNT);
    const char *leaf = pg_cell(result, row, PAIR_LEAF);
    bool ok = true;

    edge->kind = EDGE_FOREIGN_KEY;
    edge->constraint = reading_text(reading, result, row, PAIR_NAME, &ok);
    edge->child_columns = ARENA_ARRAY(reading->arena, count, const struct column *);
    edge->parent_columns = ARENA_ARRAY(reading->arena, count, const struct column *);
    edge->equals = ARENA_ARRAY(reading->arena, count, const char *);
    edge->is_match_full = pg_cell_bool(result, row, PAIR_MATCH_FULL);
    edge->is_not_valid = pg_cell_bool(result, row, PAIR_NOT_VALID);
    edge->is_not_enforced = pg_cell_bool(result, row, PAIR_NOT_ENFORCED);
    edge->is_period = pg_cell_bool(result, row, PAIR_IS_PERIOD);
    edge->is_deferrable = pg_cell_bool(result, row, PAIR_DEFERRABLE);
    edge->on_delete = pg_cell(result, row, PAIR_ON_DELETE)[0];
    edge->is_bytes_equal = true;
    if (leaf)
        edge->when = leaf_condition(reading, leaf, &ok);
    return ok && edge->child_columns && edge->parent_columns && edge->equals;
}

static bool pairs_query(struct reading *reading, PGresult **result, struct error *err)
{
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, pairs_sql_head);
    buf_add_text(&sql,
                 reading->version >= 180000 ? " NOT o.conenforced, o.conperiod" : " false, false");
    buf_add_text(&sql, pairs_sql_tail);
    bool ok = buf_ok(&sql) ? reading_query(reading, buf_text(&sql), "foreign keys", result, err)
                           : error_memory(err);
    buf_release(&sql);
    return ok;
}

bool pg_read_edges(struct reading *reading, struct error *err)
{
    AUTO(PGresult) PGresult *result = NULL;
    struct edge *edge = NULL;
    uint32_t constraint = 0;

    if (!pairs_query(reading, &result, err))
        return false;
    reading->catalog->edges =
        ARENA_ARRAY(reading->arena, (size_t)PQntuples(result) + 1, struct edge *);
    if (!reading->catalog->edges)
        return error_memory(err);
    for (int row = 0; row < PQntuples(result); row++) {
        const struct table *child = reading_table(reading, pg_cell_u32(result, row, PAIR_CHILD));
        const struct table *parent = reading_table(reading, pg_cell_u32(result, row, PAIR_PARENT));

        if (!child || !parent) /* between members of an extension, which it makes itself */
            continue;
        if (!edge || pg_cell_u32(result, row, PAIR_CONSTRAINT) != constraint) {
            constraint = pg_cell_u32(result, row, PAIR_CONSTRAINT);
            edge = ARENA_NEW(reading->arena, struct edge);
            if (!edge || !edge_start(reading, result, row, edge))
                return error_memory(err);
            edge->child = child;
            edge->parent = parent;
            reading->catalog->edges[reading->catalog->edge_count++] = edge;
        }
        if (!pair_add(reading, edge, result, row))
            return error_memory(err);
    }
    return true;
}
