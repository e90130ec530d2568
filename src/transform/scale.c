/* Decimals of any length times a factor. */
#include "transform/scale.h"

#include "transform/seed.h"

#include <string.h>

enum { LIMB_DIGITS = 9, LIMBS_MORE = 4 };

#define LIMB UINT64_C(1000000000)

/* Digits of `text` (sign and point left out) into limbs, the lowest first. */
static size_t limbs_read(const char *digits, size_t count, uint32_t *limbs)
{
    size_t used = 0;

    while (count > 0) {
        const size_t take = count < LIMB_DIGITS ? count : LIMB_DIGITS;
        uint32_t limb = 0;

        for (size_t i = count - take; i < count; i++)
            limb = limb * 10 + (uint32_t)(digits[i] - '0');
        limbs[used++] = limb;
        count -= take;
    }
    return used;
}

static size_t limbs_multiply(uint32_t *limbs, size_t count, uint64_t factor)
{
    uwide carry = 0;

    for (size_t i = 0; i < count || carry > 0; i++) {
        carry += (uwide)(i < count ? limbs[i] : 0) * factor;
        limbs[i] = (uint32_t)(carry % LIMB);
        carry /= LIMB;
        count = i < count ? count : i + 1;
    }
    return count;
}

static void limbs_add(uint32_t *limbs, size_t count, uint64_t number)
{
    for (size_t i = 0; i < count && number > 0; i++) {
        number += limbs[i];
        limbs[i] = (uint32_t)(number % LIMB);
        number /= LIMB;
    }
    assert(number == 0);
}

/* The limbs from the second on as exactly count * 9 digits: dropping the first divides by 10^9. */
static void limbs_write(const uint32_t *limbs, size_t count, char *digits)
{
    for (size_t i = count; i > 1; i--) {
        uint32_t limb = limbs[i - 1];

        for (size_t j = LIMB_DIGITS; j > 0; j--, limb /= 10)
            digits[(count - i) * LIMB_DIGITS + j - 1] = (char)('0' + limb % 10);
    }
}

static struct span digits_join(const char *digits, size_t count, size_t fraction, bool is_negative,
                               struct arena *arena)
{
    size_t skip = 0, len = 0;
    char *text = arena_alloc(arena, count + 3);

    if (!text)
        return (struct span){0};
    while (skip + fraction + 1 < count && digits[skip] == '0')
        skip++;
    if (is_negative)
        text[len++] = '-';
    for (size_t i = skip; i < count; i++) {
        if (i == count - fraction)
            text[len++] = '.';
        text[len++] = digits[i];
    }
    return span_make(text, len);
}

struct span decimal_scale(struct span text, uint64_t factor, uint64_t carry, struct arena *arena)
{
    const bool is_negative = text.len > 0 && text.ptr[0] == '-';
    const char *point = memchr(text.ptr, '.', text.len);
    const size_t fraction = point ? text.len - (size_t)(point - text.ptr) - 1 : 0;
    char *source = arena_alloc(arena, text.len + 1);
    uint32_t *limbs = ARENA_ARRAY(arena, text.len / LIMB_DIGITS + LIMBS_MORE + 2, uint32_t);
    size_t count = 0, used;
    char *digits;
    bool was_zero = true, is_zero = true;

    assert(factor > 0 && carry < FACTOR_ONE);
    if (!source || !limbs)
        return (struct span){0};
    for (uint32_t i = is_negative; i < text.len; i++) {
        if (text.ptr[i] == '.')
            continue;
        source[count++] = text.ptr[i];
        was_zero = was_zero && text.ptr[i] == '0';
    }
    used = limbs_multiply(limbs, limbs_read(source, count, limbs), factor);
    /* One limb falls away, one more may be carried into, and the fraction must have its digits. */
    used = used + 1 < count / LIMB_DIGITS + 3 ? count / LIMB_DIGITS + 3 : used + 1;
    limbs_add(limbs, used, was_zero ? 0 : carry);
    assert((used - 1) * LIMB_DIGITS > fraction);
    digits = arena_alloc(arena, used * LIMB_DIGITS);
    if (!digits)
        return (struct span){0};
    count = (used - 1) * LIMB_DIGITS;
    limbs_write(limbs, used, digits);
    for (size_t i = 0; i < count; i++)
        is_zero = is_zero && digits[i] == '0';
    if (is_zero && !was_zero)
        digits[count - 1] = '1';
    return digits_join(digits, count, fraction, is_negative, arena);
}
