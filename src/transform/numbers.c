/* Numbers and times as stand-ins, each by a small permutation. */
#include "transform/numbers.h"

#include "transform/feistel.h"
#include "transform/params.h"

#include <math.h>
#include <string.h>

enum { LEVEL_INTEGER = 1 << 10, LEVEL_REAL = 1 << 12 };

static uint64_t permute_below(const struct sipkey *key, uint64_t level, uint64_t n, uint64_t x)
{
    struct feistel feistel;

    feistel_init(&feistel, n);
    return feistel_apply(&feistel, key, level, x);
}

int64_t integer_redact(const struct sipkey *key, int64_t number, unsigned width, bool is_unsigned)
{
    const bool is_negative = number < 0;
    const uint64_t size = is_negative ? 0 - (uint64_t)number : (uint64_t)number;
    const unsigned spare = is_unsigned ? 64 : 65; /* bits that are no digits, and the sign's */
    const uint64_t limit = (UINT64_MAX >> (spare - 8 * (width ? width : 8))) + is_negative;
    uint64_t low = 1, high, moved;
    unsigned digits = 1;

    if (number == 0)
        return 0;
    assert(size <= limit);
    for (; size / 10 >= low; low *= 10)
        digits++;
    high = limit / 10 < low || limit < low * 10 - 1 ? limit : low * 10 - 1;
    /* The level names the limit too: a smaller range is another permutation. */
    assert(low <= size && size <= high);
    moved = low + permute_below(key, LEVEL_INTEGER + digits * 16 + (limit == high ? width : 0),
                                high - low + 1, size - low);
    return (int64_t)(is_negative ? 0 - moved : moved);
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
            mantissa = permute_below(key, LEVEL_REAL + (word >> 23), 1u << 23, mantissa);
        } while (mantissa == 0 && (word >> 23 & 0xff) == 0);
        word = (word & ~UINT32_C(0x7fffff)) | (uint32_t)mantissa;
        memcpy(&small, &word, sizeof(word));
        return (double)small;
    }
    memcpy(&bits, &number, sizeof(bits));
    mantissa = bits & (UINT64_MAX >> 12);
    do {
        mantissa = permute_below(key, LEVEL_REAL + (bits >> 52), UINT64_C(1) << 52, mantissa);
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

/* The days that PostgreSQL's dates have, 4714-11-24 BC to 5874897-12-31, and the one after the last
 * whole day of microseconds since 1970. */
#define DAY_FIRST    (-INT64_C(2440588))
#define DATE_DAY_END INT64_C(2145042906)
#define TIME_DAY_END INT64_C(106751991)

int64_t time_redact(const struct sipkey *key, int64_t time, int64_t unit)
{
    const int64_t days = unit ? floor_div(time, DAY_US) : time;
    const int64_t day_end = unit ? TIME_DAY_END : DATE_DAY_END;
    int64_t length, start = decade_of(days, &length), end = start + length;

    /* The first and the last decade are cut by the ends of the type. */
    start = start < DAY_FIRST ? DAY_FIRST : start;
    end = end > day_end ? day_end : end;
    length = end - start;
    assert(days >= start && days < end);
    const uint64_t level = (uint64_t)(start + (INT64_C(1) << 40));

    if (unit == 0)
        return start + (int64_t)permute_below(key, level << 8 | 1, (uint64_t)length,
                                              (uint64_t)(days - start));

    const uint64_t steps = (uint64_t)(DAY_US / unit) * (uint64_t)length;
    const uint64_t step = (uint64_t)(DAY_US / unit) * (uint64_t)(days - start) +
                          (uint64_t)(floor_div(time - days * DAY_US, unit));

    return start * DAY_US + (int64_t)permute_below(key, level << 8 | 2, steps, step) * unit;
}
