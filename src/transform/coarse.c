/* Coarser numbers and times. */
#include "transform/coarse.h"

#include <string.h>

bool coarse_number_read(const struct yaml_node *node, struct exact *number, struct error *err)
{
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    return exact_read(span_of(text), number) || yaml_error(node, err, "expected a number");
}

double coarse_real(struct exact number)
{
    double power = 1;

    for (unsigned i = 0; i < number.scale; i++)
        power *= 10;
    return (double)number.number / power;
}

bool coarse_integer(const struct transform_call *call, coarse_function *function,
                    struct value *value)
{
    struct exact number = {integer_wide(call->type, value->integer), 0}, coarse;

    if (!function(call, number, &coarse) || !exact_round(coarse, 0, &coarse))
        return false;
    value->integer = integer_fit(call, coarse.number);
    return true;
}

/* Numbers of more than 38 digits: the first digit, then zeros. */
static bool decimal_first_digit(struct value *value, struct arena *arena, struct error *err)
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

bool coarse_decimal(const struct transform_call *call, coarse_function *function,
                    struct value *value, struct error *err)
{
    const char *point = memchr(value->bytes.ptr, '.', value->bytes.len);
    const unsigned scale = point ? (unsigned)(value->bytes.ptr + value->bytes.len - point - 1) : 0;
    struct exact number, coarse;

    if (value->bytes.len > 0 && strchr("NI", value->bytes.ptr[value->bytes.ptr[0] == '-'])) {
        ++*call->unchanged;
        return true;
    }
    if (!exact_read(value->bytes, &number) || !function(call, number, &coarse) ||
        !exact_round(coarse, coarse.scale > scale ? coarse.scale : scale, &coarse)) {
        ++*call->scrambled;
        return decimal_first_digit(value, call->arena, err);
    }
    value->bytes = exact_write(coarse, call->arena);
    return value->bytes.ptr || error_memory(err);
}

bool time_step_read(const struct yaml_node *node, struct time_step *step, struct error *err)
{
    static const char *const words[] = {"month", "quarter", "year", "decade"};
    const char *text;

    if (!yaml_read_string(node, &text, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        if (strcmp(text, words[i]) == 0)
            step->unit = (enum span_unit)(UNIT_MONTH + i);
    }
    if (step->unit != UNIT_NONE)
        return true;
    if (!yaml_read_duration(node, &step->width, err))
        return error_hint(err, "a width in time is 7d, 12h ..., month, quarter, year or decade");
    return step->width > 0 || yaml_error(node, err, "a width is greater than zero");
}

static int64_t day_floor(enum span_unit unit, int64_t days)
{
    int year, month, day;

    date_from_days(days, &year, &month, &day);
    if (unit == UNIT_MONTH)
        return date_to_days(year, month, 1);
    if (unit == UNIT_QUARTER)
        return date_to_days(year, month - (month - 1) % 3, 1);
    return date_to_days(unit == UNIT_YEAR ? year : (int)floor_to(year, 10), 1, 1);
}

int64_t time_step_floor(const struct time_step *step, enum kind kind, int64_t time)
{
    if (step->unit != UNIT_NONE)
        return kind == KIND_DATE ? day_floor(step->unit, time)
                                 : day_floor(step->unit, floor_div(time, DAY_US)) * DAY_US;
    assert(step->width > 0);
    if (kind == KIND_DATE)
        return step->width < DAY_US ? time : floor_to(time, step->width / DAY_US);
    return floor_to(time, step->width);
}

int64_t time_step_next(const struct time_step *step, enum kind kind, int64_t floor)
{
    static const int64_t days[] = {
        [UNIT_MONTH] = 31, [UNIT_QUARTER] = 92, [UNIT_YEAR] = 366, [UNIT_DECADE] = 3653};
    const int64_t unit = kind == KIND_DATE ? 1 : DAY_US;

    if (step->unit != UNIT_NONE) /* a few days into the next one: still its beginning */
        return time_step_floor(step, kind, floor + days[step->unit] * unit);
    if (kind == KIND_DATE)
        return floor + (step->width < DAY_US ? 1 : step->width / DAY_US);
    return floor + step->width;
}
