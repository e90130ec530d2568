/* keep: the only rule that copies. */
#include "transform/params.h"

static bool keep_apply(const struct transform_call *call, struct value *values, uint32_t count,
                       struct error *err)
{
    UNUSED(call);
    UNUSED(values);
    UNUSED(count);
    UNUSED(err);
    return true;
}

static const struct transform_param params[] = {
    {"keep", "text", "why the values may stay"},
};

const struct transform transform_keep = {
    .name = "keep",
    .accepts = KIND_BIT(KIND_COUNT) - 1,
    .uniqueness = UNIQUENESS_PRESERVED,
    .preserves = PROPERTY_ALL,
    .is_whole = true,
    .summary = "values as they are; the only rule that copies",
    .example = "status: { keep: \"five values, none personal\" }",
    .guarantee = "Every value reaches staging unchanged. The reason is recorded in the report.",
    .risk = "a column that runs with a shifted time and would undo its shift",
    .params = params,
    .param_count = COUNT_OF(params),
    .apply = keep_apply,
};
