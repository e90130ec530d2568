/* The keyed hash of a row's identity: what membership, orders and subjects hang on. The same in
 * every engine: see the vectors in the unit test. */
#include "bind/identity.h"

#include "base/siphash.h"
#include "transform/form.h"

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

/* Which bytes a UUID has is no question of where it is kept: written out in a text, as MySQL mostly
 * has them, it is the one that stands in a column of UUIDs. Rules map both alike, too. `start` is
 * where the column's length and bytes begin. */
static void uuid_text_settle(const struct type *type, size_t start, struct buf *bytes)
{
    const size_t head = sizeof(uint32_t);
    uint8_t uuid[16];

    if (!buf_ok(bytes) || bytes->len < start + head || key_base_type(type)->kind != KIND_TEXT ||
        !uuid_read(bytes->ptr + start + head, bytes->len - start - head, uuid))
        return;
    bytes->len = start;
    buf_add_u32be(bytes, sizeof(uuid));
    buf_add(bytes, uuid, sizeof(uuid));
}

bool identity_hash(const struct bound_table *table, const struct sipkey *key,
                   struct key_scratch *scratch, const struct span *cells, uint64_t *hash,
                   struct error *err)
{
    bool has_null = false;

    assert(table && key && scratch && hash);
    buf_reset(&scratch->bytes);
    identity_name_add(table->table, &scratch->bytes);
    for (size_t i = 0; i < table->identity_count; i++) {
        const struct type *type = table->identity_columns[i]->type;
        const size_t start = scratch->bytes.len;

        if (!key_bytes_add(scratch, (const struct type *const[]){type}, &cells[i], 1, &has_null,
                           err))
            return false;
        uuid_text_settle(type, start, &scratch->bytes);
    }
    *hash = siphash(key, buf_text(&scratch->bytes), scratch->bytes.len);
    return buf_ok(&scratch->bytes) || error_memory(err);
}
