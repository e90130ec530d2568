/* The check digit of ISO/IEC 7812-1 annex B (H. P. Luhn, US patent 2950048, 1960). */
#ifndef UNDERSTUDY_TRANSFORM_LUHN_H
#define UNDERSTUDY_TRANSFORM_LUHN_H

#include "base/common.h"

/* The sum of the digits (values 0 to 9) modulo 10, every second one from the right but one
 * doubled: 0 where the last digit is the right check digit, else how far it is off. */
static inline unsigned luhn_offset(const uint8_t *digits, size_t count)
{
    unsigned sum = 0;

    for (size_t i = 0; i < count; i++) {
        const unsigned digit = digits[count - 1 - i];

        assert(digit < 10);
        sum += i % 2 == 0 ? digit : digit < 5 ? 2 * digit : 2 * digit - 9;
    }
    return sum % 10;
}

/* The last digit with which the offset is `offset`; digits[count - 1] is not looked at. */
static inline uint8_t luhn_digit(const uint8_t *digits, size_t count, unsigned offset)
{
    const unsigned last = digits[count - 1], sum = luhn_offset(digits, count) + 10 - last;

    assert(offset < 10 && last < 10);
    return (uint8_t)((offset + 20 - sum % 10) % 10);
}

#endif
