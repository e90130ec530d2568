/* Key values as array literals. COPY takes no parameters, so the values have to stand in its text:
 * integers and uuids are written here; every other type makes the way over the server, which gets
 * the values as one bound binary array and returns the array's text. Thus no type's text form is
 * written twice, and what goes into the statement is escaped by the client library. */
#include "db/pg_conn.h"
#include <sodium.h>

#define ARRAY_TEXT_MAX ((size_t)1 << 30)

static const struct type *key_type(const struct read *read, size_t i)
{
    const struct type *type = pg_base_type(read->key_columns[i]->type);

    if (read->key_is_array && type->class == TYPE_ARRAY)
        type = pg_base_type(type->element);
    return type;
}

static struct span key_cell(const struct read *read, size_t row, size_t column)
{
    struct span cell = read->keys->cells[row * read->keys->column_count + column];

    assert(!span_is_null(cell));
    return cell;
}

/* Big endian, signed. */
static int64_t integer_read(struct span cell)
{
    uint64_t number = (unsigned char)cell.ptr[0] & 0x80 ? UINT64_MAX : 0;

    for (uint32_t i = 0; i < cell.len; i++)
        number = number << 8 | (unsigned char)cell.ptr[i];
    return (int64_t)number;
}

static bool add_integers(struct buf *out, const struct read *read, size_t column, unsigned width)
{
    for (uint32_t i = 0; i < read->keys->count; i++) {
        struct span cell = key_cell(read, i, column);

        if (cell.len != width)
            return false;
        buf_add_text(out, i ? "," : "");
        buf_add_integer(out, integer_read(cell));
    }
    return true;
}

static bool add_uuids(struct buf *out, const struct read *read, size_t column)
{
    for (uint32_t i = 0; i < read->keys->count; i++) {
        struct span cell = key_cell(read, i, column);
        char hex[33];

        if (cell.len != 16)
            return false;
        sodium_bin2hex(hex, sizeof(hex), (const unsigned char *)cell.ptr, cell.len);
        buf_add_format(out, "%s%s", i ? "," : "", hex);
    }
    return true;
}

static void add_array_type(struct buf *out, const struct type *type)
{
    buf_add_text(out, "::");
    if (type) {
        pg_quote_table(out, type->schema, type->name);
        buf_add_text(out, "[]");
    } else
        buf_add_text(out, "pg_catalog.text[]");
}

/* array_recv's form: dimensions, flags, element type, length, lower bound, elements. */
static void add_binary_array(struct buf *out, const struct read *read, size_t column, uint32_t oid)
{
    buf_add_u32be(out, 1);
    buf_add_u32be(out, 0);
    buf_add_u32be(out, oid);
    buf_add_u32be(out, read->keys->count);
    buf_add_u32be(out, 1);
    for (uint32_t i = 0; i < read->keys->count; i++) {
        struct span cell = key_cell(read, i, column);

        buf_add_u32be(out, cell.len);
        buf_add(out, cell.ptr, cell.len);
    }
}

static bool array_ask(struct pg_db *pg, struct span array, const struct type *type,
                      PGresult **result, struct error *err)
{
    const char *values[1] = {array.ptr};
    const int lengths[1] = {(int)array.len};
    const int formats[1] = {1};
    struct buf sql;

    buf_init(&sql, 1 << 16);
    buf_add_text(&sql, "SELECT $1");
    add_array_type(&sql, type);
    buf_add_text(&sql, "::pg_catalog.text");
    *result = buf_ok(&sql) ? PQexecParams(pg->connection, buf_text(&sql), 1, NULL, values, lengths,
                                          formats, 0)
                           : NULL;
    buf_release(&sql);
    if (PQresultStatus(*result) != PGRES_TUPLES_OK)
        return pg_error(&pg->base, *result, "sending keys", err);
    assert(PQntuples(*result) == 1 && PQnfields(*result) == 1);
    return true;
}

static bool add_by_server(struct pg_db *pg, const struct read *read, size_t column, struct buf *out,
                          struct error *err)
{
    const struct type *type = read->key_expression ? NULL : key_type(read, column);
    AUTO(PGresult) PGresult *result = NULL;
    struct buf array;

    buf_init(&array, ARRAY_TEXT_MAX - 1);
    add_binary_array(&array, read, column, type ? type->oid : 25 /* text */);
    bool is_text =
        buf_ok(&array) ? array_ask(pg, buf_span(&array), type, &result, err) : error_memory(err);
    buf_release(&array);
    if (!is_text)
        return false;

    char *literal = PQescapeLiteral(pg->connection, PQgetvalue(result, 0, 0),
                                    (size_t)PQgetlength(result, 0, 0));
    if (!literal)
        return error_set(err, pg_status(pg), "a key cannot be escaped in this encoding");
    buf_add_text(out, literal);
    PQfreemem(literal);
    return true;
}

static bool add_literal(struct pg_db *pg, const struct read *read, size_t column, struct buf *out,
                        struct error *err)
{
    const struct type *type = read->key_expression ? NULL : key_type(read, column);
    bool is_integer = type && type->kind == KIND_INTEGER && type->oid >= 20 && type->oid <= 23;
    bool is_uuid = type && type->kind == KIND_UUID;

    if (type && type->class == TYPE_ARRAY)
        return error_set(err, STATUS_PROFILE, "column '%s': rows cannot be looked up by an array",
                         read->key_columns[column]->name);
    if (!is_integer && !is_uuid) {
        if (!add_by_server(pg, read, column, out, err))
            return false;
    } else {
        buf_add_text(out, "'{");
        if (!(is_integer ? add_integers(out, read, column, type->width)
                         : add_uuids(out, read, column)))
            return error_set(err, STATUS_BUG, "a key is not in the form of its column's type");
        buf_add_text(out, "}'");
    }
    add_array_type(out, type);
    return true;
}

bool pg_key_literals(struct pg_db *pg, const struct read *read, struct arena *arena,
                     const char **literals, struct error *err)
{
    struct buf out;
    bool is_made = true;

    assert(read->by == READ_BY_KEY && read->keys->column_count > 0);
    buf_init(&out, ARRAY_TEXT_MAX);
    for (size_t i = 0; is_made && i < read->keys->column_count; i++) {
        buf_reset(&out);
        is_made = add_literal(pg, read, i, &out, err);
        if (!is_made)
            break;
        literals[i] = buf_ok(&out) ? arena_strdup(arena, buf_text(&out)) : NULL;
        is_made = literals[i] ? true : error_memory(err);
    }
    buf_release(&out);
    return is_made;
}
