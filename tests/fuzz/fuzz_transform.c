/* Fuzz target: any value through every rule on every kind of column, free, unique and narrow ones.
 * Besides memory errors it looks for valid UTF-8 that comes out invalid, for NULLs that come or go,
 * for results that differ between two calls or that the column cannot hold, and for identifying
 * values that pass uncounted. The first byte chooses the rule, the second the kind and the column.
 */
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

enum { RULES_MAX = 96, COMPANIONS = 2, NARROW_LENGTH = 40 };
enum form { FORM_FREE, FORM_UNIQUE, FORM_NARROW, FORM_COUNT };

static struct type types[COUNT_OF(kinds)][FORM_COUNT];
static struct column columns[COUNT_OF(kinds)][FORM_COUNT];
static struct prepared_transform *prepared[RULES_MAX][COUNT_OF(kinds)][FORM_COUNT];

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
    *position = column[0] == 'b';
    return (column[0] == 'a' || column[0] == 'b') ||
           error_set(err, STATUS_PROFILE, "no such column");
}

/* Without parameters, else with those of the rule's own example. */
static struct prepared_transform *rule_make(const struct transform *transform,
                                            const struct transform_site *site, struct arena *arena)
{
    const char *example = strchr(transform->example, '{');
    struct prepared_transform *made = NULL;
    struct yaml_node *root = NULL;
    struct error err = {0};

    if (transform_prepare(transform->name, site, NULL, arena, &made, &err))
        return made;
    if (strcmp(transform->name, "derive") == 0)
        example = "{ expression: a + b }";
    if (!example || !yaml_read_text("fuzz.yaml", span_of(example), arena, &root, &err) ||
        !transform_prepare(transform->name, site, root, arena, &made, &err))
        return NULL;
    return made;
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
            for (size_t r = 0; r < count; r++)
                prepared[r][k][form] = rule_make(rows[r], &site, arena);
        }
    }
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
    const struct prepared_transform *rule = prepared[bytes[0] % count][kind][form];

    if (!rule || !value_make(arena, column, bytes + 2, size - 2, &value))
        return 0;
    values[0] = values[1] = value;

    const struct value *same = kinds[kind] == KIND_DECIMAL ? decimal : other;
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
