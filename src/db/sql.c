/* The rows of SQL's words. */
#include "db/sql.h"

#include "db/my.h"
#include "db/pg.h"
#include "value/my_opaque.h"
#include "value/pg_escape.h"
#include "value/type.h"

static void pg_json_text(struct buf *out, const char *document, const char *path)
{
    buf_add_format(out, "pg_catalog.jsonb_path_query_first(%s::pg_catalog.jsonb, ", document);
    pg_quote_literal(out, path);
    buf_add_text(out, ") OPERATOR(pg_catalog.#>>) '{}'");
}

static void pg_column_text(struct buf *out, const char *alias, const struct column *column)
{
    sql_add_column(sql_words(ENGINE_POSTGRESQL), out, alias, column);
    buf_add_text(out, "::pg_catalog.text COLLATE pg_catalog.\"C\"");
}

/* How MySQL's cells that hold no text are told as text. */
enum my_form { MY_PLAIN, MY_HEX, MY_UUID, MY_BITS };

static enum my_form my_form_of(const struct type *type)
{
    if (type_is_bits(type))
        return MY_BITS;
    if (type->kind == KIND_UUID && strcmp(type->name, "uuid") != 0)
        return MY_UUID;
    return type->kind == KIND_BYTES || type->kind == KIND_OTHER ? MY_HEX : MY_PLAIN;
}

static void my_column_text(struct buf *out, const char *alias, const struct column *column)
{
    static const char *const opens[] = {[MY_PLAIN] = "CAST(",
                                        [MY_HEX] = "CAST(HEX(",
                                        [MY_UUID] = "CAST(LOWER(INSERT(INSERT(INSERT(INSERT(HEX(",
                                        [MY_BITS] = "CAST(("};
    static const char *const closes[] = {
        [MY_PLAIN] = "",
        [MY_HEX] = ")",
        [MY_UUID] = "), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'))",
        [MY_BITS] = " + 0)"};
    const enum my_form form = my_form_of(column->type);

    buf_add_text(out, opens[form]);
    sql_add_column(sql_words(ENGINE_MYSQL), out, alias, column);
    buf_add_format(out, "%s AS CHAR CHARACTER SET utf8mb4) COLLATE utf8mb4_bin", closes[form]);
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
                           .text = pg_column_text},
    [ENGINE_MYSQL] = {.name = my_quote_name,
                      .table = my_quote_table,
                      .literal = my_literal,
                      .json_text = my_json_text,
                      .is_schema_database = true,
                      .only = "",
                      .equals = "=",
                      .same = "<=>",
                      .text = my_column_text},
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

static void hex_add(struct buf *out, struct span cell, bool is_uuid)
{
    for (uint32_t i = 0; i < cell.len; i++) {
        if (is_uuid && (i == 4 || i == 6 || i == 8 || i == 10))
            buf_add_char(out, '-');
        buf_add_format(out, is_uuid ? "%02x" : "%02X", (unsigned)(unsigned char)cell.ptr[i]);
    }
}

static void bits_add(struct buf *out, struct span cell)
{
    uint64_t number = 0;

    for (uint32_t i = 0; i < cell.len; i++)
        number = number << 8 | (unsigned char)cell.ptr[i];
    buf_add_format(out, "%llu", (unsigned long long)number);
}

bool sql_cell_text(enum engine engine, const struct column *column, struct span cell,
                   struct arena *arena, struct span *text, struct error *err)
{
    const enum my_form form = engine == ENGINE_MYSQL ? my_form_of(column->type) : MY_PLAIN;
    struct buf out;

    assert(!span_is_null(cell));
    *text = cell;
    if (engine == ENGINE_POSTGRESQL)
        return escape_undo(cell, arena, text, err);
    if (form == MY_PLAIN && !my_is_opaque(column->type, cell))
        return true;
    buf_init(&out, BUF_CEILING_MAX);
    if (form == MY_BITS)
        bits_add(&out, cell);
    else
        hex_add(&out, cell, form == MY_UUID);
    *text = buf_ok(&out) ? arena_span(arena, buf_span(&out)) : (struct span){0};
    buf_release(&out);
    return text->ptr || error_memory(err);
}

const char *sql_edge_equals(const struct sql_words *words, const struct edge *edge, size_t pair)
{
    assert(pair < edge->column_count);
    return edge->equals && edge->equals[pair] ? edge->equals[pair] : words->equals;
}
