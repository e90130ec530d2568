/* Values as a profile writes them. */
#include "transform/literal.h"

#include "base/words.h"
#include "transform/bounds.h"
#include "transform/charset.h"
#include "transform/form.h"
#include "transform/params.h"
#include "value/my_time.h"
#include "value/network.h"
#include "value/real.h"
#include "value/type.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

static bool fixed_digits(const char **text, int count, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++, ++*text) {
        if (**text < '0' || **text > '9')
            return false;
        *number = *number * 10 + (**text - '0');
    }
    return true;
}

static bool date_text(const char **text, int64_t *days)
{
    int year, month, day, back_year, back_month, back_day;

    if (!fixed_digits(text, 4, &year) || *(*text)++ != '-' || !fixed_digits(text, 2, &month) ||
        *(*text)++ != '-' || !fixed_digits(text, 2, &day) || month < 1 || month > 12 || day < 1)
        return false;
    *days = date_to_days(year, month, day);
    date_from_days(*days, &back_year, &back_month, &back_day);
    return back_year == year && back_month == month && back_day == day;
}

static bool clock_text(const char **text, int64_t *us)
{
    int hour, minute, second;
    int64_t unit = 100000;

    if (!fixed_digits(text, 2, &hour) || *(*text)++ != ':' || !fixed_digits(text, 2, &minute) ||
        *(*text)++ != ':' || !fixed_digits(text, 2, &second) || hour > 23 || minute > 59 ||
        second > 59)
        return false;
    *us = ((int64_t)hour * 3600 + minute * 60 + second) * 1000000;
    if (**text != '.')
        return true;
    for (++*text; **text >= '0' && **text <= '9' && unit > 0; ++*text, unit /= 10)
        *us += (**text - '0') * unit;
    return true;
}

/* 2024-02-29, 2024-02-29 13:14:15.5, the same with T and Z, 13:14:15. */
static bool time_text(enum kind kind, const char *text, int64_t *number)
{
    int64_t days = 0, us = 0;

    if (kind == KIND_TIME)
        return clock_text(&text, number) && *text == '\0';
    if (!date_text(&text, &days))
        return false;
    if (kind == KIND_DATE) {
        *number = days;
        return *text == '\0';
    }
    if (*text == ' ' || *text == 'T') {
        text++;
        if (!clock_text(&text, &us))
            return false;
    }
    text += *text == 'Z' && kind == KIND_INSTANT;
    *number = days * DAY_US + us;
    return *text == '\0';
}

static bool is_json(const char *text)
{
    yajl_handle handle = yajl_alloc(NULL, NULL, NULL);
    bool is_valid;

    if (!handle)
        return false;
    is_valid = yajl_parse(handle, (const unsigned char *)text, strlen(text)) == yajl_status_ok &&
               yajl_complete_parse(handle) == yajl_status_ok;
    yajl_free(handle);
    return is_valid;
}

static bool decimal_text(const struct transform_site *site, const char *text)
{
    const size_t sign = text[0] == '-';
    const char *point = strchr(text, '.');
    const size_t whole = point ? (size_t)(point - text) - sign : strlen(text) - sign;
    const size_t fraction = point ? strlen(point + 1) : 0;
    const unsigned limit = whole_digits(site);

    if (whole == 0 || (point && fraction == 0) ||
        (sign > 0 && type_is_unsigned(type_ground(site->type))) ||
        strspn(text + sign, "0123456789") + strspn(point ? point + 1 : "", "0123456789") !=
            whole + fraction)
        return false;
    return limit == 0 || (whole <= limit && fraction <= site->column->scale);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool bytes_text(const char *text, struct arena *arena, struct span *bytes)
{
    const size_t len = strlen(text);
    char *out = arena_alloc(arena, len / 2 + 1);

    if (!out || len < 2 || len % 2 != 0 || text[0] != '\\' || text[1] != 'x')
        return false;
    for (size_t i = 2; i < len; i += 2) {
        const int high = hex_digit(text[i]), low = hex_digit(text[i + 1]);

        if (high < 0 || low < 0)
            return false;
        out[i / 2 - 1] = (char)(high << 4 | low);
    }
    *bytes = span_make(out, len / 2 - 1);
    return true;
}

static bool is_label(const struct type *type, struct span text)
{
    for (size_t i = 0; i < type->label_count; i++) {
        if (span_equal(span_of(type->labels[i]), text))
            return true;
    }
    return false;
}

/* One label; of a set any number of them, in their order, as the server writes them. */
static bool label_text(const struct type *type, const char *text)
{
    size_t label = 0;

    if (!type->is_set)
        return is_label(type, span_of(text));
    while (*text) {
        const size_t len = strcspn(text, ",");

        while (label < type->label_count &&
               !span_equal(span_of(type->labels[label]), span_make(text, len)))
            label++;
        if (label++ == type->label_count)
            return false;
        text += len;
        if (*text == ',' && *++text == '\0')
            return false;
    }
    return true;
}

/* inet4 and inet6 hold hosts of their family. */
static bool inet_fits(const struct type *type, struct span bytes)
{
    if (type_engine(type) == ENGINE_POSTGRESQL)
        return inet_is_well(bytes, type_is_network(type));
    return inet_is_well(bytes, false) && type_is_host(type, bytes);
}

static bool charset_holds(const struct type *type, const char *text, struct arena *arena)
{
    bool is_changed = false;

    return !charset_is_narrow(type) ||
           (charset_fit(type, SPAN_LITERAL(""), span_of(text), arena, &is_changed).ptr &&
            !is_changed);
}

static bool address_text(const struct type *type, const char *text, struct arena *arena,
                         struct span *bytes)
{
    char room[NETWORK_BYTES_MAX];
    const size_t count = type_mac_bytes(type);

    if (type->kind == KIND_MAC) {
        if (!mac_parse(span_of(text), count, room))
            return false;
        *bytes = span_make(room, count);
    } else if (!inet_parse(span_of(text), room, bytes) || !inet_fits(type, *bytes)) {
        return false;
    }
    *bytes = arena_span(arena, *bytes);
    return bytes->ptr != NULL;
}

static bool bytes_literal(const struct transform_site *site, const char *text, struct arena *arena,
                          struct value *value)
{
    const uint32_t limit = site_max_length(site);

    assert(text);
    value->bytes = span_of(text);
    switch (site->type->kind) {
    case KIND_TEXT:
        return (limit == 0 || utf8_length(text, strlen(text)) <= limit) &&
               charset_holds(site->type, text, arena);
    case KIND_ENUM:
        return label_text(type_ground(site->type), text);
    case KIND_DECIMAL:
        return decimal_text(site, text);
    case KIND_JSON:
        return is_json(text);
    case KIND_BYTES:
        return bytes_text(text, arena, &value->bytes) && (limit == 0 || value->bytes.len <= limit);
    case KIND_INET:
    case KIND_MAC:
        return address_text(type_ground(site->type), text, arena, &value->bytes);
    default:
        return false;
    }
}

/* Flags may be written as what they mean. */
static bool integer_literal(const struct transform_site *site, const struct yaml_node *node,
                            const char *text, int64_t *number, struct error *err)
{
    const struct type *ground = type_ground(site->type);
    const struct integer_range range = integer_range(ground, site->column);
    const int64_t high = range.high > INT64_MAX ? INT64_MAX : (int64_t)range.high;

    if (ground->is_flag && (strcmp(text, "true") == 0 || strcmp(text, "false") == 0)) {
        *number = text[0] == 't';
        return true;
    }
    if (type_is_year(ground) && strcmp(text, "0") == 0) {
        *number = 0;
        return true;
    }
    return yaml_read_integer(node, (int64_t)range.low, high, number, err);
}

/* MySQL's own forms too: "0000-00-00", "-838:59:59". */
static bool time_literal(const struct transform_site *site, const char *text, int64_t *time)
{
    const struct type *ground = type_ground(site->type);

    if (type_engine(ground) == ENGINE_POSTGRESQL)
        return time_text(ground->kind, text, time);
    if (!time_text(ground->kind, text, time) &&
        (ground->kind == KIND_TIME ? !my_time_parse(span_of(text), time)
                                   : !my_date_parse(ground->kind, span_of(text), time)))
        return false;
    return time_fits(ground, *time);
}

static bool scalar_literal(const struct transform_site *site, const struct yaml_node *node,
                           const char *text, struct value *value, struct error *err)
{
    switch (site->type->kind) {
    case KIND_BOOLEAN:
        return yaml_read_bool(node, &value->boolean, err);
    case KIND_INTEGER:
        return integer_literal(site, node, text, &value->integer, err);
    case KIND_REAL:
        return real_parse(span_of(text), type_width(site->type) == 4, &value->real);
    case KIND_UUID:
        return uuid_read(text, strlen(text), value->uuid);
    default:
        return time_literal(site, text, &value->integer);
    }
}

static bool is_in_bounds(const struct transform_site *site, const char *text,
                         const struct value *value)
{
    const enum kind kind = site->type->kind;
    struct bounds bounds;

    if (kind != KIND_INTEGER && kind != KIND_REAL && kind != KIND_DECIMAL)
        return true;
    bounds_read(site, &bounds);
    return bounds_hold(&bounds, kind == KIND_INTEGER ? (double)value->integer : strtod(text, NULL));
}

bool literal_read(const struct transform_site *site, const struct yaml_node *node,
                  struct arena *arena, struct value *value, struct error *err)
{
    const unsigned bytes = KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_ENUM) | KIND_BIT(KIND_DECIMAL) |
                           KIND_BIT(KIND_JSON) | KIND_BIT(KIND_BYTES) | KIND_BIT(KIND_INET) |
                           KIND_BIT(KIND_MAC);
    const char *text;
    bool is_read;

    assert(site->type->kind != KIND_OTHER);
    if (!yaml_read_string(node, &text, err))
        return false;
    *value = (struct value){.is_null = false};
    is_read = KIND_BIT(site->type->kind) & bytes ? bytes_literal(site, text, arena, value)
                                                 : scalar_literal(site, node, text, value, err);
    if (is_read && !is_in_bounds(site, text, value))
        return yaml_error(node, err, "a CHECK of column '%s' forbids this value", site->label);
    return is_read || yaml_error(node, err, "this is no %s that column '%s' can hold",
                                 kind_word(site->type->kind), site->label);
}
