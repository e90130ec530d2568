/* Reads the bounded sample of each table that a check wants, spread over the table's pages, and
 * hands it to the checks. */
#include "bind/sample.h"

#include "transform/params.h"
#include "value/type.h"

#include <string.h>

#define ROWS_MOST  3000u
#define ROWS_LEAST 600u
#define CELLS_MOST 48000u /* so that wide tables take no more memory */
#define SLICES     20u
#define BYTES_MOST 256u

static const struct sample_check *const checks[] = {&check_clock, &check_frequency};

bool sample_is_wire(const struct bound_column *bound)
{
    return type_has_parts(type_base(bound->column->type));
}

bool sample_is_ordered(const struct bound_column *bound)
{
    switch (bound->column->type->kind) {
    case KIND_INTEGER:
    case KIND_TEXT:
    case KIND_UUID:
    case KIND_DATE:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return true;
    default:
        return false;
    }
}

int sample_compare(enum kind kind, const struct value *a, const struct value *b)
{
    assert(!a->is_null && !b->is_null);
    if (kind == KIND_UUID)
        return memcmp(a->uuid, b->uuid, sizeof(a->uuid));
    if (kind == KIND_TEXT) {
        size_t len = a->bytes.len < b->bytes.len ? a->bytes.len : b->bytes.len;
        int order = len ? memcmp(a->bytes.ptr, b->bytes.ptr, len) : 0;

        return order ? order : (a->bytes.len > b->bytes.len) - (a->bytes.len < b->bytes.len);
    }
    return (a->integer > b->integer) - (a->integer < b->integer);
}

/* The columns that any check wants. */
static bool columns_prepare(struct table_sample *sample)
{
    const struct bound_table *table = sample->table;
    bool *wanted = ARENA_ARRAY(sample->arena, table->column_count + 1, bool);

    sample->columns = ARENA_ARRAY(sample->arena, table->column_count + 1, struct sample_column);
    sample->fields = ARENA_ARRAY(sample->arena, table->column_count + 1, struct field);
    if (!wanted || !sample->columns || !sample->fields)
        return false;
    for (size_t i = 0; i < COUNT_OF(checks); i++)
        checks[i]->want(table, wanted);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct column *column = table->columns[i].column;

        if (!wanted[i])
            continue;
        sample->fields[sample->column_count] =
            (struct field){.column = column, .type = column->type};
        sample->columns[sample->column_count++].bound = &table->columns[i];
    }
    return true;
}

static bool values_prepare(struct table_sample *sample)
{
    const size_t share = CELLS_MOST / sample->column_count;

    sample->most = share > ROWS_MOST    ? ROWS_MOST
                   : share < ROWS_LEAST ? ROWS_LEAST
                                        : (uint32_t)share;
    for (size_t i = 0; i < sample->column_count; i++) {
        sample->columns[i].values = ARENA_ARRAY(sample->arena, sample->most, struct value);
        if (!sample->columns[i].values)
            return false;
    }
    return true;
}

/* A number that is cut short is none. */
static bool is_long_number(const struct field *field)
{
    return field->type->kind == KIND_DECIMAL;
}

static bool batch_take(struct table_sample *sample, const struct batch *batch, struct error *err)
{
    for (uint32_t row = 0; row < batch->rows && sample->rows < sample->most; row++, sample->rows++)
        for (size_t c = 0; c < sample->column_count; c++) {
            struct span cell = batch->cells[(size_t)row * batch->columns + c];
            struct value *value = &sample->columns[c].values[sample->rows];

            value->is_null =
                !cell.ptr || (is_long_number(&sample->fields[c]) && cell.len > BYTES_MOST);
            if (value->is_null)
                continue;
            cell = arena_span(sample->arena,
                              span_make(cell.ptr, cell.len > BYTES_MOST ? BYTES_MOST : cell.len));
            if (!cell.ptr)
                return error_memory(err);
            if (sample_is_wire(sample->columns[c].bound))
                value->bytes = cell;
            else if (!sample->codec->decode(sample->fields[c].type, cell, sample->arena, value,
                                            err))
                return error_context(err, "column '%s.%s'", sample->table->table->label,
                                     sample->fields[c].column->name);
        }
    return true;
}

static bool slice_read(struct table_sample *sample, struct db *db, struct read *read,
                       struct batch *batch, struct error *err)
{
    bool has_more = true;

    read->table = sample->table->table;
    read->fields = sample->fields;
    read->field_count = sample->column_count;
    read->codec = sample->codec;
    if (!db_read_begin(db, read, err))
        return false;
    while (has_more)
        if (!db_read_next(db, batch, &has_more, err) || !batch_take(sample, batch, err))
            return false;
    return true;
}

static bool relation_read(struct table_sample *sample, struct db *db,
                          const struct relation *relation, struct batch *batch, struct error *err)
{
    const struct table *table = sample->table->table;
    struct address_range range;
    bool is_ok = db_address_range(db, table, relation, &range, err);
    const uint64_t steps = is_ok ? address_range_steps(&range) : 0;
    const uint64_t slices = is_ok && range.is_divisible && steps > SLICES ? SLICES : 1;
    const int64_t share = (int64_t)(sample->most / (slices * table->relation_count)) + 1;

    for (uint64_t s = 0; is_ok && s < slices; s++) {
        struct read read = {.relation = relation,
                            .by = slices > 1 ? READ_BY_RANGE : READ_ALL,
                            .address_low = address_range_at(&range, steps * s / slices),
                            .address_high = address_range_at(&range, steps * (s + 1) / slices),
                            .max_rows = share};

        is_ok = slice_read(sample, db, &read, batch, err);
    }
    return is_ok;
}

static bool sample_read(struct table_sample *sample, struct db *db, struct error *err)
{
    const struct table *table = sample->table->table;
    struct batch batch = {0};
    bool is_ok = batch_init(&batch, sample->most, (uint32_t)sample->column_count, err);

    for (size_t r = 0; is_ok && r < table->relation_count && sample->rows < sample->most; r++)
        is_ok = relation_read(sample, db, &table->relations[r], &batch, err);
    batch_release(&batch);
    return is_ok;
}

static bool table_look(struct binder *binder, struct table_sample *sample)
{
    struct error err = {0};
    bool is_ok = columns_prepare(sample);

    if (!is_ok || !sample->column_count)
        return is_ok;
    if (!values_prepare(sample))
        return false;
    if (!sample_read(sample, binder->source, &err)) {
        binder_fault(binder, &err);
        return true;
    }
    for (size_t i = 0; is_ok && i < COUNT_OF(checks); i++)
        is_ok = checks[i]->look(binder, sample);
    return is_ok;
}

/* A failed read leaves the connection unfit, so the first fault of the source ends this. */
bool bind_sample(struct binder *binder)
{
    for (size_t i = 0; binder->source && i < binder->catalog->table_count; i++) {
        struct table_sample sample = {.arena = arena_new(),
                                      .table = &binder->binding->tables[i],
                                      .codec = codec_of(binder->catalog->engine)};
        size_t faults = binder->faults->count;
        bool is_ok = sample.arena && table_look(binder, &sample);

        arena_free(sample.arena);
        if (!is_ok)
            return false;
        if (binder->faults->count > faults &&
            binder->faults->errors[binder->faults->count - 1].status == STATUS_SOURCE)
            break;
    }
    return !binder->has_memory_failed;
}
