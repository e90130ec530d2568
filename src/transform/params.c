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

int64_t time_fit(enum kind kind, int64_t time)
{
    const int64_t unit = kind == KIND_DATE ? 1 : DAY_US;
    const int64_t low = DAY_FIRST * unit, high = day_end(kind) * unit - 1;

    assert(kind == KIND_DATE || kind == KIND_TIMESTAMP || kind == KIND_INSTANT);
    return time < low ? low : time > high ? high : time;
}

int64_t integer_fit(const struct type *type, int64_t number)
{
    const int64_t high = INT64_MAX >> (64 - 8 * type_width(type));

    return number < -high - 1 ? -high - 1 : number > high ? high : number;
}

/* 9999-12-31 in days since 1970-01-01. */
#define LAST_DAY INT64_C(2932896)

bool time_is_sentinel(enum kind kind, int64_t time)
{
    if (time == TIME_MIN || time == TIME_MAX || time == 0)
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
