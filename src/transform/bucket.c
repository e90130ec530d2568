/* bucket: the lower end of the interval that a value lies in. */
#include "transform/coarse.h"

#include <math.h>
#include <string.h>

enum { EDGES_MAX = 256 };

struct bucket_params {
    struct exact width; /* number 0: edges */
    struct exact *edges;
    size_t edge_count;
    struct time_step time;
};

static bool edges_read(const struct yaml_node *node, struct bucket_params *made,
                       struct arena *arena, struct error *err)
{
    int order = 0;

    if (node->kind != YAML_SEQUENCE || node->count == 0 || node->count > EDGES_MAX)
        return yaml_error(node, err, "expected one to %d numbers that rise", EDGES_MAX);
    made->edges = ARENA_ARRAY(arena, node->count, struct exact);
    if (!made->edges)
        return error_memory(err);
    for (size_t i = 0; i < node->count; i++) {
        if (!coarse_number_read(node->items[i], &made->edges[i], err))
            return false;
        if (i > 0 && (!exact_compare(made->edges[i - 1], made->edges[i], &order) || order >= 0))
            return yaml_error(node->items[i], err, "each edge is greater than the one before");
    }
    made->edge_count = node->count;
    return true;
}

static bool bucket_prepare(const struct transform_site *site, const struct yaml_node *params,
                           struct arena *arena, struct prepared_transform *prepared,
                           struct error *err)
{
    const struct yaml_node *width = param_find(params, "width");
    const struct yaml_node *edges = param_find(params, "edges");
    struct bucket_params *made = ARENA_NEW(arena, struct bucket_params);
    const enum kind kind = site->type->kind;
    const bool is_time = kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;

    if (!made)
        return error_memory(err);
    prepared->params = made;
    if (!width == !edges) {
        error_set(err, STATUS_PROFILE, "'bucket' needs either 'width' or 'edges'");
        return error_hint(err, "write { rule: bucket, width: 5000 }");
    }
    if (is_time && edges)
        return yaml_error(edges, err, "a time is put into buckets by 'width'");
    if (is_time)
        return time_step_read(width, &made->time, err);
    if (edges)
        return edges_read(edges, made, arena, err);
    if (!coarse_number_read(width, &made->width, err))
        return false;
    if (kind == KIND_INTEGER && made->width.scale > 0)
        return yaml_error(width, err, "the width of whole numbers is a whole number");
    return made->width.number > 0 || yaml_error(width, err, "a width is greater than zero");
}

static bool exact_bucket(const struct transform_call *call, struct exact number,
                         struct exact *bucket)
{
    const struct bucket_params *params = call->params;
    int order;

    if (params->edge_count == 0)
        return exact_floor_to(number, params->width, bucket);
    assert(params->edges);
    *bucket = params->edges[0];
    for (size_t i = 1; i < params->edge_count; i++) {
        if (!exact_compare(params->edges[i], number, &order))
            return false;
        if (order <= 0)
            *bucket = params->edges[i];
    }
    return true;
}

static double bucket_real(const struct bucket_params *params, double number)
{
    double width, bucket;

    if (!isfinite(number))
        return number;
    if (params->edge_count == 0) {
        width = coarse_real(params->width);
        return floor(number / width) * width;
    }
    bucket = coarse_real(params->edges[0]);
    for (size_t i = 1; i < params->edge_count; i++) {
        if (coarse_real(params->edges[i]) <= number)
            bucket = coarse_real(params->edges[i]);
    }
    return bucket;
}

static bool bucket_apply(const struct transform_call *call, struct value *values, uint32_t count,
                         struct error *err)
{
    const struct bucket_params *params = call->params;
    const enum kind kind = call->type->kind;

    for (uint32_t i = 0; i < count; i++) {
        if (values[i].is_null)
            continue;
        if (kind == KIND_INTEGER) {
            if (!coarse_integer(call, exact_bucket, &values[i]))
                return error_set(err, STATUS_PROFILE, "a number does not fit the buckets");
        } else if (kind == KIND_DECIMAL) {
            if (!coarse_decimal(call, exact_bucket, &values[i], err))
                return false;
        } else if (kind == KIND_REAL) {
            values[i].real = bucket_real(params, values[i].real);
        } else if (time_is_sentinel(kind, values[i].integer)) {
            ++*call->unchanged;
        } else {
            values[i].integer =
                time_fit(call->type, time_step_floor(&params->time, kind, values[i].integer));
        }
    }
    return true;
}

static const struct transform_param params[] = {
    {"width", "number, 7d, month, quarter, year or decade", "of all buckets"},
    {"edges", "list of numbers", "where buckets begin; what lies below the first counts to it"},
};

const struct transform transform_bucket = {
    .name = "bucket",
    .accepts = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) | KIND_BIT(KIND_DECIMAL) |
               KIND_BIT(KIND_DATE) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT),
    .uniqueness = UNIQUENESS_LOSSY,
    .preserves = PROPERTY_NULLS | PROPERTY_EQUALITY | PROPERTY_MAGNITUDE | PROPERTY_ORDER,
    .summary = "coarser values: the lower end of an interval",
    .example = "salary: { rule: bucket, width: 5000 }",
    .guarantee = "All values of an interval become one. Nothing is keyed: the interval is known.",
    .params = params,
    .param_count = COUNT_OF(params),
    .prepare = bucket_prepare,
    .apply = bucket_apply,
};
