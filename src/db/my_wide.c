/* What a survey reads of long values: how long, and what they are, told by the server.
 *
 * Whether a text is ASCII shows in its characters being as many as its bytes in UTF-8. */
#include "db/my_charset.h"
#include "db/my_conn.h"

/* A blank is looked for by its byte: collations leave it out of account. */
static void add_text_class(struct buf *sql, const char *name)
{
    buf_add_format(sql,
                   "CASE WHEN LENGTH(%s) = 0 THEN %d"
                   " WHEN CAST(LEFT(%s, 1) AS BINARY) = X'20'"
                   " OR CAST(RIGHT(%s, 1) AS BINARY) = X'20' THEN %d",
                   name, WIDE_EMPTY, name, name, WIDE_ODD);
    buf_add_format(sql, " WHEN CHAR_LENGTH(%s) = LENGTH(%s) THEN %d ELSE %d END", name, name,
                   WIDE_ASCII, WIDE_OTHER);
}

/* The type of MySQL's JSON stands in its head; MariaDB reads the first letter of the text. */
static void add_json_class(struct buf *sql, const char *name)
{
    buf_add_format(sql, "CASE JSON_TYPE(%s) WHEN 'OBJECT' THEN %d WHEN 'ARRAY' THEN %d ELSE %d END",
                   name, WIDE_OBJECT, WIDE_LIST, WIDE_SCALAR);
}

static void add_bytes_class(struct buf *sql, const char *name)
{
    buf_add_format(sql, "CASE WHEN LENGTH(%s) = 0 THEN %d ELSE %d END", name, WIDE_EMPTY,
                   WIDE_BYTES);
}

/* The column, as UTF-8; what has no letter there counts as one. */
static void add_name(struct buf *name, const struct column *column)
{
    const bool is_converted = !my_charset_is_utf8(column->type->charset);

    buf_add_text(name, is_converted ? "CONVERT(" : "");
    my_quote_name(name, column->table->name);
    buf_add_char(name, '.');
    my_quote_name(name, column->name);
    buf_add_text(name, is_converted ? " USING utf8mb4)" : "");
}

bool my_wide_expression(const struct column *column, struct arena *arena, const char **expression,
                        struct error *err)
{
    const enum kind kind = column->type->kind;
    struct buf name, sql;

    assert(kind == KIND_TEXT || kind == KIND_JSON || kind == KIND_BYTES);
    assert(column->table && column->table->name);
    buf_init(&name, 1024);
    buf_init(&sql, 16384);
    add_name(&name, column);
    buf_add_format(&sql, "(LENGTH(%s) * %d + ", buf_text(&name), WIDE_STEP);
    if (kind == KIND_TEXT)
        add_text_class(&sql, buf_text(&name));
    else if (kind == KIND_JSON)
        add_json_class(&sql, buf_text(&name));
    else
        add_bytes_class(&sql, buf_text(&name));
    buf_add_char(&sql, ')');
    *expression = buf_ok(&name) && buf_ok(&sql) ? arena_strdup(arena, buf_text(&sql)) : NULL;
    buf_release(&name);
    buf_release(&sql);
    return *expression || error_memory(err);
}
