/* Fuzz target: any value through every rule that takes text, decimals, JSON, integers, times or
 * reals. Besides memory errors it looks for valid UTF-8 that comes out invalid, for NULLs that come
 * or go, and for results that differ between two calls. The first byte chooses the rule, the second
 * the kind. */
#include "base/words.h"
#include "transform/transform.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static const enum kind kinds[] = {KIND_TEXT,    KIND_DECIMAL, KIND_JSON, KIND_INTEGER,
                                  KIND_INSTANT, KIND_DATE,    KIND_REAL, KIND_BYTES};

static struct type types[COUNT_OF(kinds)];
static struct prepared_transform *prepared[64][COUNT_OF(kinds)];

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

static void rules_make(void)
{
    static struct arena *arena;
    struct keyring *keyring;
    size_t count;

    if (arena)
        return;
    arena = arena_new();
    keyring = keyring_make();
    for (size_t k = 0; k < COUNT_OF(kinds); k++) {
        struct transform_site site = {
            .label = "t.c", .domain = "t.c", .keyring = keyring, .type = &types[k]};

        types[k] = (struct type){.name = "t", .kind = kinds[k], .width = 8};
        for (size_t r = 0; r < COUNT_OF(prepared) && transform_rows(&count) && r < count; r++) {
            struct error err = {0};

            /* Rules that need parameters stay out. */
            if (!transform_prepare(transform_rows(&count)[r]->name, &site, NULL, arena,
                                   &prepared[r][k], &err))
                prepared[r][k] = NULL;
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

static bool value_make(struct arena *arena, enum kind kind, const uint8_t *bytes, size_t size,
                       struct value *value)
{
    *value = (struct value){0};
    if (kind == KIND_INTEGER || kind == KIND_INSTANT || kind == KIND_DATE || kind == KIND_REAL) {
        if (size < 8)
            return false;
        memcpy(kind == KIND_REAL ? (void *)&value->real : (void *)&value->integer, bytes, 8);
        if (kind == KIND_DATE && value->integer != TIME_MIN && value->integer != TIME_MAX)
            value->integer = value->integer % 2000000000;
        return true;
    }
    value->bytes = span_make(bytes, size);
    if (kind == KIND_DECIMAL && size > 0)
        decimal_make(arena, &value->bytes);
    return kind != KIND_DECIMAL || size > 0;
}

static void value_check(const struct prepared_transform *rule, enum kind kind,
                        const struct value *in, const struct value out[2])
{
    const bool is_text = kind == KIND_TEXT || kind == KIND_JSON || kind == KIND_DECIMAL;

    if (strcmp(rule->transform->name, "null") == 0)
        return;
    if (out[0].is_null || out[1].is_null)
        abort();
    if (is_text || kind == KIND_BYTES) {
        if (!span_equal(out[0].bytes, out[1].bytes))
            abort();
        if (is_text && is_valid_utf8(in->bytes) && !is_valid_utf8(out[0].bytes))
            abort();
    } else if (memcmp(&out[0].integer, &out[1].integer, 8) != 0) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    AUTO(arena) struct arena *arena = arena_new();
    const uint64_t rows[2] = {7, 7};
    uint64_t scrambled = 0, unchanged = 0;
    struct value value, values[2];
    struct error err = {0};
    size_t count, kind;

    rules_make();
    (void)transform_rows(&count);
    if (!arena || size < 2 || size > (size_t)1 << 16)
        return 0;
    kind = bytes[1] % COUNT_OF(kinds);

    const struct prepared_transform *rule = prepared[bytes[0] % count][kind];

    if (!rule || !value_make(arena, kinds[kind], bytes + 2, size - 2, &value))
        return 0;
    values[0] = values[1] = value;

    struct transform_call call = {.type = &types[kind],
                                  .subjects = rows,
                                  .identities = rows,
                                  .arena = arena,
                                  .scrambled = &scrambled,
                                  .unchanged = &unchanged};

    if (transform_apply(rule, &call, values, 2, &err))
        value_check(rule, kinds[kind], &value, values);
    return 0;
}
