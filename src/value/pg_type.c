/* Types as both PostgreSQL codecs see them: domains, limits, rounding, refusals. */
#include "value/pg_type.h"
#include "value/decimal.h"

#define US_PER_SECOND INT64_C(1000000)
#define US_PER_DAY    (86400 * US_PER_SECOND)

/* Limits of PostgreSQL's datatype/timestamp.h, moved from Julian days and from 2000 to 1970. */
#define DATE_FIRST      (-INT64_C(2451545) + PG_EPOCH_DAYS)
#define DATE_END        (INT64_C(2147483494) - 2451545 + PG_EPOCH_DAYS)
#define TIMESTAMP_FIRST (-INT64_C(211813488000000000) + PG_EPOCH_US)

char type_delimiter(const struct type *element)
{
    const struct type *base = type_base(element);

    if (base->class != TYPE_BASE)
        return ',';
    if (strcmp(base->name, "box") == 0)
        return ';';
    return strcmp(base->name, "geometry") == 0 || strcmp(base->name, "geography") == 0 ? ':' : ',';
}

bool type_is_jsonb(const struct type *base)
{
    return strcmp(base->name, "jsonb") == 0;
}

#define ZEROS_24 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

struct empty_type {
    const char *schema, *extension, *name; /* schema NULL: any */
    struct span binary;
    const char *text;
};

static const struct empty_type empty_types[] = {
    {"pg_catalog", NULL, "tsvector", {"\0\0\0\0", 4}, ""},
    {"pg_catalog", NULL, "tsquery", {"\0\0\0\0", 4}, ""},
    {"pg_catalog", NULL, "varbit", {"\0\0\0\0", 4}, ""},
    {"pg_catalog", NULL, "int2vector", {"", 0}, ""}, /* text only, as oidvector */
    {"pg_catalog", NULL, "oidvector", {"", 0}, ""},
    {NULL, "ltree", "ltree", {"\1", 1}, ""},
    {"pg_catalog", NULL, "interval", {ZEROS_24, 16}, "00:00:00"},
    {"pg_catalog", NULL, "timetz", {ZEROS_24, 12}, "00:00:00+00"},
    {"pg_catalog", NULL, "bit", {"", 0}, ""}, /* as many bits as the column has */
    {"pg_catalog", NULL, "money", {ZEROS_24, 8}, "0"},
    {"pg_catalog", NULL, "pg_lsn", {ZEROS_24, 8}, "0/0"},
    {"pg_catalog", NULL, "jsonpath", {"\1$", 2}, "$"},
    {"pg_catalog", NULL, "point", {ZEROS_24, 16}, "(0,0)"},
    {"pg_catalog", NULL, "circle", {ZEROS_24, 24}, "<(0,0),0>"},
    {"pg_catalog", NULL, "box", {ZEROS_24 ZEROS_24, 32}, "(0,0),(0,0)"},
    {"pg_catalog", NULL, "lseg", {ZEROS_24 ZEROS_24, 32}, "[(0,0),(0,0)]"},
    {"pg_catalog", NULL, "polygon", {"\0\0\0\1" ZEROS_24, 20}, "((0,0))"},
    {"pg_catalog", NULL, "path", {"\1\0\0\0\1" ZEROS_24, 21}, "((0,0))"},
};

static const struct empty_type *empty_find(const struct type *base)
{
    for (size_t i = 0; i < COUNT_OF(empty_types); i++) {
        const struct empty_type *empty = &empty_types[i];

        if (base->class != TYPE_BASE || strcmp(empty->name, base->name) != 0)
            continue;
        if (empty->schema ? base->schema && strcmp(empty->schema, base->schema) == 0
                          : base->extension && strcmp(empty->extension, base->extension) == 0)
            return empty;
    }
    return NULL;
}

bool pg_type_has_empty(const struct type *base)
{
    return empty_find(base) != NULL;
}

/* Zeros for a bit(n): `lead` bytes that hold n, then a byte for each `in_byte` bits. */
static struct span empty_bits(const struct column *column, uint32_t lead, uint32_t in_byte,
                              struct arena *arena)
{
    uint32_t bits = column && column->modifier > 0 ? (uint32_t)column->modifier : 1;
    uint32_t len = lead + (bits + in_byte - 1) / in_byte;
    char *cell = arena_alloc(arena, len + 1);

    for (uint32_t i = 0; cell && i < len; i++)
        cell[i] = (char)(i >= lead ? (lead ? 0 : '0') : bits >> (8 * (lead - 1 - i)));
    return span_make(cell, cell ? len : 0);
}

struct span type_empty_binary(const struct pg_encoding *encoding)
{
    const struct type *base = encoding->base;
    const struct empty_type *empty = empty_find(base);

    if (empty && type_is_bits(base))
        return empty_bits(encoding->column, 4, 8, encoding->arena);

    return empty ? empty->binary : (struct span){"", 0};
}

struct span type_empty_text(const struct pg_encoding *encoding)
{
    const struct type *base = encoding->base;
    const struct empty_type *empty = empty_find(base);

    if (empty && type_is_bits(base))
        return empty_bits(encoding->column, 0, 1, encoding->arena);

    return span_of(empty ? empty->text : "");
}

bool date_in_range(int64_t days)
{
    return days == TIME_MIN || days == TIME_MAX || (days >= DATE_FIRST && days < DATE_END);
}

bool timestamp_in_range(int64_t us)
{
    return us == TIME_MIN || us >= TIMESTAMP_FIRST;
}

bool time_in_range(int64_t us)
{
    return us >= 0 && us <= US_PER_DAY;
}

/* The unit of the last digit of seconds that the modifier keeps; 1 when it keeps all. */
static int64_t column_time_unit(const struct column *column)
{
    int64_t unit = 1;

    if (!column || column->modifier < 0)
        return 1;
    for (int digits = column->modifier; digits < 6; digits++)
        unit *= 10;
    return unit;
}

int64_t timestamp_round(const struct column *column, int64_t us)
{
    int64_t unit = column_time_unit(column), from_2000, rounded;

    if (unit == 1 || us == TIME_MIN || us == TIME_MAX)
        return us;
    assert(timestamp_in_range(us));
    from_2000 = us - PG_EPOCH_US;
    rounded = from_2000 < 0 ? -((-from_2000 + unit / 2) / unit * unit)
                            : (from_2000 + unit / 2) / unit * unit;
    return rounded > TIME_MAX - 1 - PG_EPOCH_US ? us : rounded + PG_EPOCH_US;
}

int64_t time_round(const struct column *column, int64_t us)
{
    int64_t unit = column_time_unit(column);

    assert(time_in_range(us));
    return (us + unit / 2) / unit * unit;
}

struct span numeric_at_scale(const struct column *column, const struct type *base, struct span text,
                             struct arena *arena, struct error *err)
{
    struct span rounded = text;

    if (!text.ptr || decimal_read(text).class == DECIMAL_INVALID) {
        value_unfit(base, err);
        return (struct span){NULL, 0};
    }
    if (column && column->precision > 0)
        rounded = decimal_round(text, (int16_t)column->scale, arena);
    if (!rounded.ptr)
        error_memory(err);
    return rounded;
}

bool timestamp_too_late(const struct type *type, struct error *err)
{
    error_set(err, STATUS_SOURCE, "a value of type '%s' lies after the year 294246", type->name);
    return error_hint(err, "give the column the rule 'keep', or use 'infinity' in the source");
}
