/* MySQL's codec on any bytes: the first byte chooses the type, the rest is a row of a few cells and
 * the cell of it. What decodes must encode to something that decodes to the same again; a row must
 * be written as the line that its cells make, and that line split into as many fields. */
#include "value/my_row.h"

#include "value/codec.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MY(type_name, type_kind, type_width)                                                       \
    .schema = "", .name = (type_name), .kind = (type_kind), .width = (type_width)

static const struct type my_types[] = {
    {MY("tinyint", KIND_INTEGER, 1)},
    {MY("smallint unsigned", KIND_INTEGER, 2), .is_unsigned = true},
    {MY("mediumint", KIND_INTEGER, 3)},
    {MY("int", KIND_INTEGER, 4)},
    {MY("bigint unsigned", KIND_INTEGER, 8), .is_unsigned = true},
    {MY("year", KIND_INTEGER, 2)},
    {MY("bit", KIND_INTEGER, 8), .is_unsigned = true},
    {MY("decimal", KIND_DECIMAL, 0)},
    {MY("float", KIND_REAL, 4)},
    {MY("double", KIND_REAL, 8)},
    {MY("varchar", KIND_TEXT, 0), .is_case_insensitive = true, .folds_accents = true,
     .is_padded = true},
    {MY("varbinary", KIND_BYTES, 0)},
    {MY("binary", KIND_UUID, 0)},
    {MY("uuid", KIND_UUID, 0)},
    {MY("date", KIND_DATE, 0)},
    {MY("datetime", KIND_TIMESTAMP, 0)},
    {MY("timestamp", KIND_INSTANT, 0)},
    {MY("time", KIND_TIME, 0)},
    {MY("json", KIND_JSON, 0)},
    {MY("inet4", KIND_INET, 0)},
    {MY("inet6", KIND_INET, 0)},
    {MY("geometry", KIND_OTHER, 0)},
};

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void measures_check(const struct type *type, struct span cell, bool is_well,
                           struct arena *arena)
{
    const struct cell_column column = {.cells = &cell, .stride = 1, .count = 1};
    double number = 0;
    int64_t time = 0;
    struct span text = {NULL, 0};
    const struct cell_measures measures = {&number, &time, &text, arena};
    struct error err = {0};
    const unsigned measured = KIND_BIT(KIND_INTEGER) | KIND_BIT(KIND_REAL) |
                              KIND_BIT(KIND_DECIMAL) | KIND_BIT(KIND_DATE) |
                              KIND_BIT(KIND_TIMESTAMP) | KIND_BIT(KIND_INSTANT);

    if (measured & KIND_BIT(type->kind))
        check(codec_my.measure(type, &column, &measures, &err) == is_well);
}

static void cell_check(const struct type *type, struct span cell, struct arena *arena)
{
    const struct column column = {.precision = 12, .scale = 3, .modifier = 12};
    struct value value = {0}, again = {0};
    struct error err = {0};
    struct span encoded, twice;
    struct buf canonical;
    const bool is_well = codec_my.decode(type, cell, arena, &value, &err);

    measures_check(type, cell, is_well, arena);
    if (!is_well) {
        check(err.status == STATUS_SOURCE);
        return;
    }
    buf_init(&canonical, BUF_CEILING_MAX);
    value_canonical(type, &value, &canonical);
    buf_release(&canonical);
    check(codec_my.encode(NULL, type, &value, arena, &encoded, &err));
    check(codec_my.decode(type, encoded, arena, &again, &err));
    check(codec_my.encode(NULL, type, &again, arena, &twice, &err));
    check(span_equal(encoded, twice));
    check(codec_my.encode(&column, type, &value, arena, &twice, &err) || err.status == STATUS_BUG);
}

static void row_check(struct span row, uint32_t count)
{
    struct span cells[4], fields[4];
    const struct span *replaced[4] = {NULL};
    struct error err = {0};
    struct buf line, back;

    if (!codec_my.split(row, cells, count, &err)) {
        check(err.status == STATUS_SOURCE);
        return;
    }
    buf_init(&line, BUF_CEILING_MAX);
    buf_init(&back, BUF_CEILING_MAX);
    codec_my.write_row(row, cells, replaced, count, &line);
    check(buf_ok(&line));
    check(codec_my.split_written(buf_span(&line), fields, count, &err));
    for (uint32_t i = 0; i < count; i++) {
        check(!cells[i].ptr == !fields[i].ptr);
        check(fields[i].len >= cells[i].len);
        my_row_add(&back, cells[i]);
    }
    check(buf_ok(&back));
    check(codec_my.split(buf_span(&back), fields, count, &err));
    for (uint32_t i = 0; i < count; i++)
        check(span_equal(cells[i], fields[i]));
    buf_release(&line);
    buf_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new();

    if (size > 0 && arena) {
        const struct span rest = span_make(data + 1, size - 1);

        cell_check(&my_types[data[0] % COUNT_OF(my_types)], rest, arena);
        row_check(rest, 1 + data[0] % 4);
    }
    arena_free(arena);
    return 0;
}
