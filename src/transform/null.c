/* null: no value at all. */
#include "transform/params.h"

/* NULLs never collide in a unique key unless it says so. */
static bool nulls_collide(const struct transform_site *site)
{
    const struct table *table = site->column ? site->column->table : NULL;

    if (site->is_referenced_or_referencing)
        return true;
    for (size_t i = 0; table && i < table->key_count; i++) {
        const struct key *key = table->keys[i];

        for (size_t j = 0; j < key->column_count; j++) {
            if (key->columns[j] == site->column && (key->is_nulls_not_distinct || key->is_primary))
                return true;
        }
    }
    return false;
}

static bool null_prepare(const struct transform_site *site, const struct yaml_node *params,
                         struct arena *arena, struct prepared_transform *prepared,
                         struct error *err)
{
    UNUSED(params);
    UNUSED(arena);
    if (site_is_not_null(site)) {
        (void)error_set(err, STATUS_POLICY, "'null' cannot stand in a column that is NOT NULL");
        return error_hint(err, "'redact' writes a stand-in, 'constant' one value");
    }
    if (!nulls_collide(site))
        prepared->uniqueness = UNIQUENESS_PRESERVED;
    return true;
}

static bool null_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    UNUSED(call);
    UNUSED(err);
    for (uint32_t i = 0; i < count; i++)
        values[i] = (struct value){.is_null = true};
    return true;
}

const struct transform transform_null = {
    .name = "null",
    .accepts = KIND_BIT(KIND_COUNT) - 1,
    .uniqueness = UNIQUENESS_LOSSY,
    .is_whole = true,
    .summary = "NULL in place of every value",
    .example = "notes: \"null\"",
    .guarantee = "Nothing of the value is left. Refused on NOT NULL columns and on references.",
    .uniqueness_here =
        "many values become NULL: refused on references, primary keys and keys whose "
        "NULLs are equal",
    .prepare = null_prepare,
    .apply = null_apply,
};
