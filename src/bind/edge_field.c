/* Paths into JSON documents as the server follows them. */
#include "bind/edge_field.h"

#include "db/pg.h"

const char *edge_json_expression(const struct edge *edge, struct arena *arena)
{
    struct buf sql;

    assert(edge->json_path && edge->column_count == 1);
    buf_init(&sql, 1 << 20);
    buf_add_text(&sql, "pg_catalog.jsonb_path_query_first(");
    pg_quote_name(&sql, edge->child->name);
    buf_add_char(&sql, '.');
    pg_quote_name(&sql, edge->child_columns[0]->name);
    buf_add_text(&sql, "::pg_catalog.jsonb, ");
    pg_quote_literal(&sql, edge->json_path);
    buf_add_text(&sql, ") OPERATOR(pg_catalog.#>>) '{}'");
    const char *text = buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&sql);
    return text;
}
