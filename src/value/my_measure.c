/* What the cells of a column amount to, straight from their text: one loop for each kind over a
 * column, since this is done for every cell of every surveyed table. */
#include "value/my_codec.h"
#include "value/my_opaque.h"
#include "value/my_type.h"
#include <math.h>

static double integer_number(const struct type *type, int64_t number)
{
    return number < 0 && type->is_unsigned ? (double)(uint64_t)number : (double)number;
}

/* NULL gives 0. */
static bool integers_measure(const struct type *type, const struct cell_column *column,
                             double *numbers, struct error *err)
{
    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];
        int64_t number = 0;

        if (cell.ptr && !my_integer_read(type, cell, &number))
            return value_malformed(type, err);
        numbers[row] = integer_number(type, number);
    }
    return true;
}

static bool reals_measure(const struct type *type, const struct cell_column *column,
                          double *numbers, struct error *err)
{
    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];

        numbers[row] = 0;
        if (cell.ptr && !my_real_read(type, cell, &numbers[row]))
            return value_malformed(type, err);
    }
    return true;
}

/* Microseconds; dates that no calendar has stand below all others, as what is infinite does. */
static bool time_measure(const struct type *type, struct span cell, int64_t *us)
{
    if (!my_time_read(type, cell, us))
        return false;
    if (time_is_partial(type->kind, *us))
        *us = TIME_MIN;
    else if (type->kind == KIND_DATE)
        *us = measure_days(*us);
    return true;
}

static bool times_measure(const struct type *type, const struct cell_column *column,
                          const struct cell_measures *measures, struct error *err)
{
    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];
        int64_t us = 0;

        if (cell.ptr && !time_measure(type, cell, &us))
            return value_malformed(type, err);
        if (measures->times)
            measures->times[row] = us;
        if (measures->numbers)
            measures->numbers[row] = cell.ptr ? measure_time_number(us) : 0;
    }
    return true;
}

static void texts_measure(const struct type *type, const struct cell_column *column,
                          const struct cell_measures *measures)
{
    for (uint32_t row = 0; row < column->count; row++) {
        struct span cell = column->cells[(size_t)row * column->stride];

        (void)my_opaque_read(type, cell, &cell);
        if (measures->texts)
            measures->texts[row] = cell;
        if (measures->numbers)
            measures->numbers[row] = cell.ptr ? cell.len : 0;
    }
}

bool my_measure(const struct type *type, const struct cell_column *column,
                const struct cell_measures *measures, struct error *err)
{
    switch (type->kind) {
    case KIND_INTEGER:
        return !measures->numbers || integers_measure(type, column, measures->numbers, err);
    case KIND_REAL:
        return !measures->numbers || reals_measure(type, column, measures->numbers, err);
    case KIND_DATE:
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        return times_measure(type, column, measures, err);
    case KIND_TEXT:
    case KIND_JSON:
    case KIND_BYTES:
        texts_measure(type, column, measures);
        return true;
    default:
        return codec_measure_values(&codec_my, type, column, measures, err);
    }
}
