/* Odd dates become real ones in front of a rule, and odd ones again behind it. */
#include "transform/odd_dates.h"

#include "transform/params.h"

#define SECOND_US INT64_C(1000000)

/* A value that does not go to the rule as it is. */
struct odd_date {
    uint32_t row;
    bool is_passed; /* it does not go there at all */
    struct value before;
};

bool odd_dates_matter(const struct transform *transform, const struct type *type)
{
    static const struct transform *const moving[] = {&transform_redact,     &transform_shift,
                                                     &transform_birth_date, &transform_round,
                                                     &transform_truncate,   &transform_bucket};
    const unsigned dates = KIND_BIT(KIND_DATE) | KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT);

    if (!(KIND_BIT(type->kind) & dates) || type_engine(type) != ENGINE_MYSQL)
        return false;
    for (size_t i = 0; i < COUNT_OF(moving); i++)
        if (transform == moving[i])
            return true;
    return false;
}

/* Of a day that is neither held whole nor behind those that are: the last of TIMESTAMP. */
static bool is_last_day(const struct type *type, int64_t time)
{
    const int64_t day = floor_div(time, DAY_US);

    return type->kind == KIND_INSTANT && !time_is_partial(type->kind, time) && day > 0 &&
           (day < day_range(type, day).first || day >= day_range(type, day).end);
}

static bool is_odd(const struct type *type, const struct value *value)
{
    if (value->is_null || value->integer == TIME_ZERO)
        return false;
    return time_is_partial(type->kind, value->integer) || is_last_day(type, value->integer);
}

static int64_t nearest_real(enum kind kind, int64_t time)
{
    struct partial_date date = time_read_partial(kind, time);

    date.year += date.year == 0;
    date.month += date.month == 0;
    date.day += date.day == 0;
    while (date_is_partial(date.year, date.month, date.day))
        date.day--;
    const int64_t days = date_to_days(date.year, date.month, date.day);

    return kind == KIND_DATE ? days : days * DAY_US + date.us;
}

/* The zeros that `before` has, in a real date. */
static int64_t zeros_restore(enum kind kind, int64_t before, int64_t time)
{
    const struct partial_date zeros = time_read_partial(kind, before);
    const int64_t day = kind == KIND_DATE ? time : floor_div(time, DAY_US);
    struct partial_date date;

    date_from_days(day, &date.year, &date.month, &date.day);
    if (zeros.year > 0 && zeros.month > 0 && zeros.day > 0)
        return time;
    date.us = kind == KIND_DATE ? 0 : time - day * DAY_US;
    date.year = zeros.year == 0 ? 0 : date.year;
    date.month = zeros.month == 0 ? 0 : date.month;
    date.day = zeros.day == 0 ? 0 : date.day;
    return time_make_partial(kind, &date);
}

/* TIMESTAMP begins a second after 1970. */
static void value_fit(const struct type *type, struct value *value)
{
    if (value->is_null || time_is_partial(type->kind, value->integer))
        return;
    value->integer = time_fit(type, value->integer);
    if (type->kind == KIND_INSTANT && value->integer < SECOND_US)
        value->integer = SECOND_US;
}

static struct odd_date *odd_take(const struct transform_call *call, struct value *values,
                                 uint32_t count, uint32_t odd_count)
{
    struct odd_date *odd = ARENA_ARRAY(call->arena, odd_count, struct odd_date);
    uint32_t at = 0;

    for (uint32_t i = 0; odd && i < count; i++) {
        if (!is_odd(call->type, &values[i]))
            continue;
        assert(at < odd_count);
        odd[at].row = i;
        odd[at].before = values[i];
        odd[at].is_passed = !time_is_partial(call->type->kind, values[i].integer);
        if (odd[at].is_passed)
            values[i].is_null = true;
        else
            values[i].integer = nearest_real(call->type->kind, values[i].integer);
        at++;
    }
    return odd;
}

bool odd_dates_apply(const struct prepared_transform *prepared, const struct transform_call *call,
                     struct value *values, uint32_t count, struct error *err)
{
    struct odd_date *odd = NULL;
    uint32_t odd_count = 0;

    for (uint32_t i = 0; i < count; i++)
        odd_count += is_odd(call->type, &values[i]);
    if (odd_count > 0 && !(odd = odd_take(call, values, count, odd_count)))
        return error_memory(err);
    if (!prepared->transform->apply(call, values, count, err))
        return false;
    for (uint32_t i = 0; i < count; i++)
        value_fit(call->type, &values[i]);
    for (uint32_t i = 0; i < odd_count; i++) {
        struct value *value = &values[odd[i].row];

        if (odd[i].is_passed) {
            *value = odd[i].before;
            ++*call->unchanged;
        } else if (!value->is_null) {
            value->integer = zeros_restore(call->type->kind, odd[i].before.integer, value->integer);
        }
    }
    return true;
}
