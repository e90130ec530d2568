/* Numbers as stand-ins: another number of the same sign and size, one to one. */
#ifndef UNDERSTUDY_TRANSFORM_NUMBERS_H
#define UNDERSTUDY_TRANSFORM_NUMBERS_H

#include "transform/bounds.h"
#include "transform/seed.h"

struct integer_limits {
    int64_t low, high; /* low <= high */
    bool
        has_upper; /* 64 bits without a sign: those from 2^63 on, negative here, are held as well */
};

/* What a column holds in the bounds of its constraints, as far as whole numbers lie in them.
 * `column` may be NULL. */
struct integer_limits integer_limits(const struct type *type, const struct column *column,
                                     const struct bounds *bounds);
/* Another integer with as many digits inside the limits. Zero stays, and what lies outside of them
 * is exchanged outside; numbers from 2^63 on are exchanged among themselves. One to one. */
int64_t integer_redact(const struct sipkey *key, int64_t number, const struct integer_limits *type,
                       const struct integer_limits *limits);
/* Another mantissa under the same sign and power of two; zero, NaN and infinities stay. `width` 4:
 * the result is a float. One to one. */
double real_redact(const struct sipkey *key, double number, unsigned width);
/* Another moment of the same decade in steps of `unit` (days for dates: unit 0), on a day that the
 * type holds. One to one. */
int64_t time_redact(const struct sipkey *key, const struct type *type, int64_t time, int64_t unit);

#endif
