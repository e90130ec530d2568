/* full_name: full names from a dictionary. */
#include "transform/names.h"

static bool full_name_apply(const struct transform_call *call, struct value *values, uint32_t count,
                            struct error *err)
{
    return names_apply(call, values, count, NAME_FULL, err);
}

const struct transform transform_full_name = {
    .name = "full_name",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "other full names, as long and written alike",
    .example = "full_name: full_name",
    .guarantee = "The family name, behind the last blank or before a comma, becomes another one, "
                 "the other parts given names, "
                 "never itself, with as many letters, the same case and the same separators. "
                 "Scripts other than Latin and long names are scrambled.",
    .prepare = names_prepare,
    .apply = full_name_apply,
};
