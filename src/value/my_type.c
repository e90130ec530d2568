/* Types as MySQL's codec sees them: limits, rounding, empty values. */
#include "value/my_type.h"

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)

/* 0001-01-01 and the day after 9999-12-31, in days since 1970-01-01. */
#define DATE_FIRST (-INT64_C(719162))
#define DATE_END   INT64_C(2932897)

#define INSTANT_FIRST US_PER_SECOND
#define INSTANT_END   ((INT64_C(1) << 32) * US_PER_SECOND)

/* SRID 0, then WKB of POINT(0 0) and GEOMETRYCOLLECTION EMPTY: how the server sends and keeps
 * them. */
static const struct {
    const char *name;
    struct span cell;
} empty_types[] = {
    {"geometry", {"\0\0\0\0\1\7\0\0\0\0\0\0", 13}},
};

static const struct span *empty_find(const struct type *type)
{
    for (size_t i = 0; i < COUNT_OF(empty_types); i++)
        if (type->kind == KIND_OTHER && strcmp(empty_types[i].name, type->name) == 0)
            return &empty_types[i].cell;
    return NULL;
}

bool my_type_has_empty(const struct type *type)
{
    return empty_find(type) != NULL;
}

struct span my_type_empty(const struct type *type)
{
    const struct span *cell = empty_find(type);

    return cell ? *cell : (struct span){"", 0};
}

static bool day_fits(int64_t days)
{
    return days >= DATE_FIRST && days < DATE_END;
}

bool my_time_fits(const struct type *type, int64_t time)
{
    if (time_is_partial(type->kind, time))
        return type->kind != KIND_INSTANT || time == TIME_ZERO;
    switch (type->kind) {
    case KIND_DATE:
        return day_fits(time);
    case KIND_TIME:
        return time >= -MY_TIME_LIMIT && time <= MY_TIME_LIMIT;
    case KIND_INSTANT:
        return time >= INSTANT_FIRST && time < INSTANT_END;
    default:
        assert(type->kind == KIND_TIMESTAMP);
        return time >= DATE_FIRST * US_PER_DAY && time < DATE_END * US_PER_DAY;
    }
}

int64_t my_time_round(const struct type *type, int64_t time, unsigned digits)
{
    int64_t unit = 1, cut;

    assert(digits <= 6);
    for (; digits < 6; digits++)
        unit *= 10;
    if (unit == 1 || type->kind == KIND_DATE)
        return time;
    if (time_is_partial(type->kind, time))
        return time - (time - TIME_ZERO) % unit;
    if (type->kind == KIND_TIME && time < 0)
        return -my_time_round(type, -time, digits);
    cut = time - time % unit - (time % unit < 0 ? unit : 0);
    return (time - cut) * 2 >= unit && my_time_fits(type, cut + unit) ? cut + unit : cut;
}
