/* truncate: what follows is cut off: digits, the finer part of a time, the end of a text. */
#include "base/utf8.h"
#include "transform/steps.h"

struct truncate_params {
    struct steps steps; /* first: what steps_apply reads */
    uint32_t length;    /* of text, in characters */
};

enum { LENGTH_MAX = 10000 };

/* What is no longer than `length` passes whole, which only `keep` may do unasked. */
static bool length_read(const struct transform_site *site, const struct yaml_node *params,
                        struct truncate_params *made, struct error *err)
{
    const struct yaml_node *node = param_find(params, "length");
    const uint32_t limit = site_max_length(site);
    int64_t length;

    if (!node) {
        error_set(err, STATUS_PROFILE, "on a text 'truncate' needs a 'length'");
        return error_hint(err, "write { rule: truncate, length: 2, accept_risk: ... }");
    }
    if (!yaml_read_integer(node, 1, LENGTH_MAX, &length, err))
        return false;
    made->length = (uint32_t)length;
    if (limit > 0 && made->length >= limit)
        return yaml_error(node, err, "column '%s' holds %u characters: nothing would be cut",
                          site->label, limit);
    if (site->accept_risk)
        return true;
    error_set(err, STATUS_POLICY,
              "the first %u characters of each value would stay, of short ones "
              "all",
              made->length);
    return error_hint(err, "write 'accept_risk: REASON', or use 'scramble'");
}

static bool truncate_prepare(const struct transform_site *site, const struct yaml_node *params,
                             struct arena *arena, struct prepared_transform *prepared,
                             struct error *err)
{
    static const char *const others[] = {"to", "places"};
    struct truncate_params *made = ARENA_NEW(arena, struct truncate_params);
    const struct yaml_node *length = param_find(params, "length");

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (site->type->kind != KIND_TEXT)
        return length ? yaml_error(length, err, "'length' is for texts")
                      : steps_read(site, params, &made->steps, err);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (param_find(params, others[i]))
            return yaml_error(param_find(params, others[i]), err,
                              "'%s' is for numbers and times; a text has a 'length'", others[i]);
    return length_read(site, params, made, err);
}

static bool truncate_apply(const struct transform_call *call, struct value *values, uint32_t count,
                           struct error *err)
{
    const struct truncate_params *params = call->params;

    if (call->type->kind != KIND_TEXT)
        return steps_apply(call, values, count, err);
    for (uint32_t i = 0; i < count; i++) {
        const char *at = values[i].bytes.ptr,
                   *end = at + (values[i].is_null ? 0 : values[i].bytes.len);

        if (values[i].is_null)
            continue;
        for (uint32_t k = 0; k < params->length && at < end; k++)
            (void)utf8_next(&at, end);
        *call->unchanged += at == end;
        values[i].bytes.len = (uint32_t)(at - values[i].bytes.ptr);
    }
    return true;
}

static const struct transform_param params[] = {
    {"to", "number, 15m, 7d, month, quarter, year or decade", "the step, toward zero or the past"},
    {"places", "integer -18..30", "digits behind the point; -2: whole hundreds"},
    {"length", "integer 1..10000", "characters of a text that stay"},
};

const struct transform transform_truncate = {
    .name = "truncate",
    .accepts = STEPS_KINDS | KIND_BIT(KIND_TEXT),
    .uniqueness = UNIQUENESS_LOSSY,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_ORDER,
    .summary = "coarser values: the end of a number, a time or a text is cut off",
    .example = "visited_at: { rule: truncate, to: month }",
    .guarantee = "Nothing is keyed: what is left is the beginning of the value itself, so on texts "
                 "it needs accept_risk.",
    .risk = "texts, whose beginning stays",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = truncate_prepare,
    .apply = truncate_apply,
};
