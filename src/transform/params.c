/* What prepare functions share. */
#include "transform/params.h"

#include <stdio.h>
#include <string.h>

const struct yaml_node *param_find(const struct yaml_node *params, const char *name)
{
    assert(name);
    return params && params->kind == YAML_MAPPING ? yaml_find(params, name) : NULL;
}

bool param_word(const struct yaml_node *node, const char *const *words, size_t count, size_t *index,
                struct error *err)
{
    char list[200] = "";
    const char *text;

    assert(words && count > 0 && *index < count);
    if (!node)
        return true;
    if (!yaml_read_string(node, &text, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(list);

        if (strcmp(text, words[i]) == 0) {
            *index = i;
            return true;
        }
        (void)snprintf(list + used, sizeof(list) - used, "%s%s", i ? ", " : "", words[i]);
    }
    return yaml_error(node, err, "expected one of: %s", list);
}

bool param_string(const struct yaml_node *params, const char *name, const char **text,
                  struct error *err)
{
    const struct yaml_node *node = param_find(params, name);

    assert(text);
    return !node || yaml_read_string(node, text, err);
}

unsigned whole_digits(const struct transform_site *site)
{
    const struct column *column = site->column;

    if (site->type->kind != KIND_DECIMAL || !column || column->precision <= column->scale)
        return 0;
    return (unsigned)column->precision - column->scale;
}

const struct type *site_companion_type(const struct transform_site *site, const char *name)
{
    const struct table *table = site->column ? site->column->table : NULL;

    assert(name);
    if (!table)
        return site->type;
    for (size_t i = 0; i < table->column_count; i++) {
        if (strcmp(table->columns[i]->name, name) == 0)
            return table->columns[i]->type;
    }
    return NULL;
}

bool site_companion(const struct transform_site *site, const struct yaml_node *node,
                    const char *name, uint32_t *position, const struct type **type,
                    struct error *err)
{
    *type = site_companion_type(site, name);
    if (!site->find_companion || !*type) {
        if (node)
            return yaml_error(node, err, "no column '%s' stands beside '%s'", name, site->label);
        return error_set(err, STATUS_PROFILE, "no column '%s' stands beside '%s'", name,
                         site->label);
    }
    return site->find_companion(site, name, position, err);
}

int64_t column_time_unit(const struct column *column)
{
    int64_t unit = 1;

    for (unsigned digits = column ? column->precision : 6; digits < 6; digits++)
        unit *= 10;
    return unit;
}

/* 9999-12-31 in days since 1970-01-01; the days in which 2^31 and 2^32 seconds end. */
#define LAST_DAY       INT64_C(2932896)
#define LAST_DAY_OF_31 INT64_C(24855)
#define LAST_DAY_OF_32 INT64_C(49710)

struct day_range day_range(const struct type *type, int64_t day)
{
    static const struct day_range dates = {-INT64_C(2440588), INT64_C(2145042906)};
    static const struct day_range moments = {-INT64_C(2440588), LAST_DAY_OF_64_BITS};
    static const struct day_range years = {-INT64_C(719162), LAST_DAY + 1};
    static const struct day_range seconds = {0, LAST_DAY_OF_31};
    static const struct day_range late_seconds = {LAST_DAY_OF_31 + 1, LAST_DAY_OF_32};
    const struct type *ground = type_ground(type);

    if (type_engine(ground) == ENGINE_POSTGRESQL)
        return ground->kind == KIND_DATE ? dates : moments;
    if (ground->kind != KIND_INSTANT)
        return years;
    return day > LAST_DAY_OF_31 ? late_seconds : seconds;
}

int64_t time_fit(const struct type *type, int64_t time)
{
    const int64_t unit = type_ground(type)->kind == KIND_DATE ? 1 : DAY_US;
    const struct day_range days = day_range(type, floor_div(time, unit));
    const int64_t low = days.first * unit, high = days.end * unit - 1;

    return time < low ? low : time > high ? high : time;
}

enum { YEAR_FIRST = 1901, YEAR_LAST = 2155 };

struct integer_range integer_range(const struct type *type, const struct column *column)
{
    const struct type *ground = type_ground(type);
    const bool is_unsigned = type_is_unsigned(ground);
    unsigned bits = 8 * type_width(type) - !is_unsigned;

    if (type_is_year(ground))
        return (struct integer_range){YEAR_FIRST, YEAR_LAST};
    if (type_is_bits(ground) && column && column->modifier > 0)
        bits = (unsigned)column->modifier;
    assert(bits > 0 && bits <= 64);
    const wide end = (wide)1 << bits;

    return (struct integer_range){is_unsigned ? 0 : -end, end - 1};
}

int64_t integer_fit(const struct transform_call *call, wide number)
{
    const struct integer_range range = integer_range(call->type, call->column);

    return (int64_t)(number < range.low ? range.low : number > range.high ? range.high : number);
}

bool time_is_sentinel(enum kind kind, int64_t time)
{
    if (time == TIME_MIN || time == TIME_MAX || time == 0 || time == TIME_ZERO)
        return true;
    if (kind == KIND_DATE)
        return time == LAST_DAY;
    return time >= LAST_DAY * DAY_US && time < (LAST_DAY + 1) * DAY_US;
}

bool value_set_bytes(struct value *value, const void *bytes, size_t len, struct arena *arena,
                     struct error *err)
{
    value->bytes = arena_span(arena, span_make(bytes, len));
    return value->bytes.ptr || error_memory(err);
}
