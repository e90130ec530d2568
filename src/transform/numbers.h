/* Numbers as stand-ins: another number of the same sign and size, one to one. */
#ifndef UNDERSTUDY_TRANSFORM_NUMBERS_H
#define UNDERSTUDY_TRANSFORM_NUMBERS_H

#include "transform/bounds.h"
#include "transform/seed.h"

struct integer_limits {
    int64_t low, high; /* low <= high */
};

/* What a column holds: an integer of `width` bytes (2, 4, 8; `is_unsigned`: 4 without a sign) in
 * the bounds of its constraints, as far as whole numbers lie in them. */
struct integer_limits integer_limits(unsigned width, bool is_unsigned, const struct bounds *bounds);
/* Another integer with as many digits inside the limits. Zero stays, and what lies outside of them
 * is exchanged outside. One to one. */
int64_t integer_redact(const struct sipkey *key, int64_t number, const struct integer_limits *type,
                       const struct integer_limits *limits);
/* Another mantissa under the same sign and power of two; zero, NaN and infinities stay. `width` 4:
 * the result is a float. One to one. */
double real_redact(const struct sipkey *key, double number, unsigned width);
/* Another moment of the same decade in steps of `unit` (days for dates: unit 0). One to one. */
int64_t time_redact(const struct sipkey *key, int64_t time, int64_t unit);

#endif
