/* Paths into JSON documents as the server follows them, and parents as it finds them. */
#include "bind/edge_field.h"

#include "db/sql.h"

#define PARENT "understudy parent"

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

void edge_add_reference(enum engine engine, const struct edge *edge, size_t pair, struct buf *out)
{
    const struct sql_words *words = sql_words(engine);
    struct buf document;

    if (edge->is_array) {
        buf_add_text(out, EDGE_LIST ".element");
        return;
    }
    if (!edge->json_path) {
        sql_add_column(words, out, NULL, edge->child_columns[pair]);
        return;
    }
    buf_init(&document, 65536);
    sql_add_column(words, &document, NULL, edge->child_columns[0]);
    buf_add_char(out, '(');
    if (buf_ok(&document))
        words->json_text(out, buf_text(&document), edge->json_path);
    else
        out->failed = true;
    buf_add_char(out, ')');
    buf_release(&document);
}

/* Parent equals reference; a path delivers text. */
static void match_add(enum engine engine, const struct edge *edge, size_t pair, struct buf *out)
{
    const struct sql_words *words = sql_words(engine);
    const struct column *column = edge->parent_columns[pair];

    if (edge->json_path && column->type->kind != KIND_TEXT)
        words->text(out, PARENT, column);
    else
        sql_add_column(words, out, PARENT, column);
    buf_add_format(out, " %s ", sql_edge_equals(words, edge, pair));
    edge_add_reference(engine, edge, pair, out);
}

void edge_add_orphan(enum engine engine, enum db_side side, const struct edge *edge,
                     struct buf *out)
{
    const struct sql_words *words = sql_words(engine);

    buf_add_text(out, "NOT EXISTS (SELECT 1");
    sql_add_from(words, out, side, edge->parent);
    buf_add_text(out, " AS ");
    words->name(out, PARENT);
    buf_add_text(out, " WHERE ");
    for (size_t i = 0; i < edge->column_count; i++) {
        buf_add_text(out, i ? " AND " : "");
        match_add(engine, edge, i, out);
    }
    buf_add_char(out, ')');
}
