/* One row's key through its rules. */
#include "run/mask.h"

#include "base/words.h"

static const struct bound_column *bound_find(const struct bound_table *table,
                                             const struct column *column)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (table->columns[i].column == column)
            return &table->columns[i];
    return NULL;
}

/* One part in text form; NULL: it cannot be told from the value alone. */
static bool part_mask(const struct bound_column *bound, struct span cell, struct arena *arena,
                      struct span *masked, struct error *err)
{
    const struct prepared_transform *rule =
        bound && bound->variant_count == 1 ? bound->variants[0].rule : NULL;
    uint64_t scrambled = 0, unchanged = 0;
    struct value value = {0};

    *masked = cell;
    if (bound && bound->is_copied)
        return true;
    if (!rule || rule->needs) {
        *masked = (struct span){0};
        return true;
    }
    struct transform_call call = {
        .params = rule->params,
        .key = rule->key,
        .column = bound->column,
        .type = bound->column->type,
        .arena = arena,
        .scrambled = &scrambled,
        .unchanged = &unchanged,
    };
    return codec_pg_text.decode(bound->column->type, cell, arena, &value, err) &&
           transform_apply(rule, &call, &value, 1, err) &&
           (value.is_null ||
            codec_pg_text.encode(bound->column, bound->column->type, &value, arena, masked, err));
}

static bool parts_mask(const struct bound_table *table, const struct batch *batch,
                       struct arena *arena, struct buf *text, struct error *err)
{
    for (size_t i = 0; i < table->identity_count; i++) {
        struct span masked = {0};

        if (batch->cells[i].ptr && !part_mask(bound_find(table, table->identity_columns[i]),
                                              batch->cells[i], arena, &masked, err))
            return false;
        if (i)
            buf_add_char(text, ',');
        if (masked.ptr)
            buf_add(text, masked.ptr, masked.len);
        else
            buf_add_char(text, '*');
    }
    return buf_ok(text) || error_memory(err);
}

static bool row_mask(struct db *source, const struct bound_table *table, const struct read *read,
                     struct arena *arena, struct buf *text, struct error *err)
{
    struct batch batch = {0};
    bool has_more = true, is_ok;

    is_ok = batch_init(&batch, 1, (uint32_t)read->field_count, err) &&
            db_read_begin(source, read, err) && db_read_next(source, &batch, &has_more, err);
    if (is_ok && batch.rows == 1)
        is_ok = parts_mask(table, &batch, arena, text, err);
    if (is_ok && has_more)
        is_ok = db_read_end(source, err);
    batch_release(&batch);
    return is_ok;
}

bool mask_key(struct db *source, const struct bound_table *table, uint16_t relation,
              uint64_t address, struct arena *arena, const char **key, struct error *err)
{
    struct field *fields = ARENA_ARRAY(arena, table->identity_count + 1, struct field);
    struct buf text;

    *key = "*";
    if (!fields)
        return error_memory(err);
    if (!table->identity)
        return true;
    for (size_t i = 0; i < table->identity_count; i++)
        fields[i] = (struct field){.column = table->identity_columns[i],
                                   .type = table->identity_columns[i]->type};
    const struct read read = {
        .table = table->table,
        .relation = &table->table->relations[relation],
        .field_count = table->identity_count,
        .fields = fields,
        .codec = &codec_pg_text,
        .by = READ_BY_ADDRESS,
        .addresses = &address,
        .address_count = 1,
    };
    buf_init(&text, 1 << 20);
    bool is_ok = row_mask(source, table, &read, arena, &text, err);
    if (is_ok && text.len) {
        const char *copy = arena_strdup(arena, buf_text(&text));
        const char *printable = copy ? words_printable(arena, copy) : NULL;

        *key = printable;
        is_ok = printable || error_memory(err);
    }
    buf_release(&text);
    return is_ok;
}
