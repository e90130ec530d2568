#include "fixture.h"

#include <check.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

static bool find_companion(const struct transform_site *site, const char *column,
                           uint32_t *position, struct error *err)
{
    const struct fixture *fixture = site->context;

    for (uint32_t i = 0; i < FIXTURE_COMPANIONS; i++) {
        if (strcmp(fixture->others[i].name, column) == 0) {
            *position = i;
            return true;
        }
    }
    return error_set(err, STATUS_PROFILE, "no such column");
}

static const struct type word_type = {.schema = "pg_catalog", .name = "text", .kind = KIND_TEXT};
static const struct type number_type = {
    .schema = "pg_catalog", .name = "int8", .kind = KIND_INTEGER, .width = 8};
static struct type_field pair_fields[] = {{.name = "word", .type = &word_type},
                                          {.name = "number", .type = &number_type}};

struct value value_pair(struct arena *arena, const char *word, int64_t number)
{
    struct parts *parts = ARENA_NEW(arena, struct parts);

    parts->count = 2;
    parts->values = ARENA_ARRAY(arena, 2, struct value);
    parts->values[0] = word ? value_text(word) : (struct value){.is_null = true};
    parts->values[1] = value_integer(number);
    return (struct value){.parts = parts};
}

struct value value_words(struct arena *arena, const char *const *words, uint32_t count)
{
    struct parts *parts = ARENA_NEW(arena, struct parts);

    parts->count = count;
    parts->values = ARENA_ARRAY(arena, count + 1, struct value);
    for (uint32_t i = 0; i < count; i++)
        parts->values[i] = words[i] ? value_text(words[i]) : (struct value){.is_null = true};
    return (struct value){.parts = parts};
}

static bool parts_equal(enum kind kind, const struct parts *a, const struct parts *b)
{
    for (uint32_t i = 0; i < a->count && i < b->count; i++)
        if (!values_equal(kind == KIND_COMPOSITE && i == 1 ? KIND_INTEGER : KIND_TEXT,
                          &a->values[i], &b->values[i]))
            return false;
    return a->count == b->count;
}

static bool find_group(const struct transform_site *site, const struct site_group *group,
                       struct error *err)
{
    UNUSED(site);
    UNUSED(err);
    *group->position = 0;
    return true;
}

static void columns_init(struct fixture *fixture)
{
    static const char *const names[] = {"a", "b", "odd name"};

    fixture->column = (struct column){
        .name = "c", .type = &fixture->type, .modifier = -1, .table = &fixture->table};
    fixture->columns[0] = &fixture->column;
    for (int i = 0; i < FIXTURE_COMPANIONS; i++) {
        fixture->others[i] = fixture->column;
        fixture->others[i].name = names[i];
        fixture->others[i].type = &fixture->other_type;
        fixture->columns[i + 1] = &fixture->others[i];
    }
    fixture->column.precision = 0;
    fixture->table = (struct table){.schema = "public",
                                    .name = "t",
                                    .label = "public.t",
                                    .columns = fixture->columns,
                                    .column_count = FIXTURE_COMPANIONS + 1};
}

void fixture_init(struct fixture *fixture, enum kind kind, uint8_t key)
{
    static const char *labels[] = {"red", "green", "blue", "black", "white"};
    uint8_t *master;

    memset(fixture, 0, sizeof(*fixture));
    fixture->arena = arena_new();
    ck_assert_ptr_nonnull(fixture->arena);
    ck_assert_int_ge(sodium_init(), 0);
    master = sodium_malloc(32);
    memset(master, key, 32);
    ck_assert(keyring_new(master, 1, &fixture->keyring, &fixture->err));
    fixture->type = (struct type){.schema = "pg_catalog", .name = "t", .kind = kind};
    if (kind == KIND_INTEGER || kind == KIND_REAL)
        fixture->type.width = 8;
    if (kind == KIND_COMPOSITE) {
        fixture->type.class = TYPE_COMPOSITE;
        fixture->type.fields = pair_fields;
        fixture->type.field_count = COUNT_OF(pair_fields);
    }
    if (kind == KIND_ENUM) {
        fixture->type.labels = labels;
        fixture->type.label_count = COUNT_OF(labels);
    }
    fixture->other_type = fixture->type;
    columns_init(fixture);
    if (kind == KIND_TIMESTAMP || kind == KIND_INSTANT || kind == KIND_TIME)
        fixture->column.precision = 6;
    fixture->site = (struct transform_site){.column = &fixture->column,
                                            .type = &fixture->type,
                                            .label = "public.t.c",
                                            .domain = "public.t.c",
                                            .keyring = fixture->keyring,
                                            .find_companion = find_companion,
                                            .find_group = find_group,
                                            .context = fixture};
    for (uint64_t i = 0; i < FIXTURE_ROWS; i++) {
        fixture->subjects[i] = 1 + i / 8;
        fixture->identities[i] = 0x9e3779b97f4a7c15u * (i + 1);
    }
}

void fixture_init_my(struct fixture *fixture, enum kind kind, const char *type, unsigned width)
{
    fixture_init(fixture, kind, 1);
    fixture->type.schema = "";
    fixture->type.name = type;
    fixture->type.width = width;
    if (kind == KIND_TEXT)
        fixture->type.charset = "utf8mb4";
    fixture->other_type = fixture->type;
}

void fixture_release(struct fixture *fixture)
{
    keyring_free(fixture->keyring);
    arena_free(fixture->arena);
}

bool fixture_prepare(struct fixture *fixture, const char *rule, const char *params)
{
    struct yaml_node *root = NULL;

    memset(&fixture->err, 0, sizeof(fixture->err));
    if (params)
        ck_assert_msg(
            yaml_read_text("test.yaml", span_of(params), fixture->arena, &root, &fixture->err),
            "%s", fixture->err.cause);
    const struct yaml_node *risk =
        root && root->kind == YAML_MAPPING ? yaml_find(root, "accept_risk") : NULL;

    if (risk)
        fixture->site.accept_risk = risk->text;
    return transform_prepare(rule, &fixture->site, root, fixture->arena, &fixture->prepared,
                             &fixture->err);
}

void fixture_prepare_short(struct fixture *fixture, const char *rule)
{
    char *name = arena_strdup(fixture->arena, rule), *colon = strchr(name, ':'), *equals;
    const char *params = NULL;

    if (colon) {
        *colon = '\0';
        equals = strchr(colon + 1, '=');
        *equals = '\0';
        params = arena_printf(fixture->arena, "%s: %s\n", colon + 1, equals + 1);
    }
    ck_assert_msg(fixture_prepare(fixture, name, params), "%s: %s", rule, fixture->err.cause);
}

void fixture_apply(struct fixture *fixture, struct value *values, uint32_t count)
{
    struct transform_call call = {
        .column = &fixture->column,
        .type = &fixture->type,
        .subjects = fixture->subjects,
        .identities = fixture->identities,
        .companions = (const struct value *const *)fixture->companions,
        .companion_inputs = (const struct value *const *)fixture->companion_inputs,
        .groups = &fixture->groups,
        .arena = fixture->arena,
        .scrambled = &fixture->scrambled,
        .unchanged = &fixture->unchanged,
    };

    ck_assert_uint_le(count, FIXTURE_ROWS);
    ck_assert_msg(transform_apply(fixture->prepared, &call, values, count, &fixture->err), "%s",
                  fixture->err.cause);
}

const char *fixture_text(struct fixture *fixture, const char *text)
{
    struct value value = value_text(text);

    fixture_apply(fixture, &value, 1);
    if (value.is_null)
        return NULL;
    return arena_strndup(fixture->arena, value.bytes.ptr ? value.bytes.ptr : "", value.bytes.len);
}

int64_t fixture_integer(struct fixture *fixture, int64_t number)
{
    struct value value = value_integer(number);

    fixture_apply(fixture, &value, 1);
    return value.integer;
}

struct value value_text(const char *text)
{
    return (struct value){.bytes = span_of(text)};
}

struct value value_integer(int64_t number)
{
    return (struct value){.integer = number};
}

bool values_equal(enum kind kind, const struct value *a, const struct value *b)
{
    if (a->is_null || b->is_null)
        return a->is_null == b->is_null;
    switch (kind) {
    case KIND_COMPOSITE:
    case KIND_HSTORE:
        return parts_equal(kind, a->parts, b->parts);
    case KIND_BOOLEAN:
        return a->boolean == b->boolean;
    case KIND_REAL:
        return memcmp(&a->real, &b->real, sizeof(a->real)) == 0;
    case KIND_UUID:
        return memcmp(a->uuid, b->uuid, sizeof(a->uuid)) == 0;
    case KIND_INTEGER:
    case KIND_DATE:
    case KIND_TIME:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return a->integer == b->integer;
    default:
        return a->bytes.len == b->bytes.len &&
               (a->bytes.len == 0 || memcmp(a->bytes.ptr, b->bytes.ptr, a->bytes.len) == 0);
    }
}

uint64_t random_next(uint64_t *state)
{
    uint64_t x = *state += 0x9e3779b97f4a7c15u;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}
