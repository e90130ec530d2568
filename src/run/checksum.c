/* Hashes of rows that were sent, and of the same rows read back. */
#include "run/checksum.h"
#include "value/type.h"

/* PostgreSQL's char(n) comes back with blanks, MySQL's without those that it ended in; a varchar
 * whose collation passes over them keeps them. */
static bool type_is_trimmed(const struct type *type)
{
    return type->is_padded &&
           (type_engine(type) == ENGINE_POSTGRESQL || strcmp(type->name, "char") == 0);
}

/* MySQL's json and jsonb are stored as trees; MariaDB's is a text, of which the charset tells. */
static bool type_is_tree(const struct type *type)
{
    return type->kind == KIND_JSON && !type->charset;
}

static bool type_is_loose(const struct type *type)
{
    while (type->element)
        type = type->element;
    for (size_t i = 0; i < type->field_count; i++)
        if (type_is_loose(type->fields[i].type))
            return true;
    return type_is_tree(type) || type_is_trimmed(type) || type->kind == KIND_REAL ||
           type->kind == KIND_OTHER;
}

static bool column_is_loose(const struct bound_column *bound)
{
    return !bound->is_copied && type_is_loose(bound->column->type);
}

bool checksum_init(struct checksum *checksum, const struct bound_table *table,
                   const struct codec *codec, uint64_t seed, struct arena *arena, struct error *err)
{
    *checksum =
        (struct checksum){.codec = codec, .columns = (uint32_t)table->column_count, .seed = seed};
    checksum->is_loose = ARENA_ARRAY(arena, table->column_count + 1, bool);
    checksum->untouched = ARENA_ARRAY(arena, table->column_count + 1, const struct span *);
    if (!checksum->is_loose || !checksum->untouched)
        return error_memory(err);
    for (size_t i = 0; i < table->column_count; i++) {
        checksum->is_loose[i] = column_is_loose(&table->columns[i]);
        checksum->has_loose |= checksum->is_loose[i];
    }
    return true;
}

static struct span without_line_end(struct span row)
{
    while (row.len > 0 && row.ptr[row.len - 1] == '\n')
        row.len--;
    return row;
}

/* A row that was read, in the form in which it would be written. */
static bool row_rewrite(const struct checksum *checksum, struct span *row, struct span *cells,
                        struct error *err)
{
    if (!checksum->written || !checksum->codec->split_written)
        return true;
    if (!checksum->codec->split(*row, cells, checksum->columns, err))
        return false;
    buf_reset(checksum->written);
    checksum->codec->write_row(*row, cells, checksum->untouched, checksum->columns,
                               checksum->written);
    *row = buf_span(checksum->written);
    return buf_ok(checksum->written) || error_memory(err);
}

static bool row_split(const struct checksum *checksum, struct span row, struct span *cells,
                      struct error *err)
{
    const struct codec *codec = checksum->codec;

    return codec->split_written ? codec->split_written(row, cells, checksum->columns, err)
                                : codec->split(row, cells, checksum->columns, err);
}

bool checksum_row(const struct checksum *checksum, struct span row, struct span *cells,
                  struct buf *scratch, uint64_t *hash, struct error *err)
{
    if (!row_rewrite(checksum, &row, cells, err))
        return false;
    if (checksum->codec != &codec_pg_binary)
        row = without_line_end(row);
    if (!checksum->has_loose) {
        *hash = fasthash(checksum->seed, row.ptr, row.len);
        return true;
    }
    if (!row_split(checksum, row, cells, err))
        return false;
    buf_reset(scratch);
    for (uint32_t i = 0; i < checksum->columns; i++) {
        bool has_bytes = cells[i].ptr && !checksum->is_loose[i];

        buf_add_char(scratch, cells[i].ptr ? 'v' : 'n');
        buf_add_u32be(scratch, has_bytes ? cells[i].len : 0);
        if (has_bytes)
            buf_add(scratch, cells[i].ptr, cells[i].len);
    }
    if (!buf_ok(scratch))
        return error_memory(err);
    *hash = fasthash(checksum->seed, scratch->ptr, scratch->len);
    return true;
}
