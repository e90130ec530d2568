/* Hashes of rows that were sent, and of the same rows read back. */
#include "run/checksum.h"

static bool type_is_loose(const struct type *type)
{
    while (type->element)
        type = type->element;
    for (size_t i = 0; i < type->field_count; i++)
        if (type_is_loose(type->fields[i].type))
            return true;
    return type->kind == KIND_JSON || type->is_padded || type->kind == KIND_REAL ||
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
    if (!checksum->is_loose)
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

bool checksum_row(const struct checksum *checksum, struct span row, struct span *cells,
                  struct buf *scratch, uint64_t *hash, struct error *err)
{
    if (checksum->codec == &codec_pg_text)
        row = without_line_end(row);
    if (!checksum->has_loose) {
        *hash = fasthash(checksum->seed, row.ptr, row.len);
        return true;
    }
    if (!checksum->codec->split(row, cells, checksum->columns, err))
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
