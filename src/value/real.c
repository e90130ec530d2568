/* Shortest digits by trial: the number is printed with 15, 16 and 17 digits (6 to 9 for a float)
 * until a text reads back as the same number. The C library rounds both ways correctly, so this
 * finds what Ryu finds, with two refinements that make it the server's own text: a text exactly
 * halfway between two numbers is not taken (some reader may round it the other way), and at a
 * power of two, where the interval is lopsided, the next text upwards is tried as well. */
#include "value/real.h"
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define REAL_INPUT_MAX 400 /* bytes; the longest that any server prints is far shorter */

/* The "C" locale needs no memory and is never freed: the library keeps it. */
static double text_to_real(const char *text, bool is_single)
{
    locale_t locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    assert(locale);
    return is_single ? (double)strtof_l(text, NULL, locale) : strtod_l(text, NULL, locale);
}

/* Takes "d.ddde±dd" apart; whatever stands for the point in this locale is skipped. */
static struct real_digits digits_read(const char *text)
{
    struct real_digits real = {0};

    for (; *text != 'e'; text++) {
        assert(*text);
        if (*text >= '0' && *text <= '9')
            real.digits[real.count++] = *text;
    }
    real.exponent = (int)strtol(text + 1, NULL, 10) + 1;
    return real;
}

static void digits_trim(struct real_digits *real)
{
    while (real->count > 0 && real->digits[real->count - 1] == '0')
        real->count--;
    real->digits[real->count] = '\0';
}

static double digits_value(const struct real_digits *real, bool is_single)
{
    char text[40];

    snprintf(text, sizeof(text), "0.%.*se%d", real->count, real->digits, real->exponent);
    return text_to_real(text, is_single);
}

/* True when the digits lie exactly between `value` and its neighbor towards `towards`. A long
 * double holds the middle exactly, and the C library prints all of it. */
static bool digits_are_midpoint(const struct real_digits *real, double value, double towards,
                                bool is_single)
{
    long double low = value, high;
    char text[80];
    const char *ptr = text;
    int at = 0;

    high = is_single ? (long double)nextafterf((float)value, (float)towards)
                     : (long double)nextafter(value, towards);
    if (isinf(high))
        return false;
    snprintf(text, sizeof(text), "%.60Le", low + (high - low) / 2);
    for (; *ptr != 'e'; ptr++) {
        if (*ptr < '0' || *ptr > '9')
            continue;
        if (*ptr != (at < real->count ? real->digits[at] : '0'))
            return false;
        at++;
    }
    return strtol(ptr + 1, NULL, 10) + 1 == real->exponent;
}

static bool digits_name(const struct real_digits *real, double value, bool is_single)
{
    return digits_value(real, is_single) == value &&
           !digits_are_midpoint(real, value, INFINITY, is_single) &&
           !digits_are_midpoint(real, value, 0, is_single);
}

static void digits_increment(struct real_digits *real)
{
    int at = real->count - 1;

    while (at >= 0 && real->digits[at] == '9')
        real->digits[at--] = '0';
    if (at >= 0) {
        real->digits[at]++;
        return;
    }
    real->digits[0] = '1';
    real->exponent++;
}

static bool real_is_power_of_two(double value)
{
    int exponent;

    return frexp(value, &exponent) == 0.5;
}

struct real_digits real_shortest(double value, bool is_single)
{
    double magnitude = fabs(value);
    int first = is_single ? 6 : 15, last = is_single ? 9 : 17;
    struct real_digits real = {.is_negative = signbit(value) != 0};
    char text[40];

    assert(isfinite(value));
    assert(!is_single || (double)(float)value == value);
    if (magnitude == 0)
        return real;
    if (magnitude < (is_single ? 1.2e-38 : 2.3e-308))
        first = 1; /* subnormal: fewer bits, so fewer digits may do */
    for (int count = first; count <= last; count++) {
        snprintf(text, sizeof(text), "%.*e", count - 1, magnitude);
        real = digits_read(text);
        if (count == last || digits_name(&real, magnitude, is_single))
            break;
        if (!real_is_power_of_two(magnitude))
            continue;
        digits_increment(&real);
        if (digits_name(&real, magnitude, is_single))
            break;
    }
    real.is_negative = value < 0;
    digits_trim(&real);
    return real;
}

static const char *real_special(double value)
{
    if (isnan(value))
        return "NaN";
    if (isinf(value))
        return value > 0 ? "Infinity" : "-Infinity";
    return NULL;
}

static void zeros_add(struct buf *out, int count)
{
    for (int i = 0; i < count; i++)
        buf_add_char(out, '0');
}

static void digits_add_plain(const struct real_digits *real, struct buf *out)
{
    int point = real->exponent, whole = point < real->count ? point : real->count;

    if (point <= 0) {
        buf_add_text(out, "0");
        if (real->count > 0)
            buf_add_text(out, ".");
        zeros_add(out, -point);
        buf_add(out, real->digits, (size_t)real->count);
        return;
    }
    buf_add(out, real->digits, (size_t)whole);
    zeros_add(out, point - whole);
    if (whole < real->count) {
        buf_add_char(out, '.');
        buf_add(out, real->digits + whole, (size_t)(real->count - whole));
    }
}

void real_format(double value, bool is_single, struct buf *out)
{
    const char *special = real_special(value);
    int plain_most = is_single ? 6 : 15;
    struct real_digits real;

    assert(out);
    if (special) {
        buf_add_text(out, special);
        return;
    }
    real = real_shortest(value, is_single);
    if (real.is_negative)
        buf_add_char(out, '-');
    if (real.count == 0 || (real.exponent >= -3 && real.exponent <= plain_most)) {
        digits_add_plain(&real, out);
        return;
    }
    buf_add_char(out, real.digits[0]);
    if (real.count > 1) {
        buf_add_char(out, '.');
        buf_add(out, real.digits + 1, (size_t)real.count - 1);
    }
    buf_add_format(out, "e%c%02d", real.exponent > 0 ? '+' : '-', abs(real.exponent - 1));
}

void real_canonical(double value, struct buf *out)
{
    const char *special = real_special(value);
    struct real_digits real;

    assert(out);
    if (special) {
        buf_add_text(out, special);
        return;
    }
    real = real_shortest(value, false);
    if (real.is_negative && real.count > 0)
        buf_add_char(out, '-');
    digits_add_plain(&real, out);
}

static const char *digits_skip(const char *ptr)
{
    while (*ptr >= '0' && *ptr <= '9')
        ptr++;
    return ptr;
}

/* [-]digits[.digits][e[+-]digits]: no blanks, no hexadecimal form, no words. */
static bool text_is_real(const char *text)
{
    const char *ptr = text + (*text == '-'), *start = ptr;

    ptr = digits_skip(ptr);
    if (ptr == start)
        return false;
    if (*ptr == '.') {
        start = ++ptr;
        ptr = digits_skip(ptr);
        if (ptr == start)
            return false;
    }
    if (*ptr == 'e') {
        ptr++;
        ptr += *ptr == '+' || *ptr == '-';
        start = ptr;
        ptr = digits_skip(ptr);
        if (ptr == start)
            return false;
    }
    return *ptr == '\0';
}

bool real_parse(struct span text, bool is_single, double *value)
{
    char copy[REAL_INPUT_MAX + 1];

    assert(text.ptr && value);
    *value = span_equal(text, SPAN_LITERAL("NaN"))         ? (double)NAN
             : span_equal(text, SPAN_LITERAL("Infinity"))  ? (double)INFINITY
             : span_equal(text, SPAN_LITERAL("-Infinity")) ? -(double)INFINITY
                                                           : 0;
    if (*value != 0)
        return true;
    if (text.len == 0 || text.len > REAL_INPUT_MAX)
        return false;
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    if (strlen(copy) != text.len || !text_is_real(copy))
        return false;
    *value = text_to_real(copy, is_single);
    return isfinite(*value);
}
