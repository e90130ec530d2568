/* The keyed hash of a row's identity: what membership, orders and subjects hang on. The same in
 * every engine: see the vectors in the unit test. */
#include "bind/identity.h"

#include "base/siphash.h"

/* A zero byte ends the name: no name holds one, and no length that begins a column is mistaken
 * for a part of it. */
void identity_name_add(const struct table *table, struct buf *out)
{
    const char *schema = table_key_schema(table);

    if (schema[0] != 0 && strcmp(schema, "public") != 0) {
        buf_add_text(out, schema);
        buf_add_char(out, '.');
    }
    buf_add_text(out, table->name);
    buf_add_char(out, 0);
}

bool identity_hash(const struct bound_table *table, const struct sipkey *key,
                   struct key_scratch *scratch, const struct span *cells, uint64_t *hash,
                   struct error *err)
{
    bool has_null = false;

    assert(table && key && scratch && hash);
    buf_reset(&scratch->bytes);
    identity_name_add(table->table, &scratch->bytes);
    const size_t start = scratch->bytes.len;
    for (size_t i = 0; i < table->identity_count; i++)
        if (!key_bytes_add(scratch, (const struct type *const[]){table->identity_columns[i]->type},
                           &cells[i], 1, &has_null, err))
            return false;
    key_bytes_settle(scratch, start);
    *hash = siphash(key, buf_text(&scratch->bytes), scratch->bytes.len);
    return buf_ok(&scratch->bytes) || error_memory(err);
}
