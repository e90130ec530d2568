/* round: to the nearest step. */
#include "transform/steps.h"

static bool round_prepare(const struct transform_site *site, const struct yaml_node *params,
                          struct arena *arena, struct prepared_transform *prepared,
                          struct error *err)
{
    struct steps *steps = ARENA_NEW(arena, struct steps);

    if (!steps)
        return error_memory(err);
    steps->is_nearest = true;
    prepared->params = steps;
    return steps_read(site, params, steps, err);
}

static const struct transform_param params[] = {
    {"to", "number, 15m, 7d, month, quarter, year or decade", "the step; halves go away from zero"},
    {"places", "integer -18..30", "digits behind the point; -2: whole hundreds"},
};

const struct transform transform_round = {
    .name = "round",
    .accepts = STEPS_KINDS,
    .uniqueness = UNIQUENESS_LOSSY,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_MAGNITUDE | PROPERTY_ORDER,
    .summary = "coarser values: the nearest step of a scale",
    .example = "weight: { rule: round, to: 5 }",
    .guarantee = "Nothing is keyed. Where the nearest step is beyond what the column or its CHECK "
                 "holds, the other side is taken.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = round_prepare,
    .apply = steps_apply,
};
