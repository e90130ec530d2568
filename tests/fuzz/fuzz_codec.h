/* What the fuzz targets of both codecs do; abort() says that a law was broken. */
#ifndef UNDERSTUDY_TESTS_FUZZ_CODEC_H
#define UNDERSTUDY_TESTS_FUZZ_CODEC_H

#include "value/codec.h"
#include <stdlib.h>

static const struct type fuzz_int4 = {.name = "int4", .oid = 23, .kind = KIND_INTEGER, .width = 4};
static struct type_field fuzz_fields[] = {{.name = "a", .type = &fuzz_int4},
                                          {.name = "b", .type = &fuzz_int4}};
static const struct type fuzz_composite = {.name = "pair",
                                           .oid = 24,
                                           .class = TYPE_COMPOSITE,
                                           .kind = KIND_COMPOSITE,
                                           .field_count = 2,
                                           .fields = fuzz_fields};
static const struct type fuzz_range = {
    .name = "range", .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &fuzz_composite};

static const struct type fuzz_types[] = {
    {.name = "bool", .kind = KIND_BOOLEAN},
    {.name = "int2", .kind = KIND_INTEGER, .width = 2},
    {.name = "int4", .kind = KIND_INTEGER, .width = 4},
    {.name = "int8", .kind = KIND_INTEGER, .width = 8},
    {.name = "oid", .kind = KIND_INTEGER, .width = 4},
    {.name = "float4", .kind = KIND_REAL, .width = 4},
    {.name = "float8", .kind = KIND_REAL, .width = 8},
    {.name = "numeric", .kind = KIND_DECIMAL},
    {.name = "text", .kind = KIND_TEXT},
    {.name = "citext", .kind = KIND_TEXT, .is_case_insensitive = true},
    {.name = "bpchar", .kind = KIND_TEXT, .is_padded = true},
    {.name = "bytea", .kind = KIND_BYTES},
    {.name = "uuid", .kind = KIND_UUID},
    {.name = "date", .kind = KIND_DATE},
    {.name = "time", .kind = KIND_TIME},
    {.name = "timestamp", .kind = KIND_TIMESTAMP},
    {.name = "timestamptz", .kind = KIND_INSTANT},
    {.name = "json", .kind = KIND_JSON},
    {.name = "jsonb", .kind = KIND_JSON},
    {.name = "range", .class = TYPE_RANGE, .kind = KIND_OTHER, .element = &fuzz_composite},
    {.name = "ranges", .class = TYPE_MULTIRANGE, .kind = KIND_OTHER, .element = &fuzz_range},
    {.name = "pairs", .class = TYPE_ARRAY, .kind = KIND_OTHER, .element = &fuzz_composite},
    {.name = "inet", .kind = KIND_INET},
    {.name = "macaddr", .kind = KIND_MAC},
    {.name = "hstore", .kind = KIND_HSTORE},
};

static void fuzz_check(bool holds)
{
    if (!holds)
        abort();
}

static void fuzz_value(const struct codec *codec, const struct type *type, struct span cell,
                       struct arena *arena)
{
    struct column column = {.precision = 12, .scale = 3, .modifier = 3};
    struct value value = {0}, again = {0};
    struct error err = {0};
    struct span encoded, twice;
    struct buf canonical;

    if (!codec->decode(type, cell, arena, &value, &err)) {
        fuzz_check(err.status == STATUS_SOURCE);
        return;
    }
    buf_init(&canonical, BUF_CEILING_MAX);
    value_canonical(type, &value, &canonical);
    buf_release(&canonical);
    if (!codec->encode(NULL, type, &value, arena, &encoded, &err))
        return; /* a decimal longer than the server takes */
    fuzz_check(codec->decode(type, encoded, arena, &again, &err));
    fuzz_check(codec->encode(NULL, type, &again, arena, &twice, &err));
    fuzz_check(span_equal(encoded, twice));
    fuzz_check(codec->encode(&column, type, &value, arena, &twice, &err) ||
               err.status == STATUS_BUG);
}

static void fuzz_array(const struct codec *codec, struct span cell, struct arena *arena)
{
    struct error err = {0};
    struct span *elements, joined, *twice;
    uint32_t count, count_again;

    if (!codec->array_split(cell, arena, &elements, &count, &err))
        return;
    fuzz_check(codec->array_join(cell, elements, count, arena, &joined, &err));
    fuzz_check(codec->array_split(joined, arena, &twice, &count_again, &err));
    fuzz_check(count == count_again);
    for (uint32_t i = 0; i < count; i++)
        fuzz_check(span_equal(elements[i], twice[i]));
}

/* The row of `count` cells, if it is one, must be written as it stood. */
static void fuzz_row(const struct codec *codec, struct span row, uint32_t count)
{
    struct span cells[4];
    const struct span *replaced[4] = {NULL};
    struct error err = {0};
    struct buf out;

    if (!codec->split(row, cells, count, &err)) {
        fuzz_check(err.status == STATUS_SOURCE);
        return;
    }
    buf_init(&out, BUF_CEILING_MAX);
    codec->write_row(row, cells, replaced, count, &out);
    fuzz_check(buf_ok(&out) && out.len >= row.len && out.len <= row.len + 1);
    fuzz_check(memcmp(out.ptr, row.ptr, row.len) == 0);
    buf_release(&out);
}

static void fuzz_codec(const struct codec *codec, const uint8_t *data, size_t size)
{
    static const struct oid_pair pairs[] = {{20000, 30000}};
    const struct oid_map oids = {COUNT_OF(pairs), pairs};
    struct arena *arena = arena_new();
    struct error err = {0};
    const struct type *type;
    struct span cell, translated;

    if (size > 0 && arena) {
        type = &fuzz_types[data[0] % COUNT_OF(fuzz_types)];
        cell = span_make(data + 1, size - 1);
        fuzz_value(codec, type, cell, arena);
        fuzz_array(codec, cell, arena);
        fuzz_row(codec, cell, data[0] % 5);
        if (codec->translate_oids(type, cell, &oids, arena, &translated, &err))
            fuzz_check(translated.len == cell.len);
    }
    arena_free(arena);
}

#endif
