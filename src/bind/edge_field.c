/* Paths into JSON documents as the server follows them. */
#include "bind/edge_field.h"

#include "db/sql.h"

const char *edge_json_expression(enum engine engine, const struct edge *edge, struct arena *arena)
{
    const struct sql_words *words = sql_words(engine);
    struct buf document, sql;

    assert(edge->json_path && edge->column_count == 1);
    buf_init(&document, 65536);
    buf_init(&sql, 1 << 20);
    sql_add_column(words, &document, edge->child->name, edge->child_columns[0]);
    words->json_text(&sql, buf_text(&document), edge->json_path);
    const char *text =
        buf_ok(&document) && buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&document);
    buf_release(&sql);
    return text;
}
