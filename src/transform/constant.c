/* constant: one value for every row. */
#include "transform/literal.h"
#include "transform/params.h"

static bool constant_prepare(const struct transform_site *site, const struct yaml_node *params,
                             struct arena *arena, struct prepared_transform *prepared,
                             struct error *err)
{
    const struct yaml_node *node = param_find(params, "value");
    struct value *value = ARENA_NEW(arena, struct value);

    if (!value)
        return error_memory(err);
    prepared->params = value;
    if (!node) {
        error_set(err, STATUS_PROFILE, "'constant' needs a 'value'");
        return error_hint(err, "write { rule: constant, value: ... }");
    }
    if (node->kind == YAML_SCALAR && node->is_null) {
        (void)yaml_error(node, err, "the value of 'constant' is missing");
        return error_hint(err, "the rule 'null' writes NULL");
    }
    return literal_read(site, node, arena, value, err);
}

static bool constant_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    const struct value *value = call->params;

    UNUSED(err);
    for (uint32_t i = 0; i < count; i++)
        values[i] = *value;
    return true;
}

static const struct transform_param params[] = {
    {"value", "a value of the column's type", "what every row gets"},
};

const struct transform transform_constant = {
    .name = "constant",
    .accepts = (KIND_BIT(KIND_COUNT) - 1) &
               ~(KIND_BIT(KIND_OTHER) | KIND_BIT(KIND_COMPOSITE) | KIND_BIT(KIND_HSTORE)),
    .uniqueness = UNIQUENESS_LOSSY,
    .summary = "one value for every row, NULLs included",
    .example = "password_hash: { rule: constant, value: \"x\" }",
    .guarantee = "Nothing of the values is left, not even which are NULL.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = constant_prepare,
    .apply = constant_apply,
};
