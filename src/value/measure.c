/* Measures made of decoded values, and what all codecs agree on for times. */
#include "value/codec.h"
#include "value/decimal.h"
#include "value/real.h"
#include "value/type.h"
#include <float.h>
#include <math.h>
#include <stdio.h>

#define US_PER_DAY INT64_C(86400000000)

int64_t measure_days(int64_t days)
{
    if (days == TIME_MIN || days == TIME_MAX)
        return days;
    if (days > INT64_MAX / US_PER_DAY - 1)
        return TIME_MAX - 1;
    if (days < INT64_MIN / US_PER_DAY + 1)
        return TIME_MIN + 1;
    return days * US_PER_DAY;
}

double measure_time_number(int64_t us)
{
    return us == TIME_MIN ? -HUGE_VAL : us == TIME_MAX ? HUGE_VAL : (double)us;
}

/* Digits of a decimal from its first that is not zero, as many as a double tells apart and some
 * more, and where their point stands: 0.<digits> * 10^exponent. */
struct leading_digits {
    char digits[30];
    size_t count;
    long exponent;
};

static void digits_take(struct leading_digits *leading, struct span from)
{
    for (uint32_t i = 0; i < from.len && leading->count < sizeof(leading->digits); i++) {
        if (leading->count == 0 && from.ptr[i] == '0')
            leading->exponent--;
        else
            leading->digits[leading->count++] = from.ptr[i];
    }
}

/* Text of a decimal to a double; what is beyond its range becomes the end of the range. */
static bool decimal_number(struct span text, double *number)
{
    const struct decimal decimal = decimal_read(text);
    struct leading_digits leading = {.exponent = decimal.whole.len};
    char copy[64];
    int len;

    if (decimal.class == DECIMAL_INVALID)
        return false;
    if (decimal.class != DECIMAL_FINITE)
        return real_parse(text, false, number);
    digits_take(&leading, decimal.whole);
    digits_take(&leading, decimal.fraction);
    len = snprintf(copy, sizeof(copy), "%s0.%.*se%ld", decimal.is_negative ? "-" : "",
                   (int)leading.count, leading.digits, leading.exponent);
    if (leading.count == 0)
        *number = 0;
    else if (!real_parse(span_make(copy, (size_t)len), false, number) || *number == 0)
        *number = (leading.exponent > 0 ? DBL_MAX : DBL_TRUE_MIN) * (decimal.is_negative ? -1 : 1);
    return true;
}

static void text_set(const struct cell_measures *measures, uint32_t row, struct span text)
{
    if (measures->texts)
        measures->texts[row] = text;
    if (measures->numbers)
        measures->numbers[row] = text.len;
}

static void time_set(const struct cell_measures *measures, uint32_t row, int64_t us)
{
    if (measures->times)
        measures->times[row] = us;
    if (measures->numbers)
        measures->numbers[row] = measure_time_number(us);
}

static void number_set(const struct cell_measures *measures, uint32_t row, double number)
{
    if (measures->numbers)
        measures->numbers[row] = number;
}

static bool value_measure(const struct type *base, const struct value *value, uint32_t row,
                          const struct cell_measures *measures, struct error *err)
{
    double number = 0;

    if (base->class == TYPE_ARRAY) {
        number_set(measures, row, value->parts->count);
        return true;
    }
    switch (base->kind) {
    case KIND_INTEGER:
        number_set(measures, row, (double)value->integer);
        return true;
    case KIND_REAL:
        number_set(measures, row, value->real);
        return true;
    case KIND_DECIMAL:
        if (!decimal_number(value->bytes, &number))
            return value_malformed(base, err);
        number_set(measures, row, number);
        return true;
    case KIND_DATE:
        time_set(measures, row, measure_days(value->integer));
        return true;
    case KIND_TIMESTAMP:
    case KIND_INSTANT:
        time_set(measures, row, value->integer);
        return true;
    default:
        assert(base->kind == KIND_TEXT || base->kind == KIND_JSON || base->kind == KIND_BYTES);
        text_set(measures, row, value->bytes);
        return true;
    }
}

/* NULL: nothing of what was asked for. */
static void null_measure(uint32_t row, const struct cell_measures *measures)
{
    if (measures->numbers)
        measures->numbers[row] = 0;
    if (measures->times)
        measures->times[row] = 0;
    if (measures->texts)
        measures->texts[row] = (struct span){NULL, 0};
}

bool codec_measure_values(const struct codec *codec, const struct type *type,
                          const struct cell_column *column, const struct cell_measures *measures,
                          struct error *err)
{
    const struct type *base = type_base(type);

    assert(measures->arena);
    for (uint32_t row = 0; row < column->count; row++) {
        const struct span cell = column->cells[(size_t)row * column->stride];
        struct value value = {.is_null = false};

        if (!cell.ptr)
            null_measure(row, measures);
        else if (!codec->decode(base, cell, measures->arena, &value, err) ||
                 !value_measure(base, &value, row, measures, err))
            return false;
    }
    return true;
}
