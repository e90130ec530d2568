/* Decimals of any length times a factor, in limbs of nine digits. */
#ifndef UNDERSTUDY_TRANSFORM_SCALE_H
#define UNDERSTUDY_TRANSFORM_SCALE_H

#include "base/arena.h"
#include "base/common.h"

#define FACTOR_ONE UINT64_C(1000000000)

/* |text| * factor / 10^9 with the sign and as many digits behind the point as `text` has; `carry`
 * (below 10^9) is added before the division: 5 * 10^8 rounds halves up. What is not zero stays so.
 * `text` is [-]digits[.digits]; ptr NULL: out of memory. */
struct span decimal_scale(struct span text, uint64_t factor, uint64_t carry, struct arena *arena);

#endif
