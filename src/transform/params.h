/* What prepare functions share: reading parameters, writing them into the key's message, and the
 * refusals that name the column. */
#ifndef UNDERSTUDY_TRANSFORM_PARAMS_H
#define UNDERSTUDY_TRANSFORM_PARAMS_H

#include "base/buf.h"
#include "transform/seed.h"
#include "transform/transform.h"
#include "value/type.h"

/* NULL when there is no such parameter; `params` may be NULL. */
const struct yaml_node *param_find(const struct yaml_node *params, const char *name);
/* The index of the scalar among `words`; STATUS_PROFILE lists them. NULL: *index stays. */
bool param_word(const struct yaml_node *node, const char *const *words, size_t count, size_t *index,
                struct error *err);
/* Leaves *text as it is when there is no such parameter. */
bool param_string(const struct yaml_node *params, const char *name, const char **text,
                  struct error *err);
/* True when distinct values must stay distinct here. */
static inline bool site_is_unique(const struct transform_site *site)
{
    return site->is_unique || site->is_key || site->is_referenced_or_referencing;
}

static inline uint32_t site_max_length(const struct transform_site *site)
{
    return site->column ? site->column->max_length : 0;
}

static inline bool site_is_not_null(const struct transform_site *site)
{
    return (site->column && site->column->is_not_null && !site->is_part) || site->type->is_not_null;
}

/* Digits before the point that a numeric(p, s) column holds; 0: no limit, or no numeric. */
unsigned whole_digits(const struct transform_site *site);

/* The type under domains. */
static inline const struct type *type_ground(const struct type *type)
{
    while (type->class == TYPE_DOMAIN && type->element)
        type = type->element;
    return type;
}

/* Bytes of an integer or real; 8 where the type does not say. */
static inline unsigned type_width(const struct type *type)
{
    const unsigned width = type_ground(type)->width;

    return width ? width : 8;
}

/* The type of another column of the site's table (the site's own type where no table is known),
 * or NULL: no such column. */
const struct type *site_companion_type(const struct transform_site *site, const char *name);
/* Resolves a companion's position and type. */
bool site_companion(const struct transform_site *site, const struct yaml_node *node,
                    const char *name, uint32_t *position, const struct type **type,
                    struct error *err);

/* Units of microseconds that a column's precision leaves: 6 digits 1, 0 digits 1,000,000. */
int64_t column_time_unit(const struct column *column);

#define DAY_US INT64_C(86400000000)

/* The days that columns hold, the first one and the one after the last. PostgreSQL: from 4714-11-24
 * BC on, for dates to 5874897-12-31, for moments to the last whole day of 64 bits of microseconds
 * since 1970. MySQL: the years 1 to 9999, for TIMESTAMP to the last whole day of 2^31 seconds, of
 * 2^32 where `day` lies behind them. */
struct day_range {
    int64_t first, end;
};
struct day_range day_range(const struct type *type, int64_t day);
#define LAST_DAY_OF_64_BITS INT64_C(106751991)

/* The nearest that the type holds: of times that are not infinite, and of integers. */
int64_t time_fit(const struct type *type, int64_t time);

/* What an integer column holds, the year 0000 apart, which stays as it is. `column` may be NULL: a
 * bit(n) then has 64 bits. */
struct integer_range {
    wide low, high;
};
struct integer_range integer_range(const struct type *type, const struct column *column);
int64_t integer_fit(const struct transform_call *call, wide number);

/* An integer as what it means: those of 64 bits without a sign go up to 2^64 - 1. */
static inline wide integer_wide(const struct type *type, int64_t number)
{
    return number < 0 && type_is_unsigned(type_ground(type)) ? (wide)(uint64_t)number : number;
}

/* Times that mean "never" or "always": infinities, MySQL's zero date, 1970-01-01, the whole of
 * 9999-12-31. */
bool time_is_sentinel(enum kind kind, int64_t time);
/* Rounds toward the past. */
static inline int64_t floor_div(int64_t a, int64_t b)
{
    int64_t quotient = a / b;

    return quotient - (a % b < 0);
}

static inline int64_t floor_to(int64_t a, int64_t unit)
{
    return floor_div(a, unit) * unit;
}

/* Copies bytes to the arena as the value's bytes; false: out of memory. */
bool value_set_bytes(struct value *value, const void *bytes, size_t len, struct arena *arena,
                     struct error *err);

#endif
