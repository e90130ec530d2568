/* Binary floating point as text: the fewest digits that name the number and no other. */
#ifndef UNDERSTUDY_VALUE_REAL_H
#define UNDERSTUDY_VALUE_REAL_H

#include "base/buf.h"
#include "base/common.h"
#include "base/span.h"

/* value = ±0.d1d2d3… × 10^exponent; digits without trailing zeros, none for zero. */
struct real_digits {
    bool is_negative;
    int count, exponent;
    char digits[20];
};

/* `value` is finite; is_single: a float's digits, which are fewer than a double's. */
struct real_digits real_shortest(double value, bool is_single);

/* Appends the number as PostgreSQL 12 and later print float4 and float8. */
void real_format(double value, bool is_single, struct buf *out);

/* Appends plain decimal without exponent, equal to the canonical form of a numeric of the same
 * value. */
void real_canonical(double value, struct buf *out);

/* False unless all of `text` is [-]digits[.digits][e[+-]digits], NaN, Infinity or -Infinity, and
 * within the range of the type. Independent of the locale. */
bool real_parse(struct span text, bool is_single, double *value);

#endif
