/* bucket: the lower end of the interval that a value lies in. */
#include "transform/exact.h"
#include "transform/params.h"
#include "value/real.h"

#include <math.h>
#include <string.h>

enum { EDGES_MAX = 256 };

enum span_unit { UNIT_NONE, UNIT_MONTH, UNIT_YEAR, UNIT_DECADE };

struct bucket_params {
    struct exact width; /* number 0: edges */
    struct exact *edges;
    size_t edge_count;
    int64_t time_width; /* microseconds; 0: unit */
    enum span_unit unit;
};

static bool number_read(const struct yaml_node *node, struct exact *number, struct error *err)
{
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    return exact_read(span_of(text), number) || yaml_error(node, err, "expected a number");
}

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
        if (!number_read(node->items[i], &made->edges[i], err))
            return false;
        if (i > 0 && (!exact_compare(made->edges[i - 1], made->edges[i], &order) || order >= 0))
            return yaml_error(node->items[i], err, "each edge is greater than the one before");
    }
    made->edge_count = node->count;
    return true;
}

static bool time_width_read(const struct yaml_node *node, struct bucket_params *made,
                            struct error *err)
{
    static const char *const words[] = {"month", "year", "decade"};
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(text, words[i]) == 0)
            made->unit = (enum span_unit)(UNIT_MONTH + i);
    }
    if (made->unit != UNIT_NONE)
        return true;
    if (!yaml_read_duration(node, &made->time_width, err))
        return error_hint(err, "a width in time is 7d, 12h ..., month, year or decade");
    return made->time_width > 0 || yaml_error(node, err, "a width is greater than zero");
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
        return time_width_read(width, made, err);
    if (edges)
        return edges_read(edges, made, arena, err);
    if (!number_read(width, &made->width, err))
        return false;
    if (kind == KIND_INTEGER && made->width.scale > 0)
        return yaml_error(width, err, "the width of whole numbers is a whole number");
    return made->width.number > 0 || yaml_error(width, err, "a width is greater than zero");
}

static bool exact_bucket(const struct bucket_params *params, struct exact number,
                         struct exact *bucket)
{
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

/* Numbers of more than 38 digits: the first digit, then zeros. */
static bool decimal_coarse(struct value *value, struct arena *arena, struct error *err)
{
    char *copy = arena_strndup(arena, value->bytes.ptr, value->bytes.len);
    bool is_first = true;

    if (!copy)
        return error_memory(err);
    for (uint32_t i = 0; i < value->bytes.len; i++) {
        if (copy[i] < '0' || copy[i] > '9' || (is_first && copy[i] == '0'))
            continue;
        if (!is_first)
            copy[i] = '0';
        is_first = false;
    }
    value->bytes.ptr = copy;
    return true;
}

static bool bucket_decimal(const struct transform_call *call, struct value *value,
                           struct error *err)
{
    const struct bucket_params *params = call->params;
    const char *point = memchr(value->bytes.ptr, '.', value->bytes.len);
    const unsigned scale = point ? (unsigned)(value->bytes.ptr + value->bytes.len - point - 1) : 0;
    struct exact number, bucket;

    if (value->bytes.len > 0 && strchr("NI", value->bytes.ptr[value->bytes.ptr[0] == '-'])) {
        ++*call->unchanged;
        return true;
    }
    if (!exact_read(value->bytes, &number) || !exact_bucket(params, number, &bucket) ||
        !exact_round(bucket, bucket.scale > scale ? bucket.scale : scale, &bucket)) {
        ++*call->scrambled;
        return decimal_coarse(value, call->arena, err);
    }
    value->bytes = exact_write(bucket, call->arena);
    return value->bytes.ptr || error_memory(err);
}

static double exact_real(struct exact number)
{
    double power = 1;

    for (unsigned i = 0; i < number.scale; i++)
        power *= 10;
    return (double)number.number / power;
}

static double bucket_real(const struct bucket_params *params, double number)
{
    double width, bucket;

    if (!isfinite(number))
        return number;
    if (params->edge_count == 0) {
        width = exact_real(params->width);
        return floor(number / width) * width;
    }
    bucket = exact_real(params->edges[0]);
    for (size_t i = 1; i < params->edge_count; i++) {
        if (exact_real(params->edges[i]) <= number)
            bucket = exact_real(params->edges[i]);
    }
    return bucket;
}

static int64_t day_bucket(int64_t days, enum span_unit unit)
{
    int year, month, day;

    date_from_days(days, &year, &month, &day);
    if (unit == UNIT_MONTH)
        return date_to_days(year, month, 1);
    return date_to_days(unit == UNIT_YEAR ? year : (int)floor_to(year, 10), 1, 1);
}

static int64_t bucket_time(const struct bucket_params *params, enum kind kind, int64_t time)
{
    if (params->unit != UNIT_NONE)
        return kind == KIND_DATE ? day_bucket(time, params->unit)
                                 : day_bucket(floor_div(time, DAY_US), params->unit) * DAY_US;
    assert(params->time_width > 0);
    if (kind == KIND_DATE)
        return params->time_width < DAY_US ? time : floor_to(time, params->time_width / DAY_US);
    return floor_to(time, params->time_width);
}

static bool bucket_integer(const struct transform_call *call, struct value *value)
{
    struct exact number = {value->integer, 0}, bucket;

    if (!exact_bucket(call->params, number, &bucket) || !exact_round(bucket, 0, &bucket))
        return false;
    if (bucket.number < INT64_MIN)
        bucket.number = INT64_MIN;
    value->integer = (int64_t)bucket.number;
    return true;
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
            if (!bucket_integer(call, &values[i]))
                return error_set(err, STATUS_PROFILE, "a number does not fit the buckets");
            values[i].integer = integer_fit(call->type, values[i].integer);
        } else if (kind == KIND_DECIMAL) {
            if (!bucket_decimal(call, &values[i], err))
                return false;
        } else if (kind == KIND_REAL) {
            values[i].real = bucket_real(params, values[i].real);
        } else if (time_is_sentinel(kind, values[i].integer)) {
            ++*call->unchanged;
        } else {
            values[i].integer = time_fit(kind, bucket_time(params, kind, values[i].integer));
        }
    }
    return true;
}

static const struct transform_param params[] = {
    {"width", "number, 7d, month, year or decade", "of all buckets"},
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
