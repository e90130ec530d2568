/* What a survey reads of long values: how long, and what they are, told by the server.
 *
 * octet_length of a text or a bytea does not even fetch what lies out of line; whether a text is
 * ASCII shows in its characters being as many as its bytes in UTF-8. */
#include "db/pg_conn.h"

static void add_text_class(struct buf *sql, const char *name)
{
    buf_add_format(sql,
                   "CASE WHEN %s OPERATOR(pg_catalog.=) '' THEN %d"
                   " WHEN pg_catalog.left(%s, 1) OPERATOR(pg_catalog.=) ' '"
                   " OR pg_catalog.right(%s, 1) OPERATOR(pg_catalog.=) ' ' THEN %d",
                   name, WIDE_EMPTY, name, name, WIDE_ODD);
    buf_add_format(sql,
                   " WHEN pg_catalog.octet_length(pg_catalog.convert_to(%s, 'UTF8'))"
                   " OPERATOR(pg_catalog.=) pg_catalog.char_length(%s) THEN %d ELSE %d END",
                   name, name, WIDE_ASCII, WIDE_OTHER);
}

/* Not through json_typeof, which reads all of the text: its first letter says it. */
static void add_json_class(struct buf *sql, const char *name)
{
    buf_add_format(sql,
                   "CASE pg_catalog.left(pg_catalog.ltrim(%s, E' \\t\\r\\n'), 1)"
                   " WHEN '{' THEN %d WHEN '[' THEN %d ELSE %d END",
                   name, WIDE_OBJECT, WIDE_LIST, WIDE_SCALAR);
}

static void add_bytes_class(struct buf *sql, const char *name)
{
    buf_add_format(sql,
                   "CASE WHEN pg_catalog.octet_length(%s) OPERATOR(pg_catalog.=) 0 THEN %d"
                   " ELSE %d END",
                   name, WIDE_EMPTY, WIDE_BYTES);
}

static void add_wide(struct buf *sql, enum kind kind, const char *name)
{
    buf_add_format(sql,
                   "pg_catalog.octet_length(%s)::pg_catalog.int8 OPERATOR(pg_catalog.*) %d"
                   " OPERATOR(pg_catalog.+) ",
                   name, WIDE_STEP);
    if (kind == KIND_TEXT)
        add_text_class(sql, name);
    else if (kind == KIND_JSON)
        add_json_class(sql, name);
    else
        add_bytes_class(sql, name);
}

/* The column as a text, whatever it is a domain of; without the column's own collation, which may
 * hold unequal texts for equal. */
static void add_name(struct buf *name, const struct column *column)
{
    const struct type *base = pg_base_type(column->type);

    buf_add_char(name, '(');
    pg_quote_name(name, column->table->name);
    buf_add_char(name, '.');
    pg_quote_name(name, column->name);
    buf_add_text(name, base->kind == KIND_BYTES ? "::pg_catalog.bytea)"
                                                : "::pg_catalog.text COLLATE pg_catalog.\"C\")");
}

bool pg_wide_expression(const struct column *column, struct arena *arena, const char **expression,
                        struct error *err)
{
    const enum kind kind = pg_base_type(column->type)->kind;
    struct buf name, sql;

    assert(kind == KIND_TEXT || kind == KIND_JSON || kind == KIND_BYTES);
    buf_init(&name, 1024);
    buf_init(&sql, 8192);
    add_name(&name, column);
    add_wide(&sql, kind, buf_text(&name));
    *expression = buf_ok(&name) && buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&name);
    buf_release(&sql);
    return *expression || error_memory(err);
}
