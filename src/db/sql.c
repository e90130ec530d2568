/* The rows of SQL's words. */
#include "db/sql.h"

#include "db/my.h"
#include "db/pg.h"

static void pg_json_text(struct buf *out, const char *document, const char *path)
{
    buf_add_format(out, "pg_catalog.jsonb_path_query_first(%s::pg_catalog.jsonb, ", document);
    pg_quote_literal(out, path);
    buf_add_text(out, ") OPERATOR(pg_catalog.#>>) '{}'");
}

static void my_literal(struct buf *out, const char *text)
{
    my_quote_literal(out, span_of(text));
}

/* A path that may lead to several values gives a list of them. */
static void my_json_value(struct buf *out, const char *document, const char *path)
{
    const bool is_list = strchr(path, '*') != NULL;

    buf_add_format(out, "%sJSON_EXTRACT(%s, ", is_list ? "JSON_EXTRACT(" : "", document);
    my_literal(out, path);
    buf_add_text(out, is_list ? "), '$[0]')" : ")");
}

static void my_json_text(struct buf *out, const char *document, const char *path)
{
    buf_add_text(out, "CASE WHEN JSON_TYPE(");
    my_json_value(out, document, path);
    buf_add_text(out, ") <> 'NULL' THEN JSON_UNQUOTE(");
    my_json_value(out, document, path);
    buf_add_text(out, ") END");
}

static const struct sql_words rows[] = {
    [ENGINE_POSTGRESQL] = {.name = pg_quote_name,
                           .table = pg_quote_table,
                           .literal = pg_quote_literal,
                           .json_text = pg_json_text,
                           .only = "ONLY ",
                           .equals = "OPERATOR(pg_catalog.=)",
                           .same = "IS NOT DISTINCT FROM",
                           .text_open = "",
                           .text_close = "::pg_catalog.text COLLATE pg_catalog.\"C\""},
    [ENGINE_MYSQL] = {.name = my_quote_name,
                      .table = my_quote_table,
                      .literal = my_literal,
                      .json_text = my_json_text,
                      .is_schema_database = true,
                      .only = "",
                      .equals = "=",
                      .same = "<=>",
                      .text_open = "CAST(",
                      .text_close = " AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin"},
};

const struct sql_words *sql_words(enum engine engine)
{
    assert((size_t)engine < COUNT_OF(rows) && rows[engine].name);
    return &rows[engine];
}

void sql_add_from(const struct sql_words *words, struct buf *out, enum db_side side,
                  const struct table *table)
{
    buf_add_text(out, " FROM ");
    if (table->class != TABLE_PARTITIONED)
        buf_add_text(out, words->only);
    if (side == DB_TARGET && words->is_schema_database)
        words->name(out, table->name);
    else
        words->table(out, table->schema, table->name);
}

void sql_add_column(const struct sql_words *words, struct buf *out, const char *alias,
                    const struct column *column)
{
    assert(alias || column->table);
    words->name(out, alias ? alias : column->table->name);
    buf_add_char(out, '.');
    words->name(out, column->name);
}

const char *sql_edge_equals(const struct sql_words *words, const struct edge *edge, size_t pair)
{
    assert(pair < edge->column_count);
    return edge->equals && edge->equals[pair] ? edge->equals[pair] : words->equals;
}
