/* Times and amounts of parent rows in 32 bits: minutes since the year 0, and single precision.
 * Whether a row came before another, and by how many days, survives that. */
#include "survey/links_state.h"

#include <math.h>

#define US_A_MINUTE INT64_C(60000000)
/* From 0000-03-01, the epoch of date_from_days' algorithm, to 1970-01-01. */
#define BIAS (INT64_C(719468) * 24 * 60)

uint32_t link_time(int64_t us)
{
    if (us == TIME_MIN || us == TIME_MAX)
        return LINK_NO_VALUE;
    int64_t minutes = us / US_A_MINUTE - (us % US_A_MINUTE < 0) + BIAS;

    return minutes > 0 && minutes <= UINT32_MAX ? (uint32_t)minutes : LINK_NO_VALUE;
}

/* The bits of a float, so turned that not a number is LINK_NO_VALUE. */
static uint32_t nan_bits(void)
{
    return UINT32_C(0x7fc00000);
}

uint32_t link_amount(double number)
{
    float single = (float)number;
    uint32_t bits;

    if (!isfinite(single))
        return LINK_NO_VALUE;
    memcpy(&bits, &single, sizeof(bits));
    return bits ^ nan_bits();
}

double link_amount_of(uint32_t value)
{
    uint32_t bits = value ^ nan_bits();
    float single;

    assert(value != LINK_NO_VALUE);
    memcpy(&single, &bits, sizeof(single));
    return (double)single;
}
