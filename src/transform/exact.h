/* Exact decimals of at most 38 digits: what computing rules calculate with. Every function returns
 * false when the result does not fit; nothing is ever rounded unasked. */
#ifndef UNDERSTUDY_TRANSFORM_EXACT_H
#define UNDERSTUDY_TRANSFORM_EXACT_H

#include "base/arena.h"
#include "transform/seed.h"

struct exact { /* number / 10^scale */
    wide number;
    unsigned scale;
};

enum { EXACT_SCALE_MAX = 36 };

bool exact_read(struct span text, struct exact *number); /* [-]digits[.digits] only */
bool exact_add(struct exact a, struct exact b, struct exact *sum);
bool exact_multiply(struct exact a, struct exact b, struct exact *product);
/* At least `scale` digits behind the point, halves away from zero; b is not zero. */
bool exact_divide(struct exact a, struct exact b, unsigned scale, struct exact *quotient);
/* Halves away from zero. */
bool exact_round(struct exact number, unsigned scale, struct exact *rounded);
bool exact_floor_to(struct exact number, struct exact width, struct exact *floored);
bool exact_compare(struct exact a, struct exact b, int *order);
struct span exact_write(struct exact number, struct arena *arena); /* ptr NULL: out of memory */

#endif
