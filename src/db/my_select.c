/* The text of a read: SELECT address, total, fields FROM ... WHERE ....
 *
 * The profile's SQL stands in the same statement. The table keeps its own name as the profile's SQL
 * knows it; output columns get names that no profile means by accident.
 *
 * With a limit for each key the rows of each are numbered:
 *
 *   SELECT ... FROM (SELECT ..., ROW_NUMBER() OVER (PARTITION BY a ORDER BY order, identity) AS
 * rank FROM t WHERE a IN (...)) found WHERE rank <= n */
#include "db/my_select.h"
#include "db/my_address.h"
#include "db/my_charset.h"
#include "db/my_conn.h"

#define RANK_NAME "`understudy rank`"

struct making {
    const struct read *read;
    struct my_book *book;
    size_t ceiling;
    size_t at; /* of the values to look up */
    struct my_statement_list *list;
};

const struct relation *my_relation(const struct read *read)
{
    assert(read->table->relation_count == 1);
    return &read->table->relations[0];
}

static bool is_readable(const struct column *column)
{
    return !column->is_virtual;
}

size_t my_address_column_count(const struct table *table, const struct relation *relation)
{
    size_t count = 0;

    if (relation->address_class != ADDRESS_ROW)
        return relation->address_key->column_count;
    for (size_t i = 0; i < table->column_count; i++)
        count += is_readable(table->columns[i]);
    return count;
}

const struct column *my_address_column(const struct table *table, const struct relation *relation,
                                       size_t i)
{
    size_t at = 0;

    assert(i < my_address_column_count(table, relation));
    if (relation->address_class != ADDRESS_ROW)
        return relation->address_key->columns[i];
    while (!is_readable(table->columns[at]) || i-- > 0)
        at++;
    return table->columns[at];
}

bool my_read_is_filter(const struct read *read)
{
    return read->by == READ_BY_ADDRESS && my_relation(read)->address_class == ADDRESS_ROW;
}

void my_add_from(struct buf *sql, const struct table *table)
{
    my_quote_name(sql, table->name);
}

void my_add_column(struct buf *sql, const struct column *column)
{
    my_quote_name(sql, column->table->name);
    buf_add_char(sql, '.');
    my_quote_name(sql, column->name);
}

/* The value 0 of an enum, which no label has, reads as the empty text; where that is a label too,
 * it is read as '0', which the server takes back as the value 0. */
static bool has_hidden_zero(const struct type *type)
{
    bool has_empty = false, has_zero = false;

    for (size_t i = 0; type->class == TYPE_ENUM && !type->is_set && i < type->label_count; i++) {
        has_empty |= type->labels[i][0] == '\0';
        has_zero |= strcmp(type->labels[i], "0") == 0;
    }
    return has_empty && !has_zero;
}

static bool is_text(const struct type *type)
{
    return type->kind == KIND_TEXT || type->kind == KIND_ENUM || type->kind == KIND_JSON;
}

/* What the text protocol does not print in full, or pads, or what is not UTF-8. */
static void add_readable(struct buf *sql, const struct column *column)
{
    const struct type *type = column->type;
    const bool is_hiding = has_hidden_zero(type);
    const bool is_converted = is_text(type) && !my_charset_is_utf8(type->charset);
    const bool is_float = type->kind == KIND_REAL && type->width == 4;
    const bool is_zerofill = column->type_text && strstr(column->type_text, "zerofill");

    if (is_hiding) {
        buf_add_text(sql, "IF(");
        my_add_column(sql, column);
        buf_add_text(sql, " + 0 = 0, '0', ");
    }
    buf_add_text(sql, is_float || is_zerofill ? "(" : "");
    if (is_converted)
        my_charset_add_cell(sql, column);
    else
        my_add_column(sql, column);
    buf_add_text(sql, is_float ? " + 0e0)" : is_zerofill ? " + 0)" : "");
    buf_add_text(sql, is_hiding ? ")" : "");
}

/* Conditions come as 1, 0 or NULL, texts as UTF-8. */
static bool add_expression(struct buf *sql, const struct field *field, struct error *err)
{
    const enum kind kind = field->type ? field->type->kind : KIND_OTHER;
    const bool is_text = kind == KIND_TEXT || kind == KIND_ENUM || kind == KIND_JSON;

    buf_add_text(sql, kind == KIND_BOOLEAN ? "(NOT (NOT " : is_text ? "CONVERT(" : "");
    if (!my_add_fragment(sql, field->expression, err))
        return false;
    buf_add_text(sql, kind == KIND_BOOLEAN ? "))" : is_text ? " USING utf8mb4)" : "");
    return true;
}

/* Every output column is named by its number. */
static void add_output_name(struct buf *sql, size_t *number)
{
    buf_add_format(sql, " AS `understudy %zu`", ++*number);
}

/* A row without a key is told by its cells as they are read: a float in full. Keys are told by
 * what is stored, which no conversion can make equal. */
static void add_address(struct buf *sql, const struct read *read, size_t *number)
{
    const struct relation *relation = my_relation(read);
    const size_t count = my_address_column_count(read->table, relation);

    for (size_t i = 0; i < count; i++) {
        const struct column *column = my_address_column(read->table, relation, i);

        if (*number)
            buf_add_text(sql, ", ");
        if (relation->address_class == ADDRESS_ROW)
            add_readable(sql, column);
        else
            my_add_column(sql, column);
        add_output_name(sql, number);
    }
}

static bool add_key_column(struct buf *sql, const struct read *read, size_t i, struct error *err)
{
    if (read->key_expression)
        return my_add_fragment(sql, read->key_expression, err);
    my_add_column(sql, read->key_columns[i]);
    return true;
}

static bool add_partition(struct buf *sql, const struct read *read, struct error *err)
{
    buf_add_text(sql, "PARTITION BY ");
    for (size_t i = 0; i < read->keys->column_count; i++) {
        buf_add_text(sql, i ? ", " : "");
        if (!add_key_column(sql, read, i, err))
            return false;
    }
    return true;
}

/* Sorting looks at the first bytes of a long value only. */
static void add_tie(struct buf *sql, const struct column *column, bool *is_first)
{
    const enum kind kind = column->type->kind;
    const bool is_long =
        kind == KIND_TEXT || kind == KIND_BYTES || kind == KIND_JSON || kind == KIND_OTHER;

    buf_add_text(sql, *is_first ? "" : ", ");
    buf_add_text(sql, is_long ? "SHA2(CAST(" : "CAST(");
    my_add_column(sql, column);
    buf_add_text(sql, is_long ? " AS BINARY), 256)" : " AS BINARY)");
    *is_first = false;
}

/* First by the profile's order, then by identity. A table without one is ordered by all its
 * columns as bytes: equal rows are interchangeable. */
static bool add_order(struct buf *sql, const struct read *read, struct error *err)
{
    const struct key *identity = table_identity(read->table);
    bool is_first = true;

    buf_add_text(sql, " ORDER BY ");
    if (read->order) {
        if (!my_add_order(sql, read->order, err))
            return false;
        is_first = false;
    }
    for (size_t i = 0; identity && i < identity->column_count; i++) {
        buf_add_text(sql, is_first ? "" : ", ");
        my_add_column(sql, identity->columns[i]);
        is_first = false;
    }
    for (size_t i = 0; !identity && i < read->table->column_count; i++)
        if (is_readable(read->table->columns[i]))
            add_tie(sql, read->table->columns[i], &is_first);
    return true;
}

static bool add_total(struct buf *sql, const struct read *read, size_t *number, struct error *err)
{
    if (*number)
        buf_add_text(sql, ", ");
    buf_add_text(sql, "COUNT(*) OVER (");
    if (!add_partition(sql, read, err))
        return false;
    buf_add_char(sql, ')');
    add_output_name(sql, number);
    return true;
}

static bool add_outputs(struct buf *sql, const struct read *read, size_t *number, struct error *err)
{
    buf_add_text(sql, "SELECT ");
    if (read->with_address || my_read_is_filter(read))
        add_address(sql, read, number);
    if (read->with_total && !add_total(sql, read, number, err))
        return false;
    for (size_t i = 0; i < read->field_count; i++) {
        const struct field *field = &read->fields[i];

        assert(!field->column != !field->expression);
        if (*number)
            buf_add_text(sql, ", ");
        if (field->column)
            add_readable(sql, field->column);
        else if (!add_expression(sql, field, err))
            return false;
        add_output_name(sql, number);
    }
    return true;
}

/* MariaDB's optimizer takes time by the cube of the rows' number where a second index has a column
 * of theirs: 1,000 pairs 1.3 s, with the index named 0.02 s; MySQL's is twice as fast with it. */
#define ROWS_UNINDEXED 100

static size_t sought_count(const struct read *read)
{
    return read->by == READ_BY_KEY ? read->keys->column_count
                                   : my_relation(read)->address_key->column_count;
}

/* Of several columns; one needs no help. */
static const struct index *index_of(const struct making *making)
{
    const struct read *read = making->read;

    if (!making->list->names_indexes || read->key_expression || sought_count(read) == 1)
        return NULL;
    return my_index_find(read->table,
                         read->by == READ_BY_KEY ? read->key_columns
                                                 : my_relation(read)->address_key->columns,
                         sought_count(read));
}

static struct my_room room_of(const struct making *making, const struct buf *sql)
{
    return (struct my_room){
        .bytes = making->ceiling > sql->len ? making->ceiling - sql->len : 0,
        .values = sought_count(making->read) == 1 || index_of(making) ? SIZE_MAX : ROWS_UNINDEXED,
    };
}

static bool has_list(const struct read *read)
{
    return read->by == READ_BY_KEY || (read->by == READ_BY_ADDRESS && !my_read_is_filter(read));
}

/* The table, and how to go to rows that several columns are looked up by. */
static void add_source(struct buf *sql, const struct making *making)
{
    const struct index *index = has_list(making->read) ? index_of(making) : NULL;

    buf_add_text(sql, " FROM ");
    my_add_from(sql, making->read->table);
    if (!index)
        return;
    buf_add_text(sql, " FORCE INDEX (");
    my_quote_name(sql, index->name);
    buf_add_char(sql, ')');
}

/* What is looked up: columns of the edge or of the key behind the addresses. */
static bool add_sought(struct buf *sql, const struct read *read, struct error *err)
{
    const struct key *key = my_relation(read)->address_key;
    const size_t count = sought_count(read);

    buf_add_text(sql, count > 1 ? "(" : "");
    for (size_t i = 0; i < count; i++) {
        buf_add_text(sql, i ? "," : "");
        if (read->by == READ_BY_ADDRESS)
            my_add_column(sql, key->columns[i]);
        else if (!add_key_column(sql, read, i, err))
            return false;
    }
    buf_add_text(sql, count > 1 ? ") IN " : " IN ");
    return true;
}

/* (a > 1 OR (a = 1 AND (b >= 2))), with a >= 1 before it for the servers' sake, which walk no index
 * by a comparison of rows. `sign`: '>' from the address on, '<' below it. */
static void add_bound(struct buf *sql, const struct key *key, uint64_t address, char sign)
{
    uint64_t values[MY_PACKED_MAX];

    my_address_unpack(key, address, values);
    for (size_t i = 0; i < key->column_count; i++) {
        const struct column *column = key->columns[i];
        const bool is_last = i + 1 == key->column_count;

        buf_add_text(sql, i ? " AND (" : "(");
        if (i == 0 && !is_last) {
            my_add_column(sql, column);
            buf_add_format(sql, " %c= ", sign);
            my_address_add_value(sql, column, values[i]);
            buf_add_text(sql, " AND (");
        }
        my_add_column(sql, column);
        buf_add_format(sql, is_last && sign == '>' ? " %c= " : " %c ", sign);
        my_address_add_value(sql, column, values[i]);
        if (is_last)
            break;
        buf_add_text(sql, " OR (");
        my_add_column(sql, column);
        buf_add_text(sql, " = ");
        my_address_add_value(sql, column, values[i]);
    }
    for (size_t i = 0; i < key->column_count; i++)
        buf_add_text(sql, i + 1 < key->column_count ? "))" : ")");
    if (key->column_count > 1)
        buf_add_char(sql, ')');
}

static void add_range(struct buf *sql, const struct read *read)
{
    const struct key *key = my_relation(read)->address_key;
    const uint64_t highest = my_address_highest(key);

    assert(my_relation(read)->address_class == ADDRESS_PLACE);
    assert(read->address_low < read->address_high);
    if (read->address_low > highest) {
        buf_add_text(sql, "FALSE");
        return;
    }
    add_bound(sql, key, read->address_low, '>');
    if (read->address_high <= highest && read->address_high < UINT64_MAX) {
        buf_add_text(sql, " AND ");
        add_bound(sql, key, read->address_high, '<');
    }
}

static bool add_conditions(struct making *making, struct buf *sql, struct error *err)
{
    const struct read *read = making->read;
    const char *word = " WHERE ";

    if (has_list(read)) {
        const struct my_room room = room_of(making, sql);

        buf_add_text(sql, word);
        if (!add_sought(sql, read, err) ||
            !my_add_list(sql, read, making->book, &room, &making->at, err))
            return false;
        word = " AND ";
    } else if (read->by == READ_BY_RANGE) {
        buf_add_text(sql, word);
        add_range(sql, read);
        word = " AND ";
    }
    if (!read->where)
        return true;
    buf_add_text(sql, word);
    return my_add_fragment(sql, read->where, err);
}

static bool add_rank(struct buf *sql, const struct read *read, struct error *err)
{
    buf_add_text(sql, ", ROW_NUMBER() OVER (");
    if (!add_partition(sql, read, err) || !add_order(sql, read, err))
        return false;
    buf_add_text(sql, ") AS " RANK_NAME);
    return true;
}

static bool add_select(struct making *making, struct buf *sql, struct error *err)
{
    const struct read *read = making->read;
    const bool is_ranked = read->by == READ_BY_KEY && read->limit > 0;
    struct buf inner;
    size_t outputs = 0;

    buf_init(&inner, BUF_CEILING_MAX);
    bool is_made =
        add_outputs(&inner, read, &outputs, err) && (!is_ranked || add_rank(&inner, read, err));
    if (is_made) {
        add_source(&inner, making);
        is_made = add_conditions(making, &inner, err);
    }
    if (is_ranked) {
        buf_add_text(sql, "SELECT ");
        for (size_t i = 1; i <= outputs; i++)
            buf_add_format(sql, "%s`understudy %zu`", i > 1 ? ", " : "", i);
        buf_add_text(sql, " FROM (");
    }
    if (is_made && buf_ok(&inner))
        buf_add(sql, inner.ptr, inner.len);
    if (is_ranked)
        buf_add_format(sql, ") AS `understudy found` WHERE " RANK_NAME " <= %lld",
                       (long long)read->limit);
    is_made = is_made && (buf_ok(&inner) || error_memory(err));
    buf_release(&inner);
    if (read->max_rows > 0 && !my_read_is_filter(read))
        buf_add_format(sql, " LIMIT %lld", (long long)read->max_rows);
    return is_made && (buf_ok(sql) || error_memory(err));
}

static bool statement_add(struct my_statement_list *list, const struct buf *sql, struct error *err)
{
    struct my_statement *grown =
        arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof(*grown));

    if (!grown)
        return error_memory(err);
    list->items = grown;
    grown[list->count].sql = arena_strndup(list->arena, sql->ptr, sql->len);
    grown[list->count].len = sql->len;
    return grown[list->count++].sql || error_memory(err);
}

bool my_statements_make(const struct read *read, struct my_book *book, size_t ceiling,
                        struct my_statement_list *list, struct error *err)
{
    struct making making = {.read = read, .book = book, .ceiling = ceiling, .list = list};
    const size_t values = read->by == READ_BY_KEY       ? read->keys->count
                          : read->by == READ_BY_ADDRESS ? read->address_count
                                                        : 1;
    const bool is_once =
        my_read_is_filter(read) || read->by == READ_ALL || read->by == READ_BY_RANGE;
    bool is_made = true;
    struct buf sql;

    assert(list->arena && list->count == 0 && !read->key_is_array);
    buf_init(&sql, BUF_CEILING_MAX);
    while (is_made && making.at < values) {
        buf_reset(&sql);
        is_made = add_select(&making, &sql, err) && statement_add(list, &sql, err);
        if (is_once)
            break;
    }
    buf_release(&sql);
    return is_made;
}
