/* Types as MySQL's codec sees them: limits, rounding, empty values. */
#include "value/my_type.h"
#include <endian.h>

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)

/* 0001-01-01 and the day after 9999-12-31, in days since 1970-01-01. */
#define DATE_FIRST (-INT64_C(719162))
#define DATE_END   INT64_C(2932897)

#define INSTANT_END ((INT64_C(1) << 32) * US_PER_SECOND)

#define ZEROS_16      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define POINTS_2      "\2\0\0\0" ZEROS_16 ZEROS_16
#define POINTS_4      "\4\0\0\0" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16
#define ONE           "\1\0\0\0"
#define SHAPE(number) "\1" number "\0\0\0"
#define SHAPE_CELL(bytes)                                                                          \
    {                                                                                              \
        "\0\0\0\0" bytes, sizeof(bytes) + 3                                                        \
    }

enum { SRID_BYTES = 4 };

/* As the server keeps and sends them: the SRID, then WKB, least byte first. */
static const struct {
    const char *name;
    struct span cell;
} shapes[] = {
    {"geometry", SHAPE_CELL(SHAPE("\7") "\0\0\0\0")},
    {"geometrycollection", SHAPE_CELL(SHAPE("\7") "\0\0\0\0")},
    {"geomcollection", SHAPE_CELL(SHAPE("\7") "\0\0\0\0")},
    {"point", SHAPE_CELL(SHAPE("\1") ZEROS_16)},
    {"linestring", SHAPE_CELL(SHAPE("\2") POINTS_2)},
    {"polygon", SHAPE_CELL(SHAPE("\3") ONE POINTS_4)},
    {"multipoint", SHAPE_CELL(SHAPE("\4") ONE SHAPE("\1") ZEROS_16)},
    {"multilinestring", SHAPE_CELL(SHAPE("\5") ONE SHAPE("\2") POINTS_2)},
    {"multipolygon", SHAPE_CELL(SHAPE("\6") ONE SHAPE("\3") ONE POINTS_4)},
};

static const struct span *shape_find(const struct type *type)
{
    for (size_t i = 0; i < COUNT_OF(shapes); i++)
        if (type->kind == KIND_OTHER && strcmp(shapes[i].name, type->name) == 0)
            return &shapes[i].cell;
    return NULL;
}

static bool type_is_vector(const struct type *type)
{
    return type->kind == KIND_OTHER && strcmp(type->name, "vector") == 0;
}

bool my_type_has_empty(const struct type *type)
{
    return shape_find(type) || type_is_vector(type);
}

bool my_type_empty(const struct my_encoding *encoding, struct span *cell, struct error *err)
{
    const struct span *shape = shape_find(encoding->type);
    const int32_t modifier = encoding->column ? encoding->column->modifier : -1;
    const uint32_t number = htole32(modifier > 0 ? (uint32_t)modifier : 0);
    char *bytes;

    if (!shape && !type_is_vector(encoding->type))
        return value_unfit(encoding->type, err);
    *cell = shape ? *shape : span_make("", 0);
    if (modifier <= 0)
        return true;
    bytes = shape ? arena_strndup(encoding->arena, shape->ptr, shape->len)
                  : arena_array(encoding->arena, (size_t)modifier, sizeof(float));
    if (!bytes)
        return error_memory(err);
    if (shape)
        memcpy(bytes, &number, SRID_BYTES);
    *cell = span_make(bytes, shape ? shape->len : (size_t)modifier * sizeof(float));
    return true;
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
        return time > 0 && time < INSTANT_END;
    default:
        assert(type->kind == KIND_TIMESTAMP);
        return time >= DATE_FIRST * US_PER_DAY && time < DATE_END * US_PER_DAY;
    }
}

int64_t my_time_round(const struct type *type, int64_t time, unsigned digits)
{
    int64_t unit = 1, cut;

    assert(digits <= 6);
    for (unsigned hidden = digits; hidden < 6; hidden++)
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
