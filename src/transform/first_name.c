/* first_name: given names from a dictionary. */
#include "transform/names.h"

static bool first_name_apply(const struct transform_call *call, struct value *values,
                             uint32_t count, struct error *err)
{
    return names_apply(call, values, count, NAME_FIRST, err);
}

const struct transform transform_first_name = {
    .name = "first_name",
    .accepts = KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_NOT_GUARANTEED,
    .pers = PER_BIT(PER_SUBJECT) | PER_BIT(PER_ROW),
    .preserves =
        PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_LENGTH | PROPERTY_SCRIPT | PROPERTY_SHAPE,
    .identifies = true,
    .is_dense = true,
    .is_semantic = true,
    .summary = "other given names, as long and written alike",
    .example = "first_name: first_name",
    .guarantee = "Each part becomes another given name, "
                 "never itself, with as many letters, the same case and the same separators. "
                 "Scripts other than Latin and long names are scrambled.",
    .prepare = names_prepare,
    .apply = first_name_apply,
};
