/* Values to look rows up by, as literals. Equality is the database's own: a literal has the least
 * say in which collation a comparison runs under, so that the column's decides, and is turned into
 * the column's character set once, so that its index is used.
 *
 * Lists of rows, (a, b) IN ((1, 2), (3, 4)), are walked by an index on both servers: 10,000 pairs
 * in 300,000 rows took 50 ms on MariaDB 10.11 and 110 ms on MySQL 9.7; the same written with OR
 * took 1.2 and 1.7 s, and with texts 1.3 and 7.2 s. */
#include "db/my_address.h"
#include "db/my_charset.h"
#include "db/my_conn.h"
#include "db/my_select.h"
#include "value/my_opaque.h"

static bool fault(const struct column *column, struct error *err)
{
    return error_set(err, STATUS_BUG, "a key is not in the form of column '%s'", column->name);
}

/* Digits and what else a number may have; anything else would be SQL. */
static bool is_number(struct span cell)
{
    for (uint32_t i = 0; i < cell.len; i++)
        if (!strchr("0123456789+-.eE", cell.ptr[i]) || cell.ptr[i] == '\0')
            return false;
    return cell.len > 0;
}

/* A number that the column cannot hold equals none of its values. */
static bool add_integer(struct buf *sql, const struct column *column, struct span cell,
                        struct error *err)
{
    uint64_t value;

    if (strcmp(column->type->name, "bit") != 0) {
        if (!is_number(cell))
            return fault(column, err);
        buf_add(sql, cell.ptr, cell.len);
        return true;
    }
    if (!my_address_read(column, cell, &value))
        return fault(column, err);
    my_address_add_value(sql, column, value);
    return true;
}

/* A number without an exponent is a decimal to the server, which compares otherwise. */
static bool add_real(struct buf *sql, const struct column *column, struct span cell,
                     struct error *err)
{
    if (!is_number(cell))
        return fault(column, err);
    buf_add(sql, cell.ptr, cell.len);
    if (!memchr(cell.ptr, 'e', cell.len) && !memchr(cell.ptr, 'E', cell.len))
        buf_add_text(sql, "e0");
    return true;
}

static bool is_ascii(struct span text)
{
    for (uint32_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] >= 0x80)
            return false;
    return true;
}

/* Bytes as they are stored. */
static bool add_stored(struct buf *sql, const char *charset, struct span text)
{
    if (charset && !my_charset_is_name(charset))
        return false;
    buf_add_format(sql, "_%s ", charset ? charset : "utf8mb4");
    my_quote_bytes(sql, text);
    return true;
}

/* Bytes of another character set equal no row. */
static bool add_opaque(struct buf *sql, const char *charset, struct span cell)
{
    struct my_opaque parts;

    if (my_charset_is_utf8(charset))
        return add_stored(sql, charset, cell);
    if (!my_opaque_split(cell, &parts))
        return false;
    if (span_equal(parts.charset, span_of(charset)))
        return add_stored(sql, charset, parts.bytes);
    buf_add_text(sql, "NULL");
    return true;
}

/* What the column's character set does not have equals no row, and would be an error as it stands:
 * NULL then. */
static bool add_text(struct buf *sql, const char *charset, struct span text)
{
    if (!charset || strcmp(charset, "utf8mb4") == 0 || is_ascii(text)) {
        my_quote_literal(sql, text);
        return true;
    }
    if (!my_charset_is_name(charset))
        return false;
    buf_add_text(sql, "IF(CONVERT(CONVERT(");
    my_quote_literal(sql, text);
    buf_add_format(sql, " USING %s) USING utf8mb4) = ", charset);
    my_quote_literal(sql, text);
    buf_add_text(sql, " COLLATE utf8mb4_bin, CONVERT(");
    my_quote_literal(sql, text);
    buf_add_format(sql, " USING %s), NULL)", charset);
    return true;
}

/* `is_stored`: texts are as the column stores them, not UTF-8. */
static bool add_value(struct buf *sql, const struct column *column, struct span cell,
                      bool is_stored, struct error *err)
{
    const struct type *type = column->type;

    assert(!span_is_null(cell));
    switch (type->kind) {
    case KIND_INTEGER:
        return add_integer(sql, column, cell, err);
    case KIND_DECIMAL:
        if (!is_number(cell))
            return fault(column, err);
        buf_add(sql, cell.ptr, cell.len);
        return true;
    case KIND_REAL:
        return add_real(sql, column, cell, err);
    case KIND_TEXT:
    case KIND_ENUM:
        if (!is_stored && type->charset && my_is_opaque(type, cell))
            return add_opaque(sql, type->charset, cell) || fault(column, err);
        return (is_stored ? add_stored : add_text)(sql, type->charset, cell) || fault(column, err);
    case KIND_BYTES:
        my_quote_bytes(sql, cell);
        return true;
    case KIND_UUID: /* of bytes, or a type of its own that is written as text */
        if (strcmp(type->name, "uuid") == 0)
            my_quote_literal(sql, cell);
        else
            my_quote_bytes(sql, cell);
        return true;
    case KIND_JSON:
    case KIND_OTHER:
        return error_set(err, STATUS_PROFILE, "column '%s': rows cannot be looked up by a %s",
                         column->name, type->name);
    default:
        my_quote_literal(sql, cell);
        return true;
    }
}

static bool add_key(struct buf *sql, const struct read *read, size_t at, struct error *err)
{
    const struct key_values *keys = read->keys;
    const struct span *cells = &keys->cells[at * keys->column_count];

    if (read->key_expression) {
        my_quote_literal(sql, cells[0]);
        return true;
    }
    for (size_t i = 0; i < keys->column_count; i++) {
        buf_add_text(sql, i ? "," : "");
        if (!add_value(sql, read->key_columns[i], cells[i], false, err))
            return false;
    }
    return true;
}

static bool add_packed(struct buf *sql, const struct key *key, uint64_t address)
{
    uint64_t values[MY_PACKED_MAX];

    assert(key->column_count <= MY_PACKED_MAX);
    my_address_unpack(key, address, values);
    for (size_t i = 0; i < key->column_count; i++) {
        buf_add_text(sql, i ? "," : "");
        my_address_add_value(sql, key->columns[i], values[i]);
    }
    return true;
}

#define KEY_COLUMNS_MAX 32 /* more than either server allows in an index */

static bool add_noted(struct buf *sql, const struct read *read, struct my_book *book, size_t at,
                      struct error *err)
{
    const struct key *key = read->relation->address_key;
    struct span noted, cells[KEY_COLUMNS_MAX];

    assert(key->column_count <= KEY_COLUMNS_MAX);
    if (!my_book_find(book, read->table, read->addresses[at], &noted))
        return error_set(err, STATUS_SOURCE,
                         "a chosen row of table '%s' is gone: the snapshot did not hold",
                         read->table->label);
    if (!codec_my.split(noted, cells, (uint32_t)key->column_count, err))
        return false;
    for (size_t i = 0; i < key->column_count; i++) {
        buf_add_text(sql, i ? "," : "");
        if (!add_value(sql, key->columns[i], cells[i], true, err))
            return false;
    }
    return true;
}

static bool add_one(struct buf *sql, const struct read *read, struct my_book *book, size_t at,
                    struct error *err)
{
    if (read->by == READ_BY_KEY)
        return add_key(sql, read, at, err);
    if (read->relation->address_class == ADDRESS_PLACE)
        return add_packed(sql, read->relation->address_key, read->addresses[at]);
    return add_noted(sql, read, book, at, err);
}

bool my_add_list(struct buf *sql, const struct read *read, struct my_book *book,
                 const struct my_room *room, size_t *at, struct error *err)
{
    const size_t begin = sql->len, first = *at;
    const size_t count = read->by == READ_BY_KEY ? read->keys->count : read->address_count;
    const size_t columns = read->by == READ_BY_KEY ? read->keys->column_count
                                                   : read->relation->address_key->column_count;

    assert(first < count && columns > 0);
    buf_add_char(sql, '(');
    for (; *at < count &&
           (*at == first || (sql->len - begin < room->bytes && *at - first < room->values));
         ++*at) {
        buf_add_text(sql, *at > first ? "," : "");
        buf_add_text(sql, columns > 1 ? "(" : "");
        if (!add_one(sql, read, book, *at, err))
            return false;
        buf_add_text(sql, columns > 1 ? ")" : "");
        if (!buf_ok(sql))
            return error_memory(err);
    }
    buf_add_char(sql, ')');
    return true;
}
