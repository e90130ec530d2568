/* Values on the steps of a scale. */
#include "transform/steps.h"

#include "transform/bounds.h"
#include "value/type.h"

#include <math.h>

enum { PLACES_MIN = -18, PLACES_MAX = 30 };

static bool is_time(enum kind kind)
{
    return kind == KIND_DATE || kind == KIND_TIME || kind == KIND_TIMESTAMP || kind == KIND_INSTANT;
}

static bool places_read(const struct yaml_node *node, struct exact *width, struct error *err)
{
    int64_t places;

    if (!yaml_read_integer(node, PLACES_MIN, PLACES_MAX, &places, err))
        return false;
    *width = (struct exact){1, places > 0 ? (unsigned)places : 0};
    for (; places < 0; places++)
        width->number *= 10;
    return true;
}

/* The smallest difference between two values of the column; number 0: there is none. */
static struct exact grain_of(const struct transform_site *site)
{
    const struct column *column = site->column;

    if (site->type->kind == KIND_INTEGER)
        return (struct exact){1, 0};
    if (site->type->kind == KIND_DECIMAL && column && column->precision > 0)
        return (struct exact){1, column->scale};
    return (struct exact){0, 0};
}

static bool width_check(const struct transform_site *site, const struct yaml_node *node,
                        const struct steps *steps, struct error *err)
{
    const struct exact grain = grain_of(site);
    int order = 0;

    if (steps->width.number <= 0)
        return yaml_error(node, err, "a step is greater than zero");
    if (site->type->kind == KIND_INTEGER && steps->width.scale > 0 && !(steps->width.number == 1))
        return yaml_error(node, err, "the step of whole numbers is a whole number");
    if (grain.number == 0)
        return true;
    if (!exact_compare(steps->width, grain, &order))
        return yaml_error(node, err, "the step has too many digits");
    if (order > 0)
        return true;
    yaml_error(node, err, "every value of column '%s' stands on such a step: nothing would change",
               site->label);
    return error_hint(err, "'keep' with a reason says so");
}

static bool time_check(const struct transform_site *site, const struct yaml_node *node,
                       const struct steps *steps, struct error *err)
{
    const enum kind kind = site->type->kind;
    const int64_t grain = kind == KIND_DATE ? DAY_US : column_time_unit(site->column);

    if (kind == KIND_TIME && (steps->time.unit != UNIT_NONE || DAY_US % steps->time.width != 0))
        return yaml_error(node, err, "a day does not divide into such steps");
    if (steps->time.unit != UNIT_NONE || steps->time.width > grain)
        return kind != KIND_DATE || steps->time.unit != UNIT_NONE ||
               steps->time.width % DAY_US == 0 || yaml_error(node, err, "dates step by whole days");
    yaml_error(node, err, "every value of column '%s' stands on such a step: nothing would change",
               site->label);
    return error_hint(err, "'keep' with a reason says so");
}

static void limits_set(const struct transform_site *site, struct steps *steps)
{
    const unsigned digits = whole_digits(site);
    struct bounds bounds;
    double limit = INFINITY;

    bounds_read(site, &bounds);
    if (digits > 0)
        limit = pow(10, digits);
    if (site->type->kind == KIND_INTEGER)
        limit = (double)(integer_range(site->type, site->column).high + 1);
    steps->low = bounds.low;
    steps->low_is_open = bounds.low_is_open;
    steps->high = bounds.high;
    steps->high_is_open = bounds.high_is_open;
    if (limit <= steps->high) {
        steps->high = limit;
        steps->high_is_open = true;
    }
    if (-limit >= steps->low) {
        steps->low = -limit;
        steps->low_is_open = true;
    }
}

bool steps_read(const struct transform_site *site, const struct yaml_node *params,
                struct steps *steps, struct error *err)
{
    const struct yaml_node *to = param_find(params, "to");
    const struct yaml_node *places = param_find(params, "places");
    const struct yaml_node *node = to ? to : places;

    assert(KIND_BIT(site->type->kind) & STEPS_KINDS);
    if (!to == !places) {
        error_set(err, STATUS_PROFILE, "either 'to' or 'places' is needed");
        return error_hint(err, "write { to: 100 }, { places: 1 }, or for times { to: 1h }");
    }
    if (is_time(site->type->kind)) {
        if (places)
            return yaml_error(places, err, "a time has no 'places'; write { to: 1h }");
        return time_step_read(to, &steps->time, err) && time_check(site, to, steps, err);
    }
    limits_set(site, steps);
    return (to ? coarse_number_read(to, &steps->width, err)
               : places_read(places, &steps->width, err)) &&
           width_check(site, node, steps, err);
}

static bool is_held(const struct steps *steps, double number)
{
    return (steps->low_is_open ? number > steps->low : number >= steps->low) &&
           (steps->high_is_open ? number < steps->high : number <= steps->high);
}

/* The steps on both sides of a number that lies on none: the one toward zero and the one away. */
static bool sides_find(const struct steps *steps, struct exact number, struct exact *toward,
                       struct exact *away)
{
    const bool is_negative = number.number < 0;
    struct exact width = steps->width, size = number;

    if (is_negative)
        size.number = -size.number;
    if (!exact_floor_to(size, width, toward) || !exact_add(*toward, width, away))
        return false;
    if (is_negative) {
        toward->number = -toward->number;
        away->number = -away->number;
    }
    return true;
}

static bool is_nearer_away(struct exact number, struct exact toward, struct exact away,
                           bool *is_nearer)
{
    struct exact twice, sum;
    int order;

    if (!exact_multiply(number, (struct exact){2, 0}, &twice) || !exact_add(toward, away, &sum) ||
        !exact_compare(twice, sum, &order))
        return false;
    *is_nearer = number.number < 0 ? order <= 0 : order >= 0;
    return true;
}

/* The column's limits and CHECKs hold for the input: where the step breaks them, the other side is
 * taken. */
static bool step_number(const struct transform_call *call, struct exact number,
                        struct exact *result)
{
    const struct steps *steps = call->params;
    struct exact toward, away;
    bool goes_away = false;
    int order;

    if (!sides_find(steps, number, &toward, &away))
        return false;
    if (!exact_compare(toward, number, &order))
        return false;
    if (order != 0 && steps->is_nearest && !is_nearer_away(number, toward, away, &goes_away))
        return false;
    *result = goes_away ? away : toward;
    if (order != 0 && !is_held(steps, coarse_real(*result))) {
        const struct exact other = goes_away ? toward : away;

        if (is_held(steps, coarse_real(other)))
            *result = other;
    }
    return true;
}

static double step_real(const struct transform_call *call, double number)
{
    const struct steps *steps = call->params;
    const double width = coarse_real(steps->width);
    double result;

    if (!isfinite(number)) {
        ++*call->unchanged;
        return number;
    }
    /* Tenths and the like have no exact double: their inverse, a whole number, has. */
    if (steps->width.number == 1) {
        const double inverse = pow(10, steps->width.scale);

        result = (steps->is_nearest ? round(number * inverse) : trunc(number * inverse)) / inverse;
    } else {
        result = (steps->is_nearest ? round(number / width) : trunc(number / width)) * width;
    }
    if (!isfinite(result))
        return 0;
    return type_width(call->type) == 4 ? (double)(float)result : result;
}

static int64_t step_time(const struct transform_call *call, enum kind kind, int64_t time)
{
    const struct steps *steps = call->params;
    const struct type *type = type_ground(call->type);
    const int64_t floor = time_step_floor(&steps->time, kind, time);

    if (!time_fits(type, floor))
        return time;
    if (!steps->is_nearest)
        return floor;
    const int64_t next = time_step_next(&steps->time, kind, floor);

    return next - time <= time - floor && time_fits(type, next) ? next : floor;
}

static bool step_value(const struct transform_call *call, struct value *value, struct error *err)
{
    const enum kind kind = call->type->kind;

    switch (kind) {
    case KIND_INTEGER:
        return coarse_integer(call, step_number, value) ||
               error_set(err, STATUS_PROFILE, "a number does not fit the steps");
    case KIND_DECIMAL:
        return coarse_decimal(call, step_number, value, err);
    case KIND_REAL:
        value->real = step_real(call, value->real);
        return true;
    default:
        if (kind != KIND_TIME && time_is_sentinel(kind, value->integer))
            ++*call->unchanged;
        else
            value->integer = step_time(call, kind, value->integer);
        return true;
    }
}

bool steps_apply(const struct transform_call *call, struct value *values, uint32_t count,
                 struct error *err)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!values[i].is_null && !step_value(call, &values[i], err))
            return false;
    }
    return true;
}
