/* The text of a read: COPY (SELECT address, total, fields FROM ... WHERE ...) TO STDOUT.
 *
 * The profile's SQL stands in the same statement and runs under the role's search_path, so every
 * name and operator of ours is qualified. The table keeps its own name as the profile's SQL knows
 * it; output columns get names that no ORDER BY of a profile can mean by accident.
 *
 * With a limit for each key the SELECT stands LATERAL behind the keys:
 *
 *   FROM unnest(keys) k CROSS JOIN LATERAL
 *     (SELECT ... FROM ONLY t WHERE t.a = k.v1 ORDER BY order, identity LIMIT n) */
#include "db/pg_conn.h"

#define KEYS_NAME "\"understudy keys\""

static void add_type(struct buf *sql, const struct type *type)
{
    pg_quote_table(sql, type->schema, type->name);
}

const struct type *pg_base_type(const struct type *type)
{
    while (type->class == TYPE_DOMAIN) {
        assert(type->element);
        type = type->element;
    }
    return type;
}

void pg_add_from(struct buf *sql, const struct table *table, const struct relation *relation)
{
    if (relation && table->class == TABLE_PARTITIONED) {
        buf_add_text(sql, "ONLY ");
        pg_quote_table(sql, relation->schema, relation->name);
        /* the profile's SQL may say table.column */
        buf_add_text(sql, " AS ");
        pg_quote_name(sql, table->name);
        return;
    }
    if (table->class == TABLE_ORDINARY)
        buf_add_text(sql, "ONLY ");
    pg_quote_table(sql, table->schema, table->name);
}

/* A column of the table in hand; qualified, since the keys beside it have columns too. */
static void add_column(struct buf *sql, const struct column *column)
{
    pg_quote_name(sql, column->table->name);
    buf_add_char(sql, '.');
    pg_quote_name(sql, column->name);
}

static bool add_field(struct buf *sql, const struct field *field, struct error *err)
{
    assert(!field->column != !field->expression);
    if (field->column) {
        add_column(sql, field->column);
        return true;
    }
    if (!pg_add_fragment(sql, field->expression, err))
        return false;
    if (field->type) {
        buf_add_text(sql, "::");
        add_type(sql, field->type);
    }
    return true;
}

/* Every output column is named by its number. */
static void add_output_name(struct buf *sql, size_t *number)
{
    buf_add_format(sql, " AS \"understudy %zu\"", ++*number);
}

static bool add_outputs(struct buf *sql, const struct read *read, struct error *err)
{
    size_t number = 0;

    buf_add_text(sql, "SELECT ");
    if (read->with_address) {
        if (!read->relation && read->table->relation_count > 1) {
            pg_quote_name(sql, read->table->name);
            buf_add_text(sql, ".tableoid");
            add_output_name(sql, &number);
            buf_add_text(sql, ", ");
        }
        pg_quote_name(sql, read->table->name);
        buf_add_text(sql, ".ctid");
        add_output_name(sql, &number);
        buf_add_text(sql, ", ");
    }
    if (read->with_total) {
        buf_add_text(sql, "pg_catalog.count(*) OVER ()");
        add_output_name(sql, &number);
        buf_add_text(sql, ", ");
    }
    for (size_t i = 0; i < read->field_count; i++) {
        if (i > 0)
            buf_add_text(sql, ", ");
        if (!add_field(sql, &read->fields[i], err))
            return false;
        add_output_name(sql, &number);
    }
    return true;
}

static const char *operator_of(const struct read *read, size_t column)
{
    return read->equals ? read->equals[column] : "OPERATOR(pg_catalog.=)";
}

static bool add_key_column(struct buf *sql, const struct read *read, size_t i, struct error *err)
{
    if (read->key_expression)
        return pg_add_fragment(sql, read->key_expression, err);
    add_column(sql, read->key_columns[i]);
    return true;
}

/* Column i equals the i-th value of the row of keys in scope. */
static bool add_key_match(struct buf *sql, const struct read *read, size_t i, struct error *err)
{
    if (read->key_is_array)
        buf_add_format(sql, KEYS_NAME ".\"value %zu\" %s ANY (", i + 1, operator_of(read, i));
    if (!add_key_column(sql, read, i, err))
        return false;
    if (read->key_is_array)
        buf_add_char(sql, ')');
    else
        buf_add_format(sql, " %s " KEYS_NAME ".\"value %zu\"", operator_of(read, i), i + 1);
    return true;
}

static void add_keys_from(struct buf *sql, const struct read *read, const char *const *literals)
{
    buf_add_text(sql, "ROWS FROM (");
    for (size_t i = 0; i < read->keys->column_count; i++)
        buf_add_format(sql, "%spg_catalog.unnest(%s)", i ? ", " : "", literals[i]);
    buf_add_text(sql, ") AS " KEYS_NAME "(");
    for (size_t i = 0; i < read->keys->column_count; i++)
        buf_add_format(sql, "%s\"value %zu\"", i ? ", " : "", i + 1);
    buf_add_char(sql, ')');
}

static bool add_key_matches(struct buf *sql, const struct read *read, struct error *err)
{
    for (size_t i = 0; i < read->keys->column_count; i++) {
        if (i > 0)
            buf_add_text(sql, " AND ");
        if (!add_key_match(sql, read, i, err))
            return false;
    }
    return true;
}

/* One column: = ANY of the array, which the planner hashes or walks an index by. Several: a
 * semi-join with the unnested arrays, so that a key given twice brings no row twice. */
static bool add_by_key(struct buf *sql, const struct read *read, const char *const *literals,
                       struct error *err)
{
    if (read->limit > 0)
        return add_key_matches(sql, read, err);
    if (read->keys->column_count == 1) {
        if (!add_key_column(sql, read, 0, err))
            return false;
        if (read->key_is_array)
            buf_add_format(sql, " OPERATOR(pg_catalog.&&) %s", literals[0]);
        else
            buf_add_format(sql, " %s ANY (%s)", operator_of(read, 0), literals[0]);
        return true;
    }
    buf_add_text(sql, "EXISTS (SELECT 1 FROM ");
    add_keys_from(sql, read, literals);
    buf_add_text(sql, " WHERE ");
    if (!add_key_matches(sql, read, err))
        return false;
    buf_add_char(sql, ')');
    return true;
}

static void add_tid(struct buf *sql, uint64_t address)
{
    uint64_t block = address >> 16;
    uint64_t offset = address & 0xffff;

    if (block > UINT32_MAX) { /* "to the end" */
        block = UINT32_MAX;
        offset = UINT16_MAX;
    }
    buf_add_char(sql, '(');
    buf_add_integer(sql, (int64_t)block);
    buf_add_char(sql, ',');
    buf_add_integer(sql, (int64_t)offset);
    buf_add_char(sql, ')');
}

static void add_by_address(struct buf *sql, const struct read *read)
{
    pg_quote_name(sql, read->table->name);
    buf_add_text(sql, ".ctid OPERATOR(pg_catalog.=) ANY ('{");
    for (size_t i = 0; i < read->address_count; i++) {
        buf_add_text(sql, i ? ",\"" : "\"");
        add_tid(sql, read->addresses[i]);
        buf_add_char(sql, '"');
    }
    buf_add_text(sql, "}'::pg_catalog.tid[])");
}

static void add_by_range(struct buf *sql, const struct read *read)
{
    pg_quote_name(sql, read->table->name);
    buf_add_text(sql, ".ctid OPERATOR(pg_catalog.>=) '");
    add_tid(sql, read->address_low);
    buf_add_text(sql, "'::pg_catalog.tid AND ");
    pg_quote_name(sql, read->table->name);
    buf_add_text(sql, ".ctid OPERATOR(pg_catalog.<) '");
    add_tid(sql, read->address_high);
    buf_add_text(sql, "'::pg_catalog.tid");
}

static bool add_conditions(struct buf *sql, const struct read *read, const char *const *literals,
                           struct error *err)
{
    if (read->by != READ_ALL)
        buf_add_text(sql, " WHERE ");
    if (read->by == READ_BY_ADDRESS)
        add_by_address(sql, read);
    else if (read->by == READ_BY_RANGE)
        add_by_range(sql, read);
    else if (read->by == READ_BY_KEY && !add_by_key(sql, read, literals, err))
        return false;
    if (!read->where)
        return true;
    buf_add_text(sql, read->by == READ_ALL ? " WHERE " : " AND ");
    return pg_add_fragment(sql, read->where, err);
}

static void add_tie(struct buf *sql, const struct column *column, bool is_text, bool *is_first)
{
    buf_add_text(sql, *is_first ? "" : ", ");
    add_column(sql, column);
    if (is_text)
        buf_add_text(sql, "::pg_catalog.text COLLATE pg_catalog.\"C\"");
    *is_first = false;
}

/* First by the profile's order, then by identity. A table without one is ordered by all its
 * columns as text: equal rows are interchangeable, and an address would be no order to keep. */
static bool add_order(struct buf *sql, const struct read *read, struct error *err)
{
    const struct key *identity = table_identity(read->table);
    bool is_first = true;

    buf_add_text(sql, " ORDER BY ");
    if (read->order) {
        if (!pg_add_order(sql, read->order, err))
            return false;
        is_first = false;
    }
    for (size_t i = 0; identity && i < identity->column_count; i++)
        add_tie(sql, identity->columns[i], false, &is_first);
    for (size_t i = 0; !identity && i < read->table->column_count; i++) {
        if (!read->table->columns[i]->is_virtual)
            add_tie(sql, read->table->columns[i], true, &is_first);
    }
    if (is_first)
        buf_add_char(sql, '1');
    return true;
}

static bool add_select(struct buf *sql, const struct read *read, const char *const *literals,
                       struct error *err)
{
    if (!add_outputs(sql, read, err))
        return false;
    buf_add_text(sql, " FROM ");
    pg_add_from(sql, read->table, read->relation);
    if (!add_conditions(sql, read, literals, err))
        return false;
    if (read->by == READ_BY_KEY && read->limit > 0) {
        if (!add_order(sql, read, err))
            return false;
        buf_add_format(sql, " LIMIT %lld", (long long)read->limit);
    }
    return true;
}

bool pg_add_copy(struct buf *sql, const struct read *read, const char *const *literals,
                 struct error *err)
{
    bool is_lateral = read->by == READ_BY_KEY && read->limit > 0;

    assert(read->codec->name && read->field_count > 0);
    buf_add_text(sql, "COPY (");
    if (is_lateral) {
        buf_add_text(sql, "SELECT \"understudy found\".* FROM ");
        add_keys_from(sql, read, literals);
        buf_add_text(sql, " CROSS JOIN LATERAL (");
    }
    if (!add_select(sql, read, literals, err))
        return false;
    if (is_lateral)
        buf_add_text(sql, ") AS \"understudy found\"");
    if (read->max_rows > 0)
        buf_add_format(sql, " LIMIT %lld", (long long)read->max_rows);
    buf_add_format(sql, ") TO STDOUT (FORMAT %s)",
                   read->codec == &codec_pg_binary ? "binary" : "text");
    return buf_ok(sql) ? true : error_memory(err);
}
