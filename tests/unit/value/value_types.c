/* The types that the tests of this folder decode. */
#include "value_types.h"
#include "value/pg_type.h"
#include <check.h>

#define BASE_TYPE(type_name, type_kind, type_width)                                                \
    {                                                                                              \
        .schema = "pg_catalog", .name = (type_name), .kind = (type_kind), .width = (type_width),   \
        .has_binary = true                                                                         \
    }

static const struct type types[];

/* (number int4, words text, inner texts) with the type numbers of the captured cells. */
static const struct type number_field = {
    .name = "int4", .kind = KIND_INTEGER, .width = 4, .oid = 23, .has_binary = true};
static const struct type word_field = {
    .name = "text", .kind = KIND_TEXT, .oid = 25, .has_binary = true};
static const struct type words_field = {
    .name = "_text", .class = TYPE_ARRAY, .kind = KIND_OTHER, .oid = 1009, .element = &word_field};
static struct type_field pair_fields[] = {
    {.name = "number", .type = &number_field},
    {.name = "word", .type = &word_field},
    {.name = "words", .type = &words_field},
};

static const struct type types[] = {
    BASE_TYPE("int4", KIND_INTEGER, 4),
    BASE_TYPE("int2", KIND_INTEGER, 2),
    BASE_TYPE("int8", KIND_INTEGER, 8),
    BASE_TYPE("oid", KIND_INTEGER, 4),
    BASE_TYPE("bool", KIND_BOOLEAN, 0),
    BASE_TYPE("float4", KIND_REAL, 4),
    BASE_TYPE("float8", KIND_REAL, 8),
    BASE_TYPE("numeric", KIND_DECIMAL, 0),
    BASE_TYPE("text", KIND_TEXT, 0),
    BASE_TYPE("varchar", KIND_TEXT, 0),
    BASE_TYPE("name", KIND_TEXT, 0),
    BASE_TYPE("bytea", KIND_BYTES, 0),
    BASE_TYPE("uuid", KIND_UUID, 0),
    BASE_TYPE("date", KIND_DATE, 0),
    BASE_TYPE("time", KIND_TIME, 0),
    BASE_TYPE("timestamp", KIND_TIMESTAMP, 0),
    BASE_TYPE("timestamptz", KIND_INSTANT, 0),
    BASE_TYPE("json", KIND_JSON, 0),
    BASE_TYPE("jsonb", KIND_JSON, 0),
    BASE_TYPE("inet", KIND_INET, 0),
    BASE_TYPE("cidr", KIND_INET, 0),
    BASE_TYPE("macaddr", KIND_MAC, 0),
    BASE_TYPE("macaddr8", KIND_MAC, 0),
    BASE_TYPE("interval", KIND_OTHER, 0),
    {.name = "bpchar", .kind = KIND_TEXT, .is_padded = true},
    {.name = "citext", .kind = KIND_TEXT, .is_case_insensitive = true},
    {.name = "mood", .class = TYPE_ENUM, .kind = KIND_ENUM},
    {.name = "posint", .class = TYPE_DOMAIN, .kind = KIND_INTEGER, .element = &types[0]},
    {.name = "bigpos", .class = TYPE_DOMAIN, .kind = KIND_INTEGER, .element = &types[27]},
    {.name = "int4range", .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &types[0]},
    {.name = "hstore", .kind = KIND_HSTORE},
    {.name = "numrange", .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &types[7]},
    {.name = "textrange", .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &types[8]},
    {.name = "pair",
     .class = TYPE_COMPOSITE,
     .kind = KIND_COMPOSITE,
     .field_count = COUNT_OF(pair_fields),
     .fields = pair_fields},
    {.name = "int4multirange", .class = TYPE_MULTIRANGE, .kind = KIND_OTHER, .element = &types[29]},
    {.name = "texts", .class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &types[8]},
};

const struct type *test_type(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i].name, name) == 0)
            return &types[i];
    ck_abort_msg("the tests have no type '%s'", name);
}

#define MY_TYPE(type_name, type_kind, type_width)                                                  \
    .schema = "", .name = (type_name), .kind = (type_kind), .width = (type_width),                 \
    .has_binary = true
#define MY_TEXT(type_name) MY_TYPE(type_name, KIND_TEXT, 0), .charset = "utf8mb4"

static const struct {
    const char *called; /* NULL: its name */
    struct type type;
} my_types[] = {
    {NULL, {MY_TYPE("tinyint", KIND_INTEGER, 1)}},
    {NULL, {MY_TYPE("tinyint unsigned", KIND_INTEGER, 1), .is_unsigned = true}},
    {"flag", {MY_TYPE("tinyint", KIND_INTEGER, 1), .is_flag = true}},
    {NULL, {MY_TYPE("smallint", KIND_INTEGER, 2)}},
    {NULL, {MY_TYPE("mediumint", KIND_INTEGER, 3)}},
    {NULL, {MY_TYPE("mediumint unsigned", KIND_INTEGER, 3), .is_unsigned = true}},
    {NULL, {MY_TYPE("int", KIND_INTEGER, 4)}},
    {NULL, {MY_TYPE("int unsigned", KIND_INTEGER, 4), .is_unsigned = true}},
    {NULL, {MY_TYPE("bigint", KIND_INTEGER, 8)}},
    {NULL, {MY_TYPE("bigint unsigned", KIND_INTEGER, 8), .is_unsigned = true}},
    {NULL, {MY_TYPE("year", KIND_INTEGER, 2)}},
    {NULL, {MY_TYPE("bit", KIND_INTEGER, 8), .is_unsigned = true}},
    {NULL, {MY_TYPE("decimal", KIND_DECIMAL, 0)}},
    {NULL, {MY_TYPE("decimal unsigned", KIND_DECIMAL, 0), .is_unsigned = true}},
    {NULL, {MY_TYPE("float", KIND_REAL, 4)}},
    {NULL, {MY_TYPE("double", KIND_REAL, 8)}},
    {NULL, {MY_TEXT("varchar")}},
    {NULL, {MY_TEXT("char"), .is_padded = true}},
    {"varchar ci", {MY_TEXT("varchar"), .is_case_insensitive = true}},
    {"varchar pad", {MY_TEXT("varchar"), .is_padded = true}},
    {"varchar ai", {MY_TEXT("varchar"), .is_case_insensitive = true, .folds_accents = true}},
    {NULL, {MY_TYPE("varbinary", KIND_BYTES, 0)}},
    {NULL, {MY_TYPE("binary", KIND_UUID, 0)}},
    {NULL, {MY_TYPE("uuid", KIND_UUID, 0)}},
    {NULL, {MY_TYPE("date", KIND_DATE, 0)}},
    {NULL, {MY_TYPE("datetime", KIND_TIMESTAMP, 0)}},
    {NULL, {MY_TYPE("timestamp", KIND_INSTANT, 0)}},
    {NULL, {MY_TYPE("time", KIND_TIME, 0)}},
    {NULL, {MY_TYPE("enum", KIND_ENUM, 0), .class = TYPE_ENUM}},
    {NULL, {MY_TYPE("set", KIND_ENUM, 0), .class = TYPE_ENUM, .is_set = true}},
    {NULL, {MY_TYPE("json", KIND_JSON, 0)}},
    {NULL, {MY_TYPE("inet4", KIND_INET, 0)}},
    {NULL, {MY_TYPE("inet6", KIND_INET, 0)}},
    {NULL, {MY_TYPE("geometry", KIND_OTHER, 0)}},
    {NULL, {MY_TYPE("point", KIND_OTHER, 0)}},
    {NULL, {MY_TYPE("vector", KIND_OTHER, 0)}},
};

const struct type *test_my_type(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(my_types); i++)
        if (strcmp(my_types[i].called ? my_types[i].called : my_types[i].type.name, name) == 0)
            return &my_types[i].type;
    ck_abort_msg("the tests have no type '%s' of MySQL", name);
}

size_t test_my_type_count(void)
{
    return COUNT_OF(my_types);
}

const struct type *test_my_type_at(size_t index)
{
    ck_assert_uint_lt(index, COUNT_OF(my_types));
    return &my_types[index].type;
}

size_t test_type_count(void)
{
    return COUNT_OF(types);
}

const struct type *test_type_at(size_t index)
{
    ck_assert_uint_lt(index, COUNT_OF(types));
    return &types[index];
}

static const struct type *part_type(const struct type *type, uint32_t part)
{
    if (type->kind == KIND_HSTORE)
        return test_type("text");
    return type->class == TYPE_COMPOSITE ? type->fields[part].type : type->element;
}

static void assert_same_parts(const struct type *type, const struct parts *a, const struct parts *b)
{
    ck_assert_uint_eq(a->count, b->count);
    ck_assert_uint_eq(a->flags, b->flags);
    for (uint32_t i = 0; i < a->count; i++) {
        ck_assert_int_eq(a->values[i].is_null, b->values[i].is_null);
        if (!a->values[i].is_null)
            assert_same_value(part_type(type, i), &a->values[i], &b->values[i]);
    }
}

void assert_same_value(const struct type *type, const struct value *a, const struct value *b)
{
    ck_assert(!a->is_null && !b->is_null);
    type = type_base(type);
    if (type_has_parts(type)) {
        assert_same_parts(type, a->parts, b->parts);
        return;
    }
    switch (type->kind) {
    case KIND_BOOLEAN:
        ck_assert_int_eq(a->boolean, b->boolean);
        return;
    case KIND_REAL:
        ck_assert_int_eq(memcmp(&a->real, &b->real, sizeof(a->real)), 0);
        return;
    case KIND_UUID:
        ck_assert_mem_eq(a->uuid, b->uuid, sizeof(a->uuid));
        return;
    case KIND_INTEGER:
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        ck_assert_int_eq(a->integer, b->integer);
        return;
    default:
        ck_assert(span_equal(a->bytes, b->bytes));
    }
}
