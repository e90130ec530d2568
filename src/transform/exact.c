/* Exact decimals in 128 bits. */
#include "transform/exact.h"

#include <string.h>

static bool scale_up(struct exact *number, unsigned scale)
{
    if (scale > EXACT_SCALE_MAX)
        return false;
    for (; number->scale < scale; number->scale++) {
        if (__builtin_mul_overflow(number->number, (wide)10, &number->number))
            return false;
    }
    return true;
}

bool exact_read(struct span text, struct exact *number)
{
    const bool is_negative = text.len > 0 && text.ptr[0] == '-';
    bool has_point = false;

    *number = (struct exact){0};
    for (uint32_t i = is_negative; i < text.len; i++) {
        if (text.ptr[i] == '.' && !has_point) {
            has_point = true;
            continue;
        }
        if (text.ptr[i] < '0' || text.ptr[i] > '9' ||
            __builtin_mul_overflow(number->number, (wide)10, &number->number) ||
            __builtin_add_overflow(number->number, (wide)(text.ptr[i] - '0'), &number->number))
            return false;
        number->scale += has_point;
    }
    if (is_negative)
        number->number = -number->number;
    return text.len > is_negative && number->scale <= EXACT_SCALE_MAX;
}

bool exact_add(struct exact a, struct exact b, struct exact *sum)
{
    if (!scale_up(&a, b.scale) || !scale_up(&b, a.scale))
        return false;
    assert(a.scale == b.scale);
    sum->scale = a.scale;
    return !__builtin_add_overflow(a.number, b.number, &sum->number);
}

bool exact_multiply(struct exact a, struct exact b, struct exact *product)
{
    product->scale = a.scale + b.scale;
    return product->scale <= EXACT_SCALE_MAX &&
           !__builtin_mul_overflow(a.number, b.number, &product->number);
}

static wide magnitude(wide number)
{
    return number < 0 ? -number : number;
}

/* Halves away from zero. */
static wide divide_rounded(wide a, wide b)
{
    const wide quotient = a / b, rest = magnitude(a % b), size = magnitude(b);

    if (rest < size - rest)
        return quotient;
    return (a < 0) == (b < 0) ? quotient + 1 : quotient - 1;
}

bool exact_divide(struct exact a, struct exact b, unsigned scale, struct exact *quotient)
{
    assert(b.number != 0);
    if (!scale_up(&a, scale + b.scale))
        return false;
    quotient->scale = a.scale - b.scale;
    quotient->number = divide_rounded(a.number, b.number);
    return true;
}

bool exact_round(struct exact number, unsigned scale, struct exact *rounded)
{
    wide unit = 1;

    assert(scale <= EXACT_SCALE_MAX);
    if (number.scale <= scale) {
        *rounded = number;
        return scale_up(rounded, scale);
    }
    for (unsigned i = scale; i < number.scale; i++)
        unit *= 10;
    rounded->number = divide_rounded(number.number, unit);
    rounded->scale = scale;
    return true;
}

bool exact_floor_to(struct exact number, struct exact width, struct exact *floored)
{
    if (!scale_up(&number, width.scale) || !scale_up(&width, number.scale))
        return false;
    assert(width.number > 0);

    wide rest = number.number % width.number;

    rest += rest < 0 ? width.number : 0;
    floored->scale = number.scale;
    return !__builtin_sub_overflow(number.number, rest, &floored->number);
}

bool exact_compare(struct exact a, struct exact b, int *order)
{
    if (!scale_up(&a, b.scale) || !scale_up(&b, a.scale))
        return false;
    *order = (a.number > b.number) - (a.number < b.number);
    return true;
}

struct span exact_write(struct exact number, struct arena *arena)
{
    char digits[48], *text = arena_alloc(arena, sizeof(digits) + 4);
    size_t count = 0, len = 0;
    uwide rest = number.number < 0 ? 0 - (uwide)number.number : (uwide)number.number;

    if (!text)
        return (struct span){0};
    while (rest > 0 || count <= number.scale) {
        digits[count++] = (char)('0' + (int)(rest % 10));
        rest /= 10;
    }
    assert(count < sizeof(digits));
    if (number.number < 0)
        text[len++] = '-';
    while (count > 0) {
        if (count == number.scale)
            text[len++] = '.';
        text[len++] = digits[--count];
    }
    return span_make(text, len);
}
