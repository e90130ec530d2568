/* A binary numeric is four 16-bit words (count of digits, weight of the first, sign, decimals
 * shown) and then the digits, each 0 to 9999:
 *
 *     -12345.67  =  - 0001 2345 . 6700    count 3, weight 1, sign 0x4000, scale 2
 *
 * Zero digits at either end are left out, so 1000000 is the one digit 0100 of weight 1. */
#include "value/pg_numeric.h"
#include "value/decimal.h"
#include "value/wire.h"
#include <float.h>
#include <math.h>

#define HEAD_BYTES             8
#define SIGN_NEGATIVE          0x4000
#define SIGN_NAN               0xC000
#define SIGN_INFINITY          0xD000
#define SIGN_NEGATIVE_INFINITY 0xF000
#define SPECIAL_SCALE          32 /* what the server shows for the infinities */
#define GROUP                  4  /* decimal digits in one digit of the wire */

struct numeric {
    uint16_t count, sign, scale;
    int16_t weight;
    const char *digits;
};

static bool numeric_read(struct span cell, struct numeric *numeric)
{
    if (cell.len < HEAD_BYTES)
        return false;
    numeric->count = wire_read_u16(cell.ptr);
    numeric->weight = (int16_t)wire_read_u16(cell.ptr + 2);
    numeric->sign = wire_read_u16(cell.ptr + 4);
    numeric->scale = wire_read_u16(cell.ptr + 6);
    numeric->digits = cell.ptr + HEAD_BYTES;
    if (cell.len != HEAD_BYTES + 2u * numeric->count || numeric->scale > DECIMAL_FRACTION_MAX)
        return false;
    for (size_t i = 0; i < numeric->count; i++)
        if (wire_read_u16(numeric->digits + 2 * i) > 9999)
            return false;
    return numeric->sign == 0 || numeric->sign == SIGN_NEGATIVE || numeric->count == 0;
}

/* The four decimal digits of the place `weight`, zeros where the wire has none. */
static void group_write(const struct numeric *numeric, int weight, char out[GROUP])
{
    int index = numeric->weight - weight;
    unsigned digit = 0;

    if (index >= 0 && index < numeric->count)
        digit = wire_read_u16(numeric->digits + 2 * index);
    for (int at = GROUP - 1; at >= 0; at--, digit /= 10)
        out[at] = (char)('0' + digit % 10);
}

static size_t whole_write(const struct numeric *numeric, char *out)
{
    size_t len = 0, zeros = 0;

    for (int weight = numeric->weight; weight >= 0; weight--, len += GROUP)
        group_write(numeric, weight, out + len);
    while (zeros < len && out[zeros] == '0')
        zeros++;
    if (zeros == len) {
        out[0] = '0';
        return 1;
    }
    memmove(out, out + zeros, len - zeros);
    return len - zeros;
}

static enum numeric_result special_text(uint16_t sign, struct span *text)
{
    if (sign == SIGN_NAN)
        *text = SPAN_LITERAL("NaN");
    else if (sign == SIGN_INFINITY)
        *text = SPAN_LITERAL("Infinity");
    else if (sign == SIGN_NEGATIVE_INFINITY)
        *text = SPAN_LITERAL("-Infinity");
    else
        return NUMERIC_MALFORMED;
    return NUMERIC_OK;
}

enum numeric_result numeric_to_text(struct span cell, struct arena *arena, struct span *text)
{
    struct numeric numeric;
    size_t len = 0, groups;
    char *out;

    assert(cell.ptr && arena && text);
    if (!numeric_read(cell, &numeric))
        return NUMERIC_MALFORMED;
    if (numeric.sign != 0 && numeric.sign != SIGN_NEGATIVE)
        return special_text(numeric.sign, text);
    groups = (numeric.weight >= 0 ? (size_t)numeric.weight + 1 : 0) + numeric.scale / GROUP + 2;
    out = arena_alloc(arena, groups * GROUP + 3);
    if (!out)
        return NUMERIC_NO_MEMORY;
    if (numeric.sign == SIGN_NEGATIVE)
        out[len++] = '-';
    len += whole_write(&numeric, out + len);
    if (numeric.scale > 0) {
        out[len++] = '.';
        for (int at = 0; at * GROUP < numeric.scale; at++)
            group_write(&numeric, -1 - at, out + len + (size_t)at * GROUP);
        len += numeric.scale;
    }
    *text = span_make(out, len);
    return NUMERIC_OK;
}

static enum numeric_result special_cell(enum decimal_class class, struct arena *arena,
                                        struct span *cell)
{
    char *out = arena_alloc(arena, HEAD_BYTES);

    if (!out)
        return NUMERIC_NO_MEMORY;
    wire_write_u16(out + 4, class == DECIMAL_NAN        ? SIGN_NAN
                            : class == DECIMAL_INFINITY ? SIGN_INFINITY
                                                        : SIGN_NEGATIVE_INFINITY);
    wire_write_u16(out + 6, class == DECIMAL_NAN ? 0 : SPECIAL_SCALE);
    *cell = span_make(out, HEAD_BYTES);
    return NUMERIC_OK;
}

/* Decimal digit at `place` (0: ones, -1: tenths), zero beyond the text. */
static unsigned decimal_digit(const struct decimal *decimal, int place)
{
    if (place >= 0)
        return (uint32_t)place < decimal->whole.len
                   ? (unsigned)(decimal->whole.ptr[decimal->whole.len - 1 - (uint32_t)place] - '0')
                   : 0;
    place = -1 - place;
    return (uint32_t)place < decimal->fraction.len ? (unsigned)(decimal->fraction.ptr[place] - '0')
                                                   : 0;
}

static uint16_t group_read(const struct decimal *decimal, int weight)
{
    unsigned digit = 0;

    for (int place = weight * GROUP + GROUP - 1; place >= weight * GROUP; place--)
        digit = digit * 10 + decimal_digit(decimal, place);
    assert(digit <= 9999);
    return (uint16_t)digit;
}

enum numeric_result numeric_from_text(struct span text, struct arena *arena, struct span *cell)
{
    struct decimal decimal = decimal_read(text);
    int high, low;
    uint16_t count;
    char *out;

    if (decimal.class == DECIMAL_INVALID || decimal.whole.len > DECIMAL_WHOLE_MAX ||
        decimal.fraction.len > DECIMAL_FRACTION_MAX)
        return NUMERIC_MALFORMED;
    if (decimal.class != DECIMAL_FINITE)
        return special_cell(decimal.class, arena, cell);
    high = ((int)decimal.whole.len + GROUP - 1) / GROUP - 1;
    low = -(((int)decimal.fraction.len + GROUP - 1) / GROUP);
    while (high >= low && group_read(&decimal, high) == 0)
        high--;
    while (low <= high && group_read(&decimal, low) == 0)
        low++;
    count = (uint16_t)(high >= low ? high - low + 1 : 0);
    out = arena_alloc(arena, HEAD_BYTES + 2u * count);
    if (!out)
        return NUMERIC_NO_MEMORY;
    wire_write_u16(out, count);
    wire_write_u16(out + 2, (uint16_t)(count > 0 ? high : 0));
    wire_write_u16(out + 4, decimal.is_negative && count > 0 ? SIGN_NEGATIVE : 0);
    wire_write_u16(out + 6, (uint16_t)decimal.fraction.len);
    for (int i = 0; i < count; i++)
        wire_write_u16(out + HEAD_BYTES + 2 * i, group_read(&decimal, high - i));
    *cell = span_make(out, HEAD_BYTES + 2u * count);
    return NUMERIC_OK;
}

/* number * 10000^places; beyond the range of a double its end. */
static double places_shift(double number, int places)
{
    static const double powers[] = {1, 1e4, 1e8, 1e12, 1e16, 1e20};
    double shifted;

    if (places >= 0 && places < (int)COUNT_OF(powers))
        return number * powers[places];
    if (places < 0 && -places < (int)COUNT_OF(powers))
        return number / powers[-places];
    shifted = number * pow(10, GROUP * places);
    if (isinf(shifted))
        return DBL_MAX;
    return shifted > 0 || number <= 0 ? shifted : DBL_TRUE_MIN;
}

static bool special_number(uint16_t sign, double *number)
{
    *number = sign == SIGN_NAN ? (double)NAN : sign == SIGN_INFINITY ? HUGE_VAL : -HUGE_VAL;
    return sign == SIGN_NAN || sign == SIGN_INFINITY || sign == SIGN_NEGATIVE_INFINITY;
}

/* The digits in front of the last that matter are a whole number; what follows adds less than one
 * unit to it. 1e22 is the greatest power of ten that a double holds, so that a number of up to 15
 * digits, which is what there is, comes out exactly as its text would. */
bool numeric_to_double(struct span cell, double *number)
{
    enum { EXACT = 4, MOST = 6 };
    struct numeric numeric;
    uint64_t head = 0;
    double tail = 0, scale = 1;
    int at = 0;

    assert(cell.ptr && number);
    if (!numeric_read(cell, &numeric))
        return false;
    if (numeric.sign != 0 && numeric.sign != SIGN_NEGATIVE)
        return special_number(numeric.sign, number);
    for (; at < numeric.count && at < EXACT; at++)
        head = head * 10000 + wire_read_u16(numeric.digits + 2 * at);
    const int places = numeric.weight - (at - 1);
    for (; at < numeric.count && at < MOST; at++) {
        scale /= 10000;
        tail += wire_read_u16(numeric.digits + 2 * at) * scale;
    }
    *number = numeric.count == 0 ? 0 : places_shift((double)head + tail, places);
    if (numeric.sign == SIGN_NEGATIVE)
        *number = -*number;
    return true;
}
