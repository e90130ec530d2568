/* Decimals as text: their parts, their shortest form, their rounding. No digit ever passes through
 * a machine number, so that no value of any length loses one. */
#include "value/decimal.h"
#include "value/value.h"

static bool char_is_digit(char byte)
{
    return byte >= '0' && byte <= '9';
}

static enum decimal_class decimal_special(struct span text)
{
    if (span_equal(text, SPAN_LITERAL("NaN")))
        return DECIMAL_NAN;
    if (span_equal(text, SPAN_LITERAL("Infinity")))
        return DECIMAL_INFINITY;
    if (span_equal(text, SPAN_LITERAL("-Infinity")))
        return DECIMAL_NEGATIVE_INFINITY;
    return DECIMAL_INVALID;
}

/* Moves *ptr over digits and returns them. */
static struct span digits_take(const char **ptr, const char *end)
{
    const char *start = *ptr;

    while (*ptr < end && char_is_digit(**ptr))
        (*ptr)++;
    return span_make(start, (size_t)(*ptr - start));
}

struct decimal decimal_read(struct span text)
{
    struct decimal decimal = {.class = DECIMAL_FINITE, .fraction = SPAN_LITERAL("")};
    const char *ptr = text.ptr, *end;

    assert(text.ptr);
    end = text.ptr + text.len;
    if (ptr < end && *ptr == '-') {
        decimal.is_negative = true;
        ptr++;
    }
    decimal.whole = digits_take(&ptr, end);
    if (decimal.whole.len == 0)
        return (struct decimal){.class = decimal_special(text)};
    if (ptr < end && *ptr == '.') {
        ptr++;
        decimal.fraction = digits_take(&ptr, end);
        if (decimal.fraction.len == 0)
            decimal.class = DECIMAL_INVALID;
    }
    if (ptr != end)
        decimal.class = DECIMAL_INVALID;
    while (decimal.whole.len > 0 && *decimal.whole.ptr == '0') {
        decimal.whole.ptr++;
        decimal.whole.len--;
    }
    return decimal;
}

void decimal_canonical(struct span text, struct buf *out)
{
    struct decimal decimal;

    assert(out);
    decimal = decimal_read(text);
    if (decimal.class != DECIMAL_FINITE) {
        buf_add(out, text.ptr, text.len);
        return;
    }
    while (decimal.fraction.len > 0 && decimal.fraction.ptr[decimal.fraction.len - 1] == '0')
        decimal.fraction.len--;
    if (decimal.is_negative && decimal.whole.len + decimal.fraction.len > 0)
        buf_add_char(out, '-');
    if (decimal.whole.len == 0)
        buf_add_char(out, '0');
    buf_add(out, decimal.whole.ptr, decimal.whole.len);
    if (decimal.fraction.len > 0) {
        buf_add_char(out, '.');
        buf_add(out, decimal.fraction.ptr, decimal.fraction.len);
    }
}

/* The digits of whole and fraction as one number, cut or filled with zeros to `kept` digits and
 * rounded at the cut; digits[0] is room for a carry. The count may be zero or negative: then
 * everything is cut. */
static void digits_round(const struct decimal *decimal, int64_t kept, char *digits)
{
    uint64_t whole = decimal->whole.len, all = whole + decimal->fraction.len;
    uint64_t count = kept > 0 ? (uint64_t)kept : 0, at = count;
    char next = '0';

    digits[0] = '0';
    for (uint64_t i = 0; i < count; i++)
        digits[i + 1] = i < whole ? decimal->whole.ptr[i]
                        : i < all ? decimal->fraction.ptr[i - whole]
                                  : '0';
    if (kept >= 0 && count < all)
        next = count < whole ? decimal->whole.ptr[count] : decimal->fraction.ptr[count - whole];
    if (next < '5')
        return;
    while (digits[at] == '9')
        digits[at--] = '0';
    digits[at]++;
}

static bool digits_are_zero(const char *digits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (digits[i] != '0')
            return false;
    return true;
}

struct span decimal_round(struct span text, int scale, struct arena *arena)
{
    struct decimal decimal = decimal_read(text);
    int64_t kept = (int64_t)decimal.whole.len + scale;
    size_t fraction = scale > 0 ? (size_t)scale : 0, zeros = scale < 0 ? (size_t)-scale : 0;
    size_t count = kept > 0 ? (size_t)kept : 0, first = 0, len = 0;
    bool is_zero;
    char *digits, *out;

    assert(decimal.class != DECIMAL_INVALID);
    assert(scale >= -DECIMAL_FRACTION_MAX && scale <= DECIMAL_FRACTION_MAX);
    if (decimal.class != DECIMAL_FINITE)
        return text;
    digits = arena_alloc(arena, count + 1);
    out = arena_alloc(arena, count + fraction + zeros + 4);
    if (!digits || !out)
        return (struct span){NULL, 0};
    digits_round(&decimal, kept, digits);
    count++;
    while (first < count && digits[first] == '0' && count - first > fraction)
        first++;
    is_zero = digits_are_zero(digits, count);
    if (decimal.is_negative && !is_zero)
        out[len++] = '-';
    if (count - first <= fraction)
        out[len++] = '0';
    for (size_t i = first; i < count; i++) {
        if (count - i == fraction)
            out[len++] = '.';
        out[len++] = digits[i];
    }
    if (zeros > 0 && !is_zero) {
        memset(out + len, '0', zeros);
        len += zeros;
    }
    return span_make(out, len);
}
