/* Measures of binary cells: one loop for each kind over a column, since this is done for every cell
 * of every surveyed table. */
#include "value/pg_binary.h"
#include "value/pg_numeric.h"
#include "value/wire.h"
#include <math.h>

#define JSONB_VERSION 1

typedef bool cell_measure(const struct type *base, struct span cell, double *number);

static bool integer2_measure(const struct type *base, struct span cell, double *number)
{
    UNUSED(base);
    if (cell.len != 2)
        return false;
    *number = (int16_t)wire_read_u16(cell.ptr);
    return true;
}

static bool integer4_measure(const struct type *base, struct span cell, double *number)
{
    UNUSED(base);
    if (cell.len != 4)
        return false;
    *number = (int32_t)wire_read_u32(cell.ptr);
    return true;
}

static bool unsigned4_measure(const struct type *base, struct span cell, double *number)
{
    UNUSED(base);
    if (cell.len != 4)
        return false;
    *number = wire_read_u32(cell.ptr);
    return true;
}

static bool integer8_measure(const struct type *base, struct span cell, double *number)
{
    UNUSED(base);
    if (cell.len != 8)
        return false;
    *number = (double)(int64_t)wire_read_u64(cell.ptr);
    return true;
}

static bool real4_measure(const struct type *base, struct span cell, double *number)
{
    uint32_t bits;
    float single;

    UNUSED(base);
    if (cell.len != sizeof(single))
        return false;
    bits = wire_read_u32(cell.ptr);
    memcpy(&single, &bits, sizeof(single));
    *number = (double)single;
    return true;
}

static bool real8_measure(const struct type *base, struct span cell, double *number)
{
    uint64_t bits;

    UNUSED(base);
    if (cell.len != sizeof(*number))
        return false;
    bits = wire_read_u64(cell.ptr);
    memcpy(number, &bits, sizeof(bits));
    return true;
}

static bool decimal_measure(const struct type *base, struct span cell, double *number)
{
    UNUSED(base);
    return numeric_to_double(cell, number);
}

static bool array_measure(const struct type *base, struct span cell, double *number)
{
    struct pg_array_head head;

    UNUSED(base);
    if (!pg_array_head_read(cell, &head))
        return false;
    *number = head.count;
    return true;
}

/* NULL: the type is not a number. */
static cell_measure *number_of(const struct type *base)
{
    if (base->class == TYPE_ARRAY)
        return array_measure;
    switch (base->kind) {
    case KIND_INTEGER:
        return base->width == 2         ? integer2_measure
               : base->width == 8       ? integer8_measure
               : type_is_unsigned(base) ? unsigned4_measure
                                        : integer4_measure;
    case KIND_REAL:
        return base->width == sizeof(float) ? real4_measure : real8_measure;
    case KIND_DECIMAL:
        return decimal_measure;
    default:
        return NULL;
    }
}

static bool numbers_measure(const struct type *base, const struct cell_column *column,
                            double *numbers)
{
    cell_measure *measure = number_of(base);

    assert(measure);
    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];

        numbers[row] = 0;
        if (cell.ptr && !measure(base, cell, &numbers[row]))
            return false;
    }
    return true;
}

static bool date_measure(struct span cell, int64_t *us)
{
    int32_t days;

    if (cell.len != sizeof(days))
        return false;
    days = (int32_t)wire_read_u32(cell.ptr);
    *us = days == INT32_MIN   ? TIME_MIN
          : days == INT32_MAX ? TIME_MAX
                              : measure_days(days + PG_EPOCH_DAYS);
    return true;
}

static bool timestamp_measure(struct span cell, int64_t *us)
{
    int64_t wire;

    if (cell.len != sizeof(wire))
        return false;
    wire = (int64_t)wire_read_u64(cell.ptr);
    if (wire == INT64_MIN || wire == INT64_MAX)
        *us = wire == INT64_MIN ? TIME_MIN : TIME_MAX;
    else if (wire > INT64_MAX - 1 - PG_EPOCH_US)
        *us = TIME_MAX - 1;
    else
        *us = wire + PG_EPOCH_US;
    return true;
}

static bool times_measure(const struct type *base, const struct cell_column *column,
                          const struct cell_measures *measures)
{
    const bool is_date = base->kind == KIND_DATE;

    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];
        int64_t us = 0;

        if (cell.ptr && !(is_date ? date_measure(cell, &us) : timestamp_measure(cell, &us)))
            return false;
        if (measures->times)
            measures->times[row] = us;
        if (measures->numbers)
            measures->numbers[row] = measure_time_number(us);
    }
    return true;
}

static bool texts_measure(const struct type *base, const struct cell_column *column,
                          const struct cell_measures *measures)
{
    const uint32_t head = base->kind == KIND_JSON && type_is_jsonb(base) ? 1 : 0;

    for (uint32_t row = 0; row < column->count; row++) {
        struct span cell = column->cells[(size_t)row * column->stride];

        if (cell.ptr && head) {
            if (cell.len < head || cell.ptr[0] != JSONB_VERSION)
                return false;
            cell = span_make(cell.ptr + head, cell.len - head);
        }
        if (measures->texts)
            measures->texts[row] = cell;
        if (measures->numbers)
            measures->numbers[row] = cell.len;
    }
    return true;
}

bool pg_binary_measure(const struct type *type, const struct cell_column *column,
                       const struct cell_measures *measures, struct error *err)
{
    const struct type *base = type_base(type);
    bool is_good;

    assert(column && measures);
    if (base->class != TYPE_ARRAY &&
        (base->kind == KIND_DATE || base->kind == KIND_TIMESTAMP || base->kind == KIND_INSTANT))
        is_good = times_measure(base, column, measures);
    else if (base->class != TYPE_ARRAY &&
             (base->kind == KIND_TEXT || base->kind == KIND_JSON || base->kind == KIND_BYTES))
        is_good = texts_measure(base, column, measures);
    else
        is_good = !measures->numbers || numbers_measure(base, column, measures->numbers);
    return is_good || value_malformed(base, err);
}
