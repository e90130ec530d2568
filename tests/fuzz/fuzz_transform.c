/* Fuzz target: any value through every rule on every kind of column, free, unique and narrow ones.
 * Besides memory errors it looks for valid UTF-8 that comes out invalid, for NULLs that come or go,
 * for results that differ between two calls or that the column cannot hold, and for identifying
 * values that pass uncounted. The first byte chooses the rule and its parameters, the second the
 * kind and the column. */
#include "base/words.h"
#include "transform/transform.h"
#include "value/codec.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const enum kind kinds[] = {KIND_TEXT,    KIND_DECIMAL, KIND_JSON,      KIND_INTEGER,
                                  KIND_INSTANT, KIND_DATE,    KIND_REAL,      KIND_BYTES,
                                  KIND_UUID,    KIND_TIME,    KIND_TIMESTAMP, KIND_BOOLEAN};

enum { RULES_MAX = 96, VARIANTS = 3, COMPANIONS = 2, NARROW_LENGTH = 40 };
enum form { FORM_FREE, FORM_UNIQUE, FORM_NARROW, FORM_COUNT };

static struct type types[COUNT_OF(kinds)][FORM_COUNT];
static struct column columns[COUNT_OF(kinds)][FORM_COUNT];
static struct column others[COUNT_OF(kinds)][FORM_COUNT][COMPANIONS]; /* beside them: a, b */
static struct column *listed[COUNT_OF(kinds)][FORM_COUNT][COMPANIONS];
static struct table tables[COUNT_OF(kinds)][FORM_COUNT];
static struct prepared_transform *prepared[VARIANTS][RULES_MAX][COUNT_OF(kinds)][FORM_COUNT];

static struct keyring *keyring_make(void)
{
    struct keyring *keyring = NULL;
    struct error err = {0};
    uint8_t *master;

    if (sodium_init() < 0 || !(master = sodium_malloc(32)))
        abort();
    memset(master, 5, 32);
    if (!keyring_new(master, 1, &keyring, &err))
        abort();
    return keyring;
}

static bool companion_find(const struct transform_site *site, const char *column,
                           uint32_t *position, struct error *err)
{
    UNUSED(site);
    UNUSED(err);
    *position = column[0] == 'b';
    return true;
}

struct variant {
    const char *rule, *params;
};

/* Parameters beside those of a rule's own example, the first that the column takes. */
static const struct variant variants[] = {
    {"birth_date", "{ keep: year }"},
    {"bucket", "{ width: year }"},
    {"card", "{ bin: keep, accept_risk: test }"},
    {"constant", "{ value: 7 }"},
    {"derive", "{ expression: a + b }"},
    {"geo", "{ lon: a }"},
    {"ip", "{ keep: prefix, accept_risk: test }"},
    {"json", "{ paths: { $.a: scramble, '$.b[*].c': email }, otherwise: redact }"},
    {"lookup", "{ values: [1, 2, 3] }"},
    {"national_id", "{ kind: it_codice_fiscale }"},
    {"pattern", "{ match: '(?<a>[^@]+)@(?<b>.+)', groups: { a: scramble, b: text } }"},
    {"phone", "{ length: grow }"},
    {"round", "{ to: year }"},
    {"round", "{ to: 1h }"},
    {"secret", "{ mode: test_password }"},
    {"template", "{ text: '{a}/{b}' }"},
    {"truncate", "{ length: 3, accept_risk: test }"},
    {"truncate", "{ to: 1h }"},
    {"truncate", "{ to: 10 }"},
};

static struct prepared_transform *rule_with(const struct transform *transform,
                                            const struct transform_site *site, const char *params,
                                            struct arena *arena)
{
    struct prepared_transform *made = NULL;
    struct yaml_node *root = NULL;
    struct error err = {0};

    if (params && !yaml_read_text("fuzz.yaml", span_of(params), arena, &root, &err))
        abort();
    return transform_prepare(transform->name, site, root, arena, &made, &err) ? made : NULL;
}

/* Variant 0: without parameters, else with those of the rule's own example; 1: with those of the
 * example; 2: with others. NULL: no such thing on this column. */
static struct prepared_transform *rule_make(const struct transform *transform,
                                            const struct transform_site *site, int variant,
                                            struct arena *arena)
{
    const char *example = strchr(transform->example, '{');
    struct prepared_transform *made = NULL;

    if (variant == 0)
        made = rule_with(transform, site, NULL, arena);
    if (!made && variant < 2)
        return example ? rule_with(transform, site, example, arena) : NULL;
    for (size_t i = 0; i < COUNT_OF(variants) && !made; i++)
        if (strcmp(transform->name, variants[i].rule) == 0)
            made = rule_with(transform, site, variants[i].params, arena);
    return made;
}

/* Values of more than one part come in no bytes that this target makes. */
static bool is_reachable(const struct transform *transform)
{
    unsigned reached = 0;

    for (size_t k = 0; k < COUNT_OF(kinds); k++)
        reached |= KIND_BIT(kinds[k]);
    return (transform->accepts & reached) != 0;
}

/* A rule that no column takes would be fuzzed in name only. */
static void check_reached(const struct transform *transform, size_t rule)
{
    for (int variant = 0; variant < VARIANTS; variant++)
        for (size_t k = 0; k < COUNT_OF(kinds); k++)
            for (int form = 0; form < FORM_COUNT; form++)
                if (prepared[variant][rule][k][form])
                    return;
    if (is_reachable(transform))
        abort();
}

static void column_make(size_t kind, enum form form)
{
    struct type *type = &types[kind][form];
    struct column *column = &columns[kind][form];

    *type = (struct type){.name = "t", .kind = kinds[kind]};
    if (kinds[kind] == KIND_INTEGER || kinds[kind] == KIND_REAL)
        type->width = form == FORM_NARROW ? 4 : 8;
    *column = (struct column){.name = "c", .type = type, .modifier = -1};
    if (kinds[kind] == KIND_TIMESTAMP || kinds[kind] == KIND_INSTANT || kinds[kind] == KIND_TIME)
        column->precision = form == FORM_NARROW ? 0 : 6;
    if (kinds[kind] == KIND_TEXT && form == FORM_NARROW)
        column->max_length = NARROW_LENGTH;
    column->table = &tables[kind][form];
    tables[kind][form] =
        (struct table){.name = "t", .columns = listed[kind][form], .column_count = COMPANIONS};
    for (size_t i = 0; i < COMPANIONS; i++) {
        others[kind][form][i] = *column;
        others[kind][form][i].name = i == 0 ? "a" : "b";
        listed[kind][form][i] = &others[kind][form][i];
    }
}

static void rules_make(void)
{
    static struct arena *arena;
    struct keyring *keyring;
    size_t count;
    const struct transform *const *rows = transform_rows(&count);

    if (arena)
        return;
    assert(count <= RULES_MAX);
    arena = arena_new();
    keyring = keyring_make();
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        for (int form = 0; form < FORM_COUNT; form++) {
            const struct transform_site site = {.column = &columns[k][form],
                                                .label = "t.c",
                                                .domain = "t.c",
                                                .keyring = keyring,
                                                .type = &types[k][form],
                                                .is_unique = form == FORM_UNIQUE,
                                                .find_companion = companion_find};

            column_make(k, (enum form)form);
            for (int variant = 0; variant < VARIANTS; variant++)
                for (size_t r = 0; r < count; r++)
                    prepared[variant][r][k][form] = rule_make(rows[r], &site, variant, arena);
        }
    }
    for (size_t r = 0; r < count; r++)
        check_reached(rows[r], r);
}

static bool is_valid_utf8(struct span text)
{
    const char *next = text.ptr, *end = text.ptr + text.len;

    while (next < end) {
        if (utf8_next(&next, end) < 0)
            return false;
    }
    return true;
}

/* Decimals reach rules well-formed: the bytes become digits. */
static void decimal_make(struct arena *arena, struct span *text)
{
    char *copy = arena_strndup(arena, text->ptr, text->len);

    for (uint32_t i = 0; copy && i < text->len; i++)
        copy[i] = i == 0 && text->len > 1 && text->ptr[0] == '-'
                      ? '-'
                      : (char)('0' + (uint8_t)copy[i] % 10);
    if (text->len > 8)
        copy[text->len - 3] = '.';
    text->ptr = copy;
}

/* Values that a source may send for the column; false: no such value. */
static bool number_make(enum kind kind, const struct column *column, const uint8_t *bytes,
                        struct value *value)
{
    memcpy(kind == KIND_REAL ? (void *)&value->real : (void *)&value->integer, bytes, 8);
    if (kind == KIND_REAL && column->type->width == 4)
        value->real = (double)(float)value->real;
    if (kind == KIND_INTEGER && column->type->width == 4)
        value->integer = (int32_t)value->integer;
    if (kind == KIND_BOOLEAN)
        value->boolean = bytes[0] & 1;
    if (kind == KIND_TIME)
        value->integer = (int64_t)((uint64_t)value->integer % UINT64_C(86400000001));
    if ((kind == KIND_TIMESTAMP || kind == KIND_INSTANT) && value->integer != TIME_MIN &&
        value->integer < -INT64_C(210866803200000000))
        return false;
    if (kind == KIND_DATE && value->integer != TIME_MIN && value->integer != TIME_MAX)
        value->integer =
            (int64_t)((uint64_t)value->integer % UINT64_C(2147483494)) - INT64_C(2440588);
    if (column->precision == 0 &&
        (kind == KIND_TIMESTAMP || kind == KIND_INSTANT || kind == KIND_TIME) &&
        value->integer != TIME_MIN && value->integer != TIME_MAX)
        value->integer -= value->integer % 1000000;
    return true;
}

static bool value_make(struct arena *arena, const struct column *column, const uint8_t *bytes,
                       size_t size, struct value *value)
{
    const enum kind kind = column->type->kind;

    *value = (struct value){0};
    if (kind == KIND_TEXT || kind == KIND_DECIMAL || kind == KIND_JSON || kind == KIND_BYTES) {
        value->bytes = span_make(bytes, size);
        if (kind == KIND_TEXT && column->max_length &&
            utf8_length(value->bytes.ptr, size) > column->max_length)
            return false;
        if (kind == KIND_DECIMAL && size > 0)
            decimal_make(arena, &value->bytes);
        return (kind != KIND_DECIMAL || (size > 0 && value->bytes.ptr)) &&
               (kind != KIND_TEXT || !memchr(bytes, 0, size));
    }
    if (kind == KIND_UUID) {
        if (size < 16)
            return false;
        memcpy(value->uuid, bytes, 16);
        return true;
    }
    return size >= 8 && number_make(kind, column, bytes, value);
}

static bool is_equal(enum kind kind, const struct value *a, const struct value *b)
{
    if (kind == KIND_TEXT || kind == KIND_DECIMAL || kind == KIND_JSON || kind == KIND_BYTES)
        return span_equal(a->bytes, b->bytes);
    if (kind == KIND_BOOLEAN)
        return a->boolean == b->boolean;
    return memcmp(a->uuid, b->uuid, kind == KIND_UUID ? 16 : 8) == 0;
}

/* The column's codec takes what the rule made. */
static void result_check(const struct column *column, const struct value *in,
                         const struct value *out, struct arena *arena)
{
    const enum kind kind = column->type->kind;
    const bool is_text = kind == KIND_TEXT || kind == KIND_JSON || kind == KIND_DECIMAL;
    struct error err = {0};
    struct span cell;

    if (is_text && is_valid_utf8(in->bytes) && !is_valid_utf8(out->bytes))
        abort();
    if (column->max_length && utf8_length(out->bytes.ptr, out->bytes.len) > column->max_length)
        abort();
    if (!codec_pg_binary.encode(column, column->type, out, arena, &cell, &err))
        abort();
}

static void value_check(const struct prepared_transform *rule, const struct column *column,
                        const struct value *in, const struct value out[2], uint64_t unchanged)
{
    const enum kind kind = column->type->kind;
    const bool is_empty =
        (kind == KIND_TEXT || kind == KIND_BYTES || kind == KIND_JSON) && in->bytes.len == 0;

    if (strcmp(rule->transform->name, "null") == 0)
        return;
    if (out[0].is_null || out[1].is_null || !is_equal(kind, &out[0], &out[1]))
        abort();
    if (rule->transform->identifies && !is_empty && unchanged == 0 && is_equal(kind, in, &out[0]))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(arena) struct arena *arena = arena_new();
    const uint64_t rows[2] = {7, 7};
    const struct value other[2] = {{.integer = 1}, {.integer = 1}};
    const struct value decimal[2] = {{.bytes = SPAN_LITERAL("1.25")},
                                     {.bytes = SPAN_LITERAL("1.25")}};
    uint64_t scrambled = 0, unchanged = 0;
    struct value value, values[2];
    struct error err = {0};
    size_t count, kind, form;

    rules_make();
    (void)transform_rows(&count);
    if (!arena || size < 2 || size > (size_t)1 << 16)
        return 0;
    kind = bytes[1] % COUNT_OF(kinds);
    form = bytes[1] / COUNT_OF(kinds) % FORM_COUNT;

    const struct column *column = &columns[kind][form];
    const struct prepared_transform *rule =
        prepared[bytes[0] / count % VARIANTS][bytes[0] % count][kind][form];

    if (!rule || !value_make(arena, column, bytes + 2, size - 2, &value))
        return 0;
    values[0] = values[1] = value;

    const bool has_bytes = KIND_BIT(kinds[kind]) & (KIND_BIT(KIND_TEXT) | KIND_BIT(KIND_DECIMAL) |
                                                    KIND_BIT(KIND_JSON) | KIND_BIT(KIND_BYTES));
    const struct value *same = has_bytes ? decimal : other;
    const struct value *const companions[COMPANIONS] = {same, same};
    struct transform_call call = {.type = column->type,
                                  .column = column,
                                  .subjects = rows,
                                  .identities = rows,
                                  .companions = companions,
                                  .companion_inputs = companions,
                                  .arena = arena,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};

    if (!transform_apply(rule, &call, values, 2, &err))
        return 0;
    value_check(rule, column, &value, values, unchanged);
    if (!values[0].is_null)
        result_check(column, &value, &values[0], arena);
    return 0;
}
