/* Numbers and times as stand-ins, each by a small permutation. */
#include "transform/numbers.h"

#include "transform/feistel.h"
#include "transform/params.h"

#include <math.h>
#include <string.h>

enum { LEVEL_INTEGER = 1 << 10, LEVEL_UPPER = 1 << 11, LEVEL_REAL = 1 << 12, LEVEL_LAST = 3 };

struct integer_limits integer_limits(const struct type *type, const struct column *column,
                                     const struct bounds *bounds)
{
    const struct integer_range range = integer_range(type, column);
    struct integer_limits limits = {
        .low = (int64_t)range.low,
        .high = range.high > INT64_MAX ? INT64_MAX : (int64_t)range.high,
        .has_upper = range.high > INT64_MAX,
    };
    const double low_bound = ceil(bounds->low), high_bound = floor(bounds->high);

    if (low_bound > (double)limits.low && low_bound < 0x1p63)
        limits.low = (int64_t)low_bound + (bounds->low_is_open && low_bound == bounds->low);
    if (high_bound < (double)limits.high && high_bound >= -0x1p63)
        limits.high = (int64_t)high_bound - (bounds->high_is_open && high_bound == bounds->high);
    if (limits.low > limits.high)
        limits.low = limits.high = 0;
    return limits;
}

/* The numbers of as many digits and the same sign, as far as the type holds them. */
static struct integer_limits digits_class(int64_t number, const struct integer_limits *type,
                                          unsigned *digits)
{
    const bool is_negative = number < 0;
    const uint64_t size = is_negative ? 0 - (uint64_t)number : (uint64_t)number;
    uint64_t low = 1, high;

    for (*digits = 1; size / 10 >= low; low *= 10)
        ++*digits;
    high = low > UINT64_MAX / 10 ? UINT64_MAX : low * 10 - 1;
    if (!is_negative)
        return (struct integer_limits){.low = (int64_t)low < type->low ? type->low : (int64_t)low,
                                       .high = high > (uint64_t)type->high ? type->high
                                                                           : (int64_t)high};
    return (struct integer_limits){
        .low = high > 0 - (uint64_t)type->low ? type->low : -(int64_t)high, .high = -(int64_t)low};
}

#define UPPER_HALF (UINT64_C(1) << 63)

int64_t integer_redact(const struct sipkey *key, int64_t number, const struct integer_limits *type,
                       const struct integer_limits *limits)
{
    const bool is_inside = number >= limits->low && number <= limits->high;
    struct integer_limits class;
    unsigned digits;

    if (number == 0)
        return 0;
    if (number < 0 && type->has_upper)
        return (int64_t)(UPPER_HALF +
                         cycle_apply(key, LEVEL_UPPER, UPPER_HALF, (uint64_t)number - UPPER_HALF));
    assert(number >= type->low && number <= type->high);
    class = digits_class(number, type, &digits);
    if (is_inside && class.low < limits->low)
        class.low = limits->low;
    if (is_inside && class.high > limits->high)
        class.high = limits->high;
    assert(class.low <= number && number <= class.high);

    /* The level names the ends too: a smaller class is another permutation. */
    const uint64_t words[3] = {LEVEL_INTEGER + digits, (uint64_t) class.low, (uint64_t) class.high};
    const uint64_t level = siphash_words(key, words, 3);
    const uint64_t n = (uint64_t) class.high - (uint64_t) class.low + 1;

    do {
        number = (int64_t)((uint64_t) class.low +
                           cycle_apply(key, level, n, (uint64_t)number - (uint64_t) class.low));
    } while (!is_inside && number >= limits->low && number <= limits->high);
    return number;
}

double real_redact(const struct sipkey *key, double number, unsigned width)
{
    uint64_t bits, mantissa;

    if (number == 0 || !isfinite(number))
        return number;
    if (width == 4) {
        float small = (float)number;
        uint32_t word;

        memcpy(&word, &small, sizeof(word));
        mantissa = word & 0x7fffff;
        do {
            mantissa = cycle_apply(key, LEVEL_REAL + (word >> 23), 1u << 23, mantissa);
        } while (mantissa == 0 && (word >> 23 & 0xff) == 0);
        word = (word & ~UINT32_C(0x7fffff)) | (uint32_t)mantissa;
        memcpy(&small, &word, sizeof(word));
        return (double)small;
    }
    memcpy(&bits, &number, sizeof(bits));
    mantissa = bits & (UINT64_MAX >> 12);
    do {
        mantissa = cycle_apply(key, LEVEL_REAL + (bits >> 52), UINT64_C(1) << 52, mantissa);
    } while (mantissa == 0 && (bits >> 52 & 0x7ff) == 0);
    bits = (bits & ~(UINT64_MAX >> 12)) | mantissa;
    memcpy(&number, &bits, sizeof(bits));
    return number;
}

/* Days from 1 January of the decade to that of the next one. */
static int64_t decade_of(int64_t days, int64_t *length)
{
    int year, month, day;

    date_from_days(days, &year, &month, &day);

    const int first = (int)floor_to(year, 10);
    const int64_t start = date_to_days(first, 1, 1);

    *length = date_to_days(first + 10, 1, 1) - start;
    assert(days >= start && days < start + *length);
    return start;
}

/* The four hours of 294247-01-10 that 64 bits hold. */
static int64_t last_hours_redact(const struct sipkey *key, int64_t time, int64_t unit)
{
    const int64_t start = LAST_DAY_OF_64_BITS * DAY_US;
    const uint64_t n = (uint64_t)((TIME_MAX - 1 - start) / unit) + 1;

    assert(time >= start && time < TIME_MAX);
    return start +
           (int64_t)cycle_apply(key, LEVEL_LAST, n, (uint64_t)((time - start) / unit)) * unit;
}

int64_t time_redact(const struct sipkey *key, const struct type *type, int64_t time, int64_t unit)
{
    const int64_t days = unit ? floor_div(time, DAY_US) : time;
    const struct day_range range = day_range(type, days);
    int64_t length, start, end;

    if (days == LAST_DAY_OF_64_BITS && unit)
        return last_hours_redact(key, time, unit);
    start = decade_of(days, &length);
    end = start + length;

    /* The first and the last decade are cut by the ends of the type. */
    start = start < range.first ? range.first : start;
    end = end > range.end ? range.end : end;
    length = end - start;
    assert(days >= start && days < end);
    const uint64_t level = (uint64_t)(start + (INT64_C(1) << 40));

    if (unit == 0)
        return start + (int64_t)cycle_apply(key, level << 8 | 1, (uint64_t)length,
                                            (uint64_t)(days - start));

    const uint64_t steps = (uint64_t)(DAY_US / unit) * (uint64_t)length;
    const uint64_t step = (uint64_t)(DAY_US / unit) * (uint64_t)(days - start) +
                          (uint64_t)(floor_div(time - days * DAY_US, unit));

    return start * DAY_US + (int64_t)cycle_apply(key, level << 8 | 2, steps, step) * unit;
}
